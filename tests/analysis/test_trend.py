"""Rate and trend: what finished over time, the score over time, the last outcomes, and when these are silent."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runloop_tui.analysis.attempts import Attempt, in_order_of_end
from runloop_tui.analysis.trend import Span, Trend, bucket_counts, span, trend
from runloop_tui.monitor.counts import Tally
from tests.analysis.attempt_making import START_MS, any_attempts, attempt, sequence
from tests.api.scripted import NOW_MS
from tests.monitor.making import HOUR_MS, MINUTE_MS

FIVE_HOURS = Span(START_MS, NOW_MS)


def trend_of(letters: str, now_ms: int | None = None, buckets: int = 4) -> Trend:
    """The trend of a run of which one finishes per minute, read at the last end."""
    finished = sequence(letters)
    now_ms = START_MS + len(letters) * MINUTE_MS if now_ms is None else now_ms
    return trend(finished, Span(START_MS, now_ms), now_ms, buckets)


# The time axis


def test_the_axis_of_a_live_run_reaches_to_now() -> None:
    held = [*sequence("..."), attempt(9, "running")]
    assert span(held, START_MS - 7, NOW_MS) == (START_MS - 7, NOW_MS)


def test_the_axis_of_a_terminal_run_ends_with_the_last_that_ended() -> None:
    assert span(sequence("..."), START_MS, NOW_MS) == (START_MS, START_MS + 3 * MINUTE_MS)


def test_without_the_start_of_the_run_the_axis_begins_with_its_first_scenario_run() -> None:
    held = [attempt(1, start_ms=None), attempt(2, start_ms=START_MS + 5)]
    assert span(held, None, NOW_MS) == (START_MS + 5, START_MS + 2 * MINUTE_MS)
    assert span([attempt(1, start_ms=None)], None, NOW_MS) is None


def test_an_end_in_the_future_does_not_stretch_the_axis() -> None:
    assert span([attempt(1, end_ms=2 * 10**14)], START_MS, NOW_MS) == (START_MS, NOW_MS)


# Over time


def test_moments_are_counted_in_equal_parts_of_the_axis() -> None:
    assert bucket_counts([0, 24, 25, 99], Span(0, 100), 4) == (2, 1, 0, 1)


def test_moments_beyond_the_axis_count_in_its_first_and_last_part() -> None:
    assert bucket_counts([-5, 0, 100, 10**15], Span(0, 100), 4) == (2, 0, 0, 2)


@pytest.mark.parametrize("buckets", [-3, 0, 1])
def test_there_is_at_least_one_part(buckets: int) -> None:
    assert bucket_counts([1, 2, 3], Span(2, 2), buckets) == (3,)


def test_what_finished_is_counted_over_time() -> None:
    assert trend_of("." * 40).finished == (9, 10, 10, 11)  # an end on a border is in the later part


def test_the_score_over_time_counts_errors_as_zero() -> None:
    assert trend_of("..zz" + "!!!!" + "...." + "zzzz").score == (2 / 3, 2 / 7, 5 / 11, 6 / 16)


def test_there_is_no_score_before_the_first_has_finished() -> None:
    finished = [attempt(240)]
    assert trend(finished, FIVE_HOURS, NOW_MS, 5).score == (None, None, None, None, 1.0)


def test_what_finished_without_a_score_changes_no_score() -> None:
    finished = [attempt(1, "zero"), attempt(2, "unscored")]
    assert trend(finished, FIVE_HOURS, NOW_MS, 1).score == (0.0,)


def test_the_last_twenty_outcomes_are_given_in_order_of_end() -> None:
    found = trend_of("!" * 5 + "." * 17 + "z!.")
    assert found.last == ("passed",) * 17 + ("zero", "error", "passed")
    assert found.last_errors == 1
    assert trend_of("!").last == ("error",)


# Rates


def test_the_rate_is_that_of_the_last_hour_and_of_the_last_ten_minutes() -> None:
    slower = [attempt(n, end_ms=NOW_MS - n * 2 * MINUTE_MS) for n in range(100)]
    faster = [attempt(n, end_ms=NOW_MS - n * MINUTE_MS // 10) for n in range(100, 150)]
    finished = in_order_of_end([*slower, *faster])
    found = trend(finished, FIVE_HOURS, NOW_MS, 1)
    assert found.per_minute == pytest.approx((31 + 50) / 60)
    assert found.per_minute_lately == pytest.approx((6 + 1) / 10)


def test_a_younger_run_has_the_rate_since_its_start() -> None:
    assert trend_of("." * 5).per_minute == trend_of("." * 5).per_minute_lately == 1.0


def test_nothing_finished_lately_is_a_rate_of_zero() -> None:
    assert trend_of("." * 5, NOW_MS).per_minute == 0.0


@pytest.mark.parametrize("now_ms", [START_MS, START_MS - HOUR_MS])
def test_there_is_no_rate_before_the_start(now_ms: int) -> None:
    found = trend([], FIVE_HOURS, now_ms, 1)
    assert found.per_minute is found.per_minute_lately is None


# Change of the score


def test_the_score_is_compared_with_that_of_half_an_hour_ago() -> None:
    assert trend_of("." * 20 + "z" * 30).score_change == pytest.approx(20 / 50 - 1)
    assert trend_of("z" * 30 + "." * 30).score_change == pytest.approx(0.5)


def test_a_score_of_fewer_than_twenty_is_not_compared_with() -> None:
    assert trend_of("." * 19 + "z" * 30).score_change is None
    unscored = [attempt(number, "unscored") for number in range(20)]
    assert trend(unscored, FIVE_HOURS, NOW_MS, 1).score_change is None


# Any attempts


@given(any_attempts, st.sampled_from([-1, 0, 500, NOW_MS]), st.integers(-1, 9))
def test_the_trend_of_any_attempts_adds_up(held: list[Attempt], now_ms: int, buckets: int) -> None:
    finished = in_order_of_end(held)
    over = span(held, None, now_ms)
    if over is None:
        assert not finished
        return
    found = trend(finished, over, now_ms, buckets)
    assert sum(found.finished) == len(finished)
    assert len(found.finished) == len(found.score) == max(1, buckets)
    assert all(score is None or math.isfinite(score) for score in found.score)
    assert found.last_errors <= len(found.last) <= 20


@given(st.text(".z!", max_size=60))
def test_the_last_score_is_the_score_of_the_counts(letters: str) -> None:
    tally = Tally(
        passed=letters.count("."),
        zero=letters.count("z"),
        error=letters.count("!"),
        score_sum=letters.count("."),
    )
    assert trend_of(letters, NOW_MS).score[-1] == (
        None if tally.score is None else pytest.approx(tally.score)
    )
