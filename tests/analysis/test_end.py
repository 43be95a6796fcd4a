"""When a run ends: a range that the longest survivor is part of."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runloop_tui.analysis.attempts import Attempt
from runloop_tui.analysis.end import EndRange, end_of
from tests.analysis.some_attempts import ANYTHING, LIMITS, PLAUSIBLE, TOTALS, attempt, running
from tests.api.scripted import NOW_MS
from tests.monitor.making import HOUR_MS, MINUTE_MS

LIMIT = 2 * HOUR_MS


def one_after_another(number: int, took: float = 10, slots: int = 1) -> list[Attempt]:
    """Attempts that ran over so many slots, one after another, until now."""
    return [
        attempt(
            f"scr_p{n}", "passed", ago=took * ((number - n - 1) // slots + 1), took=took, score=1.0
        )
        for n in range(number)
    ]


def end(seen: list[Attempt], total: int | None, limit_ms: float | None = LIMIT) -> EndRange:
    found = end_of(seen, total, NOW_MS, limit_ms)
    assert found is not None
    return found


def minutes(moment_ms: int | None) -> float:
    """How far off it is."""
    assert moment_ms is not None
    return (moment_ms - NOW_MS) / MINUTE_MS


def test_while_others_wait_the_range_is_the_work_over_the_slots_and_one_more_at_the_limit() -> None:
    # 40 wait and take 10 minutes each over 4 slots: 100 minutes, and at most 3/4 of the 2 h limit more
    found = end([*one_after_another(40, slots=4), *running(0, 0, 0, 0)], 84)
    assert found.slots == 4
    assert 60 <= minutes(found.low_ms) <= 110
    assert 190 <= minutes(found.high_ms) <= 290
    assert found.low_ms < found.middle_ms < (found.high_ms or 0)
    assert found.limit_ms == LIMIT
    assert found.deciders == ()


def test_when_nothing_waits_the_youngest_may_take_until_the_limit() -> None:
    found = end([*one_after_another(20), *running(100, 30)], 22)
    assert 90 <= minutes(found.high_ms) < 105  # 2 h less 30 minutes, rounded


def test_an_old_survivor_keeps_the_end_open() -> None:
    """For 25 minutes the last one runs: at none of these is the end said to be near."""
    for age in range(60, 85):
        found = end([*one_after_another(99), *running(age)], 100)
        assert minutes(found.high_ms) >= 120 - age


def test_the_last_three_may_end_at_any_moment_the_last_four_hardly_all_at_once() -> None:
    seen = [*one_after_another(20), attempt("scr_long", "passed", ago=99, took=90, score=1.0)]
    assert minutes(end([*seen, *running(20, 20, 20)], 24).low_ms) == 0
    assert minutes(end([*seen, *running(20, 20, 20, 20)], 25).low_ms) > 10


def test_the_survivors_that_decide_are_named_those_with_most_to_go_first() -> None:
    seen = [*one_after_another(20), attempt("scr_long", "passed", ago=99, took=90, score=1.0)]
    found = end([*seen, *running(1, 50, 2, 20)], 25)
    assert [each.id for each in found.deciders] == ["scr_r3", "scr_r1", "scr_r0"]


def test_a_survivor_that_outlasts_all_others_decides() -> None:
    found = end([*one_after_another(36), *running(1, 2, 3, 70)], 40, None)
    assert found.deciders[0].id == "scr_r3"
    assert len(found.deciders) == 3


def test_without_a_known_limit_there_is_an_upper_end_once_half_is_done() -> None:
    before = end([*one_after_another(19), *running(1)], 40, None)
    after = end([*one_after_another(20), *running(1)], 40, None)
    assert before.at_least
    assert before.high_ms is None
    assert before.middle_ms == before.low_ms
    assert not after.at_least
    assert after.limit_ms is None


def test_without_a_known_limit_there_is_none_while_over_a_quarter_runs_at_once() -> None:
    together = [attempt(f"scr_p{n}", "passed", ago=20, took=10 + n, score=1.0) for n in range(9)]
    assert end([*together, *running(3)], 12, None).at_least
    assert not end([*together, *running(3)], 12).at_least


def test_without_a_known_limit_there_is_none_for_a_survivor_that_outlasts_all_others() -> None:
    assert not end([*one_after_another(39), *running(15)], 40, None).at_least
    assert end([*one_after_another(39), *running(16)], 40, None).at_least


def test_a_limit_that_was_not_kept_is_not_used() -> None:
    seen = one_after_another(39)
    kept, exceeded = end([*seen, *running(131)], 40), end([*seen, *running(133)], 40)
    assert kept.limit_ms == 131 * MINUTE_MS
    assert not kept.at_least
    assert exceeded.limit_ms is None
    assert exceeded.at_least


@pytest.mark.parametrize("limit_ms", [0, -1, float("nan"), float("inf")])
def test_an_absurd_limit_is_unknown(limit_ms: float) -> None:
    assert end([*one_after_another(5), *running(1)], 40, limit_ms).limit_ms is None


def test_slots_are_those_of_the_last_hour() -> None:
    many_before = [attempt(f"scr_m{n}", "passed", ago=200, took=100, score=1.0) for n in range(20)]
    found = end([*many_before, *one_after_another(12, slots=2), *running(0, 0)], 100)
    assert (found.slots, found.window_ms) == (2, HOUR_MS)


@pytest.mark.parametrize(("ago", "took"), [(0, 0), (-5, -10), (10**9, 1), (5, -10), (-5, 10)])
def test_what_has_an_absurd_time_takes_no_slot(ago: float, took: float) -> None:
    absurd = [attempt(f"scr_x{n}", "passed", ago=ago, took=took, score=1.0) for n in range(9)]
    for limit_ms in (LIMIT, None):
        assert end([*one_after_another(12), *running(0), *absurd], 100, limit_ms).slots == 1


def test_a_younger_run_has_the_window_since_its_start() -> None:
    found = end([*one_after_another(10, took=2), *running(0)], 100)
    assert (found.slots, found.window_ms) == (1, 20 * MINUTE_MS)


def test_a_pace_that_durations_and_slots_do_not_explain_is_told() -> None:
    steady = [*one_after_another(120, took=5, slots=4), *running(0, 0, 0, 0)]
    assert end(steady, 500).pace_factor is None
    # of the last hour's attempts only every fourth took place: 3 slots were empty but for a moment
    thinned = [*steady[:72], *(steady[n] for n in range(72, 120, 4)), *running(0, 0, 0, 0)]
    factor = end(thinned, 500).pace_factor
    assert factor is not None
    assert factor == pytest.approx(0.25, abs=0.1)


def test_an_attempt_in_an_unknown_state_waits() -> None:
    seen = [*one_after_another(20), *running(1)]
    found = end([*seen, attempt("scr_x", "other")], 22)
    assert found.deciders == ()
    assert minutes(found.high_ms) >= minutes(end(seen, 21).high_ms)


def test_the_range_is_rounded_outwards_to_what_is_known() -> None:
    seen = [*one_after_another(40, slots=4), *running(0, 0, 0, 0)]
    far, near = end(seen, 200), end(seen, 44)
    assert far.high_ms is not None
    assert far.high_ms % HOUR_MS == far.low_ms % (30 * MINUTE_MS) == 0
    assert near.high_ms is not None
    assert near.high_ms % (10 * MINUTE_MS) == near.low_ms % MINUTE_MS == 0


def test_a_second_later_the_same_is_said() -> None:
    seen = [*one_after_another(40, slots=4), *running(1, 1, 1, 1)]
    said = {end_of(seen, 150, NOW_MS + ms, LIMIT) for ms in range(0, 5000, 1000)}
    assert len(said) == 1


@pytest.mark.parametrize(
    ("seen", "total"),
    [
        ([*one_after_another(20), *running(1)], None),
        (one_after_another(20), 20),
        (one_after_another(20), 40),
        ([*one_after_another(4), *running(1)], 40),
        ([attempt(f"scr_{n}", "passed", ago=None) for n in range(9)] + running(1), 40),
        ([*one_after_another(9, took=10_000), *running(1)], 1_000_000),
    ],
    ids=[
        "total unknown",
        "nothing left",
        "nothing runs",
        "four finished",
        "durations unknown",
        "more than a year off",
    ],
)
def test_there_is_no_end_where_it_cannot_be_said(seen: list[Attempt], total: int | None) -> None:
    assert end_of(seen, total, NOW_MS, LIMIT) is None


@settings(max_examples=50)
@given(ANYTHING, TOTALS, LIMITS)
def test_whatever_comes_the_end_is_never_in_the_past(
    seen: list[Attempt], total: int | None, limit_ms: float | None
) -> None:
    found = end_of([*seen, *one_after_another(6), *running(1)], total, NOW_MS, limit_ms)
    if found is not None:
        assert NOW_MS <= found.low_ms <= found.middle_ms <= (found.high_ms or found.middle_ms)
        assert found.slots >= 1
        assert 0 <= found.window_ms <= HOUR_MS
        assert all(each.is_active for each in found.deciders)


@settings(max_examples=50)
@given(PLAUSIBLE, st.integers(0, 50))
def test_the_end_is_never_before_the_longest_survivor_can_end(
    seen: list[Attempt], more: int
) -> None:
    limit_ms = 5 * HOUR_MS
    found = end_of(seen, len(seen) + more, NOW_MS, limit_ms)
    if found is not None:
        assert found.high_ms is not None
        latest = [limit_ms - (each.age_ms(NOW_MS) or 0) for each in seen if each.is_active]
        assert found.high_ms - NOW_MS >= max(latest)
