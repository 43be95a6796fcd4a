"""Reads the list of runs: the newest, those that are running, older ones page by page, and one by its id."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from runloop_tui.api.errors import NotFound
from runloop_tui.api.paging import each_page
from runloop_tui.monitor.run_filter import RunFilter

if TYPE_CHECKING:
    from runloop_tui.api.client import Client
    from runloop_tui.api.models import BenchmarkRun
    from runloop_tui.api.paging import Page
    from runloop_tui.monitor.ledger import Ledger

RUNS_PAGE = 100
_HEAD_PAGE = 20
_LARGE_PAGE = 500
_MOST_LOOK_UPS = 8


class RunsList:
    """Learns runs from the list. What it asks for raises a RunloopError where it cannot be read."""

    def __init__(
        self, client: "Client", ledger: "Ledger", *, complain: Callable[[tuple[str, ...]], None]
    ) -> None:
        self._client = client
        self._ledger = ledger
        self._complain = complain
        self._oldest_read: str | None = None

    async def read_first(self) -> None:
        """Read the first page, and how many runs there are."""
        stamp = self._ledger.stamp()
        page = await self._client.list_benchmark_runs(limit=RUNS_PAGE, include_total_count=True)
        self._learn(page, stamp)
        self._ledger.runs_in_all = page.total_count
        self._move_oldest(page)
        self._ledger.loaded = True

    async def read_newest(self) -> bool:
        """Read from the newest down to one that is known, so that runs which came and went are found too.

        Tells whether all that are live were heard of, so that they need not be asked for besides.
        """
        stamp = self._ledger.stamp()
        async for page in each_page(
            lambda after: self._client.list_benchmark_runs(
                limit=_HEAD_PAGE, starting_after=after, include_total_count=after is None
            )
        ):
            met = bool(page.items) and self._ledger.knows_run(page.items[-1].id)
            self._learn(page, stamp)
            if page.total_count is not None:
                self._ledger.runs_in_all = page.total_count
            if met:
                break
        return all(self._ledger.last_heard(id_) >= stamp for id_ in self._ledger.live_ids())

    async def read_running(self) -> list[str]:
        """Read the runs that are running; gives ids of those that were, to be looked up, the longest unheard of first.

        Of a server that does not filter by state only the first page is read: it would be the whole list each time.
        """
        stamp = self._ledger.stamp()
        left = set(self._ledger.live_ids())
        async for page in each_page(
            lambda after: self._client.list_benchmark_runs(
                state="running", limit=RUNS_PAGE, starting_after=after
            )
        ):
            self._learn(page, stamp)
            left.difference_update(run.id for run in page.items)
            if not all(run.is_live for run in page.items):
                break
        return sorted(left, key=lambda id_: (self._ledger.last_heard(id_), id_))[:_MOST_LOOK_UPS]

    async def read_older(self) -> None:
        """Read the next page of older runs."""
        stamp = self._ledger.stamp()
        page = await self._client.list_benchmark_runs(
            limit=RUNS_PAGE, starting_after=self._oldest_read
        )
        self._learn(page, stamp)
        self._move_oldest(page)

    async def read_to_the_end(self, publish: Callable[[], None]) -> None:
        """Read all older runs, in large pages, publishing each."""
        while self._ledger.more_runs:
            stamp = self._ledger.stamp()
            page = await self._client.list_benchmark_runs(
                limit=_LARGE_PAGE, starting_after=self._oldest_read
            )
            self._learn(page, stamp)
            self._move_oldest(page)
            publish()

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
            self._ledger.learn_run(await self._client.get_benchmark_run(run_id), stamp)
        except NotFound:
            if not self._ledger.knows_run(run_id):
                raise
            self._ledger.mark_gone(run_id, stamp)

    def _learn(self, page: "Page[BenchmarkRun]", stamp: int) -> None:
        self._complain(page.complaints)
        for run in page.items:
            self._ledger.learn_run(run, stamp)

    def _move_oldest(self, page: "Page[BenchmarkRun]") -> None:
        moved = bool(page.items) and page.items[-1].id != self._oldest_read
        if moved:
            self._oldest_read = page.items[-1].id
        self._ledger.more_runs = page.has_more and moved
