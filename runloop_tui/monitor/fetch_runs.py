"""Reads the list of runs: the newest, those that are running, older ones page by page, and one by its id."""

import math
from collections.abc import Callable
from typing import TYPE_CHECKING

from runloop_tui.api.errors import NotFound
from runloop_tui.api.paging import each_page
from runloop_tui.monitor.back_off import RARELY, Backoff
from runloop_tui.monitor.list_head import ListHead
from runloop_tui.monitor.query import RunFilter

if TYPE_CHECKING:
    from runloop_tui.api.client import Client
    from runloop_tui.api.models import BenchmarkRun
    from runloop_tui.api.paging import Page
    from runloop_tui.monitor.health import Complain
    from runloop_tui.monitor.store import Store


RUNS_PAGE = 100
_HEAD_PAGE = 20
_LARGE_PAGE = 500
_MOST_LOOK_UPS = 8


class RunFetcher:
    """Learns runs from the list. What it asks for raises a RunloopError where it cannot be read."""

    def __init__(self, client: "Client", ledger: "Store", *, complain: "Complain") -> None:
        self._client = client
        self._ledger = ledger
        self._complain = complain
        self._stretch = ListHead()
        self._missing: dict[str, None] = {}
        self._in_vain = Backoff(RARELY)
        self._rereads = Backoff()
        self._reads = 0

    async def read_first(self) -> None:
        """Read the first page, and how many runs there are."""
        stamp = self._ledger.stamp()
        page = await self._client.list_benchmark_runs(limit=RUNS_PAGE, include_total_count=True)
        self._learn(page, stamp)
        self._ledger.runs_in_all = page.total_count
        self._extend(page)
        self._ledger.loaded = True

    async def read_newest(self) -> bool:
        """Read from the newest down to the stretch that was read, so that runs which came and went are found too.

        Runs of the stretch that the list no longer has are to be looked up (`to_look_up`). Returns whether all that
        are live were heard of, so that they need not be asked for besides.
        """
        stamp = self._ledger.stamp()
        had_holes = self._stretch.has_holes
        if not had_holes:
            await self._walk(stamp, _HEAD_PAGE)
        if self._stretch.is_miscounted(self._ledger.runs_in_all) or had_holes:
            await self._walk(stamp, _LARGE_PAGE, to_oldest=True)
        self._ledger.more_runs = self._stretch.more
        return all(self._ledger.last_heard(id_) >= stamp for id_ in self._ledger.live_ids())

    async def _walk(self, stamp: int, limit: int, *, to_oldest: bool = False) -> None:
        walk = await self._stretch.walk(
            lambda after: self._client.list_benchmark_runs(
                limit=limit, starting_after=after, include_total_count=after is None
            ),
            lambda page: self._learn(page, stamp),
            to_oldest=to_oldest,
        )
        if walk.total is not None:
            self._ledger.runs_in_all = walk.total
        self._missing.update(dict.fromkeys(self._stretch.join(walk)))

    async def read_running(self) -> None:
        """Read the runs that are running; some that were and left are to be looked up (`to_look_up`).

        Of a server that does not filter by state only the first page is read: it would be the whole list each time.
        Where a run could not be read, none is looked up: each may be that one.
        """
        self._reads += 1
        stamp = self._ledger.stamp()
        left = set(self._ledger.live_ids())
        unread = 0
        async for page in each_page(
            lambda after: self._client.list_benchmark_runs(
                state="running", limit=RUNS_PAGE, starting_after=after
            )
        ):
            self._learn(page, stamp)
            unread += page.unread
            for run in page.items:
                left.discard(run.id)
                self._in_vain.clear(run.id)
            if not all(run.is_live for run in page.items):
                break
        if unread:
            return
        due = [id_ for id_ in left if self._in_vain.is_due(id_, self._reads)]
        due.sort(key=lambda id_: (self._ledger.last_heard(id_), id_))
        for id_ in due[:_MOST_LOOK_UPS]:
            # One that a look-up finds running is missed by the list, and looked up ever more rarely.
            self._in_vain.put_off(id_, self._reads)
            self._missing[id_] = None

    def hurry(self) -> None:
        """Let all that is put off be due."""
        self._in_vain.hurry()
        self._rereads.hurry()

    @property
    def has_holes(self) -> bool:
        """Whether some runs of the part of the list that was read could not be read."""
        return self._stretch.has_holes

    def has_holes_to_read(self, poll: int) -> bool:
        """Return whether runs that could not be read are due to be read again at this poll."""
        if not self._stretch.has_holes:
            self._rereads.clear("")
            return False
        is_due = self._rereads.is_due("", poll)
        if is_due:
            pages = math.ceil(len(self._stretch) / _LARGE_PAGE)
            self._rereads.put_off("", poll, at_least=pages)
        return is_due

    def to_look_up(self, is_due: Callable[[str], bool]) -> list[str]:
        """Return runs that the list no longer has where they stood, some at a time, until they are heard of."""
        return list(filter(is_due, self._missing))[:_MOST_LOOK_UPS]

    async def read_older(self) -> None:
        """Read the next page of older runs."""
        await self._read_on(RUNS_PAGE)

    async def read_to_the_end(self, publish: Callable[[], None]) -> None:
        """Read all older runs, in large pages, publishing each."""
        while self._ledger.more_runs:
            await self._read_on(_LARGE_PAGE)
            publish()

    async def _read_on(self, limit: int) -> None:
        stamp = self._ledger.stamp()
        page = await self._client.list_benchmark_runs(
            limit=limit, starting_after=self._stretch.oldest
        )
        self._learn(page, stamp)
        self._extend(page)

    async def find(self, wanted: RunFilter) -> None:
        """Ask the server for the runs that a filter wants, a large page at the most of those that were not read."""
        stamp = self._ledger.stamp()
        page = await self._client.list_benchmark_runs(
            name=wanted.name or None,
            benchmark_id=wanted.benchmark or None,
            state=wanted.state or None,
            search=wanted.words or None,
            limit=_LARGE_PAGE,
        )
        self._learn(page, stamp)

    async def look_up(self, run_id: str) -> None:
        """Ask for one run; where the server no longer knows it, keep what was known and say so.

        Raises:
            NotFound: nobody ever heard of it.
            RunloopError: it could not be asked for.
        """
        stamp = self._ledger.stamp()
        try:
            run = await self._client.get_benchmark_run(run_id)
        except NotFound:
            if not self._ledger.knows_run(run_id):
                raise
            self._ledger.mark_gone(run_id, stamp)
            self._stretch.drop([run_id])
            self._missing.pop(run_id, None)
        else:
            self._complain([run], ())
            self._ledger.learn_run(run, stamp)
            self._missing.pop(run_id, None)
            self._stretch.has_holes = self._stretch.has_holes or not run.is_whole

    def _learn(self, page: "Page[BenchmarkRun]", stamp: int) -> None:
        self._complain(page.items, page.complaints)
        for run in page.items:
            self._missing.pop(run.id, None)
            self._ledger.learn_run(run, stamp)

    def _extend(self, page: "Page[BenchmarkRun]") -> None:
        self._stretch.extend(page)
        self._ledger.more_runs = self._stretch.more


