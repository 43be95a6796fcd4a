"""Two runs of one benchmark against each other, and the agents of a job: paired by scenario, never by position.

Several attempts at one scenario in one run count as their mean. An error has no score: it is given beside the
pairs and not counted in them.
"""

import math
from dataclasses import dataclass
from operator import attrgetter, mul, sub
from typing import TYPE_CHECKING, Literal, NamedTuple

from runloop_tui.analysis.trend import counted_value
from runloop_tui.api.states import is_terminal
from runloop_tui.monitor.job_runs import agents

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from runloop_tui.analysis.attempts import Attempt
    from runloop_tui.monitor.counts import Kind
    from runloop_tui.monitor.snapshot import RunRecord, Snapshot

Likeness = Literal["agent", "name", "benchmark"]
"""What two runs have in common: agent and model, else their name, else only their benchmark, or not even that."""

_Z = 1.96
_LEVEL = 0.05
_NOT_SEEN = 3.0
"""What was not seen in n pairs has a share of at most this / n, at 95 % (the rule of three)."""
_EQUAL = 1e-9
_T = {1: 12.706, 2: 4.303, 3: 3.182, 4: 2.776}
"""The 97.5 % quantile of Student's t by degrees of freedom, where the series of `_quantile` is too rough."""


class Result(NamedTuple):
    """What one run came to at one scenario."""

    value: float | None
    """The mean score of its attempts with a score; None where all that finished ended in an error, or none did."""
    is_error: bool = False
    """All that finished ended in an error."""
    is_active: bool = False
    """An attempt is running or being scored: what it came to is not final."""

    @property
    def is_final(self) -> bool:
        """Whether it has a score that no attempt still changes."""
        return self.value is not None and not self.is_active


class Flip(NamedTuple):
    """A scenario that came to something else."""

    scenario_id: str
    name: str
    """Text from outside."""
    before: float | None
    """The score of the baseline; None for an error."""
    after: float | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """A run (after) against its baseline (before), on the scenarios that have a final score in both."""

    pairs: int
    better: tuple[Flip, ...]
    """Those with a higher score than before, the largest difference first."""
    worse: tuple[Flip, ...]
    new_errors: tuple[Flip, ...]
    """Those that had a score and end in an error now; in no pair."""
    gone_errors: tuple[Flip, ...]
    """Those that ended in an error and have a score now; in no pair."""
    errors_in_both: int
    unpaired: int
    """Scenarios that are not finished, or not there, in one of the two."""
    score_before: float | None
    """The mean score of the pairs in the baseline, without errors, so not the score of the run; None without pairs."""
    score_after: float | None
    difference: float | None
    """`score_after` minus `score_before`, from -1 to 1 for scores from 0 to 1."""
    low: float | None
    """The 95 % interval of the difference; None where there are no pairs, or a single one with fractional scores."""
    high: float | None
    detectable: float | None
    """The smallest difference that this many pairs with this many flips could tell from chance."""
    p: float | None
    """McNemar's mid-p; None unless both runs are terminal and all scores are 0 or 1."""
    is_significant: bool
    """The difference is more than chance at the level of 5 %. False unless both runs are terminal."""


class Row(NamedTuple):
    """One scenario in all runs of a job."""

    scenario_id: str
    name: str
    """Text from outside."""
    results: tuple[Result | None, ...]
    """By run, in their order; None where nothing of it has started, or nothing counts."""
    spread: float
    """The highest score minus the lowest, an error as 0, over the runs in which it is final; 0 for fewer than two."""
    has_mixed_errors: bool
    """It ended in an error in some of these runs only."""

    @property
    def differs(self) -> bool:
        """Whether two runs came to different scores."""
        return self.spread > _EQUAL


_ABSENT = Result(None)


def run_before(record: "RunRecord", snapshot: "Snapshot") -> "RunRecord | None":
    """Return the run to compare a run with: the last one that started earlier on its benchmark.

    One of the same agent and model is preferred, then one of the same name (`likeness`). Passed over are runs that
    are gone, and those in which no scenario has a score: by their counts, or, where these are not known, live ones.
    None where there is none, or the benchmark or start of the run is not known.
    """
    start, benchmark_id = record.run.start_time_ms, record.run.benchmark_id
    if not benchmark_id or start is None:
        return None
    earlier: list[tuple[int, str, RunRecord]] = []
    for each in snapshot.records:
        run = each.run
        if run.benchmark_id == benchmark_id and run.start_time_ms is not None:
            earlier.append((run.start_time_ms, run.id, each))
    earlier.sort(key=lambda found: found[:2], reverse=True)
    best: dict[Likeness, RunRecord] = {}
    for started, _, each in earlier:
        if started >= start or each.gone or not _has_scores(each):
            continue
        like = likeness(record, each, snapshot)
        best.setdefault(like, each)
        if like == "agent":
            break
    return best.get("agent") or best.get("name") or best.get("benchmark")


