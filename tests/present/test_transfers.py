"""Downloads: how much, how fast, where it went, why it did not."""

from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import pytest

from runloop_tui.api.errors import NotFound
from runloop_tui.logs.archive import DamagedArchive
from runloop_tui.logs.downloads import DownloadState
from runloop_tui.present.transfers import (
    download_news,
    failure_words,
    transfer_lines,
    transfers_line,
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
    return page_of(transfer_lines(download, width))


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
    assert text_of(transfers_line([newest, oldest], 118)).rstrip() == (
        " ⇣ 2 downloads  swe 1.0 MB  25% of 4.0 MB 500.0 kB/s   tb2"
    )
    assert text_of(transfers_line([newest, oldest], 24)) == " ⇣ 2 downloads  swe 1.0…"
    assert transfers_line([], 118) == ()


@pytest.mark.parametrize(
    ("state", "news"),
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
def test_the_news_of_the_end_say_what_became_of_it_and_what_is_left(
    state: dict[str, Any], news: str
) -> None:
    assert download_news(a_download(**state)) == news


def test_a_failure_always_has_words() -> None:
    assert failure_words(DownloadState(phase="failed", error=OSError())) == "OSError"
    assert failure_words(DownloadState(phase="failed")) == (
        "an unexpected fault, which the log tells"
    )


def test_a_title_that_shows_nothing_gives_way_to_the_id() -> None:
    assert "bmr_1" in shown(a_download("\u200b"))
    assert "The logs of bmr_1 " in download_news(a_download("", phase="done", path=ZIP))
