"""`python -m tests.fuzz --cases 10000`: other cases each time, and a table of how they ended.

The status is 1 where one broke what must hold.
"""
# ruff: noqa: T201 - what a command prints

import argparse
import logging
import random
import sys
import time
import traceback
from collections import Counter

from tests.fuzz.areas import AREAS, Area, fuzz

_MOST_ENDS = 12


def main() -> int:
    """Fuzz all areas, or the one that is named."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--cases", type=int, default=10_000, help="of each area (default: 10000)")
    parser.add_argument("--area", choices=[area.name for area in AREAS], help="only this one")
    parser.add_argument("--seed", type=int, help="to see the same cases again")
    flags = parser.parse_args()
    seed = random.randrange(2**32) if flags.seed is None else flags.seed
    print(f"seed {seed}")
    logging.disable()  # the app's own lines about what it could not understand
    chosen = [area for area in AREAS if flags.area in {None, area.name}]
    return 1 if sum(_report(area, flags.cases, seed) for area in chosen) else 0


def _report(area: Area, cases: int, seed: int) -> int:
    """Fuzz one area and print its part of the table; gives how many errors were found."""
    ends = Counter[str]()
    began = time.monotonic()
    found: list[Exception] = []
    try:
        fuzz(area, cases, lambda end: ends.update([end]), seed=seed)
    except ExceptionGroup as group:
        found.extend(group.exceptions)
    except Exception as error:  # noqa: BLE001 - whatever it is, it is what was looked for
        found.append(error)
    seconds = time.monotonic() - began
    print(f"\n{area.name:10} {ends.total():>7,} cases  {len(found)} errors  {seconds:,.0f} s")
    for end, number in ends.most_common(_MOST_ENDS):
        print(f"{'':10} {number:>7,} {end}")
    for each in found:
        traceback.print_exception(each)  # with the case that hypothesis has noted
    sys.stdout.flush()
    return len(found)


if __name__ == "__main__":
    sys.exit(main())
