"""What watching costs in a quiet, a typical and a busy world: the same figures in each."""

from collections.abc import Sequence
from dataclasses import dataclass

from tests.benchmarks.driven import Driven
from tests.benchmarks.figures import Figure, at_share, median
from tests.benchmarks.moving import KEYS, ONE_ROW, moves_ms
from tests.benchmarks.programs import real
from tests.benchmarks.serving import Served
from tests.benchmarks.watching import minute_of, wait_until_idle


@dataclass(frozen=True, slots=True)
class _Goals:
    kilobytes: float
    requests: float
    cpu_percent: float


_KEY_P50_MS, _KEY_P99_MS = 8, 20
_MEMORY_MB = 100
_AGE_S = 10
"""Two intervals of polling."""


def quiet(runs: int) -> Sequence[Figure]:
    """One live run in which hardly anything happens."""
    return _figures("quiet", _Goals(120, 30, 0.4), runs)


def four_live(runs: int) -> Sequence[Figure]:
    """Four live runs, of which one is watched."""
    return _figures("four live", _Goals(200, 40, 1.0), runs)


def busy(runs: int) -> Sequence[Figure]:
    """A run of which hundreds of scenarios are active, and more than one ends each second."""
    return _figures("busy", _Goals(3000, 60, 2.0), runs)


def _figures(world: str, goals: _Goals, runs: int) -> Sequence[Figure]:
    """Watch for so many minutes, and after each move in the scenarios."""
    minutes, halves, nearly_alls = [], [], []
    with Served(world) as server, Driven(real(server.url)) as program:
        wait_until_idle(program)
        for _ in range(runs):
            minutes.append(minute_of(program, server))
            moves = moves_ms(program, ONE_ROW)
            halves.append(at_share(moves, 0.5))
            nearly_alls.append(at_share(moves, 0.99))
    of_keys = f"each of {KEYS} keys"
    shares = median([minute.memory.pss_mb for minute in minutes])
    figures = [
        Figure(
            "bytes asked of the API",
            world,
            goals.kilobytes,
            "KB/min",
            [minute.kilobytes for minute in minutes],
        ),
        Figure(
            "requests",
            world,
            goals.requests,
            "/min",
            [float(minute.requests) for minute in minutes],
        ),
        Figure("CPU", world, goals.cpu_percent, "%", [minute.cpu_percent for minute in minutes]),
        Figure("key to paint, p50", world, _KEY_P50_MS, "ms", halves, of_keys),
        Figure("key to paint, p99", world, _KEY_P99_MS, "ms", nearly_alls, of_keys),
        Figure(
            "memory",
            world,
            _MEMORY_MB,
            "MB",
            [minute.memory.rss_mb for minute in minutes],
            f"PSS {shares:.0f} MB",
        ),
    ]
    ages = [age for minute in minutes for age in minute.ages_s]
    if ages:
        what = "oldest counts of another live run"
        figures.append(Figure(what, world, _AGE_S, "s", ages, f"{max(ages):.0f} s at worst"))
    return figures
