"""The wiring: snapshots go down, intents come up, actions run."""

import asyncio
import logging
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from textual import work
from textual.app import SystemCommand
from textual.binding import BindingType

from runloop_tui.api.errors import RunloopError
from runloop_tui.monitor.snapshot import Snapshot
from runloop_tui.present.notifications import run_ended_message, scenario_ended_message
from runloop_tui.present.runs import exit_message, summary
from runloop_tui.present.text import safe
from runloop_tui.ui.keys import APP_KEYS, SCREEN_KEYS
from runloop_tui.ui.notifications import LONG_TOAST_S
from runloop_tui.ui.options import DEMO_SERVER
from runloop_tui.ui.runtime.base_app import BaseApp
from runloop_tui.ui.screens.main import MainScreen
from runloop_tui.ui.sharing import Sharing
from runloop_tui.ui.theme import DARK, LIGHT, TONE_CLASSES, clear_tone_styles, stylesheets

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.notifications import SeverityLevel
    from textual.screen import Screen

    from runloop_tui.clock import Clock
    from runloop_tui.logs.downloads import Download
    from runloop_tui.monitor.actions import Ended
    from runloop_tui.monitor.health import Health
    from runloop_tui.ui import messages
    from runloop_tui.ui.connection import Connect, Connection
    from runloop_tui.ui.errands import Errands
    from runloop_tui.ui.jobs_opening import JobsOpening
    from runloop_tui.ui.keys import Key
    from runloop_tui.ui.logs_opening import LogsOpening
    from runloop_tui.ui.options import Options
    from runloop_tui.ui.starting import Starting

log = logging.getLogger(__name__)

_FOOTER_S = 0.02
"""So long is left to the second frame, with the keys: what is imported then would take the processor from it."""


