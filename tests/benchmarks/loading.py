"""How long the event loop is blocked while thousands of items are read, and what they weigh."""

import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from tests.benchmarks.driven import Driven
from tests.benchmarks.figures import Figure, median
from tests.benchmarks.programs import real, timed
from tests.benchmarks.serving import Served
from tests.benchmarks.worlds import LIVE_NAME

_OLDEST_RUN = "past-4999"
_SETTLING_S = 15.0


def stops(runs: int) -> Sequence[Figure]:
    """A run of 5,000 scenarios is read, then 5,000 runs."""
    walls, works = [], []
    for _ in range(runs):
        with tempfile.TemporaryDirectory() as folder, Served("5,000 runs") as server:
            iterations = Path(folder) / "iterations"
            with Driven(timed(iterations, server.url)) as program:
                shown = program.wait_for(LIVE_NAME)
                time.sleep(_SETTLING_S)
                program.press("G")
                program.wait_for(_OLDEST_RUN)
                time.sleep(6.0)
            lines = [
                tuple(map(float, line.split())) for line in iterations.read_text().splitlines()
            ]
            since = [(took, work) for ended, took, work in lines if ended > shown]
            walls.append(1000 * max((took for took, _ in since), default=0.0))
            works.append(1000 * max((work for _, work in since), default=0.0))
    return [
        Figure(
            "longest stop of the loop while all is read",
            "5,000 runs",
            20,
            "ms",
            walls,
            f"{median(works):.0f} ms of it its own work",
        )
    ]


def memory(runs: int) -> Sequence[Figure]:
    """5,000 runs and 5,000 scenario runs are held."""
    shares, residents = [], []
    for _ in range(runs):
        with Served("5,000 runs") as server, Driven(real(server.url)) as program:
            program.wait_for(LIVE_NAME)
            time.sleep(_SETTLING_S)
            program.press("G")
            program.wait_for(_OLDEST_RUN)
            time.sleep(6.0)
            held = program.memory
            shares.append(held.pss_mb)
            residents.append(held.rss_mb)
    return [
        Figure(
            "memory, all runs read",
            "5,000 runs",
            100,
            "MB",
            residents,
            f"PSS {median(shares):.0f} MB",
        )
    ]
