"""What has been learned so far, and the rules by which a later answer replaces an earlier one.

Answers overtake each other: a poll sent before an action may land after it. So each request takes a stamp when it
is sent, and of two answers on the same thing the one sent later holds. What has ended stays ended.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from runloop_tui.monitor.progress import Tally, pace, tally, usual_ms
from runloop_tui.monitor.snapshot import RunRecord, Snapshot

if TYPE_CHECKING:
    from runloop_tui.api.models import BenchmarkRun, ScenarioRun

_CLOSED_BOOKS_HELD = 8
"""Of how many ended runs the scenario runs are held; of the others only the counts."""


@dataclass(slots=True)
class _Book:
    """The scenario runs of one run."""

    scenario_runs: dict[str, "ScenarioRun"] = field(default_factory=dict)
    all_read: bool = False


class Ledger:
    """Learns runs and scenario runs from answers, and makes snapshots of what it knows."""

    def __init__(self) -> None:
        self._stamp = 0
        self._stamps: dict[str, int] = {}
        self._runs: dict[str, BenchmarkRun] = {}
        self._gone: set[str] = set()
        self._books: dict[str, _Book] = {}
        self._closed: dict[str, Tally] = {}
        self._totals: dict[str, int | None] = {}
        self._under_way: dict[str, str] = {}
        self._records: dict[str, RunRecord] = {}
        self._stale: set[str] = set()
        self.runs_in_all: int | None = None
        self.more_runs = False
        self.loaded = False

    def stamp(self) -> int:
        """A stamp for a request about to be sent, or for an action's answer that just came."""
        self._stamp += 1
        return self._stamp

    # Runs

    def learn_run(self, run: "BenchmarkRun", stamp: int) -> None:
        """Take in an answer about a run, unless a later one is known or it would bring an ended run back."""
        known = self._runs.get(run.id)
        if not self._newer(run.id, stamp) or (known and not known.is_live and run.is_live):
            return
        self._gone.discard(run.id)
        if known != run:
            self._runs[run.id] = run
            self._stale.add(run.id)

    def mark_gone(self, run_id: str) -> None:
        """The server does not know the run any more."""
        self._gone.add(run_id)
        self._stale.add(run_id)

    def run(self, run_id: str) -> "BenchmarkRun | None":
        """The run as it was last learned."""
        return self._runs.get(run_id)

    def knows_run(self, run_id: str) -> bool:
        """Tell whether the run was read."""
        return run_id in self._runs

    def live_ids(self) -> list[str]:
        """The ids of the runs that were running when last heard of."""
        return [id_ for id_, run in self._runs.items() if run.is_live and id_ not in self._gone]

    # Totals

    def learn_total(self, benchmark_id: str, total: int | None) -> None:
        """How many scenarios a benchmark has, or None where the server will not say."""
        if benchmark_id not in self._totals or self._totals[benchmark_id] != total:
            self._totals[benchmark_id] = total
            self._stale.update(
                id_ for id_, run in self._runs.items() if run.benchmark_id == benchmark_id
            )

    def knows_total(self, benchmark_id: str) -> bool:
        """Tell whether the benchmark was asked for."""
        return benchmark_id in self._totals

    # Scenario runs

    def learn_scenario_runs(
        self, run_id: str, scenario_runs: Iterable["ScenarioRun"], stamp: int
    ) -> None:
        """Take in answers about scenario runs of a run; the rules are those of runs."""
        held = self._books.setdefault(run_id, _Book()).scenario_runs
        for scenario_run in scenario_runs:
            known = held.get(scenario_run.id)
            if known == scenario_run:  # keeping the object makes comparing snapshots cheap
                self._newer(scenario_run.id, stamp)
                continue
            if known is not None and known.is_settled and not scenario_run.is_settled:
                continue
            if self._newer(scenario_run.id, stamp):
                held[scenario_run.id] = scenario_run
                self._stale.add(run_id)

    def end_sweep(self, run_id: str, seen: Collection[str], stamp: int) -> None:
        """All scenario runs were read once: those not `seen`, and not learned since, exist no more."""
        book = self._books.setdefault(run_id, _Book())
        for id_ in [
            id_
            for id_ in book.scenario_runs
            if id_ not in seen and self._stamps.get(id_, 0) < stamp
        ]:
            del book.scenario_runs[id_]
        book.all_read = True
        self._stale.add(run_id)

    def has_swept(self, run_id: str) -> bool:
        """Tell whether all scenario runs of the run were read and are held."""
        book = self._books.get(run_id)
        return book is not None and book.all_read

    def has_tally(self, run_id: str) -> bool:
        """Tell whether the counts of the run are known."""
        return run_id in self._closed or self.has_swept(run_id)

    def scenario_count(self, run_id: str) -> int:
        """How many scenario runs of the run are held."""
        book = self._books.get(run_id)
        return len(book.scenario_runs) if book else 0

    def scenario_run(self, run_id: str, scenario_run_id: str) -> "ScenarioRun | None":
        """The scenario run as it was last learned."""
        book = self._books.get(run_id)
        return book.scenario_runs.get(scenario_run_id) if book else None

    def active_ids(self, run_id: str) -> set[str]:
        """The ids of the held scenario runs that were not done when last heard of."""
        book = self._books.get(run_id)
        held = book.scenario_runs.values() if book else ()
        return {scenario_run.id for scenario_run in held if not scenario_run.is_done}

    def close_books(self, keep: Collection[str]) -> None:
        """Let go of the scenario runs of ended runs beyond a few, the least recently read first; their counts stay."""
        closable = [
            id_
            for id_, book in self._books.items()
            if id_ not in keep and book.all_read and not self._is_live(id_)
        ]
        for run_id in closable[: max(0, len(closable) - _CLOSED_BOOKS_HELD)]:
            book = self._books.pop(run_id)
            self._closed[run_id] = tally(book.scenario_runs.values())
            for id_ in book.scenario_runs:
                self._stamps.pop(id_, None)
            self._stale.add(run_id)

    # What is under way

    def begin(self, target_id: str, words: str, run_id: str) -> None:
        """Lay what was asked for over the truth, until `end`."""
        self._under_way[target_id] = words
        self._stale.add(run_id)

    def end(self, target_id: str, run_id: str) -> None:
        """Take the overlay off."""
        self._under_way.pop(target_id, None)
        self._stale.add(run_id)

    def is_under_way(self, target_id: str) -> bool:
        """Tell whether an action on this target has not ended yet."""
        return target_id in self._under_way

    # Snapshots

    def snapshot(self, now_ms: int) -> Snapshot:
        """Everything known, the records that did not change being the same objects as before."""
        for run_id in self._stale.union(self.live_ids()):
            if run_id in self._runs:
                record = self._record(run_id, now_ms)
                if record != self._records.get(run_id):
                    self._records[run_id] = record
        self._stale.clear()
        return Snapshot(
            records=tuple(self._records.values()),
            runs_in_all=self.runs_in_all,
            more_runs=self.more_runs,
            loaded=self.loaded,
            under_way=tuple(self._under_way.items()),
        )

    def _record(self, run_id: str, now_ms: int) -> RunRecord:
        run = self._runs[run_id]
        total = self._totals.get(run.benchmark_id) if run.benchmark_id else None
        book = self._books.get(run_id)
        before = self._records.get(run_id)
        scenario_runs = tuple(book.scenario_runs.values()) if book else None
        if before is not None and before.scenario_runs == scenario_runs:
            counts, usual = before.tally, before.usual_ms
            scenario_runs, active = before.scenario_runs, before.active
        else:
            held = scenario_runs or ()
            counts, usual = tally(held), usual_ms(held)
            active = tuple(scenario_run for scenario_run in held if not scenario_run.is_done)
        if book is None:
            counts, usual, active = self._closed.get(run_id), None, ()
        elif counts is None:
            counts = tally(())
        return RunRecord(
            run=run,
            total=total,
            tally=counts,
            pace=pace(scenario_runs or (), total, run.start_time_ms, now_ms)
            if run.is_live
            else None,
            usual_ms=usual,
            active=active,
            scenario_runs=scenario_runs,
            all_read=book is None or book.all_read,
            under_way=self._under_way.get(run_id, ""),
            gone=run_id in self._gone,
        )

    def _is_live(self, run_id: str) -> bool:
        run = self._runs.get(run_id)
        return run is not None and run.is_live

    def _newer(self, id_: str, stamp: int) -> bool:
        if stamp < self._stamps.get(id_, 0):
            return False
        self._stamps[id_] = stamp
        return True
