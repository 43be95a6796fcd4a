"""Every served object against the OpenAPI description: its fields, their types, their nulls."""

from typing import Any

import pytest

from tests.demo.asking import Asking
from tests.demo.clock import Clock

# Field → the JSON types the description allows; None where the field may be null.
Table = dict[str, tuple[type | None, ...]]

BENCHMARK_RUN: Table = {
    "id": (str,),
    "benchmark_id": (str, None),
    "name": (str, None),
    "start_time_ms": (int,),
    "duration_ms": (int, None),
    "state": (str,),
    "score": (float, None),
    "metadata": (dict,),
    "purpose": (str, None),
    "environment_variables": (dict, None),
    "secrets_provided": (dict, None),
}
SCENARIO_RUN: Table = {
    "id": (str,),
    "name": (str, None),
    "scenario_id": (str,),
    "devbox_id": (str,),
    "benchmark_run_id": (str, None),
    "scoring_contract_result": (dict, None),
    "start_time_ms": (int,),
    "duration_ms": (int, None),
    "state": (str,),
    "metadata": (dict,),
    "purpose": (str, None),
    "environment_variables": (dict, None),
    "secrets_provided": (dict, None),
}
SCORING: Table = {"score": (float,), "scoring_function_results": (list,)}
SCORING_FUNCTION: Table = {
    "score": (float,),
    "scoring_function_name": (str,),
    "output": (str,),
    "state": (str,),
}
BENCHMARK: Table = {
    "id": (str,),
    "name": (str,),
    "scenarioIds": (list,),
    "metadata": (dict,),
    "required_environment_variables": (list,),
    "required_secret_names": (list,),
    "is_public": (bool,),
    "attribution": (str,),
    "description": (str,),
    "status": (str,),
}
RUN_STATES = {"running", "canceled", "completed", "failed"}
SCENARIO_STATES = {"running", "scoring", "scored", "completed", "canceled", "timeout", "failed"}


def check(table: Table, served: dict[str, Any]) -> None:
    assert served.keys() == table.keys()
    for field, allowed in table.items():
        found = None if served[field] is None else type(served[field])
        assert found in allowed, f"{field} is {served[field]!r}"
        if found is dict and field != "scoring_contract_result":
            pairs = served[field].items()
            assert all(type(key) is type(value) is str for key, value in pairs)
        if found is list and field != "scoring_function_results":
            assert all(type(value) is str for value in served[field])


@pytest.mark.parametrize("minutes", [0, 7, 45])
async def test_every_run_and_scenario_run_is_written_as_described(
    asking: Asking, clock: Clock, minutes: int
) -> None:
    clock.advance(minutes=minutes)
    for run in await asking.runs():
        check(BENCHMARK_RUN, run)
        assert run["state"] in RUN_STATES
        assert (run["duration_ms"] is None) == (run["state"] == "running")
        for scenario_run in await asking.scenario_runs(run["id"]):
            check(SCENARIO_RUN, scenario_run)
            assert scenario_run["state"] in SCENARIO_STATES
            assert scenario_run["benchmark_run_id"] == run["id"]
            active = scenario_run["state"] in {"running", "scoring", "scored"}
            assert (scenario_run["duration_ms"] is None) == active
            if result := scenario_run["scoring_contract_result"]:
                check(SCORING, result)
                assert 0.0 <= result["score"] <= 1.0
                for function in result["scoring_function_results"]:
                    check(SCORING_FUNCTION, function)
                    assert function["state"] in {"unknown", "complete", "error"}
                    assert function["output"].splitlines()[-1] == f"score={function['score']}"


async def test_every_benchmark_is_written_as_described(asking: Asking) -> None:
    for path in ("/v1/benchmarks", "/v1/benchmarks/list_public"):
        page = await asking.get(path)
        assert page.keys() == {"benchmarks", "has_more", "total_count"}
        for benchmark in page["benchmarks"]:
            check(BENCHMARK, benchmark)
            assert benchmark["status"] in {"active", "archived"}


async def test_pages_of_runs_are_written_as_described(asking: Asking) -> None:
    run = await asking.run_named("tb2-mini-goose")
    for path in ("/v1/benchmark_runs", f"/v1/benchmark_runs/{run['id']}/scenario_runs"):
        page = await asking.get(path)
        assert page.keys() == {"runs", "has_more", "total_count"}
        assert type(page["has_more"]) is bool
        assert type(page["total_count"]) is int
