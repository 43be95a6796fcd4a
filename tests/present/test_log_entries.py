"""The list of an archive's files, and the line that says how the archive stands."""

from pathlib import Path

import pytest

from runloop_tui.api.errors import NotFound
from runloop_tui.logs.archive import DamagedArchive, DirectoryEntry
from runloop_tui.logs.download import DownloadState
from runloop_tui.logs.entries import Entries, Entry
from runloop_tui.monitor.arrange import Order
from runloop_tui.present.cells import Line
from runloop_tui.present.log_entries import (
    archive_line,
    arrange_entries,
    entries_title,
    entry_cells,
    read_failure,
)

DONE = DownloadState("done", path=Path("/downloads/a-logs.zip"))


def entry(number: int, name: str, size: int = 0) -> Entry:
    return Entry(number, name, DirectoryEntry(name.encode(errors="replace"), 0, 0, 0, 0, size, 0))


ENTRIES = [entry(0, "b_agent.log", 10), entry(1, "a_agent.log", 30), entry(2, "a_test.log", 20)]


def words(line: Line) -> str:
    return "".join(piece.text for piece in line)


def names(order: Order, needle: str = "") -> list[str]:
    return [found.name for found in arrange_entries(ENTRIES, needle, order)]


def test_files_stand_as_in_the_archive_unless_sorted() -> None:
    assert names(Order("archive")) == ["b_agent.log", "a_agent.log", "a_test.log"]
    assert names(Order("name")) == ["a_agent.log", "a_test.log", "b_agent.log"]
    assert names(Order("size")) == ["a_agent.log", "a_test.log", "b_agent.log"]
    assert names(Order("size", reverse=True))[0] == "b_agent.log"


def test_a_filter_finds_all_its_words_in_the_name() -> None:
    assert names(Order("archive"), "AGENT a_") == ["a_agent.log"]


def test_a_hostile_name_is_shown_safely_and_an_invisible_one_has_a_name() -> None:
    assert entry_cells(entry(0, "../\x1b[2J\u202ex"))[0].text == "../␛x"
    assert entry_cells(entry(0, "\u200b"))[0].text == "(no name)"


@pytest.mark.parametrize(
    ("flags", "method", "expected"), [(1, 8, "encrypted"), (0, 12, "unreadable"), (8, 8, "5 Bytes")]
)
def test_a_file_that_cannot_be_read_says_so_in_the_place_of_its_size(
    flags: int, method: int, expected: str
) -> None:
    claimed = DirectoryEntry(b"a.log", flags, method, 0, 3, 5, 0)
    assert entry_cells(Entry(0, "a.log", claimed))[1].text == expected


@pytest.mark.parametrize(
    ("entries", "shown", "expected"),
    [
        (None, 0, "logs of x"),
        (Entries(tuple(ENTRIES)), 3, "logs of x · 3 files"),
        (Entries(tuple(ENTRIES), folders=1), 1, "logs of x · 1 of 3 files, 1 folder"),
        (Entries(tuple(ENTRIES), left_out=7), 3, "logs of x · 3 of 10 files, only the first 3"),
        (Entries(tuple(ENTRIES), unreadable=2), 3, "logs of x · 3 files, 2 cannot be read"),
    ],
)
def test_the_title_says_how_many_of_how_many(
    entries: Entries | None, shown: int, expected: str
) -> None:
    assert words(entries_title("x", entries, shown)).startswith(expected)


@pytest.mark.parametrize(
    ("state", "entries", "error", "expected"),
    [
        (DownloadState(), None, None, "asking for the logs…"),
        (
            DownloadState("receiving", received=5_000_000, size=20_000_000),
            None,
            None,
            "downloading the logs… 5.0 MB of 20.0 MB, 25%",
        ),
        (
            DownloadState("receiving", received=5_000_000),
            None,
            None,
            "downloading the logs… 5.0 MB",
        ),
        (DownloadState("canceled"), None, None, "the download was canceled; r starts it again"),
        (
            DownloadState("failed", error=NotFound(status=404)),
            None,
            None,
            "! the logs were not downloaded: not found (404).",
        ),
        (DONE, None, None, "reading what is in it…"),
        (DONE, Entries(tuple(ENTRIES)), None, "/downloads/a-logs.zip"),
        (DONE, Entries(), None, "there is nothing in this archive  /downloads/a-logs.zip"),
        (DONE, Entries(folders=2), None, "there is nothing but folders in this archive"),
        (
            DONE,
            None,
            DamagedArchive("it is one part of several"),
            "! the archive cannot be read: it is one part of several",
        ),
    ],
)
def test_how_the_archive_stands_is_said(
    state: DownloadState, entries: Entries | None, error: Exception | None, expected: str
) -> None:
    assert words(archive_line(state, entries, error)).startswith(expected)


def test_the_systems_errors_are_said_in_its_words_without_a_path() -> None:
    assert read_failure(OSError(28, "No space left on device", "/secret")) == (
        "No space left on device"
    )
