"""Runs and scenario runs with only what a test cares about."""

from typing import Any

from runloop_tui.api.models import BenchmarkRun, ScenarioRun
from tests.api.scripted import NOW_MS

MINUTE_MS = 60_000
HOUR_MS = 60 * MINUTE_MS


def run(id_: str = "bmr_1", state: str = "running", **fields: object) -> BenchmarkRun:
    """A benchmark run."""
    return BenchmarkRun.model_validate({"id": id_, "state": state, **fields})


def scenario_run(
    id_: str = "scr_1", state: str = "running", score: float | None = None, **fields: object
) -> ScenarioRun:
    """A scenario run, with a scoring result if it is given a score."""
    result = None if score is None else {"score": score}
    wire = {"id": id_, "state": state, "scoring_contract_result": result, **fields}
    return ScenarioRun.model_validate(wire)


def a_finished(
    id_: str, *, minutes_ago: float, took_ms: int = MINUTE_MS, **fields: object
) -> ScenarioRun:
    """A scenario run that was completed some minutes before NOW_MS."""
    end = NOW_MS - int(minutes_ago * MINUTE_MS)
    given: dict[str, Any] = {"state": "completed", "score": 1.0, **fields}
    return scenario_run(id_, start_time_ms=end - took_ms, duration_ms=took_ms, **given)
