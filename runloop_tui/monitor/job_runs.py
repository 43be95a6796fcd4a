"""The runs of a job, merged from its outcomes, its runs in progress and its spec: none twice, none left out."""

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from runloop_tui.monitor.counts import (
    NOT_STARTED,
    Tally,
    contradicts_its_counts,
    counts_of_outcome,
    score_of_outcome,
)
from runloop_tui.monitor.job_index import ids_of_runs, job_total

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from runloop_tui.api.models import (
        AgentConfig,
        BenchmarkJob,
        BenchmarkOutcome,
        InProgressRun,
    )
    from runloop_tui.monitor.snapshot import RunRecord, Snapshot


@dataclass(frozen=True, slots=True)
class JobRun:
    """One agent with one model in a job: its benchmark run, as far as there is one."""

    key: str
    """Unique among the job's runs; no id of the server's."""
    run_id: str = ""
    """"" where the run has not started, or the server does not name it."""
    agent: str = ""
    model: str = ""
    state: str = ""
    """The run's own where that is known; "ended" where only its outcome is."""
    counts: Tally | None = None
    """None while the scenario runs of a live run are not read."""
    total: int | None = None
    """How many scenarios it has in all; None where it is unknown."""
    score: float | None = None
    """The score of the run, as everywhere: see `RunRecord.score`."""
    start_ms: int | None = None
    duration_ms: int | None = None
    """None where the server did not say, or the run is live."""
    is_terminal: bool = False
    without_run: int = 0
    """Outcomes that name no scenario run: they failed before there was one."""
    contradicts_its_counts: bool = False
    """The server's counts differ from its outcomes."""
    is_gone: bool = False
    """The server no longer knows the benchmark run."""

    @property
    def planned(self) -> int | None:
        """The total, but never less than what has started; None where it is unknown."""
        if self.total is None or self.counts is None:
            return self.total
        return max(self.total, self.counts.started)

    @property
    def beyond_total(self) -> int:
        """How many more have started than the total."""
        if self.total is None or self.counts is None:
            return 0
        return max(0, self.counts.started - self.total)

    @property
    def not_started(self) -> int | None:
        """How many are not accounted for yet; None where that is unknown."""
        if self.planned is None or self.counts is None:
            return None
        return self.planned - self.counts.started


@dataclass(frozen=True, slots=True)
class JobSum:
    """All runs of a job together."""

    counts: Tally = field(default_factory=Tally)
    total: int | None = None
    """None where that of a run is unknown."""
    not_read: int = 0
    """The runs whose counts are not known: the sum is without them."""


def agents(job: "BenchmarkJob") -> dict[str, tuple[str, str]]:
    """Return (agent, model) of the runs of a job that the server names, by run id."""
    found = {
        run.benchmark_run_id: (_agent(run.agent_config), run.agent_config.model_name)
        for run in job.in_progress_runs
        if run.agent_config is not None
    }
    found |= {
        outcome.benchmark_run_id: (outcome.agent_name, outcome.model_name)
        for outcome in job.benchmark_outcomes
    }
    found.pop("", None)
    return found


def sum_of(runs: "Sequence[JobRun]") -> JobSum:
    """Add up the runs of a job."""
    counts = Tally()
    for run in runs:
        counts += run.counts or Tally()
    planned = [run.planned for run in runs]
    total = sum(each for each in planned if each is not None)
    is_known = bool(runs) and None not in planned
    return JobSum(counts, total if is_known else None, sum(run.counts is None for run in runs))


def job_runs(
    job: "BenchmarkJob", records: "Mapping[str, RunRecord]", gone: "frozenset[str]" = frozenset()
) -> "tuple[JobRun, ...]":
    """Merge the runs of a job: its outcomes, runs in progress without one, and agents that have not started.

    `records` are the runs that are known by themselves, `gone` those that the server does not know any more.
    """
    total = job_total(job)
    ended = tuple(_ended(job, total, records, gone))
    ended_ids = {run.run_id for run in ended if run.run_id}
    in_progress = tuple(_in_progress(job, total, records, gone, ended_ids))
    begun = (*ended, *in_progress)
    return _as_in_spec(job, (*begun, *_to_come(job, total, begun)))


