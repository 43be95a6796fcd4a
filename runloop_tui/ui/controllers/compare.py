"""Opens comparisons: of two runs, of a run with the one before, of the agents of a job."""

from functools import partial
from typing import TYPE_CHECKING

from runloop_tui.analysis.compare import likeness, run_before
from runloop_tui.present.compare import marked_too_many, no_run_before
from runloop_tui.present.errors import health_line
from runloop_tui.ui.dialogs.compare import CompareDialog
from runloop_tui.ui.dialogs.matrix import MatrixDialog

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from textual.app import App

    from runloop_tui.monitor.health import Health
    from runloop_tui.monitor.snapshot import Snapshot
    from runloop_tui.ui.connection import Connection
    from runloop_tui.ui.dialogs.compare import ComparingDialog, Place
    from runloop_tui.ui.screens.jobs import JobsScreen
    from runloop_tui.ui.screens.runs import RunsScreen


class CompareController:
    """Shows one comparison at a time, and has the scenario runs of its runs read and held meanwhile.

    Args:
        app: shows dialogs and notifications.
        connection: reads the runs.
        runs: the screen that a scenario is shown on.
        go_to_run: leaves the jobs for a run.
    """

    def __init__(
        self,
        app: "App[None]",
        connection: "Connection",
        runs: "RunsScreen",
        go_to_run: "Callable[[str], Awaitable[None]]",
    ) -> None:
        self._app = app
        self._monitor = connection.monitor
        self._runs = runs
        self._go_to_run = go_to_run
        self._dialog: ComparingDialog | None = None
        self._under: RunsScreen | JobsScreen = runs

    def show(self, snapshot: "Snapshot", health: "Health", local_ms: int) -> None:
        """Pass a snapshot on to the open dialog, and why it is not fresh."""
        if self._dialog is None:
            return
        status = None
        if health.failure is not None:
            status = partial(health_line, health, local_ms, self._runs.options.interval_s)
        self._dialog.show(snapshot, self._under.now, status)
        self._hold(self._dialog)

    async def compare_runs(self, run_ids: tuple[str, ...], snapshot: "Snapshot") -> None:
        """Compare two runs, of which the one that started first is the baseline; or one with the run before."""
        records = [snapshot.by_id[run_id] for run_id in run_ids if run_id in snapshot.by_id]
        like = None
        if len(records) > 2:
            self._app.notify(marked_too_many(len(records)), markup=False)
            return
        if len(records) == 1:
            before = run_before(records[0], snapshot)
            if before is None:
                self._app.notify(no_run_before(records[0]), markup=False)
                return
            like = likeness(records[0], before, snapshot)
            records.append(before)
        if not records:
            return
        older, newer = sorted(records, key=lambda each: (each.run.start_time_ms or 0, each.id))
        dialog = CompareDialog(
            snapshot, self._runs.now, newer_id=newer.id, older_id=older.id, like=like
        )
        place = await self._open(dialog, self._runs)
        if place is not None:
            self._runs.select_scenario(*place)

    async def compare_agents(self, job_id: str, snapshot: "Snapshot", screen: "JobsScreen") -> None:
        """Compare the agents of a job."""
        dialog = MatrixDialog(snapshot, screen.now, job_id=job_id)
        place = await self._open(dialog, screen)
        if place is not None:
            await self._go_to_run(place.run_id)
            self._app.call_next(self._runs.select_scenario, *place)

    async def _open(
        self, dialog: "ComparingDialog", under: "RunsScreen | JobsScreen"
    ) -> "Place | None":
        self._dialog, self._under = dialog, under
        self._hold(dialog)
        try:
            return await self._app.push_screen_wait(dialog)
        finally:
            self._dialog = None
            self._hold(None)

    def _hold(self, dialog: "ComparingDialog | None") -> None:
        """Have the scenario runs of the runs of a dialog read, as far as these are known, and held."""
        run_ids = (
            tuple(filter(dialog.snapshot.by_id.__contains__, dialog.run_ids)) if dialog else ()
        )
        if self._under.compared != run_ids:
            self._under.compared = run_ids
            self._monitor.show(self._under.viewport)
