"""The poller: the one loop that reads. It fetches what is due, publishes the snapshot and the health, and rests.

Each fetcher says what is due; what is on the screen is read at every poll, other live runs at every sixth, and what is
terminal not at all once it was read whole. Between two polls the poller reads what has come on the screen and was not
read yet, and the devbox log that is followed. A failure halts the poll where its error scope is everything
(`concerns_all`: no connection, wrong key, Retry-After); else it puts off only that fetch.
"""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from runloop_tui.api.errors import NotOffered, RunloopError
from runloop_tui.monitor.back_off import PollInterval, concerns_all
from runloop_tui.monitor.concurrency import Abandonable
from runloop_tui.monitor.fetch_benchmarks import BenchmarkFetcher
from runloop_tui.monitor.fetch_jobs import JobFetcher
from runloop_tui.monitor.fetch_log_activity import LogActivityFetcher
from runloop_tui.monitor.fetch_runs import RunFetcher
from runloop_tui.monitor.fetch_scenario_runs import ScenarioRunFetcher
from runloop_tui.monitor.health import (
    FetchKind,
    Health,
    InternalError,
    ReadFailure,
    Warnings,
    errors_reported,
)
from runloop_tui.monitor.schedule import Fetch, Fetcher, JobsViewport, Schedule, Viewport

if TYPE_CHECKING:
    from runloop_tui.api.client import Client
    from runloop_tui.monitor.fetch_devbox_logs import DevboxLogFetcher
    from runloop_tui.monitor.query import RunFilter
    from runloop_tui.monitor.store import Store

_LONG_SILENCE_MS = 3_000
_ABANDONED_AFTER_MS = 1_000
"""A refresh cancels a request that has been unanswered for this long."""
_OVERDUE_MS = 2_000
"""A poll that is later than this was missed in suspend: the wall clock went on, the event loop's did not."""
_OF_JOBS = frozenset({FetchKind.JOBS, FetchKind.OLDER_JOBS, FetchKind.JOB})


