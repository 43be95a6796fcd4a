"""What has a place on the screen at which size, at the start and after a resize."""

import pytest

from tests.ui.seeing import (
    NARROW,
    ULTRA,
    WIDE,
    cursor_is_on_screen,
    focused,
    run_under_cursor,
    scenario_under_cursor,
    shown_panes,
)
from tests.ui.worlds import FEW, MANY, stage_of

STACKED = {"runs", "detail", "scenarios"}
ALL = {*STACKED, "inspector"}


@pytest.mark.parametrize(
    ("size", "panes"),
    [(NARROW, STACKED), (ULTRA, ALL), ((40, 10), set())],
    ids=["80x24", "200x60", "40x10"],
)
async def test_each_size_shows_the_panes_that_have_room(
    size: tuple[int, int], panes: set[str]
) -> None:
    stage = stage_of(*FEW)
    async with stage.running(size):
        assert shown_panes(stage) == panes
        text = stage.text()
        assert "alpha" in text
        assert "1 running" in text
        assert all(len(line) <= size[0] for line in text.split("\n"))


async def test_at_the_smallest_size_with_panes_every_pane_can_be_reached() -> None:
    stage = stage_of(*FEW)
    async with stage.running((60, 16)) as pilot:
        assert {"runs", "detail"} <= shown_panes(stage)
        for key, pane in (("3", "scenarios"), ("4", "inspector"), ("2", "detail"), ("1", "runs")):
            await pilot.press(key)
            assert focused(stage) == pane
            assert pane in shown_panes(stage), pane


async def test_too_small_for_panes_one_line_says_the_essentials_and_q_still_quits() -> None:
    stage = stage_of(*FEW)
    async with stage.running((40, 10)) as pilot:
        first, second, *_ = stage.text().split("\n")
        assert first.startswith("1 running")
        assert "5/12" in second
        assert "alpha" in second
        await pilot.press("q")
    assert stage.app.return_code == 0


async def test_a_resize_keeps_cursors_and_focus_and_brings_the_panes_that_have_room() -> None:
    stage = stage_of(*MANY)
    async with stage.running(WIDE) as pilot:
        await pilot.press(*"jjjjjjjjjjjj")
        await stage.settle(pilot)
        await pilot.press("3", "j")
        run, scenario = run_under_cursor(stage), scenario_under_cursor(stage)
        for size, panes in (
            (NARROW, STACKED),
            ((40, 10), set[str]()),
            (ULTRA, ALL),
            ((110, 16), STACKED),
            (WIDE, ALL),
        ):
            await pilot.resize_terminal(*size)
            await pilot.pause()
            assert shown_panes(stage) == panes, size
            assert (run_under_cursor(stage), scenario_under_cursor(stage)) == (run, scenario)
            if panes:
                assert focused(stage) in panes, "the keys go somewhere"
                assert cursor_is_on_screen(stage.main.runs.table), size
