"""Reads benchmark jobs: a page in the beginning, new ones, those that go on and are shown, and one by its id.

Jobs are read whether or not they are on the screen: a run's total and the reasons of its failures come from its job.
"""

import math
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from runloop_tui.api.errors import NotFound, NotOffered
from runloop_tui.monitor.back_off import RARELY, Backoff
from runloop_tui.monitor.health import What
from runloop_tui.monitor.list_head import ListHead

if TYPE_CHECKING:
    from runloop_tui.api.client import Client
    from runloop_tui.api.models import BenchmarkJob
    from runloop_tui.api.paging import Page
    from runloop_tui.monitor.health import Complain
    from runloop_tui.monitor.store import Store

_PAGE = 20
"""Each job comes with all its outcomes."""
_HEAD_PAGE = 3
_MOST_LOOK_UPS = 8
_POLLS_BETWEEN_HEADS = 12
"""While the jobs are not on the screen."""
_UNOFFERED_PAUSE_S = 60.0


@dataclass(frozen=True, slots=True)
class JobsViewport:
    """What of the jobs is on the screen."""

    shown: str | None = None
    """The job that is shown in full."""
    visible: tuple[str, ...] = ()
    """The jobs whose rows are on the screen."""


class Ask(NamedTuple):
    """Something to be asked for: what, the id of it, and what reads it."""

    what: What
    id_: str
    read: Callable[[str], Awaitable[None]]


