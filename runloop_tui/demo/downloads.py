"""Downloads: log archives sent slowly enough that their progress can be seen."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass

import httpx

from runloop_tui.demo.archives import archive_pieces, archive_size
from runloop_tui.demo.logs import LogFile
from runloop_tui.demo.trickle import Trickle

Sleep = Callable[[float], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class Downloads:
    """Sends archives.

    Attributes:
        lasts_s: How long each takes, in s.
        sleep: Waits for some s.
    """

    lasts_s: float = 1.5
    sleep: Sleep = asyncio.sleep

    def answer(self, name: str, files: Callable[[], Iterator[LogFile]]) -> httpx.Response:
        """Answer with the archive of files, which are made while they are sent."""
        size = archive_size(files())
        return httpx.Response(
            200,
            headers={
                "Content-Type": "application/zip",
                "Content-Disposition": f'attachment; filename="{name}"',
                "Content-Length": str(size),
            },
            stream=Trickle(archive_pieces(files()), size, self.lasts_s, self.sleep),
        )
