"""The program with each iteration of its event loop timed: `python timed.py FILE ARGUMENTS…`.

The file gets a line for each iteration longer than a few milliseconds: the moment of its end, how long it took, and
how much of that was the thread's own work, all in seconds. What is longer than its own work was waited for: another
thread, the terminal, or a busy machine.
"""

import asyncio
import sys
import time
from pathlib import Path

_SHORTEST_S = 0.004


def _time_iterations(path: Path) -> None:
    file = path.open("w", buffering=1, encoding="ascii")
    run = asyncio.Handle._run

    def timed(self: asyncio.Handle) -> None:
        began, worked = time.monotonic(), time.thread_time()
        run(self)
        ended = time.monotonic()
        if ended - began > _SHORTEST_S:
            file.write(f"{ended} {ended - began} {time.thread_time() - worked}\n")

    asyncio.Handle._run = timed  # type: ignore[method-assign]


if __name__ == "__main__":
    _time_iterations(Path(sys.argv[1]))
    from runloop_tui.__main__ import main

    sys.exit(main(sys.argv[2:]))
