"""The app: passes snapshots down to the screens, and the requests of the screens to the controllers."""

import asyncio
import logging
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from textual import work
from textual.app import SystemCommand
from textual.binding import BindingType

from runloop_tui.api.errors import RunloopError
from runloop_tui.monitor.health import Health
from runloop_tui.monitor.snapshot import Snapshot
from runloop_tui.present.runs import exit_message, summary
from runloop_tui.present.text import safe
from runloop_tui.ui.connection import DEMO_SERVER
from runloop_tui.ui.controllers.clipboard import ClipboardController
from runloop_tui.ui.keymap import APP_KEYS, RUN_KEYS
from runloop_tui.ui.notifications import LONG_TOAST_S
from runloop_tui.ui.runtime.base_app import BaseApp
from runloop_tui.ui.screens.runs import RunsScreen
from runloop_tui.ui.theme import DARK, LIGHT, TONE_CLASSES, clear_tone_styles, stylesheets
from runloop_tui.ui.widgets.table_pane import NO_REPORTS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.screen import Screen

    from runloop_tui.clock import Clock
    from runloop_tui.logs.downloads import Download
    from runloop_tui.ui import messages
    from runloop_tui.ui.connection import Connect, Connection, Options
    from runloop_tui.ui.controllers.actions import ActionController
    from runloop_tui.ui.controllers.analysis import AnalysisController
    from runloop_tui.ui.controllers.compare import CompareController
    from runloop_tui.ui.controllers.failures import FailuresController
    from runloop_tui.ui.controllers.history import HistoryController
    from runloop_tui.ui.controllers.jobs import JobsController
    from runloop_tui.ui.controllers.logs import LogsController
    from runloop_tui.ui.controllers.start_run import StartController
    from runloop_tui.ui.keymap import Key

log = logging.getLogger(__name__)

_FOOTER_S = 0.02
"""The imports for the connection wait this long, so that they do not delay the second frame, which has the keys."""


