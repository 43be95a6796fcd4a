"""The app watching a server: the real client over a real socket, headless."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from runloop_tui.config import Settings
from runloop_tui.ui.app import RunloopApp
from runloop_tui.wiring import connection, options_of
from tests.demo.clock import Clock
from tests.terminal import PATIENCE_S

if TYPE_CHECKING:
    from textual.pilot import Pilot

    from runloop_tui.ui.connection import Connection, Feed

KEY = "ak_key_of_the_end_to_end_tests"
_NEVER_S = 3600.0
"""An interval that no test outlives: only the first poll and `r` send requests."""
_LOOK_EVERY_S = 0.05


class Watcher:
    """A user of the app."""

    def __init__(self, app: RunloopApp, pilot: "Pilot[None]") -> None:
        self._app = app
        self._pilot = pilot

    @property
    def screen(self) -> str:
        """What is on the screen, line by line."""
        strips = self._app.screen._compositor.render_strips()
        return "\n".join(strip.text.rstrip() for strip in strips)

    async def press(self, *keys: str) -> None:
        """Press keys, one after the other."""
        await self._pilot.press(*keys)

    async def sees(self, *words: str) -> None:
        """Wait until all these words are on the screen together; fails where they do not come."""
        try:
            async with asyncio.timeout(PATIENCE_S):
                while self._app.is_running and not self._shows(words):
                    await self._pilot.pause(_LOOK_EVERY_S)
        except TimeoutError:
            pass
        assert self._shows(words), f"{words} are not on the screen:\n{self.screen}"

    def _shows(self, words: tuple[str, ...]) -> bool:
        return all(word in self.screen for word in words)


@asynccontextmanager
async def watching(
    base_url: str, clock: Clock, *, download_dir: Path | None = None
) -> AsyncIterator[Watcher]:
    """Start the app as the program does, with the address and a key; the clock is the test's."""
    settings = Settings(
        base_url=base_url,
        api_key=KEY,
        interval_s=_NEVER_S,
        download_dir=download_dir,
        keeps_history=False,
    )

    def connect(feed: "Feed") -> "Connection":
        return connection(settings, feed, clock)

    app = RunloopApp(options_of(settings), connect, clock=clock)
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        yield Watcher(app, pilot)
        app.workers.cancel_all()  # as Textual does first where a program ends, but not here
