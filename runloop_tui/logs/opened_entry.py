"""An entry opened to be read: its first lines are there at once, the rest arrives behind them."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO, Literal

from runloop_tui.logs.archive import ArchiveError
from runloop_tui.logs.entries import Entry
from runloop_tui.logs.limits import Limits
from runloop_tui.logs.log_text import LogText
from runloop_tui.logs.reported_tasks import start_task
from runloop_tui.logs.unpacking import Unpacker

Phase = Literal["reading", "whole", "stopped"]

_FIRST_PIECE = 256 * 1024  # more than any screen shows, and there in a few ms
_PIECE = 4 * 1024 * 1024


class OpenedEntry:
    """Unpacks one entry into a private file, in a thread and in pieces, while it is read already.

    Args:
        archive: the zip.
        entry: what to open, as `read_entries` listed it.
        on_change: told on the event loop when there is more to read, and when it is over.
        limits: where to stop unpacking.
    """

    def __init__(
        self,
        archive: Path,
        entry: Entry,
        *,
        on_change: Callable[[], None],
        limits: Limits = Limits(),  # noqa: B008 - it is frozen
    ) -> None:
        self.entry = entry
        self.text: LogText | None = None
        """None until the first piece is there, and after `close`."""
        self.phase: Phase = "reading"
        self.error: ArchiveError | OSError | None = None
        """Why it stopped; what was read before is in `text`. None after an error that nobody expected."""
        self._archive = archive
        self._limits = limits
        self._on_change = on_change
        self._is_closing = False
        self._task: asyncio.Task[None] | None = None

    @property
    def fraction(self) -> float:
        """How much of the size that the archive claims is there, from 0 to 1."""
        size = self.text.size if self.text is not None else 0
        return min(1.0, size / max(1, self.entry.unpacked_bytes))

    def start(self) -> None:
        """Begin; needs a running event loop, and to be closed when it is over."""
        self._task = start_task(self._read(), "unpack a log")

    async def close(self) -> None:
        """Stop after the piece that is being unpacked, and leave nothing on the disk."""
        self._is_closing = True
        if self._task is not None:
            await asyncio.wait([self._task])  # its error, if it has one, was reported
        if self.text is not None:
            self.text.close()
            self.text = None

    async def _read(self) -> None:
        try:
            with self._archive.open("rb") as archive:
                await self._unpack(archive)
        except (ArchiveError, OSError) as error:
            self.error = error
            self._end("stopped")
        else:
            self._end("stopped" if self._is_closing else "whole")
        finally:
            if (
                self.phase == "reading"
            ):  # a defect of ours goes up; the reading is over all the same
                self._end("stopped")

    async def _unpack(self, archive: BinaryIO) -> None:
        unpacker = await asyncio.to_thread(Unpacker, archive, self.entry, self._limits)
        text = LogText(self._archive.parent)
        self.text = text

        def write_next(most: int) -> bytes:
            piece = unpacker.next_piece(most)
            text.write(piece)
            return piece

        most = _FIRST_PIECE
        while not self._is_closing and (piece := await asyncio.to_thread(write_next, most)):
            text.note(piece)
            most = _PIECE
            self._tell()

    def _end(self, phase: Phase) -> None:
        self.phase = phase
        self._tell()

    def _tell(self) -> None:
        if not self._is_closing:
            self._on_change()
