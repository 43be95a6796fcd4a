"""Fetch the activity of the devbox logs of slow scenario runs: each soon after it became slow, then once a minute.

The API has no way to request the end of a log, so each read brings all of it: at most two are sent in one poll. A log
that is followed on the screen is not requested a second time. An error concerns only this: what is shown is no older.
"""

import asyncio
import math
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from runloop_tui.api.errors import RunloopError, TimedOut
from runloop_tui.monitor.back_off import concerns_all
from runloop_tui.monitor.health import FetchKind
from runloop_tui.monitor.log_activity import log_activity
from runloop_tui.monitor.schedule import Fetch, Schedule

if TYPE_CHECKING:
    from runloop_tui.api.client import Client
    from runloop_tui.api.models import DevboxLog
    from runloop_tui.monitor.fetch_devbox_logs import DevboxLine, DevboxLogFetcher
    from runloop_tui.monitor.store import Store

MOST_IN_A_POLL = 2
_BETWEEN_READS_S = 60.0
LONGEST_READ_S = 10.0
"""A log that takes longer is given up: the next poll waits for it."""
_TIMES_AS_LONG = 10
"""After a log that took long, none is requested for so many times as long: then polls are late by a tenth at most."""


class LogActivityFetcher:
    """Fetches the logs of the suspects' devboxes, the one first that was read longest ago.

    Args:
        client: sends getDevboxLogs.
        store: takes the activity in, and knows which scenario runs are active.
        schedule: numbers the polls, and knows the suspects.
        interval_s: seconds between two polls.
        now: the moment in Unix ms on the server's clock.
        followed: returns the log on the screen.
    """

    def __init__(
        self,
        client: "Client",
        store: "Store",
        schedule: Schedule,
        *,
        interval_s: float,
        now: Callable[[], int],
        followed: "Callable[[], DevboxLogFetcher | None]",
    ) -> None:
        self._client = client
        self._store = store
        self._schedule = schedule
        self._now = now
        self._followed = followed
        self._interval_s = interval_s
        self._polls_between = max(1, math.ceil(_BETWEEN_READS_S / interval_s))
        self._read_at: dict[str, int] = {}  # the poll at which each log was last read, or tried
        self._sent = (-1, 0)  # a poll, and how many requests were sent at it
        self._resumed_at = 0

    # What is due

    def due(self) -> Iterator[Fetch]:
        """Yield the logs that were not read for a minute, while requests are left in this poll."""
        self._forget_inactive()
        poll = self._schedule.poll
        waiting = [
            fetch
            for fetch in self._suspects()
            if fetch.id not in self._read_at
            or self._read_at[fetch.id] + self._polls_between <= poll
        ]
        waiting.sort(key=lambda fetch: self._read_at.get(fetch.id, -1))
        for fetch in waiting:
            if self._left():
                yield fetch

    def lacking(self) -> Fetch | None:
        """Return a log that was never read, where the requests of this poll are not used up."""
        if not self._left():
            return None
        return next((each for each in self._suspects() if each.id not in self._read_at), None)

    def _left(self) -> int:
        """Return how many requests may still be sent in this poll."""
        poll, sent = self._sent
        if self._schedule.poll < self._resumed_at:
            return 0
        return MOST_IN_A_POLL - (sent if poll == self._schedule.poll else 0)

    def _suspects(self) -> Iterator[Fetch]:
        """Yield the suspects that are active and have a devbox, and did not fail just now."""
        for id_ in dict.fromkeys(self._schedule.suspects):
            suspect = self._store.active_scenario_run(id_)
            fetch = Fetch(FetchKind.LOG_ACTIVITY, id_)
            if suspect is not None and suspect.devbox_id and self._schedule.is_due(fetch):
                yield fetch

    def _forget_inactive(self) -> None:
        for id_ in list(self._read_at):
            if self._store.active_scenario_run(id_) is None:
                del self._read_at[id_]
                self._schedule.failed.succeeded(Fetch(FetchKind.LOG_ACTIVITY, id_))

    def retry_now(self) -> None:
        """Make the logs due that could not be read."""
        self._resumed_at = 0
        for id_ in list(self._read_at):
            if self._schedule.failed.has_failed(Fetch(FetchKind.LOG_ACTIVITY, id_)):
                del self._read_at[id_]

    # What is read

    async def read(self, fetch: Fetch) -> None:
        """Read the log of a scenario run's devbox, unless it is on the screen: then take it from there.

        Raises:
            TimedOut: the whole log was not there after 10 s.
            RunloopError: it could not be read.
        """
        suspect = self._store.active_scenario_run(fetch.id)
        if suspect is None:
            return
        self._read_at[fetch.id] = self._schedule.poll
        stamp, followed = self._store.stamp(), self._followed()
        if followed is not None and _holds(followed, suspect.devbox_id):
            lines: Sequence[DevboxLine | DevboxLog] = followed.lines
            read_ms = followed.read_ms
        else:
            read_ms = self._now()
            lines = await self._request(suspect.devbox_id, read_ms)
        activity = await log_activity(lines, start_ms=suspect.start_time_ms, read_ms=read_ms)
        self._store.learn_log_activity(fetch.id, activity, stamp)

    async def _request(self, devbox_id: str, began_ms: int) -> "Sequence[DevboxLog]":
        """Request a log; then no other for ten times as long as it took, and after an error not in this poll.

        After an error that concerns every request, none is sent for a minute, or for as long as the server wants.
        """
        self._sent = (self._schedule.poll, MOST_IN_A_POLL - self._left() + 1)
        try:
            async with asyncio.timeout(LONGEST_READ_S):
                return (await self._client.get_devbox_logs(devbox_id)).items
        except TimeoutError:
            error = TimedOut(f"no whole log within {LONGEST_READ_S:.0f} s")
            self._pause_after(error)
            raise error from None
        except RunloopError as error:
            self._pause_after(error)
            raise
        finally:
            took_s = min(max(0, self._now() - began_ms) / 1000, LONGEST_READ_S)
            self._pause(int(took_s * _TIMES_AS_LONG / self._interval_s))

    def _pause_after(self, error: RunloopError) -> None:
        self._pause(1)
        if concerns_all(error):
            self._pause(self._polls_between)
        if error.retry_after_s is not None:
            self._pause(
                math.ceil(error.retry_after_s / self._interval_s) + 1
            )  # a poll may be early

    def _pause(self, polls: int) -> None:
        self._resumed_at = max(self._resumed_at, self._schedule.poll + polls)


def _holds(followed: "DevboxLogFetcher", devbox_id: str) -> bool:
    """Return whether the last read of a followed log succeeded, and it is of this devbox."""
    return followed.devbox_id == devbox_id and followed.is_loaded and followed.failure is None