def likeness(one: "RunRecord", other: "RunRecord", snapshot: "Snapshot") -> Likeness:
    """Return what two runs have in common: agent and model, as far as their job or metadata says; else their name."""
    agent = _agent(one, snapshot)
    if agent is not None and agent == _agent(other, snapshot):
        return "agent"
    return "name" if one.run.name and one.run.name == other.run.name else "benchmark"


def _has_scores(record: "RunRecord") -> bool:
    counts = record.counts
    return is_terminal(record.run.state) if counts is None else counts.scored > 0


def _agent(record: "RunRecord", snapshot: "Snapshot") -> tuple[str, str] | None:
    """Return agent and model of a run, by its job, else by its metadata; None where neither says."""
    job = snapshot.jobs.by_id.get(record.job.job_id) if record.job else None
    agent, model = agents(job).get(record.id, ("", "")) if job else ("", "")
    agent = agent or record.run.metadata.get("agent", "")
    return (agent, model or record.run.metadata.get("model", "")) if agent else None


def results(attempts: "Iterable[Attempt]") -> dict[str, Result]:
    """Return what a run came to, by scenario id, in the order in which they were learned.

    What was canceled, has no score or no scenario id is left out: it says nothing about the scenario.
    """
    found: dict[str, Result] = {}
    several: dict[str, list[Result]] = {}
    by_score: dict[tuple[Kind, float | None], Result | None] = {}
    for each in attempts:
        id_, score = each.scenario_id, (each.kind, each.score)
        if score not in by_score:
            by_score[score] = _result(each)
        result = by_score[score]
        if not id_ or result is None:
            continue
        if id_ in found:
            several.setdefault(id_, [found[id_]]).append(result)
        else:
            found[id_] = result
    return found | {id_: _mean(attempts_at_it) for id_, attempts_at_it in several.items()}


def _result(attempt: "Attempt") -> Result | None:
    """Return the result of a single attempt, which follows from its outcome and score; None where it says nothing."""
    if attempt.is_active:
        return Result(None, is_active=True)
    if attempt.kind == "error":
        return Result(None, is_error=True)
    value = counted_value(attempt)
    return None if value is None else Result(value)


def _mean(of: "Sequence[Result]") -> Result:
    values = [each.value for each in of if each.value is not None]
    return Result(
        math.fsum(values) / len(values) if values else None,
        is_error=not values and any(each.is_error for each in of),
        is_active=any(each.is_active for each in of),
    )


def compare(
    before: "Sequence[Attempt]", after: "Sequence[Attempt]", *, both_terminal: bool
) -> Comparison:
    """Compare a run with its baseline.

    The interval of the difference is ±1.96 standard errors: from the discordant pairs where all scores are 0 or 1,
    else Student's t of the differences. Where all pairs differ by the same it is ±3/pairs (the rule of three). It
    assumes independent scenarios, and is about these pairs: while a run is live, those that finished first in both.
    p is silent until both are terminal: read again and again while runs go on, it finds a difference by chance.

    Args:
        before: the baseline's.
        after: of the same benchmark; where the scorers differ, no difference means anything.
        both_terminal: both runs are terminal.
    """
    old, new = results(before), results(after)
    names = _names((*after, *before))
    scores_before: list[float] = []
    scores_after: list[float] = []
    changed: list[Flip] = []
    new_errors: list[Flip] = []
    gone_errors: list[Flip] = []
    errors_in_both = unpaired = 0
    for id_, name in names.items():
        one, other = old.get(id_, _ABSENT), new.get(id_, _ABSENT)
        if one.is_active or other.is_active:
            unpaired += 1
        elif one.value is not None and other.value is not None:
            scores_before.append(one.value)
            scores_after.append(other.value)
            if abs(other.value - one.value) > _EQUAL:
                changed.append(Flip(id_, name, one.value, other.value))
        elif one.value is not None and other.is_error:
            new_errors.append(Flip(id_, name, one.value, None))
        elif one.is_error and other.value is not None:
            gone_errors.append(Flip(id_, name, None, other.value))
        elif one.is_error and other.is_error:
            errors_in_both += 1
        else:
            unpaired += 1
    figures = _figures(scores_before, scores_after, both_terminal=both_terminal)
    changed.sort(key=lambda each: (-abs(_change(each)), each.name, each.scenario_id))
    return Comparison(
        pairs=len(scores_before),
        better=tuple(each for each in changed if _change(each) > 0),
        worse=tuple(each for each in changed if _change(each) < 0),
        new_errors=tuple(new_errors),
        gone_errors=tuple(gone_errors),
        errors_in_both=errors_in_both,
        unpaired=unpaired,
        **figures._asdict(),
    )


