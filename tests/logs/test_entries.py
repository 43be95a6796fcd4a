import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from runloop_tui.logs import entries as entries_module
from runloop_tui.logs.archive import ArchiveError, DamagedArchive, NotAnArchive, TooLarge
from runloop_tui.logs.entries import (
    DamagedEntry,
    Encrypted,
    Entry,
    Unpacker,
    UnsupportedMethod,
    WrongChecksum,
    read_entries,
)
from runloop_tui.logs.limits import Limits
from tests.logs.written_zip import (
    CHECKSUM,
    DEFLATED,
    FLAGS,
    METHOD,
    STORED,
    UNPACKED,
    damaged_in_the_middle,
    only_entry,
    rewrite,
    written_zip,
)

TEXT = b"".join(b"line %06d of a log that repeats itself\n" % number for number in range(5_000))
NOISE = random.Random(1).randbytes(100_000)
BOTH = pytest.mark.parametrize("method", [STORED, DEFLATED], ids=["stored", "deflated"])


def names(path: Path) -> list[str]:
    return [entry.name for entry in read_entries(path).files]


def test_the_files_are_listed_in_the_order_of_the_archive_with_their_sizes(tmp_path: Path) -> None:
    path = written_zip(tmp_path, ("b.log", b"bb" * 100), ("a.log", b"a"))

    found = read_entries(path)

    assert [(entry.name, entry.unpacked_bytes) for entry in found.files] == [
        ("b.log", 200),
        ("a.log", 1),
    ]
    assert found.files[0].packed_bytes < 200
    assert (found.folders, found.left_out) == (0, 0)


def test_folders_are_counted_and_not_listed(tmp_path: Path) -> None:
    path = written_zip(tmp_path, ("logs/", b""), ("logs/a.log", b"a"), ("more/", b""))

    found = read_entries(path)

    assert [entry.name for entry in found.files] == ["logs/a.log"]
    assert found.folders == 2


def test_an_archive_of_nothing_lists_nothing(tmp_path: Path) -> None:
    assert read_entries(written_zip(tmp_path)).files == ()


def test_two_files_of_one_name_differ_in_their_number(tmp_path: Path) -> None:
    path = written_zip(tmp_path, ("same", b"1"), ("same", b"22"))

    assert [(entry.number, entry.unpacked_bytes) for entry in read_entries(path).files] == [
        (0, 1),
        (1, 2),
    ]


@pytest.mark.parametrize("name", ["../../etc/passwd", "/etc/passwd", "a\x1b[2Jb", "C:\\x", "日本"])
def test_a_hostile_name_is_given_as_it_is_and_nothing_is_written_under_it(
    tmp_path: Path, name: str
) -> None:
    path = written_zip(tmp_path, (name, b"x"))

    assert names(path) == [name]
    assert list(tmp_path.iterdir()) == [path]


def test_a_name_that_is_not_utf8_is_read_as_the_old_dos_page(tmp_path: Path) -> None:
    path = written_zip(tmp_path, ("xy.log", b""))
    path.write_bytes(path.read_bytes().replace(b"xy.log", b"x\x81.log"))

    assert names(path) == ["xü.log"]


def test_a_name_that_only_says_it_is_utf8_has_marks_for_what_is_not(tmp_path: Path) -> None:
    path = written_zip(tmp_path, ("ü.log", b""))
    path.write_bytes(path.read_bytes().replace("ü".encode(), b"\xff\xff"))

    assert names(path) == ["\N{REPLACEMENT CHARACTER}" * 2 + ".log"]


def test_files_beyond_the_limit_are_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(entries_module, "MOST_LISTED", 3)
    path = written_zip(tmp_path, *((f"{number}.log", b"") for number in range(5)))

    found = read_entries(path)

    assert (len(found.files), found.left_out) == (3, 2)


def test_thousands_of_files_are_listed(tmp_path: Path) -> None:
    path = written_zip(tmp_path, *((f"{number}.log", b"") for number in range(5_000)))

    assert len(read_entries(path).files) == 5_000


def test_a_file_that_is_no_zip_and_a_zip_cut_off_are_refused(tmp_path: Path) -> None:
    path = written_zip(tmp_path, ("a.log", b"text"))
    path.write_bytes(path.read_bytes()[:-10])
    with pytest.raises(DamagedArchive):
        read_entries(path)
    path.write_bytes(b"<html>")
    with pytest.raises(NotAnArchive):
        read_entries(path)


def pieces(path: Path, limits: Limits | None = None, *, most: int = 10_000) -> Iterator[bytes]:
    with path.open("rb") as archive:
        unpacker = Unpacker(archive, only_entry(path), limits or Limits())
        while piece := unpacker.next_piece(most):
            yield piece


def as_far_as_it_goes(path: Path, limits: Limits | None = None) -> tuple[bytes, ArchiveError]:
    read = b""
    try:
        for piece in pieces(path, limits):
            read += piece
    except ArchiveError as error:
        return read, error
    raise AssertionError("it was read to its end")


@BOTH
@pytest.mark.parametrize("most", [1_000, 65_536, 10_000_000])
def test_the_bytes_come_whole_in_pieces_no_larger_than_the_limit(
    tmp_path: Path, method: int, most: int
) -> None:
    path = written_zip(tmp_path, ("a.log", TEXT), method=method)

    found = list(pieces(path, most=most))

    assert b"".join(found) == TEXT
    assert max(map(len, found)) <= most


