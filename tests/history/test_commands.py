"""`history show`, `prune` and `path`, on streams."""

import io
from contextlib import closing
from pathlib import Path

import pytest

from runloop_tui.history.commands import prune, show, show_path
from runloop_tui.history.recorder import Limits
from runloop_tui.history.schema import open_database
from tests.api.scripted import NOW_MS
from tests.history.making import EMPTY, a_run, a_scored, an_error, opened, record, snapshot
from tests.monitor.making import HOUR_MS


@pytest.fixture
async def path(tmp_path: Path) -> Path:
    path = tmp_path / "history.db"
    history = await opened(path)
    ended = a_run("bmr_1", state="completed", duration_ms=HOUR_MS, score=0.5, name="tb2-nightly")
    live = a_run("bmr_2", hours_ago=24 * 30)
    seen = snapshot(record(ended, a_scored(1), an_error(2)), record(live))
    await history.record(EMPTY, seen, NOW_MS)
    await history.close(NOW_MS)
    return path


def test_show_prints_the_runs_the_latest_first(path: Path) -> None:
    out, err = io.StringIO(), io.StringIO()
    assert show(path, out, err) == 0
    _, first, second, last = out.getvalue().splitlines()
    assert first == "2025-10-09 07:53  completed   50.0%         2  tb2-nightly"
    assert second.endswith("running         –         0  bmr_2")
    assert last.startswith("2 runs shown, ")
    assert err.getvalue() == ""


def test_prune_says_what_it_removed(path: Path) -> None:
    out, err = io.StringIO(), io.StringIO()
    assert prune(path, out, err, NOW_MS, limits=Limits(keep_ms=24 * HOUR_MS)) == 0
    assert out.getvalue().startswith("1 run removed, ")
    out = io.StringIO()
    assert show(path, out, err) == 0
    assert "tb2-nightly" in out.getvalue()
    assert "bmr_2" not in out.getvalue()


def test_path_prints_the_path_of_a_file_that_need_not_be_there(tmp_path: Path) -> None:
    out = io.StringIO()
    assert show_path(tmp_path / "none.db", out) == 0
    assert out.getvalue() == f"{tmp_path / 'none.db'}\n"


def test_a_missing_file_is_not_created(tmp_path: Path) -> None:
    out, err = io.StringIO(), io.StringIO()
    assert show(tmp_path / "none.db", out, err) == 0
    assert prune(tmp_path / "none.db", out, err, NOW_MS, limits=Limits()) == 0
    assert out.getvalue() == "there is no history yet\n" * 2
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_cannot_be_used_is_one_line_and_left_alone(path: Path) -> None:
    with closing(open_database(path)) as database:
        database.execute("PRAGMA user_version = 2")
    out, err = io.StringIO(), io.StringIO()
    assert show(path, out, err) == 1
    assert prune(path, out, err, NOW_MS, limits=Limits()) == 1
    line = "runloop-tui: the history is left alone: it was written by a newer runloop-tui (version 2)\n"
    assert err.getvalue() == line * 2
    assert out.getvalue() == ""


def test_a_broken_file_is_one_line_and_stays(tmp_path: Path) -> None:
    broken = tmp_path / "history.db"
    broken.write_bytes(b"no database" * 99)
    out, err = io.StringIO(), io.StringIO()
    assert show(broken, out, err) == 1
    assert err.getvalue() == "runloop-tui: the history is broken\n"
    assert broken.read_bytes() == b"no database" * 99
