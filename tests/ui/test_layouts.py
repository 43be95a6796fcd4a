"""Which panes and buttons are on the screen at which size, at the start and after a resize."""

from typing import TYPE_CHECKING

import pytest
from textual.widgets import Button

from runloop_tui.ui.dialogs.start_panel import NoKeyDialog
from runloop_tui.ui.screens.jobs import JobsScreen
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
from tests.ui.test_start_run import choose, review
from tests.ui.worlds import FEW, MANY, stage_of

if TYPE_CHECKING:
    from textual.pilot import Pilot

    from tests.ui.stage import Stage


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


SIZES = [WIDE, (80, 24), (60, 16), (50, 12), (40, 9), (30, 8)]


def buttons_in_view(stage: "Stage") -> list[str]:
    """The labels of the buttons that can be read whole on the screen, with that which has the focus first."""
    lines = stage.text().split("\n")
    buttons = [each for each in stage.app.screen.query(Button) if each.id != "benchmark"]
    buttons.sort(key=lambda each: not each.has_focus)
    labels = [str(each.label) for each in buttons]
    return [label for label in labels if any(label in line for line in lines)]


async def assert_at_any_size(stage: "Stage", pilot: "Pilot[None]", *labels: str) -> None:
    for size in SIZES:
        await pilot.resize_terminal(*size)
        await pilot.pause(0.02)
        assert set(buttons_in_view(stage)) == set(labels), size


@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_a_question_shows_its_answers_and_the_one_that_enter_gives(
    size: tuple[int, int],
) -> None:
    stage = stage_of(*FEW)
    async with stage.running(size) as pilot:
        await pilot.press("X")
        assert buttons_in_view(stage) == ["Leave it running", "Cancel it"]
        await pilot.press("tab")
        assert buttons_in_view(stage) == ["Cancel it", "Leave it running"]


async def test_the_text_of_a_question_is_scrolled_to_its_end() -> None:
    stage = stage_of(*FEW)
    async with stage.running((50, 12)) as pilot:
        await pilot.press("X")
        assert "Cancel the run alpha?" in stage.text()
        await pilot.press(*["down"] * 10)
        assert "This cannot be undone." in stage.text()
        assert buttons_in_view(stage) == ["Leave it running", "Cancel it"]


async def test_the_form_of_a_run_and_its_review_show_their_buttons() -> None:
    stage = stage_of(*FEW)
    async with stage.running(WIDE) as pilot:
        await choose(stage, pilot, "mini")
        await assert_at_any_size(stage, pilot, "Not now", "Review…")
        await pilot.resize_terminal(*WIDE)
        await review(stage, pilot)
        await assert_at_any_size(stage, pilot, "Change it", "Start it")


async def test_the_form_shows_its_buttons_beside_what_is_wrong_with_it() -> None:
    stage = stage_of(*FEW)
    async with stage.running(WIDE) as pilot:
        await pilot.press("N")
        await review(stage, pilot)
        assert "! " in stage.text()
        await assert_at_any_size(stage, pilot, "Not now", "Review…")


async def test_the_panel_without_a_key_shows_its_buttons() -> None:
    stage = stage_of(*FEW)
    async with stage.running(WIDE) as pilot:
        stage.app.push_screen(NoKeyDialog())
        await pilot.pause()
        await assert_at_any_size(stage, pilot, "Open the demo", "Quit")


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
