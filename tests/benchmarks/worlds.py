"""The accounts that are watched while the program is measured."""

from collections.abc import Callable
from dataclasses import replace

from runloop_tui.clock import system_clock
from runloop_tui.demo import names
from runloop_tui.demo.plans import HOUR, MINUTE, BenchmarkPlan, RunPlan
from runloop_tui.demo.world import World

_FIVE_HUNDRED = BenchmarkPlan("five hundred", names.swe_smith(500))
_FIVE_THOUSAND = BenchmarkPlan("five thousand", names.swe_smith(5000))
_ONE = BenchmarkPlan("one", names.TERMINAL_BENCH_2[:1])
_FEW = BenchmarkPlan("few", names.TERMINAL_BENCH_2[:4])
_ALL_HUNG = BenchmarkPlan("hung", names.TERMINAL_BENCH_2[:40])

LIVE_NAME = "watched-run"
"""The name of the newest run of each account: once it stands on the screen, runs do."""

LIVE_500 = RunPlan(
    LIVE_NAME,
    _FIVE_HUNDRED,
    done_at_birth=150,
    concurrency=30,
    typical_ms=2 * MINUTE,
)
"""30 of 500 scenarios run at once, and something changes every second."""

LIVE_5000 = replace(LIVE_500, benchmark=_FIVE_THOUSAND, done_at_birth=4500)
"""The same, with ten times as many scenarios of which most are done."""


def _past(number: int) -> RunPlan:
    return RunPlan(f"past-{number:04}", _ONE, starts_at_ms=-(number + 30) * HOUR)


def _still(number: int) -> RunPlan:
    """A live run in which nothing happens any more: its scenarios hang."""
    return RunPlan(
        LIVE_NAME if number == 0 else f"still-{number}",
        _ALL_HUNG,
        starts_at_ms=-(number + 2) * HOUR - number * 17_000,
        concurrency=40,
        hung=tuple(range(40)),
        fate="canceled",
        cut_off_ms=1000 * HOUR,
    )


def _short(number: int) -> RunPlan:
    return replace(
        _still(0),
        name=f"short-{number:02}",
        starts_at_ms=-(number + 2) * HOUR,
        benchmark=_FEW,
        hung=(0, 1, 2, 3),
    )


_PLANS: dict[str, Callable[[], list[RunPlan]]] = {
    "ended": lambda: [
        replace(_past(0), name=LIVE_NAME),
        *(_past(number) for number in range(1, 60)),
    ],
    "ticking": lambda: [_still(number) for number in range(8)],
    "live-500": lambda: [LIVE_500, *(_past(number) for number in range(40))],
    "live-5000": lambda: [LIVE_5000, *(_past(number) for number in range(40))],
    "runs-5000": lambda: [LIVE_5000, *(_past(number) for number in range(5000))],
    "short": lambda: [replace(_short(0), name=LIVE_NAME), *(_short(n) for n in range(1, 40))],
}

NAMES = tuple(_PLANS)


def plans(name: str) -> list[RunPlan]:
    """The runs of the account with this name."""
    return _PLANS[name]()


def world(name: str) -> World:
    """The account with this name, born now."""
    return World(system_clock, plans=plans(name))