class JobFetcher:
    """Learns jobs, and says which of them are due. What it reads raises a RunloopError where it cannot be read.

    Args:
        client: asks listBenchmarkJobs and getBenchmarkJob.
        ledger: what it learns jobs into.
        interval_s: seconds between two polls.
        is_due: returns whether something that failed before may be asked for again.
        complain: takes what of an answer could be understood, and what could not.
        find_run: reads a run that is not known; raises a RunloopError where it cannot.
    """

    def __init__(
        self,
        client: "Client",
        ledger: "Store",
        interval_s: float,
        *,
        is_due: Callable[[tuple[str, str]], bool],
        complain: "Complain",
        find_run: Callable[[str], Awaitable[None]],
    ) -> None:
        self._client = client
        self._ledger = ledger
        self._is_due = is_due
        self._polls_unoffered = max(1, math.ceil(_UNOFFERED_PAUSE_S / interval_s))
        self._complain = complain
        self._find_run = find_run
        self._stretch = ListHead()
        self._missing: dict[str, None] = {}
        self._attention: JobsViewport | None = None
        self._is_just_opened = False
        self._is_older_wanted = False
        self._poll = 0
        self._head_due = 0
        self._head_read = -1
        self._unlinked: frozenset[str] = frozenset()
        self._outcomes = Backoff(RARELY)
        self._rereads = Backoff()

    # What is looked at

    def attend(self, attention: JobsViewport | None) -> bool:
        """Take in what of the jobs is on the screen (None: nothing); returns whether that is another than before."""
        if attention == self._attention:
            return False
        self._is_just_opened = self._attention is None and attention is not None
        self._attention = attention
        return True

    def want_older(self) -> bool:
        """Ask for the next page of older jobs; returns whether there are any."""
        self._is_older_wanted = self._stretch.more
        return self._is_older_wanted

    def hurry(self) -> None:
        """Let all that is put off be due."""
        self._outcomes.hurry()
        self._rereads.hurry()

    def ask_newest(self) -> None:
        """Let the newest jobs be due, and the runs that were not found, because a person asks."""
        self._head_due = 0
        self._ledger.job_index.forget_gone_runs()

    @property
    def has_holes(self) -> bool:
        """Whether some jobs of the part of the list that was read could not be read."""
        return self._stretch.has_holes

    # What is due

    def due_at(self, poll: int) -> "Iterator[Ask]":
        """Yield what is due at a poll; to be read one by one, for each answer may change what is due next."""
        self._poll = poll
        index, mark = self._ledger.job_index, self._ledger.stamp()
        unlinked = self._unlinked_runs()
        if self._is_head_due(unlinked):
            yield Ask(What.JOBS, "", self._read_list)
        is_head_read = self._head_read == poll
        if is_head_read:
            self._unlinked = unlinked
        if not index.loaded or not index.offered:
            return
        attention = self._attention or JobsViewport()
        going_on = dict.fromkeys(id_ for id_ in (attention.shown, *attention.visible) if id_)
        if is_head_read and unlinked:  # one of them may have begun another run
            going_on.update(dict.fromkeys(index.unsettled_ids()))
        due = [
            *self._missing,
            *(
                id_
                for id_ in going_on
                if index.may_change(id_) and self._ledger.last_heard_of_job(id_) < mark
            ),
        ]
        due = [job_id for job_id in due if self._is_due((What.JOB, job_id))]
        for job_id in due[:_MOST_LOOK_UPS]:
            yield Ask(What.JOB, job_id, self._read_job)

    def due_meanwhile(self, poll: int, watched: str | None) -> Ask | None:
        """Return one thing that should not wait for the next poll, or None."""
        self._poll = poll
        index = self._ledger.job_index
        if not index.loaded or not index.offered:
            return None
        if self._is_older_wanted:
            self._is_older_wanted = False
            return Ask(What.JOBS, "older", self._read_older)
        is_just_opened, self._is_just_opened = self._is_just_opened, False
        if is_just_opened and self._attention is not None and self._is_due((What.JOBS, "")):
            return Ask(What.JOBS, "", self._read_list)
        job_id = self._job_without_outcome(watched) if watched is not None else None
        if job_id is not None and self._outcomes.is_due(watched, poll):
            self._outcomes.put_off(watched, poll)
            return Ask(What.JOB, job_id, self._read_job)
        unknown = self._unknown_run()
        return Ask(What.RUN, unknown, self._look_up_run) if unknown else None

    def _is_head_due(self, unlinked: frozenset[str]) -> bool:
        index = self._ledger.job_index
        if not index.offered:
            return self._poll >= self._head_due
        if not index.loaded or self._attention is not None or self._poll >= self._head_due:
            return True
        return not unlinked <= self._unlinked or self._are_holes_due()

    def _unlinked_runs(self) -> frozenset[str]:
        """Return the live runs of which no job tells: a job may have begun with them."""
        index = self._ledger.job_index
        return frozenset(id_ for id_ in self._ledger.live_ids() if index.of_run(id_) is None)

    def _are_holes_due(self) -> bool:
        if not self._stretch.has_holes:
            self._rereads.clear("")
            return False
        is_due = self._rereads.is_due("", self._poll)
        if is_due:
            pages = math.ceil(len(self._stretch) / _PAGE)
            self._rereads.put_off("", self._poll, at_least=pages)
        return is_due

    def _job_without_outcome(self, run_id: str) -> str | None:
        """Return the job of an ended run that does not tell yet how the run ended."""
        index = self._ledger.job_index
        link = index.of_run(run_id)
        if link is None or link.has_outcome or self._ledger.is_live(run_id):
            return None
        return link.job_id if index.may_change(link.job_id) else None

    def _unknown_run(self) -> str | None:
        """Return a run of the job that is shown of which nothing else is known, and that may be looked up."""
        if self._attention is None or self._attention.shown is None:
            return None
        index = self._ledger.job_index
        for run_id in index.runs_of(self._attention.shown)[:_MOST_LOOK_UPS]:
            is_known = index.is_run_gone(run_id) or self._ledger.knows_run(run_id)
            if not is_known and self._is_due((What.RUN, run_id)):
                return run_id
        return None

    # What is read

    async def _read_list(self, _: str) -> None:
        """Read the first page, or from the newest down to one that was read.

        Raises:
            NotOffered: the server offered jobs, and does not now.
            RunloopError: a page could not be read.
        """
        index = self._ledger.job_index
        self._is_just_opened = False
        try:
            await (self._read_newest() if index.loaded else self._read_first())
        except NotOffered:
            index.offered = False
            self._head_due = self._poll + self._polls_unoffered
            if index.loaded:
                raise
        else:
            index.offered = True
            self._head_read = self._poll
            self._head_due = self._poll + _POLLS_BETWEEN_HEADS

    async def _read_first(self) -> None:
        stamp = self._ledger.stamp()
        page = await self._client.list_benchmark_jobs(limit=_PAGE, include_total_count=True)
        self._learn_page(page, stamp)
        self._extend(page)
        self._ledger.job_index.loaded = True

    async def _read_newest(self) -> None:
        stamp = self._ledger.stamp()
        has_holes = self._stretch.has_holes
        walk = await self._stretch.walk(
            lambda after: self._client.list_benchmark_jobs(
                limit=_PAGE if has_holes else _HEAD_PAGE,
                starting_after=after,
                include_total_count=after is None,
            ),
            lambda page: self._learn_page(page, stamp),
            to_oldest=has_holes,
        )
        if walk.total is not None:
            self._ledger.job_index.in_all = walk.total
        self._missing.update(dict.fromkeys(self._stretch.join(walk)))
        self._ledger.job_index.more = self._stretch.more

    async def _read_older(self, _: str) -> None:
        stamp = self._ledger.stamp()
        page = await self._client.list_benchmark_jobs(
            limit=_PAGE, starting_after=self._stretch.oldest
        )
        self._learn_page(page, stamp)
        self._extend(page)

    async def _read_job(self, job_id: str) -> None:
        stamp = self._ledger.stamp()
        try:
            job = await self._client.get_benchmark_job(job_id)
        except NotFound:
            self._ledger.mark_job_gone(job_id, stamp)
            self._stretch.drop([job_id])
            self._missing.pop(job_id, None)
        else:
            self._complain([job], ())
            self._ledger.learn_jobs([job], stamp)
            self._missing.pop(job_id, None)
            self._stretch.has_holes = self._stretch.has_holes or not job.is_whole

    async def _look_up_run(self, run_id: str) -> None:
        try:
            await self._find_run(run_id)
        except NotFound:
            self._ledger.job_index.mark_run_gone(run_id)

    async def find(self, job_id: str) -> None:
        """Ask for a job by its id, unless it was read.

        Raises:
            NotFound: the server does not know it.
            RunloopError: it could not be asked for.
        """
        if not self._ledger.job_index.knows(job_id):
            stamp = self._ledger.stamp()
            self._ledger.learn_jobs([await self._client.get_benchmark_job(job_id)], stamp)

    def _learn_page(self, page: "Page[BenchmarkJob]", stamp: int) -> None:
        for job in page.items:
            self._missing.pop(job.id, None)
        self._complain(page.items, page.complaints)
        self._ledger.learn_jobs(page.items, stamp)

    def _extend(self, page: "Page[BenchmarkJob]") -> None:
        self._stretch.extend(page)
        self._ledger.job_index.more = self._stretch.more
        if page.total_count is not None:
            self._ledger.job_index.in_all = page.total_count