@BOTH
def test_an_empty_file_has_no_pieces(tmp_path: Path, method: int) -> None:
    assert list(pieces(written_zip(tmp_path, ("a.log", b""), method=method))) == []


def test_an_encrypted_file_is_refused(tmp_path: Path) -> None:
    path = rewrite(written_zip(tmp_path, ("a.log", TEXT)), FLAGS, 1)
    with pytest.raises(Encrypted, match="no password"):
        list(pieces(path))


def test_an_unsupported_method_is_refused_with_its_number(tmp_path: Path) -> None:
    path = rewrite(written_zip(tmp_path, ("a.log", TEXT)), METHOD, 12)
    with pytest.raises(UnsupportedMethod, match="method 12"):
        list(pieces(path))


@BOTH
def test_a_wrong_checksum_is_raised_after_the_last_piece(tmp_path: Path, method: int) -> None:
    path = rewrite(written_zip(tmp_path, ("a.log", TEXT), method=method), CHECKSUM, 1234)

    read, error = as_far_as_it_goes(path)

    assert read == TEXT
    assert isinstance(error, WrongChecksum)


def test_the_bytes_before_damaged_ones_are_returned(tmp_path: Path) -> None:
    content = bytes(byte % 64 for byte in NOISE)
    path = damaged_in_the_middle(written_zip(tmp_path, ("a.log", content)))

    read, error = as_far_as_it_goes(path)

    assert isinstance(error, DamagedEntry | WrongChecksum)
    sound = len(content) * 2 // 5
    assert read[:sound] == content[:sound]


def test_packed_bytes_that_end_too_early_are_damage(tmp_path: Path) -> None:
    path = written_zip(tmp_path, ("a.log", NOISE))
    entry = only_entry(path)
    cut_off = replace(entry, directory=entry.directory._replace(packed_bytes=50_000))
    with path.open("rb") as archive:
        unpacker = Unpacker(archive, cut_off, Limits())
        with pytest.raises(DamagedEntry, match="cut off"):
            _read_all(unpacker)


def test_an_archive_cut_off_since_it_was_listed_is_damaged(tmp_path: Path) -> None:
    path = written_zip(tmp_path, ("a.log", NOISE), method=STORED)
    entry = only_entry(path)
    path.write_bytes(path.read_bytes()[:50_000])
    with path.open("rb") as archive, pytest.raises(DamagedEntry, match="ends in the middle"):
        _read_all(Unpacker(archive, entry, Limits()))


def test_an_archive_replaced_since_it_was_listed_is_damaged(tmp_path: Path) -> None:
    entry = only_entry(written_zip(tmp_path, ("a.log", TEXT)))
    path = tmp_path / "logs.zip"
    path.write_bytes(b"something else, and longer than the header of an entry in a zip is")
    with path.open("rb") as archive, pytest.raises(DamagedArchive):
        Unpacker(archive, entry, Limits())


def test_more_bytes_than_the_directory_says_are_damage(tmp_path: Path) -> None:
    read, error = as_far_as_it_goes(
        rewrite(written_zip(tmp_path, ("a.log", TEXT)), UNPACKED, 12_000)
    )

    assert isinstance(error, DamagedEntry)
    assert "more of it" in str(error)
    assert 12_000 < len(read) <= 20_000


def test_fewer_bytes_than_the_directory_says_are_damage(tmp_path: Path) -> None:
    path = rewrite(written_zip(tmp_path, ("a.log", TEXT)), UNPACKED, len(TEXT) + 1)

    read, error = as_far_as_it_goes(path)

    assert read == TEXT
    assert "less of it" in str(error)


def test_a_bomb_ends_soon_after_the_limit_of_its_ratio(tmp_path: Path) -> None:
    path = written_zip(tmp_path, ("bomb.log", bytes(3_000_000)))

    read, error = as_far_as_it_goes(path, Limits(highest_ratio=100, ratio_counts_from=500_000))

    assert isinstance(error, TooLarge)
    assert "times its size" in str(error)
    assert 500_000 < len(read) < 520_000


def test_a_small_log_may_repeat_itself_as_well_as_a_bomb_does(tmp_path: Path) -> None:
    path = written_zip(tmp_path, ("a.log", bytes(400_000)))

    assert len(b"".join(pieces(path, Limits(highest_ratio=100, ratio_counts_from=500_000)))) == (
        400_000
    )


def test_a_file_beyond_the_largest_is_read_up_to_that(tmp_path: Path) -> None:
    path = written_zip(tmp_path, ("a.log", NOISE * 3))

    read, error = as_far_as_it_goes(path, Limits(most_bytes=150_000))

    assert isinstance(error, TooLarge)
    assert len(read) == 150_001
    assert read == (NOISE * 3)[: len(read)]


def _read_all(unpacker: Unpacker) -> None:
    while unpacker.next_piece(10_000):
        pass


def test_every_entry_is_unpacked_from_its_own_place(tmp_path: Path) -> None:
    path = written_zip(tmp_path, ("a", b"first"), ("a", b"second"), ("b", b"third"))

    def content(entry: Entry) -> bytes:
        with path.open("rb") as archive:
            return Unpacker(archive, entry, Limits()).next_piece(100)

    assert [content(entry) for entry in read_entries(path).files] == [b"first", b"second", b"third"]
