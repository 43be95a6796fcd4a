"""The log of a devbox that is at work, read again and again while its screen is open.

The API has no cursor: each answer holds the whole log, or possibly only the end of it. Two lines may be equal in every
field and both be meant. So answers are joined as sequences, where they overlap, never as sets.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import TYPE_CHECKING, NamedTuple

from runloop_tui.api.errors import RunloopError

if TYPE_CHECKING:
    from runloop_tui.api.models import DevboxLog
    from runloop_tui.api.paging import Page
    from runloop_tui.monitor.back_off import PollInterval


_SHORTEST_REST_S = 2.0
_SHARE_OF_INTERVAL = 0.4
_AT_ONCE = 2_000


class DevboxLine(NamedTuple):
    """One entry of a devbox's log, its texts as they came; a tuple, for tens of thousands are compared at each poll."""

    timestamp_ms: int | None
    source: str
    level: str
    message: str
    cmd: str
    cmd_id: str
    shell_name: str
    exit_code: int | None


def devbox_line(log: "DevboxLog") -> DevboxLine:
    """Take an entry over from the API."""
    return DevboxLine(
        log.timestamp_ms,
        log.source,
        log.level,
        log.message,
        log.cmd,
        log.cmd_id,
        log.shell_name,
        log.exit_code,
    )


@dataclass(frozen=True, slots=True)
class Joined:
    """What is known after an answer."""

    lines: list[DevboxLine]
    kept: int
    """So many lines at the beginning are those that were known before."""
    has_gap: bool = False
    """Nothing of the answer was known before: lines may be missing between the two, at `kept`."""


def join(known: list[DevboxLine], fresh: list[DevboxLine]) -> Joined:
    """Join a fresh answer to what is known: by their longest overlap.

    An answer that holds nothing new, a late one say, takes nothing away. Where the two overlap but differ, because a
    line came late or was completed, the answer holds from where it begins.
    """
    if fresh[: len(known)] == known:
        return Joined(known + fresh[len(known) :], len(known))
    overlap = _overlap(known, fresh)
    if overlap:
        return Joined(known + fresh[overlap:], len(known))
    if not fresh:
        return Joined(known, len(known))
    start = _start_in(known, fresh)
    if start is not None:
        kept = start + _common(known[start:], fresh)
        return Joined(known[:start] + fresh, kept)
    if _is_later(fresh[0], known[-1]):
        return Joined(known + fresh, len(known), has_gap=True)
    return Joined(fresh, 0)


def _overlap(known: Sequence[DevboxLine], fresh: Sequence[DevboxLine]) -> int:
    """How many lines the end of `known` shares with the beginning of `fresh`; all of `fresh` where `known` holds it.

    By the method of Knuth, Morris and Pratt, in linear time: identical lines are common.
    """
    falls = [0] * len(fresh)  # how much of the beginning still fits where the next line does not
    length = 0
    for place in range(1, len(fresh)):
        while length and fresh[place] != fresh[length]:
            length = falls[length - 1]
        length += fresh[place] == fresh[length]
        falls[place] = length
    length = 0
    for line in known:
        while length and line != fresh[length]:
            length = falls[length - 1]
        length += bool(fresh) and line == fresh[length]
        if length == len(fresh):
            break
    return length


def _start_in(known: list[DevboxLine], fresh: list[DevboxLine]) -> int | None:
    """Where in `known` the answer begins, told by its first line: where most lines after it agree, too."""
    starts = [place for place, line in enumerate(known) if line == fresh[0]]
    if len(starts) < 2:
        return starts[0] if starts else None
    return max(starts, key=lambda start: _common(known[start : start + _LOOKED_AT], fresh))


_LOOKED_AT = 100


