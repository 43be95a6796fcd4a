"""The lines of one log in a private file that may still grow; only requested lines are read.

The index notes the start of about one line in every 64 KiB, so that its size stays small for a file
of any size; the other starts are found by reading the block in between.
"""

import os
import tempfile
from array import array
from bisect import bisect_right
from collections import OrderedDict
from pathlib import Path
from typing import IO, NamedTuple

STRIDE = 64 * 1024
"""The index notes the first line that begins this many bytes or more after the last noted line."""
MOST_OF_A_LINE = 32 * 1024
"""Bytes of one line that are read to be shown."""

_BLOCKS_KEPT = 8
_SNIFFED = 8 * 1024
_CONTROLS = bytes(code for code in range(32) if code not in b"\t\n\v\f\r\b\x1b")
_MOST_CONTROLS = 0.05


class Block(NamedTuple):
    """The part of a file from one noted line to the next."""

    first_line: int
    """Number of its first line, from 0."""
    start: int
    """Offset of its first line."""
    end: int
    """Offset of the next noted line, or the size of the file so far."""


class LineIndex:
    """Counts lines as bytes are appended. A line ends with a line feed; the last may have none yet."""

    def __init__(self) -> None:
        self.size = 0
        """Bytes so far."""
        self._breaks = 0
        self._last_start = 0
        self._starts = array("Q", [0])
        self._numbers = array("Q", [0])

    @property
    def lines(self) -> int:
        """Number of lines that have begun; the last may still grow."""
        return self._breaks + (self.size > self._last_start)

    def extend(self, piece: bytes) -> None:
        """Add the next bytes."""
        at = 0
        while True:
            due = self._starts[-1] + STRIDE - self.size
            found = piece.find(b"\n", max(at, due - 1))
            if found < 0:
                break
            self._breaks += piece.count(b"\n", at, found + 1)
            at = found + 1
            self._starts.append(self.size + at)
            self._numbers.append(self._breaks)
        self._breaks += piece.count(b"\n", at)
        if (last := piece.rfind(b"\n")) >= 0:
            self._last_start = self.size + last + 1
        self.size += len(piece)

    def block_of(self, line: int) -> Block:
        """Return the block in which a line begins, at most STRIDE bytes after the block's start."""
        place = bisect_right(self._numbers, line) - 1
        is_last = place + 1 == len(self._starts)
        end = self.size if is_last else self._starts[place + 1]
        return Block(self._numbers[place], self._starts[place], end)


class RawLine(NamedTuple):
    """A line as it was logged: hostile bytes."""

    head: bytes
    """Its first MOST_OF_A_LINE bytes, without the line feed."""
    size: int
    """Its full length in bytes, without the line feed."""


class LogText:
    """A private file that bytes are appended to, read by line number.

    `write` may be called in a thread: it touches only the file. Everything else belongs to the
    event loop, so that a line is either counted whole or not at all.

    Args:
        folder: the folder of the private file, which has no name there or loses it at once.

    Raises:
        OSError: the file cannot be created.
    """

    def __init__(self, folder: Path) -> None:
        # Beside the archive and not in /tmp, which is often in memory.
        self._file: IO[bytes] = tempfile.TemporaryFile(dir=folder, buffering=0)  # noqa: SIM115 - closed by close
        self._index = LineIndex()
        self._starts: OrderedDict[Block, list[int]] = OrderedDict()
        self.is_binary = False
        """True if the first bytes are not text; the log is shown all the same, with a mark."""

    def write(self, piece: bytes) -> None:
        """Append bytes to the file; they count after `note`.

        Raises:
            OSError: the disk is full, for example.
        """
        left = memoryview(piece)
        while left:
            left = left[self._file.write(left) :]

    def note(self, piece: bytes) -> None:
        """Count the lines of bytes that were written."""
        if not self._index.size:
            self.is_binary = _looks_binary(piece[:_SNIFFED])
        self._index.extend(piece)

    def close(self) -> None:
        """Close the file, which frees its disk space."""
        self._file.close()

    @property
    def size(self) -> int:
        """Bytes so far."""
        return self._index.size

    @property
    def lines(self) -> int:
        """Number of lines so far; the last may be incomplete while the file grows."""
        return self._index.lines

    def line(self, number: int) -> RawLine:
        """Return a line by its number, from 0; an empty one beyond the last."""
        if not 0 <= number < self.lines:
            return RawLine(b"", 0)
        block = self._index.block_of(number)
        starts = self._starts_in(block)
        place = number - block.first_line
        start = starts[place]
        is_last_here = place + 1 == len(starts)
        end = block.end if is_last_here else starts[place + 1]
        head = self.bytes_at(start, min(end - start, MOST_OF_A_LINE))
        size = end - start
        if end < self.size or self._ends_with_break():
            size -= 1
        return RawLine(head[:size], size)

    def bytes_at(self, start: int, most: int) -> bytes:
        """Return up to `most` bytes from an offset, none on an OSError; may be called in a thread."""
        try:
            return os.pread(self._file.fileno(), most, start)
        except OSError:
            return b""

    def _starts_in(self, block: Block) -> list[int]:
        """Return the offsets of the lines of a block; those of the last few blocks are cached."""
        if (known := self._starts.get(block)) is not None:
            self._starts.move_to_end(block)
            return known
        content = self.bytes_at(block.start, min(STRIDE, block.end - block.start))
        starts, at = [block.start], content.find(b"\n")
        while at >= 0:
            starts.append(block.start + at + 1)
            at = content.find(b"\n", at + 1)
        if starts[-1] >= block.end:  # this line belongs to the next block, or does not exist
            starts.pop()
        self._starts[block] = starts
        if len(self._starts) > _BLOCKS_KEPT:
            self._starts.popitem(last=False)
        return starts

    def _ends_with_break(self) -> bool:
        return self.bytes_at(self.size - 1, 1) == b"\n"


def _looks_binary(head: bytes) -> bool:
    """Return True for bytes with a NUL, or with more than 5 % control characters that text does not use."""
    if b"\0" in head:
        return True
    controls = len(head) - len(head.translate(None, _CONTROLS))
    return controls > len(head) * _MOST_CONTROLS
