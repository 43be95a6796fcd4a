"""The health of the polling: how fresh the data is, why it is stale, the next try, and warnings about answers."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from runloop_tui.api.errors import RunloopError


class FetchKind(StrEnum):
    """The kinds of fetches, in words that follow "could not read"."""

    LIST = "the list of runs"
    OLDER = "older runs"
    FOUND = "the runs that the filter wants"
    RUN = "a run"
    SCENARIO_RUNS = "the scenario runs of a run"
    BENCHMARK = "a benchmark"
    NAMES = "the names of a benchmark's scenarios"
    JOBS = "the list of jobs"
    OLDER_JOBS = "older jobs"
    JOB = "a job"
    LOG_ACTIVITY = "the log of a devbox"


@dataclass(frozen=True, slots=True)
class ReadFailure:
    """What could not be read, and why."""

    what: str
    """What was to be read, such as "the list of runs"."""
    error: "RunloopError"
    polls: int = 1
    """In how many polls from now it is tried again; 1 is the next."""


@dataclass(frozen=True, slots=True)
class Health:
    """The state of the polling after the last poll."""

    fresh_ms: int | None = None
    """When the last complete poll ended (our clock); None before the first."""
    failure: ReadFailure | None = None
    """Why the data is not whole and fresh; None where it is."""
    next_try_ms: int | None = None
    """When the next poll is due; None while one is under way."""
    stalled_since_ms: int | None = None
    """Since when a request has been unanswered (our clock); None within the first 3 s."""
    skew_ms: int = 0
    """The server's clock minus ours."""
    warnings: tuple[str, ...] = ()
    """What of the answers of the last polls could not be parsed; raw text."""


_POLLS_KEPT = 12
_MOST = 20


class Item(Protocol):
    """A parsed item, and what of it could not be parsed."""

    @property
    def id(self) -> str:
        """The id by which it is read again."""
        ...

    @property
    def is_whole(self) -> bool:
        """Whether all fields that what is shown depends on could be parsed."""
        ...

    @property
    def warning(self) -> str:
        """What of it could not be parsed, in words; "" where all could."""
        ...


class Warnings:
    """What of the answers of the last 12 polls could not be parsed; each warning once, 20 at most.

    A warning about an item ends when the item is read without one; the others (items without a readable id) when
    `forget_unnamed` says that all was read.

    Args:
        poll: returns the number of the current poll.
    """

    def __init__(self, poll: Callable[[], int]) -> None:
        self._poll = poll
        self._last_poll = -1
        self._last_heard: dict[str, int] = {}
        self._about: dict[str, str] = {}

    @property
    def is_fresh(self) -> bool:
        """Whether something could not be parsed at this poll."""
        return self._last_poll == self._poll()

    def hear(self, items: Sequence[Item], warnings: Sequence[str] = ()) -> None:
        """Take in the parsed items of an answer, and the warnings about it, as raw text."""
        poll = self._poll()
        about = {item.warning: item.id for item in items if item.warning}
        if self._about:
            again = {item.id for item in items if not item.warning}
            for text in [text for text, id_ in self._about.items() if id_ in again]:
                self._forget(text)
        for warning in (*warnings, *about):
            if warning in self._last_heard or len(self._last_heard) < _MOST:
                self._last_heard[warning] = poll
                if warning in about:
                    self._about[warning] = about[warning]
        if warnings or not all(item.is_whole for item in items):
            self._last_poll = poll

    def forget_unnamed(self) -> None:
        """Drop the warnings about items without a readable id: all was read since."""
        for text in self._last_heard.keys() - self._about.keys():
            self._forget(text)

    def recent(self) -> tuple[str, ...]:
        """Return those of the last polls; forget the others."""
        oldest = self._poll() - _POLLS_KEPT
        for text in [text for text, at in self._last_heard.items() if at <= oldest]:
            self._forget(text)
        return tuple(self._last_heard)

    def _forget(self, text: str) -> None:
        self._last_heard.pop(text, None)
        self._about.pop(text, None)


class InternalError(RunloopError):
    """An exception in our own code, whatever the server answered."""

    summary = "an error inside runloop-tui"
    advice = "Nothing is lost at Runloop. With --log-file the details are kept."


@contextmanager
def errors_reported(report: Callable[[Exception], None]) -> Iterator[None]:
    """Report every exception that is no RunloopError, and raise it as one.

    Raises:
        InternalError: caused by any other exception.
    """
    try:
        yield
    except RunloopError:
        raise
    except Exception as error:
        report(error)
        raise InternalError(type(error).__name__) from error
