"""The views of the API as JSON objects, with the field names of the OpenAPI description."""

from collections.abc import Mapping
from typing import Any

from runloop_tui.demo.devbox_logs import LogLine
from runloop_tui.demo.job import Job, ScenarioOutcome, average_score, scenario_outcomes
from runloop_tui.demo.plans import BenchmarkPlan, RunPlan
from runloop_tui.demo.run import Run
from runloop_tui.demo.timeline import Timeline
from runloop_tui.demo.world import World

Wire = dict[str, Any]

NOT_IN_OLDER_VIEW = ("purpose", "environment_variables", "secrets_provided")
"""Fields that the older view does not have."""


def benchmark_run(world: World, run: Run) -> Wire:
    """Return a BenchmarkRunView."""
    plan = run.plan
    now = world.now()
    state = run.state_at(now)
    is_terminal = state != "running"
    return {
        "id": run.id,
        "benchmark_id": world.benchmark_id(plan.benchmark) if plan.is_linked else None,
        "name": plan.name,
        "start_time_ms": run.start_ms,
        "duration_ms": run.ended_ms - run.start_ms if is_terminal else None,
        "state": state,
        "score": run.final_score if is_terminal else None,
        "metadata": _metadata(plan),
        "purpose": plan.purpose,
        "environment_variables": _copy(plan.environment_variables),
        "secrets_provided": _copy(plan.secrets_provided),
    }


def scenario_run(world: World, run: Run, timeline: Timeline) -> Wire:
    """Return a ScenarioRunView."""
    plan = run.plan
    now = world.now()
    score = timeline.score_at(now)
    is_terminal = now >= timeline.ended_ms
    return {
        "id": run.scenario_run_id(timeline.position),
        "name": run.scenario_name(timeline),
        "scenario_id": world.scenario_id(plan.benchmark, timeline.scenario),
        "devbox_id": run.devbox_id(timeline.position),
        "benchmark_run_id": run.id,
        "scoring_contract_result": None if score is None else scoring(run, timeline, score),
        "start_time_ms": timeline.started_ms,
        "duration_ms": timeline.ended_ms - timeline.started_ms if is_terminal else None,
        "state": timeline.state_at(now),
        "metadata": {"agent": plan.agent, "attempt": "1"},
        "purpose": plan.purpose,
        "environment_variables": _copy(plan.environment_variables),
        "secrets_provided": _copy(plan.secrets_provided),
    }


def benchmark(world: World, benchmark_id: str, plan: BenchmarkPlan) -> Wire:
    """Return a BenchmarkDefinitionView; `scenarioIds` is camelCase there."""
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
    """Return the ScenarioDefinitionView of the scenario at a place in its benchmark."""
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
    """Return one log of a DevboxLogsListView, without the fields that are None."""
    named = zip(line._fields, line, strict=True)
    return {field: value for field, value in named if value is not None}


def scoring(run: Run, timeline: Timeline, score: float) -> Wire:
    """Return a ScoringContractResultView."""
    return {
        "score": score,
        "scoring_function_results": [
            {
                "score": result.score,
                "scoring_function_name": result.name,
                "output": result.output,
                "state": result.state,
            }
            for result in run.scorer_results(timeline)
        ],
    }


def _metadata(plan: RunPlan) -> dict[str, str]:
    named = {"agent": plan.agent, "model": plan.model} if plan.names_agent else {}
    return {**named, **plan.metadata}


def _copy(mapping: Mapping[str, str] | None) -> dict[str, str] | None:
    return None if mapping is None else dict(mapping)


def benchmark_job(world: World, job: Job) -> Wire:
    """Return a BenchmarkJobView."""
    now = world.now()
    return {
        "id": job.id,
        "name": job.plan.name,
        "state": job.state_at(now),
        "job_source": _source(world, job),
        "job_spec": _spec(world, job) if job.runs else None,
        "failure_reason": job.failure_reason_at(now),
        "benchmark_outcomes": [_outcome(world, run) for run in job.ended_by(now)],
        "in_progress_runs": [_in_progress(job, run, now) for run in job.in_progress_at(now)],
        "create_time_ms": job.created_ms,
    }


