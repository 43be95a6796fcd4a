"""A poller over the real client, over an account; its clock is fixed until a test moves it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import httpx

from runloop_tui.api.client import Client
from runloop_tui.monitor.actions import Actions
from runloop_tui.monitor.back_off import PollInterval
from runloop_tui.monitor.health import Health
from runloop_tui.monitor.poller import Poller
from runloop_tui.monitor.snapshot import RunRecord, Snapshot
from runloop_tui.monitor.store import Store
from tests.api.scripted import BASE, KEY, NOW_MS
from tests.demo.clock import Clock
from tests.monitor.account import Account

INTERVAL_S = 5.0


class Scene:
    """The parts of a poller, and what it published."""

    def __init__(
        self,
        transport: httpx.AsyncBaseTransport,
        *,
        clock: Clock | None = None,
        interval_s: float = INTERVAL_S,
    ) -> None:
        self.clock = clock or Clock(NOW_MS)
        self.slept: list[float] = []
        self.snapshots: list[Snapshot] = []
        self.healths: list[Health] = []
        self.errors: list[Exception] = []
        self.store = Store()
        self.store.subscribe(self.snapshots.append)
        self.client = Client(
            BASE,
            KEY,
            now=self.clock,
            transport=transport,
            sleep=self._sleep,
            jitter=lambda: 0.5,
        )
        self.poller = Poller(
            self.client,
            self.store,
            PollInterval(interval_s),
            now=self.clock,
            jitter=lambda: 0.5,
            on_error=self.errors.append,
        )
        self.poller.subscribe(self.healths.append)
        self.refreshes = 0
        self.actions = Actions(
            self.client,
            self.store,
            refresh=self._refresh,
            is_unreachable=lambda: self.poller.is_unreachable,
        )

    async def poll(self, times: int = 1) -> float:
        """Poll, and read meanwhile what is read between two polls; return the last interval, in s."""
        rest_s = 0.0
        for _ in range(times):
            rest_s = await self.poller.poll()
            await self.rest()
            self.clock.advance(ms=int(rest_s * 1000))
        return rest_s

    async def rest(self) -> None:
        """Read what is read between two polls; fail where that has no end."""
        for _ in range(100):
            if self.poller.is_halted or not await self.poller.read_lacking():
                return
        raise AssertionError("reading between two polls has no end")

    @asynccontextmanager
    async def running(self) -> AsyncIterator["asyncio.Task[None]"]:
        """Let the loop of the poller run."""
        task = asyncio.create_task(self.poller.run())
        try:
            yield task
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    @property
    def health(self) -> Health:
        """The health that was published last."""
        return self.poller.health

    def record(self, run_id: str = "bmr_1") -> RunRecord:
        """What was published last about a run."""
        return self.store.snapshot.by_id[run_id]

    async def _sleep(self, seconds: float) -> None:
        self.slept.append(seconds)

    def _refresh(self) -> None:
        self.refreshes += 1
        self.poller.refresh()


async def ticks(number: int = 50) -> None:
    """Let the tasks that wait in the event loop run."""
    for _ in range(number):
        await asyncio.sleep(0)


class AccountScene(Scene):
    """A scene over an account that is written by hand."""

    def __init__(self, *, interval_s: float = INTERVAL_S) -> None:
        self.account = Account()
        super().__init__(self.account, interval_s=interval_s)

    def requests_since(self, mark: int) -> list[str]:
        """The requests after the first `mark`, in order."""
        return self.account.requests[mark:]

    async def requests_in_a_poll(self) -> list[str]:
        """The requests of one more poll, sorted."""
        mark = len(self.account.requests)
        await self.poll()
        return sorted(self.requests_since(mark))
