"""The runs of the job under the cursor, side by side."""

from typing import TYPE_CHECKING

from runloop_tui.monitor.arrange import JOB_RUN_ORDERS, arrange_job_runs
from runloop_tui.present.jobs import (
    JOB_RUN_COLUMNS,
    has_model_column,
    job_run_cells,
    job_runs_title,
    model_line,
)
from runloop_tui.present.layout import row
from runloop_tui.ui.widgets.pane_title import pane_title
from runloop_tui.ui.widgets.table_pane import TablePane
from runloop_tui.ui.widgets.virtual_table import MARGIN, VirtualTable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from runloop_tui.monitor.job_runs import JobRun
    from runloop_tui.present.layout import Line


class JobRunsTable(VirtualTable):
    """A row for each agent with its model."""

    def __init__(self) -> None:
        super().__init__(id="job-runs-table")
        self.runs: dict[str, JobRun] = {}
        self.now_ms = 0

    @property
    def row_height(self) -> int:
        """Two lines where the model has no room in the row."""
        return 1 if has_model_column(self.size.width - MARGIN) else 2

    def row_lines(self, row_id: str, width: int) -> "Sequence[Line]":
        """The run as a row, and its model below where it has to be."""
        run = self.runs[row_id]
        line = row(JOB_RUN_COLUMNS, job_run_cells(run, self.now_ms), width)
        return (line,) if self.row_height == 1 else (line, model_line(run, width))


class JobRunsPane(TablePane):
    """All runs of a job, in the order of its spec unless the person chose otherwise."""

    table: JobRunsTable

    def __init__(self) -> None:
        super().__init__(
            JobRunsTable(),
            JOB_RUN_COLUMNS,
            JOB_RUN_ORDERS,
            id="job-runs-pane",
            filter_hint="words, state:failed",
        )
        self._job_id: str | None = None

    def show(self, job_id: str | None, runs: "Sequence[JobRun]", now_ms: int) -> None:
        """Show the runs of a job; another job begins at its first row."""
        is_other, self._job_id = job_id != self._job_id, job_id
        self.table.now_ms = now_ms
        self.table.runs = {run.key: run for run in runs}
        if is_other:
            self.held = False
        self.rearrange()
        if is_other:
            self.table.begin_anew()
        if job_id is not None:
            self.table.keep_row()

    def tell_time(self, now_ms: int) -> None:
        """Let durations go on to this moment."""
        self.table.now_ms = now_ms
        self.table.repaint_changed()

    @property
    def highlighted(self) -> "JobRun | None":
        """The run under the cursor."""
        row_id = self.table.cursor_id
        return self.table.runs.get(row_id) if row_id is not None else None

    def found_ids(self) -> list[str]:
        """The keys of the runs that pass the filter, in the chosen order."""
        runs = tuple(self.table.runs.values())
        return [
            run.key for run in arrange_job_runs(runs, self.needle, self.order, self.table.now_ms)
        ]

    def show_titles(self) -> None:
        """Write the titles, those of the columns over rows of two lines as well."""
        super().show_titles()
        self._titles.display = True

    def title_line(self, shown: int) -> "Line":
        """How many runs are shown, and how they are sorted."""
        title = job_runs_title(shown, len(self.table.runs))
        return pane_title(3, title, self.order_words(backwards="reversed"))
