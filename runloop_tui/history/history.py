"""The history as the app uses it: written and read in one thread of its own, never on the event loop.

What goes wrong with the file is one line in `problem`; queries then return nothing, and the app goes on without.
"""

import asyncio
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from runloop_tui.history import queries
from runloop_tui.history.recorder import Difference, Event, Limits, Recorder, differences, prune_all
from runloop_tui.history.rows import ScenarioRow
from runloop_tui.history.schema import (
    BrokenFile,
    HistoryError,
    NotNow,
    error_of,
    identity,
    open_database,
    set_aside,
)
from runloop_tui.monitor.snapshot import Snapshot

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from runloop_tui.history.recorder import Fingerprint

_T = TypeVar("_T")
_MOST_EVENTS_WAITING = 1_000
_LOOK_EVERY_MS = 60_000


class History:
    """The history of one account. Open it with `History.open`, and close it.

    All moments are Unix ms on the server's clock, as far as it can be believed: by `now_ms` it is judged what is kept
    too long.
    """

    def __init__(
        self, path: "Path", account: str, fingerprint: "Fingerprint", limits: Limits
    ) -> None:
        self.problem = ""
        """What is wrong with the file, in one line; "" while nothing is."""
        self._path = path
        self._account = account
        self._fingerprint = fingerprint
        self._limits = limits
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="history")
        self._turn = asyncio.Lock()
        self._latest: Snapshot | None = None
        self._written: Snapshot | None = None
        self._events: list[Event] = []
        self._looked_ms: int | None = None
        self._closed = False
        # Used in the thread only:
        self._database: sqlite3.Connection | None = None
        self._recorder: Recorder | None = None
        self._identity: tuple[int, int] | None = None
        self._off = False
        self._set_aside = ""

    @classmethod
    async def open(
        cls,
        path: "Path",
        account: str,
        *,
        fingerprint: "Fingerprint",
        limits: Limits = Limits(),  # noqa: B008 - immutable
    ) -> "History":
        """Open or create the file; `problem` says why it cannot be used, if it cannot.

        Args:
            path: of the file; folders that do not exist are created with mode 0700.
            account: the `account_key` of the base URL.
            fingerprint: returns what an error has in common with others, for a scenario run and its job's failure
                reason; called in the thread.
            limits: how much is kept; a little of what is beyond is removed with each write, all of it by `prune`.
        """
        history = cls(path, account, fingerprint, limits)
        await history._run(lambda: bool(history._opened()), otherwise=False)
        return history

    @property
    def last_looked_ms(self) -> int | None:
        """When a person last looked, by what was read or written last; None where that is unknown."""
        stored = self._recorder.looked_ms if self._recorder else None
        moments = [each for each in (stored, self._looked_ms) if each is not None]
        return max(moments, default=None)

    def mark_looked(self, now_ms: int) -> None:
        """Remember that a person looks now; written with the next `record`, at most once a minute by itself."""
        self._looked_ms = now_ms

    def note(self, event: Event) -> None:
        """Remember an event; written with the next `record`."""
        if len(self._events) < _MOST_EVENTS_WAITING:
            self._events.append(event)

    async def record(self, old: Snapshot, new: Snapshot, now_ms: int) -> None:
        """Write what changed, in at most one transaction; none where nothing did.

        What could not be written is written with the next call, and of calls that wait for one another only the last
        is carried out: its difference holds that of the others.
        """
        self._latest = new
        if self._written is None:
            self._written = old
        async with self._turn:
            if new is self._latest and not self._closed:
                await self._run(partial(self._write, new, now_ms), None)

    async def runs_before(
        self, run_id: str, *, most: int = 1, any_agent: bool = False
    ) -> tuple[queries.PastRun, ...]:
        """Return the terminal runs of the same benchmark, agent and model before a recorded run, the latest first."""
        return await self._query(
            partial(queries.runs_before, run_id=run_id, most=most, any_agent=any_agent), ()
        )

    async def past_run(self, run_id: str) -> queries.PastRun | None:
        """Return a run with its scenario runs; None where nothing of them is kept."""
        return await self._query(partial(queries.past_run, run_id=run_id), None)

    async def longest_durations(self, benchmark_id: str, *, but_run_id: str = "") -> dict[str, int]:
        """Return the longest duration (ms) of each scenario that got a score, in the latest 50 runs of a benchmark."""
        return await self._query(
            partial(queries.longest_durations, benchmark_id=benchmark_id, but_run_id=but_run_id), {}
        )

    async def scenario_rows(self, run_id: str) -> list[ScenarioRow]:
        """Return all that is kept of a run's scenario runs."""
        return await self._query(partial(queries.scenario_rows, run_id=run_id), [])

    async def first_failures(self, run_id: str) -> dict[str, ScenarioRow]:
        """Return the first failure of each scenario of a run that was tried again, by scenario id."""
        return await self._query(partial(queries.first_failures, run_id=run_id), {})

    async def since(self, moment_ms: int) -> tuple[queries.RunSince, ...]:
        """Return what changed since a moment, run by run, the latest first."""
        return await self._query(partial(queries.since, moment_ms=moment_ms), ())

    async def events_since(self, moment_ms: int) -> tuple[Event, ...]:
        """Return the written events at or after a moment, the earliest first."""
        return await self._query(partial(queries.events_since, moment_ms=moment_ms), ())

    async def prune(self, now_ms: int) -> int:
        """Remove what is beyond the limits; return how many runs that were."""
        if self._closed:
            return 0
        return await self._run(lambda: prune_all(self._opened()[0], self._limits, now_ms), 0)

    async def close(self, now_ms: int) -> None:
        """Write the events and the look that wait, and close the file; nothing is written or read afterwards."""
        async with self._turn:
            if self._closed:
                return
            self._closed = True
            await self._run(partial(self._flush, now_ms), None)
            await asyncio.get_running_loop().run_in_executor(self._thread, self._shut)
            self._thread.shutdown(wait=False)

    async def _query(
        self, query: "Callable[[sqlite3.Connection, int], _T]", otherwise: "_T"
    ) -> "_T":
        if self._closed:
            return otherwise

        def read() -> "_T":
            database, recorder = self._opened()
            return query(database, recorder.account)

        return await self._run(read, otherwise)

    async def _run(self, work: "Callable[[], _T]", otherwise: "_T") -> "_T":
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._thread, self._guarded, work, otherwise)

    def _guarded(self, work: "Callable[[], _T]", otherwise: "_T") -> "_T":
        """Do it in the thread; on an error of the file, set `problem` and return `otherwise`."""
        if self._off:
            return otherwise
        try:
            result = work()
        except (sqlite3.Error, HistoryError) as error:
            self._fail(error if isinstance(error, HistoryError) else error_of(error))
            return otherwise
        self.problem = self._set_aside
        return result

    def _opened(self) -> tuple[sqlite3.Connection, Recorder]:
        if self._database is None or self._recorder is None:
            self._shut()
            self._identity = identity(self._path)
            self._database = open_database(self._path)
            self._identity = identity(self._path)
            self._recorder = Recorder(self._database, self._account, self._limits)
        return self._database, self._recorder

    def _write(self, new: Snapshot, now_ms: int) -> None:
        _, recorder = self._opened()
        changed = list(differences(self._written or Snapshot(), new, self._fingerprint, now_ms))
        self._put(changed, recorder, now_ms, look_every_ms=_LOOK_EVERY_MS)
        self._written = new

    def _flush(self, now_ms: int) -> None:
        if self._events or self._looked_ms is not None:
            self._put([], self._opened()[1], now_ms, look_every_ms=1)

    def _put(
        self, changed: list[Difference], recorder: Recorder, now_ms: int, look_every_ms: int
    ) -> None:
        events = self._events[:]
        looked, stored = self._looked_ms, recorder.looked_ms
        is_due = looked is not None and (stored is None or looked - stored >= look_every_ms)
        is_new = looked is not None and (stored is None or looked > stored)
        writes = bool(changed or events)
        recorder.write(changed, events, looked if is_due or (writes and is_new) else None, now_ms)
        del self._events[: len(events)]

    def _fail(self, error: HistoryError) -> None:
        words = f"the history {error}"
        if isinstance(error, NotNow):
            self.problem = f"{words}; it is tried again"
            return
        self._shut()
        if isinstance(error, BrokenFile):
            words = self._begin_new(words)
        else:
            self._off = True
        self.problem = words

    def _begin_new(self, words: str) -> str:
        """Set the broken file aside, unless another instance did, and begin a new one; return what to say."""
        self._off = True
        if self._set_aside:
            return f"{words} again: the app goes on without one"
        said = f"{words}: a new one was begun"
        try:
            if identity(self._path) == self._identity:
                said = f"{words}: set aside as {set_aside(self._path).name}, and a new one begun"
            self._opened()
        except (sqlite3.Error, HistoryError) as error:
            reason = error if isinstance(error, HistoryError) else error_of(error)
            return f"{words}, and a new one {reason}"
        self._off, self._set_aside, self._written = False, said, Snapshot()
        return said

    def _shut(self) -> None:
        database, self._database, self._recorder = self._database, None, None
        if database is not None:
            with suppress(sqlite3.Error):
                database.close()
