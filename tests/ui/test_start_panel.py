"""While there is nothing to show, a panel says why, and is gone by itself as soon as there is something."""

from collections.abc import Callable

import httpx
import pytest

from runloop_tui.ui.dialogs.help import HelpDialog
from runloop_tui.ui.dialogs.start_run import StartRunDialog
from runloop_tui.ui.screens.jobs import JobsScreen
from tests.snapshots.situations import never_answer
from tests.ui.seeing import (
    NARROW,
    ULTRA,
    WIDE,
    focused,
    no_dialog,
    run_names,
    run_under_cursor,
    shown_panes,
    status,
)
from tests.ui.test_errors import FAILURES
from tests.ui.transports import until
from tests.ui.worlds import FEW, LATER, stage_of

TINY = (50, 12)
SIZES = pytest.mark.parametrize("size", [TINY, NARROW, WIDE, ULTRA], ids=str)
TITLES = {
    "server error": "The server at demo.invalid fails",
    "key revoked": "The API key was refused",
    "forbidden": "The API key may not read benchmark runs",
    "dropped": "There are no benchmark runs at this address",
    "slow": "demo.invalid does not answer in time",
    "refused": "demo.invalid cannot be reached",
    "web page": "demo.invalid does not answer as Runloop does",
    "rate limited": "demo.invalid takes no more requests for now",
}


@pytest.mark.parametrize("name", TITLES)
async def test_before_any_data_the_screen_says_what_is_wrong_what_was_tried_and_what_to_do(
    name: str,
) -> None:
    stage = stage_of(*FEW)
    stage.requests.instead = FAILURES[name][0]
    async with stage.running(NARROW):
        text = stage.text()
        panel = text[text.index("╭") : text.index("╰")]
        assert TITLES[name] in panel
        assert "GET https://demo.invalid/v1/benchmark_runs" in panel
        assert "next try in" in panel
        assert "what to do" in panel
        assert "r tries again now" in panel
        assert "connecting…" not in text


@SIZES
async def test_it_is_gone_by_itself_as_soon_as_there_is_data(size: tuple[int, int]) -> None:
    stage = stage_of(*FEW)
    stage.requests.instead = FAILURES["key revoked"][0]
    async with stage.running(size) as pilot:
        assert "The API key was refused" in stage.text()
        assert "r tries again" in stage.text()
        sent = len(stage.requests.requests)
        await pilot.press("r")
        await stage.settle(pilot)
        assert len(stage.requests.requests) > sent
        assert "The API key was refused" in stage.text()
        stage.requests.instead = None
        await stage.poll(pilot)
        assert "refused" not in stage.text()
        assert "alpha" in stage.text()
        if size != TINY:
            assert focused(stage) == "runs"
            await pilot.press("j")
            assert run_under_cursor(stage) == "beta"


async def test_keys_of_the_panes_do_nothing_while_it_is_shown() -> None:
    stage = stage_of(*FEW)
    stage.requests.instead = FAILURES["refused"][0]
    async with stage.running(WIDE) as pilot:
        await pilot.press(*"1234z/slpXCDNbyo", "tab", "enter", "escape", "space")
        await stage.settle(pilot)
        assert no_dialog(stage)
        assert "cannot be reached" in stage.text()
        stage.requests.instead = None
        await stage.poll(pilot)
        assert shown_panes(stage) == {"runs", "detail", "scenarios", "inspector"}
        assert focused(stage) == "runs"


@pytest.mark.parametrize("name", TITLES)
async def test_it_is_never_shown_over_data(name: str) -> None:
    stage = stage_of(*FEW)
    async with stage.running(WIDE) as pilot:
        stage.requests.instead = FAILURES[name][0]
        await stage.poll(pilot)
        assert TITLES[name] not in stage.text()
        assert run_names(stage) == ["alpha", "beta", "gamma"]


async def test_a_dialog_over_it_stays_when_the_data_comes() -> None:
    stage = stage_of(*FEW)
    stage.requests.instead = FAILURES["slow"][0]
    async with stage.running(WIDE) as pilot:
        await pilot.press("question_mark")
        await pilot.pause()
        stage.requests.instead = None
        await stage.poll(pilot)
        assert isinstance(stage.app.screen, HelpDialog)
        await pilot.press("escape")
        await pilot.pause()
        assert focused(stage) == "runs"
        assert run_names(stage) == ["alpha", "beta", "gamma"]


async def test_a_long_stall_at_the_start_is_shown_in_full_too() -> None:
    stage = stage_of(*FEW)
    never_answer(stage)
    async with stage.running(NARROW, await_idle=False) as pilot:
        await until(pilot, lambda: stage.connection is not None)
        await until(pilot, lambda: stage.requests.requests)
        stage.clock.advance(s=5)
        stage.app._tick()
        await pilot.pause()
        assert "has not answered yet" in stage.text()
        assert "no answer for 5s" in stage.text()


@SIZES
async def test_an_empty_account_is_said_to_be_one_until_a_run_appears(
    size: tuple[int, int],
) -> None:
    stage = stage_of(LATER)
    async with stage.running(size) as pilot:
        assert "There are no benchmark runs yet" in stage.text()
        assert "r asks now" in stage.text()
        assert "fresh" in status(stage)
        stage.clock.advance(minutes=4)
        await stage.poll(pilot)
        assert "There are no" not in stage.text()
        assert "later" in stage.text()


@pytest.mark.parametrize(
    ("key", "is_there"),
    [
        ("N", lambda screen: isinstance(screen, StartRunDialog)),
        ("b", lambda screen: isinstance(screen, JobsScreen)),
    ],
    ids=["N", "b"],
)
async def test_in_an_empty_account_a_run_can_be_started_and_jobs_looked_at(
    key: str, is_there: Callable[[object], bool]
) -> None:
    stage = stage_of(LATER)
    async with stage.running(NARROW) as pilot:
        await pilot.press(key)
        await stage.settle(pilot)
        assert is_there(stage.app.screen)
        await pilot.press("escape")
        await stage.settle(pilot)
        assert "There are no benchmark runs yet" in stage.text()


async def test_an_account_that_cannot_be_read_any_more_is_still_said_to_be_empty_as_of_then() -> (
    None
):
    stage = stage_of(LATER)
    async with stage.running(NARROW) as pilot:
        stage.requests.instead = lambda _: httpx.Response(500)
        await stage.poll(pilot)
        assert "There are no benchmark runs yet" in stage.text()
        assert "server error (500)" in status(stage)
        assert "data of" in status(stage)
