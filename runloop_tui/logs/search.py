"""A search through a log of any size: slice by slice in a thread, going on as the log grows."""

import asyncio
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence

from runloop_tui.logs.log_text import LogText
from runloop_tui.logs.needle import Needle
from runloop_tui.logs.reported_tasks import start_task

MOST_FOUND = 1_000_000
"""Lines that are remembered; a search that has found so many stops."""

_SLICE = 4 * 1024 * 1024


class Search:
    """Finds the lines that have a needle in them.

    Args:
        text: what is searched.
        needle: what is searched for; not empty.
        on_change: told on the event loop when more was found, and when it is over for now.
    """

    def __init__(self, text: LogText, needle: Needle, *, on_change: Callable[[], None]) -> None:
        self.needle = needle
        self.found: Sequence[int] = array("Q")
        """Numbers of the lines that match so far, from 0, ascending."""
        self._text = text
        self._on_change = on_change
        self._at = 0
        self._line = 0
        self.has_failed = False
        """An error that nobody expected has ended it."""
        self._is_stopped = False
        self._is_whole = False
        self._task: asyncio.Task[None] | None = None

    @property
    def is_over(self) -> bool:
        """All that there will be was looked at, or it was stopped, or has failed."""
        ended_early = self._is_stopped or self.has_failed or self.is_full
        return ended_early or (self._is_whole and self._is_idle)

    @property
    def is_full(self) -> bool:
        """It stopped because it has found too many lines."""
        return len(self.found) >= MOST_FOUND

    @property
    def fraction(self) -> float:
        """How much was looked at, from 0 to 1."""
        return self._at / max(1, self._text.size)

    def resume(self, *, is_whole: bool) -> None:
        """Look at what has come since, or at all of it the first time; nothing more comes if `is_whole`."""
        if not self._is_idle or self.is_over:
            return
        self._is_whole = is_whole
        if self._until() > self._at:
            self._task = start_task(self._run(), "search a log")

    def stop(self) -> None:
        """Let it end after the slice that is being looked at; what was found stays."""
        self._is_stopped = True

    async def close(self) -> None:
        """Stop it, and wait until nobody reads the log any more."""
        self.stop()
        if self._task is not None:
            await asyncio.wait([self._task])  # its error, if it has one, was reported

    @property
    def _is_idle(self) -> bool:
        return self._task is None or self._task.done()

    @property
    def _overlap(self) -> int:
        return len(self.needle.encoded) - 1

    def _until(self) -> int:
        """Where the next slice ends; a match that begins in it may reach into bytes that are still to come."""
        known = self._text.size - (0 if self._is_whole else self._overlap)
        return min(self._at + _SLICE, known)

    async def _run(self) -> None:
        try:
            await self._look_on()
        except Exception:
            self.has_failed = True
            raise
        finally:
            asyncio.get_running_loop().call_soon(self._tell_over)  # when this task is done

    async def _look_on(self) -> None:
        while not self._is_stopped and not self.is_full and (until := self._until()) > self._at:
            lines, breaks = await asyncio.to_thread(self._look_at, self._at, until, self._line)
            self._at, self._line = until, self._line + breaks
            self._take(lines)
            self._on_change()

    def _take(self, lines: Sequence[int]) -> None:
        found = self.found
        fresh = lines[1:] if lines and found and lines[0] == found[-1] else lines
        found.extend(fresh[: MOST_FOUND - len(found)])  # type: ignore[attr-defined]  # it is an array

    def _tell_over(self) -> None:
        if not self._is_stopped:
            self._on_change()

    def _look_at(self, start: int, until: int, line: int) -> tuple[list[int], int]:
        """The lines of the matches that begin from `start` to before `until`, and the breaks there."""
        length = until - start + self._overlap
        piece = self.needle.fold_bytes(self._text.bytes_at(start, length))
        needle, end = self.needle.encoded, until - start
        lines: list[int] = []
        counted, at = 0, piece.find(needle)
        while 0 <= at < end and not self._is_stopped:
            line += piece.count(b"\n", counted, at)
            lines.append(line)
            counted = at
            following = piece.find(b"\n", at, end)
            if following < 0:
                break
            at = piece.find(needle, following)
        return lines, piece.count(b"\n", 0, end)


def line_after(found: Sequence[int], line: int) -> int | None:
    """The first of the lines found that stands behind a line; None where there is none."""
    place = bisect_right(found, line)
    return found[place] if place < len(found) else None


def line_before(found: Sequence[int], line: int) -> int | None:
    """The last of the lines found that stands before a line; None where there is none."""
    place = bisect_left(found, line)
    return found[place - 1] if place else None
