import asyncio
import os
import zlib
from pathlib import Path

import pytest

from runloop_tui.logs import log_text
from runloop_tui.logs.archive import TooLarge
from runloop_tui.logs.entries import Encrypted, Unpacker, WrongChecksum
from runloop_tui.logs.limits import Limits
from runloop_tui.logs.opened_entry import OpenedEntry
from tests.logs.written_zip import CHECKSUM, FLAGS, only_entry, rewrite, written_zip

LONG = b"".join(b"line %07d\n" % number for number in range(1_000_000))


class Reader:
    """Opens the only file of an archive and waits for its changes."""

    def __init__(self, path: Path, limits: Limits | None = None) -> None:
        self.changes = 0
        self.changed = asyncio.Event()
        self.opened = OpenedEntry(
            path, only_entry(path), on_change=self._note, limits=limits or Limits()
        )

    def _note(self) -> None:
        self.changes += 1
        self.changed.set()

    async def until_read(self) -> OpenedEntry:
        self.opened.start()
        while self.opened.phase == "reading":
            await self.changed.wait()
            self.changed.clear()
        return self.opened


async def test_a_file_is_read_to_its_end_and_its_lines_are_there(tmp_path: Path) -> None:
    opened = await Reader(written_zip(tmp_path, ("a.log", b"one\ntwo\n"))).until_read()

    assert opened.text is not None
    assert (opened.phase, opened.error, opened.fraction) == ("whole", None, 1.0)
    assert [opened.text.line(number).head for number in range(opened.text.lines)] == [
        b"one",
        b"two",
    ]
    await opened.close()


async def test_the_first_lines_are_there_long_before_the_last(tmp_path: Path) -> None:
    reader = Reader(written_zip(tmp_path, ("a.log", LONG)))
    reader.opened.start()
    await reader.changed.wait()

    text = reader.opened.text
    assert text is not None
    assert reader.opened.phase == "reading"
    assert 0 < reader.opened.fraction < 0.1
    assert text.line(0).head == b"line 0000000"

    while text.lines < 1_000_000:
        reader.changed.clear()
        await reader.changed.wait()
    assert text.line(999_999).head == b"line 0999999"
    await reader.opened.close()


async def test_closing_while_it_is_read_stops_it_and_leaves_nothing(tmp_path: Path) -> None:
    path = written_zip(tmp_path, ("a.log", LONG))
    reader = Reader(path)
    reader.opened.start()
    await reader.changed.wait()
    changes = reader.changes

    await reader.opened.close()

    assert reader.opened.phase == "stopped"
    assert reader.opened.text is None
    assert reader.changes == changes, "no call of on_change after close"
    assert [entry.name for entry in os.scandir(tmp_path)] == [path.name]


async def test_closing_before_it_began_does_no_harm(tmp_path: Path) -> None:
    await Reader(written_zip(tmp_path, ("a.log", b""))).opened.close()


async def test_what_cannot_be_opened_stops_with_the_reason(tmp_path: Path) -> None:
    path = rewrite(written_zip(tmp_path, ("a.log", b"x")), FLAGS, 1)

    opened = await Reader(path).until_read()

    assert opened.phase == "stopped"
    assert isinstance(opened.error, Encrypted)
    await opened.close()


async def test_an_archive_that_is_gone_stops_with_the_systems_words(tmp_path: Path) -> None:
    path = written_zip(tmp_path, ("a.log", b"x"))
    reader = Reader(path)
    path.unlink()

    assert isinstance((await reader.until_read()).error, FileNotFoundError)
    await reader.opened.close()


async def test_what_was_read_before_a_wrong_checksum_stays(tmp_path: Path) -> None:
    path = rewrite(written_zip(tmp_path, ("a.log", b"one\ntwo\n")), CHECKSUM, zlib.crc32(b"other"))

    opened = await Reader(path).until_read()

    assert isinstance(opened.error, WrongChecksum)
    assert opened.text is not None
    assert opened.text.lines == 2
    await opened.close()


async def test_a_bomb_stops_with_what_was_read(tmp_path: Path) -> None:
    path = written_zip(tmp_path, ("bomb", bytes(30_000_000)))

    opened = await Reader(path, Limits(highest_ratio=100, ratio_counts_from=1_000_000)).until_read()

    assert isinstance(opened.error, TooLarge)
    assert opened.text is not None
    assert opened.text.size < 10_000_000
    await opened.close()


async def test_a_full_disk_stops_it_with_the_systems_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_text: log_text.LogText, _piece: bytes) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(log_text.LogText, "write", full)
    opened = await Reader(written_zip(tmp_path, ("a.log", b"x"))).until_read()

    assert isinstance(opened.error, OSError)
    assert opened.text is not None
    assert opened.text.lines == 0
    await opened.close()


async def test_an_unexpected_error_ends_the_unpacking_and_is_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, reported: list[BaseException]
) -> None:
    monkeypatch.setattr(Unpacker, "next_piece", lambda *_: 1 // 0)
    reader = Reader(written_zip(tmp_path, ("a.log", b"one\n")))
    async with asyncio.timeout(60):
        opened = await reader.until_read()
    assert (opened.phase, opened.error) == ("stopped", None)
    await opened.close()
    assert opened.text is None
    assert [type(error) for error in reported] == [ZeroDivisionError]
