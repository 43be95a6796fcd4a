import io
import struct
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runloop_tui.logs.archive import (
    ArchiveError,
    ArchiveSummary,
    DamagedArchive,
    NotAnArchive,
    check_archive,
)
from tests.logs.scripted_stream import a_zip

TWO = a_zip(agent_log="hello " * 100, test_log="world")
END = TWO.rindex(b"PK\5\6")
DIRECTORY = TWO.index(b"PK\1\2")


@pytest.fixture(name="file_of")
def _file_of(tmp_path: Path) -> Callable[[bytes], Path]:
    def file_of(content: bytes) -> Path:
        path = tmp_path / "a.zip"
        path.write_bytes(content)
        return path

    return file_of


FileOf = Callable[[bytes], Path]


def changed(content: bytes, at: int, new: bytes) -> bytes:
    return content[:at] + new + content[at + len(new) :]


def test_a_whole_archive_has_a_summary_of_entries_and_size(file_of: FileOf) -> None:
    assert check_archive(file_of(TWO)) == ArchiveSummary(entries=2, unpacked_bytes=605)


def test_an_archive_without_entries_is_a_good_one(file_of: FileOf) -> None:
    assert check_archive(file_of(a_zip())) == ArchiveSummary(entries=0, unpacked_bytes=0)


def test_a_comment_at_the_end_does_no_harm_even_if_it_looks_like_an_end(file_of: FileOf) -> None:
    buffer = io.BytesIO(TWO)
    with zipfile.ZipFile(buffer, "a") as archive:
        archive.comment = b"PK\5\6 and more" * 20

    assert check_archive(file_of(buffer.getvalue())).entries == 2


def test_a_streamed_archive_with_sizes_after_the_data_is_good(tmp_path: Path) -> None:
    class Pipe(io.FileIO):
        def seekable(self) -> bool:
            return False

        def tell(self) -> int:
            raise io.UnsupportedOperation

    path = tmp_path / "streamed.zip"
    with Pipe(path, "w") as pipe, zipfile.ZipFile(pipe, "w") as archive:
        archive.writestr("a.log", "text")
    assert b"PK\7\x08" in path.read_bytes(), "the sizes should follow the data"

    assert check_archive(path) == ArchiveSummary(entries=1, unpacked_bytes=4)


def test_the_64_bit_fields_of_a_large_archive_are_read(file_of: FileOf) -> None:
    name, data = b"big.log", b"data"
    wide = struct.pack("<2HQQQ", 1, 24, 5 << 32, len(data), 0)
    full = 0xFFFFFFFF
    local = struct.pack("<4s5H3L2H", b"PK\3\4", 45, 0, 0, 0, 0, 0, full, full, len(name), 0) + name
    entry = struct.pack(
        "<4s6H3L5H2L",
        *(b"PK\1\2", 45, 45, 0, 0, 0, 0),
        *(0, full, full),
        *(len(name), len(wide), 0, 0, 0),
        *(0, full),
    )
    entry += name + wide
    at = len(local + data)
    end = struct.pack("<4sQ2H2L4Q", b"PK\6\6", 44, 45, 45, 0, 0, 1, 1, len(entry), at)
    locator = struct.pack("<4sLQL", b"PK\6\7", 0, at + len(entry), 1)
    old_end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 0xFFFF, 0xFFFF, full, full, 0)

    summary = check_archive(file_of(local + data + entry + end + locator + old_end))

    assert summary == ArchiveSummary(entries=1, unpacked_bytes=5 << 32)


@pytest.mark.slow
def test_an_archive_of_very_many_entries_is_read(file_of: FileOf) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for number in range(70_000):
            archive.writestr(zipfile.ZipInfo(str(number)), b"")

    assert check_archive(file_of(buffer.getvalue())).entries == 70_000


@pytest.mark.parametrize("content", [b"", b"PK", b"<html>no logs</html>", b'{"message": "no"}'])
def test_something_else_is_not_an_archive(file_of: FileOf, content: bytes) -> None:
    with pytest.raises(NotAnArchive):
        check_archive(file_of(content))


@pytest.mark.parametrize("cut", [1, 22, 60, len(TWO) - 4])
def test_an_archive_that_was_cut_off_is_damaged(file_of: FileOf, cut: int) -> None:
    with pytest.raises(DamagedArchive, match="end of the archive is missing"):
        check_archive(file_of(TWO[:-cut]))


def test_an_archive_whose_middle_is_missing_is_damaged(file_of: FileOf) -> None:
    with pytest.raises(DamagedArchive):
        check_archive(file_of(TWO[:20] + TWO[40:]))


def test_an_archive_with_bytes_before_it_is_damaged(file_of: FileOf) -> None:
    with pytest.raises(DamagedArchive):
        check_archive(file_of(b"junk" + TWO))


@pytest.mark.parametrize(
    ("at", "new"),
    [
        pytest.param(0, b"XX", id="no local header"),
        pytest.param(30, b"A", id="another name in the local header"),
        pytest.param(DIRECTORY, b"XX", id="no directory"),
        pytest.param(DIRECTORY + 20, b"\xff\xff\xff\x7f", id="an entry longer than the file"),
        pytest.param(DIRECTORY + 20, b"\xff\xff\xff\xff", id="64-bit size without its field"),
        pytest.param(DIRECTORY + 28, b"\xff\xff", id="a name longer than the directory"),
        pytest.param(DIRECTORY + 42, b"\xff\xff\xff\x7f", id="a local header beyond the end"),
        pytest.param(END + 4, b"\1", id="one of several disks"),
        pytest.param(END + 8, b"\3\0\3\0", id="more entries said than there are"),
        pytest.param(END + 8, b"\1\0\1\0", id="fewer entries said than there are"),
        pytest.param(END + 16, b"\xff\xff\xff\x7f", id="a directory beyond the end"),
    ],
)
def test_parts_that_do_not_fit_together_are_damage(file_of: FileOf, at: int, new: bytes) -> None:
    with pytest.raises(DamagedArchive):
        check_archive(file_of(changed(TWO, at, new)))


@given(at=st.integers(0, len(TWO) - 1), new=st.binary(min_size=1, max_size=12))
def test_whatever_is_changed_nothing_but_an_archive_error_comes_of_it(
    tmp_path_factory: pytest.TempPathFactory, at: int, new: bytes
) -> None:
    path = tmp_path_factory.getbasetemp() / "changed.zip"
    path.write_bytes(changed(TWO, at, new))

    with suppress(ArchiveError):
        check_archive(path)


def test_a_bomb_is_not_unpacked_the_summary_has_its_claimed_size(file_of: FileOf) -> None:
    claimed = changed(TWO, DIRECTORY + 24, struct.pack("<L", 4_000_000_000))

    assert check_archive(file_of(claimed)).unpacked_bytes == 4_000_000_005


def test_a_file_that_is_not_there_is_the_systems_own_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        check_archive(tmp_path / "nothing.zip")
