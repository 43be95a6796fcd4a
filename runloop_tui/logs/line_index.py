"""Where the lines of a growing file begin: known for one in every 64 KiB, so that it stays small for any file."""

from array import array
from bisect import bisect_right
from typing import NamedTuple

STRIDE = 64 * 1024
"""The first line that begins this many bytes or more behind a noted one is noted, too."""


class Stretch(NamedTuple):
    """The part of a file between two noted beginnings of lines."""

    first_line: int
    """The number of the line that begins there, from 0."""
    start: int
    end: int
    """Where the next noted line begins, or where the file ends so far."""


class LineIndex:
    """Counts lines as their bytes arrive. Each ends with a line feed; the last one may be without."""

    def __init__(self) -> None:
        self.size = 0
        """Bytes seen so far."""
        self._breaks = 0
        self._last_start = 0
        self._starts = array("Q", [0])
        self._numbers = array("Q", [0])

    @property
    def lines(self) -> int:
        """How many lines have begun; the last may still be growing."""
        return self._breaks + (self.size > self._last_start)

    def extend(self, piece: bytes) -> None:
        """Take in the next bytes."""
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

    def stretch_of(self, line: int) -> Stretch:
        """The stretch in which a line begins: at most STRIDE bytes behind its start."""
        place = bisect_right(self._numbers, line) - 1
        is_last = place + 1 == len(self._starts)
        end = self.size if is_last else self._starts[place + 1]
        return Stretch(self._numbers[place], self._starts[place], end)
