"""Back-off of what failed: tried again after one poll, then at every second one, so that it costs the rest little.

What failed is never put off for longer, so that two polls after a server is well again all is read. Only what would
read many pages waits for a poll for each of them, and what the server answered clearly (that it has not a thing, say)
is asked for ever more rarely: after 1, 2, 4, 8 and then every 12 polls.
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
"""The longest pause, in polls, of what was answered, but not as it was hoped for."""

Thing = tuple[str, str]
"""What is asked for, in words, and the id of it."""


@dataclass(frozen=True, slots=True)
class _Wait:
    times: int
    next_poll: int


class Backoff:
    """Counts for each key how often in a row it was put off, and at which poll it is due again."""

    def __init__(self, most_polls: int = _MOST_POLLS) -> None:
        self._most_polls = most_polls
        self._waits: dict[object, _Wait] = {}

    def is_due(self, key: object, poll: int) -> bool:
        """Return whether a key may be asked for at this poll."""
        wait = self._waits.get(key)
        return wait is None or poll >= wait.next_poll

    def put_off(self, key: object, poll: int, at_least: int = 1, most: int = 0) -> int:
        """Put the next try off by 1, 2, 4… polls, at most by `most` (0: that of all); returns the pause in polls."""
        before = self._waits.get(key)
        times = before.times + 1 if before else 1
        pause = max(at_least, min(1 << min(times - 1, 10), most or self._most_polls))
        self._waits[key] = _Wait(times, poll + pause)
        return pause

    def clear(self, key: object) -> None:
        """Forget that a key was ever put off."""
        self._waits.pop(key, None)

    def retry_now(self) -> None:
        """Let everything be due at once, because a person asks; the counts stay."""
        for key, wait in self._waits.items():
            self._waits[key] = replace(wait, next_poll=0)

    def next_poll(self, key: object) -> int:
        """Return the poll at which a key is due again; 0 where it was never put off."""
        wait = self._waits.get(key)
        return wait.next_poll if wait else 0


class FailedFetches:
    """Remembers what failed, why, and when; what another answer has delivered since is no failure any more.

    Args:
        stamp: gives the stamp of the newest request.
        last_heard: gives the stamp of the last answer about a thing, whichever request brought it.
    """

    def __init__(
        self,
        stamp: "Callable[[], int]" = lambda: 0,
        last_heard: "Callable[[Thing], int]" = lambda _: 0,
    ) -> None:
        self._stamp = stamp
        self._last_heard = last_heard
        self._troubles: dict[Thing, tuple[ReadFailure, int]] = {}
        self._backoff = Backoff()

    def is_due(self, thing: Thing, poll: int) -> bool:
        """Return whether a thing may be asked for at this poll."""
        self._forget_delivered(thing)
        return self._backoff.is_due(thing, poll)

    def failed(self, thing: Thing, trouble: "ReadFailure", poll: int, pages: int = 1) -> "ReadFailure":
        """Put the next try, of so many pages, off; returns the trouble with the number of polls until it."""
        self._forget_delivered(thing)
        most = RARELY if isinstance(trouble.error, NotFound | Forbidden) else _MOST_POLLS
        pause = self._backoff.put_off(thing, poll, pages, most)
        self._troubles[thing] = (trouble, self._stamp())
        return replace(trouble, polls=pause)

    def succeeded(self, thing: Thing) -> None:
        """Forget that it ever failed."""
        self._troubles.pop(thing, None)
        self._backoff.clear(thing)

    def retry_now(self) -> None:
        """Let all of it be due at once, because a person asks."""
        self._backoff.retry_now()

    def waiting(self, poll: int) -> "Iterator[tuple[Thing, ReadFailure]]":
        """Yield what failed when it was last asked for, and why, as things stand after this poll."""
        for thing in list(self._troubles):
            self._forget_delivered(thing)
        for thing, (trouble, _) in self._troubles.items():
            yield thing, replace(trouble, polls=max(1, self._backoff.next_poll(thing) - poll))

    def _forget_delivered(self, thing: Thing) -> None:
        held = self._troubles.get(thing)
        if held is not None and self._last_heard(thing) > held[1]:
            self.succeeded(thing)


_JITTER = 0.1
_LONGEST_S = 60.0


@dataclass(frozen=True, slots=True)
class PollInterval:
    """Rests of `interval_s`, growing up to a minute while polls fail."""

    interval_s: float

    def rest_s(self, failures: int, error: "RunloopError | None", jitter: float) -> float:
        """Seconds until the next poll, after `failures` failed ones in a row; `jitter` is from 0 to 1.

        An answer that says when to come back is obeyed, for `LONGEST_PAUSE_S` at most; what a person has to mend (a
        key, an address) is asked for once a minute.
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


_OF_ONE_THING = (BadRequest, Conflict, Forbidden, NotFound, NotUnderstood, ServerError, InternalError)


def concerns_all(error: RunloopError) -> bool:
    """Tell whether asking for something else would fare no better, or was asked not to happen yet.

    A wrong key, a dead line and a server that is too slow or says when to come back concern all; what the server
    says of one thing does not.
    """
    return error.retry_after_s is not None or not isinstance(error, _OF_ONE_THING)
