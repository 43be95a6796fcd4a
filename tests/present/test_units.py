"""Scores, counts, bars, sizes, durations and moments."""

from datetime import UTC

import pytest
from rich.cells import cell_len

from runloop_tui.present.units import (
    DAY,
    HOUR,
    MINUTE,
    SECOND,
    Times,
    ago,
    bar,
    brief,
    clock_time,
    count,
    duration,
    full_moment,
    moment,
    percent,
    plural,
    score,
    share,
    size,
    sparkline,
)
from tests.present.building import NOW


@pytest.mark.parametrize(
    ("value", "as_percent", "as_score"),
    [
        (None, "–", "–"),
        (0.0, "0.0%", "0.00"),
        (0.5, "50.0%", "0.50"),
        (0.6123, "61.2%", "0.61"),
        (1.0, "100.0%", "1.00"),
        (12.5, "1250.0%", "12.50"),
        (-0.5, "-50.0%", "-0.50"),
    ],
)
def test_a_score_is_a_percentage_of_a_run_and_a_number_of_a_scenario(
    value: float | None, as_percent: str, as_score: str
) -> None:
    assert percent(value) == as_percent
    assert score(value) == as_score


def test_nearly_all_is_never_shown_as_all_nor_nearly_nothing_as_nothing() -> None:
    assert (percent(0.99999), score(0.99999)) == ("99.9%", "0.99")
    assert (percent(0.00001), score(0.00001)) == ("0.1%", "0.01")


def test_counts_agree_with_their_nouns() -> None:
    assert count(5_000) == "5,000"
    assert [plural(number, "run") for number in (0, 1, 2, 5_000)] == [
        "0 runs", "1 run", "2 runs", "5,000 runs",
    ]  # fmt: skip


def test_a_share_says_so_where_the_total_is_unknown() -> None:
    assert share(412, 500) == "412/500"
    assert share(37, None) == "37/?"
    assert share(0, 0) == "0/0"


@pytest.mark.parametrize(
    ("finished", "total", "drawn"),
    [
        (0, 8, "    "),
        (1, 8, "▌   "),
        (4, 8, "██  "),
        (8, 8, "████"),
        (9, 8, "████"),
        (1, 5_000, "▏   "),
        (4_999, 5_000, "███▉"),
        (3, None, "    "),
        (0, 0, "    "),
    ],
)
def test_a_bar_is_full_only_when_all_is_finished_and_never_empty_when_anything_is(
    finished: int, total: int | None, drawn: str
) -> None:
    assert bar(finished, total, 4) == drawn


def test_a_bar_always_has_its_width() -> None:
    for width in range(-1, 12):
        for finished in range(14):
            assert cell_len(bar(finished, 13, width)) == max(0, width)


def test_a_size_is_written_in_decimal_units() -> None:
    assert [size(number) for number in (0, 1, 12_345_678, 10**12)] == [
        "0 Bytes", "1 Byte", "12.3 MB", "1.0 TB",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("ms", "long", "short"),
    [
        (None, "–", "–"),
        (0, "0s", "0s"),
        (999, "0s", "0s"),
        (42 * SECOND, "42s", "42s"),
        (MINUTE - 1, "59s", "59s"),
        (MINUTE, "1m 00s", "1m"),
        (12 * MINUTE + 5 * SECOND, "12m 05s", "12m"),
        (HOUR, "1h 00m", "1h 00m"),
        (2 * HOUR + 10 * MINUTE + 59 * SECOND, "2h 10m", "2h 10m"),
        (DAY - 1, "23h 59m", "23h 59m"),
        (DAY + 4 * HOUR, "1d 4h", "1d 4h"),
        (100 * DAY + 4 * HOUR, "100d", "100d"),
        (-5 * MINUTE, "0s", "0s"),  # a clock that differs from the server's
    ],
)
def test_a_duration_has_its_two_leading_units(ms: int | None, long: str, short: str) -> None:
    assert duration(ms) == long
    assert brief(ms) == short


