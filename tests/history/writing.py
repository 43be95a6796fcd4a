"""An instance that writes: `python -m tests.history.writing PATH NAME POLLS [print]`, as a process of its own.

It writes one scenario run of its own, one of the shared run and an event with each poll. With "print" as the last
argument it prints the number of each poll that was written.
"""

import sqlite3
import sys
from pathlib import Path

from runloop_tui.history.recorder import Event, Limits, Recorder
from runloop_tui.history.schema import open_database
from tests.api.scripted import NOW_MS
from tests.history.making import ACCOUNT, difference, row

SHARED = "bmr_shared"
SHARED_SCENARIOS = 50
INTERVAL_MS = 10_000


def write_polls(path: Path, name: str, polls: int, *, print_written: bool = False) -> None:
    """Write so many polls in so many transactions; what meets a lock for too long is written again, as by the app."""
    database = open_database(path)
    recorder = Recorder(database, ACCOUNT, Limits())
    number = 0
    while number < polls:
        state = "completed" if number >= polls - SHARED_SCENARIOS else "running"
        changed = [
            difference(f"bmr_{name}", row(f"scr_{name}_{number}", "completed")),
            difference(SHARED, row(f"scr_{number % SHARED_SCENARIOS}", state)),
        ]
        event = Event(NOW_MS + number * INTERVAL_MS, "poll", f"bmr_{name}", str(number))
        try:
            recorder.write(changed, [event], None, NOW_MS)
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY:
                raise
            continue
        if print_written:
            sys.stdout.write(f"{number}\n")
            sys.stdout.flush()
        number += 1
    database.close()


if __name__ == "__main__":
    write_polls(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), print_written=len(sys.argv) > 4)
