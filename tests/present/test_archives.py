"""Downloads and archives: progress, outcome, and the list of files."""

from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import pytest

from runloop_tui.api.errors import NotFound
from runloop_tui.logs.archive import DamagedArchive, DirectoryEntry
from runloop_tui.logs.downloads import DownloadState
from runloop_tui.logs.entries import Entries, Entry
from runloop_tui.monitor.arrange import Order
from runloop_tui.present.archives import (
    active_downloads_line,
    archive_line,
    arrange_entries,
    download_ended_message,
    download_lines,
    entries_title,
    entry_cells,
    failure_words,
    read_failure,
)
from tests.present.building import page_of, text_of

if TYPE_CHECKING:
    from runloop_tui.logs.downloads import Download


ZIP = Path("/home/me/logs/swe.zip")
PART = Path("/home/me/logs/swe.zip.part")


def a_download(title: str = "swe-verified", **state: Any) -> "Download":  # noqa: ANN401
    """A download in a state, without the download."""
    standing = SimpleNamespace(
        title=title,
        target_id="bmr_1",
        state=DownloadState(**state),
        is_final=True,
        is_private=False,
    )
    return cast("Download", standing)


def shown(download: "Download", width: int = 70) -> str:
    return page_of(download_lines(download, width))


DONE = DownloadState("done", path=Path("/downloads/a-logs.zip"))


def entry(number: int, name: str, size: int = 0) -> Entry:
    return Entry(number, name, DirectoryEntry(name.encode(errors="replace"), 0, 0, 0, 0, size, 0))


ENTRIES = [entry(0, "b_agent.log", 10), entry(1, "a_agent.log", 30), entry(2, "a_test.log", 20)]


def names(order: Order, search_query: str = "") -> list[str]:
    return [found.name for found in arrange_entries(ENTRIES, search_query, order)]


def test_one_under_way_shows_bytes_percent_and_rate() -> None:
    receiving = a_download(
        phase="receiving", received=105_500_000, size=234_500_000, rate=2_500_000.0, path=PART
    )
    assert shown(receiving) == (
        "⇣ receiving  swe-verified                    105.5 MB  44%    2.5 MB/s\n"
        "  /home/me/logs/swe.zip.part"
    )


def test_one_of_unknown_size_shows_no_percent() -> None:
    text = shown(a_download(phase="receiving", received=105_500_000))
    assert "105.5 MB" in text
    assert "%" not in text


def test_one_that_waits_shows_no_numbers() -> None:
    assert shown(a_download()).split() == ["◌", "waiting", "swe-verified"]


def test_one_that_is_done_shows_where_it_went() -> None:
    text = shown(a_download(phase="done", received=500, size=500, path=ZIP))
    assert text.splitlines()[0].split() == ["✓", "done", "swe-verified", "500", "Bytes", "100%"]
    assert text.splitlines()[1] == "  /home/me/logs/swe.zip"


def test_one_that_failed_shows_why() -> None:
    text = shown(
        a_download(phase="failed", received=500, error=DamagedArchive("its end is missing"))
    )
    assert text.startswith("! failed ")
    assert text.splitlines()[1] == "  its end is missing"


def test_percent_is_100_only_when_all_is_here() -> None:
    assert " 99%" in shown(a_download(phase="receiving", received=999_999, size=1_000_000))
    assert "100%" in shown(a_download(phase="receiving", received=1_000_001, size=1_000_000))


def test_a_narrow_list_gives_up_the_rate_first() -> None:
    receiving = a_download(phase="receiving", received=10**6, size=10**9, rate=1.0)
    assert "/s" in shown(receiving, 55)
    assert "/s" not in shown(receiving, 54)
    assert "1.0 MB   0%" in shown(receiving, 54)


def test_the_line_of_all_that_is_under_way_begins_with_the_oldest() -> None:
    newest = a_download("tb2", phase="waiting")
    oldest = a_download("swe", phase="receiving", received=10**6, size=4 * 10**6, rate=5e5)
    assert text_of(active_downloads_line([newest, oldest], 118)).rstrip() == (
        " ⇣ 2 downloads  swe 1.0 MB  25% of 4.0 MB 500.0 kB/s   tb2"
    )
    assert text_of(active_downloads_line([newest, oldest], 24)) == " ⇣ 2 downloads  swe 1.0…"
    assert active_downloads_line([], 118) == ()


@pytest.mark.parametrize(
    ("state", "message"),
    [
        ({"phase": "done", "path": ZIP}, "The logs of swe-verified are in /home/me/logs/swe.zip"),
        (
            {"phase": "canceled"},
            "The download of the logs of swe-verified was canceled; nothing is left of it.",
        ),
        (
            {"phase": "failed", "error": NotFound(status=404, detail="no logs")},
            (
                "The logs of swe-verified were not downloaded: not found (404): no logs. "
                "Check the id, and that the key belongs to the right account."
            ),
        ),
        (
            {"phase": "failed", "error": DamagedArchive("it was cut off"), "path": PART},
            (
                "The logs of swe-verified were not downloaded: it was cut off. "
                "What was received is in /home/me/logs/swe.zip.part"
            ),
        ),
        (
            {"phase": "failed", "error": OSError(28, "No space left on device")},
            "The logs of swe-verified were not downloaded: No space left on device.",
        ),
    ],
)
def test_the_message_for_a_finished_download_says_the_outcome_and_the_file(
    state: dict[str, Any], message: str
) -> None:
    assert download_ended_message(a_download(**state)) == message


def test_a_failure_always_has_words() -> None:
    assert failure_words(DownloadState(phase="failed", error=OSError())) == "OSError"
    assert failure_words(DownloadState(phase="failed")) == (
        "an internal error; the log file has the details"
    )


def test_a_title_that_shows_nothing_gives_way_to_the_id() -> None:
    assert "bmr_1" in shown(a_download("\u200b"))
    assert "The logs of bmr_1 " in download_ended_message(a_download("", phase="done", path=ZIP))


def test_files_keep_the_order_of_the_archive_unless_sorted() -> None:
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
    assert text_of(entries_title("x", entries, shown)).startswith(expected)


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
def test_the_state_of_the_archive_is_shown(
    state: DownloadState, entries: Entries | None, error: Exception | None, expected: str
) -> None:
    assert text_of(archive_line(state, entries, error)).startswith(expected)


def test_os_errors_are_shown_without_a_path() -> None:
    assert read_failure(OSError(28, "No space left on device", "/secret")) == (
        "No space left on device"
    )
