"""Make the record of a run from the facts that the store holds: run, job, benchmark, scenario runs, overlay."""

from dataclasses import replace
from typing import TYPE_CHECKING

from runloop_tui.monitor.counts import Tally
from runloop_tui.monitor.snapshot import RunRecord

if TYPE_CHECKING:
    from collections.abc import Sequence

    from runloop_tui.api.models import BenchmarkRun, ScenarioDefinition
    from runloop_tui.monitor.run_index import RunIndex
    from runloop_tui.monitor.snapshot import JobOfRun


def make_record(
    run: "BenchmarkRun",
    *,
    job: "JobOfRun | None",
    benchmark_total: int | None,
    definitions: "Sequence[ScenarioDefinition]",
    index: "RunIndex | None",
    released: Tally | None,
    under_way: str,
    gone: bool,
) -> RunRecord:
    """Return the record of a run.

    Args:
        run: by the last answer.
        job: what its job says about it.
        benchmark_total: how many scenarios its benchmark has, if that is known.
        definitions: the named scenarios of its benchmark, as far as they are known.
        index: its scenario runs, if they are held.
        released: its counts by the last sweep, if its scenario runs were released since.
        under_way: the overlay of an action on it; "" without one.
        gone: the server no longer knows it.
    """
    record = RunRecord(
        run=run,
        total=_total(run, job, benchmark_total),
        job=job,
        tally=released,
        under_way=under_way,
        gone=gone,
    )
    if index is None:
        return replace(record, all_read=True)
    counts = index.tally
    record = replace(
        record,
        tally=released or counts,  # while released scenario runs are read again, their counts hold
        active=index.active,
        scenario_runs=index.scenario_runs,
        all_read=index.all_read,
    )
    if not definitions or gone or not run.is_live:
        return record
    return replace(record, not_started=_not_started(record, definitions))


def _total(run: "BenchmarkRun", job: "JobOfRun | None", benchmark_total: int | None) -> int | None:
    """Return how many scenarios a run has, by its job, else its benchmark, else the view of an older server."""
    if job is not None and job.total is not None:
        return job.total
    if benchmark_total is None and run.pending_scenarios is not None:
        return len(run.pending_scenarios) + len(run.embedded_scenario_runs)
    return benchmark_total


def _not_started(
    record: RunRecord, definitions: "Sequence[ScenarioDefinition]"
) -> "tuple[ScenarioDefinition, ...]":
    """Return the scenarios of a benchmark that have no scenario run in a run that was read whole.

    None at all where they are not as many as the counts say (a job of a part of the benchmark, a scenario that is
    tried again): then the number is shown without names, and all counts add up.
    """
    tally = record.tally
    if tally is None or not record.all_read:
        return ()
    started = {scenario_run.scenario_id for scenario_run in record.scenario_runs or ()}
    waiting = tuple(each for each in definitions if each.id not in started)
    return waiting if len(waiting) == tally.not_started(record.planned) else ()