class RunloopApp(BaseApp):
    """Owns the screens, the controllers and the connection."""

    TITLE = "runloop-tui"
    BINDINGS: ClassVar[list[BindingType]] = [key.binding for key in APP_KEYS]
    COMPONENT_CLASSES: ClassVar[set[str]] = {*TONE_CLASSES}

    def __init__(self, options: "Options", connect: "Connect", *, clock: "Clock") -> None:
        super().__init__(clock, css_path=[*stylesheets()])
        for theme in (DARK, LIGHT):
            self.register_theme(theme)
        self.theme = f"runloop-{options.theme}"
        self._options = options
        self._connect = connect
        self._connection: Connection | None = None
        self._snapshot = Snapshot()
        self._health = Health()
        self._shown = self._snapshot
        self._will_show = False
        self._run_to_open = options.run_id
        self._clipboard_controller = ClipboardController(self, self.terminal)
        self._actions: ActionController | None = None
        self._start: StartController | None = None
        self._logs: LogsController | None = None
        self._jobs: JobsController | None = None
        self._analysis: AnalysisController | None = None
        self._history: HistoryController | None = None
        self._compare: CompareController | None = None
        self._failures: FailuresController | None = None
        self._main = RunsScreen(options)
        self._asks_to_quit = False

    def get_default_screen(self) -> "Screen[None]":
        """Return the runs screen."""
        self._main.expect(self.size)
        return self._main

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Return the colours of the dark theme, which Textual reads before a theme is set."""
        return DARK.variables

    def refresh_css(self, animate: bool = True) -> None:  # noqa: FBT001, FBT002 - as Textual has it
        """Drop the cached styles of tones when the theme changes."""
        clear_tone_styles(self)
        super().refresh_css(animate)

    def on_mount(self) -> None:
        """Connect after the first paint: the imports for it take long."""
        self.call_after_refresh(self._begin)

    def _begin(self) -> None:
        self.has_begun = True
        self._show()
        self.set_timer(_FOOTER_S, self._connect_or_offer_demo)

    def _connect_or_offer_demo(self) -> None:
        if self._options.without_key:
            self._offer_demo()
        else:
            self._watch()

    @work
    async def _offer_demo(self) -> None:
        from runloop_tui.ui.dialogs.start_panel import NoKeyDialog

        if not await self.push_screen_wait(NoKeyDialog()):
            self.exit()
            return
        self._options = replace(self._options, demo=True, without_key=False, server=DEMO_SERVER)
        self._main.options = self._options
        self._watch()

    @work
    async def _watch(self) -> None:
        self._connection = await asyncio.to_thread(self._import_and_connect)
        from runloop_tui.ui.controllers.actions import ActionController
        from runloop_tui.ui.controllers.analysis import AnalysisController
        from runloop_tui.ui.controllers.failures import FailuresController
        from runloop_tui.ui.controllers.jobs import JobsController
        from runloop_tui.ui.controllers.logs import LogsController
        from runloop_tui.ui.controllers.start_run import StartController

        self._actions = ActionController(self, self._connection, bell=self._options.bell)
        self._analysis = AnalysisController(
            self, self._connection.monitor, self._show_soon, bell=self._options.bell
        )
        self._start = StartController(self, self._connection, self._point_at)
        self._logs = LogsController(self, self._connection, self._options.downloads)
        self._jobs = JobsController(self, self._connection, self._main, self._options)
        if (open_history := self._connection.open_history) is not None:
            from runloop_tui.ui.controllers.history import HistoryController

            self._history = HistoryController(self, open_history, self._clock, self._show_soon)
        self._failures = FailuresController(self, self._main, self._jobs)
        self._connection.monitor.show(self._main.viewport)
        await self.error_boundary.restart_on_error(self._connection.monitor.run)

    def _import_and_connect(self) -> "Connection":
        """Import in a thread what the first paint does not need, and connect."""
        from runloop_tui.present import run_detail, scenario_detail  # noqa: F401
        from runloop_tui.ui.connection import Feed
        from runloop_tui.ui.controllers import (  # noqa: F401
            actions,
            analysis,
            failures,
            history,
            jobs,
            logs,
            start_run,
        )

        return self._connect(
            Feed(self._on_snapshot, self._on_health, self._on_download, self.error_boundary.report)
        )

    async def on_unmount(self) -> None:
        """Cancel the workers and downloads, and close the connection."""
        self.workers.cancel_all()  # before the client they use is closed
        if self._history is not None:
            await self._history.close()
        if self._connection is not None:
            await self._connection.downloads.close()
            await self._connection.close()

    # Data, downwards

    def _on_snapshot(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._show_soon()

    def _on_health(self, health: Health) -> None:
        self.event_log.record_health(health)
        self._health = health
        if self._history is not None:
            self._history.health_changed(self._snapshot, health)
        self._show_soon()
        if health.failure is not None:
            log.info("poll failed: %s: %s", health.failure.what, health.failure.error)

    def _show_soon(self) -> None:
        """Show the newest snapshot and health in the app's next message; several until then are shown as one."""
        if not self._will_show:
            self._will_show = True
            self.call_next(self._show)

    def _show(self) -> None:
        """Pass the newest snapshot, the health and the time to the screens; the one way in which data goes down."""
        self._will_show = False
        before, self._shown = self._shown, self._snapshot
        now = self._clock()
        reports = NO_REPORTS
        if self._analysis is not None:
            self._analysis.update(self._shown, now + self._health.skew_ms, self._history)
            reports = self._analysis.reports
        unseen = self._history.unseen if self._history is not None else frozenset()
        self._main.show(self._shown, self._health, now, reports, unseen)
        if self._logs is not None:
            self._logs.show(self._shown)
        if self._jobs is not None:
            self._jobs.show(self._shown, self._health, now, reports)
        if self._compare is not None:
            self._compare.show(self._shown, self._health, now)
        if self._failures is not None:
            self._failures.show(self._shown)
        if self._shown is not before:
            self._announce(before)
        if self._run_to_open is not None and self._shown.loaded:
            self._open_run(self._run_to_open)
            self._run_to_open = None

    def _on_download(self, download: "Download") -> None:
        self._show_transfers()
        is_shown = self._logs is not None and self._logs.show_download(download)
        state = download.state
        if state.is_over and not is_shown:
            from runloop_tui.present.archives import download_ended_message

            failed = state.phase == "failed"
            self.notify(
                download_ended_message(download),
                severity="error" if failed else "information",
                timeout=LONG_TOAST_S,
                markup=False,
            )

    def _tick(self) -> None:
        """Show the time; and what was not shown because an error interrupted `_show`."""
        if self._connection is not None:
            self._connection.monitor.check_time()
        if self._history is not None and self.screen is self._main:
            self._history.pointed_at(self._main.runs.table.cursor_id)
        self._show()
        self._show_transfers()

    def _show_transfers(self) -> None:
        active = self._connection.downloads.active if self._connection else ()
        self._main.transfers.display = bool(active)
        if active:
            from runloop_tui.present.archives import active_downloads_line

            self._main.transfers.say(active_downloads_line(active, self._main.size.width))

    def _announce(self, before: Snapshot) -> None:
        if self._actions is not None:
            self._actions.announce(before, self._shown)
        if self._options.title:
            self.terminal.set_title(f"runloop: {summary(self._shown)}")

    @work
    async def _open_run(self, run_id: str) -> None:
        connection = self._connection
        if connection is None:
            return
        try:
            await connection.monitor.find_run(run_id)
        except RunloopError as error:
            from runloop_tui.present.errors import error_words

            words = f"The run {safe(run_id)} could not be opened: {error_words(error)}. Here are the others."
            self.notify(words, severity="warning", timeout=LONG_TOAST_S, markup=False)
            return
        self.call_next(self._main.select_run, run_id)

    def _point_at(self, run_id: str) -> None:
        """Move the cursor to a run, once the snapshot that has it is shown."""
        self.call_next(self._main.point_at_run, run_id)

    # Requests, upwards

    def on_viewport_moved(self, message: "messages.ViewportMoved") -> None:
        """Poll what is on the screen first."""
        is_covered = self._jobs is not None and self._jobs.is_open
        if self._connection is not None and not is_covered:
            self._connection.monitor.show(message.viewport)

    def on_older_runs_wanted(self, message: "messages.OlderRunsWanted") -> None:
        """Read the next page of runs, or all."""
        if self._connection is not None:
            self._connection.monitor.want_older(to_the_end=message.to_the_end)

    def on_runs_wanted(self, message: "messages.RunsWanted") -> None:
        """Read the runs that match, from the server."""
        if self._connection is not None:
            self._connection.monitor.want_found(message.wanted)

    def on_refresh_requested(self) -> None:
        """Poll now."""
        if self._connection is not None:
            self._connection.monitor.refresh()

    def on_action_requested(self, message: "messages.ActionRequested") -> None:
        """Confirm, then act."""
        if self._actions is not None:
            now_ms = self._clock() + self._health.skew_ms
            ends = self._analysis.ends if self._analysis else {}
            self.run_worker(self._actions.act(message.targets, now_ms, ends))

    def on_start_requested(self) -> None:
        """Open the form that starts a run."""
        if self._start is not None:
            self.run_worker(self._start.start())

    def on_benchmarks_wanted(self) -> None:
        """Read the benchmarks for the form."""
        if self._start is not None:
            self.run_worker(self._start.read_benchmarks(), group="benchmarks", exclusive=True)

    def on_logs_requested(self, message: "messages.LogsRequested") -> None:
        """Confirm, then download."""
        if self._logs is not None:
            self.run_worker(self._logs.fetch(message.things))

    def on_run_logs_opened(self, message: "messages.RunLogsOpened") -> None:
        """Open the archive of a run."""
        if self._logs is not None:
            self._logs.open_run(message.run)

    def on_scenario_logs_opened(self, message: "messages.ScenarioLogsOpened") -> None:
        """Open the archive of a scenario run, or the log of its devbox."""
        if self._logs is not None:
            self._logs.open_scenario_run(message.scenario_run, as_archive=message.as_archive)

    def on_jobs_requested(self, message: "messages.JobsRequested") -> None:
        """Open the jobs screen."""
        if self._jobs is not None:
            self._jobs.open(message.job_id)

    def on_jobs_viewport_moved(self, message: "messages.JobsViewportMoved") -> None:
        """Poll the jobs on the screen first."""
        if self._jobs is not None:
            self._jobs.poll_first(message)

    def on_older_jobs_wanted(self) -> None:
        """Read the next page of jobs."""
        if self._jobs is not None:
            self._jobs.read_older()

    def on_jobs_left(self) -> None:
        """Poll for the runs screen again."""
        if self._jobs is not None:
            self._jobs.leave()

    def on_job_run_opened(self, message: "messages.JobRunOpened") -> None:
        """Select a run of a job on the runs screen."""
        if self._jobs is not None:
            self.run_worker(self._jobs.go_to_run(message.run_id))

    def on_compare_requested(self, message: "messages.CompareRequested") -> None:
        """Compare runs."""
        if (compare := self._comparing()) is not None:
            self.run_worker(compare.compare_runs(message.run_ids, self._shown))

    def on_job_compare_requested(self, message: "messages.JobCompareRequested") -> None:
        """Compare the agents of a job."""
        screen = self._jobs.screen if self._jobs is not None else None
        if screen is not None and (compare := self._comparing()) is not None:
            self.run_worker(compare.compare_agents(message.job_id, self._shown, screen))

    def _comparing(self) -> "CompareController | None":
        """Return the controller of comparisons, which is created at the first one; None while not connected."""
        if self._compare is None and self._connection is not None and self._jobs is not None:
            from runloop_tui.ui.controllers.compare import CompareController

            go_to_run = self._jobs.go_to_run
            self._compare = CompareController(self, self._connection, self._main, go_to_run)
        return self._compare

    def on_failures_requested(self, message: "messages.FailuresRequested") -> None:
        """Show the failures of a run in groups."""
        if self._failures is not None:
            self._failures.open_run(message.run_id)

    def on_job_failures_requested(self, message: "messages.JobFailuresRequested") -> None:
        """Show the failures of a job in groups."""
        if self._failures is not None:
            self._failures.open_job(message.job_id)

    def on_copy_requested(self, message: "messages.CopyRequested") -> None:
        """Copy a text."""
        self._clipboard_controller.copy(message.what, message.text, message.shown)

    def on_link_requested(self, message: "messages.LinkRequested") -> None:
        """Copy a link, or open it."""
        self._clipboard_controller.link(
            message.thing, self._shown, self._options, in_browser=message.open
        )

    # Keys of the app

    def action_help(self) -> None:
        """Open the help."""
        from runloop_tui.ui.dialogs.help import HelpDialog

        self.push_screen(HelpDialog(read_only=self._options.read_only))

    def action_downloads(self) -> None:
        """Open the downloads."""
        if self._connection is not None:
            from runloop_tui.ui.dialogs.downloads import DownloadsDialog

            self.push_screen(DownloadsDialog(self._connection.downloads))

    def action_events(self) -> None:
        """Show what happened since a person last looked, and the event log; go to the run that is chosen there."""
        from runloop_tui.ui.dialogs.events import EventsDialog

        self.clear_notifications()  # they are listed there
        self.push_screen(
            EventsDialog(self.event_log.entries, self._clock, self._history), self._leave_events
        )

    def _leave_events(self, run_id: str | None) -> None:
        if self._history is not None:
            self._history.close_panel()
        if run_id:
            self._open_run(run_id)

    def person_acted(self) -> None:
        """Tell what changed, where a person was away."""
        if self._history is not None:
            self._history.person_acted()

    def action_theme(self) -> None:
        """Switch between the dark and the light theme."""
        self.theme = LIGHT.name if self.theme == DARK.name else DARK.name

    @work
    async def _confirm_and_quit(self, active: int) -> None:
        from runloop_tui.present.questions import quit_question
        from runloop_tui.ui.dialogs.confirm import ConfirmDialog

        self._asks_to_quit = True
        is_sure = await self.push_screen_wait(ConfirmDialog(quit_question(active), dangerous=False))
        self._asks_to_quit = False
        if is_sure:
            self._leave()

    async def action_quit(self) -> None:
        """Exit with a line that says the runs go on; confirm first while a download is active."""
        active = len(self._connection.downloads.active) if self._connection else 0
        if active and not self._asks_to_quit:
            self._confirm_and_quit(active)
        elif not active:
            self._leave()

    def _leave(self) -> None:
        self.exit(message=exit_message(self._shown) if self._shown.loaded else None)

    def get_system_commands(self, screen: "Screen[object]") -> "Iterable[SystemCommand]":
        """Yield a palette command for each key of the screen and of the app, and one for the theme."""
        screen_keys: tuple[Key, ...] = getattr(screen, "keys", RUN_KEYS)
        for key in (*screen_keys, *APP_KEYS):
            if key.action == "command_palette" or (self._options.read_only and key.changes):
                continue
            action = key.action if key in screen_keys else f"app.{key.action}"

            def run(action: str = action) -> None:
                self.call_later(screen.run_action, action)

            yield SystemCommand(key.words, f"key: {key.shown_as}", run)
        yield SystemCommand("Theme: dark or light", "goes from one to the other", self.action_theme)
