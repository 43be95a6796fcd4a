"""Opens the logs that are asked for: an archive of what has ended, a devbox's log of what is running."""

from typing import TYPE_CHECKING

from runloop_tui.present.runs import run_name
from runloop_tui.present.scenarios import scenario_name

if TYPE_CHECKING:
    from textual.app import App

    from runloop_tui.api.models import BenchmarkRun, ScenarioRun
    from runloop_tui.logs.downloads import Download
    from runloop_tui.monitor.snapshot import Snapshot
    from runloop_tui.ui.connection import Connection
    from runloop_tui.ui.screens.archive import ArchiveScreen
    from runloop_tui.ui.screens.live import LiveScreen


class LogsOpening:
    """Puts the screens of logs over the others, and tells them what happens meanwhile."""

    def __init__(self, app: "App[None]", connection: "Connection") -> None:
        self._app = app
        self._connection = connection
        self._live: LiveScreen | None = None
        self._archive: ArchiveScreen | None = None

    def open_run(self, run: "BenchmarkRun") -> None:
        """Show the archive of a run; while it is running, what there is of it so far."""
        self._open_archive(run, run_name(run))

    def open_scenario_run(self, scenario_run: "ScenarioRun", *, as_archive: bool) -> None:
        """Show the archive of a scenario run that has ended, or is asked for so; else what its devbox logs."""
        if scenario_run.is_terminal or as_archive:
            self._open_archive(scenario_run, scenario_name(scenario_run))
        elif scenario_run.devbox_id:
            from runloop_tui.ui.screens.live import LiveScreen

            live = self._connection.follow_devbox(scenario_run.devbox_id)
            self._live = LiveScreen(scenario_run, live)
            self._app.push_screen(self._live)
        else:
            self._app.notify("It has no devbox yet, so there is no log.", markup=False)

    def look_at(self, snapshot: "Snapshot") -> None:
        """Tell a log that is shown how its scenario run stands now."""
        screen = self._live
        if screen is not None and screen.is_attached:
            now = _find(snapshot, screen.scenario_run)
            if now is not None and now is not screen.scenario_run:
                screen.look_at(now)

    def tell_of(self, download: "Download") -> bool:
        """Tell the list of an archive's files how far that archive is; True where that is shown."""
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
    """The scenario run as the snapshot has it; the run it belongs to is not always named."""
    record = snapshot.by_id.get(wanted.benchmark_run_id)
    for of in (record,) if record is not None else snapshot.records:
        for scenario_run in of.scenario_runs or of.active:
            if scenario_run.id == wanted.id:
                return scenario_run
    return None
