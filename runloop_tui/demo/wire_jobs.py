"""The views of benchmark jobs as they travel."""

from runloop_tui.demo.job import Job
from runloop_tui.demo.outcomes import ScenarioOutcome, average_score, scenario_outcomes
from runloop_tui.demo.run import Run
from runloop_tui.demo.wire import Wire
from runloop_tui.demo.world import World


def benchmark_job(world: World, job: Job) -> Wire:
    """Write a BenchmarkJobView."""
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
    course, failure = outcome.course, outcome.failure
    return {
        "scenario_run_id": None if course is None else run.scenario_run_id(course.position),
        "scenario_definition_id": world.scenario_id(run.plan.benchmark, outcome.scenario),
        "scenario_name": run.plan.benchmark.scenarios[outcome.scenario],
        "state": outcome.state,
        "score": outcome.score,
        "duration_ms": None if course is None else course.ended_ms - course.started_ms,
        "failure_reason": None
        if failure is None
        else {
            "exception_type": failure.exception_type,
            "exception_message": failure.exception_message,
        },
    }
