"""What failed to be read is tried again after 1, 2, 4, 8 and then every 12 polls, so that it costs the rest nothing."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from runloop_tui.monitor.health import Trouble

_MOST_POLLS = 12

Thing = tuple[str, str]
"""What is asked for, in words, and the id of it."""


@dataclass(frozen=True, slots=True)
class _Failure:
    trouble: "Trouble"
    times: int
    next_poll: int


class Postponed:
    """Remembers what failed, why, and at which poll it is due again."""

    def __init__(self) -> None:
        self._failures: dict[Thing, _Failure] = {}

    def is_due(self, thing: Thing, poll: int) -> bool:
        """Tell whether a thing may be asked for at this poll."""
        failure = self._failures.get(thing)
        return failure is None or poll >= failure.next_poll

    def failed(self, thing: Thing, trouble: "Trouble", poll: int) -> "Trouble":
        """Put the next try off, for longer each time in a row; gives the trouble with the poll of that try in it."""
        before = self._failures.get(thing)
        times = before.times + 1 if before else 1
        pause = min(2 ** (times - 1), _MOST_POLLS)
        self._failures[thing] = _Failure(trouble, times, poll + pause)
        return replace(trouble, polls=pause)

    def succeeded(self, thing: Thing) -> None:
        """Forget that it ever failed."""
        self._failures.pop(thing, None)

    def hurry(self) -> None:
        """Let all of it be due at once, because a person asks."""
        for thing, failure in self._failures.items():
            self._failures[thing] = replace(failure, next_poll=0)

    def waiting(self, poll: int) -> "Iterator[tuple[Thing, Trouble]]":
        """What failed when it was last asked for, and why, as things stand after this poll."""
        for thing, failure in self._failures.items():
            yield thing, replace(failure.trouble, polls=max(1, failure.next_poll - poll))