def test_a_brief_duration_above_a_minute_changes_once_a_minute_at_most() -> None:
    assert len({brief(5 * MINUTE + second * SECOND) for second in range(60)}) == 1


@pytest.mark.parametrize("ms", [DAY - 1, 99 * DAY + 23 * HOUR, 900_000 * DAY])
def test_a_brief_duration_fits_its_column(ms: int) -> None:
    assert len(brief(ms)) <= 7


@pytest.mark.parametrize(
    ("ms", "text"),
    [
        (-3 * SECOND, "just now"),
        (59 * SECOND, "just now"),
        (MINUTE, "1m ago"),
        (HOUR - 1, "59m ago"),
        (3 * HOUR, "3h ago"),
        (DAY, "1d ago"),
        (729 * DAY, "729d ago"),
        (20_000 * DAY, "54y ago"),
    ],
)
def test_how_long_ago_is_written_coarsely_and_in_eight_cells(ms: int, text: str) -> None:
    assert ago(0, ms) == text
    assert len(text) <= 8


def test_the_ways_of_writing_moments_rotate() -> None:
    assert Times.ELAPSED.next() is Times.LOCAL
    assert Times.LOCAL.next() is Times.UTC
    assert Times.UTC.next() is Times.ELAPSED


def test_a_moment_is_written_in_the_way_that_was_chosen(in_tokyo: None) -> None:
    at = NOW - 2 * HOUR
    assert moment(at, NOW, Times.ELAPSED) == "2h ago"
    assert moment(at, NOW, Times.LOCAL) == "21:05"
    assert moment(at, NOW, Times.UTC) == "12:05"
    assert moment(None, NOW, Times.UTC) == "–"


def test_a_moment_in_the_future_is_never_just_now() -> None:
    assert moment(NOW + 30 * SECOND, NOW, Times.ELAPSED) == "just now"  # the clocks differ
    assert moment(NOW + 400 * DAY, NOW, Times.ELAPSED) == "2027-12"


def test_a_clock_time_names_the_day_where_it_is_another(in_tokyo: None) -> None:
    assert clock_time(NOW, NOW, UTC) == "14:05"
    assert clock_time(NOW - DAY, NOW, UTC) == "Nov 20"
    assert clock_time(NOW - 365 * DAY, NOW, UTC) == "2025-11"
    assert clock_time(NOW + 2 * HOUR, NOW) == "Nov 22"  # past midnight in Tokyo
    assert clock_time(NOW + 2 * HOUR, NOW, UTC) == "16:05"


def test_a_whole_moment_names_its_zone(in_tokyo: None) -> None:
    assert full_moment(NOW, UTC) == "2026-11-21 14:05:09 UTC"
    assert full_moment(NOW) == "2026-11-21 23:05:09 JST"
    assert full_moment(None) == "–"


@pytest.mark.parametrize("ms", [-(10**18), 10**15, 10**18, 10**30])
def test_what_no_calendar_holds_is_a_dash(ms: int) -> None:
    assert full_moment(ms, UTC) == "–"
    assert clock_time(ms, NOW, UTC) == "–"
    assert clock_time(NOW, ms, UTC) == "–"


def test_the_last_moment_that_a_view_may_hold_can_be_written() -> None:
    assert full_moment(200_000_000_000_000, UTC) == "8307-10-01 19:33:20 UTC"


@pytest.mark.parametrize(
    ("counts", "width", "drawn"),
    [
        ((0, 1, 4, 8), 4, "·▁▄█"),
        ((0, 1, 1, 2), 2, "▃█"),
        ((1, 1, 1, 1, 1), 2, "▆█"),
        ((0, 0, 0), 3, "···"),
        ((1, 1000), 2, "▁█"),
        ((3, 6), 4, "▄█  "),
        ((), 3, "   "),
        ((1, 2), 0, ""),
        ((1, 2), -1, ""),
    ],
)
def test_a_sparkline_has_a_bar_for_each_part_of_the_time_and_a_dot_for_none(
    counts: tuple[int, ...], width: int, drawn: str
) -> None:
    assert sparkline(counts, width) == drawn
