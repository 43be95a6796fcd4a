"""The Kaplan-Meier estimate: what is active counts as lasting longer than its age."""

import math
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runloop_tui.analysis.attempts import Attempt
from runloop_tui.analysis.durations import LONGEST_MS, Durations
from tests.analysis.some_attempts import ANYTHING, attempt, passed, running
from tests.api.scripted import NOW_MS
from tests.monitor.making import MINUTE_MS

_TIMES = st.lists(st.integers(0, 1000), max_size=12)


def test_without_anything_active_each_counts_the_same() -> None:
    durations = Durations([30, 10, 20, 40])
    assert list(durations.events) == [10, 20, 30, 40]
    assert durations.mass == pytest.approx([0.25] * 4)
    assert durations.tail == 0


def test_the_share_of_what_is_active_goes_to_what_lasted_longer() -> None:
    # 1 of 4 ends at 10; of the 2 that are left beyond age 15 one ends at 20, so half of 3/4
    durations = Durations([10, 20], [15, 25])
    assert durations.mass == pytest.approx([1 / 4, 3 / 8])
    assert durations.tail == pytest.approx(3 / 8)


def test_what_is_active_at_the_age_at_which_another_ended_outlasts_it() -> None:
    assert Durations([10], [10]).tail == pytest.approx(1 / 2)


def test_equal_durations_have_equal_shares() -> None:
    assert Durations([10, 10, 20], [15]).mass == pytest.approx([1 / 4, 1 / 4, 1 / 2])


def test_survival_is_the_share_that_lasts_longer() -> None:
    durations = Durations([10, 20], [15, 25])
    seen = [durations.survival(age) for age in (0, 9, 10, 19, 20, 99)]
    assert seen == pytest.approx([1, 1, 3 / 4, 3 / 4, 3 / 8, 3 / 8])


def test_a_quantile_in_the_tail_is_unknown() -> None:
    durations = Durations([10, 20], [15, 25])
    assert [durations.quantile_ms(share) for share in (0.25, 0.5, 0.7)] == [10, 20, None]


def test_the_mean_residual_takes_the_tail_to_where_it_is_said_to_end() -> None:
    durations = Durations([10, 20], [30, 30])
    assert durations.mean_residual_ms(-1, 30) == pytest.approx((10 + 20 + 30 + 30) / 4 + 1)
    assert durations.mean_residual_ms(15, 30) == pytest.approx((5 + 15 + 15) / 3)
    assert durations.mean_residual_ms(25, 100) == 75
    assert durations.mean_residual_ms(25, 20) == 0


def test_nothing_is_said_to_outlast_what_nothing_outlasted() -> None:
    assert Durations([10, 20]).mean_residual_ms(20, 1000) == 0


def test_the_variance_is_that_of_the_durations() -> None:
    assert Durations([10, 20, 30]).variance_ms2(0) == pytest.approx(200 / 3)
    assert Durations([10], [20]).variance_ms2(30) == pytest.approx(100)


def test_the_deviation_is_that_of_the_logarithms() -> None:
    assert Durations([10, 100, 1000]).log_mad(100) == pytest.approx(math.log(10))
    assert Durations([10, 20], [30, 30, 30]).log_mad(20) is None


def test_an_error_ends_an_attempt_but_says_nothing_about_how_long_a_score_takes() -> None:
    seen = [*passed(20), attempt("scr_e", "error", ago=30, took=1), *running(25)]
    assert list(Durations.until_end(seen, NOW_MS).events) == [MINUTE_MS, 20 * MINUTE_MS]
    until_score = Durations.until_score(seen, NOW_MS)
    assert list(until_score.events) == [20 * MINUTE_MS]
    assert until_score.tail == pytest.approx(1 / 2)


def test_what_was_canceled_is_censored() -> None:
    seen = [*passed(20), attempt("scr_c", "canceled", ago=40, took=30)]
    durations = Durations.until_end(seen, NOW_MS)
    assert durations.tail == pytest.approx(1 / 2)
    assert durations.longest_ms == 30 * MINUTE_MS


@given(_TIMES, _TIMES)
def test_the_shares_add_up_to_all(finished: list[int], censored: list[int]) -> None:
    durations = Durations(finished, censored)
    assert math.fsum(durations.mass) + durations.tail == pytest.approx(1)
    assert all(share > 0 for share in durations.mass)
    assert len(durations.mass) == len(finished)


@given(_TIMES, _TIMES)
def test_survival_never_rises_and_the_residual_is_never_negative(
    finished: list[int], censored: list[int]
) -> None:
    durations = Durations(finished, censored)
    survivals = [durations.survival(age) for age in range(0, 1001, 50)]
    assert all(a >= b - 1e-9 for a, b in pairwise(survivals))
    assert survivals[-1] == pytest.approx(durations.tail)
    assert all(durations.mean_residual_ms(age, 1000) >= 0 for age in range(0, 1001, 50))


@given(_TIMES, _TIMES, st.integers(0, 1000))
def test_who_runs_longer_never_makes_the_others_look_faster(
    finished: list[int], censored: list[int], longer: int
) -> None:
    older = [each + longer for each in censored]
    assert Durations(finished, older).tail >= Durations(finished, censored).tail - 1e-9


@settings(max_examples=50)
@given(ANYTHING)
def test_absurd_times_are_left_out(seen: list[Attempt]) -> None:
    for durations in (Durations.until_end(seen, NOW_MS), Durations.until_score(seen, NOW_MS)):
        assert all(0 <= each <= LONGEST_MS for each in durations.events)
        assert 0 <= durations.tail <= 1
        assert durations.longest_ms <= LONGEST_MS
