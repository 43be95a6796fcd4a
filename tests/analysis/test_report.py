"""The report of a run: computed once for the same facts, the same object until one of its figures changes."""

from dataclasses import replace

from runloop_tui.analysis.attempts import attempts, past_attempts
from runloop_tui.analysis.report import Known, Reports, RunReport, limit_of
from runloop_tui.api.models import BenchmarkJob, ScenarioRun
from runloop_tui.monitor.counts import Tally
from runloop_tui.monitor.snapshot import JobOfRun, Jobs, LogActivity, RunRecord, Snapshot
from tests.api.scripted import NOW_MS
from tests.monitor.making import HOUR_MS, MINUTE_MS, a_finished, run, scenario_run

DEAD = scenario_run("scr_dead", start_time_ms=NOW_MS - 3 * HOUR_MS, scenario_id="scn_dead")
FINISHED = tuple(a_finished(f"scr_{n}", minutes_ago=n, took_ms=5 * MINUTE_MS) for n in range(20))


def a_record(*more: ScenarioRun, state: str = "running", total: int | None = 30) -> RunRecord:
    held = (*FINISHED, *more)
    active = tuple(each for each in held if not each.is_score_final)
    return RunRecord(
        run("bmr_1", state, start_time_ms=NOW_MS - 3 * HOUR_MS),
        total=total,
        tally=Tally(passed=20, running=len(active), score_sum=20.0),
        active=active,
        scenario_runs=held,
        all_read=True,
    )


def a_snapshot(*records: RunRecord, **known: object) -> Snapshot:
    return Snapshot(records=records, loaded=True, **known)  # type: ignore[arg-type]


def refreshed(
    reports: Reports, snapshot: Snapshot, now_ms: int = NOW_MS, known: Known | None = None
) -> RunReport:
    for _ in reports.refresh(snapshot, now_ms, {"bmr_1": known} if known else None):
        pass
    return reports.by_id["bmr_1"]


# When it is computed


def test_the_same_facts_have_the_same_report_and_the_same_mapping() -> None:
    reports, snapshot = Reports(), a_snapshot(a_record())
    first = refreshed(reports, snapshot)
    mapping = reports.by_id
    assert refreshed(reports, snapshot, NOW_MS + 9_000) is first
    assert reports.by_id is mapping


def test_of_a_live_run_the_ages_are_computed_again_after_ten_seconds() -> None:
    reports, snapshot = Reports(), a_snapshot(a_record(DEAD))
    before = refreshed(reports, snapshot).slow["scr_dead"]
    after = refreshed(reports, snapshot, NOW_MS + 10_000).slow["scr_dead"]
    assert after.age_ms - before.age_ms == 10_000


def test_of_a_terminal_run_nothing_is_computed_again() -> None:
    reports, snapshot = Reports(), a_snapshot(a_record(state="completed"))
    refreshed(reports, snapshot)
    assert list(reports.refresh(snapshot, NOW_MS + HOUR_MS)) == []


def test_it_yields_between_the_figures_so_that_keys_are_handled() -> None:
    assert len(list(Reports().refresh(a_snapshot(a_record()), NOW_MS))) >= 6


def test_only_runs_whose_scenario_runs_are_held_have_one() -> None:
    reports = Reports()
    refreshed(reports, a_snapshot(a_record()))
    released = replace(a_record(), scenario_runs=None)
    for _ in reports.refresh(a_snapshot(released), NOW_MS):
        pass
    assert dict(reports.by_id) == {}


# What it says


def test_a_live_run_has_an_end_a_forecast_and_a_trend_and_a_terminal_one_only_its_trend() -> None:
    running = scenario_run("scr_r", start_time_ms=NOW_MS - MINUTE_MS)
    live = refreshed(Reports(), a_snapshot(a_record(running)))
    assert live.end is not None
    assert live.forecast is not None
    assert live.trend is not None
    ended = refreshed(Reports(), a_snapshot(a_record(state="completed")))
    assert (ended.end, ended.forecast, ended.slow) == (None, None, {})
    assert ended.trend is not None


def test_a_run_that_ended_in_a_collapse_is_not_collapsing_any_more() -> None:
    errors = [a_finished(f"scr_e{n}", minutes_ago=0, state="failed", score=None) for n in range(9)]
    live = refreshed(Reports(), a_snapshot(a_record(*errors, DEAD)))
    assert live.collapse is not None
    ended = refreshed(Reports(), a_snapshot(a_record(*errors, state="failed")))
    assert (ended.collapse, len(ended.collapses)) == (None, 1)


