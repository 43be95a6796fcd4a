"""The jobs: their list, the selected job in full, and its runs side by side."""

from typing import TYPE_CHECKING, ClassVar

from runloop_tui.monitor.job_runs import SideBySide
from runloop_tui.monitor.schedule import JobsViewport, Viewport
from runloop_tui.present.jobs import jobs_error
from runloop_tui.present.text import safe
from runloop_tui.ui.keymap import JOB_KEYS
from runloop_tui.ui.messages import (
    CopyRequested,
    JobCompareRequested,
    JobFailuresRequested,
    JobRunOpened,
    JobsLeft,
    JobsViewportMoved,
    OlderJobsWanted,
)
from runloop_tui.ui.screens.pane_screen import Pane, PaneScreen
from runloop_tui.ui.widgets.jobs_panes import JobDetailPane, JobRunsPane, JobsPane

if TYPE_CHECKING:
    from collections.abc import Mapping

    from textual.binding import BindingType

    from runloop_tui.analysis.report import RunReport
    from runloop_tui.monitor.health import Health
    from runloop_tui.monitor.snapshot import Snapshot
    from runloop_tui.present.layout import Line
    from runloop_tui.ui.connection import Options
    from runloop_tui.ui.widgets.virtual_table import VirtualTable

_ROWS_BEFORE_END = 5
"""Request older jobs when the cursor is this near the last row."""


class JobsScreen(PaneScreen):
    """Opened over the runs, and kept as it was left."""

    BINDINGS: ClassVar[list["BindingType"]] = [key.binding for key in JOB_KEYS]
    AUTO_FOCUS = "#jobs-table"
    ZOOM_MOVES = True
    keys = JOB_KEYS

    def __init__(self, options: "Options") -> None:
        super().__init__(options)
        side_by_side = SideBySide()
        self.jobs = JobsPane(side_by_side)
        self.job = JobDetailPane(side_by_side)
        self.runs = JobRunsPane(side_by_side)
        self.panes = {
            "jobs": Pane(self.jobs, table="jobs"),
            "job": Pane(self.job, table="jobs", back="jobs"),
            "job-runs": Pane(self.runs, table="job-runs", back="jobs"),
        }
        self._wanted: str | None = None

    # Data, downwards

    def show(
        self,
        snapshot: "Snapshot",
        health: "Health",
        local_ms: int,
        reports: "Mapping[str, RunReport]",
        unseen: frozenset[str],
    ) -> None:
        """Show a snapshot; report the viewport, which a new one may change."""
        is_new = snapshot is not self._snapshot
        super().show(snapshot, health, local_ms, reports, unseen)
        if is_new:
            self._report_viewport()

    def show_panes(self) -> None:
        """Show the jobs, and what belongs to the selected one."""
        self.jobs.show(self._snapshot, self.now)
        if self._wanted in self._snapshot.jobs.by_id:
            self.point_at(self._wanted)
        self._show_job()

    def _show_job(self) -> None:
        job = self.jobs.highlighted
        job_id = job.id if job else None
        self.runs.show(self._snapshot, self.now, job_id)
        self.job.show(self._snapshot, self.now, job_id)

    def own_warning(self, width: int) -> "Line":
        """Return why jobs could not be read."""
        return jobs_error(self._snapshot.jobs, width)

    # The cursor

    def point_at(self, job_id: str | None) -> None:
        """Move the cursor to a job, now or when it is read; None leaves the cursor where it is."""
        self._wanted = job_id
        if job_id is None or job_id not in self._snapshot.jobs.by_id:
            return
        self._wanted = None
        if job_id not in self.jobs.table.ids:
            self.jobs.clear_filter()
        self.jobs.table.move_to(job_id)

    def on_virtual_table_highlighted(self, event: "VirtualTable.Highlighted") -> None:
        """Show the job under the cursor in full."""
        if event.table is self.jobs.table:
            self._show_job()
            near_end = event.table.is_near_end(event.row_id, _ROWS_BEFORE_END)
            if near_end and self._snapshot.jobs.more:
                self.post_message(OlderJobsWanted())
        self._report_viewport()

    def on_virtual_table_scrolled(self, event: "VirtualTable.Scrolled") -> None:
        """Report which jobs are on the screen now."""
        if event.table is self.jobs.table:
            self._report_viewport()

    def on_virtual_table_opened(self, event: "VirtualTable.Opened") -> None:
        """Focus the runs of the job, or request the run among all runs."""
        if event.table is self.jobs.table:
            self.action_focus_pane("job-runs")
            return
        run = self.runs.highlighted
        if run is not None and run.run_id:
            self.post_message(JobRunOpened(run.run_id))
        elif run is not None:
            self.notify("There is no run to go to: it has not started.", markup=False)

    def on_screen_resume(self) -> None:
        """Report the viewport."""
        super().on_screen_resume()
        self.show_bars()
        self.call_after_refresh(self._report_viewport)

    @property
    def viewport(self) -> Viewport:
        """The runs of the job that are not terminal: they are polled first."""
        live = tuple(
            run.run_id
            for run in self.runs.table.runs.values()
            if run.run_id and not run.is_terminal
        )
        selected = self.runs.highlighted
        watched = selected.run_id if selected else ""
        if watched not in live:
            watched = next(iter(live), "")
        return Viewport(watched or None, live, compared=self.compared)

    def _report_viewport(self) -> None:
        if not self.is_current:
            return
        jobs = JobsViewport(self.jobs.table.cursor_id, self.jobs.table.visible_ids)
        self.post_message(JobsViewportMoved(jobs, self.viewport))

    # Keys

    def action_filter(self) -> None:
        """Open the filter of the table."""
        self.table_pane.open_filter()

    def action_compare(self) -> None:
        """Compare the agents of the selected job."""
        if self.jobs.highlighted is not None:
            self.post_message(JobCompareRequested(self.jobs.highlighted.id))

    def action_failures(self) -> None:
        """Show the failures of the job in groups, by agent."""
        if self.jobs.highlighted is not None:
            self.post_message(JobFailuresRequested(self.jobs.highlighted.id))

    def action_copy_id(self) -> None:
        """Copy the id of the job, or of its run."""
        run, job = self.runs.highlighted, self.jobs.highlighted
        if self.focused_pane == "job-runs":
            if run is not None and run.run_id:
                self.post_message(CopyRequested("id of the run", safe(run.run_id)))
        elif job is not None:
            self.post_message(CopyRequested("id of the job", safe(job.id)))

    def action_leave(self) -> None:
        """Go back to the runs."""
        self.app.pop_screen()
        self.post_message(JobsLeft())
