"""Run views of older servers, converted to the current shape before they are parsed.

Older servers put the finished scenario runs into the run: `scenario_runs[{scenario_id,
scenarioRunId, scoringResult}]`. Field names are in camelCase or snake_case; where both are there,
the one in snake_case is used.
"""

import re
from collections.abc import Mapping
from typing import Any

_OLDER_IN_RUNS = frozenset({"scenario_runs", "scenarioRuns", "pendingScenarios"})
_OLDER_IN_SCENARIO_RUNS = frozenset(
    {"scenarioRunId", "scenario_run_id", "scoringResult", "scoring_result"}
)
_BEFORE_A_CAPITAL = re.compile(r"(?<!^)(?=[A-Z])")


def upgraded_benchmark_run(raw: dict[str, Any]) -> dict[str, Any]:
    """Return a benchmark run whose embedded scenario runs, if any, have the current shape."""
    if _OLDER_IN_RUNS.isdisjoint(raw):
        return raw
    run = _in_snake_case(raw)
    embedded = run.get("scenario_runs")
    if isinstance(embedded, list):
        run["scenario_runs"] = [_embedded(each, run.get("id")) for each in embedded]
    return run


def upgraded_scenario_run(raw: dict[str, Any]) -> dict[str, Any]:
    """Return a scenario run whose id and scoring result have their current names."""
    if _OLDER_IN_SCENARIO_RUNS.isdisjoint(raw):
        return raw
    run = _in_snake_case(raw)
    _rename(run, "scenario_run_id", "id")
    _rename(run, "scoring_result", "scoring_contract_result")
    result = run.get("scoring_contract_result")
    if isinstance(result, Mapping):
        run["scoring_contract_result"] = _scoring_result(result)
    return run


def _embedded(raw: object, benchmark_run_id: object) -> object:
    """Return a scenario run embedded in its benchmark run, with the fields that this implies."""
    if not isinstance(raw, Mapping):
        return raw
    run = upgraded_scenario_run(_in_snake_case(raw))
    implied = {"id": run.get("scenario_id"), "benchmark_run_id": benchmark_run_id}
    if run.get("scoring_contract_result") is not None:
        implied["state"] = "completed"  # older servers embed terminal scenario runs only
    return implied | {name: value for name, value in run.items() if value is not None}


def _scoring_result(raw: Mapping[str, Any]) -> dict[str, Any]:
    result = _in_snake_case(raw)
    functions = result.get("scoring_function_results")
    if isinstance(functions, list):
        result["scoring_function_results"] = [
            _in_snake_case(each) if isinstance(each, Mapping) else each for each in functions
        ]
    return result


def _in_snake_case(raw: Mapping[str, Any]) -> dict[str, Any]:
    """Rename the fields of one object; those of nested objects are kept, because they may be the user's."""
    named: dict[str, Any] = {}
    for name, value in raw.items():
        snake = _BEFORE_A_CAPITAL.sub("_", name).lower()
        if named.get(snake) is None or (snake == name and value is not None):
            named[snake] = value
    return named


def _rename(run: dict[str, Any], older: str, current: str) -> None:
    value = run.pop(older, None)
    if run.get(current) is None and value is not None:
        run[current] = value
