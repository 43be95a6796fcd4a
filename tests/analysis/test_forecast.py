"""The final score of a run while it is unfinished."""

from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runloop_tui.analysis.attempts import Attempt
from runloop_tui.analysis.forecast import Forecast, forecast
from tests.analysis.some_attempts import (
    ANYTHING,
    BY_ID,
    PLAUSIBLE,
    TOTALS,
    attempt,
    passed,
    running,
)
from tests.api.scripted import NOW_MS


def zeros(*took: float, first: int = 0) -> list[Attempt]:
    return [
        attempt(f"scr_z{number}", "zero", ago=60, took=each, score=0.0)
        for number, each in enumerate(took, first)
    ]


def of(
    seen: list[Attempt], total: int | None, baseline: Mapping[str, float] | None = None
) -> Forecast:
    found = forecast(seen, total, NOW_MS, baseline)
    assert found is not None
    return found


HALF_PASSED = [*passed(*[10] * 30), *zeros(*[10] * 30)]


def test_the_certain_bounds_have_all_that_is_left_score_0_or_1() -> None:
    found = of([*passed(*[10] * 6), *zeros(10, 10, 10, 10)], 20)
    assert (found.least, found.most) == (6 / 20, 16 / 20)


def test_the_range_is_about_the_mean_where_all_took_equally_long() -> None:
    found = of(HALF_PASSED, 100)
    assert found.low < 0.5 < found.high
    assert (found.low + found.high) / 2 == pytest.approx(0.5)
    assert found.high - found.low < 0.25


def test_an_error_counts_as_0() -> None:
    errors = [attempt(f"scr_e{number}", "error", ago=60, took=10) for number in range(30)]
    assert of([*passed(*[10] * 30), *errors], 100) == of(HALF_PASSED, 100)


def test_what_was_canceled_or_has_no_score_counts_for_nothing() -> None:
    nothing = [
        attempt("scr_c", "canceled", ago=60, took=10),
        attempt("scr_u", "unscored", ago=60, took=10),
    ]
    found, without = of([*HALF_PASSED, *nothing], 102), of(HALF_PASSED, 100)
    assert (found.least, found.most) == (without.least, without.most)


def test_those_that_outlast_all_that_finished_may_score_anything() -> None:
    # 40 run for longer than the 60 took: nothing is known of such
    found = of([*HALF_PASSED, *running(*[30] * 40)], 100)
    assert (found.low, found.high) == (found.least, found.most)


def test_slow_failures_pull_the_forecast_below_the_mean_so_far() -> None:
    # fast ones pass, slow ones do not; 40 have run for 20 minutes, so they are of the slow kind
    seen = [*passed(*[5] * 40), *zeros(*[30] * 20), *running(*[20] * 40)]
    found = of(seen, 100)
    assert found.high < 40 / 60
    assert found.low == pytest.approx(0.4)


def test_the_last_four_may_score_anything() -> None:
    found = of(HALF_PASSED, 64)
    assert (found.low, found.high) == (found.least, found.most) == (30 / 64, 34 / 64)


@pytest.mark.parametrize(
    ("seen", "total"),
    [
        (HALF_PASSED, None),
        (HALF_PASSED, 60),
        (HALF_PASSED, 0),
        (passed(1, 2, 3, 4), 60),
        ([*HALF_PASSED, attempt("scr_x", "passed", took=5, score=1.5)], 100),
        ([*HALF_PASSED, attempt("scr_x", "zero", took=5, score=-0.5)], 100),
    ],
    ids=["total unknown", "at the end", "no scenarios", "four finished", "above 1", "below 0"],
)
def test_there_is_no_forecast_where_it_cannot_be_said(
    seen: list[Attempt], total: int | None
) -> None:
    assert forecast(seen, total, NOW_MS) is None


# With an earlier run of the benchmark

SCENARIOS = [each.scenario_id for each in HALF_PASSED]
EASY_FIRST = dict.fromkeys(SCENARIOS, 0.6) | {f"scn_left{n}": 0.1 for n in range(40)}
"""An earlier run in which those that have finished now were easy, and those that are left were hard."""


def test_with_an_earlier_run_the_order_of_the_starts_does_not_matter() -> None:
    found = of(HALF_PASSED, 100, EASY_FIRST)
    assert found.pairs == 60
    # 30 points, and 40 that score 0.1 less than 0.1: none
    assert found.low == pytest.approx(0.3)
    assert found.high < 0.39
    assert of(HALF_PASSED, 100).low > 0.39


@pytest.mark.parametrize(
    "baseline",
    [
        {},
        dict.fromkeys(SCENARIOS, 1.0),
        {f"scn_left{n}": 1.0 for n in range(40)},
        EASY_FIRST | {f"scn_more{n}": 1.0 for n in range(40)},
        {key: float("nan") for key in EASY_FIRST},
    ],
    ids=["empty", "only what has finished", "only what is left", "other scenarios", "no numbers"],
)
def test_an_earlier_run_that_does_not_fit_is_not_used(baseline: dict[str, float]) -> None:
    assert of(HALF_PASSED, 100, baseline) == of(HALF_PASSED, 100)


def test_with_fewer_than_twenty_pairs_an_earlier_run_is_not_used() -> None:
    few = passed(*[10] * 19)
    baseline = {f"scn_p{n}": 1.0 for n in range(40)}
    assert of(few, 40, baseline).pairs is None
    assert of(passed(*[10] * 20), 40, baseline).pairs == 20


@settings(max_examples=50)
@given(ANYTHING, TOTALS, BY_ID)
def test_whatever_comes_the_range_lies_within_the_certain_bounds(
    seen: list[Attempt], total: int | None, baseline: Mapping[str, float | None]
) -> None:
    seen = [each for each in seen if each.value is None or 0 <= each.value <= 1]
    found = forecast([*seen, *HALF_PASSED], total, NOW_MS, baseline)
    if found is not None:
        assert 0 <= found.least <= found.low <= found.high <= found.most <= 1


@settings(max_examples=50)
@given(PLAUSIBLE, st.integers(0, 60))
def test_the_certain_bounds_hold_however_the_rest_ends(seen: list[Attempt], more: int) -> None:
    found = forecast(seen, len(seen) + more, NOW_MS)
    values = [each.value for each in seen if each.value is not None]
    left = more + sum(each.is_active for each in seen)
    if found is not None:
        for passing in range(left + 1):
            truth = (sum(values) + passing) / (len(values) + left)
            assert found.least - 1e-9 <= truth <= found.most + 1e-9
