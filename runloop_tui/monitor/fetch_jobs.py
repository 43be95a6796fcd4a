"""Fetch benchmark jobs: the list head, older pages, and single jobs that are on the screen or missing from the list.

Jobs are read whether or not they are on the screen: a run's total and its failure reasons come from its job. The list
is read at every poll while jobs are on the screen, else at every twelfth and when a live run belongs to no known job.
"""

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

from runloop_tui.api.errors import NotFound, NotOffered
from runloop_tui.monitor.back_off import RARELY, Backoff
from runloop_tui.monitor.health import FetchKind
from runloop_tui.monitor.list_head import ListHead
from runloop_tui.monitor.schedule import Fetch, JobsViewport, Schedule

if TYPE_CHECKING:
    from runloop_tui.api.client import Client
    from runloop_tui.api.models import BenchmarkJob
    from runloop_tui.api.pagination import Page
    from runloop_tui.monitor.health import Warnings
    from runloop_tui.monitor.store import Store

_PAGE = 20
"""Each job comes with all its outcomes."""
_HEAD_PAGE = 3
_MOST_LOOK_UPS = 8
_POLLS_BETWEEN_HEADS = 12
"""While the jobs are not on the screen."""
_UNOFFERED_PAUSE_S = 60.0


class JobFetcher:
    """Fetches the list of jobs, and single jobs that are on the screen or missing from the list.

    Args:
        client: sends listBenchmarkJobs and getBenchmarkJob.
        store: takes the jobs in.
        schedule: numbers the polls, and knows what is on the screen.
        warnings: takes what could not be parsed.
        interval_s: seconds between two polls.
    """

    def __init__(
        self,
        client: "Client",
        store: "Store",
        schedule: Schedule,
        warnings: "Warnings",
        *,
        interval_s: float,
    ) -> None:
        self._client = client
        self._store = store
        self._schedule = schedule
        self._warnings = warnings
        self._polls_unoffered = max(1, math.ceil(_UNOFFERED_PAUSE_S / interval_s))
        self._head = ListHead()
        self._to_look_up: dict[str, None] = {}
        self._was_open = False
        self._is_older_wanted = False
        self._list_due = 0
        self._list_read = -1
        self._unlinked: frozenset[str] = frozenset()
        self._outcomes = Backoff(RARELY)
        self._rereads = Backoff()

    def want_older(self) -> bool:
        """Request the next page of older jobs; return whether there are any."""
        self._is_older_wanted = self._head.more
        return self._is_older_wanted

    def retry_now(self) -> None:
        """Make the list due, the runs that were not found, and all that is backing off."""
        self._outcomes.retry_now()
        self._rereads.retry_now()
        self._list_due = 0
        self._store.job_index.forget_gone_runs()

    @property
    def has_holes(self) -> bool:
        """Whether some jobs of the list head could not be parsed."""
        return self._head.has_holes

    # What is due

    def due(self) -> Iterator[Fetch]:
        """Yield the list, where it is due, and then the jobs that may have changed and are on the screen."""
        index, mark = self._store.job_index, self._store.stamp()
        unlinked = self._unlinked_runs()
        if self._is_list_due(unlinked):
            yield Fetch(FetchKind.JOBS)
        is_list_read = self._list_read == self._schedule.poll
        if is_list_read:
            self._unlinked = unlinked
        if not index.loaded or not index.offered:
            return
        viewport = self._schedule.jobs_viewport or JobsViewport()
        nonterminal = dict.fromkeys(id_ for id_ in (viewport.shown, *viewport.visible) if id_)
        if is_list_read and unlinked:  # one of them may have begun another run
            nonterminal.update(dict.fromkeys(index.nonterminal_ids()))
        changing = (
            id_
            for id_ in nonterminal
            if index.may_change(id_) and self._store.last_heard_of_job(id_) < mark
        )
        jobs = (Fetch(FetchKind.JOB, id_) for id_ in (*self._to_look_up, *changing))
        yield from list(filter(self._schedule.is_due, jobs))[:_MOST_LOOK_UPS]

    def lacking(self) -> Fetch | None:
        """Return a requested older page, the list on opening, the watched run's job, or a run of the shown job."""
        index = self._store.job_index
        if not index.loaded or not index.offered:
            return None
        if self._is_older_wanted:
            self._is_older_wanted = False
            return Fetch(FetchKind.OLDER_JOBS)
        was_open, self._was_open = self._was_open, self._is_open
        if self._is_open and not was_open and self._schedule.is_due(Fetch(FetchKind.JOBS)):
            return Fetch(FetchKind.JOBS)
        watched, poll = self._schedule.viewport.watched, self._schedule.poll
        job_id = self._job_without_outcome(watched) if watched is not None else None
        if job_id is not None and self._outcomes.is_due(watched, poll):
            self._outcomes.put_off(watched, poll)
            return Fetch(FetchKind.JOB, job_id)
        return self._unknown_run()

    @property
    def _is_open(self) -> bool:
        return self._schedule.jobs_viewport is not None

    def _is_list_due(self, unlinked: frozenset[str]) -> bool:
        index = self._store.job_index
        if not index.offered:
            return self._schedule.poll >= self._list_due
        if not index.loaded or self._is_open or self._schedule.poll >= self._list_due:
            return True
        return not unlinked <= self._unlinked or self._are_holes_due()

    def _unlinked_runs(self) -> frozenset[str]:
        """Return the live runs of no known job: a new job may have started them."""
        index = self._store.job_index
        return frozenset(id_ for id_ in self._store.live_ids() if index.of_run(id_) is None)

    def _are_holes_due(self) -> bool:
        if not self._head.has_holes:
            self._rereads.clear("")
            return False
        is_due = self._rereads.is_due("", self._schedule.poll)
        if is_due:
            pages = math.ceil(len(self._head) / _PAGE)
            self._rereads.put_off("", self._schedule.poll, at_least=pages)
        return is_due

    def _job_without_outcome(self, run_id: str) -> str | None:
        """Return the job of a terminal run that has no outcome of the run yet."""
        index = self._store.job_index
        link = index.of_run(run_id)
        if link is None or link.has_outcome or self._store.is_live(run_id):
            return None
        return link.job_id if index.may_change(link.job_id) else None

    def _unknown_run(self) -> Fetch | None:
        """Return a run of the shown job that was not read yet and may be looked up."""
        shown = self._schedule.jobs_viewport.shown if self._schedule.jobs_viewport else None
        if shown is None:
            return None
        index = self._store.job_index
        for run_id in index.runs_of(shown)[:_MOST_LOOK_UPS]:
            is_known = index.is_run_gone(run_id) or self._store.knows_run(run_id)
            if not is_known and self._schedule.is_due(fetch := Fetch(FetchKind.RUN, run_id)):
                return fetch
        return None

    # What is read

    async def read(self, fetch: Fetch) -> None:
        """Read the list, its next older page, or one job.

        Raises:
            NotOffered: the server offered jobs, and does not now.
            RunloopError: it could not be read.
        """
        match fetch.kind:
            case FetchKind.JOBS:
                await self._read_list()
            case FetchKind.OLDER_JOBS:
                await self._read_older()
            case _:
                await self._read_job(fetch.id)

    async def _read_list(self) -> None:
        """Read the first page, or from the newest down to one that was read.

        Raises:
            NotOffered: the server offered jobs, and does not now.
            RunloopError: a page could not be read.
        """
        index = self._store.job_index
        self._was_open = self._is_open
        try:
            await (self._read_newest() if index.loaded else self._read_first())
        except NotOffered:
            index.offered = False
            self._list_due = self._schedule.poll + self._polls_unoffered
            if index.loaded:
                raise
        else:
            index.offered = True
            self._list_read = self._schedule.poll
            self._list_due = self._schedule.poll + _POLLS_BETWEEN_HEADS

    async def _read_first(self) -> None:
        stamp = self._store.stamp()
        page = await self._client.list_benchmark_jobs(limit=_PAGE, include_total_count=True)
        self._learn_page(page, stamp)
        self._extend(page)
        self._store.job_index.loaded = True

    async def _read_newest(self) -> None:
        stamp = self._store.stamp()
        has_holes = self._head.has_holes
        walk = await self._head.walk(
            lambda after: self._client.list_benchmark_jobs(
                limit=_PAGE if has_holes else _HEAD_PAGE,
                starting_after=after,
                include_total_count=after is None,
            ),
            lambda page: self._learn_page(page, stamp),
            to_oldest=has_holes,
        )
        if walk.total is not None:
            self._store.job_index.in_all = walk.total
        self._to_look_up.update(dict.fromkeys(self._head.join(walk)))
        self._store.job_index.more = self._head.more

    async def _read_older(self) -> None:
        stamp = self._store.stamp()
        page = await self._client.list_benchmark_jobs(limit=_PAGE, starting_after=self._head.oldest)
        self._learn_page(page, stamp)
        self._extend(page)

    async def _read_job(self, job_id: str) -> None:
        stamp = self._store.stamp()
        try:
            job = await self._client.get_benchmark_job(job_id)
        except NotFound:
            self._store.mark_job_gone(job_id, stamp)
            self._head.drop([job_id])
            self._to_look_up.pop(job_id, None)
        else:
            self._warnings.hear([job])
            self._store.learn_jobs([job], stamp)
            self._to_look_up.pop(job_id, None)
            self._head.has_holes = self._head.has_holes or not job.is_whole

    async def find(self, job_id: str) -> None:
        """Read a job by its id, unless it was read.

        Raises:
            NotFound: the server does not know it.
            RunloopError: it could not be read.
        """
        if not self._store.job_index.knows(job_id):
            stamp = self._store.stamp()
            self._store.learn_jobs([await self._client.get_benchmark_job(job_id)], stamp)

    def _learn_page(self, page: "Page[BenchmarkJob]", stamp: int) -> None:
        for job in page.items:
            self._to_look_up.pop(job.id, None)
        self._warnings.hear(page.items, page.warnings)
        self._store.learn_jobs(page.items, stamp)

    def _extend(self, page: "Page[BenchmarkJob]") -> None:
        self._head.extend(page)
        self._store.job_index.more = self._head.more
        if page.total_count is not None:
            self._store.job_index.in_all = page.total_count
