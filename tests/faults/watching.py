"""The app, headless, watching a server of failures over a real socket, in time that the test lets pass."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from runloop_tui.api.client import Client
from runloop_tui.config import Settings
from runloop_tui.demo.run import Run
from runloop_tui.demo.transport import DemoTransport
from runloop_tui.demo.world import World
from runloop_tui.monitor.snapshot import Snapshot
from runloop_tui.ui.app import RunloopApp
from runloop_tui.wiring import connection, options_of
from tests.faults.compressed_time import CompressedTime
from tests.faults.server import Failure, Server, serving
from tests.ui.worlds import ALPHA, BETA, GAMMA

if TYPE_CHECKING:
    from textual.pilot import Pilot

    from runloop_tui.ui.connection import Connection, Feed
    from runloop_tui.ui.screens.runs import RunsScreen

KEY = "ak_key_of_the_failure_tests"
INTERVAL_S = 5.0
LARGEST_BODY = 300_000
"""Bytes; far less than the real bound, so that passing it takes no time."""
_HOST = "runloop.test"
PLANS = (ALPHA, BETA, GAMMA)
_SIZE = (200, 40)
_STEP_S = 5.0
_LOOK_EVERY_S = 0.005
_LOOKS_WHEN_QUIET = 3
_A_LITTLE_MS = 1_000
"""So long may a poll take to begin."""
PATIENCE_S = 20.0


class Watching:
    """A user of the app."""

    def __init__(
        self,
        app: RunloopApp,
        pilot: "Pilot[None]",
        server: Server,
        world: World,
        time: CompressedTime,
    ) -> None:
        self.app = app
        self.pilot = pilot
        self.server = server
        self.world = world
        self.time = time

    @property
    def main(self) -> "RunsScreen":
        """The main screen, whatever is over it."""
        return self.app._main

    @property
    def connection(self) -> "Connection":
        """What the app talks to."""
        assert self.app._connection is not None
        return self.app._connection

    @property
    def snapshot(self) -> Snapshot:
        """All that is known."""
        return self.connection.store.snapshot

    @property
    def requests_sent(self) -> int:
        """How many requests the client sent, those that could not be delivered as well."""
        sent: int = self.connection.monitor._client.requests_sent
        return sent

    @property
    def status(self) -> str:
        """The status line."""
        return self.main._status.text

    def run(self, name: str) -> Run:
        """The run with this name, as it is at the server."""
        return next(run for run in self.world.runs() if run.plan.name == name)

    def done(self, name: str) -> str:
        """How far a run is at the server, as the list would say it."""
        run, now_ms = self.run(name), self.world.now()
        states = [timeline.state_at(now_ms) for timeline in run.newest_first(now_ms)]
        return (
            f"{sum(state not in {'running', 'scoring'} for state in states)}/{len(run.timelines)}"
        )

    def row(self, name: str) -> str:
        """What the list of runs says of a run."""
        lines = self.screen.split("\n")
        at = next(index for index, line in enumerate(lines[1:], 1) if f" {name} " in line[:60])
        return " ".join(line[: self.main.runs.size.width] for line in lines[at : at + 2])

    @property
    def rows(self) -> list[str]:
        """The names of the runs that are listed."""
        table = self.main.runs.table
        return [table.snapshot.by_id[row_id].run.name or row_id for row_id in table.ids]

    @property
    def fresh_ms(self) -> int:
        """When all was fresh last."""
        fresh_ms = self.connection.monitor.health.fresh_ms
        assert fresh_ms is not None
        return fresh_ms

    @property
    def screen(self) -> str:
        """What is on the screen, line by line."""
        strips = self.app.screen._compositor.render_strips()
        return "\n".join(strip.text.rstrip() for strip in strips)

    async def until(self, happened: Callable[[], object], what: str = "it") -> None:
        """Let the app go on until something has happened; fails where it does not."""
        try:
            async with asyncio.timeout(PATIENCE_S):
                while not happened():
                    await self.pilot.pause(_LOOK_EVERY_S)
        except TimeoutError:
            raise AssertionError(f"{what} does not happen:\n{self.screen}") from None

    async def sees(self, *words: str) -> None:
        """Wait until all these words are on the screen together."""
        await self.until(lambda: all(word in self.screen for word in words), f"to see {words}")

    async def settle(self) -> None:
        """Wait until the app has sent the requests due and has their answers, or one is held."""
        quiet, sent = 0, -1

        def is_quiet() -> bool:
            nonlocal quiet, sent
            quiet = quiet + 1 if self._is_resting() and sent == self.requests_sent else 0
            sent = self.requests_sent
            return quiet == _LOOKS_WHEN_QUIET

        await self.until(is_quiet, "rest")

    def _is_resting(self) -> bool:
        due = self.connection.monitor.health.next_try_ms
        is_to_come = due is not None and due + _A_LITTLE_MS > self.time.clock()
        return is_to_come or self.server.holding > 0

    @property
    def next_try_ms(self) -> int:
        """When the next poll is due."""
        due = self.connection.monitor.health.next_try_ms
        assert due is not None
        return due

    async def lets_pass(self, seconds: float) -> None:
        """Let time pass, step by step, the app doing what it would do meanwhile."""
        await self.lets_pass_until(self.time.clock() + round(seconds * 1000))

    async def lets_pass_until(self, then_ms: int) -> None:
        """The same, until a moment."""
        while (left_ms := then_ms - self.time.clock()) > 0:
            self.time.skip(min(_STEP_S, left_ms / 1000))
            self.app._tick()
            await self.pilot.pause(_LOOK_EVERY_S)
            await self.settle()


@asynccontextmanager
async def watching(
    *, failure: Failure | None = None, clocks_differ_ms: Callable[[], int] = lambda: 0
) -> AsyncIterator[Watching]:
    """Start a server over a small account, and the app over it, as the program does.

    Args:
        failure: what the server begins with.
        clocks_differ_ms: the server's clock minus ours.
    """
    time = CompressedTime()
    world = World(lambda: time.clock() + clocks_differ_ms(), plans=PLANS)
    async with serving(DemoTransport(world)) as server:
        server.failure = failure
        _know_no_other_name_than(server)
        app = _app(server, time)
        async with app.run_test(size=_SIZE, notifications=True) as pilot:
            watcher = Watching(app, pilot, server, world, time)
            await watcher.until(lambda: app._connection, "the connection")
            if failure is None:
                await watcher.sees("fresh", "alpha", "5/12")
                await watcher.until(lambda: watcher.snapshot.jobs.loaded, "the list of jobs")
            await watcher.settle()
            yield watcher
            app.workers.cancel_all()  # as Textual does first where a program ends, but not here


def _app(server: Server, time: CompressedTime) -> RunloopApp:
    settings = Settings(
        base_url=f"http://{_HOST}:{server.port}",
        api_key=KEY,
        interval_s=INTERVAL_S,
        download_dir=Path("/downloads"),
        keeps_history=False,
    )

    def connect(feed: "Feed") -> "Connection":
        client = Client(
            settings.base_url,
            settings.api_key,
            now=time.clock,
            sleep=time.pause,
            jitter=lambda: 0.5,
            max_body_bytes=LARGEST_BODY,
        )
        return connection(settings, feed, time.clock, client=client, jitter=lambda: 0.5)

    return RunloopApp(options_of(settings), connect, clock=time.clock)


def _know_no_other_name_than(server: Server) -> None:
    """Let the running loop look up the server's name, while it is known, and nothing else."""
    loop = asyncio.get_running_loop()
    look_up = loop.getaddrinfo

    async def getaddrinfo(host: Any, port: Any, **how: Any) -> Any:  # noqa: ANN401 - the loop's own signature
        if host == "127.0.0.1":
            return await look_up(host, port, **how)
        assert host in {_HOST, _HOST.encode()}, f"unexpected look-up of {host!r}"
        if not server.name_is_known:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return await look_up("127.0.0.1", port, **how)

    loop.getaddrinfo = getaddrinfo  # type: ignore[method-assign]
