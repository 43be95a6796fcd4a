"""The views of the API as they travel: dicts with the field names of the OpenAPI description."""

from collections.abc import Mapping
from typing import Any

from runloop_tui.demo.courses import Course
from runloop_tui.demo.devbox_logs import LogLine
from runloop_tui.demo.plans import BenchmarkPlan, RunPlan
from runloop_tui.demo.run import Run
from runloop_tui.demo.world import World

Wire = dict[str, Any]


def benchmark_run(world: World, run: Run) -> Wire:
    """Write a BenchmarkRunView."""
    plan = run.plan
    now = world.now()
    state = run.state_at(now)
    is_over = state != "running"
    return {
        "id": run.id,
        "benchmark_id": world.benchmark_id(plan.benchmark) if plan.is_linked else None,
        "name": plan.name,
        "start_time_ms": run.start_ms,
        "duration_ms": run.ended_ms - run.start_ms if is_over else None,
        "state": state,
        "score": run.final_score if is_over else None,
        "metadata": _metadata(plan),
        "purpose": plan.purpose,
        "environment_variables": _copy(plan.environment_variables),
        "secrets_provided": _copy(plan.secrets_provided),
    }


def scenario_run(world: World, run: Run, course: Course) -> Wire:
    """Write a ScenarioRunView."""
    plan = run.plan
    now = world.now()
    score = course.score_at(now)
    is_over = now >= course.ended_ms
    return {
        "id": run.scenario_run_id(course.position),
        "name": run.scenario_name(course),
        "scenario_id": world.scenario_id(plan.benchmark, course.scenario),
        "devbox_id": run.devbox_id(course.position),
        "benchmark_run_id": run.id,
        "scoring_contract_result": None if score is None else scoring(run, course, score),
        "start_time_ms": course.started_ms,
        "duration_ms": course.ended_ms - course.started_ms if is_over else None,
        "state": course.state_at(now),
        "metadata": {"agent": plan.agent, "attempt": "1"},
        "purpose": plan.purpose,
        "environment_variables": _copy(plan.environment_variables),
        "secrets_provided": _copy(plan.secrets_provided),
    }


def benchmark(world: World, benchmark_id: str, plan: BenchmarkPlan) -> Wire:
    """Write a BenchmarkDefinitionView; `scenarioIds` is camelCase there."""
    return {
        "id": benchmark_id,
        "name": plan.name,
        "scenarioIds": [world.scenario_id(plan, index) for index in range(len(plan.scenarios))],
        "metadata": dict(plan.metadata),
        "required_environment_variables": list(plan.required_environment_variables),
        "required_secret_names": list(plan.required_secret_names),
        "is_public": plan.is_public,
        "attribution": plan.attribution,
        "description": plan.description,
        "status": "active",
    }


def scenario_definition(world: World, plan: BenchmarkPlan, place: int) -> Wire:
    """Write the ScenarioDefinitionView of the scenario at a place in its benchmark."""
    name = plan.scenarios[place]
    return {
        "id": world.scenario_id(plan, place),
        "name": name,
        "input_context": {"problem_statement": f"Solve {name}."},
        "scoring_contract": {"scoring_function_parameters": []},
        "metadata": {},
        "status": "active",
    }


def devbox_log(line: LogLine) -> Wire:
    """Write one log of a DevboxLogsListView; what a line does not say is left out."""
    every = {
        "level": line.level,
        "source": line.source,
        "timestamp_ms": line.timestamp_ms,
        "message": line.message,
        "cmd": line.cmd,
        "cmd_id": line.cmd_id,
        "shell_name": line.shell_name,
        "exit_code": line.exit_code,
    }
    return {field: value for field, value in every.items() if value is not None}


def scoring(run: Run, course: Course, score: float) -> Wire:
    """Write a ScoringContractResultView."""
    return {
        "score": score,
        "scoring_function_results": [
            {
                "score": result.score,
                "scoring_function_name": result.name,
                "output": result.output,
                "state": result.state,
            }
            for result in run.scorer_results(course)
        ],
    }


def _metadata(plan: RunPlan) -> dict[str, str]:
    named = {"agent": plan.agent, "model": plan.model} if plan.names_agent else {}
    return {**named, **plan.metadata}


def _copy(mapping: Mapping[str, str] | None) -> dict[str, str] | None:
    return None if mapping is None else dict(mapping)
