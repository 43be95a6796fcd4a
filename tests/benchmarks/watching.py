"""What watching costs: processor time, bytes to the terminal, requests and bytes of the API."""

import time
from collections.abc import Sequence
from dataclasses import dataclass

from tests.benchmarks.driven import Driven
from tests.benchmarks.figures import Figure, median
from tests.benchmarks.programs import real
from tests.benchmarks.serving import Served, Traffic
from tests.benchmarks.worlds import LIVE_NAME

_SETTLING_S = 12.0
_WINDOW_S = 60.0


@dataclass(frozen=True, slots=True)
class _Minute:
    cpu_percent: float
    written: int
    asked: Traffic


def _minutes(world: str, runs: int, *, keys: str = "") -> list[_Minute]:
    """Watch for so many minutes, after all was read and has settled."""
    minutes = []
    with Served(world) as server, Driven(real(server.url)) as program:
        program.wait_for(LIVE_NAME)
        time.sleep(_SETTLING_S)
        program.press(keys)
        time.sleep(1.0)
        for _ in range(runs):
            began, cpu_s = time.monotonic(), program.cpu_s
            written, traffic = program.written, server.traffic
            time.sleep(_WINDOW_S)
            share = (program.cpu_s - cpu_s) / (time.monotonic() - began)
            asked = server.traffic - traffic
            minutes.append(_Minute(100 * share, program.written - written, asked))
    return minutes


def idle(runs: int) -> Sequence[Figure]:
    """Runs that have all ended."""
    minutes = _minutes("ended", runs)
    return [
        Figure(
            "idle CPU on the runs list",
            0.3,
            "%",
            [minute.cpu_percent for minute in minutes],
            f"{median([minute.asked.requests for minute in minutes]):g} requests, "
            f"{median([minute.written for minute in minutes]):,.0f} bytes written a minute",
        )
    ]


def ticking(runs: int) -> Sequence[Figure]:
    """Live runs in which nothing happens but that minutes pass."""
    written = [float(minute.written) for minute in _minutes("ticking", runs)]
    return [Figure("bytes written, only minutes ticking", 3000, "B/min", written)]


def live(runs: int) -> Sequence[Figure]:
    """A run of 500, and one of 5,000, with the same going on in them."""
    few, many = _minutes("live-500", runs), _minutes("live-5000", runs)
    few_cpu = [minute.cpu_percent for minute in few]
    growth = [
        later.cpu_percent / before.cpu_percent for before, later in zip(few, many, strict=True)
    ]
    return [
        Figure("CPU watching 500 live scenarios", 1.0, "%", few_cpu),
        Figure(
            "bytes written watching 500",
            20_000,
            "B/min",
            [float(minute.written) for minute in few],
        ),
        Figure(
            "bytes asked of the API, 500",
            300,
            "KB/min",
            [minute.asked.bytes_sent / 1000 for minute in few],
        ),
        Figure(
            "bytes asked of the API, 5,000",
            600,
            "KB/min",
            [minute.asked.bytes_sent / 1000 for minute in many],
        ),
        Figure(
            "requests, one watched run",
            40,
            "/min",
            [float(minute.asked.requests) for minute in few],
        ),
        Figure(
            "CPU of 5,000 to that of 500",
            1.3,
            "×",
            growth,
            f"{median([m.cpu_percent for m in many]):.2f} %",
        ),
    ]
