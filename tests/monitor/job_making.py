"""Benchmark jobs as they are on the wire, with only what a test cares about."""

from typing import Any

from runloop_tui.api.models import BenchmarkJob

Wire = dict[str, Any]

PASSED: Wire = {"state": "COMPLETED", "score": 1.0}
HALF: Wire = {"state": "COMPLETED", "score": 0.5}
ZERO: Wire = {"state": "COMPLETED", "score": 0.0}
FAILED: Wire = {
    "state": "FAILED",
    "failure_reason": {
        "exception_type": "EnvironmentStartTimeoutError",
        "exception_message": "no devbox within 600 s",
    },
}
TIMEOUT: Wire = {"state": "TIMEOUT"}
CANCELED: Wire = {"state": "CANCELLED"}


def outcome(run_id: str, agent: str, *scenarios: Wire, **fields: object) -> Wire:
    """A terminal run of a job; its scenario runs are called after it, unless they say otherwise."""
    listed = [
        {"scenario_run_id": f"scr_{run_id}_{number}", **each}
        for number, each in enumerate(scenarios)
    ]
    return {
        "benchmark_run_id": run_id,
        "agent_name": agent,
        "model_name": f"{agent}-model",
        "scenario_outcomes": listed,
        **fields,
    }


def going_on(run_id: str, agent: str, **fields: object) -> Wire:
    """A run of a job that is not terminal."""
    return {
        "benchmark_run_id": run_id,
        "agent_config": config(agent),
        "state": "running",
        "start_time_ms": 1_000,
        **fields,
    }


def config(agent: str) -> Wire:
    """An agent of a job's spec."""
    return {"type": "job_agent", "name": agent, "model_name": f"{agent}-model"}


def job_wire(
    id_: str = "bmj_1",
    state: str = "running",
    *,
    outcomes: tuple[Wire, ...] = (),
    in_progress: tuple[Wire, ...] = (),
    agents: tuple[str, ...] = (),
    scenarios: int = 0,
    **fields: object,
) -> Wire:
    """A job as it is on the wire."""
    spec: Any = {
        "scenario_ids": [f"scn_{number}" for number in range(scenarios)],
        "agent_configs": [config(agent) for agent in agents],
    }
    return {
        "id": id_,
        "name": f"name of {id_}",
        "state": state,
        "job_spec": spec if scenarios or agents else None,
        "benchmark_outcomes": list(outcomes),
        "in_progress_runs": list(in_progress),
        "create_time_ms": 1_000,
        **fields,
    }


def job(*args: Any, **fields: Any) -> BenchmarkJob:  # noqa: ANN401 - those of job_wire
    """A job as the client reads it."""
    return BenchmarkJob.model_validate(job_wire(*args, **fields))
