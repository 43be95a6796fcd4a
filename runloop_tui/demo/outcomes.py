"""What came of each scenario in a benchmark run that has ended, as its job tells it."""

from dataclasses import dataclass
from typing import Literal

from runloop_tui.demo.courses import Course, End
from runloop_tui.demo.failures import Failure, failure_before_start, failure_of
from runloop_tui.demo.run import Run

OutcomeState = Literal["COMPLETED", "FAILED", "TIMEOUT", "CANCELED"]

_STATES: dict[End, OutcomeState] = {
    "completed": "COMPLETED",
    "failed": "FAILED",
    "timeout": "TIMEOUT",
    "canceled": "CANCELED",
}


@dataclass(frozen=True, slots=True)
class ScenarioOutcome:
    """What came of one scenario.

    Attributes:
        scenario: The index of the scenario in the benchmark.
        course: Its scenario run; None if it never got one.
        state: How it ended.
        failure: Why it failed or timed out.
    """

    scenario: int
    course: Course | None
    state: OutcomeState
    failure: Failure | None

    @property
    def score(self) -> float | None:
        """Its score; only what completed has one."""
        return self.course.score if self.course and self.state == "COMPLETED" else None


def scenario_outcomes(run: Run) -> list[ScenarioOutcome]:
    """Give one outcome for every scenario of a run that has ended, in the benchmark's order.

    Scenarios that never started failed with the run if it failed, and were canceled if not.
    """
    started = {course.scenario: course for course in run.courses}
    return [_outcome(run, index, started.get(index)) for index in range(run.plan.size)]


def average_score(outcomes: list[ScenarioOutcome]) -> float | None:
    """Give the mean score of those that completed with one; None if there are none."""
    scores = [outcome.score for outcome in outcomes if outcome.score is not None]
    return round(sum(scores) / len(scores), 6) if scores else None


def _outcome(run: Run, scenario: int, course: Course | None) -> ScenarioOutcome:
    if course is not None:
        return ScenarioOutcome(scenario, course, _STATES[course.end], failure_of(run, course))
    if run.state_at(run.ended_ms) == "failed":
        return ScenarioOutcome(scenario, None, "FAILED", failure_before_start(run))
    return ScenarioOutcome(scenario, None, "CANCELED", None)