def test_without_a_total_no_end_and_no_score_is_foretold() -> None:
    running = scenario_run("scr_r", start_time_ms=NOW_MS - MINUTE_MS)
    report = refreshed(Reports(), a_snapshot(a_record(running, total=None)))
    assert (report.end, report.forecast) == (None, None)


def test_what_is_slow_is_stuck_once_its_log_is_known_to_be_silent_and_clears_by_itself() -> None:
    reports, record = Reports(), a_record(DEAD)
    slow = refreshed(reports, a_snapshot(record))
    assert slow.late == {"scr_dead": "slow"}
    silent = LogActivity(NOW_MS - 47 * MINUTE_MS, None, "", NOW_MS)
    gaps = {"bmr_1": 9 * MINUTE_MS}
    stuck = refreshed(reports, a_snapshot(record, log_activity={"scr_dead": silent}, log_gaps=gaps))
    assert stuck.late == {"scr_dead": "stuck"}
    found = stuck.stuck["scr_dead"]
    assert (found.silence_ms, found.others_ms) == (47 * MINUTE_MS, 9 * MINUTE_MS)
    writes = LogActivity(NOW_MS, None, "", NOW_MS)
    again = refreshed(reports, a_snapshot(record, log_activity={"scr_dead": writes}, log_gaps=gaps))
    assert again.late == {"scr_dead": "slow"}
    assert again.late_of(DEAD) is again.slow["scr_dead"]
    assert again.late_of(scenario_run("scr_dead", "completed", 1.0)) is None


def test_what_took_as_long_in_earlier_runs_is_not_slow() -> None:
    known = Known(earlier_ms={"scn_dead": 2 * HOUR_MS})
    assert refreshed(Reports(), a_snapshot(a_record(DEAD)), known=known).slow == {}


def test_it_is_compared_with_the_run_before_by_scenario() -> None:
    before = past_attempts({f"scn_scr_{n}": (0.0, 60_000, "completed") for n in range(20)})
    record = replace(
        a_record(state="completed"),
        scenario_runs=tuple(
            each.model_copy(update={"scenario_id": f"scn_{each.id}"}) for each in FINISHED
        ),
    )
    report = refreshed(Reports(), a_snapshot(record), known=Known(before=before))
    assert report.versus is not None
    assert (report.versus.pairs, report.versus.difference) == (20, 1.0)
    assert report.versus.is_significant


def test_the_attempts_of_an_earlier_run_count_as_those_of_a_run_that_is_held() -> None:
    states = {"completed": 1.0, "scored": 0.5, "failed": None, "timeout": None, "canceled": None}
    past = past_attempts({state: (score, 1, state) for state, score in states.items()})
    held = attempts(scenario_run(state, state, score) for state, score in states.items())
    assert [each.kind for each in past] == [each.kind for each in held]


# The limit of a scenario run


def limit(**spec: object) -> int | None:
    job = BenchmarkJob.model_validate({"id": "bmj_1", "state": "running", "job_spec": spec})
    record = replace(a_record(), job=JobOfRun("bmj_1"))
    return limit_of(record, a_snapshot(record, jobs=Jobs(items=(job,))))


def test_the_limit_is_the_longest_time_out_of_the_agents_and_scoring() -> None:
    agents = [{"name": "a", "timeout_seconds": 3600}, {"name": "b", "timeout_seconds": 7200}]
    assert limit(agent_configs=agents) == 2 * HOUR_MS + 5 * MINUTE_MS


def test_each_further_attempt_has_a_longer_time_out() -> None:
    agents = [{"name": "a", "timeout_seconds": 3600}]
    settings = {"n_attempts": 3, "timeout_multiplier": 1.5}
    wanted = int(2.25 * HOUR_MS) + 5 * MINUTE_MS
    assert limit(agent_configs=agents, orchestrator_config=settings) == wanted


def test_there_is_no_limit_where_an_agent_has_none_or_the_run_has_no_job() -> None:
    assert limit(agent_configs=[{"name": "a", "timeout_seconds": 60}, {"name": "b"}]) is None
    assert limit() is None
    assert limit_of(a_record(), a_snapshot(a_record())) is None
