"""Hostile archives: reading creates no named file, and a bad entry does not affect the others."""

import stat
import zipfile
from pathlib import Path

import pytest

from runloop_tui.logs.archive import ArchiveError
from runloop_tui.logs.entries import read_entries
from runloop_tui.logs.opened_entry import OpenedEntry
from tests.logs.written_zip import CHECKSUM, FLAGS, METHOD, UNPACKED, rewrite, written_zip

CLIMBING = ("../../out", "/out", "C:\\out", "\\\\host\\out", "a/../../../out", "..", ".")
ALIKE = ("same", "same", "SAME", "Same")
RESERVED = ("CON", "nul.txt", "COM1.log", "aux", "a:stream", "trailing. ", "-rf", "~root")
KINDS = {"a link": stat.S_IFLNK, "a device": stat.S_IFCHR, "a pipe": stat.S_IFIFO}


def names_in(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


async def read(path: Path, number: int) -> tuple[bytes, Exception | None]:
    """Return the bytes of one entry and its error; check the folder while it is read."""
    opened = OpenedEntry(path, read_entries(path).files[number], on_change=lambda: None)
    opened.start()
    assert opened._task is not None
    await opened._task
    assert names_in(path.parent) == [path.name], "only the archive has a name"
    content = opened.text.bytes_at(0, 1_000_000) if opened.text is not None else b""
    await opened.close()
    return content, opened.error


@pytest.mark.parametrize(
    "names", [CLIMBING, ALIKE, RESERVED], ids=["climbing", "alike", "reserved"]
)
async def test_names_that_would_do_harm_on_a_disk_are_only_names(
    tmp_path: Path, names: tuple[str, ...]
) -> None:
    folder = tmp_path / "chosen"
    folder.mkdir()
    path = written_zip(folder, *((name, str(place).encode()) for place, name in enumerate(names)))

    files = read_entries(path).files

    assert [entry.name for entry in files] == list(names)
    for place in range(len(names)):
        assert await read(path, place) == (str(place).encode(), None)
    assert names_in(tmp_path) == ["chosen"]


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
async def test_links_and_devices_are_read_as_the_text_that_they_hold(
    tmp_path: Path, kind: int
) -> None:
    path = tmp_path / "logs.zip"
    with zipfile.ZipFile(path, "w") as archive:
        info = zipfile.ZipInfo("link")
        info.external_attr = (kind | 0o777) << 16
        archive.writestr(info, "/etc/passwd")

    assert await read(path, 0) == (b"/etc/passwd", None)


@pytest.mark.parametrize(
    "lie",
    [(FLAGS, 1), (METHOD, 12), (CHECKSUM, 7), (UNPACKED, 1)],
    ids=["encrypted", "packed otherwise", "another sum", "another size"],
)
async def test_a_file_that_cannot_be_read_says_why_and_the_next_can(
    tmp_path: Path, lie: tuple[tuple[int, str], int]
) -> None:
    path = rewrite(written_zip(tmp_path, ("bad", b"text"), ("good", b"fine")), *lie)

    assert read_entries(path).unreadable == (lie[0] in {FLAGS, METHOD})
    _, error = await read(path, 0)

    assert isinstance(error, ArchiveError)
    assert str(error).isprintable()
    assert await read(path, 1) == (b"fine", None)


async def test_an_archive_within_an_archive_is_not_unpacked(tmp_path: Path) -> None:
    inner = written_zip(tmp_path, ("deep", bytes(100_000)), name="inner.zip").read_bytes()
    (tmp_path / "inner.zip").unlink()
    path = written_zip(tmp_path, ("inner.zip", inner))

    assert await read(path, 0) == (inner, None)
