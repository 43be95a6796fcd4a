"""Logs that a test writes by hand, behind the app's own requests: archives and the log of a devbox."""

import io
import warnings
import zipfile
from typing import TYPE_CHECKING

import httpx

from runloop_tui.config import Settings
from runloop_tui.logs.limits import Limits
from runloop_tui.ui.screens.archive import ArchiveScreen
from runloop_tui.ui.screens.entry import EntryScreen
from runloop_tui.ui.screens.live_log import LiveLogScreen
from tests.ui.worlds import ALPHA, BETA, stage_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from textual.pilot import Pilot

    from tests.ui.stage import Stage

TO_A_TERMINAL_SCENARIO = ("3",)
"""The first row is a terminal one."""
TO_A_RUNNING_SCENARIO = ("3", "j", "j", "j")
_MOST_ROUNDS = 400

Entries = tuple[tuple[str, bytes], ...]


def zipped(*entries: tuple[str, bytes]) -> bytes:
    """An archive of these names and contents."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a name that occurs twice is meant
        for name, content in entries:
            archive.writestr(name, content)
    return buffer.getvalue()


def numbered(lines: int) -> bytes:
    """A log whose lines say their number, from 1."""
    return b"".join(b"line %d of the log\n" % number for number in range(1, lines + 1))


def stage_with_archive(folder: "Path", archive: bytes, limits: Limits | None = None) -> "Stage":
    """An app in which every download of logs gives this archive."""
    settings = Settings(demo=True, limits=limits or Limits())
    stage = stage_of(ALPHA, BETA, downloads=folder, settings=settings)

    def answer(request: httpx.Request) -> httpx.Response | None:
        if not request.url.path.endswith("/download_logs"):
            return None
        return httpx.Response(200, content=archive, headers={"content-type": "application/zip"})

    stage.requests.instead = answer
    return stage


class DevboxLog:
    """What every devbox logs, as a test goes on writing it."""

    def __init__(self, stage: "Stage") -> None:
        self._clock = stage.clock
        self.logs: list[dict[str, object]] = []
        self.status = 200
        stage.requests.instead = self._answer

    def write(self, *messages: str, level: str = "info", source: str = "exec") -> None:
        """Log messages now."""
        for message in messages:
            moment = {"timestamp_ms": self._clock(), "level": level, "source": source}
            self.logs.append({**moment, "message": message})

    def _answer(self, request: httpx.Request) -> httpx.Response | None:
        if "/devboxes/" not in request.url.path:
            return None
        if self.status != 200:
            return httpx.Response(self.status, json={"message": "the devbox is away"})
        return httpx.Response(200, json={"logs": self.logs})


async def until(pilot: "Pilot[None]", holds: "Callable[[], object]", what: str) -> None:
    """Wait until something holds; fail rather than hang."""
    for _ in range(_MOST_ROUNDS):
        await pilot.pause(0.005)
        if holds():
            await pilot.pause()
            return
    raise AssertionError(f"it never came to this: {what}")


async def archive_opened(stage: "Stage", pilot: "Pilot[None]", *keys: str) -> ArchiveScreen:
    """Press l on a terminal scenario run (or press other keys), and wait for its files."""
    await pilot.press(*(keys or (*TO_A_TERMINAL_SCENARIO, "l")))
    await until(pilot, lambda: isinstance(stage.app.screen, ArchiveScreen), "an archive")
    screen = stage.app.screen
    assert isinstance(screen, ArchiveScreen)
    await until(
        pilot,
        lambda: screen.entries or screen.error or screen._download.state.phase == "failed",
        "a list of files",
    )
    return screen


async def entry_opened(stage: "Stage", pilot: "Pilot[None]") -> EntryScreen:
    """Open the first file of the archive of a terminal scenario run, and wait until it is read."""
    await archive_opened(stage, pilot)
    await pilot.press("enter")
    await until(pilot, lambda: isinstance(stage.app.screen, EntryScreen), "a file")
    screen = stage.app.screen
    assert isinstance(screen, EntryScreen)
    await until(pilot, lambda: screen.opened.phase != "reading", "a file that is read")
    return screen


async def live_opened(stage: "Stage", pilot: "Pilot[None]") -> LiveLogScreen:
    """Open the log of a running scenario run, and wait for its first look."""
    await pilot.press(*TO_A_RUNNING_SCENARIO, "l")
    await until(pilot, lambda: isinstance(stage.app.screen, LiveLogScreen), "a live log")
    screen = stage.app.screen
    assert isinstance(screen, LiveLogScreen)
    await until(pilot, lambda: screen.live.is_loaded or screen.live.failure, "a first look")
    return screen


async def looked_again(stage: "Stage", pilot: "Pilot[None]") -> None:
    """Fetch the log now, and wait for what the answer changes."""
    before = looks(stage)
    await pilot.press("r")
    await until(pilot, lambda: looks(stage) > before, "another look")
    await stage.settle(pilot)


def looks(stage: "Stage") -> int:
    """How often the log of a devbox was fetched."""
    return sum("/devboxes/" in line for line in stage.requests.requests)


def lines_on_screen(screen: "EntryScreen | LiveLogScreen") -> list[str]:
    """The rendered rows."""
    return [
        "".join(piece.text for piece in line).rstrip() for _, line in screen.view._rendered_rows
    ]


def status(screen: "EntryScreen | LiveLogScreen | ArchiveScreen") -> str:
    """What is shown below the lines."""
    return screen._status.text


def notice(screen: "EntryScreen | LiveLogScreen") -> str:
    """What is shown above the lines, if anything."""
    return screen._notice.text if screen._notice.display else ""


def file_names(screen: ArchiveScreen) -> list[str]:
    """The rows of the list of files."""
    table = screen.pane.table
    return [table.by_id[row_id].name for row_id in table.ids]
