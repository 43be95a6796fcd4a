"""The jobs: their list, the job under the cursor in full, and its runs side by side."""

from typing import TYPE_CHECKING, ClassVar, Literal, get_args

from textual.containers import Container, Vertical

from runloop_tui.monitor.fetch_jobs import JobsViewport
from runloop_tui.monitor.job_runs import SideBySide
from runloop_tui.monitor.schedule import Viewport
from runloop_tui.monitor.snapshot import Snapshot
from runloop_tui.present.job_detail import job_detail
from runloop_tui.present.jobs import jobs_error, no_job_words
from runloop_tui.present.layout import Piece, cut_line
from runloop_tui.present.text import safe
from runloop_tui.ui.job_keys import JOB_KEYS
from runloop_tui.ui.messages import (
    CopyRequested,
    JobRunOpened,
    JobsAttentionMoved,
    JobsLeft,
    OlderJobsWanted,
)
from runloop_tui.ui.screens.table_screen import TableScreen
from runloop_tui.ui.widgets.detail_pane import DetailPane
from runloop_tui.ui.widgets.job_runs_pane import JobRunsPane
from runloop_tui.ui.widgets.jobs_pane import JobsPane
from runloop_tui.ui.widgets.keys_footer import KeysFooter
from runloop_tui.ui.widgets.line_bar import LineBar
from runloop_tui.ui.widgets.lines_view import LinesView
from runloop_tui.ui.widgets.virtual_table import VirtualTable

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.app import ComposeResult
    from textual.binding import BindingType
    from textual.widget import Widget

    from runloop_tui.monitor.job_runs import JobRun
    from runloop_tui.present.layout import Line
    from runloop_tui.ui.options import Options
    from runloop_tui.ui.widgets.table_pane import TablePane

JobsPaneName = Literal["jobs", "job", "job-runs"]
_NAMES: tuple[JobsPaneName, ...] = get_args(JobsPaneName)
_ROWS_BEFORE_END = 5
"""Older jobs are asked for when the cursor is this near the last one."""


