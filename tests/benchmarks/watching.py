"""What watching costs: processor time, bytes to the terminal, requests and bytes of the API."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from tests.benchmarks.driven import Driven, Memory
from tests.benchmarks.figures import Figure, median
from tests.benchmarks.programs import real
from tests.benchmarks.serving import Served
from tests.benchmarks.worlds import LIVE_NAME

_SETTLING_S = 12.0
_WINDOW_S = 60.0


@dataclass(frozen=True, slots=True)
class Minute:
    """What a minute of watching cost.

    Attributes:
        cpu_percent: The share of one processor.
        written: Bytes to the terminal.
        requests: How many requests the API received.
        kilobytes: How much it sent, in KB of bodies.
        memory: What the program held at the end.
        ages_s: How old the counts of each other live run became before they were read anew.
    """

    cpu_percent: float
    written: int
    requests: int
    kilobytes: float
    memory: Memory
    ages_s: Sequence[float]


def wait_until_idle(program: Driven) -> None:
    """Wait until the program has read all there is at first."""
    program.wait_for(LIVE_NAME)
    time.sleep(_SETTLING_S)


def minute_of(program: Driven, server: Served) -> Minute:
    """Watch for a minute without pressing a key."""
    began, cpu_s = time.monotonic(), program.cpu_s
    written, before = program.written, server.traffic
    time.sleep(_WINDOW_S)
    ended = time.monotonic()
    cpu_percent = 100 * (program.cpu_s - cpu_s) / (ended - began)
    after = server.traffic
    return Minute(
        cpu_percent,
        program.written - written,
        after.requests - before.requests,
        (after.bytes_sent - before.bytes_sent) / 1000,
        program.memory,
        ages_of_others(after.read_at_s, began, ended),
    )


def ages_of_others(
    read_at_s: Mapping[str, Sequence[float]], began: float, ended: float
) -> list[float]:
    """The longest time between two reads of each live run but the watched one, which is read most often."""
    moments = {
        run_id: [moment for moment in moments if began <= moment <= ended]
        for run_id, moments in read_at_s.items()
    }
    watched = max(moments, key=lambda run_id: len(moments[run_id]), default=None)
    return [
        max(later - earlier for earlier, later in pairwise([began, *inside, ended]))
        for run_id, inside in moments.items()
        if inside and run_id != watched
    ]


def _minutes(world: str, runs: int) -> list[Minute]:
    """Watch for so many minutes, after all was read and the program is idle."""
    with Served(world) as server, Driven(real(server.url)) as program:
        wait_until_idle(program)
        return [minute_of(program, server) for _ in range(runs)]


def idle(runs: int) -> Sequence[Figure]:
    """Runs in which nothing happens: all are terminal, or four are live and frozen."""
    return [_idle(world, _minutes(world, runs)) for world in ("ended", "four frozen")]


def _idle(world: str, minutes: Sequence[Minute]) -> Figure:
    return Figure(
        "idle CPU",
        world,
        0.3,
        "%",
        [minute.cpu_percent for minute in minutes],
        f"{median([minute.requests for minute in minutes]):g} requests, "
        f"{median([minute.written for minute in minutes]):,.0f} B written /min",
    )


def ticking(runs: int) -> Sequence[Figure]:
    """Live runs in which nothing happens but that minutes pass."""
    written = [float(minute.written) for minute in _minutes("frozen", runs)]
    return [Figure("bytes written, only minutes ticking", "frozen", 3000, "B/min", written)]


def live(runs: int) -> Sequence[Figure]:
    """A run of 500, and one of 5,000, with the same going on in them."""
    few, many = _minutes("live 500", runs), _minutes("live 5,000", runs)
    few_cpu = [minute.cpu_percent for minute in few]
    growth = [
        later.cpu_percent / before.cpu_percent for before, later in zip(few, many, strict=True)
    ]
    return [
        Figure("CPU", "live 500", 1.0, "%", few_cpu),
        Figure(
            "bytes written",
            "live 500",
            20_000,
            "B/min",
            [float(minute.written) for minute in few],
        ),
        Figure(
            "bytes asked of the API",
            "live 500",
            300,
            "KB/min",
            [minute.kilobytes for minute in few],
        ),
        Figure(
            "bytes asked of the API",
            "live 5,000",
            600,
            "KB/min",
            [minute.kilobytes for minute in many],
        ),
        Figure(
            "requests",
            "live 500",
            40,
            "/min",
            [float(minute.requests) for minute in few],
        ),
        Figure(
            "CPU, to that in “live 500”",
            "live 5,000",
            1.3,
            "×",
            growth,
            f"{median([m.cpu_percent for m in many]):.2f} %",
        ),
    ]