def _ended(
    job: "BenchmarkJob",
    total: int | None,
    records: "Mapping[str, RunRecord]",
    gone: "frozenset[str]",
) -> "Iterator[JobRun]":
    last: dict[str, BenchmarkOutcome] = {}
    for number, outcome in enumerate(job.benchmark_outcomes):
        last[_key(outcome.benchmark_run_id, "outcome", number)] = outcome
    for key, outcome in last.items():
        record = records.get(outcome.benchmark_run_id)
        yield JobRun(
            key,
            run_id=outcome.benchmark_run_id,
            agent=outcome.agent_name,
            model=outcome.model_name,
            state=record.run.state if record and not record.run.is_live else "ended",
            counts=counts_of_outcome(outcome),
            total=_total(total, record),
            score=_score(outcome, record),
            start_ms=record.run.start_time_ms if record else None,
            duration_ms=outcome.duration_ms,
            is_terminal=True,
            without_run=sum(not each.scenario_run_id for each in outcome.scenario_outcomes),
            contradicts_its_counts=contradicts_its_counts(outcome),
            is_gone=_is_gone(outcome.benchmark_run_id, record, gone),
        )


def _in_progress(
    job: "BenchmarkJob",
    total: int | None,
    records: "Mapping[str, RunRecord]",
    gone: "frozenset[str]",
    ended: set[str],
) -> "Iterator[JobRun]":
    last: dict[str, InProgressRun] = {}
    for number, run in enumerate(job.in_progress_runs):
        if run.benchmark_run_id not in ended:
            last[_key(run.benchmark_run_id, "in progress", number)] = run
    for key, run in last.items():
        record = records.get(run.benchmark_run_id)
        config = run.agent_config
        yield JobRun(
            key,
            run_id=run.benchmark_run_id,
            agent=_agent(config) if config else "",
            model=config.model_name if config else "",
            state=record.run.state if record else run.state,
            counts=record.counts if record else None,
            total=_total(total, record),
            score=record.score if record else None,
            start_ms=record.run.start_time_ms if record else run.start_time_ms,
            duration_ms=record.run.duration_ms if record else None,
            is_gone=_is_gone(run.benchmark_run_id, record, gone),
        )


def _to_come(
    job: "BenchmarkJob", total: int | None, begun: "Sequence[JobRun]"
) -> "Iterator[JobRun]":
    """Yield the agents of the spec for which there is no run yet; the same agent may be there more than once.

    Never more than the spec has beyond the runs: a run may call its agent by another name.
    """
    have = Counter((run.agent, run.model) for run in begun)
    configs = job.job_spec.agent_configs if job.job_spec else ()
    left = len(configs) - len(begun)
    for number, config in enumerate(configs):
        who = (_agent(config), config.model_name)
        if have[who]:
            have[who] -= 1
        elif left > 0:
            left -= 1
            yield JobRun(
                f"to come {number}", "", *who, state=NOT_STARTED, counts=Tally(), total=total
            )


def _as_in_spec(job: "BenchmarkJob", runs: "Sequence[JobRun]") -> "tuple[JobRun, ...]":
    """Sort runs as the spec lists their agents, so that a run keeps its place when it ends."""
    configs = job.job_spec.agent_configs if job.job_spec else ()
    places: dict[tuple[str, str], int] = {}
    for number, config in enumerate(configs):
        places.setdefault((_agent(config), config.model_name), number)
    return tuple(sorted(runs, key=lambda run: places.get((run.agent, run.model), len(configs))))


def _agent(config: "AgentConfig") -> str:
    return config.name or config.agent_id or config.type


def _key(run_id: str, kind: str, number: int) -> str:
    return f"run {run_id}" if run_id else f"{kind} {number}"


def _total(total: int | None, record: "RunRecord | None") -> int | None:
    return total if total is not None or record is None else record.total


def _is_gone(run_id: str, record: "RunRecord | None", gone: "frozenset[str]") -> bool:
    return record.gone if record else run_id in gone


def _score(outcome: "BenchmarkOutcome", record: "RunRecord | None") -> float | None:
    """Return the score of the run's record, else that of its outcome."""
    if record is not None and not record.run.is_live and record.score is not None:
        return record.score
    return score_of_outcome(outcome)


class SideBySide:
    """Caches the merged runs of jobs until something of them changes: thousands of outcomes are drawn every second."""

    def __init__(self) -> None:
        self._merged: dict[str, tuple[tuple[object, ...], tuple[JobRun, ...]]] = {}

    def of(self, job: "BenchmarkJob", snapshot: "Snapshot") -> "tuple[JobRun, ...]":
        """Return the runs of a job that is known to the snapshot."""
        records = (snapshot.by_id.get(run_id) for run_id in ids_of_runs(job))
        made_of = (job, snapshot.jobs.gone_runs, *records)
        merged = self._merged.get(job.id)
        if merged is None or not _same(merged[0], made_of):
            merged = (made_of, job_runs(job, snapshot.by_id, snapshot.jobs.gone_runs))
            self._merged[job.id] = merged
        return merged[1]


def _same(before: tuple[object, ...], now: tuple[object, ...]) -> bool:
    return len(before) == len(now) and all(
        one is other for one, other in zip(before, now, strict=True)
    )
