"""The schedule that all fetchers share: the number of the poll, what is on the screen, and failed fetches.

A `Fetch` names one thing to read; a `Fetcher` says which are due and reads them; the poller decides the order.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, Protocol

from runloop_tui.monitor.back_off import FailedFetches
from runloop_tui.monitor.health import FetchKind

if TYPE_CHECKING:
    from runloop_tui.monitor.store import Store


@dataclass(frozen=True, slots=True)
class Viewport:
    """What of the runs is on the screen: it is read first, and at every poll."""

    watched: str | None = None
    """The run whose scenario runs are on the screen."""
    visible: tuple[str, ...] = ()
    """The runs whose rows are on the screen."""
    compared: tuple[str, ...] = ()
    """The runs that are compared on the screen: their scenario runs are read where they are not held, and kept."""


@dataclass(frozen=True, slots=True)
class JobsViewport:
    """What of the jobs is on the screen."""

    shown: str | None = None
    """The job that is shown in full."""
    visible: tuple[str, ...] = ()
    """The jobs whose rows are on the screen."""


class Fetch(NamedTuple):
    """One thing to be read: its kind, and its id where there is more than one of the kind."""

    kind: FetchKind
    id: str = ""


class Fetcher(Protocol):
    """Reads one kind of thing into the store, and says when."""

    def due(self) -> Iterator[Fetch]:
        """Yield what is due at this poll; each is read before the generator resumes, so the next may depend on it."""
        ...

    def lacking(self) -> Fetch | None:
        """Return a fetch that should not wait for the next poll; None where there is none."""
        ...

    async def read(self, fetch: Fetch) -> None:
        """Read it.

        Raises:
            RunloopError: it could not be read; what was known stays.
        """
        ...

    def retry_now(self) -> None:
        """Make all that is backing off due at once, on a refresh."""
        ...


class Schedule:
    """Numbers the polls, and holds what is on the screen and which fetches are backing off."""

    def __init__(self, store: "Store") -> None:
        self._store = store
        self.poll = -1
        """The number of the current poll, from 0."""
        self.viewport = Viewport()
        self.suspects: tuple[str, ...] = ()
        """The scenario runs that are slow: their devbox logs are read for how long they have been silent."""
        self.jobs_viewport: JobsViewport | None = None
        """None while no jobs are on the screen."""
        self.is_all_asked = False
        """A refresh was requested: all visible live runs are due, and counts are read, not only what is running."""
        self.failed = FailedFetches(lambda: store.newest_stamp, self._last_heard)

    def is_due(self, fetch: Fetch) -> bool:
        """Return whether a fetch may be sent: it did not fail last time, or its back-off is over."""
        return self.failed.is_due(fetch, self.poll)

    def _last_heard(self, thing: tuple[str, str]) -> int:
        """Return the stamp of the last answer about a thing, whichever request brought it; 0 where none did."""
        kind, id_ = thing
        if kind == FetchKind.RUN:
            return self._store.last_heard(id_)
        return self._store.last_heard_of_job(id_) if kind == FetchKind.JOB else 0
