"""Scenario runs that failed, gave a wrong answer or passed, one ending per minute."""

from runloop_tui.api.models import FailureReason, ScenarioRun
from tests.analysis.attempt_making import START_MS
from tests.monitor.making import MINUTE_MS, scenario_run


def output(text: str, score: float = 0.0, state: str = "complete", name: str = "tests") -> object:
    return {"scoring_function_name": name, "score": score, "output": text, "state": state}


def times(number: int) -> dict[str, int]:
    """One ends per minute."""
    return {"start_time_ms": START_MS, "duration_ms": number * MINUTE_MS}


def failed(number: int, state: str = "failed") -> ScenarioRun:
    return scenario_run(f"scr_{number}", state, **times(number))


def passed(number: int) -> ScenarioRun:
    return scenario_run(f"scr_{number}", "completed", 1.0, **times(number))


def wrong(number: int, *outputs: object, score: float = 0.0) -> ScenarioRun:
    """A scenario run with a wrong answer, of which the scorers said this."""
    results = [output(each) if isinstance(each, str) else each for each in outputs]
    return ScenarioRun.model_validate(
        {
            "id": f"scr_{number}",
            "state": "completed",
            "scoring_contract_result": {"score": score, "scoring_function_results": results},
            **times(number),
        }
    )


def because(type_: str, message: str = "") -> FailureReason:
    return FailureReason(exception_type=type_, exception_message=message)
