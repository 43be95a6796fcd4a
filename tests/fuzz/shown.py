"""All that screens would show of what an answer brought: every line fits its width, every text is safe."""

import asyncio
from collections.abc import Iterable, Sequence
from functools import singledispatch

from runloop_tui.api.errors import RunloopError
from runloop_tui.api.models import (
    Benchmark,
    BenchmarkJob,
    BenchmarkRun,
    DevboxLog,
    ScenarioDefinition,
    ScenarioRun,
)
from runloop_tui.api.pagination import Page
from runloop_tui.monitor.actions import Intent, Outcome
from runloop_tui.monitor.arrange import (
    JOB_ORDERS,
    JOB_RUN_ORDERS,
    RUN_ORDERS,
    SCENARIO_ORDERS,
    Order,
    arrange_job_runs,
    arrange_jobs,
    arrange_runs,
    arrange_scenario_runs,
)
from runloop_tui.monitor.back_off import PollInterval
from runloop_tui.monitor.fetch_devbox_logs import DevboxLogFetcher
from runloop_tui.monitor.health import FetchKind, Health, ReadFailure
from runloop_tui.monitor.job_index import JobIndex
from runloop_tui.monitor.job_runs import job_runs, sum_of
from runloop_tui.monitor.snapshot import RunRecord, Snapshot, changes
from runloop_tui.monitor.store import Store
from runloop_tui.present.devbox_logs import (
    LiveFilter,
    filter_words,
    live_line,
    live_notice,
    live_rows,
    live_title,
    sources_of,
)
from runloop_tui.present.errors import error_words, health_line
from runloop_tui.present.job_detail import job_detail
from runloop_tui.present.jobs import (
    JOB_COLUMNS,
    JOB_RUN_COLUMNS,
    job_card,
    job_cells,
    job_name,
    job_run_cells,
    job_run_name,
    jobs_error,
    jobs_title,
    model_line,
    no_job_words,
)
from runloop_tui.present.layout import Line, row
from runloop_tui.present.links import run_link, scenario_run_link
from runloop_tui.present.log_view import fold, shift
from runloop_tui.present.notifications import outcome_words, run_ended_message
from runloop_tui.present.questions import Target, action_question
from runloop_tui.present.run_detail import run_detail
from runloop_tui.present.runs import (
    RUN_COLUMNS,
    essentials,
    exit_message,
    run_card,
    run_cells,
    run_name,
    runs_title,
    summary,
    title_line,
)
from runloop_tui.present.scenario_detail import (
    not_started_cells,
    not_started_lines,
    scenario_detail,
    scenario_preview,
)
from runloop_tui.present.scenarios import (
    SCENARIO_COLUMNS,
    reason,
    scenario_cells,
    scenario_name,
    scenarios_title,
)
from runloop_tui.present.starting import benchmark_cells, benchmark_name, benchmark_words
from runloop_tui.present.states import scenario_state_sign
from runloop_tui.present.text import safe, safe_name
from runloop_tui.present.units import Times
from tests.demo.clock import ORIGIN_MS
from tests.present.hostile import assert_shows_safely, hazards

NOW = ORIGIN_MS + 60_000
PLATFORM = "https://platform.runloop.invalid"
_WIDTHS = (33, 76)
_MOST_LOOKED_AT = 12
"""Rows of one answer of which all is looked at: the others are like them."""


@singledispatch
def look_at(result: object) -> None:
    """Make all that is shown of a result, and fail where something of it is not safe."""
    raise AssertionError(f"nothing shows {type(result).__name__}")


@look_at.register
def _error(error: RunloopError) -> None:
    assert_safe(error_words(error))
    for verb in ("cancel", "score"):
        outcome = Outcome(Intent(verb, "bmr_1"), "unknown", "", error)
        assert_safe(outcome_words(outcome, safe_name("a run")))
    for width in _WIDTHS:
        failure = ReadFailure(FetchKind.LIST, error)
        assert_shows_safely(health_line(Health(NOW, failure, NOW), NOW, 5.0, width), width)


