"""Keys typed in one burst concern the pane that the key before them went to: nothing is painted in between."""

import pytest
from textual.widgets import Input

from tests.ui.seeing import NARROW, WIDE, focused
from tests.ui.worlds import FEW, stage_of


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
