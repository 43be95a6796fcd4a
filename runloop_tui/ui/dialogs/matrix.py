"""The agents of a job against each other, scenario by scenario; updated while it is open."""

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType

from runloop_tui.analysis.attempts import attempts
from runloop_tui.analysis.compare import Row, matrix
from runloop_tui.monitor.job_runs import SideBySide
from runloop_tui.present.layout import Piece
from runloop_tui.present.matrix import (
    Layout,
    layout,
    matrix_header,
    matrix_row,
    matrix_title,
    run_line,
)
from runloop_tui.ui.dialogs.compare import ComparingDialog, Held, Place, scenario_runs_of
from runloop_tui.ui.widgets.bars import LineBar
from runloop_tui.ui.widgets.virtual_table import MARGIN, VirtualTable

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from textual.widget import Widget

    from runloop_tui.api.models import BenchmarkJob
    from runloop_tui.monitor.job_runs import JobRun
    from runloop_tui.monitor.snapshot import Snapshot
    from runloop_tui.present.layout import Line
    from runloop_tui.ui.widgets.table_pane import Now


class MatrixTable(VirtualTable):
    """A row for each scenario, a column for each run; the cursor has a column, too."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left,h", "move_column(-1)", "Agents", key_display="← →"),
        Binding("right,l", "move_column(1)", "Next run", show=False),
    ]

    def __init__(self) -> None:
        super().__init__(id="matrix-table")
        self.rows: dict[str, Row] = {}
        self.columns = 0
        self.column = 0
        """The number of the run under the cursor, from 0."""
        self._first = 0

    def at(self, width: int) -> Layout:
        """Return the layout of the columns in rows of `width` cells."""
        found = layout(self.columns, self.column, self._first, width)
        self._first = found.first
        return found

    def row_lines(self, row_id: str, width: int) -> "Sequence[Line]":
        """Return the scenario as a row."""
        return (matrix_row(self.rows[row_id], self.at(width)),)

    def action_move_column(self, columns: int) -> None:
        """Move the cursor by columns."""
        self.column = max(0, min(self.column + columns, self.columns - 1))
        self.repaint_changed()
        self.post_message(self.Highlighted(self, self.cursor_id))

    def action_mark(self) -> None:
        """Do nothing: no action takes several scenarios."""


class MatrixDialog(ComparingDialog):
    """Lists the scenarios of a job, those that differ first; ⏎ goes to one in the run under the cursor.

    Args:
        snapshot: what is known.
        now: the moment to show.
        job_id: the job.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,equals_sign", "dismiss", "Back", key_display="Esc"),
    ]

    table: MatrixTable

    def __init__(self, snapshot: "Snapshot", now: "Now", *, job_id: str) -> None:
        super().__init__(snapshot, now)
        self.table = MatrixTable()
        self._job_id = job_id
        self._side_by_side = SideBySide()
        self._title = matrix_title(self._job, None)
        self._run_line = LineBar()
        self._titles = LineBar(classes="column-titles")

    @property
    def _job(self) -> "BenchmarkJob":
        return self.snapshot.jobs.by_id[self._job_id]

    @property
    def runs(self) -> "tuple[JobRun, ...]":
        """The runs of the job that have started, in the order of its spec."""
        runs = self._side_by_side.of(self._job, self.snapshot)
        return tuple(run for run in runs if run.run_id)

    @property
    def run_ids(self) -> tuple[str, ...]:
        """The runs of the job."""
        return tuple(run.run_id for run in self.runs)

    @property
    def above(self) -> "Iterable[Widget]":
        """A line about the run under the cursor, and the agents."""
        return self._run_line, self._titles

    def held(self) -> Held:
        """Return the scenario runs of all runs of the job."""
        records = map(self.snapshot.by_id.get, self.run_ids)
        return Held(tuple(map(scenario_runs_of, records)))

    def compute(self, held: Held) -> tuple[Row, ...] | None:
        """Return the rows; None before the first run was read."""
        if not any(each is not None for each in held.of_runs):
            return None
        return matrix([attempts(each or ()) for each in held.of_runs])

    def take(self, figure: tuple[Row, ...] | None) -> None:
        """Show the rows."""
        of_runs = self._held.of_runs if self._held else ()
        rows = figure if self.runs else ()  # where none has started, none is being read
        self._title = matrix_title(self._job, rows, unread=of_runs.count(None))
        table = self.table
        table.rows = {row.scenario_id: row for row in figure or ()}
        table.columns = len(of_runs)
        table.column = max(0, min(table.column, table.columns - 1))
        table.set_rows([*table.rows])

    def draw(self) -> None:
        """Show the run under the cursor, the agents and the rows."""
        table, runs = self.table, self.runs
        self.title_bar.say(self._title)
        column = min(table.column, max(0, len(runs) - 1))
        self._run_line.say(run_line(runs, column, self._problem(column), table.size.width))
        at = table.at(table.size.width - MARGIN)
        self._titles.say((Piece(" " * MARGIN), *matrix_header(runs, column, at)))
        table.repaint_changed()

    def _problem(self, column: int) -> str:
        """Return why there is nothing of a run yet; "" where there is."""
        run_ids = self.run_ids
        if column >= len(run_ids):
            return ""
        run_id = run_ids[column]
        record = self.snapshot.by_id.get(run_id)
        if scenario_runs_of(record) is not None:
            return ""
        if record is not None and record.gone:
            return "the server no longer knows it"
        return "reading…"

    def on_virtual_table_highlighted(self) -> None:
        """Show the run under the cursor."""
        self.draw()

    def on_virtual_table_opened(self, event: VirtualTable.Opened) -> None:
        """Go to the scenario in the run under the cursor, if it has one there."""
        run_ids, column = self.run_ids, self.table.column
        if column >= len(run_ids):
            return
        if self.table.rows[event.row_id].results[column] is None:
            self.notify("Nothing of it counts in this run.", markup=False)
            return
        self.dismiss(Place(run_ids[column], event.row_id))
