"""Opens the jobs screen, passes data to it while it is open, and goes from a job to one of its runs."""

from typing import TYPE_CHECKING

from runloop_tui.api.errors import RunloopError
from runloop_tui.present.errors import error_words
from runloop_tui.present.text import safe
from runloop_tui.ui.notifications import LONG_TOAST_S
from runloop_tui.ui.screens.jobs import JobsScreen

if TYPE_CHECKING:
    from collections.abc import Mapping

    from textual.app import App

    from runloop_tui.analysis.report import RunReport
    from runloop_tui.monitor.health import Health
    from runloop_tui.monitor.snapshot import Snapshot
    from runloop_tui.ui import messages
    from runloop_tui.ui.connection import Connection, Options
    from runloop_tui.ui.screens.runs import RunsScreen


class JobsController:
    """Owns the jobs screen, which is created when it is first opened and then kept.

    Args:
        app: shows screens and notifications.
        connection: polls the jobs.
        runs: the screen beneath it.
        options: what was chosen at the start.
    """

    def __init__(
        self, app: "App[None]", connection: "Connection", runs: "RunsScreen", options: "Options"
    ) -> None:
        self._app = app
        self._monitor = connection.monitor
        self._runs = runs
        self._options = options
        self._job_to_open = options.job_id
        self._screen: JobsScreen | None = None
        self._latest: tuple[Snapshot, Health, int, Mapping[str, RunReport]] | None = None

    # Data, downwards

    def show(
        self,
        snapshot: "Snapshot",
        health: "Health",
        local_ms: int,
        reports: "Mapping[str, RunReport]",
    ) -> None:
        """Pass a snapshot on to the screen if it is open; open it for `--job` at the first one."""
        self._latest = snapshot, health, local_ms, reports
        if snapshot.loaded and self._job_to_open is not None:
            self._app.run_worker(self._open_at_start(self._job_to_open))
            self._job_to_open = None
        self._show_latest()

    @property
    def is_open(self) -> bool:
        """Return True while the jobs are on the screen, or under a dialog."""
        return self._screen is not None and self._screen in self._app.screen_stack

    @property
    def screen(self) -> JobsScreen | None:
        """The jobs screen; None before it was opened."""
        return self._screen

    # Requests, upwards

    def open(self, job_id: str | None) -> None:
        """Show the jobs, with the cursor on one of them."""
        if self._screen is None:
            self._screen = JobsScreen(self._options)
            self._app.install_screen(self._screen, "jobs")
        if not self.is_open:
            self._app.push_screen("jobs")
        self._screen.point_at(job_id)
        self._screen.call_after_refresh(self._show_latest)

    def poll_first(self, message: "messages.JobsViewportMoved") -> None:
        """Poll what is on the screen first."""
        if self.is_open:
            self._monitor.show_jobs(message.jobs)
            self._monitor.show(message.runs)

    def read_older(self) -> None:
        """Read the next page of jobs."""
        self._monitor.want_older_jobs()

    def leave(self) -> None:
        """Poll for the runs screen again."""
        self._monitor.show_jobs(None)
        self._monitor.show(self._runs.viewport)

    async def go_to_run(self, run_id: str) -> None:
        """Leave the jobs for one of their runs; if it cannot be read, stay and notify."""
        try:
            await self._monitor.find_run(run_id)
        except RunloopError as error:
            self._warn(f"The run {safe(run_id)} could not be opened: {error_words(error)}.")
            return
        if self._screen is not None and self._app.screen is self._screen:
            self._screen.action_leave()
        self._app.call_next(self._runs.select_run, run_id)

    def _show_latest(self) -> None:
        if self.is_open and self._screen is not None and self._latest is not None:
            self._screen.show(*self._latest, unseen=frozenset())  # the rows of jobs have no mark

    async def _open_at_start(self, job_id: str) -> None:
        try:
            await self._monitor.find_job(job_id)
        except RunloopError as error:
            words = error_words(error)
            self._warn(f"The job {safe(job_id)} could not be opened: {words}. Here are the runs.")
            return
        self.open(job_id)

    def _warn(self, words: str) -> None:
        self._app.notify(words, severity="warning", timeout=LONG_TOAST_S, markup=False)
