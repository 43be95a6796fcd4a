"""Every served object against the OpenAPI description: its fields, their types, their nulls."""

from typing import Any

import pytest

from runloop_tui.demo.world import World
from tests.demo.client import DemoClient
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
OLDER_RUN: Table = {
    "id": (str,),
    "benchmark_id": (str, None),
    "name": (str, None),
    "start_time_ms": (int,),
    "duration_ms": (int, None),
    "state": (str,),
    "score": (float, None),
    "metadata": (dict,),
    "pending_scenarios": (list,),
    "scenario_runs": (list,),
}
OLDER_SCENARIO_RUN: Table = {
    "scenario_id": (str,),
    "scenarioRunId": (str,),
    "scoringResult": (dict, None),
}
JOB: Table = {
    "id": (str,),
    "name": (str,),
    "state": (str,),
    "job_source": (dict,),
    "job_spec": (dict, None),
    "failure_reason": (str, None),
    "benchmark_outcomes": (list,),
    "in_progress_runs": (list,),
    "create_time_ms": (int,),
}
SOURCES: dict[str, Table] = {
    "harbor": {"type": (str,), "inline_yaml": (str,)},
    "benchmark": {"type": (str,), "benchmark_id": (str,), "benchmark_name": (str, None)},
    "scenarios": {"type": (str,), "scenario_ids": (list,)},
}
SPEC: Table = {"scenario_ids": (list,), "orchestrator_config": (dict,), "agent_configs": (list,)}
ORCHESTRATOR: Table = {
    "n_concurrent_trials": (int,),
    "n_attempts": (int,),
    "timeout_multiplier": (float,),
    "quiet": (bool,),
}
AGENT: Table = {
    "type": (str,),
    "agent_id": (str, None),
    "name": (str,),
    "model_name": (str, None),
    "timeout_seconds": (float, None),
    "kwargs": (dict, None),
    "agent_environment": (dict, None),
}
AGENT_ENVIRONMENT: Table = {"environment_variables": (dict,), "secrets": (dict,)}
IN_PROGRESS: Table = {
    "benchmark_run_id": (str,),
    "agent_config": (dict, None),
    "state": (str,),
    "start_time_ms": (int,),
    "duration_ms": (int, None),
}
OUTCOME: Table = {
    "benchmark_run_id": (str,),
    "agent_name": (str,),
    "model_name": (str, None),
    "n_completed": (int,),
    "n_failed": (int,),
    "n_timeout": (int,),
    "average_score": (float, None),
    "duration_ms": (int, None),
    "scenario_outcomes": (list,),
}
SCENARIO_OUTCOME: Table = {
    "scenario_run_id": (str, None),
    "scenario_definition_id": (str,),
    "scenario_name": (str,),
    "state": (str,),
    "score": (float, None),
    "duration_ms": (int, None),
    "failure_reason": (dict, None),
}
FAILURE: Table = {"exception_type": (str,), "exception_message": (str,)}
LOG: Table = {
    "level": (str,),
    "source": (str,),
    "timestamp_ms": (int,),
    "message": (str,),
    "cmd": (str,),
    "cmd_id": (str,),
    "shell_name": (str,),
    "exit_code": (int,),
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
AT_MOST = 100
"""How many scenario runs of each benchmark run are checked at one moment, the newest."""
RUN_STATES = {"running", "canceled", "completed", "failed"}
JOB_STATES = {"queued", "running", "completed", "failed", "cancelled", "timeout", "initializing"}
SCENARIO_STATES = {"running", "scoring", "scored", "completed", "canceled", "timeout", "failed"}


NESTED = {
    "scoring_contract_result", "scoringResult", "scoring_function_results", "scenario_runs",
    "job_source", "job_spec", "orchestrator_config", "agent_configs", "agent_config",
    "agent_environment", "benchmark_outcomes", "in_progress_runs", "scenario_outcomes",
    "failure_reason",
}  # fmt: skip
"""Fields that hold other views; all other objects and lists hold strings."""


def check(table: Table, served: dict[str, Any]) -> None:
    assert served.keys() == table.keys()
    for field, allowed in table.items():
        found = None if served[field] is None else type(served[field])
        assert found in allowed, f"{field} is {served[field]!r}"
        if field in NESTED:
            continue
        if found is dict:
            pairs = served[field].items()
            assert all(type(key) is type(value) is str for key, value in pairs)
        if found is list:
            assert all(type(value) is str for value in served[field])


@pytest.mark.parametrize("minutes", [0, 7, 45])
async def test_every_run_and_scenario_run_is_written_as_described(
    client: DemoClient, clock: Clock, minutes: int
) -> None:
    clock.advance(minutes=minutes)
    for run in await client.runs():
        check(OLDER_RUN if "pending_scenarios" in run else BENCHMARK_RUN, run)
        assert run["state"] in RUN_STATES
        assert (run["duration_ms"] is None) == (run["state"] == "running")
        path = f"/v1/benchmark_runs/{run['id']}/scenario_runs"
        for scenario_run in (await client.get(path, limit=AT_MOST))["runs"]:
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


async def test_every_benchmark_is_written_as_described(client: DemoClient) -> None:
    for path in ("/v1/benchmarks", "/v1/benchmarks/list_public"):
        page = await client.get(path)
        assert page.keys() == {"benchmarks", "has_more", "total_count"}
        for benchmark in page["benchmarks"]:
            check(BENCHMARK, benchmark)
            assert benchmark["status"] in {"active", "archived"}


async def test_pages_of_runs_are_written_as_described(client: DemoClient) -> None:
    run = await client.run_named("tb2-mini-goose")
    for path in ("/v1/benchmark_runs", f"/v1/benchmark_runs/{run['id']}/scenario_runs"):
        page = await client.get(path)
        assert page.keys() == {"runs", "has_more", "total_count"}
        assert type(page["has_more"]) is bool
        assert type(page["total_count"]) is int


async def test_every_run_of_an_older_server_is_written_as_older_servers_did(world: World) -> None:
    older = DemoClient(world, older=True)
    for run in (await older.get("/v1/benchmarks/runs"))["runs"]:
        check(OLDER_RUN, run)
        for scenario_run in run["scenario_runs"]:
            check(OLDER_SCENARIO_RUN, scenario_run)
            if scenario_run["scoringResult"]:
                check(SCORING, scenario_run["scoringResult"])


@pytest.mark.parametrize("minutes", [0, 20, 45])
async def test_every_job_is_written_as_described(
    client: DemoClient, clock: Clock, minutes: int
) -> None:
    clock.advance(minutes=minutes)
    page = await client.get("/v1/benchmark_jobs")
    assert page.keys() == {"jobs", "has_more", "total_count"}
    for job in page["jobs"]:
        check(JOB, job)
        assert job["state"] in JOB_STATES
        check(SOURCES[job["job_source"]["type"]], job["job_source"])
        if spec := job["job_spec"]:
            check(SPEC, spec)
            check(ORCHESTRATOR, spec["orchestrator_config"])
            for agent in spec["agent_configs"]:
                check_agent(agent)
        for run in job["in_progress_runs"]:
            check(IN_PROGRESS, run)
            check_agent(run["agent_config"])
            assert run["state"] in RUN_STATES
        for outcome in job["benchmark_outcomes"]:
            check(OUTCOME, outcome)
            for scenario in outcome["scenario_outcomes"]:
                check(SCENARIO_OUTCOME, scenario)
                assert scenario["state"] in {"COMPLETED", "FAILED", "TIMEOUT", "CANCELED"}
                if scenario["failure_reason"]:
                    check(FAILURE, scenario["failure_reason"])


def check_agent(agent: dict[str, Any]) -> None:
    check(AGENT, agent)
    check(AGENT_ENVIRONMENT, agent["agent_environment"])
    assert agent["type"] == "job_agent"


async def test_every_log_of_a_devbox_is_written_as_described(client: DemoClient) -> None:
    run = await client.run_named("tb2-nightly-codex")
    for scenario_run in (await client.scenario_runs(run["id"]))[::4]:
        page = await client.get(f"/v1/devboxes/{scenario_run['devbox_id']}/logs")
        assert page.keys() == {"logs"}
        for log in page["logs"]:
            assert log.keys() >= {"level", "source", "timestamp_ms"}
            check({field: LOG[field] for field in log}, log)
            assert {"message", "cmd", "exit_code"} & log.keys()