def _source(world: World, job: Job) -> Wire:
    plan = job.plan
    if plan.source == "harbor":
        return {"type": "harbor", "inline_yaml": plan.inline_yaml}
    if plan.source == "scenarios":
        return {"type": "scenarios", "scenario_ids": _scenario_ids(world, job)}
    benchmark = plan.runs[0].benchmark
    return {
        "type": "benchmark",
        "benchmark_id": world.benchmark_id(benchmark),
        "benchmark_name": benchmark.name,
    }


def _spec(world: World, job: Job) -> Wire:
    plan = job.plan
    return {
        "scenario_ids": _scenario_ids(world, job),
        "orchestrator_config": {
            "n_concurrent_trials": plan.runs[0].concurrency,
            "n_attempts": plan.attempts,
            "timeout_multiplier": plan.timeout_multiplier,
            "quiet": plan.quiet,
        },
        "agent_configs": [_agent(job, run) for run in job.runs],
    }


def _scenario_ids(world: World, job: Job) -> list[str]:
    first = job.plan.runs[0]
    return [world.scenario_id(first.benchmark, index) for index in range(first.size)]


def _agent(job: Job, run: Run) -> Wire:
    plan = job.plan
    return {
        "type": "job_agent",
        "agent_id": job.agent_id(run),
        "name": run.plan.agent,
        "model_name": run.plan.model,
        "timeout_seconds": run.agent_timeout_ms / 1000 / plan.timeout_multiplier or None,
        "kwargs": dict(plan.agent_kwargs),
        "agent_environment": {
            "environment_variables": dict(plan.environment_variables),
            "secrets": dict(plan.secrets),
        },
    }


def _in_progress(job: Job, run: Run, now_ms: int) -> Wire:
    return {
        "benchmark_run_id": run.id,
        "agent_config": _agent(job, run),
        "state": run.state_at(now_ms),
        "start_time_ms": run.start_ms,
        "duration_ms": now_ms - run.start_ms,
    }


def _outcome(world: World, run: Run) -> Wire:
    outcomes = scenario_outcomes(run)
    states = [outcome.state for outcome in outcomes]
    return {
        "benchmark_run_id": run.id,
        "agent_name": run.plan.agent,
        "model_name": run.plan.model,
        "n_completed": states.count("COMPLETED"),
        "n_failed": states.count("FAILED"),
        "n_timeout": states.count("TIMEOUT"),
        "average_score": average_score(outcomes),
        "duration_ms": run.ended_ms - run.start_ms,
        "scenario_outcomes": [_scenario_outcome(world, run, outcome) for outcome in outcomes],
    }


def _scenario_outcome(world: World, run: Run, outcome: ScenarioOutcome) -> Wire:
    timeline, failure = outcome.timeline, outcome.failure
    return {
        "scenario_run_id": None if timeline is None else run.scenario_run_id(timeline.position),
        "scenario_definition_id": world.scenario_id(run.plan.benchmark, outcome.scenario),
        "scenario_name": run.plan.benchmark.scenarios[outcome.scenario],
        "state": outcome.state,
        "score": outcome.score,
        "duration_ms": None if timeline is None else timeline.ended_ms - timeline.started_ms,
        "failure_reason": None
        if failure is None
        else {
            "exception_type": failure.exception_type,
            "exception_message": failure.exception_message,
        },
    }


def older_benchmark_run(world: World, run: Run) -> Wire:
    """Return the older BenchmarkRunView.

    Every scenario is in one of two lists: as an id in `pending_scenarios` until its run is
    terminal, then in `scenario_runs`, without a `scoringResult` if it was never scored.
    """
    now = world.now()
    benchmark = run.plan.benchmark
    finished = [timeline for timeline in run.timelines if timeline.ended_ms <= now]
    terminal = {timeline.scenario for timeline in finished}
    view = benchmark_run(world, run)
    return {
        **{field: value for field, value in view.items() if field not in NOT_IN_OLDER_VIEW},
        "pending_scenarios": [
            world.scenario_id(benchmark, index)
            for index in range(run.plan.size)
            if index not in terminal
        ],
        "scenario_runs": [_older_scenario_run(world, run, timeline) for timeline in finished],
    }


def _older_scenario_run(world: World, run: Run, timeline: Timeline) -> Wire:
    score = timeline.score
    return {
        "scenario_id": world.scenario_id(run.plan.benchmark, timeline.scenario),
        "scenarioRunId": run.scenario_run_id(timeline.position),
        "scoringResult": None if score is None else scoring(run, timeline, score),
    }
