"""Ids and links: copied, opened, and always shown, because not every terminal supports OSC 52."""

import pytest

from runloop_tui.ui.runtime.terminal import Terminal
from tests.ui.seeing import NARROW
from tests.ui.worlds import FEW, run_id, stage_of

PLATFORM = "https://platform.runloop.ai"


async def test_y_copies_the_id_under_the_cursor_or_all_that_are_marked(notified: list[str]) -> None:
    stage = stage_of(*FEW)
    async with stage.running(NARROW) as pilot:
        ids = {name: run_id(stage, name) for name in ("alpha", "beta")}
        await pilot.press("y")
        assert stage.app.clipboard == ids["alpha"]
        assert notified == [f"Copied the id: {ids['alpha']}"]
        await pilot.press("space", "space", "y")
        assert stage.app.clipboard.split() == [ids["alpha"], ids["beta"]]
        assert notified[-1].startswith("Copied the ids")
        await pilot.press("3", "y")
        scenario_run = stage.main.scenarios.highlighted
        assert scenario_run is not None
        assert stage.app.clipboard == scenario_run.id


async def test_shift_y_copies_the_link_of_the_run_or_the_scenario_run(notified: list[str]) -> None:
    stage = stage_of(*FEW, demo=False, platform=PLATFORM)
    async with stage.running(NARROW) as pilot:
        record = stage.main.record
        assert record is not None
        run = f"{PLATFORM}/benchmarks/custom/{record.run.benchmark_id}/runs/{record.id}"
        await pilot.press("Y")
        assert stage.app.clipboard == run
        assert notified == [f"Copied the link: {run}"]
        await pilot.press("3", "Y")
        scenario_run = stage.main.scenarios.highlighted
        assert scenario_run is not None
        where = f"/scenarios/{scenario_run.scenario_id}/runs/{scenario_run.id}"
        assert stage.app.clipboard == PLATFORM + where


@pytest.mark.parametrize("has_browser", [True, False])
async def test_o_opens_the_link_and_shows_it(
    has_browser: bool, notified: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []

    def open_browser(_: Terminal, url: str) -> bool:
        opened.append(url)
        return has_browser

    monkeypatch.setattr(Terminal, "open_browser", open_browser)
    stage = stage_of(*FEW, demo=False, platform=PLATFORM)
    async with stage.running(NARROW) as pilot:
        await pilot.press("o")
        (link,) = opened
        assert link.startswith(f"{PLATFORM}/benchmarks/custom/")
        assert link.endswith(run_id(stage, "alpha"))
        assert link in notified[0]
        assert ("Opened" in notified[0]) is has_browser


async def test_where_no_web_page_is_known_that_is_said(notified: list[str]) -> None:
    stage = stage_of(*FEW)
    async with stage.running(NARROW) as pilot:
        await pilot.press("Y", "o")
        assert notified == ["No web page is known for the demo."] * 2
        assert stage.app.clipboard == ""
