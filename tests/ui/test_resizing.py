"""A terminal that is made too small for panes, and large again, shows the panes as they were."""

import pytest

from runloop_tui.ui.screens.jobs import JobsScreen
from tests.ui.seeing import NARROW, WIDE, focused, shown_panes
from tests.ui.worlds import MANY, stage_of

STACKED = {"runs", "detail", "scenarios"}


@pytest.mark.parametrize("key", ["question_mark", "X", "e", "d", "colon"])
async def test_under_a_dialog_a_terminal_that_was_small_leaves_no_pane_zoomed(key: str) -> None:
    stage = stage_of(*MANY)
    async with stage.running(NARROW) as pilot:
        await pilot.press(key)
        for size in ((50, 12), NARROW):
            await pilot.resize_terminal(*size)
            await pilot.pause(0.02)
        await pilot.press("escape")
        await pilot.pause(0.02)
        assert shown_panes(stage) == STACKED
        assert focused(stage) == "runs"


@pytest.mark.parametrize("pane", ["1", "2", "3"])
async def test_a_terminal_that_was_small_gives_the_focus_back_to_its_pane(pane: str) -> None:
    stage = stage_of(*MANY)
    async with stage.running((60, 16)) as pilot:
        await pilot.press("3", pane)
        before = focused(stage), shown_panes(stage)
        for size in ((50, 12), (59, 24), (60, 16)):
            await pilot.resize_terminal(*size)
            await pilot.pause(0.02)
        assert (focused(stage), shown_panes(stage)) == before


async def test_keys_of_panes_do_nothing_where_no_pane_is_shown() -> None:
    stage = stage_of(*MANY)
    async with stage.running(NARROW) as pilot:
        await pilot.resize_terminal(50, 12)
        await pilot.press("z", "4", "3", "tab")
        await pilot.resize_terminal(*NARROW)
        await pilot.pause(0.02)
        assert shown_panes(stage) == STACKED


async def test_a_zoomed_pane_stays_zoomed_and_no_other_is() -> None:
    stage = stage_of(*MANY)
    async with stage.running(NARROW) as pilot:
        await pilot.press("3", "z", "question_mark")
        for size in ((50, 12), NARROW):
            await pilot.resize_terminal(*size)
            await pilot.pause(0.02)
        await pilot.press("escape")
        await pilot.pause(0.02)
        assert shown_panes(stage) == {"scenarios"}
        assert focused(stage) == "scenarios"


async def test_a_pane_without_room_after_a_resize_passes_the_focus_on() -> None:
    stage = stage_of(*MANY)
    async with stage.running(WIDE) as pilot:
        await pilot.press("4")
        assert focused(stage) == "inspector"
        await pilot.resize_terminal(*NARROW)
        await pilot.pause(0.02)
        assert focused(stage) in shown_panes(stage)


async def test_the_jobs_keep_their_zoomed_pane_too() -> None:
    stage = stage_of(*MANY)
    async with stage.running(NARROW) as pilot:
        await pilot.press("b")
        await stage.settle(pilot)
        screen = stage.app.screen
        assert isinstance(screen, JobsScreen)
        await pilot.press("tab", "z")
        assert screen.has_class("zoom-job")
        for size in ((50, 12), NARROW):
            await pilot.resize_terminal(*size)
            await pilot.pause(0.02)
        assert screen.has_class("zoom-job")
        assert screen.focused is screen.job.view
