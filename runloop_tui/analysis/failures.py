"""Failures in groups: scenario runs that failed for the same reason, errors and wrong answers apart.

Two are in one group where their reasons have the same fingerprint (see `reasons`). Fingerprints and samples are text
from outside: sanitise them before display.
"""

import math
from collections import defaultdict
from dataclasses import dataclass
from heapq import nlargest
from typing import TYPE_CHECKING, NamedTuple

from runloop_tui.analysis.reasons import Reason, fingerprint, reason_of_failure, reason_of_run
from runloop_tui.analysis.trend import Span, bucket_counts
from runloop_tui.monitor.counts import distinct_outcomes, is_error, kind_of_score, outcome

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from runloop_tui.api.models import (
        BenchmarkOutcome,
        FailureReason,
        ScenarioOutcome,
        ScenarioRun,
    )

LAST = 20
"""Among how many of the last that finished a group's share is taken as its present one."""
_FEWEST_FOR_GROWTH = 3
_GROWTH_BY_CHANCE = 0.01

_FINISHED = frozenset({"passed", "partial", "zero", "unscored", "error"})
_WRONG = frozenset({"partial", "zero"})


@dataclass(frozen=True, slots=True)
class FailureGroup:
    """The scenario runs of a run that failed for one reason."""

    fingerprint: str
    """What their reasons have in common: text from outside. "" where no reason is known."""
    is_error: bool
    """An error of the harness or the sandbox; else a wrong answer, partly or wholly."""
    ids: tuple[str, ...]
    """Their ids in order of end, those with an unknown end last."""
    without_id: int
    """How many more there are that failed before they had a scenario run."""
    first_ms: int | None
    """The first end among them, Unix ms; None where no end is known."""
    last_ms: int | None
    of_last: int
    """How many of the last 20 that finished are in this group."""
    buckets: tuple[int, ...]
    """How many of them ended in each part of the time axis; () without an axis."""
    sample: str
    """The reason of the latest: raw text from outside, at most 2,000 characters."""
    is_growing: bool
    """Its share of the last 20 is larger than before, which happens by chance once in 100 times.

    Compared by the hypergeometric distribution (Fisher's exact test, one-sided). False before 40 have finished.
    """

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self.ids) + self.without_id


class Failures(NamedTuple):
    """The groups of a run: those that grow first, then the largest."""

    errors: tuple[FailureGroup, ...] = ()
    wrong: tuple[FailureGroup, ...] = ()
    """Of wrong answers."""


@dataclass(frozen=True, slots=True)
class GroupOfAgents:
    """One reason in a job."""

    fingerprint: str
    """As in `FailureGroup`."""
    is_error: bool
    by_agent: tuple[FailureGroup | None, ...]
    """The group of each agent, in their order; None for those without a failure for this reason."""

    @property
    def count(self) -> int:
        """How many there are over all agents."""
        return sum(each.count for each in self.by_agent if each)

    @property
    def is_growing(self) -> bool:
        """Whether the group of one of the agents grows."""
        return any(each.is_growing for each in self.by_agent if each)


class _Failed(NamedTuple):
    """One that failed."""

    id: str
    is_error: bool
    end_ms: int | None
    reason: Reason
    fingerprint: str


class _Read(NamedTuple):
    """What was read of a scenario run, and from what."""

    run: "ScenarioRun"
    failure: "FailureReason | None"
    is_finished: bool
    end_ms: int | None
    failed: _Failed | None


class FailureReader:
    """Groups the scenario runs of one run at each change; the same objects as before are not read again."""

    def __init__(self) -> None:
        self._read: dict[str, _Read] = {}

    def groups(
        self,
        scenario_runs: "Iterable[ScenarioRun]",
        failures: "Mapping[str, FailureReason]",
        over: Span | None = None,
        buckets: int = 0,
        run_outcome: "BenchmarkOutcome | None" = None,
    ) -> Failures:
        """Return the groups of a run's scenario runs, as `failures_of_run`.

        `run_outcome` is what its job says of its end: the errors before there was a scenario run are in it alone.
        """
        read: dict[str, _Read] = {}
        for run in scenario_runs:
            failure = failures.get(run.id)
            known = self._read.get(run.id)
            if known is None or known.run is not run or known.failure is not failure:
                known = _read(run, failure)
            read[run.id] = known
        self._read = read
        failed = [each.failed for each in read.values() if each.failed is not None]
        if run_outcome is not None:
            outcomes = run_outcome.scenario_outcomes
            failed += _failed_outcomes(each for each in outcomes if not each.scenario_run_id)
        ends = [
            (each.end_ms, id_)
            for id_, each in read.items()
            if each.is_finished and each.end_ms is not None
        ]
        return _grouped(failed, ends, over, buckets)


def failures_of_run(
    scenario_runs: "Iterable[ScenarioRun]",
    failures: "Mapping[str, FailureReason]",
    over: Span | None = None,
    buckets: int = 0,
) -> Failures:
    """Return the groups of a run's scenario runs; of several with one id the last counts.

    Args:
        scenario_runs: all of the run (`RunRecord.scenario_runs`).
        failures: why they failed, by id, as the run's job reports it (`JobOfRun.failures`); empty without a job.
        over: the time axis (`trend.span`); None for no counts over time.
        buckets: into how many parts the axis is divided.
    """
    return FailureReader().groups(scenario_runs, failures, over, buckets)


def _read(run: "ScenarioRun", failure: "FailureReason | None") -> _Read:
    kind = outcome(run)
    end = None
    if run.start_time_ms is not None and run.duration_ms is not None:
        end = run.start_time_ms + run.duration_ms
    failed = None
    if kind == "error" or kind in _WRONG:
        reason = reason_of_run(run, failure)
        failed = _Failed(run.id, kind == "error", end, reason, fingerprint(reason))
    return _Read(run, failure, kind in _FINISHED, end, failed)


