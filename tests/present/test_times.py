"""Durations and moments."""

from datetime import UTC

import pytest

from runloop_tui.present.times import (
    DAY,
    HOUR,
    MINUTE,
    SECOND,
    Times,
    ago,
    brief,
    clock_time,
    duration,
    full_moment,
    moment,
)
from tests.present.building import NOW


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
def test_how_long_ago_is_said_coarsely_and_in_eight_cells(ms: int, text: str) -> None:
    assert ago(ms) == text
    assert len(text) <= 8


def test_the_ways_of_writing_moments_follow_each_other_round() -> None:
    assert Times.ELAPSED.next() is Times.LOCAL
    assert Times.LOCAL.next() is Times.UTC
    assert Times.UTC.next() is Times.ELAPSED


def test_a_moment_is_written_in_the_way_that_was_chosen(in_tokyo: None) -> None:
    at = NOW - 2 * HOUR
    assert moment(at, NOW, Times.ELAPSED) == "2h ago"
    assert moment(at, NOW, Times.LOCAL) == "21:05"
    assert moment(at, NOW, Times.UTC) == "12:05"
    assert moment(None, NOW, Times.UTC) == "–"


def test_a_moment_still_to_come_is_never_said_to_have_been_just_now() -> None:
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