def matrix(runs: "Sequence[Sequence[Attempt]]") -> tuple[Row, ...]:
    """Return the scenarios by run of a job: those that differ most first, then those that only some runs failed at."""
    by_run = [results(run) for run in runs]
    names = _names(each for run in runs for each in run)
    rows = [
        Row(id_, name, held, *_spread(held))
        for id_, name in names.items()
        if any(held := tuple([run.get(id_) for run in by_run]))
    ]
    rows.sort(key=attrgetter("name", "scenario_id"))
    rows.sort(key=attrgetter("has_mixed_errors"), reverse=True)
    rows.sort(key=attrgetter("spread"), reverse=True)
    return tuple(rows)


def mid_p(worse: int, better: int) -> float:
    """Return the two-sided mid-p of McNemar's test for so many flips in either direction; 1 without any.

    The chance of a split at least as uneven, had each flip been as likely in either direction, with half of the
    chance of this very split.
    """
    flips, fewer = worse + better, min(worse, better)
    ways = total = 1
    for number in range(fewer):
        ways = ways * (flips - number) // (number + 1)
        total += ways
    return min(1.0, (2 * total - ways) / (1 << flips)) if flips else 1.0


class _Figures(NamedTuple):
    score_before: float | None = None
    score_after: float | None = None
    difference: float | None = None
    low: float | None = None
    high: float | None = None
    detectable: float | None = None
    p: float | None = None
    is_significant: bool = False


def _figures(
    before: "Sequence[float]", after: "Sequence[float]", *, both_terminal: bool
) -> _Figures:
    number = len(before)
    if not number:
        return _Figures()
    changes = list(map(sub, after, before))
    squares = math.fsum(map(mul, changes, changes))
    difference = math.fsum(changes) / number
    is_binary = {*before, *after} <= {0.0, 1.0}
    half = _half_width(number, squares, difference, is_binary=is_binary)
    p = mid_p(changes.count(-1.0), changes.count(1.0)) if both_terminal and is_binary else None
    is_told = half is not None and abs(difference) > half if p is None else p <= _LEVEL
    return _Figures(
        score_before=math.fsum(before) / number,
        score_after=math.fsum(after) / number,
        difference=difference,
        low=None if half is None else difference - half,
        high=None if half is None else difference + half,
        detectable=_Z * math.sqrt(squares) / number if squares > _EQUAL else _NOT_SEEN / number,
        p=p,
        is_significant=both_terminal and is_told,
    )


def _half_width(number: int, squares: float, difference: float, *, is_binary: bool) -> float | None:
    """Return half of the 95 % interval of a mean difference; None for a single pair with fractional scores.

    Where all pairs differ by the same, there is no variance to go by: then it is 3/pairs.
    """
    around_mean = max(0.0, squares - number * difference**2)
    if around_mean <= _EQUAL and (is_binary or number > 1):
        return _NOT_SEEN / number
    if is_binary:
        return _Z * math.sqrt(around_mean) / number
    if number == 1:
        return None
    return _quantile(number - 1) * math.sqrt(around_mean / (number - 1) / number)


def _quantile(freedom: int) -> float:
    """Return the 97.5 % quantile of Student's t (Abramowitz and Stegun 26.7.5, to 0.1 %)."""
    if freedom in _T:
        return _T[freedom]
    z = 1.959964
    first = (z**3 + z) / 4
    second = (5 * z**5 + 16 * z**3 + 3 * z) / 96
    third = (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384
    return z + first / freedom + second / freedom**2 + third / freedom**3


def _names(attempts: "Iterable[Attempt]") -> dict[str, str]:
    """Return the names of all scenarios, by id; of several names the first."""
    names: dict[str, str] = {}
    for each in attempts:
        if each.scenario_id:
            names.setdefault(each.scenario_id, each.name)
    return names


def _change(pair: Flip) -> float:
    return (pair.after or 0.0) - (pair.before or 0.0)


def _spread(held: "Sequence[Result | None]") -> tuple[float, bool]:
    """Return the spread of these results, and whether some only are errors."""
    if held.count(held[0]) == len(held):
        return 0.0, False
    final = [each for each in held if each and not each.is_active]
    values = [each.value or 0.0 for each in final]
    errors = sum(each.is_error for each in final)
    return max(values, default=0.0) - min(values, default=0.0), 0 < errors < len(final)