def failures_of_outcome(run_outcome: "BenchmarkOutcome") -> Failures:
    """Return the groups of a terminal run whose scenario runs are not held, from what its job says of its end.

    There are no times in it: no group has a first or last moment or grows. Of wrong answers no reason is known.
    """
    return _grouped(_failed_outcomes(distinct_outcomes(run_outcome)), [], None, 0)


def _failed_outcomes(outcomes: "Iterable[ScenarioOutcome]") -> list[_Failed]:
    failed: list[_Failed] = []
    for each in outcomes:
        if is_error(each.state):
            reason = reason_of_failure(each.failure_reason) or Reason(text=each.state)
        elif each.state == "completed" and kind_of_score(each.score) in _WRONG:
            reason = Reason()
        else:
            continue
        is_wrong = each.state == "completed"
        failed.append(
            _Failed(each.scenario_run_id, not is_wrong, None, reason, fingerprint(reason))
        )
    return failed


class GroupMembers:
    """Which scenario runs of a run are in a group, at each change; the same objects as before are not read again.

    Args:
        group: the group.
        scenario_runs: all of the run when the group was made; () where they were not held.
        failures: why they failed, as for `failures_of_run`.
    """

    def __init__(
        self,
        group: FailureGroup,
        scenario_runs: "Iterable[ScenarioRun]" = (),
        failures: "Mapping[str, FailureReason] | None" = None,
    ) -> None:
        self._is_error = group.is_error
        self._fingerprint = group.fingerprint
        known, ids = failures or {}, frozenset(group.ids)
        self._known = {run.id: (run, known.get(run.id), run.id in ids) for run in scenario_runs}

    def ids(
        self, scenario_runs: "Iterable[ScenarioRun]", failures: "Mapping[str, FailureReason]"
    ) -> frozenset[str]:
        """Return the ids of those that are in the group now."""
        now: dict[str, tuple[ScenarioRun, FailureReason | None, bool]] = {}
        for run in scenario_runs:
            failure = failures.get(run.id)
            known = self._known.get(run.id)
            if known is None or known[0] is not run or known[1] is not failure:
                known = run, failure, self._has(_read(run, failure).failed)
            now[run.id] = known
        self._known = now
        return frozenset(id_ for id_, (_, _, is_in) in now.items() if is_in)

    def _has(self, failed: _Failed | None) -> bool:
        return (
            failed is not None
            and failed.is_error == self._is_error
            and failed.fingerprint == self._fingerprint
        )


def groups_of_agents(agents: "Sequence[Failures]") -> tuple[GroupOfAgents, ...]:
    """Return the reasons of all agents of a job: errors first, then those that grow, then the largest."""
    found: dict[tuple[bool, str], list[FailureGroup | None]] = {}
    for number, failures in enumerate(agents):
        for group in (*failures.errors, *failures.wrong):
            row = found.setdefault((group.is_error, group.fingerprint), [None] * len(agents))
            row[number] = group
    groups = [GroupOfAgents(key[1], key[0], tuple(row)) for key, row in found.items()]
    groups.sort(key=lambda each: (not each.is_error, not each.is_growing, -each.count))
    return tuple(groups)


def _grouped(
    failed: "Sequence[_Failed]",
    ends: "Sequence[tuple[int, str]]",
    over: Span | None,
    buckets: int,
) -> Failures:
    """Group what failed; `ends` are the ends and ids of all that finished."""
    by_cause: dict[tuple[bool, str], list[_Failed]] = defaultdict(list)
    for each in failed:
        by_cause[each.is_error, each.fingerprint].append(each)
    last = frozenset(id_ for _, id_ in nlargest(LAST, ends))
    groups = [
        _group(cause, members, last, len(ends), over, buckets)
        for cause, members in by_cause.items()
    ]
    groups.sort(key=_rank)
    return Failures(
        errors=tuple(group for group in groups if group.is_error),
        wrong=tuple(group for group in groups if not group.is_error),
    )


def _rank(group: FailureGroup) -> tuple[bool, int, float, str]:
    last_ms = -math.inf if group.last_ms is None else group.last_ms
    return (not group.is_growing, -group.count, -last_ms, group.fingerprint)


def _group(
    cause: tuple[bool, str],
    members: list[_Failed],
    last: frozenset[str],
    finished: int,
    over: Span | None,
    buckets: int,
) -> FailureGroup:
    members.sort(key=lambda each: (each.end_ms is None, each.end_ms or 0, each.id))
    ends = [each.end_ms for each in members if each.end_ms is not None]
    ids = tuple(each.id for each in members if each.id)
    of_last = sum(id_ in last for id_ in ids)
    latest = members[len(ends) - 1] if ends else members[-1]
    return FailureGroup(
        fingerprint=cause[1],
        is_error=cause[0],
        ids=ids,
        without_id=len(members) - len(ids),
        first_ms=ends[0] if ends else None,
        last_ms=ends[-1] if ends else None,
        of_last=of_last,
        buckets=() if over is None else bucket_counts(ends, over, buckets),
        sample=latest.reason.sample,
        is_growing=_is_growing(of_last, len(ends), finished),
    )


def _is_growing(of_last: int, members: int, finished: int) -> bool:
    """Return whether so many of the last 20 are more than chance, with `members` among all that finished."""
    if of_last < _FEWEST_FOR_GROWTH or finished < 2 * LAST or of_last > members:
        return False
    ways = sum(
        math.comb(members, number) * math.comb(finished - members, LAST - number)
        for number in range(of_last, min(LAST, members) + 1)
    )
    return ways / math.comb(finished, LAST) < _GROWTH_BY_CHANCE
