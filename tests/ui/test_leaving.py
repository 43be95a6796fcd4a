"""`q` leaves the app, not the runs; `r` polls at once."""

import pytest

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


async def test_r_polls_at_once() -> None:
    stage = stage_of(*FEW)
    async with stage.running(NARROW) as pilot:
        stage.requests.requests.clear()
        await pilot.press("r")
        await stage.settle(pilot)
        assert "GET /v1/benchmark_runs" in stage.requests.requests
