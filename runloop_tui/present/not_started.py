"""Scenarios that have not started, as rows below those that have, and one in full."""

from typing import TYPE_CHECKING

from runloop_tui.monitor.states import NOT_STARTED
from runloop_tui.present.cells import Cells, Line, Piece
from runloop_tui.present.detail import heading
from runloop_tui.present.flow import labelled
from runloop_tui.present.states import TO_START
from runloop_tui.present.text import safe, safe_name

if TYPE_CHECKING:
    from runloop_tui.api.models import ScenarioDefinition


def not_started_cells(definition: "ScenarioDefinition") -> Cells:
    """The row of a scenario that has not started, a piece for each of SCENARIO_COLUMNS."""
    sign = TO_START
    name = Piece(safe_name(definition.name, definition.id), "muted")
    nothing = Piece("–", "muted")
    return Piece(f"{sign.glyph} {NOT_STARTED}", sign.tone), name, nothing, nothing, Piece("")


def not_started_lines(definition: "ScenarioDefinition", width: int) -> list[Line]:
    """A scenario that has not started, in full: there is little to say."""
    name = safe_name(definition.name, definition.id)
    sign = TO_START._replace(word=NOT_STARTED)
    return [heading(name, sign, width), *labelled("scenario", safe(definition.id), width)]
