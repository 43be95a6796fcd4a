"""How far a run is: counts that add up, the score so far, the usual duration, the pace."""

import math
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from runloop_tui.api.models import BenchmarkOutcome, ScenarioOutcome, ScenarioRun


Kind = Literal[
    "passed", "partial", "zero", "unscored", "error", "canceled", "scoring", "running", "other"
]
"""What became of a scenario run: the name of the one count of a `Tally` in which it stands."""

_ERRORS = frozenset({"failed", "timeout"})
_SCORED = frozenset({"scored", "completed"})

STUCK_FACTOR = 3.0
"""A scenario run that takes this many times the usual duration is called stuck."""
_FEWEST_FOR_USUAL = 5
_STUCK_AT_LEAST_MS = 10 * 60_000

_PACE_WINDOW_MS = 60 * 60_000
_FEWEST_FOR_PACE = 5
_ROUND_TO_MS = 5 * 60_000


@dataclass(frozen=True, slots=True)
class Tally:
    """The scenario runs of a run by what became of them; each stands in exactly one count."""

    passed: int = 0
    partial: int = 0
    zero: int = 0
    unscored: int = 0
    """Scored or completed, but the server gave no score."""
    error: int = 0
    """Failed or timed out: a fault of the harness or the sandbox, never a wrong answer."""
    canceled: int = 0
    """Cut off before they finished: neither done nor an error."""
    scoring: int = 0
    running: int = 0
    other: int = 0
    """In a state that we do not know."""
    unread: int = 0
    """Listed by the server, but what it says of them could not be read."""
    timed_out: int = 0
    """Of the errors, those that timed out."""
    score_sum: float = 0.0
    """The sum of the scores of all that have one."""

    @property
    def started(self) -> int:
        """All that have started; the counts, without `timed_out`, add up to it."""
        return self.terminal + self.active + self.other + self.unread

    @property
    def terminal(self) -> int:
        """All that will not change any more: finished or canceled."""
        return self.finished + self.canceled

    @property
    def finished(self) -> int:
        """All that are done: with a score, without one, or with an error. What was canceled is not."""
        return self.scored + self.unscored + self.error

    @property
    def active(self) -> int:
        """All that are running or being scored."""
        return self.running + self.scoring

    @property
    def scored(self) -> int:
        """All that have a score."""
        return self.passed + self.partial + self.zero

    @property
    def failed(self) -> int:
        """Of the errors, those that did not time out."""
        return self.error - self.timed_out

    @property
    def score(self) -> float | None:
        """The mean score with each error counted as 0, as the server's final score has it. None before the first.

        This is what "score" means everywhere; what finished without a score counts neither as 0 nor as anything else.
        """
        judged = self.scored + self.error
        return self.score_sum / judged if judged else None

    @property
    def score_without_errors(self) -> float | None:
        """The mean score of those that have one: the other reading where there are errors. None before the first."""
        return self.score_sum / self.scored if self.scored else None

    def not_started(self, total: int | None) -> int | None:
        """How many have not started, or None where the total is unknown."""
        return None if total is None else max(0, total - self.started)

    def __add__(self, more: "Tally") -> "Tally":
        return Tally(*(getattr(self, name) + getattr(more, name) for name in self.__slots__))


def outcome(scenario_run: "ScenarioRun") -> Kind:
    """Say what became of a scenario run."""
    match scenario_run.state:
        case "running" | "scoring" | "canceled" as state:
            return state
        case state if state in _SCORED:
            return kind_of_score(scenario_run.score)
        case state if state in _ERRORS:
            return "error"
        case _:
            return "other"


def is_error(state: str) -> bool:
    """Tell whether a scenario run in this state is an error: failed or timed out."""
    return state in _ERRORS


def timed_out(state: str) -> bool:
    """Tell whether a scenario run in this state is an error because it took too long."""
    return state == "timeout"


def kind_of_score(score: float | None) -> Kind:
    """Say what became of a scenario that was scored, or completed without a score."""
    if score is None:
        return "unscored"
    if score >= 1:
        return "passed"
    return "zero" if score <= 0 else "partial"


def counted_duration_ms(scenario_run: "ScenarioRun") -> int | None:
    """The duration in ms that tells what is usual; None unless it was worked at to the end."""
    return scenario_run.duration_ms if scenario_run.state in _SCORED else None


