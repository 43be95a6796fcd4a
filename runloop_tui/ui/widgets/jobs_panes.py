"""The panes of the jobs screen: jobs, the selected job, its runs side by side."""

from typing import TYPE_CHECKING

from runloop_tui.monitor.arrange import (
    JOB_ORDERS,
    JOB_RUN_ORDERS,
    arrange_job_runs,
    arrange_jobs,
)
from runloop_tui.monitor.job_runs import JobSum, SideBySide, sum_of
from runloop_tui.present.job_detail import job_detail
from runloop_tui.present.jobs import (
    JOB_COLUMNS,
    JOB_RUN_COLUMNS,
    has_model_column,
    job_card,
    job_cells,
    job_run_cells,
    job_runs_title,
    jobs_title,
    model_line,
    no_job_words,
)
from runloop_tui.present.layout import Piece, cut_line, fits, row
from runloop_tui.ui.widgets.bars import pane_title
from runloop_tui.ui.widgets.detail_pane import DetailPane
from runloop_tui.ui.widgets.table_pane import Now, SnapshotPane, SnapshotTable
from runloop_tui.ui.widgets.virtual_table import MARGIN

if TYPE_CHECKING:
    from collections.abc import Sequence

    from runloop_tui.api.models import BenchmarkJob
    from runloop_tui.monitor.job_runs import JobRun
    from runloop_tui.monitor.snapshot import Snapshot
    from runloop_tui.present.layout import Line


class JobsTable(SnapshotTable):
    """A row for each job, or a card of two lines where the columns do not fit."""

    def __init__(self, side_by_side: SideBySide) -> None:
        super().__init__(id="jobs-table")
        self._side_by_side = side_by_side

    @property
    def row_height(self) -> int:
        """Lines of a row: 2 for cards."""
        return 1 if fits(JOB_COLUMNS, self.size.width - MARGIN) else 2

    def row_lines(self, row_id: str, width: int) -> "Sequence[Line]":
        """Return the job as a row, or as a card."""
        job = self.snapshot.jobs.by_id[row_id]
        together, gone = self.sum_of(job), row_id in self.snapshot.jobs.gone
        if self.row_height == 1:
            cells = job_cells(job, together, self.now.ms, self.now.times, gone=gone)
            return (row(JOB_COLUMNS, cells, width),)
        return job_card(job, together, self.now.ms, self.now.times, width, gone=gone)

    def sum_of(self, job: "BenchmarkJob") -> JobSum:
        """Return the counts over all runs of a job."""
        return sum_of(self._side_by_side.of(job, self.snapshot))


class JobsPane(SnapshotPane):
    """The jobs read so far, filtered and sorted."""

    table: JobsTable

    def __init__(self, side_by_side: SideBySide) -> None:
        super().__init__(
            JobsTable(side_by_side),
            JOB_COLUMNS,
            JOB_ORDERS,
            id="jobs-pane",
            filter_hint="words, state:failed",
        )

    @property
    def is_complete(self) -> bool:
        """Return True once the first page is read."""
        return self.table.snapshot.jobs.loaded

    @property
    def highlighted(self) -> "BenchmarkJob | None":
        """The job under the cursor."""
        row_id = self.table.cursor_id
        return self.table.snapshot.jobs.by_id.get(row_id) if row_id is not None else None

    def found_ids(self) -> list[str]:
        """Return the ids of the jobs that match the filter, sorted."""
        jobs = self.table.snapshot.jobs
        sums = self.table.sum_of
        found = arrange_jobs(jobs.items, self.filter_text, self.order, sums=sums, gone=jobs.gone)
        return [job.id for job in found]

    def title_line(self, shown: int) -> "Line":
        """Return the counts and the order."""
        jobs = self.table.snapshot.jobs
        text = jobs_title(shown, jobs)
        if not jobs.items:
            return pane_title(1, text)
        return pane_title(1, text, self.order_words("newest first", "oldest first"))


class JobDetailPane(DetailPane):
    """A job in full."""

    def __init__(self, side_by_side: SideBySide) -> None:
        super().__init__(2, "job", id="job-pane")
        self._side_by_side = side_by_side

    def show(self, snapshot: "Snapshot", now: Now, job_id: str | None) -> None:
        """Show a job of the snapshot."""
        job = snapshot.jobs.by_id.get(job_id) if job_id is not None else None
        runs = self._side_by_side.of(job, snapshot) if job else ()

        def write(width: int, _height: int) -> "list[Line]":
            if job is None:
                return [cut_line((Piece(no_job_words(snapshot.jobs), "muted"),), width)]
            gone = job.id in snapshot.jobs.gone
            return job_detail(job, runs, now.ms, now.times, width, gone=gone)

        self.show_lines(job_id, write)


class JobRunsTable(SnapshotTable):
    """A row for each agent with its model."""

    def __init__(self) -> None:
        super().__init__(id="job-runs-table")
        self.runs: dict[str, JobRun] = {}

    @property
    def row_height(self) -> int:
        """Lines of a row: 2 where the column of the model does not fit."""
        return 1 if has_model_column(self.size.width - MARGIN) else 2

    def row_lines(self, row_id: str, width: int) -> "Sequence[Line]":
        """Return the run as a row, with its model on a second line where that is needed."""
        run = self.runs[row_id]
        line = row(JOB_RUN_COLUMNS, job_run_cells(run, self.now.ms), width)
        return (line,) if self.row_height == 1 else (line, model_line(run, width))


class JobRunsPane(SnapshotPane):
    """The runs of the selected job, filtered and sorted: in the order of its spec by default."""

    table: JobRunsTable

    def __init__(self, side_by_side: SideBySide) -> None:
        super().__init__(
            JobRunsTable(),
            JOB_RUN_COLUMNS,
            JOB_RUN_ORDERS,
            id="job-runs-pane",
            filter_hint="words, state:failed",
        )
        self._side_by_side = side_by_side

    def take(self, subject: str | None) -> None:
        """Read the runs of a job from the snapshot."""
        snapshot = self.table.snapshot
        job = snapshot.jobs.by_id.get(subject) if subject is not None else None
        runs = self._side_by_side.of(job, snapshot) if job else ()
        self.table.runs = {run.key: run for run in runs}

    @property
    def is_complete(self) -> bool:
        """Return True once there is a job."""
        return self.subject is not None

    @property
    def highlighted(self) -> "JobRun | None":
        """The run under the cursor."""
        row_id = self.table.cursor_id
        return self.table.runs.get(row_id) if row_id is not None else None

    def found_ids(self) -> list[str]:
        """Return the keys of the runs that match the filter, sorted."""
        runs = tuple(self.table.runs.values())
        return [
            run.key
            for run in arrange_job_runs(runs, self.filter_text, self.order, self.table.now.ms)
        ]

    def show_titles(self) -> None:
        """Write the titles, those of the columns over rows of two lines too."""
        super().show_titles()
        self._titles.display = True

    def title_line(self, shown: int) -> "Line":
        """Return the counts and the order."""
        title = job_runs_title(shown, len(self.table.runs))
        return pane_title(3, title, self.order_words(backwards="reversed"))
