"""Errors over data: the data stays, the status line names the error and the next try."""

from collections.abc import Callable

import httpx
import pytest

from tests.ui.seeing import NARROW, WIDE, run_names, run_under_cursor, scenario_names, status
from tests.ui.transports import Wire, rewrite_answers
from tests.ui.worlds import FEW, PROBLEMS_FIRST_IN_ALPHA, stage_of

Failure = Callable[[httpx.Request], httpx.Response]


def _says(code: int, message: str = "") -> Failure:
    return lambda _: httpx.Response(code, json={"message": message})


def _breaks(error: type[httpx.TransportError]) -> Failure:
    def fail(_: httpx.Request) -> httpx.Response:
        raise error("the line is dead")

    return fail


def _html(_: httpx.Request) -> httpx.Response:
    return httpx.Response(200, html="<!doctype html><h1>Sign in</h1>")


FAILURES: dict[str, tuple[Failure, list[str]]] = {
    "server error": (_says(500, "out of order"), ["(500)", "out of order"]),
    "key revoked": (_says(401, "unknown key"), ["not authorised (401)", "RUNLOOP_API_KEY"]),
    "forbidden": (_says(403, "not yours"), ["forbidden (403)", "not yours"]),
    "dropped": (_says(404), ["does not offer benchmark runs", "RUNLOOP_BASE_URL"]),
    "slow": (_breaks(httpx.ReadTimeout), ["timed out"]),
    "refused": (_breaks(httpx.ConnectError), ["no connection"]),
    "web page": (_html, ["answer not understood", "web page"]),
    "rate limited": (_says(429), ["rate limited"]),
}


async def test_whatever_goes_wrong_the_data_stays_and_the_status_says_what_and_recovers() -> None:
    stage = stage_of(*FEW)
    async with stage.running((200, 40)) as pilot:
        await pilot.press("j", "k")
        assert "fresh 14:13" in status(stage)
        for name, (failure, words) in FAILURES.items():
            stage.requests.instead = failure
            await stage.poll(pilot)
            shown = status(stage)
            assert all(word in shown for word in words), f"{name}: {shown}"
            assert "data of 14:13" in shown, name
            assert "next try" in shown, name
            assert words[0] in stage.text(), name
            assert run_names(stage) == ["alpha", "beta", "gamma"], name
            assert run_under_cursor(stage) == "alpha", name
            assert scenario_names(stage) == PROBLEMS_FIRST_IN_ALPHA, name
            assert "5/12" in stage.text(), name
        stage.requests.instead = None
        await stage.poll(pilot)
        assert "fresh 14:13" in status(stage)
        assert "next try" not in status(stage)


async def test_the_age_of_the_data_goes_on_while_nothing_answers() -> None:
    stage = stage_of(*FEW)
    async with stage.running(WIDE) as pilot:
        stage.requests.instead = _says(500)
        stage.clock.advance(minutes=3)
        await stage.poll(pilot)
        assert "3m old" in status(stage)
        stage.clock.advance(minutes=4)
        stage.app._tick()
        assert "7m old" in status(stage)
        assert "alpha" in stage.text()


async def test_an_error_before_any_data_is_no_empty_account_and_recovers() -> None:
    stage = stage_of(*FEW)
    stage.requests.instead = _says(401, "unknown key")
    async with stage.running(WIDE) as pilot:
        assert "not authorised (401)" in stage.text()
        assert "no data yet" in stage.text()
        assert "none yet" not in stage.text()
        assert "nothing running" not in stage.text()
        await pilot.press(
            "X", "C", "D", "y", "Y", "o", "enter", "space", "G", "g", "s", "p", "z", "z"
        )
        assert stage.requests.posts == []
        stage.requests.instead = None
        await stage.poll(pilot)
        assert sorted(run_names(stage)) == ["alpha", "beta", "gamma"]
        assert "fresh" in status(stage)


async def test_one_run_that_cannot_be_read_takes_nothing_from_the_others() -> None:
    stage = stage_of(*FEW)

    def broken(request: httpx.Request) -> httpx.Response | None:
        is_detail = request.url.path.endswith("/scenario_runs")
        return httpx.Response(500, json={"message": "lost"}) if is_detail else None

    stage.requests.instead = broken
    async with stage.running(WIDE):
        assert run_names(stage) == ["alpha", "beta", "gamma"]
        assert "server error (500)" in status(stage)
        assert scenario_names(stage) == []
        assert "0/12" not in stage.text(), "what was not read is not counted as none"


async def test_unknown_states_are_shown_as_they_are_and_missing_fields_as_missing() -> None:
    stage = stage_of(*FEW)

    def rewrite(view: Wire) -> None:
        match view.get("name"):
            case "alpha":
                view["state"] = "hibernating"
            case "beta":
                for name in ("state", "start_time_ms", "score", "metadata", "duration_ms"):
                    view.pop(name)
            case "gamma":
                view["start_time_ms"] = "yesterday"
            case "build-pmars":
                view["state"] = "dreaming"
                view.pop("start_time_ms")

    rewrite_answers(stage, rewrite)
    async with stage.running((200, 60)) as pilot:
        text = stage.text()
        assert "hibernating" in text
        assert "not said" in text
        assert "dreaming" in text
        assert {"alpha", "beta"} <= set(run_names(stage))
        assert "not understood" in status(stage)
        await pilot.press(*"tsssssss")
        await stage.poll(pilot)
        assert "alpha" in stage.text()


@pytest.mark.parametrize("size", [NARROW, (40, 10)], ids=str)
async def test_an_error_can_be_read_where_the_screen_is_small(size: tuple[int, int]) -> None:
    stage = stage_of(*FEW)
    async with stage.running(size) as pilot:
        stage.requests.instead = _says(500)
        await stage.poll(pilot)
        assert "server error (500)" in stage.text()
        assert "alpha" in stage.text()
