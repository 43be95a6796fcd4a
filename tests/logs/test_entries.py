from pathlib import Path

import pytest

from runloop_tui.logs import entries as entries_module
from runloop_tui.logs.archive import DamagedArchive, NotAnArchive
from runloop_tui.logs.entries import read_entries
from tests.logs.written_zip import written_zip


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


def test_two_files_of_one_name_are_told_apart_by_their_number(tmp_path: Path) -> None:
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


def test_something_else_and_a_zip_cut_off_are_told(tmp_path: Path) -> None:
    path = written_zip(tmp_path, ("a.log", b"text"))
    path.write_bytes(path.read_bytes()[:-10])
    with pytest.raises(DamagedArchive):
        read_entries(path)
    path.write_bytes(b"<html>")
    with pytest.raises(NotAnArchive):
        read_entries(path)
