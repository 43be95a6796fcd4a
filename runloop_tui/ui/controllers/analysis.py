"""The figures of the runs, computed between the messages of the app; announces when a run collapses or stands still."""

import asyncio
from typing import TYPE_CHECKING

from runloop_tui.analysis.attempts import past_attempts
from runloop_tui.analysis.compare import run_before
from runloop_tui.analysis.report import NOTHING_EARLIER, Known, Reports
from runloop_tui.monitor.snapshot import Snapshot
from runloop_tui.present.notifications import (
    collapse_ended_message,
    collapse_message,
    standstill_ended_message,
    standstill_message,
)
from runloop_tui.ui.notifications import LONG_TOAST_S

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from textual.worker import Worker

    from runloop_tui.analysis.end import EndRange
    from runloop_tui.analysis.report import RunReport
    from runloop_tui.history.queries import PastRun
    from runloop_tui.monitor.poller import Poller
    from runloop_tui.monitor.snapshot import RunRecord
    from runloop_tui.ui.controllers.history import HistoryController
    from runloop_tui.ui.runtime.base_app import BaseApp

_EVERY_MINUTE_MS = 60_000
_EVERY_MS = 5_000
"""How often the figures are computed of a snapshot that stays the same: ages grow."""


class AnalysisController:
    """Brings the reports up to each snapshot, one figure at a time, so that keys are handled meanwhile.

    Args:
        app: runs the work, and shows notifications.
        monitor: reads the logs of what is slow.
        show: shows the reports, when they changed.
        bell: ring the terminal bell when a run begins to collapse or to stand still.
    """

    def __init__(
        self, app: "BaseApp", monitor: "Poller", show: "Callable[[], None]", *, bell: bool
    ) -> None:
        self._app = app
        self._monitor = monitor
        self._show = show
        self._bell = bell
        self._reports = Reports()
        self._snapshot = Snapshot()
        self._at_ms = 0
        self._is_busy = False
        self._worker: Worker[None] | None = None
        self._is_due = False
        self._collapsing: set[str] = set()  # the ids of the runs of which it was announced
        self._standing: set[str] = set()
        self._known: dict[str, Known] = {}
        self._before: dict[str, PastRun | None] = {}
        self._chosen: dict[str, tuple[int, str | None]] = {}

    @property
    def reports(self) -> "Mapping[str, RunReport]":
        """The reports of the runs, by id; replaced whole when one changes."""
        return self._reports.by_id

    @property
    def ends(self) -> "dict[str, EndRange]":
        """When runs end by themselves, by their ids."""
        return {id_: end for id_, report in self.reports.items() if (end := report.end)}

    @property
    def is_idle(self) -> bool:
        """Whether the reports are those of the last snapshot."""
        return not self._is_busy

    def _learn(self, history: "HistoryController") -> None:
        """Take in what the history says of earlier runs on the benchmarks of the runs that are held."""
        held = [record for record in self._snapshot.records if record.scenario_runs is not None]
        for run_id in self._known.keys() - {record.id for record in held}:
            del self._known[run_id], self._before[run_id]
            self._chosen.pop(run_id, None)
        for record in held:
            run = record.run
            earlier_ms = history.earlier_ms(run.benchmark_id) if run.is_live else NOTHING_EARLIER
            chosen = self._run_before(record)
            past = history.past_run(chosen) if chosen else history.run_before(run.id)
            known = self._known.get(run.id)
            is_same = known is not None and known.earlier_ms is earlier_ms
            if not is_same or self._before[run.id] is not past:
                self._before[run.id] = past
                before = past_attempts(past.scenarios) if past else ()
                self._known[run.id] = Known(earlier_ms, before)

    def _run_before(self, record: "RunRecord") -> str | None:
        """Return the id of the run that `=` compares a run with, looked for once a minute; None without one."""
        found = self._chosen.get(record.id)
        if found is None or not 0 <= self._at_ms - found[0] < _EVERY_MINUTE_MS:
            before = run_before(record, self._snapshot)
            found = self._at_ms, before.id if before else None
            self._chosen[record.id] = found
        return found[1]

    def update(
        self, snapshot: Snapshot, now_ms: int, history: "HistoryController | None" = None
    ) -> None:
        """Compute the figures of another snapshot, or of the same one after some seconds; `now_ms` by the server."""
        if snapshot is self._snapshot and 0 <= now_ms - self._at_ms < _EVERY_MS:
            return
        self._snapshot, self._at_ms, self._is_due = snapshot, now_ms, True
        if history is not None:
            self._learn(history)
        if not self._is_busy:
            self._is_busy = True
            # the function, not its coroutine: a worker that is canceled before it starts would never await that
            self._worker = self._app.run_worker(self._compute)

    async def _compute(self) -> None:
        try:
            while self._is_due:
                self._is_due = False
                before = self.reports
                for _ in self._reports.refresh(self._snapshot, self._at_ms, self._known):
                    await asyncio.sleep(0)
                if self.reports is not before:
                    self._monitor.suspect(self._slow_ids())
                    self._announce()
                    self._show()
        finally:
            self._is_busy = False

    def _slow_ids(self) -> tuple[str, ...]:
        """Return the ids of the scenario runs that are slow, the slowest first."""
        slow = [each for report in self.reports.values() for each in report.slow.values()]
        slow.sort(key=lambda each: (-each.factor, each.attempt.id))
        return tuple(each.attempt.id for each in slow)

    def _announce(self) -> None:
        """Notify once that a run begins to collapse or to stand still, and once that it has recovered."""
        for run_id, report in self.reports.items():
            record, collapse, still = (
                self._snapshot.by_id.get(run_id),
                report.collapse,
                report.standstill,
            )
            if record is None or not record.run.is_live:
                self._collapsing.discard(run_id)
                self._standing.discard(run_id)
                continue
            if collapse is not None and run_id not in self._collapsing:
                self._collapsing.add(run_id)
                self._alarm(collapse_message(record, collapse, self._at_ms), run_id)
            elif collapse is None and run_id in self._collapsing:
                self._collapsing.discard(run_id)
                ended = report.collapses[-1] if report.collapses else None
                self._inform(collapse_ended_message(record, ended, self._at_ms), run_id)
            if still is not None and run_id not in self._standing:
                self._standing.add(run_id)
                self._alarm(standstill_message(record, still, self._at_ms), run_id)
            elif still is None and run_id in self._standing:
                self._standing.discard(run_id)
                self._inform(standstill_ended_message(record), run_id)

    def _alarm(self, words: str, run_id: str) -> None:
        if self._bell:
            self._app.bell()
        self._app.notify(words, severity="error", timeout=LONG_TOAST_S, markup=False, run_id=run_id)

    def _inform(self, words: str, run_id: str) -> None:
        self._app.notify(words, timeout=LONG_TOAST_S, markup=False, run_id=run_id)
