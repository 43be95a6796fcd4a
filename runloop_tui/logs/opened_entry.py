"""An archive entry opened for reading: unpacked into a private file, readable from its first piece on."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO, Literal

from runloop_tui.logs.archive import ArchiveError
from runloop_tui.logs.background import start_task
from runloop_tui.logs.entries import Entry, Unpacker
from runloop_tui.logs.limits import Limits
from runloop_tui.logs.log_text import LogText

Phase = Literal["reading", "whole", "stopped"]

_FIRST_PIECE = 256 * 1024  # more than one screen of lines, unpacked within a few ms
_PIECE = 4 * 1024 * 1024


class OpenedEntry:
    """One entry, unpacked piece by piece in a thread while its first lines are already shown.

    Args:
        archive: the path of the zip archive.
        entry: the entry to open, from `read_entries`.
        on_change: called on the event loop after each piece, and when the phase changes.
        limits: where unpacking stops.
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
        """None before the first piece, and after `close`."""
        self.phase: Phase = "reading"
        self.error: ArchiveError | OSError | None = None
        """Why unpacking stopped; `text` has what was unpacked before. None after an unexpected error."""
        self._archive = archive
        self._limits = limits
        self._on_change = on_change
        self._is_closing = False
        self._task: asyncio.Task[None] | None = None

    @property
    def fraction(self) -> float:
        """The unpacked share of the size in the archive's directory, from 0 to 1."""
        size = self.text.size if self.text is not None else 0
        return min(1.0, size / max(1, self.entry.unpacked_bytes))

    def start(self) -> None:
        """Start unpacking on the running event loop; `close` must be awaited afterwards."""
        self._task = start_task(self._read(), "unpack a log")

    async def close(self) -> None:
        """Stop after the current piece, and remove the private file."""
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
            if self.phase == "reading":  # an unexpected error propagates; the phase changes before
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
            self._report()

    def _end(self, phase: Phase) -> None:
        self.phase = phase
        self._report()

    def _report(self) -> None:
        if not self._is_closing:
            self._on_change()
