"""A server with failures on request: `python -m tests.faults --port 8899`, and then a failure's name in a line.

The beginning of a name will do, and `/2` after it takes the second form of the failure. An empty line makes it well
again. `--failure NAME` begins with a failure, `--list` names them all.
"""

import argparse
import asyncio
import sys

from runloop_tui.clock import system_clock
from runloop_tui.demo.transport import DemoTransport
from runloop_tui.demo.world import World
from tests.faults.row import Row
from tests.faults.rows import ROWS
from tests.faults.server import Server, serving
from tests.faults.table import README, table

_TO_BE_SEEN = [row for row in ROWS if row.answers or row.begin]
"""Failures of a server; the others are the machine's or the user's."""


def _failure(name: str) -> tuple[Row, int] | None:
    """The failure whose name begins so, and which of its forms where `/2` and the like say so."""
    name, _, form = name.partition("/")
    begun = [row for row in _TO_BE_SEEN if row.failure.startswith(name)]
    found = min(begun, key=lambda row: len(row.failure), default=None)
    return (found, int(form or 1) - 1) if found else None


class _Switch:
    """Lets a server fail and recover."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._now: Row | None = None

    async def switch_to(self, name: str) -> str:
        """To the failure with this name, or to none; return the name of the current one."""
        if self._now is not None and self._now.end is not None:
            await self._now.end(self._server)
        self._now, self._server.failure = None, None
        if not name:
            return "well"
        found = _failure(name)
        if found is None:
            return f"no such failure: {name}"
        self._now, form = found
        if self._now.answers:
            self._server.failure = list(self._now.answers.values())[form]
        if self._now.begin is not None:
            await self._now.begin(self._server)
        return self._now.failure


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


async def _serve(port: int, failure: str) -> None:
    async with serving(DemoTransport(World(system_clock)), port) as server:
        switch = _Switch(server)
        _say(f"http://127.0.0.1:{server.port} {await switch.switch_to(failure)}")
        while line := await asyncio.to_thread(sys.stdin.readline):
            _say(await switch.switch_to(line.strip()))


def _main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--failure", default="", metavar="NAME")
    parser.add_argument("--list", action="store_true", help="name all failures")
    parser.add_argument("--table", action="store_true", help="write README.md")
    flags = parser.parse_args()
    if flags.table:
        README.write_text(table(), encoding="utf-8")
    elif flags.list:
        for row in _TO_BE_SEEN:
            _say(row.failure)
    else:
        asyncio.run(_serve(flags.port, flags.failure))


if __name__ == "__main__":
    try:
        _main()
    except KeyboardInterrupt:
        sys.exit(0)
