"""How long the poller rests between two polls."""

import pytest

from runloop_tui.api.errors import (
    Forbidden,
    NoConnection,
    NotAuthorised,
    NotOffered,
    NotUnderstood,
    RateLimited,
    RunloopError,
    ServerError,
    TimedOut,
)
from runloop_tui.monitor.back_off import PollInterval


def test_while_all_is_well_it_rests_the_interval_give_or_take_a_twentieth() -> None:
    interval = PollInterval(10.0)
    rests = [interval.rest_s(0, None, jitter) for jitter in (0.0, 0.5, 1.0)]
    assert rests == pytest.approx([9.5, 10.0, 10.5])


@pytest.mark.parametrize("error", [NoConnection, ServerError, TimedOut, NotUnderstood, RateLimited])
def test_while_polls_fail_it_doubles_up_to_a_minute(error: type[RunloopError]) -> None:
    rests = [
        PollInterval(5.0).rest_s(failures, error(), 0.0) for failures in (1, 2, 3, 4, 5, 6, 999)
    ]
    assert rests == [5.0, 10.0, 20.0, 40.0, 60.0, 60.0, 60.0]


@pytest.mark.parametrize("error", [NotAuthorised, Forbidden, NotOffered])
def test_an_error_that_only_the_user_can_fix_is_retried_once_a_minute(
    error: type[RunloopError],
) -> None:
    assert PollInterval(5.0).rest_s(1, error(), 0.0) == 60.0


def test_an_interval_longer_than_a_minute_is_never_shortened() -> None:
    assert PollInterval(300.0).rest_s(1, NoConnection(), 0.0) == 300.0
    assert PollInterval(300.0).rest_s(1, NotAuthorised(), 0.0) == 300.0
    assert PollInterval(300.0).rest_s(9, ServerError(), 0.0) == 300.0


def test_an_answer_that_says_when_to_come_back_is_obeyed() -> None:
    assert PollInterval(5.0).rest_s(1, RateLimited(retry_after_s=90.0), 0.0) == 90.0
    assert PollInterval(5.0).rest_s(1, ServerError(retry_after_s=1.0), 0.0) == 5.0


def test_jitter_never_comes_back_too_early() -> None:
    rests = [PollInterval(5.0).rest_s(1, RateLimited(retry_after_s=90.0), j) for j in (0.0, 1.0)]
    assert rests == pytest.approx([90.0, 99.0])


def test_a_pause_that_the_server_wants_is_15_minutes_at_most_jitter_included() -> None:
    rests = [PollInterval(5.0).rest_s(1, RateLimited(retry_after_s=1e9), j) for j in (0.0, 1.0)]
    assert rests == [900.0, 900.0]
    assert PollInterval(3600.0).rest_s(1, RateLimited(retry_after_s=1e9), 0.0) == 3600.0
