"""The file of the history: its tables, how it is opened, and the errors of that.

    HistoryError
    ├── BrokenFile     no SQLite file, or a damaged one: set aside, and a new one begun
    ├── Unusable       of a newer version, read-only, not a history: left alone
    └── NotNow         locked by another program, a full disk: tried again at the next write

Each message is a phrase of one line that follows "the history".
"""

import os
import sqlite3
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from hashlib import blake2b
from pathlib import Path

VERSION = 1
APPLICATION_ID = 0x524C5448
"""In the header of the file, so that the database of another program is left alone."""

BUSY_TIMEOUT_S = 3.0
"""So long a transaction waits for that of another instance."""

_MAGIC = b"SQLite format 3\0"
_HEAD_BYTES = 72
"""The application id is the last 4 of them."""

_TRIES = 20
_BETWEEN_TRIES_S = 0.02
_SIDE_FILES = ("-wal", "-shm")
_ASIDE = ".broken"
_TABLES = """
CREATE TABLE accounts (
    key INTEGER PRIMARY KEY,
    account TEXT NOT NULL UNIQUE,   -- a hash of the base URL
    looked_ms INTEGER               -- when a person last looked
);
CREATE TABLE words (                -- scenario ids and fingerprints, each once
    key INTEGER PRIMARY KEY,
    text TEXT NOT NULL UNIQUE
);
CREATE TABLE outcomes (             -- the pairs of state and outcome that occur
    key INTEGER PRIMARY KEY,
    state TEXT NOT NULL,
    kind TEXT NOT NULL,
    UNIQUE (state, kind)
);
CREATE TABLE runs (
    key INTEGER PRIMARY KEY,
    account INTEGER NOT NULL,
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    benchmark_id TEXT NOT NULL,
    agent TEXT NOT NULL,
    model TEXT NOT NULL,
    state TEXT NOT NULL,
    score REAL,
    start_ms INTEGER,
    duration_ms INTEGER,
    total INTEGER,
    changed_ms INTEGER NOT NULL,    -- the last known start or end of it or of one of its scenario runs
    base_ms INTEGER NOT NULL,       -- added to the moments of its scenario runs, which are small numbers so
    UNIQUE (account, id)
);
CREATE INDEX runs_of_benchmark ON runs (account, benchmark_id, start_ms);
CREATE INDEX runs_by_change ON runs (changed_ms);
CREATE TABLE scenario_runs (
    run INTEGER NOT NULL,
    id TEXT NOT NULL,
    scenario INTEGER NOT NULL,      -- words.key
    outcome INTEGER NOT NULL,       -- outcomes.key
    score REAL,
    start INTEGER,                  -- ms after runs.base_ms
    duration INTEGER,               -- ms
    noticed INTEGER,                -- ms after runs.base_ms; only of one whose end the server does not say
    fingerprint INTEGER,            -- words.key; of errors
    PRIMARY KEY (run, id)
) WITHOUT ROWID;
CREATE TABLE first_failures (       -- of scenario runs that failed and were tried again under the same id
    run INTEGER NOT NULL,
    id TEXT NOT NULL,
    scenario INTEGER NOT NULL,
    outcome INTEGER NOT NULL,
    start INTEGER,
    duration INTEGER,
    fingerprint INTEGER,
    PRIMARY KEY (run, id)
) WITHOUT ROWID;
CREATE TABLE events (
    key INTEGER PRIMARY KEY,
    account INTEGER NOT NULL,
    at_ms INTEGER NOT NULL,
    kind TEXT NOT NULL,
    run_id TEXT NOT NULL,
    text TEXT NOT NULL
);
CREATE INDEX events_by_time ON events (account, at_ms);
"""


class HistoryError(Exception):
    """The history cannot be used."""


class BrokenFile(HistoryError):  # noqa: N818 - says it without the suffix
    """The file is no SQLite file, or a damaged one."""


class Unusable(HistoryError):  # noqa: N818
    """The file is good, but not for this program, or not for writing."""


class NotNow(HistoryError):  # noqa: N818
    """The file cannot be used now; it may be later."""


def error_of(error: sqlite3.Error | OSError) -> HistoryError:
    """Return the error of this package for one of SQLite or of the file system."""
    if isinstance(error, OSError):
        words = (error.strerror or type(error).__name__).lower()
        return Unusable(f"cannot be written: {words}")
    match getattr(error, "sqlite_errorcode", sqlite3.SQLITE_MISUSE) & 0xFF:
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return NotNow("is locked by another program")
        case sqlite3.SQLITE_FULL:
            return NotNow("cannot be written: the disk is full")
        case sqlite3.SQLITE_IOERR:
            return NotNow("cannot be read or written: an input/output error")
        case sqlite3.SQLITE_READONLY | sqlite3.SQLITE_PERM | sqlite3.SQLITE_CANTOPEN:
            return Unusable("cannot be written: it is read-only")
        case sqlite3.SQLITE_CORRUPT | sqlite3.SQLITE_NOTADB | sqlite3.SQLITE_ERROR:
            return BrokenFile("is broken")
        case _:
            return Unusable(f"cannot be used: SQLite error {type(error).__name__}")


