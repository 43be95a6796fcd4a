"""The way to the jobs and back: the screen that shows them, and what is asked for while it does."""

from typing import TYPE_CHECKING

from runloop_tui.api.errors import RunloopError
from runloop_tui.present.text import safe
from runloop_tui.present.troubles import error_words
from runloop_tui.ui.screens.jobs import JobsScreen
from runloop_tui.ui.telling import LONG_TOAST_S

if TYPE_CHECKING:
    from textual.app import App

    from runloop_tui.monitor.health import Health
    from runloop_tui.monitor.snapshot import Snapshot
    from runloop_tui.ui import messages
    from runloop_tui.ui.connection import Connection
    from runloop_tui.ui.options import Options
    from runloop_tui.ui.screens.main import MainScreen


class JobsOpening:
    """Holds the one screen of jobs, which is made when it is first opened and stays as it was left.

    Args:
        app: what shows it.
        connection: what asks for jobs.
        main: the screen of runs beneath it.
        options: what was chosen at the start.
    """

    def __init__(
        self, app: "App[None]", connection: "Connection", main: "MainScreen", options: "Options"
    ) -> None:
        self._app = app
        self._monitor = connection.monitor
        self._main = main
        self._options = options
        self._job_to_open = options.job_id
        self._screen: JobsScreen | None = None
        self._snapshot: Snapshot | None = None
        self._health: Health | None = None

    # Data, downwards

    def look_at(self, snapshot: "Snapshot", local_ms: int) -> None:
        """Show a snapshot; `local_ms` is now on this machine's clock."""
        self._snapshot = snapshot
        if snapshot.loaded and self._job_to_open is not None:
            self._app.run_worker(self._open_at_start(self._job_to_open))
            self._job_to_open = None
        if self.is_open and self._screen is not None:
            self._screen.show(snapshot, local_ms)

    def look_at_health(self, health: "Health", local_ms: int) -> None:
        """Show how fresh the data is."""
        self._health = health
        if self.is_open and self._screen is not None:
            self._screen.show_health(health, local_ms)

    def tell_time(self, local_ms: int) -> None:
        """Let all that ticks go on."""
        if self.is_open and self._screen is not None:
            self._screen.tell_time(local_ms)

    @property
    def is_open(self) -> bool:
        """Tell whether the jobs are on the screen, or under a dialog."""
        return self._screen is not None and self._screen in self._app.screen_stack

    # Intents, upwards

    def open(self, job_id: str | None, local_ms: int) -> None:
        """Show the jobs, the cursor on one of them."""
        if self._screen is None:
            self._screen = JobsScreen(self._options)
            self._app.install_screen(self._screen, "jobs")
        if not self.is_open:
            self._app.push_screen("jobs")
        self._screen.point_at(job_id)
        self._screen.call_after_refresh(self._show_latest, local_ms)

    def attend(self, message: "messages.JobsAttentionMoved") -> None:
        """Ask for what is looked at."""
        if self.is_open:
            self._monitor.show_jobs(message.attention)
            self._monitor.show(message.runs)

    def want_older(self) -> None:
        """Read on."""
        self._monitor.want_older_jobs()

    def left(self) -> None:
        """The screen of runs is shown again: ask for what is looked at there."""
        self._monitor.show_jobs(None)
        self._monitor.show(self._main.attention)

    async def go_to_run(self, run_id: str) -> None:
        """Leave the jobs for one of their runs; where that cannot be read, stay and say why."""
        try:
            await self._monitor.find_run(run_id)
        except RunloopError as error:
            words = f"The run {safe(run_id)} could not be opened: {error_words(error)}."
            self._app.notify(words, severity="warning", timeout=LONG_TOAST_S, markup=False)
            return
        if self._screen is not None and self._app.screen is self._screen:
            self._screen.action_leave()
        self._app.call_next(self._main.select_run, run_id)

    def _show_latest(self, local_ms: int) -> None:
        """Show what is known by now, once the screen is laid out."""
        if self._health is not None:
            self.look_at_health(self._health, local_ms)
        if self._snapshot is not None and self._screen is not None:
            self._screen.show(self._snapshot, local_ms)

    async def _open_at_start(self, job_id: str) -> None:
        try:
            await self._monitor.find_job(job_id)
        except RunloopError as error:
            words = f"The job {safe(job_id)} could not be opened: {error_words(error)}. Here are the runs."
            self._app.notify(words, severity="warning", timeout=LONG_TOAST_S, markup=False)
            return
        self.open(job_id, self._main.local_ms)