class Poller:
    """Polls Runloop into the store, and publishes the health of the polling.

    Args:
        client: sends the requests.
        store: takes the answers in, and publishes them.
        interval: how long to rest between two polls.
        now: Unix ms on our clock.
        jitter: returns a number from 0 to 1.
        on_error: takes internal errors, which end a fetch or a poll but never the loop.
    """

    def __init__(
        self,
        client: "Client",
        store: "Store",
        interval: PollInterval,
        *,
        now: Callable[[], int],
        jitter: Callable[[], float],
        on_error: Callable[[Exception], None],
    ) -> None:
        self._client = client
        self._store = store
        self._interval = interval
        self._now = now
        self._jitter = jitter
        self._on_error = on_error
        self._schedule = schedule = Schedule(store)
        self.warnings = warnings = Warnings(lambda: schedule.poll)
        parts = (client, store, schedule, warnings)
        self._runs = RunFetcher(*parts)
        self._benchmarks = BenchmarkFetcher(*parts)
        self._scenario_runs = ScenarioRunFetcher(*parts, benchmarks=self._benchmarks)
        self._jobs = JobFetcher(*parts, interval_s=interval.interval_s)
        self._log: DevboxLogFetcher | None = None
        self._log_activity = LogActivityFetcher(
            client,
            store,
            schedule,
            interval_s=interval.interval_s,
            now=lambda: now() + client.skew_ms,
            followed=lambda: self._log,
        )
        self._work = Abandonable()
        self._wake = asyncio.Event()
        self._is_refresh_asked = False
        self._is_all_asked = False  # for the next poll: a refresh may come during this one
        self._has_failed = False  # any fetch since this poll began
        self._halt: RunloopError | None = None
        self._halts = 0
        self._failures: list[ReadFailure] = []
        self._subscribers: list[Callable[[Health], None]] = []
        self.health = Health()

    def subscribe(self, on_health: Callable[[Health], None]) -> None:
        """Call `on_health` with each change of the health."""
        self._subscribers.append(on_health)

    # Called by the screens

    def show(self, viewport: Viewport) -> None:
        """Set what of the runs is on the screen; what of it was not read yet is read at once."""
        if viewport != self._schedule.viewport:
            self._schedule.viewport = viewport
            self._wake.set()

    def show_jobs(self, viewport: JobsViewport | None) -> None:
        """Set what of the jobs is on the screen; None while none are."""
        if viewport != self._schedule.jobs_viewport:
            self._schedule.jobs_viewport = viewport
            self._wake.set()

    def suspect(self, scenario_run_ids: tuple[str, ...]) -> None:
        """Set which scenario runs are slow: their devbox logs are read for how long they have been silent."""
        if scenario_run_ids != self._schedule.suspects:
            self._schedule.suspects = scenario_run_ids
            self._wake.set()

    def follow_log(self, log: "DevboxLogFetcher") -> None:
        """Read a devbox's log whenever it is due, before all else, until it is closed or another is followed."""
        self._log = log
        self._wake.set()

    def refresh_log(self) -> None:
        """Read the log that is followed now; a request that has been unanswered for 1 s is canceled."""
        if self._log is not None:
            self._log.retry_now()
        self._give_up_silent()
        self._wake.set()

    def refresh(self) -> None:
        """Poll now, and try again what failed; a request that has been unanswered for 1 s is canceled."""
        self._is_refresh_asked = self._is_all_asked = True
        self._schedule.failed.retry_now()
        for fetcher in self._fetchers():
            fetcher.retry_now()
        if self._log is not None:
            self._log.retry_now()
        self._give_up_silent()
        self._wake.set()

    def _give_up_silent(self) -> None:
        since = self._client.stalled_since_ms
        if since is not None and self._now() - since >= _ABANDONED_AFTER_MS:
            self._work.give_up()

    def want_older_jobs(self) -> None:
        """Read the next page of older jobs, if there are any."""
        if self._jobs.want_older():
            self._wake.set()

    def want_older(self, *, to_the_end: bool = False) -> None:
        """Read the next page of older runs, or all of them, if there are any."""
        if self._runs.want_older(to_the_end=to_the_end):
            self._wake.set()

    def want_found(self, wanted: "RunFilter") -> None:
        """Search the server for runs that match a filter, unless all runs were read; the last filter counts."""
        if self._runs.want_found(wanted):
            self._wake.set()

    async def find_run(self, run_id: str) -> None:
        """Read a run by its id, unless it was read.

        Raises:
            NotFound: the server does not know it.
            RunloopError: it could not be read.
        """
        await self._runs.find(run_id)
        self._store.publish()

    async def find_job(self, job_id: str) -> None:
        """Read a job by its id, unless it was read.

        Raises:
            NotFound: the server does not know it.
            RunloopError: it could not be read.
        """
        await self._jobs.find(job_id)
        self._store.publish()

    def check_time(self) -> None:
        """Check the clock, about once a second: for a request unanswered for 3 s, and a poll missed in suspend."""
        now, since, due = self._now(), self._client.stalled_since_ms, self.health.next_try_ms
        is_long = since is not None and now - since >= _LONG_SILENCE_MS
        self._set_health(replace(self.health, stalled_since_ms=since if is_long else None))
        if due is not None and now - due > _OVERDUE_MS:
            self._is_refresh_asked = True
            self._wake.set()

    @property
    def is_unreachable(self) -> bool:
        """Whether the last poll was halted, or a request has been unanswered for 3 s: an action then looks first."""
        return self._halts > 0 or self.health.stalled_since_ms is not None

    # The loop

    async def run(self) -> None:
        """Poll until canceled; an internal error is reported, and ends a poll but never the loop."""
        while True:
            await self._work.run(self._poll_and_rest())
            self._is_refresh_asked = False

    async def _poll_and_rest(self) -> None:
        try:
            with errors_reported(self._on_error):
                rest_s = await self.poll()
                await self._rest(rest_s)
        except InternalError as error:
            self._halt = error
            self._failures.append(ReadFailure(FetchKind.LIST, error))
            await self._rest(self._commit_health())

    async def poll(self) -> float:
        """Fetch all that is due once, publish it, and return the seconds to rest. Raises no RunloopError."""
        self._set_health(replace(self.health, next_try_ms=None))
        self._schedule.poll += 1
        self._schedule.is_all_asked, self._is_all_asked = self._is_all_asked, False
        self._halt, self._has_failed, self._failures = None, False, []
        for fetcher in self._fetchers():
            for fetch in fetcher.due():
                await self._fetch(fetch)
                if self.is_halted:
                    break
            if self.is_halted:
                break
        viewport = self._schedule.viewport
        self._store.release_scenario_runs(
            keep={viewport.watched or "", *viewport.compared, *self._store.live_ids()}
        )
        self._publish()
        return self._commit_health()

    def _fetchers(self) -> tuple[Fetcher, ...]:
        """Return the fetchers in order; at the first poll jobs come before scenario runs: they hold a run's total."""
        jobs, scenario_runs = self._jobs, self._scenario_runs
        last = self._benchmarks, self._log_activity
        if self._schedule.poll <= 0:
            return self._runs, jobs, scenario_runs, *last
        return self._runs, scenario_runs, jobs, *last

    async def _rest(self, rest_s: float) -> None:
        """Wait until the next poll is due; meanwhile read what is lacking on the screen, and the followed log."""
        loop = asyncio.get_running_loop()
        due = loop.time() + rest_s
        while not self._is_refresh_asked and loop.time() < due:
            self._wake.clear()
            if await self._read_log() or (not self.is_halted and await self.read_lacking()):
                due = self._due_after_reading(due)
                continue
            log_s = self._log.due_in_s() if self._log else None
            wake_at = due if log_s is None else min(due, loop.time() + log_s)
            try:
                async with asyncio.timeout_at(wake_at):
                    await self._wake.wait()
            except TimeoutError:
                continue

    def _due_after_reading(self, due: float) -> float:
        """Return when to poll again: later, where a fetch between the polls halted all reading."""
        if self._halt is None or self._halts:
            return due
        return asyncio.get_running_loop().time() + self._commit_health()

    async def read_lacking(self) -> bool:
        """Read one thing that should not wait for the next poll; return False where there is none."""
        shown = (self._runs, self._scenario_runs, self._benchmarks, self._jobs)
        for fetcher in (*shown, self._log_activity):
            fetch = fetcher.lacking()
            if fetch is None:
                continue
            await self._fetch(fetch)
            self._publish()
            failure, warnings = self._worst_failure(), self._all_warnings()
            self._set_health(replace(self.health, failure=failure, warnings=warnings))
            return True
        return False

    async def _read_log(self) -> bool:
        """Read the log that is followed, where it is due; return whether it was read."""
        if self._log is not None and self._log.is_over:
            self._log = None  # it may hold tens of thousands of lines
        if self._log is None or self._log.due_in_s() != 0:
            return False
        try:
            with errors_reported(self._on_error):
                await self._log.look()
        except InternalError as error:
            self._log.fail(error)
        return True

    async def _fetch(self, fetch: Fetch) -> None:
        """Read one thing, unless reading is halted or this fetch is backing off."""
        await self._read_log()  # its screen is in front
        if self.is_halted or not self._schedule.is_due(fetch):
            return
        try:
            with errors_reported(self._on_error):
                await self._fetcher_of(fetch.kind).read(fetch)
        except RunloopError as error:
            self._take_failure(fetch, error)
        else:
            self._schedule.failed.succeeded(fetch)

    def _fetcher_of(self, kind: FetchKind) -> Fetcher:
        match kind:
            case FetchKind.LIST | FetchKind.OLDER | FetchKind.FOUND | FetchKind.RUN:
                return self._runs
            case FetchKind.SCENARIO_RUNS:
                return self._scenario_runs
            case FetchKind.BENCHMARK | FetchKind.NAMES:
                return self._benchmarks
            case FetchKind.JOBS | FetchKind.OLDER_JOBS | FetchKind.JOB:
                return self._jobs
            case FetchKind.LOG_ACTIVITY:
                return self._log_activity

    def _take_failure(self, fetch: Fetch, error: RunloopError) -> None:
        """Back a failed fetch off; where the error concerns all, halt all reading until the next poll."""
        if fetch.kind == FetchKind.LOG_ACTIVITY:  # what is shown is fresh without it
            failure = ReadFailure(fetch.kind, error)
            self._schedule.failed.failed(fetch, failure, self._schedule.poll)
            return
        self._has_failed = True
        is_of_jobs = fetch.kind in _OF_JOBS
        if fetch.kind == FetchKind.LIST:  # without it nothing else is read
            self._halt = error
            self._failures.append(ReadFailure(fetch.kind, error))
            return
        pages = (
            self._scenario_runs.pages_of(fetch.id) if fetch.kind == FetchKind.SCENARIO_RUNS else 1
        )
        failure = ReadFailure(fetch.kind, error)
        failure = self._schedule.failed.failed(fetch, failure, self._schedule.poll, pages)
        if concerns_all(error) and not (is_of_jobs and isinstance(error, NotOffered)):
            self._halt = error
        if self.is_halted or not is_of_jobs:
            self._failures.append(failure)

    @property
    def is_halted(self) -> bool:
        """Whether all reading waits until the next poll, because of the last error."""
        return self._halt is not None

    # Health

    def _publish(self) -> None:
        """Publish what is known, and what of the jobs could not be read."""
        failed = (
            failure
            for (kind, _), failure in self._schedule.failed.waiting(self._schedule.poll)
            if kind in _OF_JOBS
        )
        self._store.job_index.failure = next(failed, None)
        self._store.publish()

    def _commit_health(self) -> float:
        """Publish how the poll went; return the seconds to rest, which grow only while polls are halted."""
        if not (self._has_failed or self.warnings.is_fresh or self._is_anything_unread()):
            self.warnings.forget_unnamed()
        self._halts = self._halts + 1 if self._halt else 0
        rest_s = self._interval.rest_s(self._halts, self._halt, self._jitter())
        failure = self._worst_failure()
        now = self._now()
        self._set_health(
            Health(
                fresh_ms=self.health.fresh_ms if failure else now,
                failure=failure,
                next_try_ms=now + int(rest_s * 1000),
                skew_ms=self._client.skew_ms,
                warnings=self._all_warnings(),
            )
        )
        return rest_s

    def _is_anything_unread(self) -> bool:
        """Return whether something is listed that could not be parsed, or only in part."""
        return self._runs.has_holes or self._jobs.has_holes or self._store.has_any_unread()

    def _worst_failure(self) -> ReadFailure | None:
        """Return what halted the poll, else what failed first at it, else what failed before and is backing off."""
        if self._failures:
            return self._failures[-1] if self._halt else self._failures[0]
        waiting = self._schedule.failed.waiting(self._schedule.poll)
        return next((failure for thing, failure in waiting if self._is_missed(*thing)), None)

    def _all_warnings(self) -> tuple[str, ...]:
        """Return the warnings about answers, after that of jobs that could not be read: runs are fresh without them."""
        warnings = self.warnings.recent()
        failure = self._store.job_index.failure
        if failure is None or self.is_halted:
            return warnings
        return (f"could not read {failure.what}: {failure.error.in_short}", *warnings)

    def _is_missed(self, kind: str, id_: str) -> bool:
        """Return whether what is shown is stale without this fetch."""
        if kind == FetchKind.RUN:
            return self._store.is_live(id_)
        if kind == FetchKind.SCENARIO_RUNS:
            viewport = self._schedule.viewport
            is_watched = id_ == viewport.watched or id_ in viewport.compared
            return is_watched or self._scenario_runs.is_tracked(id_)
        return False

    def _set_health(self, health: Health) -> None:
        if health != self.health:
            self.health = health
            for on_health in self._subscribers:
                on_health(health)
