"""Fetch the log of a running devbox, again and again while its screen is open, and join the answers.

The API has no cursor: each answer holds the whole log, or possibly only the end of it. Two lines may be equal in every
field and still be two. So answers are joined as sequences, where they overlap, never as sets.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import TYPE_CHECKING, NamedTuple

from runloop_tui.api.errors import RunloopError

if TYPE_CHECKING:
    from runloop_tui.api.models import DevboxLog
    from runloop_tui.api.pagination import Page
    from runloop_tui.monitor.back_off import PollInterval


_SHORTEST_REST_S = 2.0
_SHARE_OF_INTERVAL = 0.4
_AT_ONCE = 2_000


class DevboxLine(NamedTuple):
    """One entry of a devbox's log, raw; a tuple, because tens of thousands are compared at each read."""

    timestamp_ms: int | None
    source: str
    level: str
    message: str
    cmd: str
    cmd_id: str
    shell_name: str
    exit_code: int | None


def devbox_line(log: "DevboxLog") -> DevboxLine:
    """Convert an entry of the API."""
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
    """The lines that are known after an answer."""

    lines: list[DevboxLine]
    kept: int
    """How many lines at the beginning are those that were known before."""
    has_gap: bool = False
    """Nothing of the answer was known before: lines may be missing between the two, at `kept`."""


def join(known: list[DevboxLine], fresh: list[DevboxLine]) -> Joined:
    """Join a fresh answer to the known lines by their longest overlap.

    An answer without anything new, a late one say, removes nothing. Where the two overlap but differ, because a
    line came late or was completed, the answer replaces what is known from its first line on.
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
    """Return how many lines the end of `known` shares with the beginning of `fresh`; all where it holds `fresh`.

    Knuth–Morris–Pratt, in linear time: identical lines are common.
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
    """Return where in `known` the answer begins, by its first line; of several places, where most lines agree."""
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
    """Return the seconds between two reads of a log: 2 at the default interval, 0.4 of a longer one."""
    return max(_SHORTEST_REST_S, interval_s * _SHARE_OF_INTERVAL)


class DevboxLogFetcher:
    """Reads one devbox's log and joins the answers. One page holds all (GET /v1/devboxes/{id}/logs).

    The poller calls `look` whenever it is due, for as long as the log is followed.

    Args:
        devbox_id: whose log.
        read: requests it once, as `Client.get_devbox_logs` does.
        interval: how long to rest between two reads.
        now: the moment in Unix ms on the server's clock.
        jitter: returns a number from 0 to 1.
        refresh: makes the poller read now.
    """

    def __init__(
        self,
        devbox_id: str,
        read: "Callable[[str], Awaitable[Page[DevboxLog]]]",
        interval: "PollInterval",
        *,
        now: Callable[[], int],
        jitter: Callable[[], float],
        refresh: Callable[[], None] = lambda: None,
    ) -> None:
        self.devbox_id = devbox_id
        self.now = now
        """Now on the server's clock, as the lines' timestamps are."""
        self.lines: list[DevboxLine] = []
        """All known lines, in order; replaced by another list when lines are added."""
        self.kept = 0
        """How many lines at the beginning are the same as before the last read."""
        self.gaps: tuple[int, ...] = ()
        """Lines may be missing before the lines at these places."""
        self.warnings: tuple[str, ...] = ()
        """What of the last answer could not be parsed; raw text."""
        self.failure: RunloopError | None = None
        """Why the last read failed; None where it did not."""
        self.is_loaded = False
        """The log was read at least once."""
        self.read_ms = 0
        """When the last request that succeeded was sent, in Unix ms on the server's clock."""
        self._read = read
        self._refresh = refresh
        self._interval = interval
        self._jitter = jitter
        self.is_over = False
        """A read after `finish` has succeeded, or the log was closed: it is not read again."""
        self._failures = 0
        self._is_last = False
        self._due_ms = 0
        self._subscribers: list[Callable[[], None]] = []

    @property
    def last_ms(self) -> int | None:
        """The timestamp of the last line that has one; None where none has."""
        moments = (line.timestamp_ms for line in reversed(self.lines))
        return next((moment for moment in moments if moment is not None), None)

    def subscribe(self, on_look: Callable[[], None]) -> None:
        """Call `on_look` after each read."""
        self._subscribers.append(on_look)

    def due_in_s(self) -> float | None:
        """Return the seconds until the next read is due, not below 0; None where there is none."""
        return None if self.is_over else max(0.0, (self._due_ms - self.now()) / 1000)

    async def look(self) -> None:
        """Read the log once, join the answer, and set when the next read is due. Raises no RunloopError."""
        is_last, sent_ms = self._is_last, self.now()
        try:
            page = await self._read(self.devbox_id)
        except RunloopError as error:
            self.fail(error)
            return
        self.failure, self._failures, self.is_loaded, self.read_ms = None, 0, True, sent_ms
        self.warnings = page.warnings
        self._take(await _lines_of(page.items))
        self.is_over = self.is_over or is_last
        self._end_look()

    def fail(self, error: RunloopError) -> None:
        """Take in why a read failed, and back the next one off."""
        self.failure = error
        self._failures += 1
        self._end_look()

    def _end_look(self) -> None:
        rest_s = self._interval.rest_s(self._failures, self.failure, self._jitter())
        self._due_ms = self.now() + int(rest_s * 1000)
        for on_look in self._subscribers:
            on_look()

    def retry_now(self) -> None:
        """Make the next read due at once."""
        self._due_ms = 0

    def refresh(self) -> None:
        """Read now; a request that has been unanswered for 1 s is canceled."""
        self.retry_now()
        self._refresh()

    def close(self) -> None:
        """Stop reading."""
        self.is_over = True

    def finish(self) -> None:
        """Read once more, then stop: the devbox's work is terminal."""
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
    """Convert entries, yielding to the event loop after every 2,000: there may be tens of thousands."""
    lines: list[DevboxLine] = []
    for at in range(0, len(logs), _AT_ONCE):
        lines += map(devbox_line, logs[at : at + _AT_ONCE])
        await asyncio.sleep(0)
    return lines
