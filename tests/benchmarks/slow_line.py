"""A terminal that takes 2 KB a second: the event loop goes on, polls are made, a key is answered."""

import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from tests.benchmarks.driven import Driven
from tests.benchmarks.figures import Figure, median
from tests.benchmarks.programs import timed
from tests.benchmarks.serving import Served

_BYTES_PER_S = 2000
_SETTLING_S = 30.0
_WATCHED_S = 30.0
_KEY_WAIT_S = 20.0


def measure(runs: int) -> Sequence[Figure]:
    """Watch 500 live scenarios on such a line, and press keys."""
    stops, answers, polls = [], [], []
    for _ in range(runs):
        with tempfile.TemporaryDirectory() as folder, Served("live 500") as server:
            iterations = Path(folder) / "iterations"
            with Driven(timed(iterations, server.url), bytes_per_s=_BYTES_PER_S) as program:
                time.sleep(_SETTLING_S)
                began, requests = time.monotonic(), server.traffic.requests
                time.sleep(_WATCHED_S)
                polls.append((server.traffic.requests - requests) / (_WATCHED_S / 5))
                written = program.written
                pressed = program.press("j")
                rendered = program.wait_for_output(after=written, within_s=_KEY_WAIT_S)
                answers.append((rendered or pressed + _KEY_WAIT_S) - pressed)
            lines = [
                tuple(map(float, line.split())) for line in iterations.read_text().splitlines()
            ]
            longest = max((took for ended, took, _ in lines if ended > began), default=0.0)
            stops.append(1000 * longest)
    return [
        Figure(
            "2 KB/s terminal: longest stop of the loop",
            "live 500",
            50,
            "ms",
            stops,
            f"{median(polls):.1f} requests a poll",
        ),
        Figure("2 KB/s terminal: key to paint", "live 500", 4, "s", answers),
    ]
