"""Only what has changed is rendered again: a slow terminal must keep up."""

from collections import defaultdict

import pytest

from runloop_tui.ui.widgets.bars import LineBar
from runloop_tui.ui.widgets.lines_view import LinesView
from runloop_tui.ui.widgets.virtual_table import VirtualTable
from tests.ui.seeing import NARROW, scenario_row_names
from tests.ui.worlds import FEW, stage_of

pytestmark = pytest.mark.frames

Rendered = dict[str, set[int]]


@pytest.fixture
def rendered(monkeypatch: pytest.MonkeyPatch) -> Rendered:
    """The lines that were rendered, by the id of their widget."""
    lines: Rendered = defaultdict(set)
    for kind in (VirtualTable, LinesView, LineBar):
        paint = kind.render_line

        def render_line(widget: object, y: int, paint: object = paint) -> object:
            lines[str(widget.id)].add(y)  # type: ignore[attr-defined]
            return paint(widget, y)  # type: ignore[operator]

        monkeypatch.setattr(kind, "render_line", render_line)
    return lines


async def test_an_answer_that_says_nothing_new_repaints_nothing(rendered: Rendered) -> None:
    stage = stage_of(*FEW)
    async with stage.running(NARROW) as pilot:
        rendered.clear()
        await stage.poll(pilot)
        assert rendered == {}


async def test_a_tick_that_changes_no_text_repaints_nothing(rendered: Rendered) -> None:
    stage = stage_of(*FEW)
    async with stage.running(NARROW) as pilot:
        rendered.clear()
        stage.clock.advance(ms=400)
        stage.app._tick()
        await pilot.pause()
        assert rendered == {}


async def test_only_the_rows_that_changed_are_rendered_again(rendered: Rendered) -> None:
    stage = stage_of(*FEW)
    async with stage.running((120, 60)) as pilot:
        await pilot.press("3", "s", "s")
        assert stage.main.scenarios.order.key == "name"
        stage.clock.advance(s=31)
        await stage.poll(pilot)
        rendered.clear()
        stage.clock.advance(s=25)  # one is scored now, and one whose seconds show has gone on
        await stage.poll(pilot)
        names = scenario_row_names(stage)
        changed = {names.index("build-cython-ext"), names.index("circuit-fibsqrt")}
        assert rendered["scenarios-table"] == changed
        # done, counts, score, elapsed, end, rate; never the fields below them
        assert max(rendered["detail-pane-view"]) < 10


async def test_moving_the_cursor_paints_the_row_it_leaves_and_the_row_it_comes_to(
    rendered: Rendered,
) -> None:
    stage = stage_of(*FEW)
    async with stage.running(NARROW) as pilot:
        await pilot.press("3", "j")
        await stage.settle(pilot)
        rendered.clear()
        await pilot.press("j")
        assert rendered["scenarios-table"] == {1, 2}
        assert "runs-table" not in rendered
