"""What a cancel cuts off: sandboxes, work so far, and the score that is reported then."""

from hypothesis import given
from hypothesis import strategies as st

from runloop_tui.analysis.attempts import Attempt
from runloop_tui.analysis.cancel_cost import CancelCost, cancel_cost
from runloop_tui.monitor.counts import Tally
from tests.analysis.attempt_making import any_attempts, attempt
from tests.api.scripted import NOW_MS
from tests.monitor.making import HOUR_MS

HELD = [
    attempt(1, "running", start_ms=NOW_MS - 2 * HOUR_MS),
    attempt(2, "scoring", start_ms=NOW_MS - HOUR_MS),
    attempt(3, "passed"),
    attempt(4, "error"),
    attempt(5, "canceled"),
]
COUNTS = Tally(running=1, scoring=1, passed=1, error=1, canceled=1, score_sum=1.0)


def test_the_sandboxes_of_all_active_ones_end_and_their_work_is_lost() -> None:
    found = cancel_cost(HELD, COUNTS, 9, NOW_MS)
    assert (found.sandboxes, found.work_ms, found.without_start) == (2, 3 * HOUR_MS, 0)
    assert found.not_started == 4


def test_the_reported_score_is_without_errors_and_our_own_has_them_as_zero() -> None:
    found = cancel_cost(HELD, COUNTS, 9, NOW_MS)
    assert (found.reported_score, found.score) == (1.0, 0.5)


def test_nothing_is_said_of_a_score_before_there_is_one() -> None:
    found = cancel_cost([], Tally(running=1, error=2), None, NOW_MS)
    assert (found.reported_score, found.score, found.not_started) == (None, 0.0, None)


def test_where_the_counts_are_unknown_there_is_still_the_work() -> None:
    found = cancel_cost(HELD, None, 9, NOW_MS)
    assert (found.sandboxes, found.work_ms) == (2, 3 * HOUR_MS)
    assert found.not_started is found.reported_score is found.score is None


def test_one_with_an_unknown_start_is_counted_apart() -> None:
    found = cancel_cost([*HELD, attempt(6, "running", start_ms=None)], None, None, NOW_MS)
    assert (found.sandboxes, found.work_ms, found.without_start) == (3, 3 * HOUR_MS, 1)


def test_a_start_in_the_future_is_no_work() -> None:
    found = cancel_cost([attempt(1, "running", start_ms=NOW_MS + 1)], None, None, NOW_MS)
    assert (found.sandboxes, found.work_ms) == (1, 0)


@given(any_attempts, st.sampled_from([-1, 0, 500, NOW_MS]))
def test_the_cost_of_any_attempts_is_that_of_the_active_ones(
    held: list[Attempt], now_ms: int
) -> None:
    found = cancel_cost(held, None, None, now_ms)
    active = [each for each in held if each.is_active]
    assert found == cancel_cost(active, None, None, now_ms)
    assert found.sandboxes == len(active)
    assert found.work_ms >= 0
    assert cancel_cost([], None, None, now_ms) == CancelCost(0, 0, 0, None, None, None)
