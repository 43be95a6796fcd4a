"""A stream of logs scripted by a test."""

import asyncio
import io
import zipfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from runloop_tui.api.calls import LogStream


class Pause:
    """A point at which the stream waits until the test continues it."""

    def __init__(self) -> None:
        self.reached = asyncio.Event()
        self.resumed = asyncio.Event()


class ScriptedStream:
    """Yields its pieces, raises those that are exceptions, and waits at each pause."""

    def __init__(
        self, pieces: Sequence[bytes | Exception | Pause], *, size: int | None = None
    ) -> None:
        self.size = size
        self._pieces = pieces
        self.opened = 0
        self.closed = 0
        self.yielded = 0

    @asynccontextmanager
    async def open(self) -> AsyncIterator["LogStream"]:
        self.opened += 1
        try:
            yield cast("LogStream", self)
        finally:
            self.closed += 1

    async def chunks(self) -> AsyncIterator[bytes]:
        for piece in self._pieces:
            if isinstance(piece, Pause):
                piece.reached.set()
                await piece.resumed.wait()
            elif isinstance(piece, Exception):
                raise piece
            else:
                self.yielded += 1
                yield piece


def a_zip(**entries: str) -> bytes:
    """Return a valid archive with these entries (`_` in a name becomes a dot)."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in entries.items():
            archive.writestr(name.replace("_", "."), text)
    return buffer.getvalue()


def in_pieces(data: bytes, length: int = 50) -> list[bytes]:
    return [data[at : at + length] for at in range(0, len(data), length)]