@look_at.register
def _page(page: Page) -> None:  # type: ignore[type-arg]  # of whatever kind
    for width in _WIDTHS:
        health = Health(NOW, None, NOW, warnings=page.warnings)
        assert_shows_safely(health_line(health, NOW, 5.0, width), width)
    looked_at = page.items[:_MOST_LOOKED_AT]
    if looked_at and isinstance(looked_at[0], DevboxLog):
        asyncio.run(_look_at_log(page))
    for item in looked_at:
        look_at(item)


@look_at.register
def _run(run: BenchmarkRun) -> None:
    store = Store()
    store.learn_run(run, store.stamp())
    stamp = store.begin_sweep(run.id)
    store.learn_scenario_runs(run.id, run.embedded_scenario_runs, stamp)
    store.end_sweep(run.id, {each.id for each in run.embedded_scenario_runs}, stamp)
    store.loaded = True
    look_at(store.snapshot_now())


@look_at.register
def _scenario_run(scenario_run: ScenarioRun) -> None:
    store = Store()
    run = BenchmarkRun(id=scenario_run.benchmark_run_id[:1_000] or "bmr_1", state="running")
    store.learn_run(run, store.stamp())
    stamp = store.begin_sweep(run.id)
    store.learn_scenario_runs(run.id, [scenario_run], stamp)
    store.end_sweep(run.id, {scenario_run.id}, stamp)
    store.loaded = True
    look_at(store.snapshot_now())


@look_at.register
def _snapshot(snapshot: Snapshot) -> None:
    assert_safe(summary(snapshot), exit_message(snapshot), runs_title(3, snapshot))
    for width in _WIDTHS:
        top = title_line(snapshot, NOW, width, server="a", demo=False, read_only=False)
        assert_lines_safe([top, *essentials(snapshot, width)], width)
    for order in RUN_ORDERS:
        arrange_runs(snapshot.records, "a", Order(order), NOW)
    list(changes(Snapshot(loaded=True), snapshot))
    for record in snapshot.records[:_MOST_LOOKED_AT]:
        look_at(record)
    for job in snapshot.jobs.items[:_MOST_LOOKED_AT]:
        look_at(job)


@look_at.register
def _record(record: RunRecord) -> None:
    run = record.run
    cells = run_cells(record, NOW, Times.ELAPSED)
    assert_safe(*(cell.text for cell in cells), run_name(run), run_ended_message(record))
    assert_safe(run_link(PLATFORM, run), safe(run.id), scenarios_title(3, record))
    for verb in ("cancel", "complete"):
        target = Target(Intent(verb, run.id), run_name(run), record)
        question = action_question([target], NOW)
        assert_safe(question.title, *question.lines, question.yes, question.no)
    for width, times in zip(_WIDTHS, (Times.UTC, Times.ELAPSED), strict=True):
        assert_shows_safely(row(RUN_COLUMNS, cells, width), width)
        assert_lines_safe(run_card(record, NOW, times, width), width)
        assert_lines_safe(run_detail(record, NOW, times, width), width)
    held = record.scenario_runs or ()
    for order in SCENARIO_ORDERS:
        arrange_scenario_runs(held, "a", Order(order), reasons=reason, late={}, now_ms=NOW)
    for scenario_run in held[:_MOST_LOOKED_AT]:
        _look_at_scenario_run(scenario_run, record)
    for definition in record.not_started[:_MOST_LOOKED_AT]:
        look_at(definition)


