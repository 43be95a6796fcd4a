"""From a key to its paint in a table of 5,000 rows: moving, sorting, filtering."""

import random
import time
from collections.abc import Sequence

from tests.benchmarks.driven import Driven
from tests.benchmarks.figures import Figure, at_share
from tests.benchmarks.programs import real
from tests.benchmarks.serving import Served
from tests.benchmarks.watching import wait_until_idle

KEYS = 150
"""How many keys are pressed for one value of a percentile."""
_OF_KEYS = f"each of {KEYS} keys"
_PAGE_DOWN = "\x1b[6~"
ONE_ROW = ("j", "j", "j", "k")
"""Keys that go down slowly: the end of 500 rows is not reached."""
PAGES = (_PAGE_DOWN,)
_QUIET_S = 0.03


def measure(runs: int) -> Sequence[Figure]:
    """Press keys while polls land; each once nothing has been rendered for a moment."""
    halves, nearly_alls, sorts, filters = [], [], [], []
    with Served("live 5,000") as server, Driven(real(server.url)) as program:
        wait_until_idle(program)
        for _ in range(runs):
            moves = moves_ms(program, ONE_ROW + PAGES)
            halves.append(at_share(moves, 0.5))
            nearly_alls.append(at_share(moves, 0.99))
            sorts += [_latency_ms(program, "s") for _ in range(6)]
            program.press("/")
            filters += [_latency_ms(program, key) for key in "djang"]
            program.press("\x1b")
            program.wait_until_quiet(0.2)
    return [
        Figure("key to paint, p50", "live 5,000", 8, "ms", halves, _OF_KEYS),
        Figure("key to paint, p99", "live 5,000", 20, "ms", nearly_alls, _OF_KEYS),
        Figure("sort, key to paint", "live 5,000", 30, "ms", sorts),
        Figure("filter, key to paint", "live 5,000", 30, "ms", filters),
    ]


def moves_ms(program: Driven, keys: Sequence[str]) -> list[float]:
    """Move in the scenarios from one page below the top, and say how long each move took, in ms."""
    program.press("3")
    time.sleep(1.0)
    program.press("g")
    program.press(_PAGE_DOWN)
    time.sleep(1.0)
    chance = random.Random(1)
    return [_latency_ms(program, chance.choice(keys)) for _ in range(KEYS)]


def _latency_ms(program: Driven, key: str) -> float:
    program.wait_until_quiet(_QUIET_S)
    written = program.written
    pressed = program.press(key)
    rendered = program.wait_for_output(after=written, within_s=20.0)
    assert rendered is not None, f"{key!r} rendered nothing"
    return 1000 * (rendered - pressed)
