"""Opens and downloads logs: the archive of a run or scenario run, or the log of a devbox at work."""

from typing import TYPE_CHECKING

from runloop_tui.api.states import is_terminal
from runloop_tui.present.questions import logs_question
from runloop_tui.present.runs import run_name
from runloop_tui.present.scenarios import scenario_name
from runloop_tui.present.text import safe
from runloop_tui.ui.dialogs.confirm import ConfirmDialog

if TYPE_CHECKING:
    from textual.app import App

    from runloop_tui.api.models import BenchmarkRun, ScenarioRun
    from runloop_tui.logs.downloads import Download
    from runloop_tui.monitor.snapshot import Snapshot
    from runloop_tui.ui.connection import Connection
    from runloop_tui.ui.screens.archive import ArchiveScreen
    from runloop_tui.ui.screens.live_log import LiveLogScreen


class LogsController:
    """Pushes the log screens, and passes snapshots and downloads on to the one that was opened last.

    Args:
        app: shows screens, dialogs and notifications.
        connection: downloads archives and follows devboxes.
        downloads: the folder of downloads, to be shown.
    """

    def __init__(self, app: "App[None]", connection: "Connection", downloads: str) -> None:
        self._app = app
        self._connection = connection
        self._downloads = downloads
        self._live: LiveLogScreen | None = None
        self._archive: ArchiveScreen | None = None

    async def fetch(self, things: "tuple[BenchmarkRun | ScenarioRun, ...]") -> None:
        """Confirm, then start the downloads of the archives of these."""
        names = [safe(thing.name or thing.id) for thing in things]
        running = sum(not is_terminal(thing.state) for thing in things)
        question = logs_question(names, safe(self._downloads), running=running)
        if await self._app.push_screen_wait(ConfirmDialog(question, dangerous=False)):
            for thing in things:
                self._connection.fetch_logs(thing)

    def open_run(self, run: "BenchmarkRun") -> None:
        """Show the archive of a run; while it is running, its contents so far."""
        self._open_archive(run, run_name(run))

    def open_scenario_run(self, scenario_run: "ScenarioRun", *, as_archive: bool) -> None:
        """Show the archive of a scenario run that is terminal, or with `as_archive`; else the log of its devbox."""
        if scenario_run.is_terminal or as_archive:
            self._open_archive(scenario_run, scenario_name(scenario_run))
        elif scenario_run.devbox_id:
            from runloop_tui.ui.screens.live_log import LiveLogScreen

            live = self._connection.follow_devbox(scenario_run.devbox_id)
            self._live = LiveLogScreen(scenario_run, live)
            self._app.push_screen(self._live)
        else:
            self._app.notify("It has no devbox yet, so there is no log.", markup=False)

    def show(self, snapshot: "Snapshot") -> None:
        """Pass the scenario run of an open devbox log on to it, if it has changed."""
        screen = self._live
        if screen is not None and screen.is_attached:
            now = _find(snapshot, screen.scenario_run)
            if now is not None and now is not screen.scenario_run:
                screen.show(now)

    def show_download(self, download: "Download") -> bool:
        """Pass the progress of a download on to its archive screen. Return True if that is open."""
        screen = self._archive
        return (
            screen is not None
            and screen in self._app.screen_stack
            and screen.show_download(download)
        )

    def _open_archive(self, thing: "BenchmarkRun | ScenarioRun", name: str) -> None:
        from runloop_tui.ui.screens.archive import ArchiveScreen

        def fetch() -> "Download":
            return self._connection.read_logs(thing)

        self._archive = ArchiveScreen(thing, name, fetch, self._connection.limits)
        self._app.push_screen(self._archive)


def _find(snapshot: "Snapshot", wanted: "ScenarioRun") -> "ScenarioRun | None":
    """Return the snapshot's version of a scenario run, whose `benchmark_run_id` may be empty."""
    record = snapshot.by_id.get(wanted.benchmark_run_id)
    for of in (record,) if record is not None else snapshot.records:
        for scenario_run in of.scenario_runs or of.active:
            if scenario_run.id == wanted.id:
                return scenario_run
    return None
