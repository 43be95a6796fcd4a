"""Search, filter and sort over jobs and over the runs of one."""

from typing import TYPE_CHECKING, Any

from runloop_tui.monitor.filters import Order, has_words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from runloop_tui.api.models import BenchmarkJob
    from runloop_tui.monitor.job_runs import JobRun, JobSum

JOB_ORDERS = ("created", "name", "state", "progress")
"""The orders of the list of jobs; the first is the default, newest first."""
JOB_RUN_ORDERS = ("listed", "agent", "model", "state", "done", "score", "elapsed")
"""The orders of the runs of a job; the first, that of the job's spec, is the default."""


def arrange_jobs(
    jobs: "Iterable[BenchmarkJob]",
    needle: str,
    order: Order,
    *,
    sums: "Callable[[BenchmarkJob], JobSum]",
) -> "list[BenchmarkJob]":
    """Filter and sort jobs; equal ones stand newest first.

    One is found by name, id, state, benchmark, agents or models.
    """
    found = [job for job in jobs if not needle or has_words(needle, *_job_words(job))]
    keys: dict[str, Callable[[BenchmarkJob], Any]] = {
        "created": lambda job: -(job.create_time_ms or 0),
        "name": lambda job: (job.name or job.id).casefold(),
        "state": lambda job: (job.is_settled, job.state),
        "progress": lambda job: _least_done_last(sums(job)),
    }
    found.sort(key=lambda job: (-(job.create_time_ms or 0), job.id))
    found.sort(key=keys[order.key], reverse=order.reverse)
    return found


def arrange_job_runs(
    runs: "Sequence[JobRun]", needle: str, order: Order, now_ms: int
) -> "list[JobRun]":
    """Filter the runs of a job by agent, model, state or id, and sort them; equal ones as they are listed."""
    found = [
        run
        for run in runs
        if not needle or has_words(needle, run.agent, run.model, run.state, run.run_id)
    ]
    places = {run.key: place for place, run in enumerate(runs)}
    keys: dict[str, Callable[[JobRun], Any]] = {
        "listed": lambda run: places[run.key],
        "agent": lambda run: run.agent.casefold(),
        "model": lambda run: run.model.casefold(),
        "state": lambda run: run.state,
        "done": lambda run: -(run.counts.done if run.counts else -1),
        "score": lambda run: (run.average is None, -(run.average or 0.0)),
        "elapsed": lambda run: -(job_run_elapsed_ms(run, now_ms) or -1),
    }
    return sorted(found, key=keys[order.key], reverse=order.reverse)


def job_run_elapsed_ms(run: "JobRun", now_ms: int) -> int | None:
    """How long a run of a job took, or has been going on; None where that is not known."""
    if run.duration_ms is not None or run.has_ended or run.start_ms is None:
        return run.duration_ms
    return now_ms - run.start_ms


def _job_words(job: "BenchmarkJob") -> "tuple[str, ...]":
    source, spec = job.job_source, job.job_spec
    agents = spec.agent_configs if spec else ()
    return (
        job.name,
        job.id,
        job.state,
        *((source.type, source.benchmark_name, source.benchmark_id) if source else ()),
        *(word for agent in agents for word in (agent.name, agent.model_name)),
    )


def _least_done_last(together: "JobSum") -> tuple[bool, float]:
    if not together.total:
        return (True, 0.0)
    return (False, -together.counts.done / together.total)
