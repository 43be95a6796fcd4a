"""What to ask next, how often, and what to do when it fails.

One loop: ask, commit, rest. What is on screen is asked at every poll, other live runs more rarely, and what has
ended not at all once it was read whole.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from runloop_tui.api.errors import (
    BadRequest,
    Forbidden,
    NotFound,
    NotUnderstood,
    RunloopError,
    ServerError,
)
from runloop_tui.api.paging import each_page
from runloop_tui.monitor.following import Follower
from runloop_tui.monitor.health import Health, Trouble
from runloop_tui.monitor.pacing import Pacing
from runloop_tui.monitor.requests import together
from runloop_tui.monitor.snapshot import Snapshot

if TYPE_CHECKING:
    from collections.abc import Coroutine
    from typing import Any

    from runloop_tui.api.client import Client
    from runloop_tui.api.models import BenchmarkRun
    from runloop_tui.api.paging import Page
    from runloop_tui.monitor.ledger import Ledger

RUNS_PAGE = 100
_HEAD_PAGE = 20
_POLLS_BETWEEN_HEADS = 6
_POLLS_BETWEEN_UNWATCHED = 6
_POLLS_TO_PUT_OFF = 12
_MOST_COMPLAINTS = 20
_SCENARIO_RUNS = "the scenario runs of a run"

_ONE_THING_ONLY = (BadRequest, Forbidden, NotFound, NotUnderstood, ServerError)
"""Errors that may concern one run alone: the others are still asked for."""


@dataclass(frozen=True, slots=True)
class Attention:
    """What the person is looking at."""

    watched: str | None = None
    """The run whose scenario runs are on the screen."""
    visible: tuple[str, ...] = ()
    """The runs whose rows are on the screen."""


class Monitor:
    """Polls Runloop and hands each new snapshot and each change of health to those who watch."""

    def __init__(
        self,
        client: "Client",
        ledger: "Ledger",
        pacing: Pacing,
        *,
        now: Callable[[], int],
        jitter: Callable[[], float],
        on_snapshot: Callable[[Snapshot], None],
        on_health: Callable[[Health], None],
    ) -> None:
        self._client = client
        self._ledger = ledger
        self._pacing = pacing
        self._now = now
        self._jitter = jitter
        self._on_snapshot = on_snapshot
        self._on_health = on_health
        self._follower = Follower(client, ledger, publish=self.publish, complain=self._complain)
        self._attention = Attention()
        self._wake = asyncio.Event()
        self._refresh_asked = False
        self._older_asked = False
        self._oldest_read: str | None = None
        self._polls = 0
        self._failures = 0
        self._first_polls: dict[str, int] = {}
        self._put_off: dict[str, int] = {}
        self._complaints: tuple[str, ...] = ()
        self.snapshot = Snapshot()
        self.health = Health()

    # What the screen asks of it

    def attend(self, attention: Attention) -> None:
        """Say what is being looked at; a run that was not read yet is asked for at once."""
        if attention == self._attention:
            return
        watched_before, self._attention = self._attention.watched, attention
        if attention.watched != watched_before:
            self._wake.set()

    def refresh(self) -> None:
        """Poll now, as `r` asks."""
        self._refresh_asked = True
        self._wake.set()

    def want_older(self) -> None:
        """Read the next page of older runs, if there are any."""
        if self._ledger.more_runs and not self._older_asked:
            self._older_asked = True
            self._wake.set()

    def publish(self) -> None:
        """Hand out what is known now, unless it equals what was handed out before."""
        snapshot = self._ledger.snapshot(self._now() + self._client.skew_ms)
        if snapshot != self.snapshot:
            self.snapshot = snapshot
            self._on_snapshot(snapshot)

    # The loop

    async def run(self) -> None:
        """Poll until canceled."""
        while True:
            rest_s = await self.poll()
            await self._rest(rest_s)

    async def poll(self) -> float:
        """Ask once for all that is due, commit it, and say how many seconds to rest. Raises no RunloopError."""
        self._set_health(replace(self.health, next_try_ms=None))
        self._complaints = ()
        troubles: list[Trouble] = []
        if await self._try("the list of runs", self._read_runs(), troubles):
            await self._read_live_runs(troubles)
        self._polls += 1
        self._ledger.close_books(keep={self._attention.watched or "", *self._ledger.live_ids()})
        self.publish()
        return self._commit_health(troubles)

    async def _rest(self, rest_s: float) -> None:
        """Wait; meanwhile read what the person has turned to, and fill in the counts of ended runs on screen."""
        loop = asyncio.get_running_loop()
        due = loop.time() + rest_s
        while not self._refresh_asked and (left := due - loop.time()) > 0:
            if self.health.trouble is None and await self._read_meanwhile():
                continue
            try:
                async with asyncio.timeout(left):
                    await self._wake.wait()
            except TimeoutError:
                return
            self._wake.clear()
        self._refresh_asked = False
        self._wake.clear()

    async def _read_meanwhile(self) -> bool:
        """Read one thing that should not wait for the next poll; False where there is none."""
        troubles: list[Trouble] = []
        if self._older_asked:
            await self._try("older runs", self._read_older_runs(), troubles)
        elif (run_id := self._unread_run()) is not None:
            if not await self._try(_SCENARIO_RUNS, self._read_unread_run(run_id), troubles):
                self._put_off[run_id] = self._polls + _POLLS_TO_PUT_OFF
        else:
            return False
        self.publish()
        if troubles:
            self._failures += 1
            self._set_health(replace(self.health, trouble=troubles[0]))
        return True

    async def _try(
        self, what: str, request: "Coroutine[Any, Any, None]", troubles: list[Trouble]
    ) -> bool:
        try:
            await request
        except RunloopError as error:
            troubles.append(Trouble(what, error))
            return False
        return True

    def _commit_health(self, troubles: list[Trouble]) -> float:
        trouble = troubles[0] if troubles else None
        self._failures = self._failures + 1 if trouble else 0
        error = trouble.error if trouble else None
        rest_s = self._pacing.rest_s(self._failures, error, self._jitter())
        now = self._now()
        self._set_health(
            Health(
                fresh_ms=self.health.fresh_ms if trouble else now,
                trouble=trouble,
                next_try_ms=now + int(rest_s * 1000),
                skew_ms=self._client.skew_ms,
                complaints=self._complaints,
            )
        )
        return rest_s

    def _set_health(self, health: Health) -> None:
        if health != self.health:
            self.health = health
            self._on_health(health)

    def _complain(self, complaints: Sequence[str]) -> None:
        self._complaints = tuple(dict.fromkeys([*self._complaints, *complaints]))[:_MOST_COMPLAINTS]

    # The list of runs

    async def _read_runs(self) -> None:
        if not self._ledger.loaded:
            await self._read_newest_runs(RUNS_PAGE)
            self._ledger.loaded = True
            self.publish()
            return
        if self._polls % _POLLS_BETWEEN_HEADS == 0:
            await self._read_newest_runs(_HEAD_PAGE)
        stamp = self._ledger.stamp()
        known_live = set(self._ledger.live_ids())
        async for page in each_page(
            lambda after: self._client.list_benchmark_runs(
                state="running", limit=RUNS_PAGE, starting_after=after
            )
        ):
            self._learn_runs(page, stamp)
            known_live -= {run.id for run in page.items}
        await together(*(self._look_up(run_id) for run_id in sorted(known_live)))

    async def _read_newest_runs(self, limit: int) -> None:
        """Read from the newest down to one that is known, so that runs which came and went are found too."""
        stamp = self._ledger.stamp()
        async for page in each_page(
            lambda after: self._client.list_benchmark_runs(
                limit=limit, starting_after=after, include_total_count=after is None
            )
        ):
            met = any(self._ledger.knows_run(run.id) for run in page.items)
            self._learn_runs(page, stamp)
            if page.total_count is not None:
                self._ledger.runs_in_all = page.total_count
            if self._oldest_read is None:
                self._move_oldest(page)
            if met or not self._ledger.loaded:
                return

    async def _read_older_runs(self) -> None:
        self._older_asked = False
        stamp = self._ledger.stamp()
        page = await self._client.list_benchmark_runs(
            limit=RUNS_PAGE, starting_after=self._oldest_read
        )
        self._learn_runs(page, stamp)
        self._move_oldest(page)

    def _move_oldest(self, page: "Page[BenchmarkRun]") -> None:
        moved = bool(page.items) and page.items[-1].id != self._oldest_read
        if moved:
            self._oldest_read = page.items[-1].id
        self._ledger.more_runs = page.has_more and moved

    def _learn_runs(self, page: "Page[BenchmarkRun]", stamp: int) -> None:
        self._complain(page.complaints)
        for run in page.items:
            self._ledger.learn_run(run, stamp)

    async def _look_up(self, run_id: str) -> None:
        """Ask for one run; where the server does not know it, say so and keep what was known."""
        stamp = self._ledger.stamp()
        try:
            self._ledger.learn_run(await self._client.get_benchmark_run(run_id), stamp)
        except NotFound:
            if not self._ledger.knows_run(run_id):
                raise
            self._ledger.mark_gone(run_id)

    async def find_run(self, run_id: str) -> None:
        """Ask for a run by its id, whether or not it stands in the list that was read.

        Raises:
            NotFound: the server does not know it.
            RunloopError: it could not be asked for.
        """
        if not self._ledger.knows_run(run_id):
            await self._look_up(run_id)
            self.publish()

    # Scenario runs and totals

    async def _read_live_runs(self, troubles: list[Trouble]) -> None:
        for run_id in self._due_runs():
            if await self._try(_SCENARIO_RUNS, self._read_run(run_id), troubles):
                continue
            if not isinstance(troubles[-1].error, _ONE_THING_ONLY):
                return

    async def _read_run(self, run_id: str) -> None:
        await self._read_total(run_id)
        if run_id in self._ledger.live_ids():
            await self._follower.follow(run_id)
        else:
            await self._follower.close(run_id)

    def _due_runs(self) -> list[str]:
        """The runs to ask for in this poll: the watched one, those that ended, and in turn the other live ones."""
        live = self._ledger.live_ids()
        due = [run_id for run_id in live if run_id == self._attention.watched]
        for run_id in live:
            first_poll = self._first_polls.setdefault(run_id, self._polls + len(self._first_polls))
            turn = (self._polls - first_poll) % _POLLS_BETWEEN_UNWATCHED == 0
            if run_id not in due and (turn or not self._ledger.has_swept(run_id)):
                due.append(run_id)
        due.extend(
            run_id
            for run_id in self._first_polls
            if run_id not in live and not self._follower.is_closed(run_id)
        )
        return due

    def _unread_run(self) -> str | None:
        """The run to read next: the watched one, if it was not read; else one on screen whose counts are unknown."""
        watched = self._attention.watched
        if watched and self._can_be_read(watched) and not self._ledger.has_swept(watched):
            return watched
        for run_id in self._attention.visible:
            if self._can_be_read(run_id) and not self._is_counted(run_id):
                return run_id
        return None

    def _can_be_read(self, run_id: str) -> bool:
        """Tell whether a run is known, and did not just fail to be read."""
        return self._ledger.knows_run(run_id) and self._polls >= self._put_off.get(run_id, 0)

    def _is_counted(self, run_id: str) -> bool:
        return self._ledger.has_tally(run_id) and not self._lacks_total(run_id)

    async def _read_unread_run(self, run_id: str) -> None:
        await self._read_total(run_id)
        if run_id in self._ledger.live_ids():
            await self._follower.follow(run_id)
        elif run_id == self._attention.watched or not self._ledger.has_tally(run_id):
            await self._follower.close(run_id)

    def _lacks_total(self, run_id: str) -> bool:
        run = self._ledger.run(run_id)
        if run is None or not run.benchmark_id:
            return False
        return not self._ledger.knows_total(run.benchmark_id)

    async def _read_total(self, run_id: str) -> None:
        """Ask for the run's benchmark, once: it tells how many scenarios there are in all."""
        run = self._ledger.run(run_id)
        if run is None or not run.benchmark_id or not self._lacks_total(run_id):
            return
        try:
            benchmark = await self._client.get_benchmark(run.benchmark_id)
        except (NotFound, Forbidden):
            self._ledger.learn_total(run.benchmark_id, None)
        else:
            self._ledger.learn_total(run.benchmark_id, len(benchmark.scenario_ids) or None)
