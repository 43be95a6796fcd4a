"""A disk that is full or refuses: said in its own words, what is on it is plainly a part, and the app goes on."""

import errno
import os
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

import pytest

from runloop_tui.logs import log_text
from runloop_tui.logs.storage import create_part
from runloop_tui.ui.screens.archive import ArchiveScreen
from runloop_tui.ui.screens.runs import RunsScreen
from tests.ui.log_scenes import (
    archive_opened,
    entry_opened,
    notice,
    numbered,
    stage_with_archive,
    status,
    zipped,
)
from tests.ui.seeing import NARROW, WIDE
from tests.ui.test_actions import CONFIRM
from tests.ui.transports import until
from tests.ui.worlds import FEW, stage_of

LONG = zipped(("agent.log", numbered(500_000)))
"""More than is unpacked at once."""


def refusing(code: int) -> Callable[..., None]:
    """What a disk does that takes nothing."""

    def refuse(*_: object, **__: object) -> None:
        raise OSError(code, os.strerror(code))

    return refuse


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


class SmallDisk:
    """A file that takes so many bytes, and no more."""

    def __init__(self, file: BinaryIO, room: int) -> None:
        self._file = file
        self._room = room

    def write(self, piece: bytes) -> int:
        self._room -= len(piece)
        if self._room < 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return self._file.write(piece)

    def __enter__(self) -> "SmallDisk":
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()


def create_part_on_a_small_disk(folder: Path, name: str) -> tuple[Path, SmallDisk]:
    """As `create_part`, where there is room for 40 kB."""
    final, file = create_part(folder, name)
    return final, SmallDisk(file, 40_000)


async def test_a_disk_that_fills_up_in_a_download_is_said_with_where_the_part_is(
    tmp_path: Path, notified: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    stage = stage_of(*FEW, downloads=tmp_path)
    with monkeypatch.context() as full:
        full.setattr("runloop_tui.logs.downloads.create_part", create_part_on_a_small_disk)
        async with stage.running(NARROW) as pilot:
            await pilot.press("D", *CONFIRM)
            await until(pilot, lambda: notified)
            assert "were not downloaded: No space left on device." in notified[0]
            (part,) = names_in(tmp_path)
            assert part.endswith("-logs.zip.part")
            assert part in notified[0]
            full.undo()
            await pilot.press("D", *CONFIRM)
            await until(pilot, lambda: len(notified) == 2)
            assert " (2).zip" in notified[1], "there is room again"


@pytest.mark.parametrize("code", [errno.EACCES, errno.EROFS, errno.ENOSPC, errno.EDQUOT])
async def test_a_folder_that_cannot_be_made_is_said_where_logs_are_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    stage = stage_of(*FEW, downloads=tmp_path / "logs")
    monkeypatch.setattr(Path, "mkdir", refusing(code))
    async with stage.running(WIDE) as pilot:
        screen = await archive_opened(stage, pilot)
        assert f"the logs were not downloaded: {os.strerror(code)}." in status(screen)
        await pilot.press("escape")
        assert isinstance(stage.app.screen, RunsScreen)
    assert names_in(tmp_path) == []


async def test_a_disk_that_fills_up_while_a_file_is_unpacked_leaves_what_was_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = log_text.LogText.write

    def write_until_full(text: log_text.LogText, piece: bytes) -> None:
        if text.size:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        write(text, piece)

    monkeypatch.setattr(log_text.LogText, "write", write_until_full)
    stage = stage_with_archive(tmp_path, LONG)
    async with stage.running(WIDE) as pilot:
        screen = await entry_opened(stage, pilot)
        assert notice(screen) == "! cannot be read further: No space left on device"
        assert screen.view.place.lines > 1_000
        await pilot.press("G", "escape")
        assert isinstance(stage.app.screen, ArchiveScreen)
    assert names_in(tmp_path) == []


async def test_a_folder_that_takes_no_file_is_said_where_one_is_unpacked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("runloop_tui.logs.log_text.tempfile.TemporaryFile", refusing(errno.EROFS))
    stage = stage_with_archive(tmp_path, LONG)
    async with stage.running(WIDE) as pilot:
        screen = await entry_opened(stage, pilot)
        assert notice(screen) == "! cannot be read: Read-only file system"
        await pilot.press("escape")
        assert isinstance(stage.app.screen, ArchiveScreen)
