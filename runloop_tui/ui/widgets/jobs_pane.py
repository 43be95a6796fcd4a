"""The list of benchmark jobs."""

from typing import TYPE_CHECKING

from runloop_tui.monitor.arrange import JOB_ORDERS, arrange_jobs
from runloop_tui.monitor.job_runs import JobSum, SideBySide, sum_of
from runloop_tui.monitor.snapshot import Snapshot
from runloop_tui.present.jobs import JOB_COLUMNS, job_card, job_cells, jobs_title
from runloop_tui.present.layout import fits, row
from runloop_tui.present.units import Times
from runloop_tui.ui.widgets.pane_title import pane_title
from runloop_tui.ui.widgets.table_pane import TablePane
from runloop_tui.ui.widgets.virtual_table import MARGIN, VirtualTable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from runloop_tui.api.models import BenchmarkJob
    from runloop_tui.present.layout import Line


class JobsTable(VirtualTable):
    """A row for each job, or a card of two lines where a row has no room."""

    def __init__(self, side_by_side: SideBySide) -> None:
        super().__init__(id="jobs-table")
        self.snapshot = Snapshot()
        self.now_ms = 0
        self.times = Times.ELAPSED
        self._side_by_side = side_by_side

    @property
    def row_height(self) -> int:
        """Two lines for cards."""
        return 1 if fits(JOB_COLUMNS, self.size.width - MARGIN) else 2

    def row_lines(self, row_id: str, width: int) -> "Sequence[Line]":
        """The job as a row, or as a card."""
        job = self.snapshot.jobs.by_id[row_id]
        together, gone = self.sum_of(job), row_id in self.snapshot.jobs.gone
        if self.row_height == 1:
            cells = job_cells(job, together, self.now_ms, self.times, gone=gone)
            return (row(JOB_COLUMNS, cells, width),)
        return job_card(job, together, self.now_ms, self.times, width, gone=gone)

    def sum_of(self, job: "BenchmarkJob") -> JobSum:
        """All runs of a job together."""
        return sum_of(self._side_by_side.of(job, self.snapshot))


class JobsPane(TablePane):
    """The jobs that were read, filtered and sorted as the person chose."""

    table: JobsTable

    def __init__(self, side_by_side: SideBySide) -> None:
        super().__init__(
            JobsTable(side_by_side),
            JOB_COLUMNS,
            JOB_ORDERS,
            id="jobs-pane",
            filter_hint="words, state:failed",
        )

    def show(self, snapshot: Snapshot, now_ms: int, times: Times) -> None:
        """Show a snapshot."""
        self.table.snapshot = snapshot
        self.table.now_ms, self.table.times = now_ms, times
        self.rearrange()
        if snapshot.jobs.loaded:
            self.table.keep_row()

    def tell_time(self, now_ms: int, times: Times) -> None:
        """Let ages go on to this moment."""
        self.table.now_ms, self.table.times = now_ms, times
        self.table.repaint_changed()

    @property
    def highlighted(self) -> "BenchmarkJob | None":
        """The job under the cursor."""
        row_id = self.table.cursor_id
        return self.table.snapshot.jobs.by_id.get(row_id) if row_id is not None else None

    def found_ids(self) -> list[str]:
        """The ids of the jobs that pass the filter, in the chosen order."""
        jobs = self.table.snapshot.jobs.items
        found = arrange_jobs(
            jobs,
            self.needle,
            self.order,
            sums=self.table.sum_of,
            gone=self.table.snapshot.jobs.gone,
        )
        return [job.id for job in found]

    def title_line(self, shown: int) -> "Line":
        """How many jobs are shown of how many, and how they are sorted."""
        jobs = self.table.snapshot.jobs
        text = jobs_title(shown, jobs)
        if not jobs.items:
            return pane_title(1, text)
        return pane_title(1, text, self.order_words("newest first", "oldest first"))
