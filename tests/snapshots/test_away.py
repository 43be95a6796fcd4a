"""What changed while nobody looked: the line, the list, and a file that cannot be used."""

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from runloop_tui.history.history import History
from runloop_tui.history.recorder import Event
from runloop_tui.history.schema import account_key
from tests.demo.clock import ORIGIN_MS
from tests.snapshots.test_screens import NARROW, SIZES, Compare, Snapshots
from tests.ui.log_scenes import until
from tests.ui.stage import Stage
from tests.ui.test_away import controller

if TYPE_CHECKING:
    from textual.pilot import Pilot

HOUR_MS = 3_600_000


@pytest.fixture
def snapshots(snap_compare: Compare) -> Snapshots:
    return Snapshots(snap_compare)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A history in which someone last looked three hours ago, and an event of an hour ago."""
    path = tmp_path / "history.db"

    async def write() -> None:
        account = account_key("https://demo.invalid")
        history = await History.open(path, account, fingerprint=lambda *_: "")
        history.mark_looked(ORIGIN_MS - 3 * HOUR_MS)
        history.note(Event(ORIGIN_MS - HOUR_MS, "warn", "", "Could not read the list of runs"))
        await history.close(ORIGIN_MS)

    asyncio.run(write())
    return path


async def told(stage: Stage, pilot: "Pilot[None]") -> None:
    """Poll, and wait until what changed is known."""
    await until(pilot, lambda: controller(stage)._history is not None, "the history")
    await stage.poll(pilot)
    await until(pilot, lambda: controller(stage).away is not None, "what changed")


async def listed(stage: Stage, pilot: "Pilot[None]") -> None:
    await told(stage, pilot)
    await pilot.press("e")
    await until(pilot, lambda: "Could not read" in stage.text(), "the list")
    await pilot.press("down", "down", "down")


@SIZES
def test_what_changed_while_nobody_looked(
    snapshots: Snapshots, path: Path, size: tuple[int, int]
) -> None:
    assert snapshots.match(Stage(history=path), size, then=listed)


def test_the_line_that_says_it(snapshots: Snapshots, path: Path) -> None:
    assert snapshots.match(Stage(history=path), NARROW, then=told)