def usual_ms(durations: Sequence[int]) -> int | None:
    """The median of `durations` (in ms, ascending); None where they are too few to say."""
    number = len(durations)
    if number < _FEWEST_FOR_USUAL:
        return None
    return (durations[(number - 1) // 2] + durations[number // 2]) // 2


def times_usual(scenario_run: "ScenarioRun", usual: int | None, now_ms: int) -> float | None:
    """How many times the usual duration a running scenario run has taken, once that makes it stuck; else None."""
    start = scenario_run.start_time_ms
    if scenario_run.is_done or usual is None or usual <= 0 or start is None:
        return None
    elapsed = now_ms - start
    if elapsed < _STUCK_AT_LEAST_MS or elapsed < STUCK_FACTOR * usual:
        return None
    return elapsed / usual


def elapsed_ms(
    start_ms: int | None, duration_ms: int | None, now_ms: int, *, is_over: bool
) -> int | None:
    """How long something took, or has been going on, in ms; None where that is not known."""
    if duration_ms is not None or start_ms is None or is_over:
        return duration_ms
    return now_ms - start_ms


@dataclass(frozen=True, slots=True)
class Pace:
    """Between which two moments (Unix ms) a run will end if it goes on as in the last hour."""

    earliest_ms: int
    latest_ms: int


def pace(ends: Sequence[int], left: int | None, start_ms: int | None, now_ms: int) -> Pace | None:
    """Estimate the end from the rate of the last hour (or since the start).

    `ends` are the moments, ascending, at which scenario runs ended; `left` is how many have yet to. None where it
    is unknown how many are left, or too few have ended to say. The range is the Poisson error of the count, so it
    narrows as more is seen; both ends are rounded up to 5 minutes, so that it does not jitter.
    """
    if left is None or left <= 0 or start_ms is None:
        return None
    window = min(_PACE_WINDOW_MS, now_ms - start_ms)
    recent = bisect_right(ends, now_ms) - bisect_left(ends, now_ms - window)
    if window <= 0 or recent < _FEWEST_FOR_PACE:
        return None
    likely = left * window / recent
    spread = 1 / math.sqrt(recent) + 0.05
    return Pace(
        earliest_ms=_rounded(now_ms + likely * max(0.0, 1 - spread)),
        latest_ms=_rounded(now_ms + likely * (1 + spread)),
    )


def _rounded(moment_ms: float) -> int:
    return math.ceil(moment_ms / _ROUND_TO_MS) * _ROUND_TO_MS


def counts_of_outcome(told: "BenchmarkOutcome") -> Tally:
    """Count the outcomes of a run that has ended; of the server's own counts, what goes beyond the list of them.

    An outcome that is told twice for one scenario run counts once, as it was told last.
    """
    listed = told_once(told)
    found = Counter(map(_kind, listed))
    scores = [each.score for each in listed if each.state == "completed" and each.score is not None]
    completed = len(scores) + found["unscored"]
    states = Counter(each.state for each in listed)
    failed = max(states["failed"], told.n_failed or 0)
    late = max(states["timeout"], told.n_timeout or 0)
    return Tally(
        passed=found["passed"],
        partial=found["partial"],
        zero=found["zero"],
        unscored=found["unscored"] + max(0, (told.n_completed or 0) - completed),
        error=failed + late,
        timed_out=late,
        canceled=found["canceled"],
        other=found["other"],
        score_sum=sum(scores),
    )


def counts_without_run(told: "BenchmarkOutcome") -> Tally | None:
    """Count the outcomes that name no scenario run: what ended before there was one. None where there is none."""
    found = Counter(each.state for each in told.scenario_outcomes if not each.scenario_run_id)
    late, failed, canceled = found["timeout"], found["failed"], found["canceled"]
    if not late + failed + canceled:
        return None
    return Tally(error=failed + late, timed_out=late, canceled=canceled)


def score_of_outcome(told: "BenchmarkOutcome") -> float | None:
    """The score of a run that its job tells of, errors counted as 0; None where it tells none.

    Where the outcomes are not listed, it follows from the server's average over those that completed.
    """
    counts = counts_of_outcome(told)
    if counts.unscored and not counts.scored and told.average_score is not None:
        return told.average_score * counts.unscored / counts.finished
    return counts.score


def is_told_otherwise(told: "BenchmarkOutcome") -> bool:
    """Tell whether the server's own counts differ from the outcomes that it lists."""
    states = Counter(each.state for each in told_once(told))
    return any(
        number is not None and number != states[state]
        for state, number in (
            ("completed", told.n_completed),
            ("failed", told.n_failed),
            ("timeout", told.n_timeout),
        )
    )


def told_once(told: "BenchmarkOutcome") -> "list[ScenarioOutcome]":
    """The outcomes, one for each scenario run; those without one cannot be told apart and are all there."""
    by_run: dict[str, ScenarioOutcome] = {}
    without_run: list[ScenarioOutcome] = []
    for each in told.scenario_outcomes:
        if each.scenario_run_id:
            by_run[each.scenario_run_id] = each
        else:
            without_run.append(each)
    return [*by_run.values(), *without_run]


def _kind(told: "ScenarioOutcome") -> str:
    if told.state == "completed":
        return kind_of_score(told.score)
    if is_error(told.state):
        return "error"
    return "canceled" if told.state == "canceled" else "other"
