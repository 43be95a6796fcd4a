"""Prints the README's table of figures and its worlds: `python -m tests.benchmarks [--only NAME] [--runs 5]`."""

import argparse
import sys

from tests.benchmarks import (
    downloading,
    freshness,
    live_worlds,
    loading,
    moving,
    slow_line,
    starting,
    watching,
)
from tests.benchmarks.figures import HEAD, Measure
from tests.benchmarks.worlds import ACCOUNTS

_AREAS: dict[str, Measure] = {
    "starting": starting.measure,
    "idle": watching.idle,
    "live": watching.live,
    "quiet": live_worlds.quiet,
    "four-live": live_worlds.four_live,
    "busy": live_worlds.busy,
    "ticking": watching.ticking,
    "moving": moving.measure,
    "stops": loading.stops,
    "memory": loading.memory,
    "slow-line": slow_line.measure,
    "freshness": freshness.measure,
    "download": downloading.measure,
}


def about(world: str) -> str:
    """What happens in a world, as the README says it."""
    return ACCOUNTS[world].description


def main() -> int:
    """Measure the chosen areas; 1 where a goal is not met."""
    parser = argparse.ArgumentParser(description="Measure the program in a pseudo-terminal.")
    parser.add_argument("--only", choices=_AREAS, action="append")
    parser.add_argument("--runs", type=int, default=5)
    flags = parser.parse_args()
    sys.stdout.write(f"{HEAD}\n")
    all_met = True
    worlds: dict[str, None] = {}
    for name in flags.only or _AREAS:
        for figure in _AREAS[name](flags.runs):
            all_met &= figure.is_met
            worlds[figure.world] = None
            sys.stdout.write(f"{figure.row}\n")
            sys.stdout.flush()
    sys.stdout.write("\n" + "".join(f"- *{name}*: {about(name)}.\n" for name in worlds))
    return 0 if all_met else 1


if __name__ == "__main__":
    sys.exit(main())
