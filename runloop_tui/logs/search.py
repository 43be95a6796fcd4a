"""Search through a log of any size: slice by slice in a thread, resumed as the log grows."""

import asyncio
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

from runloop_tui.logs.background import start_task
from runloop_tui.logs.log_text import LogText

MOST_FOUND = 1_000_000
"""Number of matching lines at which a search stops."""

_SLICE = 4 * 1024 * 1024


@dataclass(frozen=True)
class SearchQuery:
    """A literal text to search for; case is ignored unless the query has an upper-case letter."""

    words: str

    @cached_property
    def folds(self) -> bool:
        """True if case is ignored."""
        return self.words == self.words.lower()

    @cached_property
    def encoded(self) -> bytes:
        """The query as bytes of a log, in UTF-8."""
        return self.words.encode(errors="surrogateescape")

    def fold(self, text: str) -> str:
        """Return the text with its case folded if case is ignored; its length never changes."""
        if not self.folds:
            return text
        folded = text.lower()
        return folded if len(folded) == len(text) else "".join(map(_lower, text))

    def fold_bytes(self, piece: bytes) -> bytes:
        """Return the bytes with their case folded if case is ignored; ASCII letters only."""
        return piece.lower() if self.folds else piece

    def is_in(self, text: str) -> bool:
        """Return True if the text matches."""
        return self.words in self.fold(text)


def _lower(character: str) -> str:
    lower = character.lower()
    return lower if len(lower) == 1 else character


class Search:
    """The lines of a log that match a query, found in a background task.

    Args:
        text: the log.
        search_query: the query; not empty.
        on_change: called on the event loop after each slice with its matches, and when the task ends.
    """

    def __init__(
        self, text: LogText, search_query: SearchQuery, *, on_change: Callable[[], None]
    ) -> None:
        self.search_query = search_query
        self.found: Sequence[int] = array("Q")
        """Numbers of the lines that match so far, from 0, ascending."""
        self.has_failed = False
        """True after an unexpected error."""
        self._text = text
        self._on_change = on_change
        self._at = 0
        self._line = 0
        self._is_stopped = False
        self._is_whole = False
        self._task: asyncio.Task[None] | None = None

    @property
    def is_over(self) -> bool:
        """True once the whole log was searched, and after a stop or a failure."""
        ended_early = self._is_stopped or self.has_failed or self.is_full
        return ended_early or (self._is_whole and self._is_idle)

    @property
    def is_full(self) -> bool:
        """True if the search stopped at MOST_FOUND lines."""
        return len(self.found) >= MOST_FOUND

    @property
    def fraction(self) -> float:
        """The searched share of the log, from 0 to 1."""
        return self._at / max(1, self._text.size)

    def resume(self, *, is_whole: bool) -> None:
        """Search the bytes that were appended since the last call.

        Args:
            is_whole: no more bytes will be appended.
        """
        if not self._is_idle or self.is_over:
            return
        self._is_whole = is_whole
        if self._until() > self._at:
            self._task = start_task(self._run(), "search a log")

    def stop(self) -> None:
        """Stop after the current slice; the matches stay."""
        self._is_stopped = True

    async def close(self) -> None:
        """Stop, and wait until the thread has read its last byte of the log."""
        self.stop()
        if self._task is not None:
            await asyncio.wait([self._task])  # its error, if it has one, was reported

    @property
    def _is_idle(self) -> bool:
        return self._task is None or self._task.done()

    @property
    def _overlap(self) -> int:
        return len(self.search_query.encoded) - 1

    def _until(self) -> int:
        """Return the end of the next slice; a match that begins in it may reach beyond it."""
        known = self._text.size - (0 if self._is_whole else self._overlap)
        return min(self._at + _SLICE, known)

    async def _run(self) -> None:
        try:
            await self._search_slices()
        except Exception:
            self.has_failed = True
            raise
        finally:
            asyncio.get_running_loop().call_soon(self._report_end)  # after this task is done

    async def _search_slices(self) -> None:
        while not self._is_stopped and not self.is_full and (until := self._until()) > self._at:
            lines, breaks = await asyncio.to_thread(self._search, self._at, until, self._line)
            self._at, self._line = until, self._line + breaks
            self._add(lines)
            self._on_change()

    def _add(self, lines: Sequence[int]) -> None:
        found = self.found
        fresh = lines[1:] if lines and found and lines[0] == found[-1] else lines
        found.extend(fresh[: MOST_FOUND - len(found)])  # type: ignore[attr-defined]  # it is an array

    def _report_end(self) -> None:
        if not self._is_stopped:
            self._on_change()

    def _search(self, start: int, until: int, line: int) -> tuple[list[int], int]:
        """Return the lines of the matches that begin in `start` to `until`, and the number of breaks there."""
        length = until - start + self._overlap
        piece = self.search_query.fold_bytes(self._text.bytes_at(start, length))
        search_query, end = self.search_query.encoded, until - start
        lines: list[int] = []
        counted, at = 0, piece.find(search_query)
        while 0 <= at < end and not self._is_stopped:
            line += piece.count(b"\n", counted, at)
            lines.append(line)
            counted = at
            following = piece.find(b"\n", at, end)
            if following < 0:
                break
            at = piece.find(search_query, following)
        return lines, piece.count(b"\n", 0, end)


def line_after(found: Sequence[int], line: int) -> int | None:
    """Return the first matching line after `line`, or None."""
    place = bisect_right(found, line)
    return found[place] if place < len(found) else None


def line_before(found: Sequence[int], line: int) -> int | None:
    """Return the last matching line before `line`, or None."""
    place = bisect_left(found, line)
    return found[place - 1] if place else None