class RunloopApp(BaseApp):
    """Shows what a monitor knows, and carries out what the person confirmed."""

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
        self._shown = self._snapshot
        self._run_to_open = options.run_id
        self._sharing = Sharing(self, self.terminal)
        self._errands: Errands | None = None
        self._starting: Starting | None = None
        self._logs: LogsOpening | None = None
        self._jobs: JobsOpening | None = None
        self._main = MainScreen(options)
        self._asks_to_quit = False

    def get_default_screen(self) -> "Screen[None]":
        """The one screen."""
        self._main.expect(self.size)
        return self._main

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Our own colours, for the moment before our own theme is set."""
        return DARK.variables

    def refresh_css(self, animate: bool = True) -> None:  # noqa: FBT001, FBT002 - as Textual has it
        """Read the styles anew, in another theme."""
        clear_tone_styles(self)
        super().refresh_css(animate)

    def on_mount(self) -> None:
        """Paint first; connect when that is done, for what it needs takes long to import."""
        self.call_after_refresh(self._begin)

    def _begin(self) -> None:
        self.has_begun = True
        self._main.tell_time(self._clock())
        self.set_timer(_FOOTER_S, self._go_on)

    def _go_on(self) -> None:
        if self._options.without_key:
            self._offer_demo()
        else:
            self._watch()

    @work
    async def _offer_demo(self) -> None:
        from runloop_tui.ui.dialogs.no_key import NoKeyDialog

        if not await self.push_screen_wait(NoKeyDialog()):
            self.exit()
            return
        self._options = replace(self._options, demo=True, without_key=False, server=DEMO_SERVER)
        self._main.options = self._options
        self._watch()

    @work
    async def _watch(self) -> None:
        self._connection = await asyncio.to_thread(self._import_and_connect)
        from runloop_tui.ui.errands import Errands
        from runloop_tui.ui.jobs_opening import JobsOpening
        from runloop_tui.ui.logs_opening import LogsOpening
        from runloop_tui.ui.starting import Starting

        self._errands = Errands(self, self._connection, self._options.downloads, self._tell_ends)
        self._starting = Starting(self, self._connection, self._point_at)
        self._logs = LogsOpening(self, self._connection)
        self._jobs = JobsOpening(self, self._connection, self._main, self._options)
        self._connection.monitor.attend(self._main.attention)
        await self.error_boundary.restart_on_error(self._connection.monitor.run)

    def _import_and_connect(self) -> "Connection":
        """Import, off the event loop, what the first paint could do without."""
        from runloop_tui.present import run_detail, scenario_detail  # noqa: F401
        from runloop_tui.ui import errands, jobs_opening, logs_opening, starting  # noqa: F401
        from runloop_tui.ui.connection import Feed
        from runloop_tui.ui.screens import choice  # noqa: F401

        return self._connect(
            Feed(self._on_snapshot, self._on_health, self._on_download, self.error_boundary.report)
        )

    async def on_unmount(self) -> None:
        """Leave nothing open, and no download half written without its name saying so."""
        self.workers.cancel_all()  # before the client they use is closed
        if self._connection is not None:
            await self._connection.downloads.close()
            await self._connection.close()

    # Data, downwards

    def _on_snapshot(self, snapshot: Snapshot) -> None:
        """Show the newest snapshot once the loop is free; those that come meanwhile replace each other."""
        waiting = self._snapshot is not self._shown
        self._snapshot = snapshot
        if not waiting:
            self.call_next(self._show_snapshot)

    def _show_snapshot(self) -> None:
        before, self._shown = self._shown, self._snapshot
        self._main.show(self._shown, self._clock())
        if self._logs is not None:
            self._logs.look_at(self._shown)
        if self._jobs is not None:
            self._jobs.look_at(self._shown, self._clock())
        self._announce(before)
        if self._run_to_open is not None and self._shown.loaded:
            self._open_run(self._run_to_open)
            self._run_to_open = None

    def _on_health(self, health: "Health") -> None:
        self.event_log.record_health(health)
        self._main.show_health(health, self._clock())
        if self._jobs is not None:
            self._jobs.look_at_health(health, self._clock())
        if health.trouble is not None:
            log.info("poll failed: %s: %s", health.trouble.what, health.trouble.error)

    def _on_download(self, download: "Download") -> None:
        self._show_transfers()
        is_shown = self._logs is not None and self._logs.tell_of(download)
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
        """Show the time where it stands."""
        if (
            self._snapshot is not self._shown
        ):  # the call to show it was lost with an error before it
            self._show_snapshot()
        if self._connection is not None:
            self._connection.monitor.tell_time()
        self._main.tell_time(self._clock())
        if self._jobs is not None:
            self._jobs.tell_time(self._clock())
        self._show_transfers()

    def _show_transfers(self) -> None:
        active = self._connection.downloads.active if self._connection else ()
        self._main.transfers.display = bool(active)
        if active:
            from runloop_tui.present.archives import active_downloads_line

            self._main.transfers.say(active_downloads_line(active, self._main.size.width))

    def _announce(self, before: Snapshot) -> None:
        from runloop_tui.monitor.snapshot import changes

        if self._errands is not None:
            found = changes(before, self._shown)
            self._tell_ends(self._errands.end_news.news(found, self._shown))
        if self._options.title:
            self.terminal.set_title(f"runloop: {summary(self._shown)}")

    def _tell_ends(self, ends: "Iterable[Ended]") -> None:
        from runloop_tui.monitor.snapshot import RunEnded

        for end in ends:
            if isinstance(end, RunEnded):
                words, bad = run_ended_message(end.record), end.record.run.state == "failed"
                if self._options.bell:
                    self.bell()
            else:
                words, bad = scenario_ended_message(end.record, end.scenario_run), False
            severity: SeverityLevel = "warning" if bad else "information"
            self.notify(words, severity=severity, timeout=LONG_TOAST_S, markup=False)

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
        """Select a run that was just learned, once the snapshot with it is shown."""
        self.call_next(self._main.point_at_run, run_id)

    # Intents, upwards

    def on_attention_moved(self, message: "messages.AttentionMoved") -> None:
        """Ask first for what is looked at."""
        is_covered = self._jobs is not None and self._jobs.is_open
        if self._connection is not None and not is_covered:
            self._connection.monitor.attend(message.attention)

    def on_older_runs_wanted(self, message: "messages.OlderRunsWanted") -> None:
        """Read on."""
        if self._connection is not None:
            self._connection.monitor.want_older(to_the_end=message.to_the_end)

    def on_runs_wanted(self, message: "messages.RunsWanted") -> None:
        """Let the server search too."""
        if self._connection is not None:
            self._connection.monitor.want_found(message.wanted)

    def on_refresh_requested(self) -> None:
        """Poll now."""
        if self._connection is not None:
            self._connection.monitor.refresh()

    def on_action_requested(self, message: "messages.ActionRequested") -> None:
        """Ask, then act."""
        if self._errands is not None:
            self.run_worker(self._errands.act(message.targets))

    def on_start_requested(self) -> None:
        """Open the form."""
        if self._starting is not None:
            self.run_worker(self._starting.start())

    def on_benchmarks_wanted(self) -> None:
        """Read what can be chosen from."""
        if self._starting is not None:
            self.run_worker(self._starting.read_benchmarks(), group="benchmarks", exclusive=True)

    def on_logs_requested(self, message: "messages.LogsRequested") -> None:
        """Ask, then download."""
        if self._errands is not None:
            self.run_worker(self._errands.fetch_logs(message.things))

    def on_run_logs_opened(self, message: "messages.RunLogsOpened") -> None:
        """Show the archive of a run."""
        if self._logs is not None:
            self._logs.open_run(message.run)

    def on_scenario_logs_opened(self, message: "messages.ScenarioLogsOpened") -> None:
        """Show the archive of a scenario run, or what its devbox logs."""
        if self._logs is not None:
            self._logs.open_scenario_run(message.scenario_run, as_archive=message.as_archive)

    def on_jobs_requested(self, message: "messages.JobsRequested") -> None:
        """Show the jobs."""
        if self._jobs is not None:
            self._jobs.open(message.job_id, self._clock())

    def on_jobs_attention_moved(self, message: "messages.JobsAttentionMoved") -> None:
        """Ask first for the jobs that are looked at."""
        if self._jobs is not None:
            self._jobs.attend(message)

    def on_older_jobs_wanted(self) -> None:
        """Read on."""
        if self._jobs is not None:
            self._jobs.want_older()

    def on_jobs_left(self) -> None:
        """Look at the runs again."""
        if self._jobs is not None:
            self._jobs.left()

    def on_job_run_opened(self, message: "messages.JobRunOpened") -> None:
        """Go to the run of a job."""
        if self._jobs is not None:
            self.run_worker(self._jobs.go_to_run(message.run_id))

    def on_copy_requested(self, message: "messages.CopyRequested") -> None:
        """Copy."""
        self._sharing.copy(message.what, message.text)

    def on_link_requested(self, message: "messages.LinkRequested") -> None:
        """Copy a link, or open it."""
        self._sharing.share_link(message.thing, self._shown, self._options, in_browser=message.open)

    # Keys of the app

    def action_help(self) -> None:
        """Show what every key does."""
        from runloop_tui.ui.dialogs.help import HelpDialog

        self.push_screen(HelpDialog(read_only=self._options.read_only))

    def action_downloads(self) -> None:
        """Show the downloads of this session."""
        if self._connection is not None:
            from runloop_tui.ui.dialogs.downloads import DownloadsDialog

            self.push_screen(DownloadsDialog(self._connection.downloads))

    def action_theme(self) -> None:
        """Go from the dark theme to the light one, or back."""
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
        """Leave, and say once that the runs go on; ask first where a download would be cut off."""
        active = len(self._connection.downloads.active) if self._connection else 0
        if active and not self._asks_to_quit:
            self._confirm_and_quit(active)
        elif not active:
            self._leave()

    def _leave(self) -> None:
        self.exit(message=exit_message(self._shown) if self._shown.loaded else None)

    def get_system_commands(self, screen: "Screen[object]") -> "Iterable[SystemCommand]":
        """Every key of the screen and of the app as a command of the palette, and the theme."""
        screen_keys: tuple[Key, ...] = getattr(screen, "keys", SCREEN_KEYS)
        for key in (*screen_keys, *APP_KEYS):
            if key.action == "command_palette" or (self._options.read_only and key.changes):
                continue
            action = key.action if key in screen_keys else f"app.{key.action}"

            def run(action: str = action) -> None:
                self.call_later(screen.run_action, action)

            yield SystemCommand(key.words, f"key: {key.shown_as}", run)
        yield SystemCommand("Theme: dark or light", "goes from one to the other", self.action_theme)
