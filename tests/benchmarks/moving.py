"""From a key to its paint in a table of 5,000 rows: moving, sorting, filtering."""

import random
import time
from collections.abc import Sequence

from tests.benchmarks.driven import Driven
from tests.benchmarks.figures import Figure, at_share
from tests.benchmarks.programs import real
from tests.benchmarks.serving import Served
from tests.benchmarks.worlds import LIVE_NAME

_SETTLING_S = 8.0
_KEYS = 150
_QUIET_S = 0.03


def measure(runs: int) -> Sequence[Figure]:
    """Press keys while polls land; each once nothing has been painted for a moment."""
    halves, nearly_alls, sorts, filters = [], [], [], []
    with Served("live-5000") as server, Driven(real(server.url)) as program:
        program.wait_for(LIVE_NAME)
        time.sleep(_SETTLING_S)
        program.press("3")
        time.sleep(1.0)
        for _ in range(runs):
            moves = [_latency_ms(program, key) for key in _keys()]
            halves.append(at_share(moves, 0.5))
            nearly_alls.append(at_share(moves, 0.99))
            sorts += [_latency_ms(program, "s") for _ in range(6)]
            program.press("/")
            filters += [_latency_ms(program, key) for key in "djang"]
            program.press("\x1b")
            program.wait_until_quiet(0.2)
    return [
        Figure("key to paint, 5,000 rows, p50", 8, "ms", halves),
        Figure("key to paint, 5,000 rows, p99", 20, "ms", nearly_alls),
        Figure("sort 5,000 rows, key to paint", 30, "ms", sorts),
        Figure("filter 5,000 rows, key to paint", 30, "ms", filters),
    ]


def _keys() -> list[str]:
    chance = random.Random(1)
    return [chance.choice(["j", "j", "j", "k", "\x1b[6~"]) for _ in range(_KEYS)]


def _latency_ms(program: Driven, key: str) -> float:
    program.wait_until_quiet(_QUIET_S)
    written = program.written
    pressed = program.press(key)
    painted = program.wait_for_output(after=written, within_s=20.0)
    assert painted is not None, f"{key!r} painted nothing"
    return 1000 * (painted - pressed)
