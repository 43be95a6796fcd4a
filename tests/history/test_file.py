"""The file: private; broken it is set aside; locked, full, read-only, newer or foreign, the app goes on without."""

import os
import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest

from runloop_tui.history import schema
from runloop_tui.history.history import History
from runloop_tui.history.recorder import Event
from runloop_tui.history.schema import (
    APPLICATION_ID,
    BrokenFile,
    HistoryError,
    NotNow,
    Unusable,
    account_key,
    default_path,
    error_of,
    open_database,
)
from tests.api.scripted import NOW_MS
from tests.history.making import EMPTY, a_run, a_scored, opened, record, snapshot

SEEN = snapshot(record(a_run(), a_scored(1)))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "history.db"


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def write(path: Path, content: bytes) -> None:
    path.write_bytes(content)


def make_readable(path: Path) -> None:
    path.chmod(0o644)


def content(path: Path) -> bytes:
    return path.read_bytes()


async def is_kept(history: History) -> bool:
    return len(await history.scenario_rows("bmr_1")) == 1


async def test_the_file_and_its_side_files_are_private(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        path = tmp_path / "state" / "runloop-tui" / "history.db"
        history = await opened(path)
        await history.record(EMPTY, SEEN, NOW_MS)
        names = ["history.db", "history.db-shm", "history.db-wal"]
        assert [mode(path.with_name(name)) for name in names] == [0o600] * 3
        assert mode(path.parent) == 0o700
        await history.close(NOW_MS)
    finally:
        os.umask(before)


def test_a_folder_that_is_there_keeps_its_mode(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    open_database(tmp_path / "history.db").close()
    assert mode(tmp_path) == 0o755


def test_the_account_is_a_hash() -> None:
    key = account_key("https://api.runloop.ai")
    assert key == account_key("https://api.runloop.ai") != account_key("https://api.runloop.pro")
    assert "runloop" not in key


def test_the_file_is_in_the_state_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    assert default_path() == tmp_path / "runloop-tui" / "history.db"


OWN_HEAD = b"SQLite format 3\0" + b"\xff" * 52 + APPLICATION_ID.to_bytes(4, "big")


@pytest.mark.parametrize(
    "garbage",
    [b"no database " * 999, OWN_HEAD[:20], OWN_HEAD + b"\xff" * 9_000],
    ids=["text", "cut off", "damaged"],
)
async def test_a_broken_file_is_set_aside_and_a_new_one_begun(path: Path, garbage: bytes) -> None:
    write(path, garbage)
    history = await opened(path)
    assert history.problem == (
        "the history is broken: set aside as history.db.broken, and a new one begun"
    )
    assert content(path.with_name("history.db.broken")) == garbage
    await history.record(EMPTY, SEEN, NOW_MS)
    assert await is_kept(history)
    await history.close(NOW_MS)


async def test_a_file_that_breaks_later_is_set_aside_and_all_is_written_anew(path: Path) -> None:
    history = await opened(path)
    await history.record(EMPTY, SEEN, NOW_MS)
    assert history._database is not None
    history._database.execute("DROP TABLE scenario_runs")
    assert not await is_kept(history)
    assert history.problem.endswith("and a new one begun")
    await history.record(SEEN, SEEN, NOW_MS)
    assert await is_kept(history)
    assert "begun" in history.problem
    await history.close(NOW_MS)


async def test_of_two_instances_one_sets_the_broken_file_aside(path: Path) -> None:
    one, other = await opened(path), await opened(path)
    assert one._database is not None
    one._database.execute("DROP TABLE scenario_runs")
    await one.record(EMPTY, SEEN, NOW_MS)
    await one.record(EMPTY, SEEN, NOW_MS)
    await other.record(EMPTY, SEEN, NOW_MS)
    assert other.problem == "the history is broken: a new one was begun"
    assert await is_kept(one)
    assert await is_kept(other)
    await one.close(NOW_MS)
    await other.close(NOW_MS)


async def test_a_second_break_ends_the_history(path: Path) -> None:
    write(path, b"no database")
    history = await opened(path)
    assert history._database is not None
    history._database.execute("DROP TABLE words")
    await history.record(EMPTY, SEEN, NOW_MS)
    assert history.problem == "the history is broken again: the app goes on without one"
    assert await history.since(0) == ()
    await history.close(NOW_MS)


async def test_what_cannot_be_written_after_a_break_ends_the_history(path: Path) -> None:
    write(path, b"no database")
    history = await opened(path)
    assert history._database is not None
    history._database.execute("PRAGMA query_only = ON")
    await history.record(EMPTY, SEEN, NOW_MS)
    await history.record(EMPTY, SEEN, NOW_MS)
    assert history.problem == "the history cannot be written: it is read-only"
    assert not await is_kept(history)
    await history.close(NOW_MS)


async def test_a_misuse_of_sqlite_does_not_set_a_good_file_aside(path: Path) -> None:
    history = await opened(path)
    assert history._database is not None
    history._database.close()
    await history.record(EMPTY, SEEN, NOW_MS)
    assert history.problem == "the history cannot be used: SQLite error ProgrammingError"
    await history.close(NOW_MS)
    assert [each.name for each in sorted(path.parent.iterdir())] == ["history.db"]


async def test_a_file_of_a_newer_version_is_left_alone(path: Path) -> None:
    with closing(open_database(path)) as newer:
        newer.execute("PRAGMA user_version = 7")
    before = content(path)
    history = await opened(path)
    await history.record(EMPTY, SEEN, NOW_MS)
    assert history.problem == (
        "the history is left alone: it was written by a newer runloop-tui (version 7)"
    )
    await history.close(NOW_MS)
    assert content(path) == before


async def test_the_database_of_another_program_is_left_alone(path: Path) -> None:
    with closing(sqlite3.connect(path)) as foreign:
        foreign.execute("CREATE TABLE bookmarks (url TEXT)")
    make_readable(path)
    before = content(path)
    history = await opened(path)
    assert history.problem == "the history cannot be used: the file belongs to another program"
    await history.record(EMPTY, SEEN, NOW_MS)
    await history.close(NOW_MS)
    assert (content(path), mode(path)) == (before, 0o644)


async def test_while_the_file_is_locked_what_is_seen_waits(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(schema, "BUSY_TIMEOUT_S", 0.0)
    history = await opened(path)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        history.note(Event(NOW_MS, "collapse", "bmr_1", "5 in a row"))
        await history.record(EMPTY, SEEN, NOW_MS)
        assert history.problem == "the history is locked by another program; it is tried again"
        other.execute("ROLLBACK")
    await history.record(SEEN, SEEN, NOW_MS)
    assert history.problem == ""
    assert await is_kept(history)
    assert len(await history.events_since(0)) == 1
    await history.close(NOW_MS)


async def test_a_file_that_is_locked_at_the_start_is_opened_later(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(schema, "BUSY_TIMEOUT_S", 0.0)
    open_database(path).close()
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        history = await opened(path)
        assert "locked" in history.problem
    await history.record(EMPTY, SEEN, NOW_MS)
    assert history.problem == ""
    assert await is_kept(history)
    await history.close(NOW_MS)


async def test_while_the_disk_is_full_what_is_seen_waits(path: Path) -> None:
    history = await opened(path)
    many = snapshot(record(a_run(), *(a_scored(number) for number in range(2_000))))
    assert history._database is not None
    pages = history._database.execute("PRAGMA page_count").fetchone()[0]
    history._database.execute(f"PRAGMA max_page_count = {pages}")
    await history.record(EMPTY, many, NOW_MS)
    assert history.problem == ("the history cannot be written: the disk is full; it is tried again")
    history._database.execute("PRAGMA max_page_count = 100000")
    await history.record(many, many, NOW_MS)
    assert history.problem == ""
    assert len(await history.scenario_rows("bmr_1")) == 2_000
    await history.close(NOW_MS)


async def test_a_read_only_file_is_left_alone(path: Path) -> None:
    history = await opened(path)
    assert history._database is not None
    history._database.execute("PRAGMA query_only = ON")
    await history.record(EMPTY, SEEN, NOW_MS)
    assert history.problem == "the history cannot be written: it is read-only"
    assert not await is_kept(history)
    await history.close(NOW_MS)
    assert [each.name for each in sorted(path.parent.iterdir())] == ["history.db"]


@pytest.mark.parametrize(
    "name",
    ["folder", "pipe", "file/history.db", "nul\0", "\ud800"],
    ids=["folder", "pipe", "under a file", "NUL", "surrogate"],
)
async def test_a_path_that_cannot_be_is_one_line(tmp_path: Path, name: str) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").touch()
    os.mkfifo(tmp_path / "pipe")
    history = await opened(tmp_path / name)
    await history.record(EMPTY, SEEN, NOW_MS)
    assert history.problem.startswith("the history ")
    assert history.problem.isprintable()
    assert await history.since(0) == ()
    await history.close(NOW_MS)


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (sqlite3.SQLITE_BUSY, NotNow),
        (sqlite3.SQLITE_IOERR | 1 << 8, NotNow),
        (sqlite3.SQLITE_READONLY | 3 << 8, Unusable),
        (sqlite3.SQLITE_CANTOPEN, Unusable),
        (sqlite3.SQLITE_CORRUPT | 1 << 8, BrokenFile),
        (sqlite3.SQLITE_NOMEM, Unusable),
    ],
)
def test_each_error_of_sqlite_has_its_kind(code: int, kind: type[HistoryError]) -> None:
    error = sqlite3.OperationalError("words of SQLite")
    error.sqlite_errorcode = code
    assert type(error_of(error)) is kind
