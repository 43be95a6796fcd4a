"""The lines of one log in a private file that may still be growing; only those asked for are read."""

import os
import tempfile
from collections import OrderedDict
from pathlib import Path
from typing import IO, NamedTuple

from runloop_tui.logs.line_index import STRIDE, LineIndex, Stretch

MOST_OF_A_LINE = 32 * 1024
"""Bytes of one line that are read to be shown."""

_STRETCHES_KEPT = 8
_SNIFFED = 8 * 1024
_CONTROLS = bytes(code for code in range(32) if code not in b"\t\n\v\f\r\b\x1b")
_MOST_CONTROLS = 0.05


class RawLine(NamedTuple):
    """A line as it was logged: hostile bytes."""

    head: bytes
    """Its beginning, without the line break."""
    size: int
    """The bytes of the whole line."""


class LogText:
    """Bytes that are appended, and the lines in them.

    `write` may be called in a thread, for it touches nothing but the file; all else belongs to the
    event loop, so that a line is either there whole or not at all.

    Args:
        folder: where the private file is; it has no name there, or loses it at once.

    Raises:
        OSError: the file cannot be made.
    """

    def __init__(self, folder: Path) -> None:
        # Beside the archive and not in /tmp, which is often memory.
        self._file: IO[bytes] = tempfile.TemporaryFile(dir=folder, buffering=0)  # noqa: SIM115 - closed by close
        self._index = LineIndex()
        self._starts: OrderedDict[Stretch, list[int]] = OrderedDict()
        self.is_binary = False
        """What comes first is not text: it is shown all the same, with marks."""

    def write(self, piece: bytes) -> None:
        """Write bytes to the end of the file; they count once they are given to `note`.

        Raises:
            OSError: the disk is full, say.
        """
        left = memoryview(piece)
        while left:
            left = left[self._file.write(left) :]

    def note(self, piece: bytes) -> None:
        """Count the lines of what was written."""
        if not self._index.size:
            self.is_binary = _looks_binary(piece[:_SNIFFED])
        self._index.extend(piece)

    def close(self) -> None:
        """Give the disk its room back."""
        self._file.close()

    @property
    def size(self) -> int:
        """Bytes so far."""
        return self._index.size

    @property
    def lines(self) -> int:
        """Lines so far; while it grows the last one may be a part."""
        return self._index.lines

    def line(self, number: int) -> RawLine:
        """Read a line by its number, from 0; one that is not there is empty."""
        if not 0 <= number < self.lines:
            return RawLine(b"", 0)
        stretch = self._index.stretch_of(number)
        starts = self._starts_in(stretch)
        place = number - stretch.first_line
        start = starts[place]
        is_last_here = place + 1 == len(starts)
        end = stretch.end if is_last_here else starts[place + 1]
        head = self.bytes_at(start, min(end - start, MOST_OF_A_LINE))
        size = end - start
        if end < self.size or self._ends_with_break():
            size -= 1
        return RawLine(head[:size], size)

    def bytes_at(self, start: int, most: int) -> bytes:
        """Read bytes from anywhere; may be called in a thread. A disk that fails gives none."""
        try:
            return os.pread(self._file.fileno(), most, start)
        except OSError:
            return b""

    def _starts_in(self, stretch: Stretch) -> list[int]:
        """Where the lines of a stretch begin, kept for the last few that were asked for."""
        if (known := self._starts.get(stretch)) is not None:
            self._starts.move_to_end(stretch)
            return known
        block = self.bytes_at(stretch.start, min(STRIDE, stretch.end - stretch.start))
        starts, at = [stretch.start], block.find(b"\n")
        while at >= 0:
            starts.append(stretch.start + at + 1)
            at = block.find(b"\n", at + 1)
        if starts[-1] >= stretch.end:  # that line belongs to the next stretch, or does not exist
            starts.pop()
        self._starts[stretch] = starts
        if len(self._starts) > _STRETCHES_KEPT:
            self._starts.popitem(last=False)
        return starts

    def _ends_with_break(self) -> bool:
        return self.bytes_at(self.size - 1, 1) == b"\n"


def _looks_binary(head: bytes) -> bool:
    """Text has no NUL, and hardly a control character but those of lines and colours."""
    if b"\0" in head:
        return True
    controls = len(head) - len(head.translate(None, _CONTROLS))
    return controls > len(head) * _MOST_CONTROLS
