"""`t` goes through the ways in which moments are written."""

import time

import pytest

from tests.ui.seeing import NARROW, detail, row_on_screen
from tests.ui.worlds import FEW, run_id, stage_of


@pytest.fixture
def _in_tokyo(monkeypatch: pytest.MonkeyPatch) -> object:
    with monkeypatch.context() as patched:
        patched.setenv("TZ", "Asia/Tokyo")
        time.tzset()
        yield
    time.tzset()


@pytest.mark.usefixtures("_in_tokyo")
async def test_t_goes_from_ago_to_local_to_utc_and_back(told: list[str]) -> None:
    stage = stage_of(*FEW)
    async with stage.running(NARROW) as pilot:
        table, beta = stage.main.runs.table, run_id(stage, "beta")
        for started, full in (
            ("2h ago", "JST"),
            ("21:13", "2026-09-21 23:01:37 JST"),
            ("12:13", "2026-09-21 14:01:37 UTC"),
            ("2h ago", "JST"),
        ):
            assert started in row_on_screen(stage, table, beta)
            assert full in detail(stage)
            await pilot.press("t")
        assert told == ["Times: local", "Times: UTC", "Times: ago", "Times: local"]