class JobsScreen(TableScreen):
    """Takes snapshots down to its panes, and what the person asks up as messages."""

    BINDINGS: ClassVar[list["BindingType"]] = [key.binding for key in JOB_KEYS]
    AUTO_FOCUS = "#jobs-table"
    keys = JOB_KEYS

    def __init__(self, options: "Options") -> None:
        super().__init__(
            options,
            title_bar=LineBar(classes="jobs-title"),
            status=LineBar(classes="jobs-status"),
            tiny=LinesView(id="jobs-tiny"),
        )
        self._wanted: str | None = None
        self._side_by_side = SideBySide()
        self.jobs = JobsPane(self._side_by_side)
        self.job = DetailPane(2, "job", id="job-pane")
        self.runs = JobRunsPane()

    def compose(self) -> "ComposeResult":
        """The title, the panes, the status, the keys."""
        yield self._title_bar
        with Container(id="jobs-main"):
            yield self.jobs
            with Vertical(id="beside-jobs"):
                yield self.job
                yield self.runs
        yield self._tiny
        yield self._status
        yield KeysFooter()

    # Data, downwards

    def show(self, snapshot: Snapshot, local_ms: int) -> None:
        """Show a snapshot; `local_ms` is now on this machine's clock."""
        self._snapshot, self._local_ms = snapshot, local_ms
        self.jobs.show(snapshot, self._now_ms, self._times)
        if self._wanted in snapshot.jobs.by_id:
            self.point_at(self._wanted)
        self._show_job()
        self._show_bars()
        self._tell_attention()

    def tell_time(self, local_ms: int) -> None:
        """Let all that ticks go on to this moment."""
        self._local_ms = local_ms
        self.jobs.tell_time(self._now_ms, self._times)
        self.runs.tell_time(self._now_ms)
        self._show_detail()
        self._show_bars()

    def point_at(self, job_id: str | None) -> None:
        """Put the cursor on a job, or as soon as it is there; None leaves it where it is."""
        self._wanted = job_id
        if job_id is None or job_id not in self._snapshot.jobs.by_id:
            return
        self._wanted = None
        if job_id not in self.jobs.table.ids:
            self.jobs.clear_filter()
        self.jobs.table.move_to(job_id)

    @property
    def _job_runs(self) -> "tuple[JobRun, ...]":
        job = self.jobs.highlighted
        return self._side_by_side.of(job, self._snapshot) if job else ()

    def _show_job(self) -> None:
        job = self.jobs.highlighted
        self.runs.show(job.id if job else None, self._job_runs, self._now_ms)
        self._show_detail()

    def _show_detail(self) -> None:
        job, runs, snapshot = self.jobs.highlighted, self._job_runs, self._snapshot
        now, times = self._now_ms, self._times

        def write(width: int, _height: int) -> "list[Line]":
            if job is None:
                return [cut_line((Piece(no_job_words(snapshot.jobs), "muted"),), width)]
            gone = job.id in snapshot.jobs.gone
            return job_detail(job, runs, now, times, width, gone=gone)

        self.job.show(job.id if job else None, write)

    def _own_trouble(self, width: int) -> "Line":
        return jobs_error(self._snapshot.jobs, width)

    # Movements

    def on_virtual_table_highlighted(self, event: VirtualTable.Highlighted) -> None:
        """Show in full what the cursor stands on now."""
        if event.table is self.jobs.table:
            self._show_job()
            rows = self.jobs.table.ids
            near_end = event.row_id is not None and event.row_id in rows[-_ROWS_BEFORE_END:]
            if near_end and self._snapshot.jobs.more:
                self.post_message(OlderJobsWanted())
        self._tell_attention()

    def on_virtual_table_scrolled(self, event: VirtualTable.Scrolled) -> None:
        """Other jobs are on the screen."""
        if event.table is self.jobs.table:
            self._tell_attention()

    def on_virtual_table_opened(self, event: VirtualTable.Opened) -> None:
        """From the job to its runs, from there to the run itself."""
        if event.table is self.jobs.table:
            self.action_focus_pane("job-runs")
            return
        run = self.runs.highlighted
        if run is not None and run.run_id:
            self.post_message(JobRunOpened(run.run_id))
        elif run is not None:
            self.notify("There is no run to go to: it has not started.", markup=False)

    def on_screen_resume(self) -> None:
        """Say what is looked at now."""
        super().on_screen_resume()
        self._show_bars()
        self.call_after_refresh(self._tell_attention)

    def _tell_attention(self) -> None:
        if not self.is_current:
            return
        going_on = tuple(run.run_id for run in self._job_runs if run.run_id and not run.is_terminal)
        under_cursor = self.runs.highlighted
        watched = under_cursor.run_id if under_cursor else ""
        if watched not in going_on:
            watched = next(iter(going_on), "")
        self.post_message(
            JobsAttentionMoved(
                JobsViewport(self.jobs.table.cursor_id, self.jobs.table.visible_ids),
                Viewport(watched or None, going_on),
            )
        )

    # Keys

    @property
    def _focused_pane(self) -> JobsPaneName:
        for name in _NAMES:
            if self.focused is not None and self._pane(name) in self.focused.ancestors_with_self:
                return name
        return "jobs"

    @property
    def _focus_targets(self) -> "Iterable[Widget]":
        return [self._target(name) for name in _NAMES]

    @property
    def _table_pane(self) -> "TablePane":
        return self.runs if self._focused_pane == "job-runs" else self.jobs

    def action_zoom(self) -> None:
        """Give the focused pane the whole screen, or give it back; nothing where no pane is shown."""
        if self.has_room:
            self._zoom(None if self._zoomed else self._focused_pane)

    def action_focus_pane(self, name: JobsPaneName) -> None:
        """Go to a pane; nothing where the screen is too small for any."""
        if not self.has_room:
            return
        if self._zoomed not in {None, name}:
            self._zoom(name)
            self.call_after_refresh(self._target(name).focus)
        else:
            self.set_focus(self._target(name))  # at once: the next key may have been typed already

    def action_next_pane(self, by: int) -> None:
        """Go on by a pane."""
        here = _NAMES.index(self._focused_pane)
        self.action_focus_pane(_NAMES[(here + by) % len(_NAMES)])

    def action_copy_id(self) -> None:
        """Copy the id of the job, or of its run."""
        run, job = self.runs.highlighted, self.jobs.highlighted
        if self._focused_pane == "job-runs":
            if run is not None and run.run_id:
                self.post_message(CopyRequested("id of the run", safe(run.run_id)))
        elif job is not None:
            self.post_message(CopyRequested("id of the job", safe(job.id)))

    def action_back(self) -> None:
        """Undo the nearest of: filter, zoom, marks, having left the jobs; then leave."""
        pane = self._table_pane
        if pane.clear_filter():
            return
        if self._zoomed is not None:
            self._zoom(None)
        elif pane.table.clear_marks():
            return
        elif self._focused_pane != "jobs":
            self.action_focus_pane("jobs")
        else:
            self.action_leave()

    def action_leave(self) -> None:
        """Go back to the runs."""
        self.app.pop_screen()
        self.post_message(JobsLeft())

    def _pane(self, name: JobsPaneName) -> "Widget":
        panes: dict[JobsPaneName, Widget] = {
            "jobs": self.jobs,
            "job": self.job,
            "job-runs": self.runs,
        }
        return panes[name]

    def _target(self, name: JobsPaneName) -> "Widget":
        """What of a pane takes the focus."""
        targets: dict[JobsPaneName, Widget] = {
            "jobs": self.jobs.table,
            "job": self.job.view,
            "job-runs": self.runs.table,
        }
        return targets[name]

    @property
    def _zoomed(self) -> JobsPaneName | None:
        return next((name for name in _NAMES if self.has_class(f"zoom-{name}")), None)

    def _zoom(self, name: JobsPaneName | None) -> None:
        for pane in _NAMES:
            self.set_class(pane == name, f"zoom-{pane}")
