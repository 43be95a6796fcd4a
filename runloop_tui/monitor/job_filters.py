"""Search, filter and sort over jobs and over the runs of one."""

from typing import TYPE_CHECKING, Any

from runloop_tui.monitor.filters import Order, in_order, share_done
from runloop_tui.monitor.progress import elapsed_ms
from runloop_tui.monitor.query import Found, parse
from runloop_tui.monitor.states import job_run_word, job_word

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence

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
    gone: "Collection[str]" = (),
) -> "list[BenchmarkJob]":
    """Filter and sort jobs; equal ones stand newest first. `gone` are the ids that the server no longer knows.

    One is found by name, id, state, benchmark, agents or models.
    """

    def word(job: "BenchmarkJob") -> str:
        return job_word(job, gone=job.id in gone)

    query = parse(needle)
    found = [job for job in jobs if not needle or query.finds(Found(_job_names(job), (word(job),)))]
    values: dict[str, Callable[[BenchmarkJob], Any]] = {
        "created": lambda job: job.create_time_ms,
        "name": lambda job: (job.name or job.id).casefold(),
        "state": lambda job: (job.is_terminal or job.id in gone, word(job)),
        "progress": lambda job: _share(sums(job)),
    }
    found.sort(key=lambda job: (-(job.create_time_ms or 0), job.id))
    return in_order(found, values[order.key], order)


def arrange_job_runs(
    runs: "Sequence[JobRun]", needle: str, order: Order, now_ms: int
) -> "list[JobRun]":
    """Filter the runs of a job by agent, model, state or id, and sort them; equal ones as they are listed."""
    query = parse(needle)
    found = [
        run
        for run in runs
        if not needle
        or query.finds(Found((run.agent, run.model, run.run_id), (job_run_word(run),)))
    ]
    places = {run.key: place for place, run in enumerate(runs)}
    values: dict[str, Callable[[JobRun], Any]] = {
        "listed": lambda run: places[run.key],
        "agent": lambda run: (run.agent or run.run_id).casefold(),
        "model": lambda run: run.model.casefold() or None,
        "state": lambda run: (run.has_ended, job_run_word(run)),
        "done": lambda run: share_done(run.counts, run.planned),
        "score": lambda run: run.score,
        "elapsed": lambda run: job_run_elapsed_ms(run, now_ms),
    }
    return in_order(found, values[order.key], order)


def job_run_elapsed_ms(run: "JobRun", now_ms: int) -> int | None:
    """How long a run of a job took, or has been going on, in ms; None where that is not known."""
    return elapsed_ms(run.start_ms, run.duration_ms, now_ms, is_over=run.has_ended)


def _job_names(job: "BenchmarkJob") -> "tuple[str, ...]":
    source, spec = job.job_source, job.job_spec
    agents = spec.agent_configs if spec else ()
    return (
        job.name,
        job.id,
        *((source.type, source.benchmark_name, source.benchmark_id) if source else ()),
        *(word for agent in agents for word in (agent.name, agent.model_name)),
    )


def _share(together: "JobSum") -> float | None:
    return share_done(together.counts, together.total)
