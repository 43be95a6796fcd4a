"""The scenario runs of a run, reduced to what the formulas of this package read."""

from typing import TYPE_CHECKING, NamedTuple

from runloop_tui.api.states import is_terminal
from runloop_tui.monitor.counts import Kind, is_error, kind_of_score, outcome

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from runloop_tui.api.models import ScenarioRun

_JUDGED = frozenset({"passed", "partial", "zero"})
_FINISHED = _JUDGED | {"unscored", "error"}
_ACTIVE = frozenset({"running", "scoring"})


class Attempt(NamedTuple):
    """One scenario run. All moments are Unix ms on the server's clock, all durations ms."""

    id: str
    scenario_id: str
    name: str
    """The scenario's name; its id where it has none. Text from outside."""
    kind: Kind
    start_ms: int | None
    duration_ms: int | None
    """None while it is active, or where the server does not say."""
    score: float | None
    """None unless it was scored; an error has none."""

    @property
    def is_finished(self) -> bool:
        """Whether it is done: with a score, without one, or with an error. What was canceled is not."""
        return self.kind in _FINISHED

    @property
    def is_judged(self) -> bool:
        """Whether it has a score: errors have none."""
        return self.kind in _JUDGED

    @property
    def is_active(self) -> bool:
        """Whether it is running or being scored."""
        return self.kind in _ACTIVE

    @property
    def end_ms(self) -> int | None:
        """The moment at which it finished or was canceled; None while it is active, or where it is unknown."""
        if self.start_ms is None or self.duration_ms is None or self.is_active:
            return None
        return self.start_ms + self.duration_ms

    @property
    def value(self) -> float | None:
        """What it adds to the sum of scores: its score, 0 for an error; None where it counts for nothing."""
        return 0.0 if self.kind == "error" else self.score if self.is_judged else None

    def age_ms(self, now_ms: int) -> int | None:
        """Return how long an active one has run at `now_ms`; None where it is not active, or its start is unknown."""
        if self.start_ms is None or not self.is_active:
            return None
        return max(0, now_ms - self.start_ms)


def attempts(scenario_runs: "Iterable[ScenarioRun]") -> tuple[Attempt, ...]:
    """Return the attempts of these scenario runs, in their order."""
    return tuple(
        Attempt(
            id=run.id,
            scenario_id=run.scenario_id,
            name=run.name or run.scenario_id or run.id,
            kind=outcome(run),
            start_ms=run.start_time_ms,
            duration_ms=run.duration_ms,
            score=run.score,
        )
        for run in scenario_runs
    )


def past_attempts(
    scenarios: "Mapping[str, tuple[float | None, int | None, str]]",
) -> tuple[Attempt, ...]:
    """Return the attempts of an earlier run that is known by scenario id: score, duration (ms) and state of each."""
    return tuple(
        Attempt(
            id=id_,
            scenario_id=id_,
            name=id_,
            kind=past_kind(state, score),
            start_ms=None,
            duration_ms=duration_ms,
            score=score,
        )
        for id_, (score, duration_ms, state) in scenarios.items()
    )


def past_kind(state: str, score: float | None) -> Kind:
    """Return the outcome of a scenario run of which only the state and the score are known."""
    if is_error(state):
        return "error"
    if state == "canceled":
        return "canceled"
    return kind_of_score(score) if is_terminal(state) or state == "scored" else "other"


def in_order_of_end(of: "Iterable[Attempt]") -> list[Attempt]:
    """Return those that finished at a known moment, the earliest first."""
    finished = [(each.end_ms, each.id, each) for each in of if each.is_finished]
    known = (each for each in finished if each[0] is not None)
    return [each for _, _, each in sorted(known, key=lambda each: each[:2])]
