"""The outcomes that a job lists for one of its runs, counted as those of any run: each in exactly one count."""

from collections import Counter
from typing import TYPE_CHECKING

from runloop_tui.monitor.progress import Tally, is_error, kind_of_score

if TYPE_CHECKING:
    from runloop_tui.api.models import BenchmarkOutcome, ScenarioOutcome


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
