"""The accounts that are watched while the program is measured."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from runloop_tui.clock import system_clock
from runloop_tui.demo import names
from runloop_tui.demo.plans import HOUR, MINUTE, BenchmarkPlan, RunPlan
from runloop_tui.demo.world import World
from tests.demo.instances import many_instances

_FIVE_HUNDRED = BenchmarkPlan("five hundred", names.swe_bench_verified())
_FIVE_THOUSAND = BenchmarkPlan("five thousand", many_instances(5000))
_ONE = BenchmarkPlan("one", names.TERMINAL_BENCH_2[:1])
_FEW = BenchmarkPlan("few", names.TERMINAL_BENCH_2[:4])
_ALL_HUNG = BenchmarkPlan("hung", names.TERMINAL_BENCH_2[:40])

LIVE_NAME = "watched-run"
"""The name of the newest run of each account: once it is on the screen, runs are."""

LIVE_500 = RunPlan(
    LIVE_NAME,
    _FIVE_HUNDRED,
    done_initially=150,
    concurrency=30,
    typical_ms=2 * MINUTE,
)
"""30 of 500 scenarios run at once, and something changes every second."""

LIVE_5000 = replace(LIVE_500, benchmark=_FIVE_THOUSAND, done_initially=4500)
"""The same, with ten times as many scenarios of which most are done."""

_BUSY = replace(LIVE_5000, done_initially=2000, concurrency=860, typical_ms=8 * MINUTE + 36_000)
_QUIET = replace(LIVE_500, done_initially=100, typical_ms=30 * MINUTE)


def _past(number: int) -> RunPlan:
    return RunPlan(f"past-{number:04}", _ONE, starts_at_ms=-(number + 30) * HOUR)


def _typical(number: int) -> RunPlan:
    """A run of 500 scenarios, about 50 of them at once, of which one ends every 12 s; 0 is the newest."""
    return replace(
        LIVE_500,
        name=LIVE_NAME if number == 0 else f"live-{number}",
        done_initially=100 + 50 * number,
        concurrency=50,
        typical_ms=10 * MINUTE,
    )


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


def _with_past(*live: RunPlan) -> list[RunPlan]:
    return [*live, *(_past(number) for number in range(40))]


@dataclass(frozen=True, slots=True)
class Account:
    """An account to watch.

    Attributes:
        description: What happens in it.
        plans: Makes its runs.
    """

    description: str
    plans: Callable[[], list[RunPlan]]


ACCOUNTS: dict[str, Account] = {
    "ended": Account(
        "60 runs that have ended",
        lambda: [replace(_past(0), name=LIVE_NAME), *(_past(number) for number in range(1, 60))],
    ),
    "frozen": Account(
        "eight live runs in which nothing happens but that minutes pass",
        lambda: [_still(number) for number in range(8)],
    ),
    "four frozen": Account(
        "four live runs in which nothing happens, above 40 that have ended",
        lambda: _with_past(*(_still(number) for number in range(4))),
    ),
    "quiet": Account(
        "one live run of 500 scenarios of which 30 are active and one ends each minute, "
        "above 40 runs that have ended",
        lambda: _with_past(_QUIET),
    ),
    "live 500": Account(
        "one live run of 500 scenarios of which 30 are active and 15 end each minute (a change "
        "a second), above 40 runs that have ended",
        lambda: _with_past(LIVE_500),
    ),
    "live 5,000": Account(
        "the same with 5,000 scenarios, of which 30 are active and 4,500 were done at first",
        lambda: _with_past(LIVE_5000),
    ),
    "four live": Account(
        "four live runs of 500 scenarios, of which 50 are active and 5 end each minute in each, "
        "above 40 runs that have ended",
        lambda: _with_past(*(_typical(number) for number in range(4))),
    ),
    "busy": Account(
        "one live run of 5,000 scenarios of which 860 are active and 100 end each minute, above "
        "40 runs that have ended",
        lambda: _with_past(_BUSY),
    ),
    "5,000 runs": Account(
        "the live run of “live 5,000” above 5,000 runs that have ended",
        lambda: [LIVE_5000, *(_past(number) for number in range(5000))],
    ),
    "short": Account(
        "40 live runs of four scenarios in which nothing happens by itself",
        lambda: [replace(_short(0), name=LIVE_NAME), *(_short(n) for n in range(1, 40))],
    ),
}


def plans(name: str) -> list[RunPlan]:
    """The runs of the account with this name."""
    return ACCOUNTS[name].plans()


def world(name: str) -> World:
    """The account with this name, born now."""
    return World(system_clock, plans=plans(name))
