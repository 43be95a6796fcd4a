"""Fetch benchmark runs: the list head, those that are running, older pages, a search, and single runs.

Every poll reads the runs in state `running`; a live run that is missing there has ended and is looked up. Every sixth
poll reads from the newest run down to the list head instead, which finds runs that came and went in between.
"""

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

from runloop_tui.api.errors import NotFound
from runloop_tui.api.pagination import each_page
from runloop_tui.api.states import is_terminal
from runloop_tui.monitor.back_off import RARELY, Backoff
from runloop_tui.monitor.health import FetchKind
from runloop_tui.monitor.list_head import ListHead
from runloop_tui.monitor.query import RunFilter
from runloop_tui.monitor.schedule import Fetch, Schedule

if TYPE_CHECKING:
    from runloop_tui.api.client import Client
    from runloop_tui.api.models import BenchmarkRun
    from runloop_tui.api.pagination import Page
    from runloop_tui.monitor.health import Warnings
    from runloop_tui.monitor.store import Store


RUNS_PAGE = 100
_HEAD_PAGE = 20
_LARGE_PAGE = 500
_MOST_LOOK_UPS = 8
_POLLS_BETWEEN_HEADS = 6


class RunFetcher:
    """Fetches the list of runs at every poll, and single runs that are missing from it.

    Args:
        client: sends listBenchmarkRuns and getBenchmarkRun.
        store: takes the runs in.
        schedule: numbers the polls.
        warnings: takes what could not be parsed.
    """

    def __init__(
        self, client: "Client", store: "Store", schedule: Schedule, warnings: "Warnings"
    ) -> None:
        self._client = client
        self._store = store
        self._schedule = schedule
        self._warnings = warnings
        self._head = ListHead()
        self._is_head_asked = False
        self._heads = Backoff()
        self._rereads = Backoff()
        self._missed = Backoff(RARELY)
        self._to_look_up: dict[str, None] = {}
        self._were_live: dict[
            str, int
        ] = {}  # to the poll, modulo, at which an unknown state is due
        self._is_older_wanted = self._are_all_wanted = False
        self._wanted: RunFilter | None = None

    @property
    def has_holes(self) -> bool:
        """Whether some runs of the list head could not be parsed."""
        return self._head.has_holes

    # What is due

    def due(self) -> Iterator[Fetch]:
        """Yield the list, and then runs that are missing from it, until one of them fails."""
        yield Fetch(FetchKind.LIST)
        due = [id_ for id_ in self._to_look_up if self._schedule.is_due(Fetch(FetchKind.RUN, id_))]
        for run_id in (*due[:_MOST_LOOK_UPS], *self._in_unknown_states()):
            yield Fetch(FetchKind.RUN, run_id)
            if not self._schedule.is_due(Fetch(FetchKind.RUN, run_id)):
                return  # after one failed look-up the other seven wait

    def _in_unknown_states(self) -> list[str]:
        """Return the runs, each at every sixth poll, that were live and are in an unknown state: no list has it."""
        for run_id in self._store.live_ids():
            self._were_live.setdefault(run_id, len(self._were_live))
        poll = self._schedule.poll
        return [
            id_
            for id_, place in self._were_live.items()
            if (poll - place) % _POLLS_BETWEEN_HEADS == 0 and self._is_unclear(id_)
        ]

    def _is_unclear(self, run_id: str) -> bool:
        run = self._store.run(run_id)
        return run is not None and not (
            run.is_live or is_terminal(run.state) or self._store.is_gone(run_id)
        )

    def lacking(self) -> Fetch | None:
        """Return the search or the older page that the screen has requested."""
        wanted = (
            (Fetch(FetchKind.FOUND), self._wanted is not None),
            (Fetch(FetchKind.OLDER), self._is_older_wanted),
        )
        return next((each for each, is_ in wanted if is_ and self._schedule.is_due(each)), None)

    def retry_now(self) -> None:
        """Make the list head due, and all that is backing off."""
        self._is_head_asked = True
        for back_off in (self._heads, self._missed, self._rereads):
            back_off.retry_now()

    def want_older(self, *, to_the_end: bool) -> bool:
        """Request the next page of older runs, or all of them; return False where there are none or it is requested."""
        if not self._store.more_runs or (self._is_older_wanted and not to_the_end):
            return False
        self._is_older_wanted = True
        self._are_all_wanted = self._are_all_wanted or to_the_end
        return True

    def want_found(self, wanted: RunFilter) -> bool:
        """Request a search on the server, in place of the last one; return False where all runs were read."""
        if not self._store.more_runs or wanted == RunFilter():
            return False
        self._wanted = wanted
        return True

    # What is read

    async def read(self, fetch: Fetch) -> None:
        """Read the list, one run, an older page, or a search.

        Raises:
            RunloopError: it could not be read; a requested older page stays requested, a search does not.
        """
        match fetch.kind:
            case FetchKind.LIST:
                await self._read_list()
            case FetchKind.RUN:
                await self._read_run(fetch.id)
            case FetchKind.OLDER:
                await self._read_older()
            case _:
                await self._search()

    async def find(self, run_id: str) -> None:
        """Read a run by its id, unless it was read.

        Raises:
            NotFound: the server does not know it.
            RunloopError: it could not be read.
        """
        if not self._store.knows_run(run_id):
            await self._look_up(run_id)

    async def _read_run(self, run_id: str) -> None:
        try:
            await self._look_up(run_id)
        except NotFound:  # only a job names it
            self._store.job_index.mark_run_gone(run_id)

    async def _read_list(self) -> None:
        if not self._store.loaded:
            await self._read_first()
            return
        if self._schedule.poll % _POLLS_BETWEEN_HEADS == 0 or self._are_holes_due():
            self._is_head_asked = True
        is_head_due = self._is_head_asked and self._heads.is_due("", self._schedule.poll)
        if not (is_head_due and await self._read_newest()):
            await self._read_running()

    async def _read_first(self) -> None:
        """Read the first page, and how many runs there are."""
        stamp = self._store.stamp()
        page = await self._client.list_benchmark_runs(limit=RUNS_PAGE, include_total_count=True)
        self._learn(page, stamp)
        self._store.runs_in_all = page.total_count
        self._extend(page)
        self._store.loaded = True
        self._store.publish()

    async def _read_newest(self) -> bool:
        """Read from the newest run down to the list head, so that runs which came and went are found too.

        Runs of the head that the list no longer has are looked up. Return whether an answer about every live run
        arrived, so that the running ones need not be read as well.
        """
        self._heads.put_off("", self._schedule.poll)
        stamp = self._store.stamp()
        had_holes = self._head.has_holes
        if not had_holes:
            await self._walk(stamp, _HEAD_PAGE)
        if self._head.is_miscounted(self._store.runs_in_all) or had_holes:
            await self._walk(stamp, _LARGE_PAGE, to_oldest=True)
        self._store.more_runs = self._head.more
        self._heads.clear("")
        self._is_head_asked = False
        return all(self._store.last_heard(id_) >= stamp for id_ in self._store.live_ids())

    async def _walk(self, stamp: int, limit: int, *, to_oldest: bool = False) -> None:
        walk = await self._head.walk(
            lambda after: self._client.list_benchmark_runs(
                limit=limit, starting_after=after, include_total_count=after is None
            ),
            lambda page: self._learn(page, stamp),
            to_oldest=to_oldest,
        )
        if walk.total is not None:
            self._store.runs_in_all = walk.total
        self._to_look_up.update(dict.fromkeys(self._head.join(walk)))

    async def _read_running(self) -> None:
        """Read the runs in state `running`; live ones that are missing there are looked up, 8 at most.

        Of a server that ignores the filter only the first page is read: it would be the whole list each time. Where
        an item could not be parsed, none is looked up: each may be that one.
        """
        stamp = self._store.stamp()
        left = set(self._store.live_ids())
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
                self._missed.clear(run.id)
            if not all(run.is_live for run in page.items):
                break
        if unread:
            return
        poll = self._schedule.poll
        due = [id_ for id_ in left if self._missed.is_due(id_, poll)]
        due.sort(key=lambda id_: (self._store.last_heard(id_), id_))
        for id_ in due[:_MOST_LOOK_UPS]:
            # One that is running all the same is backed off: this list will miss it at the next poll, too.
            self._missed.put_off(id_, poll)
            self._to_look_up[id_] = None

    def _are_holes_due(self) -> bool:
        """Return whether runs that could not be parsed are due to be read again."""
        if not self._head.has_holes:
            self._rereads.clear("")
            return False
        poll = self._schedule.poll
        is_due = self._rereads.is_due("", poll)
        if is_due:
            pages = math.ceil(len(self._head) / _LARGE_PAGE)
            self._rereads.put_off("", poll, at_least=pages)
        return is_due

    async def _read_older(self) -> None:
        """Read the next page of older runs, or all of them in large pages, publishing each."""
        if self._are_all_wanted:
            while self._store.more_runs:
                await self._read_on(_LARGE_PAGE)
                self._store.publish()
        else:
            await self._read_on(RUNS_PAGE)
        self._is_older_wanted = self._are_all_wanted = False

    async def _read_on(self, limit: int) -> None:
        stamp = self._store.stamp()
        page = await self._client.list_benchmark_runs(limit=limit, starting_after=self._head.oldest)
        self._learn(page, stamp)
        self._extend(page)

    async def _search(self) -> None:
        """Search the server once for the runs that match the filter, one page of 500 at most."""
        wanted, self._wanted = self._wanted or RunFilter(), None
        stamp = self._store.stamp()
        page = await self._client.list_benchmark_runs(
            name=wanted.name or None,
            benchmark_id=wanted.benchmark or None,
            state=wanted.state or None,
            search=wanted.words or None,
            limit=_LARGE_PAGE,
        )
        self._learn(page, stamp)

    async def _look_up(self, run_id: str) -> None:
        """Read one run; where the server no longer knows it, keep what was known and mark it gone.

        Raises:
            NotFound: the run was never known.
            RunloopError: it could not be read.
        """
        stamp = self._store.stamp()
        try:
            run = await self._client.get_benchmark_run(run_id)
        except NotFound:
            if not self._store.knows_run(run_id):
                raise
            self._store.mark_gone(run_id, stamp)
            self._head.drop([run_id])
        else:
            self._warnings.hear([run])
            self._store.learn_run(run, stamp)
            self._head.has_holes = self._head.has_holes or not run.is_whole
        self._to_look_up.pop(run_id, None)

    def _learn(self, page: "Page[BenchmarkRun]", stamp: int) -> None:
        self._warnings.hear(page.items, page.warnings)
        for run in page.items:
            self._to_look_up.pop(run.id, None)
            self._store.learn_run(run, stamp)

    def _extend(self, page: "Page[BenchmarkRun]") -> None:
        self._head.extend(page)
        self._store.more_runs = self._head.more
