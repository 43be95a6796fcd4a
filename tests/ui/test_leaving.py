"""`q` leaves the app, not the runs; `%` leaves the mouse to the terminal; `r` asks at once."""

import pytest
from textual.widgets._toast import ToastHolder

from runloop_tui.ui.terminal import Terminal
from tests.ui.seeing import NARROW
from tests.ui.worlds import FEW, stage_of


async def test_q_leaves_and_says_once_that_the_runs_go_on(
    capsys: pytest.CaptureFixture[str],
) -> None:
    stage = stage_of(*FEW)
    async with stage.running(NARROW) as pilot:
        await pilot.press("q")
    assert stage.app.return_code == 0
    assert stage.requests.posts == []
    (said,) = capsys.readouterr().err.splitlines()
    assert "1 run goes on" in said


async def test_percent_gives_the_mouse_to_the_terminal_and_takes_it_back(
    told: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[str] = []
    monkeypatch.setattr(Terminal, "_write", lambda _, sequence: written.append(sequence))
    stage = stage_of(*FEW)
    async with stage.running(NARROW) as pilot:
        await pilot.press("percent_sign")
        assert "\x1b[?1000l" in written[-1]
        assert "text can be selected" in told[-1]
        await pilot.press("percent_sign")
        assert "\x1b[?1000h" in written[-1]
        assert "again" in told[-1]


async def test_of_many_toasts_nothing_is_left_but_what_is_shown() -> None:
    stage = stage_of(*FEW)
    async with stage.running(NARROW, toasts=True) as pilot:
        await pilot.press(*["percent_sign"] * 8)
        await pilot.pause()
        assert len(stage.app.screen.query(ToastHolder)) <= 2


async def test_r_asks_at_once() -> None:
    stage = stage_of(*FEW)
    async with stage.running(NARROW) as pilot:
        stage.requests.requests.clear()
        await pilot.press("r")
        await stage.settle(pilot)
        assert "GET /v1/benchmark_runs" in stage.requests.requests
