"""Slow: against its own earlier durations, else the others of this run. Stuck: slow and silent."""

from collections.abc import Mapping

import pytest
from hypothesis import given, settings

from runloop_tui.analysis.attempts import Attempt
from runloop_tui.analysis.slow import Slow, Stuck, slow_ones, stuck_ones
from tests.analysis.some_attempts import (
    ANYTHING,
    BY_ID,
    LIMITS,
    PLAUSIBLE,
    attempt,
    passed,
    running,
)
from tests.api.scripted import NOW_MS
from tests.monitor.making import MINUTE_MS

ABOUT_TEN = (6, 7, 8, 9, 10, 10, 11, 12, 13, 14)
"""The durations of ten, in minutes: the median is 10, and the deviation less than the least that is assumed."""
BOUND = 10 * 3.661
"""exp(3.5 · 1.4826 · 0.25) times the median."""


def slow(seen: list[Attempt], **known: object) -> list[tuple[str, str, int, float]]:
    found = slow_ones(seen, NOW_MS, **known)  # type: ignore[arg-type]
    return [
        (each.attempt.id, each.evidence, each.against_ms // MINUTE_MS, round(each.factor, 2))
        for each in found
    ]


def test_far_beyond_the_median_of_the_others_is_slow() -> None:
    assert slow([*passed(*ABOUT_TEN), *running(BOUND - 0.1, 40)]) == [("scr_r1", "others", 10, 4.0)]


def test_three_times_the_median_is_not_slow() -> None:
    assert slow([*passed(*ABOUT_TEN), *running(30)]) == []


def test_nothing_is_slow_by_the_others_before_ten_have_finished() -> None:
    assert slow([*passed(*ABOUT_TEN[1:]), *running(300)]) == []


def test_errors_are_not_among_the_ten() -> None:
    errors = [attempt(f"scr_e{number}", "error", ago=60, took=0.1) for number in range(50)]
    assert slow([*passed(*ABOUT_TEN[1:]), *errors, *running(50)]) == []


def test_a_burst_of_quick_errors_makes_nothing_slow() -> None:
    errors = [attempt(f"scr_e{number}", "error", ago=60, took=0.1) for number in range(50)]
    assert slow([*passed(*ABOUT_TEN), *errors, *running(20, 30)]) == []


def test_what_runs_counts_for_what_is_usual() -> None:
    # the median of the finished is 10; with 30 that have run for 60 it lies beyond what has finished
    assert slow([*passed(*ABOUT_TEN), *running(*[60] * 30)]) == []


def test_durations_that_differ_widely_make_less_slow() -> None:
    wide = passed(1, 2, 4, 8, 10, 12, 20, 40, 60, 60)
    assert slow([*wide, *running(50)]) == []


def test_twice_its_longest_earlier_duration_is_slow() -> None:
    seen = running(20, 21)
    earlier = {"scn_r0": 10.0 * MINUTE_MS, "scn_r1": 10.0 * MINUTE_MS}
    assert slow(seen, earlier_ms=earlier) == [("scr_r1", "earlier", 10, 2.1)]


def test_who_was_as_long_in_earlier_runs_is_not_slow_by_the_others() -> None:
    seen = [*passed(*ABOUT_TEN), *running(100)]
    assert slow(seen) == [("scr_r0", "others", 10, 10.0)]
    assert slow(seen, earlier_ms={"scn_r0": 90.0 * MINUTE_MS}) == []


def test_over_the_time_limit_is_slow_whatever_it_took_earlier() -> None:
    found = slow(
        running(121, 119),
        earlier_ms={"scn_r0": 119.0 * MINUTE_MS, "scn_r1": 119.0 * MINUTE_MS},
        limit_ms=120 * MINUTE_MS,
    )
    assert found == [("scr_r0", "limit", 120, 1.01)]


def test_nothing_is_slow_before_ten_minutes() -> None:
    earlier = {"scn_r0": 1000.0, "scn_r1": 1000.0}
    assert [s[0] for s in slow(running(9.9, 10), earlier_ms=earlier)] == ["scr_r1"]


def test_an_unknown_start_is_never_slow() -> None:
    unknown = [attempt("scr_1", ago=None), attempt("scr_2", ago=-60), attempt("scr_3", ago=10**9)]
    assert slow([*passed(*ABOUT_TEN), *unknown], limit_ms=MINUTE_MS) == []


def test_what_has_finished_is_no_longer_slow() -> None:
    assert slow([*passed(*ABOUT_TEN), *passed(300, first=10, ago=400)]) == []


def test_the_highest_factor_comes_first() -> None:
    assert [s[0] for s in slow([*passed(*ABOUT_TEN), *running(50, 90, 70)])] == [
        "scr_r1",
        "scr_r2",
        "scr_r0",
    ]


# Stuck

A_SLOW_ONE = Slow(attempt("scr_1", ago=90), 90 * MINUTE_MS, "others", 10 * MINUTE_MS)


@pytest.mark.parametrize(
    ("silent", "others", "is_stuck"),
    [
        (47, 9, True),
        (47, None, True),
        (10, None, False),
        (10.1, 9, True),
        (47, 47, False),
        (0.1, 9, False),
        (None, 9, False),
    ],
)
def test_stuck_is_slow_and_silent_for_longer_than_the_others_and_than_ten_minutes(
    silent: float | None, others: float | None, is_stuck: bool
) -> None:
    silence = {"scr_1": None if silent is None else silent * MINUTE_MS}
    found = stuck_ones([A_SLOW_ONE], silence, None if others is None else others * MINUTE_MS)
    assert bool(found) is is_stuck


def test_the_evidence_is_told() -> None:
    assert stuck_ones([A_SLOW_ONE], {"scr_1": 47 * MINUTE_MS}, 9 * MINUTE_MS) == (
        Stuck(A_SLOW_ONE, 47 * MINUTE_MS, 9 * MINUTE_MS),
    )


def test_without_a_log_nothing_is_stuck() -> None:
    assert stuck_ones([A_SLOW_ONE], {"scr_other": 47 * MINUTE_MS}) == ()


def test_a_silence_is_never_longer_than_the_age() -> None:
    [found] = stuck_ones([A_SLOW_ONE], {"scr_1": 9999 * MINUTE_MS})
    assert found.silence_ms == 90 * MINUTE_MS


def test_the_longest_silence_comes_first() -> None:
    other = Slow(attempt("scr_2", ago=90), 90 * MINUTE_MS, "limit", 80 * MINUTE_MS)
    silence = {"scr_1": 20 * MINUTE_MS, "scr_2": 30 * MINUTE_MS}
    found = stuck_ones([A_SLOW_ONE, other], silence)
    assert [each.attempt.id for each in found] == ["scr_2", "scr_1"]


@settings(max_examples=50)
@given(ANYTHING, BY_ID, LIMITS, BY_ID, LIMITS)
def test_whatever_comes_only_active_attempts_are_slow_and_only_slow_ones_stuck(
    seen: list[Attempt],
    earlier: Mapping[str, float | None],
    limit: float | None,
    silence: Mapping[str, float | None],
    others: float | None,
) -> None:
    seen = [*seen, *passed(*ABOUT_TEN)]
    slow_now = slow_ones(seen, NOW_MS, earlier_ms=earlier, limit_ms=limit)
    assert all(each.attempt.is_active and each.factor > 1 for each in slow_now)
    stuck = stuck_ones(slow_now, silence, others)
    assert all(each.slow in slow_now for each in stuck)
    assert all(10 * MINUTE_MS < each.silence_ms <= each.slow.age_ms for each in stuck)


@settings(max_examples=50)
@given(PLAUSIBLE)
def test_the_older_of_two_is_slow_if_the_younger_is(seen: list[Attempt]) -> None:
    bound = min((each.age_ms for each in slow_ones(seen, NOW_MS)), default=None)
    if bound is not None:
        ids = {each.attempt.id for each in slow_ones(seen, NOW_MS)}
        assert all(e.id in ids for e in seen if e.is_active and (e.age_ms(NOW_MS) or 0) >= bound)