class OlderRuns:
    """Remembers what was asked for until it is read."""

    def __init__(self, ledger: "Store", runs: "RunFetcher", *, publish: Callable[[], None]) -> None:
        self._ledger = ledger
        self._runs = runs
        self._publish = publish
        self._to_the_end = False
        self._wanted: RunFilter | None = None
        self.is_asked = False
        """The next page of them, or all, is to be read."""

    @property
    def is_search_asked(self) -> bool:
        """Tell whether the server is to be asked for what a filter wants."""
        return self._wanted is not None

    def want(self, *, to_the_end: bool) -> bool:
        """Ask for the next page, or for all; False where that is no news, or there are none."""
        if not self._ledger.more_runs or (self.is_asked and not to_the_end):
            return False
        self.is_asked = True
        self._to_the_end = self._to_the_end or to_the_end
        return True

    def want_found(self, wanted: RunFilter) -> bool:
        """Ask for what a filter wants, in place of what the last one did; False where all runs were read."""
        if not self._ledger.more_runs or wanted == RunFilter():
            return False
        self._wanted = wanted
        return True

    async def read(self, _: str) -> None:
        """Read what was asked for.

        Raises:
            RunloopError: a page could not be read; it is still asked for.
        """
        if self._to_the_end:
            await self._runs.read_to_the_end(self._publish)
        else:
            await self._runs.read_older()
        self.is_asked = self._to_the_end = False

    async def find(self, _: str) -> None:
        """Find what the filter wants, once.

        Raises:
            RunloopError: the server could not be asked.
        """
        wanted, self._wanted = self._wanted, None
        if wanted is not None:
            await self._runs.find(wanted)
