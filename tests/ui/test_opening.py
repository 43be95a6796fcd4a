"""How it begins: without a key, with nothing there, or at one run."""

import pytest

from runloop_tui.config import Settings
from runloop_tui.ui.dialogs.start_panel import NoKeyDialog
from tests.ui.seeing import NARROW, focused, no_dialog, run_names, run_under_cursor, status
from tests.ui.transports import until
from tests.ui.worlds import FEW, MORE_THAN_A_PAGE, run_id, stage_of


async def test_without_a_key_it_says_how_to_set_one_and_opens_the_demo() -> None:
    stage = stage_of(*FEW, settings=Settings())
    async with stage.running(NARROW, await_idle=False) as pilot:
        await until(pilot, lambda: not no_dialog(stage))
        assert isinstance(stage.app.screen, NoKeyDialog)
        assert "RUNLOOP_API_KEY" in stage.text()
        assert "--api-key-file" in stage.text()
        assert stage.requests.requests == [], "nothing is requested without a key"
        await pilot.press("enter")
        await stage.settle(pilot)
        assert no_dialog(stage)
        assert "DEMO" in stage.text()
        assert run_names(stage) == ["alpha", "beta", "gamma"]


@pytest.mark.parametrize("keys", [("q",), ("right", "enter")], ids=str)
async def test_without_a_key_it_can_be_left(keys: tuple[str, ...]) -> None:
    stage = stage_of(settings=Settings())
    async with stage.running(NARROW, await_idle=False) as pilot:
        await until(pilot, lambda: not no_dialog(stage))
        await pilot.press(*keys)
    assert stage.app.return_code == 0
    assert stage.requests.requests == []


async def test_an_empty_account_is_said_to_be_empty_and_every_key_is_harmless() -> None:
    stage = stage_of()
    async with stage.running(NARROW) as pilot:
        assert "There are no benchmark runs yet" in stage.text()
        assert "nothing running" in stage.text()
        assert "fresh" in status(stage)
        await pilot.press(
            "X", "C", "D", "y", "Y", "o", "space", "enter", "enter", "j", "G", "S", "p"
        )
        assert no_dialog(stage)
        assert stage.requests.posts == []


async def test_it_opens_at_the_requested_run() -> None:
    stage = stage_of(*FEW, run_id=run_id(stage_of(*FEW), "beta"))
    async with stage.running(NARROW) as pilot:
        await until(pilot, lambda: run_under_cursor(stage) == "beta")
        assert focused(stage) == "scenarios"
        await pilot.press("1", "k")
        await stage.poll(pilot)
        assert run_under_cursor(stage) == "alpha", "it is opened once, not at every poll"


async def test_a_run_that_does_not_exist_is_said_and_the_list_is_shown(notified: list[str]) -> None:
    stage = stage_of(*FEW, run_id="bmr_missing\x1b[31m")
    async with stage.running(NARROW) as pilot:
        await until(pilot, lambda: notified)
        assert "bmr_missing␛" in notified[0]
        assert "not found (404)" in notified[0]
        assert run_names(stage) == ["alpha", "beta", "gamma"]
        assert focused(stage) == "runs"


async def test_a_run_older_than_all_that_were_read_is_found_too() -> None:
    oldest = run_id(stage_of(*MORE_THAN_A_PAGE), "past-105")
    stage = stage_of(*MORE_THAN_A_PAGE, run_id=oldest)
    async with stage.running(NARROW) as pilot:
        await until(pilot, lambda: stage.main.runs.table.cursor_id == oldest)
        assert focused(stage) == "scenarios"
        assert f"GET /v1/benchmark_runs/{oldest}" in stage.requests.requests
