"""What is read: earlier runs, longest durations, what changed since a moment."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from runloop_tui.history.history import History
from runloop_tui.history.queries import PastScenario
from runloop_tui.history.schema import account_key
from runloop_tui.monitor.counts import Tally
from runloop_tui.monitor.snapshot import JobOfRun, RunRecord, Snapshot
from tests.api.scripted import NOW_MS
from tests.history.making import (
    EMPTY,
    a_run,
    a_scored,
    an_error,
    opened,
    reason_type,
    record,
    snapshot,
)
from tests.monitor.job_making import going_on, job
from tests.monitor.making import HOUR_MS, MINUTE_MS, run, scenario_run


@pytest.fixture
async def history(tmp_path: Path) -> AsyncIterator[History]:
    history = await opened(tmp_path / "history.db")
    yield history
    await history.close(NOW_MS)
    assert history.problem == ""


def ended(id_: str, hours_ago: float, *scenario_runs: object, **fields: object) -> RunRecord:
    of = a_run(id_, hours_ago=hours_ago, state="completed", duration_ms=HOUR_MS, **fields)
    return record(of, *(scenario_runs or (a_scored(1, id_=f"scr_{id_}"),)))  # type: ignore[arg-type]


async def ids_before(
    history: History, run_id: str, *, most: int = 9, any_agent: bool = False
) -> list[str]:
    found = await history.runs_before(run_id, most=most, any_agent=any_agent)
    return [each.run.id for each in found]


async def test_the_run_before_has_its_scenarios(history: History) -> None:
    retried = an_error(2, minutes_ago=50, id_="scr_2a")
    again = a_scored(2, minutes_ago=40, id_="scr_2b", score=0.5, took_ms=5_000)
    before = ended("bmr_1", 2, a_scored(1), retried, again, score=0.75)
    await history.record(EMPTY, snapshot(record(a_run("bmr_2")), before), NOW_MS)
    (found,) = await history.runs_before("bmr_2")
    assert (found.run.id, found.run.score) == ("bmr_1", 0.75)
    assert found.scenarios == {
        "scn_1": PastScenario(1.0, MINUTE_MS, "completed"),
        "scn_2": PastScenario(0.5, 5_000, "completed"),
    }


async def test_a_run_is_found_by_its_id_where_scenario_runs_of_it_are_kept(
    history: History,
) -> None:
    records = (ended("bmr_1", 2), RunRecord(a_run("bmr_2", state="completed", duration_ms=1)))
    await history.record(EMPTY, snapshot(*records), NOW_MS)
    found = await history.past_run("bmr_1")
    assert found is not None
    assert (found.run.id, [*found.scenarios]) == ("bmr_1", ["scn_1"])
    assert await history.past_run("bmr_2") is None
    assert await history.past_run("bmr_unknown") is None


async def test_the_runs_before_are_terminal_earlier_and_of_the_same_benchmark(
    history: History,
) -> None:
    records = [
        record(a_run("bmr_this", hours_ago=3)),
        ended("bmr_2h", 2),
        ended("bmr_4h", 4),
        ended("bmr_5h", 5),
        ended("bmr_6h", 6, benchmark_id="bmd_other"),
        record(a_run("bmr_7h", hours_ago=7), a_scored(1)),
        RunRecord(a_run("bmr_8h", hours_ago=8, state="completed", duration_ms=1)),
    ]
    await history.record(EMPTY, snapshot(*records), NOW_MS)
    assert await ids_before(history, "bmr_this") == ["bmr_4h", "bmr_5h"]
    assert await ids_before(history, "bmr_this", most=1) == ["bmr_4h"]
    assert await ids_before(history, "bmr_5h") == []
    assert await ids_before(history, "bmr_unknown") == []


async def test_the_run_before_is_that_of_the_same_agent_unless_any_will_do(
    history: History,
) -> None:
    agents = {"bmr_1": "codex", "bmr_2": "goose", "bmr_3": "codex"}
    jobs = [job(f"bmj_{id_}", in_progress=(going_on(id_, agent),)) for id_, agent in agents.items()]
    records = [
        record(ended(id_, 9 - hour).run, a_scored(1), job=JobOfRun(f"bmj_{id_}"))
        for hour, id_ in enumerate(agents)
    ]
    await history.record(EMPTY, snapshot(*records, jobs=jobs), NOW_MS)
    assert await ids_before(history, "bmr_3") == ["bmr_1"]
    assert await ids_before(history, "bmr_3", any_agent=True) == ["bmr_2", "bmr_1"]


async def test_a_run_without_a_benchmark_or_a_start_has_no_run_before(history: History) -> None:
    records = [
        ended("bmr_1", 3, benchmark_id=""),
        ended("bmr_2", 2, benchmark_id=""),
        ended("bmr_3", 1),
        record(run("bmr_4", benchmark_id="bmd_1"), a_scored(1)),
    ]
    await history.record(EMPTY, snapshot(*records), NOW_MS)
    assert await ids_before(history, "bmr_2") == []
    assert await ids_before(history, "bmr_4") == []


async def test_the_longest_duration_is_that_of_attempts_with_a_score(history: History) -> None:
    records = [
        ended("bmr_1", 9, a_scored(1, took_ms=5_000), a_scored(2, took_ms=7_000)),
        ended("bmr_2", 8, a_scored(1, took_ms=9_000), an_error(2, took_ms=99_000)),
        ended("bmr_3", 7, a_scored(1, took_ms=99_000)),
        ended("bmr_4", 7, a_scored(1, took_ms=99_000), benchmark_id="bmd_other"),
    ]
    await history.record(EMPTY, snapshot(*records), NOW_MS)
    longest = await history.longest_durations("bmd_1", but_run_id="bmr_3")
    assert longest == {"scn_1": 9_000, "scn_2": 7_000}
    assert await history.longest_durations("bmd_unknown") == {}
    assert await history.longest_durations("") == {}


async def test_since_a_moment_says_what_finished_and_how_the_score_moved(history: History) -> None:
    moment = NOW_MS - HOUR_MS
    given = record(
        a_run(hours_ago=5),
        a_scored(1, minutes_ago=90),
        a_scored(2, minutes_ago=80, score=0.0),
        a_scored(3, minutes_ago=30),
        an_error(4, minutes_ago=20),
        scenario_run("scr_5", "canceled", scenario_id="scn_5"),
        scenario_run("scr_6", "running", scenario_id="scn_6"),
    )
    await history.record(EMPTY, snapshot(given), NOW_MS)
    (found,) = await history.since(moment)
    assert not found.ended
    assert (found.finished, found.canceled, dict(found.errors)) == (2, 1, {"": 1})
    assert found.score_before == 0.5
    assert found.score == 0.5  # 2 of 4 judged


async def test_what_was_seen_with_the_program_closed_is_told_by_the_times_of_the_server(
    tmp_path: Path,
) -> None:
    first = await opened(tmp_path / "history.db")
    going = snapshot(record(a_run(hours_ago=9)))
    await first.record(EMPTY, going, NOW_MS - 8 * HOUR_MS)
    first.mark_looked(NOW_MS - 8 * HOUR_MS)
    await first.close(NOW_MS - 8 * HOUR_MS)
    second = await opened(tmp_path / "history.db")
    looked = second.last_looked_ms
    assert looked is not None
    over = ended("bmr_1", 9, a_scored(1, minutes_ago=200), a_scored(2, minutes_ago=100), score=0.5)
    over = RunRecord(
        over.run.model_copy(update={"duration_ms": 8 * HOUR_MS}), scenario_runs=over.scenario_runs
    )
    await second.record(
        EMPTY, snapshot(over, ended("bmr_old", 99, a_scored(3, minutes_ago=98 * 60))), NOW_MS
    )
    (found,) = await second.since(looked)
    assert (found.run.id, found.ended, found.finished, found.score) == ("bmr_1", True, 2, 0.5)
    await second.close(NOW_MS)


async def test_since_counts_as_everything_else_counts(history: History) -> None:
    scenario_runs = [
        a_scored(1),
        a_scored(2, score=0.5),
        a_scored(3, score=None),
        an_error(4, state="timeout"),
    ]
    await history.record(EMPTY, snapshot(record(a_run(), *scenario_runs)), NOW_MS)
    (found,) = await history.since(0)
    expected = Tally(passed=1, partial=1, unscored=1, error=1, timed_out=1, score_sum=1.5)
    assert (found.finished, found.score) == (expected.finished, expected.score)


async def test_accounts_are_apart(tmp_path: Path) -> None:
    here = await opened(tmp_path / "history.db")
    there = await History.open(
        tmp_path / "history.db", account_key("https://other.test"), fingerprint=reason_type
    )
    await here.record(Snapshot(), snapshot(record(a_run(), a_scored(1))), NOW_MS)
    here.mark_looked(NOW_MS)
    await here.close(NOW_MS)
    assert await there.since(0) == ()
    assert await there.scenario_rows("bmr_1") == []
    assert await there.longest_durations("bmd_1") == {}
    assert there.last_looked_ms is None
    await there.close(NOW_MS)


async def test_a_closed_history_returns_nothing(tmp_path: Path) -> None:
    history = await opened(tmp_path / "history.db")
    await history.close(NOW_MS)
    await history.close(NOW_MS)
    await history.record(EMPTY, snapshot(record(a_run())), NOW_MS)
    assert await history.since(0) == ()