@contextmanager
def errors_translated() -> Iterator[None]:
    """Raise the errors of SQLite and of the file system as a HistoryError."""
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        raise error_of(error) from error


def default_path() -> Path:
    """Return the path of the history in the user's state folder."""
    import platformdirs  # slow to import

    return platformdirs.user_state_path("runloop-tui", appauthor=False) / "history.db"


def account_key(base_url: str) -> str:
    """Return the key of an account in the file: a hash of the base URL of its API."""
    return blake2b(base_url.encode("utf-8", "replace"), digest_size=8).hexdigest()


def open_database(path: Path) -> sqlite3.Connection:
    """Open the file, and create it (mode 0600, a new folder 0700) where it does not exist or is empty.

    Raises:
        HistoryError: it cannot be used.
    """
    with errors_translated():
        _make_file(path)
        database = sqlite3.connect(
            path, timeout=BUSY_TIMEOUT_S, isolation_level=None, check_same_thread=False
        )
        try:
            _prepare(database)
        except BaseException:
            database.close()
            raise
    return database


def set_aside(path: Path) -> Path:
    """Rename a broken file with its side files, in the place of one that was set aside before; return its new path.

    Raises:
        HistoryError: it cannot be renamed.
    """
    aside = path.with_name(path.name + _ASIDE)
    with errors_translated():
        for suffix in _SIDE_FILES:  # before the file: SQLite would apply them to the new one
            old, new = Path(f"{path}{suffix}"), Path(f"{aside}{suffix}")
            new.unlink(missing_ok=True)
            with suppress(FileNotFoundError):
                old.replace(new)
        path.replace(aside)
    return aside


def identity(path: Path) -> tuple[int, int] | None:
    """Return what tells a file from another one at the same path; None where there is none."""
    try:
        status = path.stat()
    except (OSError, ValueError):
        return None
    return status.st_dev, status.st_ino


@contextmanager
def transaction(database: sqlite3.Connection) -> Iterator[None]:
    """Run the body in one transaction that no other instance can write in between."""
    database.execute("BEGIN IMMEDIATE")
    try:
        yield
        database.execute("COMMIT")
    except BaseException:
        if database.in_transaction:
            database.execute("ROLLBACK")
        raise


def used_bytes(database: sqlite3.Connection) -> int:
    """Return the bytes of the file that hold something."""
    pages, free, size = (
        database.execute(f"PRAGMA {name}").fetchone()[0]
        for name in ("page_count", "freelist_count", "page_size")
    )
    return int((pages - free) * size)


def _make_file(path: Path) -> None:
    flags = os.O_RDWR | os.O_CREAT | os.O_NONBLOCK | os.O_CLOEXEC  # a named pipe must not block
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(path, flags, 0o600)
    except ValueError as error:  # a NUL, or what is no text of the file system
        raise Unusable("has a path that cannot be") from error
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise Unusable("cannot be written: its path names something that is not a file")
        head = os.read(descriptor, _HEAD_BYTES)
        is_whole = len(head) == _HEAD_BYTES and head.startswith(_MAGIC)
        if is_whole and not head.endswith(APPLICATION_ID.to_bytes(4, "big")):
            return  # of another program, or just being created by another instance
        with suppress(OSError):  # a file of another user, or a file system without modes
            os.fchmod(descriptor, 0o600)  # that of the side files follows it
    finally:
        os.close(descriptor)


def _prepare(database: sqlite3.Connection) -> None:
    database.text_factory = lambda raw: raw.decode("utf-8", "replace")
    tries = 0
    while _is_empty(database):
        try:
            _create_tables(database)
        except sqlite3.OperationalError as error:
            tries += 1
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or tries == _TRIES:
                raise
            time.sleep(_BETWEEN_TRIES_S)  # SQLite does not wait for a change of the journal mode
    if _pragma(database, "application_id") != APPLICATION_ID:
        raise Unusable("cannot be used: the file belongs to another program")
    version = _pragma(database, "user_version")
    if version > VERSION:
        raise Unusable(f"is left alone: it was written by a newer runloop-tui (version {version})")
    if version != VERSION:
        raise BrokenFile("is broken")
    database.execute("PRAGMA synchronous = NORMAL")  # safe against a killed process in WAL mode
    database.execute("PRAGMA journal_size_limit = 4000000")


def _create_tables(database: sqlite3.Connection) -> None:
    database.execute("PRAGMA auto_vacuum = INCREMENTAL")
    database.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    database.execute("PRAGMA journal_mode = WAL")
    with transaction(database):
        if _is_empty(database):  # not created by another instance in between
            for statement in _TABLES.split(";\n"):
                database.execute(statement)
            database.execute(f"PRAGMA user_version = {VERSION}")


def _is_empty(database: sqlite3.Connection) -> bool:
    tables = database.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    is_ours = _pragma(database, "application_id") in {0, APPLICATION_ID}
    return is_ours and not tables and not _pragma(database, "user_version")


def _pragma(database: sqlite3.Connection, name: str) -> int:
    return int(database.execute(f"PRAGMA {name}").fetchone()[0])
