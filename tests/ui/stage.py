"""A stage: the real client, monitor and app over a demo world whose clock only a test advances.

Nothing polls by itself: a test presses `r`, or advances the clock and calls `poll`.
"""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import httpx

from runloop_tui.api.client import Client
from runloop_tui.config import Settings
from runloop_tui.demo.transport import DemoTransport
from runloop_tui.demo.world import World
from runloop_tui.ui.app import RunloopApp
from runloop_tui.ui.connection import Connection, Feed
from runloop_tui.ui.screens.runs import RunsScreen
from runloop_tui.wiring import connection, options_of
from tests.demo.client import no_sleep
from tests.demo.clock import Clock

if TYPE_CHECKING:
    from textual.pilot import Pilot

    from runloop_tui.ui.connection import Options

NEVER_S = 3600.0
"""An interval longer than any test."""
_MOST_ROUNDS = 2_000
"""The rounds of `settle` after which a test fails instead of hanging."""


@dataclass
class Recorder(httpx.AsyncBaseTransport):
    """Records requests and passes them on; answers itself where `instead` returns a response."""

    inner: httpx.AsyncBaseTransport
    requests: list[str] = field(default_factory=list)
    """"METHOD /path" of every request, in order, without queries."""
    queries: list[str] = field(default_factory=list)
    """"METHOD /path?query" of every request, in order."""
    instead: Callable[[httpx.Request], httpx.Response | None] | None = None
    """Returns an answer, raises, or returns None to pass the request on."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(f"{request.method} {request.url.path}")
        self.queries.append(f"{request.method} {request.url.raw_path.decode()}")
        if self.instead is not None and (answer := self.instead(request)) is not None:
            answer.request = request
            return answer
        return await self.inner.handle_async_request(request)

    @property
    def posts(self) -> list[str]:
        """The paths of all POST requests."""
        return [line.removeprefix("POST ") for line in self.requests if line.startswith("POST ")]


class Stage:
    """An app with its world, its clock, and a record of its requests; it has a history only with `history`."""

    def __init__(
        self,
        *,
        world: World | None = None,
        clock: Clock | None = None,
        settings: Settings | None = None,
        downloads: Path | None = None,
        history: Path | None = None,
        **options: object,
    ) -> None:
        self.clock = clock or Clock()
        self.world = world or World(self.clock)
        self.requests = Recorder(DemoTransport(self.world, sleep=no_sleep))
        settings = settings or Settings(demo=True)
        self.settings = replace(
            settings,
            interval_s=NEVER_S,
            download_dir=downloads or Path("/downloads"),
            keeps_history=history is not None,
            history=history,
        )
        chosen: Options = replace(options_of(self.settings), interval_s=5.0)
        self.options = replace(chosen, **options)  # type: ignore[arg-type]
        self.connection: Connection | None = None
        self.app = RunloopApp(self.options, self._connect, clock=self.clock)

    def _connect(self, feed: Feed) -> Connection:
        client = Client(
            "https://api.demo.invalid",
            "ak_not_a_real_key",
            now=self.clock,
            transport=self.requests,
            sleep=no_sleep,
            jitter=lambda: 0.5,
        )
        self.connection = connection(
            self.settings, feed, self.clock, client=client, jitter=lambda: 0.5
        )
        return self.connection

    @property
    def main(self) -> RunsScreen:
        """The runs screen, which other screens may cover."""
        screen = self.app.screen_stack[0]
        assert isinstance(screen, RunsScreen)
        return screen

    async def settle(self, pilot: "Pilot[None]") -> None:
        """Wait until no request is pending and all data is shown."""
        quiet, sent = 0, -1
        for _ in range(_MOST_ROUNDS):
            await pilot.pause(0.005)
            resting = (
                self.connection is not None
                and self.connection.monitor.health.next_try_ms is not None
                and not self.connection.downloads.active
                and (self.app._analysis is None or self.app._analysis.is_idle)
            )
            quiet = quiet + 1 if resting and len(self.requests.requests) == sent else 0
            if quiet == 4:
                await pilot.pause()
                return
            sent = len(self.requests.requests)
        raise AssertionError(f"the app does not come to rest: {self.requests.requests[-5:]}")

    async def poll(self, pilot: "Pilot[None]") -> None:
        """Poll once, as `r` does, and wait until the snapshot is shown."""
        assert self.connection is not None
        self.connection.monitor.refresh()
        await pilot.pause()
        await self.settle(pilot)

    @asynccontextmanager
    async def running(
        self, size: tuple[int, int] = (120, 40), *, await_idle: bool = True, toasts: bool = False
    ) -> "AsyncIterator[Pilot[None]]":
        """Run the app headless; with `toasts` on the screen only if requested."""
        async with self.app.run_test(size=size, notifications=toasts) as pilot:
            if await_idle:
                await self.settle(pilot)
            yield pilot

    def text(self) -> str:
        """Return the text on the screen."""
        width, height = self.app.size
        strips = self.app.screen._compositor.render_strips()
        assert len(strips) == height
        return "\n".join(strip.crop(0, width).text.rstrip() for strip in strips)
