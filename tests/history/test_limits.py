"""How much is kept: by age and by size, the oldest go first, and a scenario run takes few bytes."""

from contextlib import closing
from pathlib import Path

from runloop_tui.history.queries import events_since, latest_runs
from runloop_tui.history.recorder import Event, Limits, Recorder, prune_all
from runloop_tui.history.schema import open_database, used_bytes
from tests.api.scripted import NOW_MS
from tests.history.making import (
    ACCOUNT,
    EMPTY,
    a_run,
    a_scored,
    difference,
    opened,
    record,
    snapshot,
)
from tests.history.size import BYTES_PER_SCENARIO_RUN, fill
from tests.monitor.making import HOUR_MS

DAY_MS = 24 * HOUR_MS
LIMITS = Limits(keep_ms=10 * DAY_MS)


def test_a_scenario_run_takes_so_few_bytes_that_2_500_000_fit(tmp_path: Path) -> None:
    with closing(open_database(tmp_path / "history.db")) as database:
        empty = used_bytes(database)
        fill(database, runs=12, scenarios=500, random_order=True, seed=1)
        each = (used_bytes(database) - empty) / (12 * 500)
    assert each < BYTES_PER_SCENARIO_RUN
    assert Limits().most_bytes > 5_000 * 500 * BYTES_PER_SCENARIO_RUN


async def test_what_is_too_old_goes(tmp_path: Path) -> None:
    path = tmp_path / "history.db"
    history = await opened(path, LIMITS)
    for days in (8, 0):
        seen_ms = NOW_MS - days * DAY_MS
        run = a_run(f"bmr_{days}", hours_ago=24 * days, state="completed", duration_ms=0)
        history.note(Event(seen_ms, "run ended", run.id, run.id))
        await history.record(
            EMPTY, snapshot(record(run, a_scored(1, minutes_ago=24 * 60 * days))), seen_ms
        )
    await history.close(NOW_MS)
    later_ms = NOW_MS + 5 * DAY_MS
    history = await opened(path, LIMITS)
    assert await history.prune(later_ms) == 1
    assert [each.run.id for each in await history.since(0)] == ["bmr_0"]
    assert [each.text for each in await history.events_since(0)] == ["bmr_0"]
    assert await history.scenario_rows("bmr_8") == []
    await history.close(later_ms)


async def test_a_run_that_is_too_old_is_not_written_again(tmp_path: Path) -> None:
    history = await opened(tmp_path / "history.db", LIMITS)
    old = record(a_run(hours_ago=24 * 11, state="completed", duration_ms=HOUR_MS))
    await history.record(EMPTY, snapshot(old), NOW_MS)
    assert await history.since(0) == ()
    await history.close(NOW_MS)


def test_beyond_the_size_the_oldest_runs_go_and_the_file_shrinks(tmp_path: Path) -> None:
    path = tmp_path / "history.db"
    with closing(open_database(path)) as database:
        fill(database, runs=60, scenarios=100, seed=1)
        newest = [run.id for run, _ in latest_runs(database, None, 100)]
        before = used_bytes(database)
        limits = Limits(most_bytes=before // 2)
        removed = prune_all(database, limits, NOW_MS)
        left = [run.id for run, _ in latest_runs(database, None, 100)]
        assert left == newest[: 60 - removed]
        assert 20 <= len(left) < 40
        assert used_bytes(database) <= limits.most_bytes
        assert prune_all(database, limits, NOW_MS) == 0
    assert path.stat().st_size <= limits.most_bytes


def test_writing_beyond_the_size_removes_some_of_the_oldest(tmp_path: Path) -> None:
    with closing(open_database(tmp_path / "history.db")) as database:
        fill(database, runs=60, scenarios=100, seed=1)
        recorder = Recorder(database, ACCOUNT, Limits(most_bytes=used_bytes(database) - 1))
        recorder.write([difference("bmr_new")], [], None, NOW_MS)
        left = [run.id for run, _ in latest_runs(database, None, 100)]
        assert left[0] == "bmr_new"
        assert len(left) == 41


def test_words_of_removed_runs_go_with_them(tmp_path: Path) -> None:
    with closing(open_database(tmp_path / "history.db")) as database:
        fill(database, runs=4, scenarios=10, seed=1)
        Recorder(database, ACCOUNT, Limits()).write(
            [], [Event(NOW_MS, "kind", "", "text")], None, NOW_MS
        )
        assert prune_all(database, Limits(keep_ms=-DAY_MS), NOW_MS) == 4
        assert database.execute("SELECT count(*) FROM words").fetchone() == (0,)
        assert events_since(database, 1, 0) == ()


def test_no_limit_makes_pruning_endless(tmp_path: Path) -> None:
    with closing(open_database(tmp_path / "history.db")) as database:
        fill(database, runs=2, scenarios=2, seed=1)
        assert prune_all(database, Limits(most_bytes=0), NOW_MS) == 2
        assert prune_all(database, Limits(most_bytes=0), NOW_MS) == 0
