"""A benchmark job: its runs, the state derived from theirs, and the outcomes of their scenarios."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from runloop_tui.demo.agent import Failure, failure_before_start, failure_of
from runloop_tui.demo.names import make_id
from runloop_tui.demo.plans import JobPlan
from runloop_tui.demo.run import Run
from runloop_tui.demo.timeline import End, Timeline

SET_UP_MS = 20_000
"""How long a job is initializing before it is queued, in ms of the world's time."""

OutcomeState = Literal["COMPLETED", "FAILED", "TIMEOUT", "CANCELED"]

_STATES: dict[End, OutcomeState] = {
    "completed": "COMPLETED",
    "failed": "FAILED",
    "timeout": "TIMEOUT",
    "canceled": "CANCELED",
}


class Job:
    """A benchmark job, at any moment.

    Its state, the runs in progress and the runs with an outcome are all derived from its runs, so
    that they follow the actions of the user on them.
    """

    def __init__(
        self, plan: JobPlan, key: str, seed: int, origin_ms: int, pace: float, runs: Sequence[Run]
    ) -> None:
        self.plan = plan
        self.key = (seed, key)
        self.id = make_id("bmj", *self.key)
        self.created_ms = origin_ms + round(plan.created_ms / pace)
        self.runs = tuple(runs)
        self._set_up_ms = round(SET_UP_MS / pace)

    def state_at(self, moment_ms: int) -> str:
        """Return its state, a value of the API's BenchmarkJobState."""
        started = [run for run in self.runs if run.start_ms <= moment_ms]
        if not started:
            if moment_ms < self.created_ms + self._set_up_ms:
                return "initializing"
            return "failed" if self.plan.failure_reason else "queued"
        states = {run.state_at(moment_ms) for run in started}
        if len(started) < len(self.runs) or "running" in states:
            return "running"
        if states == {"failed"}:
            return "failed"
        return "cancelled" if states == {"canceled"} else "completed"

    def failure_reason_at(self, moment_ms: int) -> str | None:
        """Return why it failed; None if it has not."""
        if self.state_at(moment_ms) != "failed":
            return None
        return self.plan.failure_reason or "every benchmark run of the job failed"

    def in_progress_at(self, moment_ms: int) -> list[Run]:
        """Return the runs that have started and are not terminal."""
        started = [run for run in self.runs if run.start_ms <= moment_ms]
        return [run for run in started if run.state_at(moment_ms) == "running"]

    def ended_by(self, moment_ms: int) -> list[Run]:
        """Return the terminal runs, which have an outcome."""
        return [run for run in self.runs if run.state_at(moment_ms) != "running"]

    def agent_id(self, run: Run) -> str:
        """Return the id of the agent of one of its runs."""
        return make_id("agt", self.key[0], run.plan.agent)


@dataclass(frozen=True, slots=True)
class ScenarioOutcome:
    """The outcome of one scenario.

    Attributes:
        scenario: The index of the scenario in the benchmark.
        timeline: That of its scenario run; None if it never started.
        state: Its terminal state.
        failure: Why it failed or timed out.
    """

    scenario: int
    timeline: Timeline | None
    state: OutcomeState
    failure: Failure | None

    @property
    def score(self) -> float | None:
        """Its score; None unless it completed with one."""
        return self.timeline.score if self.timeline and self.state == "COMPLETED" else None


def scenario_outcomes(run: Run) -> list[ScenarioOutcome]:
    """Return one outcome for each scenario of a terminal run, in the benchmark's order.

    Scenarios that never started are failed if the run failed, else canceled.
    """
    started = {timeline.scenario: timeline for timeline in run.timelines}
    return [_outcome(run, index, started.get(index)) for index in range(run.plan.size)]


def average_score(outcomes: list[ScenarioOutcome]) -> float | None:
    """Return the mean score of the completed scenarios that have one; None if none has."""
    scores = [outcome.score for outcome in outcomes if outcome.score is not None]
    return round(sum(scores) / len(scores), 6) if scores else None


def _outcome(run: Run, scenario: int, timeline: Timeline | None) -> ScenarioOutcome:
    if timeline is not None:
        return ScenarioOutcome(scenario, timeline, _STATES[timeline.end], failure_of(run, timeline))
    if run.state_at(run.ended_ms) == "failed":
        return ScenarioOutcome(scenario, None, "FAILED", failure_before_start(run))
    return ScenarioOutcome(scenario, None, "CANCELED", None)
