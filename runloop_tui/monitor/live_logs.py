"""The log of a devbox that is at work, followed while somebody reads it."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING

from runloop_tui.api.errors import RunloopError
from runloop_tui.monitor.devbox_lines import DevboxLine, devbox_line, join
from runloop_tui.monitor.requests import Abandonable

if TYPE_CHECKING:
    from runloop_tui.api.models import DevboxLog
    from runloop_tui.api.pagination import Page
    from runloop_tui.monitor.pacing import Pacing

_SHORTEST_REST_S = 2.0
_SHARE_OF_INTERVAL = 0.4
_AT_ONCE = 2_000
_ABANDONED_AFTER_MS = 1_000
"""So long must an answer be in coming for a refresh to give the request up."""


def rest_between_looks_s(interval_s: float) -> float:
    """Seconds between two looks at a log that is read: 2 at the default interval, longer for who asks for little."""
    return max(_SHORTEST_REST_S, interval_s * _SHARE_OF_INTERVAL)


class LiveLogs:
    """Polls one devbox's log and joins the answers. One page holds all (GET /v1/devboxes/{id}/logs).

    Args:
        devbox_id: whose log.
        read: asks for it once, as `Client.get_devbox_logs` does.
        pacing: how long to rest between two looks.
        now: the moment in Unix ms on the server's clock.
        jitter: gives a number from 0 to 1.
    """

    def __init__(
        self,
        devbox_id: str,
        read: "Callable[[str], Awaitable[Page[DevboxLog]]]",
        pacing: "Pacing",
        *,
        now: Callable[[], int],
        jitter: Callable[[], float],
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
        self._pacing = pacing
        self._jitter = jitter
        self._failures = 0
        self._wake = asyncio.Event()
        self._is_last = False
        self._asked_ms = 0
        self._work = Abandonable()

    @property
    def last_ms(self) -> int | None:
        """The moment of the last line that says one; None where none does."""
        moments = (line.timestamp_ms for line in reversed(self.lines))
        return next((moment for moment in moments if moment is not None), None)

    async def run(self, on_look: Callable[[], None]) -> None:
        """Look again and again until canceled, or until a look after `finish` has succeeded; tell of each."""
        while True:
            is_last = self._is_last
            rest_s = await self._work.run(self.look())
            if rest_s is None:  # given up, to ask anew
                continue
            on_look()
            if is_last and self.trouble is None:
                return
            await self._rest(rest_s)

    async def look(self) -> float:
        """Ask once, join the answer, and say how many seconds to rest. Raises no RunloopError."""
        self._asked_ms = self.now()
        try:
            page = await self._read(self.devbox_id)
        except RunloopError as error:
            self.trouble = error
            self._failures += 1
        else:
            self.trouble, self._failures, self.is_loaded = None, 0, True
            self.complaints = page.complaints
            self._take(await _lines_of(page.items))
        return self._pacing.rest_s(self._failures, self.trouble, self._jitter())

    def refresh(self) -> None:
        """Look now; a request that is not answered is given up for it."""
        if self.now() - self._asked_ms >= _ABANDONED_AFTER_MS:
            self._work.give_up()
        self._wake.set()

    def finish(self) -> None:
        """The devbox's work is over: look once more, then no more."""
        self._is_last = True
        self._wake.set()

    def _take(self, fresh: list[DevboxLine]) -> None:
        joined = join(self.lines, fresh)
        gaps = tuple(gap for gap in self.gaps if gap < joined.kept)
        self.gaps = (*gaps, joined.kept) if joined.has_gap else gaps
        self.kept = joined.kept
        if len(joined.lines) != len(self.lines) or joined.kept < len(self.lines):
            self.lines = joined.lines

    async def _rest(self, rest_s: float) -> None:
        try:
            async with asyncio.timeout(rest_s):
                await self._wake.wait()
        except TimeoutError:
            pass
        self._wake.clear()


async def _lines_of(logs: "Sequence[DevboxLog]") -> list[DevboxLine]:
    """Take entries over, letting others run in between: there may be tens of thousands."""
    lines: list[DevboxLine] = []
    for at in range(0, len(logs), _AT_ONCE):
        lines += map(devbox_line, logs[at : at + _AT_ONCE])
        await asyncio.sleep(0)
    return lines
