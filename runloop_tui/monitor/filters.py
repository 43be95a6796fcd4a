"""Search, filter and sort over what a snapshot holds."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from runloop_tui.monitor.progress import outcome, times_usual
from runloop_tui.monitor.run_filter import parse_run_filter

if TYPE_CHECKING:
    from runloop_tui.api.models import BenchmarkRun, ScenarioRun
    from runloop_tui.monitor.snapshot import RunRecord


@dataclass(frozen=True, slots=True)
class Order:
    """By which column rows are sorted, and whether from its other end."""

    key: str
    reverse: bool = False


RUN_ORDERS = ("started", "name", "state", "progress", "score", "errors", "elapsed")
"""The orders of the runs list; the first is the default, newest first."""
SCENARIO_ORDERS = ("problems", "state", "name", "score", "elapsed", "reason")
"""The orders of the scenario table; the first is the default."""

_PROBLEMS_FIRST = (
    "error",
    "stuck",
    "other",
    "unscored",
    "zero",
    "partial",
    "canceled",
    "running",
    "scoring",
    "passed",
)
_UNFINISHED = frozenset({"running", "scoring", "other"})
"""Only these can be stuck."""
_PROBLEMS: dict[str, int] = {kind: rank for rank, kind in enumerate(_PROBLEMS_FIRST)}


def has_words(needle: str, *haystacks: str | None) -> bool:
    """Tell whether each word of `needle` stands in one of the texts, whatever the case."""
    text = "\n".join(haystack for haystack in haystacks if haystack).casefold()
    return all(word in text for word in needle.casefold().split())


def arrange_runs(
    records: Sequence["RunRecord"], needle: str, order: Order, now_ms: int
) -> list["RunRecord"]:
    """Filter and sort runs; equal ones stand newest first. A run is found by name, id, state, benchmark or metadata."""
    wanted = parse_run_filter(needle)
    found = [record for record in records if wanted.holds_for(record.run)]
    keys: dict[str, Callable[[RunRecord], Any]] = {
        "started": lambda record: _highest_first(record.run.start_time_ms),
        "name": lambda record: (record.run.name or record.id).casefold(),
        "state": lambda record: (not _is_live(record), record.run.state),
        "progress": lambda record: _highest_first(_progress(record)),
        "score": lambda record: _highest_first(_score(record)),
        "errors": lambda record: _highest_first(record.tally.error if record.tally else None),
        "elapsed": lambda record: _highest_first(_run_elapsed(record.run, now_ms)),
    }
    found.sort(key=lambda record: (*_highest_first(record.run.start_time_ms), record.id))
    found.sort(key=keys[order.key], reverse=order.reverse)
    return found


def arrange_scenario_runs(
    scenario_runs: Iterable["ScenarioRun"],
    needle: str,
    order: Order,
    *,
    reasons: Callable[["ScenarioRun"], str],
    usual_ms: int | None,
    now_ms: int,
) -> list["ScenarioRun"]:
    """Filter and sort the scenario runs of a run; equal ones stand by name.

    One is found by name, ids, state, outcome or reason.
    """
    found = [
        scenario_run
        for scenario_run in scenario_runs
        if not needle
        or has_words(
            needle,
            scenario_run.name,
            scenario_run.id,
            scenario_run.scenario_id,
            scenario_run.state,
            outcome(scenario_run),
            reasons(scenario_run),
        )
    ]
    keys: dict[str, Callable[[ScenarioRun], Any]] = {
        "problems": lambda run: _problem(run, usual_ms, now_ms),
        "state": lambda run: run.state,
        "name": _name,
        "score": lambda run: _highest_first(run.score),
        "elapsed": lambda run: _highest_first(_elapsed(run, now_ms)),
        "reason": lambda run: _said_first(reasons(run)),
    }
    found.sort(key=lambda run: (_name(run), run.id))
    found.sort(key=keys[order.key], reverse=order.reverse)
    return found


def _highest_first(value: float | None) -> tuple[bool, float]:
    """A key that puts high values first and those without one last."""
    return (value is None, -(value or 0.0))


def _said_first(reason: str) -> tuple[bool, str]:
    return (not reason, reason.casefold())


def _is_live(record: "RunRecord") -> bool:
    return record.run.is_live and not record.gone


def _progress(record: "RunRecord") -> float | None:
    """The share that is done; None where it is not known."""
    if record.tally is None or not record.planned:
        return None
    return record.tally.done / record.planned


def _score(record: "RunRecord") -> float | None:
    if record.run.score is not None:
        return record.run.score
    return record.tally.score_so_far if record.tally else None


def _name(scenario_run: "ScenarioRun") -> str:
    return (scenario_run.name or scenario_run.scenario_id or scenario_run.id).casefold()


def _run_elapsed(run: "BenchmarkRun", now_ms: int) -> int | None:
    if run.duration_ms is not None or run.start_time_ms is None or not run.is_live:
        return run.duration_ms
    return now_ms - run.start_time_ms


def _elapsed(run: "ScenarioRun", now_ms: int) -> int | None:
    if run.duration_ms is not None or run.start_time_ms is None or run.is_settled:
        return run.duration_ms
    return now_ms - run.start_time_ms


def _problem(scenario_run: "ScenarioRun", usual_ms: int | None, now_ms: int) -> int:
    kind = outcome(scenario_run)
    if kind in _UNFINISHED and times_usual(scenario_run, usual_ms, now_ms) is not None:
        return _PROBLEMS["stuck"]
    return _PROBLEMS[kind]