def _look_at_scenario_run(scenario_run: ScenarioRun, record: RunRecord) -> None:
    failure = record.job.failures.get(scenario_run.id) if record.job else None
    cells = scenario_cells(scenario_run, NOW, None, "")
    assert_safe(*(cell.text for cell in cells), scenario_name(scenario_run))
    assert_safe(reason(scenario_run, failure), scenario_run_link(PLATFORM, scenario_run))
    for width, times in zip(_WIDTHS, (Times.ELAPSED, Times.UTC), strict=True):
        assert_shows_safely(row(SCENARIO_COLUMNS, cells, width), width)
        known = {"late": None, "under_way": "", "failure": failure}
        in_full = scenario_detail(scenario_run, NOW, times, width, **known)  # type: ignore[arg-type]
        in_short = scenario_preview(scenario_run, NOW, times, width, 9, **known)  # type: ignore[arg-type]
        assert_lines_safe([*in_full, *in_short], width)
        assert len(in_short) <= 9


@look_at.register
def _definition(definition: ScenarioDefinition) -> None:
    cells = not_started_cells(definition)
    for width in _WIDTHS:
        assert_shows_safely(row(SCENARIO_COLUMNS, cells, width), width)
        assert_lines_safe(not_started_lines(definition, width), width)


@look_at.register
def _benchmark(benchmark: Benchmark) -> None:
    assert_safe(benchmark_name(benchmark), *(cell.text for cell in benchmark_cells(benchmark)))
    for width in _WIDTHS:
        assert_safe(benchmark_words(benchmark, width))


@look_at.register
def _job(job: BenchmarkJob) -> None:
    index = JobIndex()
    index.put(job)
    jobs, runs = index.jobs(), job_runs(job, {})
    together = sum_of(runs)
    assert_safe(job_name(job), jobs_title(1, jobs), no_job_words(jobs))
    for order in JOB_ORDERS:
        arrange_jobs([job], "a", Order(order), sums=lambda _: together)
    for order in JOB_RUN_ORDERS:
        arrange_job_runs(runs, "a", Order(order), NOW)
    cells = job_cells(job, together, NOW, Times.ELAPSED, gone=False)
    for width in _WIDTHS:
        assert_shows_safely(row(JOB_COLUMNS, cells, width), width)
        assert_shows_safely(jobs_error(jobs, width), width)
        assert_lines_safe(job_card(job, together, NOW, Times.UTC, width, gone=False), width)
        assert_lines_safe(job_detail(job, runs, NOW, Times.UTC, width, gone=True), width)
        for run in runs[:_MOST_LOOKED_AT]:
            assert_safe(job_run_name(run))
            assert_shows_safely(row(JOB_RUN_COLUMNS, job_run_cells(run, NOW), width), width)
            assert_shows_safely(model_line(run, width), width)


@look_at.register
def _log(log: DevboxLog) -> None:
    """A line alone is nothing: `_look_at_log` has looked at all of them together."""


async def _look_at_log(page: "Page[DevboxLog]") -> None:
    async def read(_: str) -> "Page[DevboxLog]":
        return page

    live = DevboxLogFetcher("dbx_1", read, PollInterval(2.0), now=lambda: NOW, jitter=lambda: 0.5)
    await live.look()
    sign = scenario_state_sign(ScenarioRun(id="scr_1"))
    for holding in (
        LiveFilter(),
        LiveFilter(least_level="warn").next_source(sources_of(live.lines)),
    ):
        assert_safe(*(piece.text for piece in filter_words(holding)))
        rows = live_rows(live.lines[:_MOST_LOOKED_AT], holding, frozenset({0, 3}))
        for line in map(live_line, rows):
            for width in _WIDTHS:
                assert_lines_safe([*fold(line, width), shift(line, 40, width)], width)
    for width in _WIDTHS:
        assert_shows_safely(live_title("a", sign, live, width, is_over=True), width)
        assert_shows_safely(live_notice(live, width, ended=None), width)


def assert_safe(*said: str) -> None:
    """Fail unless nothing of these drives a terminal."""
    for text in said:
        assert hazards(text) == []


def assert_lines_safe(lines: Iterable[Line] | Sequence[Line], width: int) -> None:
    """Fail unless each line fits and is safe."""
    for line in lines:
        assert_shows_safely(line, width)
