"""Several instances write to one file at once, and may be killed at any moment: nothing that was written is lost."""

import random
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from threading import Barrier

import pytest

from runloop_tui.history.queries import events_since, scenario_rows
from runloop_tui.history.recorder import Limits, Recorder
from runloop_tui.history.schema import open_database
from tests.history.making import ACCOUNT
from tests.history.writing import SHARED, SHARED_SCENARIOS, write_polls

ROOT = Path(__file__).parents[2]
NAMES = ("one", "other")


def start(path: Path, name: str, polls: int, *more: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "tests.history.writing", str(path), name, str(polls), *more]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE)


def check_nothing_lost(path: Path, polls: int) -> None:
    with closing(open_database(path)) as database:
        account = Recorder(database, ACCOUNT, Limits()).account
        for name in NAMES:
            rows = scenario_rows(database, account, f"bmr_{name}")
            assert {each.id for each in rows} == {f"scr_{name}_{number}" for number in range(polls)}
        shared = scenario_rows(database, account, SHARED)
        assert [each.state for each in shared] == ["completed"] * SHARED_SCENARIOS
        counted = database.execute("SELECT run_id, count(*) FROM events GROUP BY run_id").fetchall()
        assert dict(counted) == {f"bmr_{name}": polls for name in NAMES}
        assert len(events_since(database, account, 0)) == min(2_000, 2 * polls)
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_two_instances_in_threads_lose_nothing(tmp_path: Path) -> None:
    path = tmp_path / "history.db"
    open_database(path).close()
    with ThreadPoolExecutor(2) as threads:
        for task in [threads.submit(write_polls, path, name, 500) for name in NAMES]:
            task.result()
    check_nothing_lost(path, 500)


def test_instances_that_start_at_once_all_open_the_new_file(tmp_path: Path) -> None:
    for number in range(20):
        path, together = tmp_path / f"{number}.db", Barrier(3)

        def open_at_once(path: Path = path, together: Barrier = together) -> None:
            together.wait(timeout=10)
            open_database(path).close()

        with ThreadPoolExecutor(3) as threads:
            for task in [threads.submit(open_at_once) for _ in range(3)]:
                task.result()


@pytest.mark.slow
def test_two_processes_lose_nothing_in_10_000_polls(tmp_path: Path) -> None:
    path = tmp_path / "history.db"
    for process in [start(path, name, 5_000) for name in NAMES]:
        with process:
            assert process.wait(timeout=240) == 0
    check_nothing_lost(path, 5_000)


@pytest.mark.slow
def test_what_was_written_before_a_kill_is_there_after_it(tmp_path: Path) -> None:
    path = tmp_path / "history.db"
    chosen = random.Random(11)
    written = -1
    for attempt in range(15):
        with start(path, f"kill{attempt}", 100_000, "print") as process:
            assert process.stdout is not None
            for _ in range(chosen.randrange(1, 150)):
                written = int(process.stdout.readline())
            process.send_signal(signal.SIGKILL)
            process.wait(timeout=10)
        with closing(open_database(path)) as database:
            account = Recorder(database, ACCOUNT, Limits()).account
            kept = {each.id for each in scenario_rows(database, account, f"bmr_kill{attempt}")}
            assert kept >= {f"scr_kill{attempt}_{number}" for number in range(written + 1)}
            assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
