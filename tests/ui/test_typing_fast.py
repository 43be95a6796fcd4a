"""Keys typed in one burst concern the pane that the key before them went to: nothing is painted in between."""

import pytest

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
