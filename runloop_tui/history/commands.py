"""`runloop-tui history show`, `prune` and `path`: without a screen, and without the API."""

import sqlite3
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

from runloop_tui.history.queries import latest_runs
from runloop_tui.history.recorder import Limits, prune_all
from runloop_tui.history.rows import RunRow
from runloop_tui.history.schema import HistoryError, errors_translated, open_database, used_bytes

_FAILED = 1
_MOST_SHOWN = 50
_MEGABYTE = 1024 * 1024


def show(path: Path, out: TextIO, err: TextIO, *, most: int = _MOST_SHOWN) -> int:
    """Print the latest runs of all accounts, a line each; return the exit status."""
    try:
        with errors_translated():
            database = _existing(path)
            if database is None:
                out.write("there is no history yet\n")
                return 0
            try:
                runs, size = latest_runs(database, None, most), used_bytes(database)
            finally:
                database.close()
    except HistoryError as error:
        return _complain(err, error)
    out.write(f"{'started':16}  {'state':10} {'score':>6} {'scenarios':>9}  name\n")
    out.writelines(_line(run, number) for run, number in runs)
    out.write(f"{_counted(len(runs))} shown, {size / _MEGABYTE:.1f} MB in all\n")
    return 0


def prune(path: Path, out: TextIO, err: TextIO, now_ms: int, *, limits: Limits) -> int:
    """Remove what is beyond the limits; return the exit status."""
    try:
        with errors_translated():
            database = _existing(path)
            if database is None:
                out.write("there is no history yet\n")
                return 0
            try:
                removed = prune_all(database, limits, now_ms)
                size = used_bytes(database)
            finally:
                database.close()
    except HistoryError as error:
        return _complain(err, error)
    out.write(f"{_counted(removed)} removed, {size / _MEGABYTE:.1f} MB left\n")
    return 0


def show_path(path: Path, out: TextIO) -> int:
    """Print the path of the file, whether or not it exists; return the exit status."""
    out.write(f"{path}\n")
    return 0


def _existing(path: Path) -> sqlite3.Connection | None:
    return open_database(path) if path.exists() else None


def _line(run: RunRow, number: int) -> str:
    score = "–" if run.score is None else f"{run.score:.1%}"
    scenarios = str(number) if run.total is None else f"{number}/{run.total}"
    words = f"{run.state or '–':10.10} {score:>6} {scenarios:>9}  {run.name or run.id}"
    return f"{_moment(run.start_ms):16}  {words}\n"


def _moment(at_ms: int | None) -> str:
    if at_ms is None:
        return "–"
    return f"{datetime.fromtimestamp(at_ms / 1000, tz=UTC).astimezone():%Y-%m-%d %H:%M}"


def _counted(number: int) -> str:
    return "1 run" if number == 1 else f"{number} runs"


def _complain(err: TextIO, error: HistoryError) -> int:
    err.write(f"runloop-tui: the history {error}\n")
    return _FAILED