def _common(one: Sequence[DevboxLine], other: Sequence[DevboxLine]) -> int:
    pairs = zip(one, other, strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


def _is_later(line: DevboxLine, than: DevboxLine) -> bool:
    if line.timestamp_ms is None or than.timestamp_ms is None:
        return False
    return line.timestamp_ms > than.timestamp_ms


def rest_between_looks_s(interval_s: float) -> float:
    """Seconds between two looks at a log that is read: 2 at the default interval, longer for who asks for little."""
    return max(_SHORTEST_REST_S, interval_s * _SHARE_OF_INTERVAL)


class DevboxLogFetcher:
    """Reads one devbox's log and joins the answers. One page holds all (GET /v1/devboxes/{id}/logs).

    The poller looks when a look is due, for as long as the log is followed.

    Args:
        devbox_id: whose log.
        read: asks for it once, as `Client.get_devbox_logs` does.
        pacing: how long to rest between two looks.
        now: the moment in Unix ms on the server's clock.
        jitter: returns a number from 0 to 1.
        refresh: has the poller look now.
    """

    def __init__(
        self,
        devbox_id: str,
        read: "Callable[[str], Awaitable[Page[DevboxLog]]]",
        pacing: "PollInterval",
        *,
        now: Callable[[], int],
        jitter: Callable[[], float],
        refresh: Callable[[], None] = lambda: None,
    ) -> None:
        self.devbox_id = devbox_id
        self.now = now
        """Now on the server's clock, on which the lines' moments stand."""
        self.lines: list[DevboxLine] = []
        """All that is known, in order; replaced by another list where lines have come."""
        self.kept = 0
        """So many lines at the beginning are the same as before the last look."""
        self.gaps: tuple[int, ...] = ()
        """Lines may be missing before the lines at these places."""
        self.complaints: tuple[str, ...] = ()
        """What of the last answer could not be understood; raw text."""
        self.trouble: RunloopError | None = None
        """Why the last look failed; None where it did not."""
        self.is_loaded = False
        """The log was read at least once."""
        self._read = read
        self._refresh = refresh
        self._pacing = pacing
        self._jitter = jitter
        self.is_over = False
        """A look after `finish` has succeeded: there are no more."""
        self._failures = 0
        self._is_last = False
        self._due_ms = 0
        self._subscribers: list[Callable[[], None]] = []

    @property
    def last_ms(self) -> int | None:
        """The moment of the last line that says one; None where none does."""
        moments = (line.timestamp_ms for line in reversed(self.lines))
        return next((moment for moment in moments if moment is not None), None)

    def subscribe(self, on_look: Callable[[], None]) -> None:
        """Call `on_look` after each look."""
        self._subscribers.append(on_look)

    def due_in_s(self) -> float | None:
        """Return the seconds until the next look, not below 0; None where there is to be none."""
        return None if self.is_over else max(0.0, (self._due_ms - self.now()) / 1000)

    async def look(self) -> None:
        """Read the log once, join the answer, and let the next look be due. Raises no RunloopError."""
        is_last = self._is_last
        try:
            page = await self._read(self.devbox_id)
        except RunloopError as error:
            self.fail(error)
            return
        self.trouble, self._failures, self.is_loaded = None, 0, True
        self.complaints = page.complaints
        self._take(await _lines_of(page.items))
        self.is_over = self.is_over or is_last
        self._end_look()

    def fail(self, error: RunloopError) -> None:
        """Take in why a look failed, and put the next one off."""
        self.trouble = error
        self._failures += 1
        self._end_look()

    def _end_look(self) -> None:
        rest_s = self._pacing.rest_s(self._failures, self.trouble, self._jitter())
        self._due_ms = self.now() + int(rest_s * 1000)
        for on_look in self._subscribers:
            on_look()

    def retry_now(self) -> None:
        """Let the next look be due at once."""
        self._due_ms = 0

    def refresh(self) -> None:
        """Look now; a request that was not answered for a second is given up."""
        self.retry_now()
        self._refresh()

    def close(self) -> None:
        """Look no more."""
        self.is_over = True

    def finish(self) -> None:
        """The devbox's work is over: look once more, then no more."""
        self._is_last = True
        self._refresh()

    def _take(self, fresh: list[DevboxLine]) -> None:
        joined = join(self.lines, fresh)
        gaps = tuple(gap for gap in self.gaps if gap < joined.kept)
        self.gaps = (*gaps, joined.kept) if joined.has_gap else gaps
        self.kept = joined.kept
        if len(joined.lines) != len(self.lines) or joined.kept < len(self.lines):
            self.lines = joined.lines


async def _lines_of(logs: "Sequence[DevboxLog]") -> list[DevboxLine]:
    """Take entries over, letting others run in between: there may be tens of thousands."""
    lines: list[DevboxLine] = []
    for at in range(0, len(logs), _AT_ONCE):
        lines += map(devbox_line, logs[at : at + _AT_ONCE])
        await asyncio.sleep(0)
    return lines
