"""A dialog has its buttons in view at any size, and what has no room above them can be scrolled."""

from typing import TYPE_CHECKING

import pytest
from textual.widgets import Button

from runloop_tui.ui.dialogs.start_panel import NoKeyDialog
from tests.ui.seeing import WIDE
from tests.ui.test_starting import choose, review
from tests.ui.worlds import FEW, stage_of

if TYPE_CHECKING:
    from textual.pilot import Pilot

    from tests.ui.stage import Stage

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
