"""Collapse: alarms over the last that finished, when they began, when they were over; and standstills."""

from itertools import pairwise
from random import Random
from statistics import mean

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runloop_tui.analysis.attempts import Attempt, in_order_of_end
from runloop_tui.analysis.collapse import Collapse, collapses, current_collapse, standstill
from tests.analysis.attempt_making import (
    START_MS,
    any_attempts,
    attempt,
    queued,
    scattered,
    sequence,
)
from tests.api.scripted import NOW_MS
from tests.monitor.making import MINUTE_MS

HEALTHY = "." * 30


def found_in(letters: str) -> list[Collapse]:
    return collapses(sequence(letters))


def minute(moment_ms: int | None) -> int | None:
    """Return which of a sequence, which finish one per minute, ended at a moment."""
    return None if moment_ms is None else (moment_ms - START_MS) // MINUTE_MS


# When an alarm is raised


@pytest.mark.parametrize(
    ("letters", "raised"),
    [
        ("", False),
        ("!!!!", False),
        ("!!!!!", True),
        (HEALTHY + "!!!!", False),
        (HEALTHY + "!!!!!", True),
        (HEALTHY + "!." * 9, False),
        (HEALTHY + "!." * 10, True),
        (HEALTHY + "!!...!!....!!...!!..", False),
        ("z" * 50, False),
    ],
    ids=[
        "nothing finished",
        "four errors",
        "five errors at once",
        "four in a row",
        "five in a row",
        "9 of the last 20",
        "10 of the last 20",
        "8 of the last 20",
        "wrong answers are no errors",
    ],
)
def test_five_errors_in_a_row_or_ten_of_the_last_twenty_raise_an_alarm(
    letters: str, raised: bool
) -> None:
    assert bool(found_in(letters)) is raised


def test_an_episode_begins_with_its_first_error_and_not_with_the_alarm() -> None:
    [found] = found_in(HEALTHY + "!.!!.!!!!!")
    assert (minute(found.start_ms), minute(found.alarm_ms)) == (31, 40)
    assert (found.errors, found.finished) == (8, 10)
    assert found.error_ids[0] == "scr_31"
    assert found.end_ms is found.cleared_ms is None


def test_a_scattered_error_long_before_does_not_date_it_back() -> None:
    [found] = found_in(HEALTHY + "!......" + "!!!!!")
    assert minute(found.start_ms) == 38
    assert (found.errors_before, found.finished_before) == (1, 37)
    assert found.share_before == pytest.approx(1 / 37)


def test_nor_does_one_just_before_an_outage() -> None:
    [found] = found_in(HEALTHY + "!.." + "!!!!!")
    assert minute(found.start_ms) == 34


def test_errors_from_the_first_on_have_nothing_before_them() -> None:
    [found] = found_in("!!!!!")
    assert (found.finished_before, found.share_before) == (0, None)


def test_one_outage_is_one_alarm_however_many_it_ends_at_once() -> None:
    at_once = [attempt(number, "error", end_ms=START_MS) for number in range(64)]
    [found] = collapses(in_order_of_end(at_once))
    assert found.errors == 64
    assert found.start_ms == found.alarm_ms == START_MS


# When it is cleared


def test_ten_good_in_a_row_clear_it_and_date_its_end_back_to_the_first_of_them() -> None:
    [found] = found_in(HEALTHY + "!!!!!!" + "." * 10)
    assert (minute(found.end_ms), minute(found.cleared_ms)) == (37, 46)
    assert (found.errors, found.finished) == (6, 6)
    assert current_collapse([found]) is None


def test_nine_good_in_a_row_do_not_clear_it() -> None:
    [found] = found_in(HEALTHY + "!!!!!!" + "." * 9)
    assert found.end_ms is None
    assert current_collapse([found]) is found


def test_two_errors_in_the_last_twenty_clear_it() -> None:
    [found] = found_in(HEALTHY + "!!!!!!" + "......!......!.....")
    assert found.end_ms is None
    [found] = found_in(HEALTHY + "!!!!!!" + "......!......!......")
    assert (minute(found.end_ms), minute(found.cleared_ms)) == (37, 56)


def test_its_end_is_never_before_its_alarm() -> None:
    [found] = found_in(HEALTHY + "!!!!!" + "." * 9 + "!" + "." * 9)
    assert (minute(found.alarm_ms), minute(found.end_ms), minute(found.cleared_ms)) == (35, 36, 54)


def test_what_was_before_the_end_of_one_does_not_raise_the_next() -> None:
    assert len(found_in("!" * 15 + "." * 10 + "!!!!")) == 1
    first, second = found_in("!" * 15 + "." * 10 + "!!!!!")
    assert (minute(first.end_ms), minute(second.start_ms)) == (16, 26)
    assert second.errors_before == 15


@given(any_attempts)
def test_episodes_of_any_attempts_are_in_order_and_add_up(held: list[Attempt]) -> None:
    finished = in_order_of_end(held)
    episodes = collapses(finished)
    assert all(one.cleared_ms is not None for one in episodes[:-1])
    for earlier, later in pairwise(episodes):
        assert earlier.end_ms is not None
        assert earlier.end_ms <= later.start_ms
    for each in episodes:
        assert each.start_ms <= each.alarm_ms <= (each.end_ms or each.alarm_ms)
        assert 5 <= each.errors <= each.finished <= len(finished) - each.finished_before
        assert each.errors_before <= each.finished_before


