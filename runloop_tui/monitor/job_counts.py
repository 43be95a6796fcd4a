"""The scenarios of a job's run by what became of them; each stands in exactly one count."""

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from runloop_tui.monitor.progress import kind_of_score, outcome

if TYPE_CHECKING:
    from collections.abc import Iterable

    from runloop_tui.api.models import BenchmarkOutcome, ScenarioOutcome, ScenarioRun


@dataclass(frozen=True, slots=True)
class JobCounts:
    """Counts of one run of a job, or of several together."""

    passed: int = 0
    partial: int = 0
    zero: int = 0
    unscored: int = 0
    """Completed, but nobody says with which score."""
    failed: int = 0
    timeout: int = 0
    canceled: int = 0
    active: int = 0
    """Running or scoring."""
    other: int = 0
    """In a state that we do not know."""

    @property
    def done(self) -> int:
        """All whose outcome is settled, whatever it is."""
        scored = self.passed + self.partial + self.zero
        return scored + self.unscored + self.failed + self.timeout + self.canceled

    @property
    def started(self) -> int:
        """All that are accounted for; the counts add up to it."""
        return self.done + self.active + self.other

    def __add__(self, more: "JobCounts") -> "JobCounts":
        return JobCounts(*(getattr(self, name) + getattr(more, name) for name in self.__slots__))


def counts_of_scenario_runs(scenario_runs: "Iterable[ScenarioRun]") -> JobCounts:
    """Count the scenario runs of a run that goes on."""
    return _counted(Counter(map(_of_scenario_run, scenario_runs)))


def counts_of_outcome(told: "BenchmarkOutcome") -> JobCounts:
    """Count the outcomes of a run that has ended; of the server's own counts, what goes beyond the list of them.

    An outcome that is told twice for one scenario run counts once, as it was told last.
    """
    found = Counter(map(_of_outcome, told_once(told)))
    completed = found["passed"] + found["partial"] + found["zero"] + found["unscored"]
    found["unscored"] += max(0, (told.n_completed or 0) - completed)
    found["failed"] = max(found["failed"], told.n_failed or 0)
    found["timeout"] = max(found["timeout"], told.n_timeout or 0)
    return _counted(found)


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


def _counted(found: "Counter[str]") -> JobCounts:
    return JobCounts(**{name: found[name] for name in JobCounts.__slots__})


def _of_scenario_run(scenario_run: "ScenarioRun") -> str:
    kind = outcome(scenario_run)
    if kind == "error":
        return scenario_run.state
    return "active" if kind in {"running", "scoring"} else kind


def _of_outcome(told: "ScenarioOutcome") -> str:
    if told.state == "completed":
        return kind_of_score(told.score)
    return told.state if told.state in {"failed", "timeout", "canceled"} else "other"
