"""Runs, scenario runs, records and snapshots for the tests, at one fixed moment."""

from collections.abc import Iterable
from typing import Any

from runloop_tui.analysis.attempts import Attempt
from runloop_tui.analysis.slow import Evidence, Slow, Stuck
from runloop_tui.api.models import (
    BenchmarkRun,
    ScenarioRun,
    ScoringFunctionResult,
    ScoringResult,
)
from runloop_tui.monitor.counts import Tally
from runloop_tui.monitor.snapshot import RunRecord, Snapshot
from runloop_tui.present.layout import Line
from runloop_tui.present.units import HOUR, MINUTE

NOW = 1_795_269_909_000
"""2026-11-21 14:05:09 UTC, a Saturday, in ms."""

WIDTHS = (44, 58, 76, 118, 150, 198)
"""The widths of tables on screens of 80 to 200 cells."""


def a_run(**fields: Any) -> BenchmarkRun:  # noqa: ANN401
    """Return a run that began an hour ago and is running; `fields` override."""
    usual = {"id": "bmr_1", "name": "swe-verified", "state": "running", "start_time_ms": NOW - HOUR}
    return BenchmarkRun.model_validate(usual | fields)


def a_scenario_run(score: float | None = None, **fields: Any) -> ScenarioRun:  # noqa: ANN401
    """Return a scenario run that began an hour ago and is running; `fields` override."""
    usual: dict[str, Any] = {
        "id": "scr_1",
        "name": "django__django-11099",
        "scenario_id": "scn_1",
        "state": "running",
        "start_time_ms": NOW - HOUR,
    }
    if score is not None:
        usual["scoring_contract_result"] = ScoringResult(score=score)
    return ScenarioRun.model_validate(usual | fields)


def a_scored_run(*results: ScoringFunctionResult, score: float = 0.0, **fields: Any) -> ScenarioRun:  # noqa: ANN401
    """Return a completed scenario run with the results of its scorers."""
    contract = ScoringResult(score=score, scoring_function_results=results)
    usual: dict[str, Any] = {"state": "completed", "duration_ms": HOUR}
    return a_scenario_run(**usual | {"scoring_contract_result": contract} | fields)


def a_slow(
    id_: str = "scr_1", *, name: str = "", evidence: Evidence = "others", against_ms: int = HOUR
) -> Slow:
    """Return a scenario run that is slow after one hour."""
    attempt = Attempt(id_, "scn_1", name or id_, "running", NOW - HOUR, None, None)
    return Slow(attempt, HOUR, evidence, against_ms)


def a_stuck(id_: str = "scr_1", *, name: str = "") -> Stuck:
    """Return a scenario run that has been silent for 47 minutes; others were for 9."""
    return Stuck(a_slow(id_, name=name), 47 * MINUTE, 9 * MINUTE)


def a_record(run: BenchmarkRun | None = None, **known: Any) -> RunRecord:  # noqa: ANN401
    """Return a record whose scenario runs were all read; `known` overrides."""
    usual: dict[str, Any] = {"all_read": True, "tally": Tally(), "total": 500}
    return RunRecord(run or a_run(), **usual | known)


def a_snapshot(*records: RunRecord, **known: Any) -> Snapshot:  # noqa: ANN401
    """Return a loaded snapshot of these records."""
    return Snapshot(records=records, **{"loaded": True} | known)


def text_of(line: Line) -> str:
    """Return the text of a line."""
    return "".join(piece.text for piece in line)


def page_of(lines: Iterable[Line]) -> str:
    """Return the text of lines, one per line, without trailing blanks."""
    return "\n".join(text_of(line).rstrip() for line in lines)
