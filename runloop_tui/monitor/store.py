"""The store: every fact with the stamp of the request that brought it, the overlays of actions, and subscribers.

Answers arrive out of order: a poll sent before an action may land after it. So each request takes a stamp (a counter)
before it is sent, and of two answers about the same thing the one that was sent later holds. A terminal state is never
replaced by one that is not; what the server no longer knows is marked gone until it is listed again.
"""

from collections.abc import Callable, Collection, Iterable
from typing import TYPE_CHECKING

from runloop_tui.api.states import is_terminal
from runloop_tui.monitor.job_index import JobIndex
from runloop_tui.monitor.log_activity import LogActivities
from runloop_tui.monitor.run_index import RunIndex
from runloop_tui.monitor.run_records import make_record
from runloop_tui.monitor.snapshot import LogActivity, RunRecord, Snapshot

if TYPE_CHECKING:
    from runloop_tui.api.models import BenchmarkJob, BenchmarkRun, ScenarioDefinition, ScenarioRun
    from runloop_tui.monitor.counts import Tally

_TERMINAL_RUNS_HELD = 8
"""Of how many terminal runs the scenario runs are held in memory; of the others only the counts."""


class Store:
    """Takes answers about runs, scenario runs, jobs and benchmarks in, and publishes snapshots of what it knows."""

    def __init__(self) -> None:
        self._subscribers: list[Callable[[Snapshot], None]] = []
        self.snapshot = Snapshot()
        """What was published last."""
        self._stamp = 0
        self._stamps: dict[str, int] = {}
        self._runs: dict[str, BenchmarkRun] = {}
        self._embedded: dict[str, int] = {}
        self._gone: set[str] = set()
        self._indexes: dict[str, RunIndex] = {}
        self._released: dict[str, Tally] = {}
        self._totals: dict[str, int | None] = {}
        self._definitions: dict[str, tuple[ScenarioDefinition, ...]] = {}
        self._under_way: dict[str, str] = {}
        self._records: dict[str, RunRecord] = {}
        self._stale: set[str] = set()
        self.runs_in_all: int | None = None
        self.more_runs = False
        self.loaded = False
        self.job_index = JobIndex()
        self._logs = LogActivities()

    def stamp(self) -> int:
        """Return a new stamp, for a request about to be sent or for an action's answer that just arrived."""
        self._stamp += 1
        return self._stamp

    # Runs

    def learn_run(self, run: "BenchmarkRun", stamp: int) -> None:
        """Take in an answer about a run, unless a later one is known; a terminal run stays terminal."""
        if not self._is_news(run.id, stamp):
            return
        if run.pending_scenarios is not None or run.embedded_scenario_runs:
            self._embedded[run.id] = stamp
        known = self._runs.get(run.id)
        if known is not None:
            run = run.filled_from(known)
            if is_terminal(known.state) and not is_terminal(run.state):
                run = known
        if known != run:
            self._runs[run.id] = run
            self._stale.add(run.id)
        if run.id in self._gone:
            self._gone.remove(run.id)
            self._stale.add(run.id)

    def mark_gone(self, run_id: str, stamp: int) -> None:
        """Mark a run gone: the server answered that it does not know it (404)."""
        if self._is_news(run_id, stamp):
            self._gone.add(run_id)
            self._stale.add(run_id)

    def run(self, run_id: str) -> "BenchmarkRun | None":
        """Return the run as it was last learned."""
        return self._runs.get(run_id)

    def knows_run(self, run_id: str) -> bool:
        """Return whether the run was read."""
        return run_id in self._runs

    def is_gone(self, run_id: str) -> bool:
        """Return whether the server no longer knows the run."""
        return run_id in self._gone

    def is_live(self, run_id: str) -> bool:
        """Return whether the run was running by the last answer."""
        run = self._runs.get(run_id)
        return run is not None and run.is_live and run_id not in self._gone

    def live_ids(self) -> list[str]:
        """Return the ids of the runs that were running by the last answer."""
        return [id_ for id_, run in self._runs.items() if run.is_live and id_ not in self._gone]

    def last_heard(self, run_id: str) -> int:
        """Return the stamp of the last answer about a run; 0 where there was none."""
        return self._stamps.get(run_id, 0)

    def embedded_stamp(self, run_id: str) -> int | None:
        """Return the stamp of the last answer that embedded a run's scenario runs (older servers); None without one."""
        return self._embedded.get(run_id)

    @property
    def newest_stamp(self) -> int:
        """The stamp that was given last."""
        return self._stamp

    # Jobs

    def learn_jobs(self, jobs: "Iterable[BenchmarkJob]", stamp: int) -> None:
        """Take in answers about jobs; the rules are those of runs."""
        for job in jobs:
            if self._is_news(_job_key(job.id), stamp):
                self._stale.update(self.job_index.put(job))

    def mark_job_gone(self, job_id: str, stamp: int) -> None:
        """Mark a job gone: the server answered that it does not know it (404)."""
        if self._is_news(_job_key(job_id), stamp):
            self.job_index.mark_gone(job_id)

    def last_heard_of_job(self, job_id: str) -> int:
        """Return the stamp of the last answer about a job; 0 where there was none."""
        return self._stamps.get(_job_key(job_id), 0)

    # Benchmarks

    def learn_total(self, benchmark_id: str, total: int | None, stamp: int) -> None:
        """Take in how many scenarios a benchmark has, or None where the server does not say."""
        if self._is_news(f"total {benchmark_id}", stamp):
            self._totals[benchmark_id] = total
            self._mark_runs_stale(benchmark_id)

    def benchmark_without_total(self, run_id: str) -> str | None:
        """Return the benchmark of the run, if it has one and neither its total nor that of its job is known."""
        run = self._runs.get(run_id)
        if run is None or not run.benchmark_id or self._totals.get(run.benchmark_id) is not None:
            return None
        job = self.job_index.of_run(run_id)
        return run.benchmark_id if job is None or job.total is None else None

    def learn_definitions(
        self, benchmark_id: str, definitions: "tuple[ScenarioDefinition, ...]", stamp: int
    ) -> None:
        """Take in the scenarios of a benchmark with their names; none where the server does not return them."""
        if self._is_news(f"definitions {benchmark_id}", stamp):
            self._definitions[benchmark_id] = definitions
            self._mark_runs_stale(benchmark_id)

    def benchmark_without_names(self, run_id: str) -> str | None:
        """Return the benchmark of a live run of which some scenarios have not started, if its names are not known."""
        run, record = self._runs.get(run_id), self._records.get(run_id)
        if run is None or record is None or not run.benchmark_id or not self.is_live(run_id):
            return None
        if self._definitions.get(run.benchmark_id) or not self.has_swept(run_id):
            return None
        to_come = record.tally.not_started(record.planned) if record.tally else None
        return run.benchmark_id if to_come else None

    def _mark_runs_stale(self, benchmark_id: str) -> None:
        """Have the records of a benchmark's runs made anew."""
        self._stale.update(
            id_ for id_, run in self._runs.items() if run.benchmark_id == benchmark_id
        )

    # Scenario runs

    def begin_sweep(self, run_id: str, stamp: int | None = None) -> int:
        """Begin to take in all scenario runs of a run; return a new stamp, or the given one of what was read before."""
        self._indexes.setdefault(run_id, RunIndex())
        return self.stamp() if stamp is None else stamp

    def learn_scenario_runs(
        self, run_id: str, scenario_runs: Iterable["ScenarioRun"], stamp: int
    ) -> None:
        """Take in answers about scenario runs of a run whose sweep has begun; the rules are those of runs."""
        index = self._indexes.get(run_id)
        if index is None:  # a single one would pass for all of them
            return
        for scenario_run in scenario_runs:
            if not self._is_news(scenario_run.id, stamp):
                continue
            known = index.get(scenario_run.id)
            filled = scenario_run
            if known is not None:
                filled = scenario_run.filled_from(known)
                if is_terminal(known.state) and not is_terminal(filled.state):
                    continue
            # Keeping the equal object makes comparing snapshots cheap.
            if known is None or known != filled or known.is_whole != filled.is_whole:
                index.put(filled)
                self._stale.add(run_id)

    def end_sweep(
        self,
        run_id: str,
        seen: Collection[str],
        stamp: int,
        *,
        unread: int = 0,
        total: int | None = None,
    ) -> None:
        """End a sweep: drop the scenario runs that it did not see, unless they were learned since it began.

        Where items could not be parsed (`unread`), or the server counts more than it listed (`total`), none is
        dropped; unread ones beyond those that are held are counted as unread.
        """
        index = self._indexes.pop(run_id)
        if not unread and (total is None or total <= len(seen)):
            index.keep_only(
                id_ for id_ in index.ids if id_ in seen or self._stamps.get(id_, 0) >= stamp
            )
        index.unread = max(0, len(seen) + unread - len(index))
        index.has_holes = unread > 0
        index.all_read = True
        self._indexes[run_id] = index  # moved to the end: the one read last is released last
        self._released.pop(run_id, None)
        self._stale.add(run_id)

    def has_swept(self, run_id: str) -> bool:
        """Return whether all scenario runs of the run were read and are held."""
        index = self._indexes.get(run_id)
        return index is not None and index.all_read

    def has_tally(self, run_id: str) -> bool:
        """Return whether the counts of the run are known."""
        return run_id in self._released or self.has_swept(run_id)

    def scenario_count(self, run_id: str) -> int:
        """Return how many scenario runs of the run are held."""
        index = self._indexes.get(run_id)
        return len(index) if index else 0

    def started_count(self, run_id: str) -> int:
        """Return how many scenario runs of the run have started: those held, and those that could not be read."""
        index = self._indexes.get(run_id)
        return len(index) + index.unread if index else 0

    def has_unread(self, run_id: str) -> bool:
        """Return whether scenario runs of the run are listed that could not be parsed, or only in part."""
        index = self._indexes.get(run_id)
        return index is not None and not index.is_whole

    def has_any_unread(self) -> bool:
        """Return whether scenario runs of any run are held of which some could not be parsed, or only in part."""
        return not all(index.is_whole for index in self._indexes.values())

    def active_ids(self, run_id: str) -> set[str]:
        """Return the ids of the held scenario runs that were not terminal by the last answer."""
        index = self._indexes.get(run_id)
        return {scenario_run.id for scenario_run in index.active} if index else set()

    def scenario_run(self, run_id: str, scenario_run_id: str) -> "ScenarioRun | None":
        """Return the scenario run as it was last learned, if it is held."""
        index = self._indexes.get(run_id)
        return index.get(scenario_run_id) if index else None

    def is_scored(self, run_id: str, scenario_run_id: str) -> bool:
        """Return whether a held scenario run has its score and was not completed yet."""
        scenario_run = self.scenario_run(run_id, scenario_run_id)
        return (
            scenario_run is not None
            and scenario_run.is_score_final
            and not scenario_run.is_terminal
        )

    def has_nonterminal(self, run_id: str) -> bool:
        """Return whether any held scenario run of the run may still change."""
        index = self._indexes.get(run_id)
        return index is not None and not all(each.is_terminal for each in index.scenario_runs)

    def release_scenario_runs(self, keep: Collection[str]) -> None:
        """Release the scenario runs of terminal runs beyond the 8 that were read last; their counts stay.

        Those in `keep` and of live runs stay.
        """
        releasable = [
            id_
            for id_, index in self._indexes.items()
            if id_ not in keep and index.all_read and not self.is_live(id_)
        ]
        for run_id in releasable[: max(0, len(releasable) - _TERMINAL_RUNS_HELD)]:
            index = self._indexes.pop(run_id)
            self._released[run_id] = index.tally
            for id_ in index.ids:
                self._stamps.pop(id_, None)
            self._stale.add(run_id)

    # Devbox logs

    def active_scenario_run(self, scenario_run_id: str) -> "ScenarioRun | None":
        """Return a scenario run of a live run, if it is held and was not done by the last answer."""
        found = self._active(scenario_run_id)
        return found[1] if found else None

    def learn_log_activity(self, scenario_run_id: str, activity: LogActivity, stamp: int) -> None:
        """Take in what a devbox log said of its activity; dropped where its scenario run is not active."""
        found = self._active(scenario_run_id)
        if found is not None and self._is_news(_log_key(scenario_run_id), stamp):
            self._logs.put(found[0], scenario_run_id, activity)

    def _active(self, scenario_run_id: str) -> "tuple[str, ScenarioRun] | None":
        """Return an active scenario run of a live run, and the id of that run."""
        for run_id, index in self._indexes.items():
            scenario_run = index.get(scenario_run_id)
            if scenario_run is not None and self.is_live(run_id):
                return None if scenario_run.is_score_final else (run_id, scenario_run)
        return None

    def _drop_log_activity(self) -> None:
        """Drop the log activity of what is no longer active."""
        for id_ in [id_ for id_ in self._logs.held if self._active(id_) is None]:
            self._logs.drop(id_)
            self._stamps.pop(_log_key(id_), None)
        for run_id in [run_id for run_id in self._logs.gaps if not self.is_live(run_id)]:
            self._logs.drop_gap(run_id)

    # Overlays of actions

    def begin(self, target_id: str, words: str, run_id: str) -> None:
        """Show `words` (“canceling…”) over the state of an action's target, until `end`."""
        self._under_way[target_id] = words
        self._stale.add(run_id)

    def end(self, target_id: str, run_id: str) -> None:
        """Remove the overlay."""
        self._under_way.pop(target_id, None)
        self._stale.add(run_id)

    def is_under_way(self, target_id: str) -> bool:
        """Return whether an action on this target has not ended yet."""
        return target_id in self._under_way

    # Snapshots

    def subscribe(self, on_snapshot: "Callable[[Snapshot], None]") -> None:
        """Call `on_snapshot` with each snapshot that is published."""
        self._subscribers.append(on_snapshot)

    def publish(self) -> None:
        """Publish what is known now, unless it equals what was published before."""
        snapshot = self.snapshot_now()
        if snapshot != self.snapshot:
            self.snapshot = snapshot
            for on_snapshot in self._subscribers:
                on_snapshot(snapshot)

    def snapshot_now(self) -> Snapshot:
        """Return everything known, the records that did not change being the same objects as before.

        The records are in the order in which their runs were first learned.
        """
        for run_id in self._runs if len(self._stale) > 1 else self._stale:
            if run_id in self._stale and run_id in self._runs:
                record = self._record(self._runs[run_id])
                if record != self._records.get(run_id):
                    self._records[run_id] = record
        self._stale.clear()
        self._drop_log_activity()
        return Snapshot(
            records=tuple(self._records.values()),
            runs_in_all=self.runs_in_all,
            more_runs=self.more_runs,
            loaded=self.loaded,
            under_way=tuple(self._under_way.items()),
            jobs=self.job_index.jobs(),
            log_activity=self._logs.held,
            log_gaps=self._logs.gaps,
        )

    def _record(self, run: "BenchmarkRun") -> RunRecord:
        return make_record(
            run,
            job=self.job_index.of_run(run.id),
            benchmark_total=self._totals.get(run.benchmark_id),
            definitions=self._definitions.get(run.benchmark_id, ()),
            index=self._indexes.get(run.id),
            released=self._released.get(run.id),
            under_way=self._under_way.get(run.id, ""),
            gone=run.id in self._gone,
        )

    def _is_news(self, id_: str, stamp: int) -> bool:
        """Return whether no answer with a later stamp is known about a thing, and remember the stamp."""
        if stamp < self._stamps.get(id_, 0):
            return False
        self._stamps[id_] = stamp
        return True


def _job_key(job_id: str) -> str:
    return f"job {job_id}"


def _log_key(scenario_run_id: str) -> str:
    return f"log {scenario_run_id}"
