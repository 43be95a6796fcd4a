"""How large a history gets, and how fast it opens: `python -m tests.history.size [RUNS] [SCENARIOS]`, 5,000 x 500.

Each scenario run is written twice, when it starts and when it ends, in an order that the ids do not know.
"""

import random
import string
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from runloop_tui.history import queries
from runloop_tui.history.recorder import Limits, Recorder
from runloop_tui.history.schema import open_database, used_bytes
from tests.api.scripted import NOW_MS
from tests.history.making import ACCOUNT, difference, row
from tests.monitor.making import HOUR_MS, MINUTE_MS

if TYPE_CHECKING:
    import sqlite3

    from runloop_tui.history.rows import ScenarioRow

BYTES_PER_SCENARIO_RUN = 70
"""With its share of everything else; 2,500,000 of them are below 200 MB then."""

_PER_POLL = 25
_FINGERPRINTS = ("ApiRateLimitError", "AgentTimeoutError", "patch did not apply")
_LETTERS = string.ascii_letters + string.digits


def fill(
    database: "sqlite3.Connection",
    *,
    runs: int,
    scenarios: int,
    seed: int,
    random_order: bool = False,
) -> None:
    """Write runs of one benchmark, the oldest first; with `random_order` in polls, as if each were watched."""
    chosen = random.Random(seed)
    recorder = Recorder(database, ACCOUNT, Limits(most_bytes=1 << 40))
    for number in range(runs):
        start_ms = NOW_MS - (runs - number) * HOUR_MS // 2
        rows = [_ended(chosen, each, start_ms) for each in range(scenarios)]
        batches = [rows]
        if random_order:
            going = [each._replace(state="running", kind="running", score=None) for each in rows]
            going = [each._replace(duration_ms=None, fingerprint="") for each in going]
            ordered = [*going, *chosen.sample(rows, len(rows))]
            batches = [ordered[at : at + _PER_POLL] for at in range(0, len(ordered), _PER_POLL)]
        run_id = _id(chosen, "bmr")
        for batch in batches:
            recorder.write([difference(run_id, *batch, changed_ms=start_ms)], [], None, NOW_MS)


def _ended(chosen: random.Random, number: int, start_ms: int) -> "ScenarioRow":
    score = chosen.choice([0.0, 0.0, 1.0, 1.0, 1.0, round(chosen.random(), 3)])
    kept = row(_id(chosen, "scr"), "completed", start_ms + chosen.randrange(3 * HOUR_MS))
    kept = kept._replace(
        scenario_id=f"scn_{number:021}", duration_ms=chosen.randrange(MINUTE_MS, HOUR_MS)
    )
    if chosen.random() < 0.05:
        return kept._replace(
            state="failed", kind="error", score=None, fingerprint=chosen.choice(_FINGERPRINTS)
        )
    return kept._replace(score=score)


def _id(chosen: random.Random, prefix: str) -> str:
    return f"{prefix}_{''.join(chosen.choices(_LETTERS, k=21))}"


def _print(name: str, value: str) -> None:
    sys.stdout.write(f"{name:32} {value}\n")
    sys.stdout.flush()


def main(runs: int, scenarios: int) -> None:
    """Print the figures."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "history.db"
        with closing(open_database(path)) as database:
            begun = time.perf_counter()
            fill(database, runs=runs, scenarios=scenarios, seed=1, random_order=True)
            _print("filled", f"{time.perf_counter() - begun:.0f} s")
            _print("used", f"{used_bytes(database) / 1024 / 1024:.1f} MB")
            _print("each", f"{used_bytes(database) / runs / scenarios:.1f} bytes")
        begun = time.perf_counter()
        with closing(open_database(path)) as database:
            recorder = Recorder(database, ACCOUNT, Limits())
            _print("opened", f"{(time.perf_counter() - begun) * 1_000:.1f} ms")
            for name, query in (
                ("since 12 hours", lambda: queries.since(database, 1, NOW_MS - 12 * HOUR_MS)),
                (
                    "longest durations",
                    lambda: queries.longest_durations(database, 1, "bmd_1", but_run_id=""),
                ),
                ("latest 50 runs", lambda: queries.latest_runs(database, recorder.account, 50)),
            ):
                begun = time.perf_counter()
                query()
                _print(name, f"{(time.perf_counter() - begun) * 1_000:.1f} ms")


if __name__ == "__main__":
    given = [int(each) for each in sys.argv[1:]]
    main(*(given or [5_000, 500]))
