"""The app, headless, over an account whose clock goes on by one interval at each poll."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from runloop_tui.api.client import Client
from runloop_tui.config import Settings
from runloop_tui.demo.transport import DemoTransport
from runloop_tui.ui.app import RunloopApp
from runloop_tui.wiring import connection, options_of
from tests.demo.client import no_sleep
from tests.demo.clock import Clock
from tests.soak.account import POLL_MS, account
from tests.soak.holdings import Holdings, holdings
from tests.soak.visits import VISITS, Visits

if TYPE_CHECKING:
    from runloop_tui.monitor.health import Health
    from runloop_tui.ui.connection import Connection, Feed

_NEVER_S = 3600.0
"""An interval that never elapses: polls come on request."""
_SIZE = (120, 40)
_PATIENCE_S = 60.0


class Soak:
    """Polls an app so often, as fast as it can.

    Args:
        polls: how many in all.
        polls_between_visits: how many between two things that are opened and left.
        downloads: a folder that may be written to.
    """

    def __init__(self, polls: int, *, polls_between_visits: int, downloads: Path) -> None:
        self._polls = polls
        self._polls_between_visits = polls_between_visits
        self._clock = Clock()
        self._transport = DemoTransport(account(self._clock, polls), sleep=no_sleep)
        self._settings = Settings(
            demo=True,
            interval_s=_NEVER_S,
            download_dir=downloads,
            history=downloads / "history.db",
        )
        self._connection: Connection | None = None
        self._poll_ended = asyncio.Event()
        options = replace(options_of(self._settings), interval_s=POLL_MS / 1000)
        self._app = RunloopApp(options, self._connect, clock=self._clock)

    async def run(self, look_every: int) -> AsyncIterator[Holdings]:
        """Poll; gives what is held after each so many polls, first before them and last after them all."""
        visits = Visits()
        async with self._app.run_test(size=_SIZE, notifications=True) as pilot:
            async with asyncio.timeout(_PATIENCE_S):
                await self._poll_ended.wait()
            for _ in VISITS:  # what is made once and kept is held from here on
                await visits.make(pilot)
            for number in range(1, self._polls + 1):
                if (number - 1) % look_every == 0:
                    yield holdings(number - 1)
                await self._poll()
                if number % self._polls_between_visits == 0:
                    await visits.make(pilot)
            await pilot.pause()
            yield holdings(self._polls)
            self._app.workers.cancel_all()  # as Textual does first where a program ends, but not here

    async def _poll(self) -> None:
        assert self._connection is not None
        self._clock.advance(ms=POLL_MS)
        self._app._tick()
        self._poll_ended.clear()
        self._connection.monitor.refresh()
        async with asyncio.timeout(_PATIENCE_S):
            await self._poll_ended.wait()
        shown = asyncio.Event()
        self._app.call_next(shown.set)  # behind the call that shows what was polled
        await shown.wait()
        assert self._connection.monitor.health.failure is None

    def _connect(self, feed: "Feed") -> "Connection":
        client = Client(
            "https://api.demo.invalid",
            None,
            now=self._clock,
            transport=self._transport,
            sleep=no_sleep,
            jitter=lambda: 0.5,
        )

        def note_the_end(health: "Health") -> None:
            feed.on_health(health)
            if health.next_try_ms is not None and health.next_try_ms > self._clock():
                self._poll_ended.set()

        noted = replace(feed, on_health=note_the_end)
        self._connection = connection(
            self._settings, noted, self._clock, client=client, jitter=lambda: 0.5
        )
        return self._connection