@given(st.text(".!", max_size=120), st.text(".!", max_size=40))
def test_what_finishes_later_changes_no_episode_that_was_cleared(first: str, more: str) -> None:
    before = found_in(first)
    cleared = [each for each in before if each.cleared_ms is not None]
    after = found_in(first + more)
    assert after[: len(cleared)] == cleared
    assert [each.start_ms for each in after[: len(before)]] == [each.start_ms for each in before]


# How often it errs: seeded simulations


@pytest.mark.parametrize(("share", "at_most"), [(0.05, 0.0), (0.10, 0.02), (0.15, 0.12)])
def test_scattered_errors_rarely_raise_it(share: float, at_most: float) -> None:
    chance = Random(f"scattered {share}")
    alarms = [bool(found_in(scattered(chance, 500, share))) for _ in range(60)]
    assert mean(alarms) <= at_most


@pytest.mark.parametrize(("share", "within"), [(0.5, 22), (1.0, 5)])
def test_a_late_collapse_is_noticed_after_few_have_finished(share: float, within: int) -> None:
    chance = Random(f"late {share}")
    delays = []
    for _ in range(60):
        letters = scattered(chance, 250, 0.04) + scattered(chance, 250, share)
        alarms = [minute(each.alarm_ms) or 0 for each in found_in(letters)]
        delays.append(min(alarm for alarm in alarms if alarm > 250) - 250)
    assert mean(delays) <= within


def test_a_run_of_500_with_scattered_errors_raises_nothing_over_its_life() -> None:
    for seed in range(10):
        held = queued(Random(seed), 500, 50, errors=0.05)
        finished = in_order_of_end(held)
        assert collapses(finished) == []


def test_a_rate_limit_storm_raises_one_alarm_dated_within_two_minutes_of_its_onset() -> None:
    onset = START_MS + 90 * MINUTE_MS
    for seed in range(10):
        held = queued(Random(seed), 500, 50, errors=0.05, storm_from_ms=90 * MINUTE_MS)
        [found] = collapses(in_order_of_end(held))
        assert abs(found.start_ms - onset) <= 2 * MINUTE_MS
        assert 0 <= found.alarm_ms - onset <= 2 * MINUTE_MS


# Standstill

RUNNING = [attempt(100 + number, "running") for number in range(8)]
TWENTY = sequence("." * 20, every_ms=5 * MINUTE_MS)
LAST_END_MS = START_MS + 100 * MINUTE_MS


def test_nothing_finished_for_more_than_three_times_the_longest_gap_is_a_standstill() -> None:
    held = [*TWENTY, *RUNNING]
    limit = LAST_END_MS + 15 * MINUTE_MS
    assert standstill(held, TWENTY, 8, limit) is None
    found = standstill(held, TWENTY, 8, limit + 1)
    assert found is not None
    assert (found.since_ms, found.longest_gap_ms) == (LAST_END_MS, 5 * MINUTE_MS)


def test_the_time_until_the_first_end_is_a_gap_too() -> None:
    late = [attempt(60 + number) for number in range(20)]
    limit = START_MS + 79 * MINUTE_MS + 3 * 60 * MINUTE_MS
    assert standstill([*late, *RUNNING], late, 8, limit) is None
    assert standstill([*late, *RUNNING], late, 8, limit + 1) is not None


@pytest.mark.parametrize(
    ("running", "slots", "is_one"),
    [(8, 16, True), (7, 16, False), (0, 0, False), (1, 1, True)],
)
def test_fewer_than_half_of_the_slots_are_the_tail_of_the_run(
    running: int, slots: int, is_one: bool
) -> None:
    held = [*TWENTY, *RUNNING[:running]]
    assert (standstill(held, TWENTY, slots, NOW_MS) is not None) is is_one


def test_it_takes_ten_that_finished_and_ten_minutes() -> None:
    few = sequence("." * 9)
    assert standstill([*few, *RUNNING], few, 8, NOW_MS) is None
    at_once = sequence("." * 20, every_ms=1)
    after = START_MS + 20 + 10 * MINUTE_MS
    assert standstill([*at_once, *RUNNING], at_once, 8, after) is None
    assert standstill([*at_once, *RUNNING], at_once, 8, after + 1) is not None


def test_a_healthy_run_has_no_standstill_at_any_end() -> None:
    for seed in range(4):
        held = queued(Random(seed), 200, 20, errors=0.05)
        finished = in_order_of_end(held)
        for last, following in list(pairwise(finished))[:-20]:
            end_ms = following.end_ms or 0
            so_far = [each for each in finished if (each.end_ms or 0) <= (last.end_ms or 0)]
            active = [attempt(1000 + number, "running") for number in range(20)]
            assert standstill([*so_far, *active], so_far, 20, end_ms) is None


@given(any_attempts, st.integers(-5, 50), st.sampled_from([-1, 0, 500, NOW_MS]))
def test_a_standstill_of_any_attempts_lies_in_the_past(
    held: list[Attempt], slots: int, now_ms: int
) -> None:
    found = standstill(held, in_order_of_end(held), slots, now_ms)
    assert found is None or found.since_ms < now_ms
