"""`python -m tests.soak --polls 50000`: polls as fast as the app can, and prints what it holds.

Three days of polling at the usual interval are 50,000 polls; something is opened and left every 100 of them.
"""
# ruff: noqa: T201 - what a command prints

import argparse
import asyncio
import tempfile
import time
from pathlib import Path

from tests.soak.holdings import HEAD
from tests.soak.soaking import Soak


async def main() -> None:
    """Soak, and print a row from time to time."""
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description=__doc__)
    parser.add_argument("--polls", type=int, default=50_000)
    parser.add_argument("--looks", type=int, default=10, help="rows of the table after the first")
    parser.add_argument("--between-visits", type=int, default=100, help="polls between two visits")
    flags = parser.parse_args()
    print(HEAD)
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        soak = Soak(flags.polls, polls_between_visits=flags.between_visits, downloads=Path(folder))
        async for held in soak.run(max(1, flags.polls // flags.looks)):
            print(held.row, flush=True)
    seconds = time.monotonic() - began
    print(f"\n{flags.polls:,} polls in {seconds:,.0f} s, {flags.polls / seconds:,.0f} a second")


if __name__ == "__main__":
    asyncio.run(main())
