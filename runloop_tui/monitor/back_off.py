"""Back-off per fetch, counted in polls, and the seconds between two polls.

A failed fetch is tried again at the next poll, then at every second one, so two polls after a server has recovered
everything is read. A fetch of n pages waits at least n polls. What was answered definitely (404, 403, nothing new) is
read again after 1, 2, 4, 8 and then every 12 polls.
"""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from runloop_tui.api.errors import (
    LONGEST_PAUSE_S,
    BadRequest,
    Conflict,
    Forbidden,
    NotAuthorised,
    NotFound,
    NotOffered,
    NotUnderstood,
    RunloopError,
    ServerError,
)
from runloop_tui.monitor.health import InternalError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from runloop_tui.monitor.health import ReadFailure


_MOST_POLLS = 2
RARELY = 12
"""The longest back-off, in polls, of what was answered definitely."""

Thing = tuple[str, str]
"""The kind of a fetch (`What`), and its id."""


@dataclass(frozen=True, slots=True)
class _Wait:
    times: int
    next_poll: int


class Backoff:
    """Counts for each key how many times in a row it was put off, and at which poll it is due again."""

    def __init__(self, most_polls: int = _MOST_POLLS) -> None:
        self._most_polls = most_polls
        self._waits: dict[object, _Wait] = {}

    def is_due(self, key: object, poll: int) -> bool:
        """Return whether a key is due at this poll."""
        wait = self._waits.get(key)
        return wait is None or poll >= wait.next_poll

    def put_off(self, key: object, poll: int, at_least: int = 1, most: int = 0) -> int:
        """Put a key off by 1, 2, 4… polls, at most by `most` (0: that of this back-off); return the pause in polls."""
        before = self._waits.get(key)
        times = before.times + 1 if before else 1
        pause = max(at_least, min(1 << min(times - 1, 10), most or self._most_polls))
        self._waits[key] = _Wait(times, poll + pause)
        return pause

    def clear(self, key: object) -> None:
        """Forget that a key was ever put off."""
        self._waits.pop(key, None)

    def retry_now(self) -> None:
        """Make every key due at once, on a refresh; the counts stay."""
        for key, wait in self._waits.items():
            self._waits[key] = replace(wait, next_poll=0)

    def next_poll(self, key: object) -> int:
        """Return the poll at which a key is due again; 0 where it was never put off."""
        wait = self._waits.get(key)
        return wait.next_poll if wait else 0


class FailedFetches:
    """Remembers which fetches failed, why, and when; one whose thing another answer has brought since is cleared.

    Args:
        stamp: returns the stamp of the newest request.
        last_heard: returns the stamp of the last answer about a thing, whichever request brought it.
    """

    def __init__(
        self,
        stamp: "Callable[[], int]" = lambda: 0,
        last_heard: "Callable[[Thing], int]" = lambda _: 0,
    ) -> None:
        self._stamp = stamp
        self._last_heard = last_heard
        self._failures: dict[Thing, tuple[ReadFailure, int]] = {}
        self._backoff = Backoff()

    def is_due(self, thing: Thing, poll: int) -> bool:
        """Return whether a fetch may be sent at this poll."""
        self._forget_delivered(thing)
        return self._backoff.is_due(thing, poll)

    def has_failed(self, thing: Thing) -> bool:
        """Return whether a fetch failed when it was last sent."""
        self._forget_delivered(thing)
        return thing in self._failures

    def failed(
        self, thing: Thing, failure: "ReadFailure", poll: int, pages: int = 1
    ) -> "ReadFailure":
        """Back a fetch of `pages` pages off; return the failure with the number of polls until the next try."""
        self._forget_delivered(thing)
        most = RARELY if isinstance(failure.error, NotFound | Forbidden) else _MOST_POLLS
        pause = self._backoff.put_off(thing, poll, pages, most)
        self._failures[thing] = (failure, self._stamp())
        return replace(failure, polls=pause)

    def succeeded(self, thing: Thing) -> None:
        """Clear the failures of a fetch."""
        self._failures.pop(thing, None)
        self._backoff.clear(thing)

    def retry_now(self) -> None:
        """Make every failed fetch due at once, on a refresh."""
        self._backoff.retry_now()

    def waiting(self, poll: int) -> "Iterator[tuple[Thing, ReadFailure]]":
        """Yield the fetches that failed when last sent, and why, with the polls from this one until the next try."""
        for thing in list(self._failures):
            self._forget_delivered(thing)
        for thing, (failure, _) in self._failures.items():
            yield thing, replace(failure, polls=max(1, self._backoff.next_poll(thing) - poll))

    def _forget_delivered(self, thing: Thing) -> None:
        held = self._failures.get(thing)
        if held is not None and self._last_heard(thing) > held[1]:
            self.succeeded(thing)


_JITTER = 0.1
_LONGEST_S = 60.0


@dataclass(frozen=True, slots=True)
class PollInterval:
    """Seconds between two polls: `interval_s`, growing up to 60 s while polls are halted."""

    interval_s: float

    def rest_s(self, failures: int, error: "RunloopError | None", jitter: float) -> float:
        """Return the seconds until the next poll, after `failures` halted ones in a row; `jitter` is from 0 to 1.

        Retry-After is obeyed, up to `LONGEST_PAUSE_S`; what a person has to correct (a key, an address) is tried
        once a minute.
        """
        if error is None:
            return self.interval_s * (1 + _JITTER * (jitter - 0.5))
        if isinstance(error, NotAuthorised | Forbidden | NotOffered):
            rest = max(_LONGEST_S, self.interval_s)
        else:
            longest = max(_LONGEST_S, self.interval_s)
            rest = min(longest, self.interval_s * 2 ** min(failures - 1, 10))
        spread = 1 + _JITTER * jitter
        wanted = min((error.retry_after_s or 0.0) * spread, LONGEST_PAUSE_S)
        return max(rest * spread, wanted)


_OF_ONE_THING = (
    BadRequest,
    Conflict,
    Forbidden,
    NotFound,
    NotUnderstood,
    ServerError,
    InternalError,
)


def concerns_all(error: RunloopError) -> bool:
    """Return the error scope: whether an error concerns every request, not only the one that failed.

    A wrong key, no connection, a time-out and any answer with Retry-After concern all; other statuses, and answers
    that could not be parsed, and internal errors concern one thing.
    """
    return error.retry_after_s is not None or not isinstance(error, _OF_ONE_THING)
