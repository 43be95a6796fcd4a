"""Asks for jobs beside the monitor's poll: a page in the beginning, and more only while somebody looks at them.

While the jobs are on the screen, new ones are looked for at the interval, and those that go on and are shown are
asked for one by one. A job that is over is not asked for again. A server that offers none is left alone.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from runloop_tui.api.errors import NotFound, NotOffered, RunloopError
from runloop_tui.api.paging import each_page
from runloop_tui.monitor.health import Trouble, What
from runloop_tui.monitor.jobs import JobsBook
from runloop_tui.monitor.reach import concerns_all

if TYPE_CHECKING:
    from runloop_tui.api.client import Client
    from runloop_tui.api.models import BenchmarkJob
    from runloop_tui.api.paging import Page
    from runloop_tui.monitor.ledger import Ledger
    from runloop_tui.monitor.pacing import Pacing

_PAGE = 20
"""Each job comes with all its outcomes."""
_HEAD_PAGE = 3
_MOST_LOOK_UPS = 8
_MOST_LOOKS_FOR_AN_OUTCOME = 3


@dataclass(frozen=True, slots=True)
class JobsAttention:
    """What of the jobs is on the screen."""

    shown: str | None = None
    """The job that is shown in full."""
    visible: tuple[str, ...] = ()
    """The jobs whose rows are on the screen."""


class JobWatch:
    """Reads jobs into the ledger.

    Args:
        client: asks listBenchmarkJobs and getBenchmarkJob.
        ledger: what it learns jobs into.
        pacing: how long to rest between two looks.
        jitter: gives a number from 0 to 1.
        publish: hands out what is known now.
        find_run: reads a run that is not known; raises a RunloopError where it cannot.
    """

    def __init__(
        self,
        client: "Client",
        ledger: "Ledger",
        pacing: "Pacing",
        *,
        jitter: Callable[[], float],
        publish: Callable[[], None],
        find_run: Callable[[str], Awaitable[None]],
    ) -> None:
        self._client = client
        self._ledger = ledger
        self._pacing = pacing
        self._jitter = jitter
        self._publish = publish
        self._find_run = find_run
        self._book = JobsBook()
        self._attention: JobsAttention | None = None
        self._begun = asyncio.Event()
        self._wake = asyncio.Event()
        self._is_hurried = False
        self._older_asked = False
        self._oldest_read: str | None = None
        self._run_failures: set[str] = set()
        self._looks_for_outcome: dict[str, int] = {}
        self._outcome_wanted: str | None = None
        self._halts = 0

    # What the screens ask of it

    def begin(self) -> None:
        """Read the first page, so that runs know their jobs; what is asked for first is not jobs."""
        self._begun.set()

    def attend(self, attention: JobsAttention | None) -> None:
        """Say what of the jobs is looked at; None while they are not on the screen."""
        if attention == self._attention:
            return
        if self._attention is None and self._book.offered:
            self._is_hurried = True
        self._attention = attention
        self._wake.set()

    def want_outcome(self, run_id: str) -> None:
        """A run that has ended is looked at: its job will tell why scenarios failed, if it does not yet."""
        link = self._book.of_run(run_id)
        looks = self._looks_for_outcome.get(run_id, 0)
        if link and not link.has_outcome and looks < _MOST_LOOKS_FOR_AN_OUTCOME:
            self._outcome_wanted = run_id
            self._wake.set()

    def want_older(self) -> None:
        """Read the next page of older jobs, if there are any."""
        if self._book.more and not self._older_asked:
            self._older_asked = True
            self._wake.set()

    def refresh(self) -> None:
        """Look now, and try again what failed."""
        self._is_hurried = True
        self._run_failures.clear()
        self._wake.set()

    async def find(self, job_id: str) -> None:
        """Ask for a job by its id, unless it was read.

        Raises:
            NotFound: the server does not know it.
            RunloopError: it could not be asked for.
        """
        if not self._book.knows(job_id):
            self._learn([await self._client.get_benchmark_job(job_id)])
            self._commit()

    # The loop

    async def run(self) -> None:
        """Look until canceled."""
        await self._begun.wait()
        while True:
            rest_s = await self.look()
            await self._rest(rest_s)

    async def look(self) -> float:
        """Ask once for all that is due, and say how many seconds to rest. Raises no RunloopError."""
        error: RunloopError | None = None
        try:
            if not self._book.loaded:
                await self._read_first()
            elif self._attention is not None:
                seen = await self._read_newest()
                await self._read_shown(self._attention, but=seen)
            self._book.offered, self._book.trouble = True, None
        except NotOffered as not_offered:
            error = not_offered
            self._book.offered, self._book.trouble = False, None
        except RunloopError as failed:
            error = failed
            self._book.trouble = Trouble(What.JOBS, failed)
        self._halts = self._halts + 1 if error else 0
        self._commit()
        return self._pacing.rest_s(self._halts, error, self._jitter())

    async def read_meanwhile(self) -> bool:
        """Read one thing that should not wait for the next look; False where there is none."""
        if not self._book.offered or self._halts:
            return False
        if self._older_asked:
            self._older_asked = False
            await self._try(What.JOBS, self._read_older)
        elif (run_id := self._outcome_wanted) is not None:
            self._outcome_wanted = None
            self._looks_for_outcome[run_id] = self._looks_for_outcome.get(run_id, 0) + 1
            if (link := self._book.of_run(run_id)) and self._book.may_change(link.job_id):
                await self._try(What.JOB, lambda: self._read_job(link.job_id))
        elif (unknown := self._unknown_run()) is not None:
            await self._try(What.RUN, lambda: self._look_up_run(unknown))
        else:
            return False
        self._commit()
        return True

    async def _rest(self, rest_s: float) -> None:
        """Wait for the next look, for ever while nobody looks at jobs, or there are none here."""
        due = asyncio.get_running_loop().time() + rest_s
        while not self._is_hurried:
            self._wake.clear()
            if await self.read_meanwhile():
                continue
            is_polled = self._attention is not None and self._book.offered
            try:
                async with asyncio.timeout_at(due if is_polled else None):
                    await self._wake.wait()
            except TimeoutError:
                break
        self._is_hurried = False

    # What is read

    async def _read_first(self) -> None:
        page = await self._client.list_benchmark_jobs(limit=_PAGE, include_total_count=True)
        self._learn(page.items)
        self._book.in_all = page.total_count
        self._move_oldest(page)
        self._book.loaded = True

    async def _read_newest(self) -> set[str]:
        """Read from the newest down to one that is known; gives the ids of all that were read."""
        seen: set[str] = set()
        async for page in each_page(
            lambda after: self._client.list_benchmark_jobs(
                limit=_HEAD_PAGE, starting_after=after, include_total_count=after is None
            )
        ):
            met = bool(page.items) and self._book.knows(page.items[-1].id)
            self._learn(page.items)
            seen.update(job.id for job in page.items)
            if page.total_count is not None:
                self._book.in_all = page.total_count
            if met:
                break
        return seen

    async def _read_shown(self, attention: JobsAttention, *, but: set[str]) -> None:
        """Read those that are shown and go on, one by one; one that fails must not cost the others."""
        shown = dict.fromkeys(id_ for id_ in (attention.shown, *attention.visible) if id_)
        due = [id_ for id_ in shown if id_ not in but and self._book.may_change(id_)]
        failed: RunloopError | None = None
        for job_id in due[:_MOST_LOOK_UPS]:
            try:
                await self._read_job(job_id)
            except RunloopError as error:
                if concerns_all(error):
                    raise
                failed = error
        if failed is not None:
            raise failed

    async def _read_older(self) -> None:
        page = await self._client.list_benchmark_jobs(limit=_PAGE, starting_after=self._oldest_read)
        self._learn(page.items)
        self._move_oldest(page)

    async def _read_job(self, job_id: str) -> None:
        try:
            self._learn([await self._client.get_benchmark_job(job_id)])
        except NotFound:
            self._book.mark_gone(job_id)

    async def _look_up_run(self, run_id: str) -> None:
        self._run_failures.add(run_id)
        try:
            await self._find_run(run_id)
        except NotFound:
            self._book.mark_run_gone(run_id)

    def _unknown_run(self) -> str | None:
        """A run of the job that is shown of which nothing else is known, and that was not asked for in vain."""
        if self._attention is None or self._attention.shown is None:
            return None
        for run_id in self._book.runs_of(self._attention.shown)[:_MOST_LOOK_UPS]:
            is_new = run_id not in self._run_failures and not self._book.is_run_gone(run_id)
            if is_new and not self._ledger.knows_run(run_id):
                return run_id
        return None

    async def _try(self, what: str, read: Callable[[], Awaitable[None]]) -> None:
        try:
            await read()
        except RunloopError as error:
            self._book.trouble = Trouble(what, error)

    def _move_oldest(self, page: "Page[BenchmarkJob]") -> None:
        moved = bool(page.items) and page.items[-1].id != self._oldest_read
        if moved:
            self._oldest_read = page.items[-1].id
        self._book.more = page.has_more and moved

    def _learn(self, jobs: "Iterable[BenchmarkJob]") -> None:
        for run_id in self._book.learn(jobs):
            if (link := self._book.of_run(run_id)) is not None:
                self._ledger.learn_job(run_id, link)

    def _commit(self) -> None:
        self._ledger.jobs = self._book.jobs()
        self._publish()
