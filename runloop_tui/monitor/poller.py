"""What to ask next, how often, and what to do when it fails.

One loop: ask, commit, rest. What is on screen is asked at every poll, other live runs more rarely, and what has
ended not at all once it was read whole.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from runloop_tui.api.errors import NotOffered, RunloopError
from runloop_tui.monitor.back_off import Backoff, Pacing, FailedFetches, Thing, concerns_all
from runloop_tui.monitor.concurrency import Abandonable
from runloop_tui.monitor.fetch_benchmarks import DefinitionNames, Totals
from runloop_tui.monitor.fetch_jobs import JobsViewport, JobFetcher
from runloop_tui.monitor.fetch_runs import OlderRuns, RunFetcher
from runloop_tui.monitor.fetch_scenario_runs import ScenarioRunFetcher
from runloop_tui.monitor.health import (
    Complaints,
    Health,
    Item,
    Trouble,
    Unexpected,
    What,
    faults_told,
)
from runloop_tui.monitor.schedule import (
    Viewport,
    Schedule,
    benchmark_to_read,
    definitions_to_read,
    run_to_count,
)
from runloop_tui.monitor.snapshot import Snapshot

if TYPE_CHECKING:
    from runloop_tui.api.client import Client
    from runloop_tui.monitor.query import RunFilter
    from runloop_tui.monitor.store import Store

_POLLS_BETWEEN_HEADS = 6
_LONG_SILENCE_MS = 3_000
_ABANDONED_AFTER_MS = 1_000
"""So long must an answer be in coming for a refresh to give the request up."""
_OF_JOBS = frozenset({What.JOBS, What.JOB})
_OVERDUE_MS = 2_000
"""A next try that is so late was slept through: the machine's clock went on, the loop's did not."""


class Poller:
    """Polls Runloop and hands each new snapshot and each change of health to those who watch."""

    def __init__(
        self,
        client: "Client",
        ledger: "Store",
        pacing: Pacing,
        *,
        now: Callable[[], int],
        jitter: Callable[[], float],
        on_snapshot: Callable[[Snapshot], None],
        on_health: Callable[[Health], None],
        on_fault: Callable[[Exception], None],
    ) -> None:
        self._client = client
        self._ledger = ledger
        self._pacing = pacing
        self._now = now
        self._jitter = jitter
        self._on_snapshot = on_snapshot
        self._on_health = on_health
        self._on_fault = on_fault
        self._runs = RunFetcher(client, ledger, complain=self._complain)
        self._older = OlderRuns(ledger, self._runs, publish=self.publish)
        self._follower = ScenarioRunFetcher(
            client, ledger, poll=lambda: self._poll, publish=self.publish, complain=self._complain
        )
        self._names = DefinitionNames(
            client, ledger, poll=lambda: self._poll, complain=self._complain
        )
        self._totals = Totals(client, ledger, poll=lambda: self._poll, complain=self._complain)
        self._turns = Schedule(ledger, self._follower)
        self._postponed = FailedFetches(lambda: ledger.newest_stamp, self._last_heard)
        self._rereads = Backoff()
        self._jobs = JobFetcher(
            client,
            ledger,
            pacing.interval_s,
            is_due=lambda thing: self._postponed.is_due(thing, self._poll),
            complain=self._complain,
            find_run=self.find_run,
        )
        self._work = Abandonable()
        self._complaints = Complaints()
        self._attention = Viewport()
        self._wake = asyncio.Event()
        self._refresh_asked = False
        self._is_head_asked = False
        self._is_all_asked = self._are_counts_asked = False
        self._poll = -1  # the number of the current poll, from 0
        self._has_failed = False  # something, since this poll's beginning
        self._owed: dict[str, None] = {}  # runs whose scenario runs were due, and were not read
        self._uncounted_at = -1  # the poll at which the counts of a run could not be read
        self._halt: RunloopError | None = None
        self._halts = 0
        self._troubles: list[Trouble] = []
        self.snapshot = Snapshot()
        self.health = Health()

    # What the screen asks of it

    def attend(self, attention: Viewport) -> None:
        """Say what is being looked at; what of it was not read yet is asked for at once."""
        if attention != self._attention:
            self._attention = attention
            self._wake.set()

    def attend_jobs(self, attention: JobsViewport | None) -> None:
        """Say what of the jobs is being looked at; None while they are not on the screen."""
        if self._jobs.attend(attention):
            self._wake.set()

    def refresh(self) -> None:
        """Poll now, as `r` asks, and try again what failed; a request that is not answered is given up for it."""
        self._refresh_asked = self._is_head_asked = self._is_all_asked = True
        parts = (self._runs, self._follower, self._jobs, self._totals, self._names)
        for part in (self._postponed, self._rereads, *parts):
            part.hurry()
        self._jobs.ask_newest()
        since = self._client.silent_since_ms
        if since is not None and self._now() - since >= _ABANDONED_AFTER_MS:
            self._work.give_up()
        self._wake.set()

    def want_older_jobs(self) -> None:
        """Read the next page of older jobs, if there are any."""
        if self._jobs.want_older():
            self._wake.set()

    def want_older(self, *, to_the_end: bool = False) -> None:
        """Read the next page of older runs, or all of them, if there are any."""
        if self._older.want(to_the_end=to_the_end):
            self._wake.set()

    def want_found(self, wanted: "RunFilter") -> None:
        """Ask the server for what a filter wants, if there are runs that were not read; the last filter counts."""
        if self._older.want_found(wanted):
            self._wake.set()

    def tell_time(self) -> None:
        """Notice what time alone brings, about once a second: a long silence, a next try that was slept through."""
        now, since, due = self._now(), self._client.silent_since_ms, self.health.next_try_ms
        is_long = since is not None and now - since >= _LONG_SILENCE_MS
        self._set_health(replace(self.health, silent_since_ms=since if is_long else None))
        if due is not None and now - due > _OVERDUE_MS:
            self._refresh_asked = True
            self._wake.set()

    @property
    def is_cut_off(self) -> bool:
        """Tell whether the last poll failed in a way that concerns all, or an answer is long in coming."""
        return self._halts > 0 or self.health.silent_since_ms is not None

    @property
    def _is_halted(self) -> bool:
        return self._halt is not None

    def publish(self) -> None:
        """Hand out what is known now, unless it equals what was handed out before."""
        snapshot = self._ledger.snapshot(self._now() + self._client.skew_ms)
        if snapshot != self.snapshot:
            self.snapshot = snapshot
            self._on_snapshot(snapshot)

    async def find_run(self, run_id: str) -> None:
        """Ask for a run by its id, whether or not it stands in the list that was read.

        Raises:
            NotFound: the server does not know it.
            RunloopError: it could not be asked for.
        """
        if not self._ledger.knows_run(run_id):
            await self._runs.look_up(run_id)
            self.publish()

    async def find_job(self, job_id: str) -> None:
        """Ask for a job by its id, whether or not it stands in the list that was read.

        Raises:
            NotFound: the server does not know it.
            RunloopError: it could not be asked for.
        """
        await self._jobs.find(job_id)
        self.publish()

    # The loop

    async def run(self) -> None:
        """Poll until canceled; a fault of our own is told, and ends a poll but never the polling."""
        while True:
            await self._work.run(self._poll_and_rest())
            self._refresh_asked = False

    async def _poll_and_rest(self) -> None:
        try:
            with faults_told(self._on_fault):
                rest_s = await self.poll()
                await self._rest(rest_s)
        except Unexpected as error:
            self._halt = error
            self._troubles.append(Trouble(What.LIST, error))
            await self._rest(self._commit_health())

    async def poll(self) -> float:
        """Ask once for all that is due, commit it, and say how many seconds to rest. Raises no RunloopError."""
        self._set_health(replace(self.health, next_try_ms=None))
        self._poll += 1
        self._has_failed = False
        self._halt = None
        self._troubles = []
        for run_id in (*await self._read_runs(), *self._turns.to_look_up(self._poll)):
            if not await self._ask(What.RUN, run_id, self._runs.look_up) and self._troubles:
                break  # what could not be read of one run is not asked for of eight at once
        if self._poll == 0:
            await self._read_jobs()  # a run's total is that of its job
        await self._read_due_runs()
        if self._poll > 0:
            await self._read_jobs()
        self._ledger.close_books(keep={self._attention.watched or "", *self._ledger.live_ids()})
        self.publish()
        return self._commit_health()

    async def _rest(self, rest_s: float) -> None:
        """Wait; meanwhile read what the person has turned to, and fill in the counts of ended runs on screen."""
        loop = asyncio.get_running_loop()
        due = loop.time() + rest_s
        while not self._refresh_asked and loop.time() < due:
            self._wake.clear()
            if self._halt is None and await self._read_meanwhile():
                due = self._due_after_reading(due)
                continue
            try:
                async with asyncio.timeout_at(due):
                    await self._wake.wait()
            except TimeoutError:
                break

    def _due_after_reading(self, due: float) -> float:
        """When to poll again: later than meant, where what was read meanwhile failed in a way that concerns all."""
        if self._halt is None:
            return due
        return asyncio.get_running_loop().time() + self._commit_health()

    async def _read_meanwhile(self) -> bool:
        """Read one thing that should not wait for the next poll; False where there is none."""
        poll = self._poll
        attention = self._attention
        if self._uncounted_at == poll:
            # What could not be read of one run is not asked for of twenty at once.
            attention = replace(attention, visible=())
        seen = (attention, self._ledger, self._postponed, poll)
        if self._older.is_search_asked and self._postponed.is_due((What.FOUND, ""), self._poll):
            await self._ask(What.FOUND, "", self._older.find)
        elif self._older.is_asked and self._postponed.is_due((What.OLDER, ""), self._poll):
            await self._ask(What.OLDER, "", self._older.read)
        elif (run_id := run_to_count(*seen, self._rereads)) is not None:
            is_again = self._ledger.has_unread(run_id)
            await self._read_run(run_id)
            if not self._ledger.has_tally(run_id) or (is_again and self._ledger.has_unread(run_id)):
                self._uncounted_at = poll
            if self._ledger.has_unread(run_id):
                self._rereads.put_off(run_id, poll, at_least=self._follower.pages_of(run_id))
            else:
                self._rereads.clear(run_id)
        elif (benchmark_id := benchmark_to_read(*seen, self._totals)) is not None:
            await self._ask(What.BENCHMARK, benchmark_id, self._totals.read)
        elif (benchmark_id := definitions_to_read(*seen, self._names)) is not None:
            await self._ask(What.NAMES, benchmark_id, self._names.read_on)
        elif (ask := self._jobs.due_meanwhile(poll, self._attention.watched)) is not None:
            await self._ask(*ask)
            self._commit_jobs()
        else:
            return False
        self.publish()
        self._set_health(
            replace(
                self.health,
                trouble=self._worst_trouble(),
                complaints=self._all_complaints(),
            )
        )
        return True

    async def _ask(self, what: str, id_: str, read: Callable[[str], Awaitable[None]]) -> bool:
        """Ask for one thing, unless all asking has to wait, or this failed and is not due again.

        Returns whether it was read.
        """
        thing = (what, id_)
        if self._halt is not None or not self._postponed.is_due(thing, self._poll):
            return False
        try:
            with faults_told(self._on_fault):
                await read(id_)
        except RunloopError as error:
            self._has_failed = True
            pages = self._follower.pages_of(id_) if what == What.SCENARIO_RUNS else 1
            trouble = self._postponed.failed(thing, Trouble(what, error), self._poll, pages)
            is_of_jobs = what in _OF_JOBS
            if concerns_all(error) and not (is_of_jobs and isinstance(error, NotOffered)):
                self._halt = error
            if self._halt is not None or not is_of_jobs:
                self._troubles.append(trouble)
            return False
        self._postponed.succeeded(thing)
        return True

    # What is due

    async def _read_runs(self) -> list[str]:
        """Read the list, without which nothing else is asked for; gives the runs that have left it."""
        try:
            if not self._ledger.loaded:
                await self._runs.read_first()
                self.publish()
                return []
            if self._poll % _POLLS_BETWEEN_HEADS == 0 or self._runs.has_holes_to_read(self._poll):
                self._is_head_asked = True
            is_told = self._is_head_asked and await self._read_head()
            if not is_told:
                await self._runs.read_running()
            return self._runs.to_look_up(lambda id_: self._is_due(What.RUN, id_))
        except RunloopError as error:
            self._has_failed = True
            self._troubles.append(Trouble(What.LIST, error))
            self._halt = error
            return []

    async def _read_head(self) -> bool:
        """Read the newest runs, unless that has failed and is put off; returns whether all live ones were among them.

        Raises:
            RunloopError: a page could not be read.
        """
        if not self._rereads.is_due(What.LIST, self._poll):
            return False
        self._rereads.put_off(What.LIST, self._poll)
        is_told = await self._runs.read_newest()
        self._rereads.clear(What.LIST)
        self._is_head_asked = False
        return is_told

    def _is_due(self, what: What, id_: str) -> bool:
        return self._postponed.is_due((what, id_), self._poll)

    async def _read_jobs(self) -> None:
        """Read the jobs that are due, unless all asking has to wait."""
        if self._halt is not None:
            return
        for ask in self._jobs.due_at(self._poll):
            await self._ask(*ask)
            if self._is_halted:
                break
        self._commit_jobs()

    def _commit_jobs(self) -> None:
        """Say of the jobs what could not be read of them."""
        failed = (
            trouble
            for (what, _), trouble in self._postponed.waiting(self._poll)
            if what in _OF_JOBS
        )
        self._ledger.job_index.trouble = next(failed, None)
        self.publish()

    async def _read_due_runs(self) -> None:
        """Read the scenario runs of all runs whose turn it is, at any moment first of the one that is watched."""
        attention = self._attention
        at_once: set[str | None] = {
            attention.watched,
            *(attention.visible if self._is_all_asked else ()),
        }
        self._are_counts_asked, self._is_all_asked = self._is_all_asked, False
        at_once.update(self._owed)
        live_ids = self._ledger.live_ids()
        at_once.update(id_ for id_ in live_ids if self._follower.is_reread_due(id_))
        due = self._turns.to_read(at_once, self._poll)
        self._owed = dict(due)
        while due and self._halt is None:
            watched = self._attention.watched
            run_id = watched if watched in due else next(iter(due))
            due.pop(run_id)
            await self._read_run(run_id)
            self.publish()

    async def _read_run(self, run_id: str) -> None:
        """Read the scenario runs of a run, and first how many there will be, unless that was asked."""
        benchmark_id = self._ledger.benchmark_to_ask(run_id)
        if benchmark_id is not None and self._totals.is_due(benchmark_id):
            await self._ask(What.BENCHMARK, benchmark_id, self._totals.read)
        read: Callable[[str], Awaitable[None]] = self._follower.close
        if self._ledger.is_live(run_id):
            is_watched = run_id == self._attention.watched and not self._are_counts_asked
            read = partial(self._follower.follow, is_watched=is_watched)
        if await self._ask(What.SCENARIO_RUNS, run_id, read):
            self._owed.pop(run_id, None)

    # Health

    def _commit_health(self) -> float:
        """Say how the asking went; gives the seconds to rest, which grow only with what concerns all."""
        if not (self._has_failed or self._is_anything_unread()):
            self._complaints.forget_unnamed()
        self._halts = self._halts + 1 if self._halt else 0
        rest_s = self._pacing.rest_s(self._halts, self._halt, self._jitter())
        trouble = self._worst_trouble()
        now = self._now()
        self._set_health(
            Health(
                fresh_ms=self.health.fresh_ms if trouble else now,
                trouble=trouble,
                next_try_ms=now + int(rest_s * 1000),
                skew_ms=self._client.skew_ms,
                complaints=self._all_complaints(),
            )
        )
        return rest_s

    def _is_anything_unread(self) -> bool:
        """Return whether something is listed that could not be read, or not whole."""
        return self._runs.has_holes or self._jobs.has_holes or self._ledger.has_any_unread()

    def _worst_trouble(self) -> Trouble | None:
        """What halted the asking, else what failed at this poll, else what failed before and is not due again."""
        if self._troubles:
            return self._troubles[-1] if self._halt else self._troubles[0]
        waiting = self._postponed.waiting(self._poll)
        return next((trouble for thing, trouble in waiting if self._is_missed(*thing)), None)

    def _all_complaints(self) -> tuple[str, ...]:
        """What of the answers could not be understood, and that jobs could not be read, which costs no run."""
        complaints = self._complaints.recent(self._poll)
        trouble = self._ledger.job_index.trouble
        if trouble is None or self._halt is not None:
            return complaints
        return (f"could not read {trouble.what}: {trouble.error.in_short}", *complaints)

    def _last_heard(self, thing: Thing) -> int:
        """The stamp of the last answer about a thing, whichever request brought it."""
        what, id_ = thing
        if what == What.RUN:
            return self._ledger.last_heard(id_)
        return self._ledger.last_heard_of_job(id_) if what == What.JOB else 0

    def _is_missed(self, what: str, id_: str) -> bool:
        """Tell whether what is shown is not fresh for want of this."""
        if what == What.RUN:
            return self._ledger.is_live(id_)
        if what == What.SCENARIO_RUNS:
            return id_ == self._attention.watched or self._turns.is_followed(id_)
        return False

    def _set_health(self, health: Health) -> None:
        if health != self.health:
            self.health = health
            self._on_health(health)

    def _complain(self, items: Sequence[Item], complaints: Sequence[str]) -> None:
        if self._complaints.hear(items, complaints, self._poll):
            self._has_failed = True
