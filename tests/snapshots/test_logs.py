"""What logs look like: the files of an archive, a file, a devbox's log as it is followed."""

import random
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.snapshots.test_screens import NARROW, WIDE, Compare
from tests.ui.log_scenes import (
    DevboxLog,
    archive_opened,
    entry_opened,
    live_opened,
    numbered,
    stage_with_archive,
    status,
    until,
    zipped,
)
from tests.ui.worlds import ALPHA, stage_of

if TYPE_CHECKING:
    from textual.pilot import Pilot

TWO_SIZES = pytest.mark.parametrize("size", [NARROW, WIDE], ids=["80x24", "120x40"])
TRACE = b"\n".join(
    [
        b"\x1b[1mtests/test_core.py\x1b[0m::test_order \x1b[31mFAILED\x1b[0m",
        b"E   AssertionError: " + b"assert ['b', 'a'] == ['a', 'b'], and so on " * 5,
        b"\ttabs\tkeep\ttheir columns, and \x1b]0;owned\x07 drives nothing",
        "日本語 and Grüße".encode(),
    ]
)


@TWO_SIZES
def test_the_files_of_an_archive(
    snap_compare: Compare,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    size: tuple[int, int],
) -> None:
    monkeypatch.chdir(tmp_path)  # the path is in the picture
    archive = zipped(
        ("scr_1_agent.log", numbered(9_000)),
        ("scr_1_test_output.log", TRACE),
        ("../../\x1b[2Jetc/passwd", b"x"),
        ("traces/", b""),
    )
    stage = stage_with_archive(Path("downloads"), archive)

    async def before(pilot: "Pilot[None]") -> None:
        await stage.settle(pilot)
        await archive_opened(stage, pilot)

    assert snap_compare(stage.app, terminal_size=size, run_before=before)


@TWO_SIZES
def test_a_file_with_a_search(snap_compare: Compare, tmp_path: Path, size: tuple[int, int]) -> None:
    body = numbered(2_000) + TRACE + b"\n" + numbered(3_000)
    stage = stage_with_archive(tmp_path, zipped(("scr_1_agent.log", body)))

    async def before(pilot: "Pilot[None]") -> None:
        await stage.settle(pilot)
        screen = await entry_opened(stage, pilot)
        await pilot.press("w", "slash", *"assert", "enter")
        await until(pilot, lambda: "match 1 of 1" in status(screen), "a match")

    assert snap_compare(stage.app, terminal_size=size, run_before=before)


def test_a_file_that_is_damaged_and_not_text(snap_compare: Compare, tmp_path: Path) -> None:
    noise = random.Random(1).randbytes(60_000)
    content = bytearray(zipped(("core.bin", noise)))
    at = content.index(b"PK\1\2") + 16
    content[at : at + 4] = b"\0\0\0\0"
    stage = stage_with_archive(tmp_path, bytes(content))

    async def before(pilot: "Pilot[None]") -> None:
        await stage.settle(pilot)
        await entry_opened(stage, pilot)

    assert snap_compare(stage.app, terminal_size=NARROW, run_before=before)


@TWO_SIZES
def test_a_log_that_is_followed(snap_compare: Compare, size: tuple[int, int]) -> None:
    stage = stage_of(ALPHA)

    async def before(pilot: "Pilot[None]") -> None:
        await stage.settle(pilot)
        await live_opened(stage, pilot)

    assert snap_compare(stage.app, terminal_size=size, run_before=before)


def test_a_log_whose_scenario_has_ended(snap_compare: Compare, tmp_path: Path) -> None:
    stage = stage_of(ALPHA, downloads=tmp_path)
    log = DevboxLog(stage)
    log.write("turn 1: looking around", source="entrypoint")
    log.write("429 from the model provider, trying again", source="entrypoint", level="warn")
    log.write("2 failed, 3 passed", level="error")

    async def before(pilot: "Pilot[None]") -> None:
        await stage.settle(pilot)
        screen = await live_opened(stage, pilot)
        stage.clock.advance(minutes=12)
        await stage.poll(pilot)
        await until(pilot, lambda: screen.scenario_run.is_terminal, "its end")
        await stage.settle(pilot)
        stage.app.clear_notifications()

    assert snap_compare(stage.app, terminal_size=WIDE, run_before=before)
