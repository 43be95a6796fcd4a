"""Counts, scores and durations: the counts of a run, its score, the elapsed time of anything.

Every number that is shown, sorted or filtered by is defined here; the counts of a `Tally` add up to `started`.
"""

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from runloop_tui.api.models import BenchmarkOutcome, ScenarioOutcome, ScenarioRun


Kind = Literal[
    "passed", "partial", "zero", "unscored", "error", "canceled", "scoring", "running", "other"
]
"""The outcome of a scenario run: the name of the one count of a `Tally` that it is in."""

NOT_STARTED = "not started"
"""The state of a run or scenario that is planned and has not started; no server sends it."""

_ERRORS = frozenset({"failed", "timeout"})
_SCORED = frozenset({"scored", "completed"})


@dataclass(frozen=True, slots=True)
class Tally:
    """The scenario runs of a run by outcome; each is in exactly one count."""

    passed: int = 0
    partial: int = 0
    zero: int = 0
    unscored: int = 0
    """Scored or completed, without a score in the answer."""
    error: int = 0
    """Failed or timed out: an error of the harness or the sandbox, never a wrong answer."""
    canceled: int = 0
    """Cut off before they finished: neither done nor an error."""
    scoring: int = 0
    running: int = 0
    other: int = 0
    """In an unknown state."""
    unread: int = 0
    """Listed by the server, but not parsed."""
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
        """All that are terminal: finished or canceled."""
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
        """Return how many have not started, or None where the total is unknown."""
        return None if total is None else max(0, total - self.started)

    def __add__(self, more: "Tally") -> "Tally":
        return Tally(*(getattr(self, name) + getattr(more, name) for name in self.__slots__))


def outcome(scenario_run: "ScenarioRun") -> Kind:
    """Return the outcome of a scenario run."""
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
    """Return whether a scenario run in this state is an error: failed or timed out."""
    return state in _ERRORS


def timed_out(state: str) -> bool:
    """Return whether a scenario run in this state is an error because it took too long."""
    return state == "timeout"


def kind_of_score(score: float | None) -> Kind:
    """Return the outcome of a scenario that was scored, or completed without a score."""
    if score is None:
        return "unscored"
    if score >= 1:
        return "passed"
    return "zero" if score <= 0 else "partial"


def elapsed_ms(
    start_ms: int | None, duration_ms: int | None, now_ms: int, *, is_over: bool
) -> int | None:
    """Return the elapsed time of a terminal or active thing in ms; None where it is unknown."""
    if duration_ms is not None or start_ms is None or is_over:
        return duration_ms
    return now_ms - start_ms


def counts_of_outcome(run_outcome: "BenchmarkOutcome") -> Tally:
    """Count the outcomes of a terminal run; where the server's own counts exceed its list, those.

    Of several outcomes of one scenario run the last counts.
    """
    listed = distinct_outcomes(run_outcome)
    found = Counter(map(_kind, listed))
    scores = [each.score for each in listed if each.state == "completed" and each.score is not None]
    completed = len(scores) + found["unscored"]
    states = Counter(each.state for each in listed)
    failed = max(states["failed"], run_outcome.n_failed or 0)
    late = max(states["timeout"], run_outcome.n_timeout or 0)
    return Tally(
        passed=found["passed"],
        partial=found["partial"],
        zero=found["zero"],
        unscored=found["unscored"] + max(0, (run_outcome.n_completed or 0) - completed),
        error=failed + late,
        timed_out=late,
        canceled=found["canceled"],
        other=found["other"],
        score_sum=sum(scores),
    )


def counts_without_run(run_outcome: "BenchmarkOutcome") -> Tally | None:
    """Count the outcomes without a scenario run: what ended before there was one. None where there are none."""
    found = Counter(
        each.state for each in run_outcome.scenario_outcomes if not each.scenario_run_id
    )
    late, failed, canceled = found["timeout"], found["failed"], found["canceled"]
    if not late + failed + canceled:
        return None
    return Tally(error=failed + late, timed_out=late, canceled=canceled)


def score_of_outcome(run_outcome: "BenchmarkOutcome") -> float | None:
    """Return the score of a run by its job's outcome, errors counted as 0; None where there is none.

    Where the outcomes are not listed, it follows from the server's average over those that completed.
    """
    counts = counts_of_outcome(run_outcome)
    if counts.unscored and not counts.scored and run_outcome.average_score is not None:
        return run_outcome.average_score * counts.unscored / counts.finished
    return counts.score


def contradicts_its_counts(run_outcome: "BenchmarkOutcome") -> bool:
    """Return whether the server's own counts differ from the outcomes that it lists."""
    states = Counter(each.state for each in distinct_outcomes(run_outcome))
    return any(
        number is not None and number != states[state]
        for state, number in (
            ("completed", run_outcome.n_completed),
            ("failed", run_outcome.n_failed),
            ("timeout", run_outcome.n_timeout),
        )
    )


def distinct_outcomes(run_outcome: "BenchmarkOutcome") -> "list[ScenarioOutcome]":
    """Return the outcomes, the last for each scenario run; all of those without one, which cannot be distinguished."""
    by_run: dict[str, ScenarioOutcome] = {}
    without_run: list[ScenarioOutcome] = []
    for each in run_outcome.scenario_outcomes:
        if each.scenario_run_id:
            by_run[each.scenario_run_id] = each
        else:
            without_run.append(each)
    return [*by_run.values(), *without_run]


def _kind(scenario_outcome: "ScenarioOutcome") -> str:
    if scenario_outcome.state == "completed":
        return kind_of_score(scenario_outcome.score)
    if is_error(scenario_outcome.state):
        return "error"
    return "canceled" if scenario_outcome.state == "canceled" else "other"
