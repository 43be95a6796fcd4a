"""Going from pane to pane, opening, going back, zooming; also with keys typed in one burst."""

import pytest
from textual.widgets import Input

from tests.ui.seeing import (
    NARROW,
    ULTRA,
    WIDE,
    focused,
    inspected,
    scenario_under_cursor,
    shown_panes,
)
from tests.ui.worlds import FEW, stage_of

EVERY_SIZE = pytest.mark.parametrize("size", [NARROW, WIDE, ULTRA], ids=str)
PANES = {"1": "runs", "2": "detail", "3": "scenarios", "4": "inspector"}


@EVERY_SIZE
async def test_a_number_goes_to_its_pane_and_z_gives_it_the_screen_and_back(
    size: tuple[int, int],
) -> None:
    stage = stage_of(*FEW)
    async with stage.running(size) as pilot:
        unzoomed = shown_panes(stage)
        for key, pane in PANES.items():
            await pilot.press(key)
            assert focused(stage) == pane
            assert pane in shown_panes(stage)
            if pane not in unzoomed:  # it has the whole screen already
                assert shown_panes(stage) == {pane}
                continue
            await pilot.press("z")
            assert (focused(stage), shown_panes(stage)) == (pane, {pane})
            await pilot.press("z")
            assert (focused(stage), shown_panes(stage)) == (pane, unzoomed)


@pytest.mark.parametrize("size", [NARROW, WIDE], ids=str)
async def test_tab_goes_through_the_panes_on_the_screen_and_shift_tab_back(
    size: tuple[int, int],
) -> None:
    stage = stage_of(*FEW)
    async with stage.running(size) as pilot:
        order = [pane for pane in PANES.values() if pane in shown_panes(stage)]
        for pane in (*order[1:], order[0]):
            await pilot.press("tab")
            assert focused(stage) == pane
        await pilot.press("shift+tab")
        assert focused(stage) == order[-1]


@EVERY_SIZE
async def test_enter_opens_down_to_a_scenario_in_full_and_escape_goes_back(
    size: tuple[int, int],
) -> None:
    stage = stage_of(*FEW)
    async with stage.running(size) as pilot:
        unzoomed = shown_panes(stage)
        await pilot.press("enter")
        assert focused(stage) == "scenarios"
        await pilot.press("j", "enter")
        assert focused(stage) == "inspector"
        assert "inspector" in shown_panes(stage)
        assert scenario_under_cursor(stage) in inspected(stage)
        await pilot.press("escape")
        assert (focused(stage), shown_panes(stage)) == ("scenarios", unzoomed)
        await pilot.press("escape")
        assert focused(stage) == "runs"
        await pilot.press("escape")
        assert focused(stage) == "runs"


async def test_escape_undoes_one_thing_at_a_time_the_nearest_first() -> None:
    stage = stage_of(*FEW)
    async with stage.running(NARROW) as pilot:
        await pilot.press("3", "space", "z", "slash", "c", "enter")
        pane = stage.main.scenarios
        assert pane.filter_text == "c"
        assert pane.table.marks
        await pilot.press("escape")
        assert (pane.filter_text, shown_panes(stage)) == ("", {"scenarios"})
        await pilot.press("escape")
        assert "runs" in shown_panes(stage)
        assert pane.table.marks
        await pilot.press("escape")
        assert (pane.table.marks, focused(stage)) == (frozenset(), "scenarios")
        await pilot.press("escape")
        assert focused(stage) == "runs"


async def test_a_number_leaves_the_zoom_of_another_pane() -> None:
    stage = stage_of(*FEW)
    async with stage.running(WIDE) as pilot:
        await pilot.press("z", "3")
        assert focused(stage) == "scenarios"
        assert {"runs", "scenarios"} <= shown_panes(stage)


async def test_tab_does_nothing_where_the_screen_has_no_room_for_any_pane() -> None:
    stage = stage_of(*FEW)
    async with stage.running((20, 5)) as pilot:
        await pilot.press("tab", "shift+tab")
        assert shown_panes(stage) == set()


@pytest.mark.parametrize("size", [NARROW, WIDE], ids=str)
async def test_a_pane_that_is_shown_has_the_focus_as_soon_as_it_is_gone_to(
    size: tuple[int, int],
) -> None:
    stage = stage_of(*FEW)
    async with stage.running(size):
        for pane in ("scenarios", "detail", "runs"):
            stage.main.action_focus_pane(pane)
            assert focused(stage) == pane


@pytest.mark.parametrize("pane", ["runs", "scenarios", "detail", "inspector"])
async def test_what_is_typed_behind_a_slash_goes_into_the_field_and_presses_no_key(
    pane: str,
) -> None:
    stage = stage_of(*FEW)
    async with stage.running(WIDE):
        stage.main.action_focus_pane(pane)
        stage.main.action_filter()
        assert isinstance(stage.app.focused, Input)
