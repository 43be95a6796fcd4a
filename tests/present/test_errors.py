"""Errors as sentences, and the status line."""

from dataclasses import replace

import pytest

from runloop_tui.api.errors import (
    BadRequest,
    Conflict,
    NoConnection,
    NotAuthorised,
    NotOffered,
    NotUnderstood,
    RateLimited,
    RunloopError,
    ServerError,
    TimedOut,
)
from runloop_tui.monitor.health import FetchKind, Health, ReadFailure
from runloop_tui.present.errors import error_words, health_line
from runloop_tui.present.units import HOUR, MINUTE, SECOND
from tests.present.building import NOW, text_of
from tests.present.hostile import ERRORS


@pytest.fixture(autouse=True)
def _at_greenwich(in_utc: None) -> None:
    """The moments of the status line are local ones."""


def status(health: Health, width: int = 400, interval_s: float = 5.0) -> str:
    return text_of(health_line(health, NOW, interval_s, width))


def failing(error: RunloopError, **health: int | None) -> Health:
    return Health(failure=ReadFailure("the list of runs", error), **health)  # type: ignore[arg-type]


def test_an_error_is_shown_with_the_servers_message_where_there_is_one() -> None:
    assert error_words(ServerError(status=503)) == "server error (503)"
    assert error_words(Conflict(status=409, detail="It has ended.")) == (
        "conflict (409): It has ended"
    )
    assert error_words(NoConnection("the host refused")) == "no connection: the host refused"
    assert error_words(RateLimited(status=429, retry_after_s=12.0)) == (
        "rate limited (429), again in 12 s"
    )


def test_a_retry_after_beyond_the_cap_is_shown() -> None:
    assert error_words(RateLimited(status=429, retry_after_s=1e9)) == (
        "rate limited (429), the server wants a pause of 11574d"
    )


def test_the_servers_message_is_made_safe_and_short() -> None:
    assert error_words(ServerError(detail="\x1b[2Ja\nb")) == "server error: ␛a⏎b"
    words = error_words(ServerError(detail="x" * 100_000))
    assert words == f"server error: {'x' * 199}…"


def test_every_kind_of_error_has_words_and_advice_of_its_own() -> None:
    lines = {status(failing(kind())) for kind in ERRORS}
    assert len(lines) == len(ERRORS)
    for kind in ERRORS:
        line = status(failing(kind()))
        assert kind.summary in line
        assert kind.advice in line
        assert kind.advice[0].isupper()
        assert kind.advice.endswith(".")


def test_when_all_is_well_the_line_says_when_the_data_came() -> None:
    assert status(Health(fresh_ms=NOW - 4 * SECOND)) == "fresh 14:05  every 5s"
    assert status(Health(fresh_ms=NOW), interval_s=2.5) == "fresh 14:05  every 2.5s"


def test_before_the_first_answer_it_is_connecting() -> None:
    assert status(Health()) == "connecting…"


def test_an_answer_that_does_not_come_makes_the_data_old() -> None:
    assert status(Health(fresh_ms=NOW - 10 * SECOND)).startswith("fresh")
    reading = Health(fresh_ms=NOW - 11 * SECOND)
    assert status(reading) == "still reading  data of 14:04, 11s old"
    slept = Health(fresh_ms=NOW - HOUR, next_try_ms=NOW - HOUR)
    assert status(slept) == "next try now  data of 13:05, 1h 00m old"
    slow = Health(fresh_ms=NOW - 2 * MINUTE)
    assert status(slow, interval_s=60.0).startswith("fresh")


def test_a_stall_is_shown_with_its_length_and_the_age_of_the_data() -> None:
    since = NOW - 12 * SECOND
    assert status(Health(stalled_since_ms=since)) == "connecting…  no answer for 12s"
    assert status(Health(fresh_ms=NOW - 17 * SECOND, stalled_since_ms=since)) == (
        "no answer for 12s  data of 14:04, 17s old"
    )
    again = failing(TimedOut(), fresh_ms=NOW - MINUTE, stalled_since_ms=since)
    assert status(again).startswith(
        "! timed out  trying now, no answer for 12s  data of 14:04, 1m old  "
    )


def test_moments_are_on_the_servers_clock_as_those_of_the_runs_are() -> None:
    ahead = 5 * HOUR
    assert status(Health(fresh_ms=NOW, skew_ms=ahead)).startswith("fresh 19:05")
    late = failing(TimedOut(), fresh_ms=NOW - MINUTE, skew_ms=ahead, next_try_ms=NOW + MINUTE)
    assert "next try in 1m  data of 19:04, 1m old" in status(late)


def test_warnings_are_shown_beside_the_fresh_data() -> None:
    one = Health(fresh_ms=NOW, warnings=("score of bmr_x not understood",))
    assert status(one) == "fresh 14:05  every 5s  score of bmr_x not understood"
    more = Health(fresh_ms=NOW, warnings=("a\nb not understood", *["x"] * 1_200))
    assert status(more).endswith("  a⏎b not understood, and 1,200 more")


def test_an_error_is_shown_with_the_next_try_the_age_of_the_data_and_the_advice() -> None:
    health = failing(
        NoConnection("the host refused", detail="\x1b[2J"),
        fresh_ms=NOW - 3 * MINUTE,
        next_try_ms=NOW + 8 * SECOND,
    )
    assert status(health) == (
        "! no connection: the host refused  next try in 8s  data of 14:02, 3m old"
        "  Check the network and the base address (RUNLOOP_BASE_URL)."
        "  The server says: ␛"
    )


def test_on_80_cells_the_error_the_next_try_and_the_age_are_still_whole() -> None:
    health = failing(
        NoConnection("the host refused", detail="x" * 500),
        fresh_ms=NOW - 3 * HOUR,
        next_try_ms=NOW + 30 * SECOND,
    )
    line = status(health, 80)
    assert line.startswith(
        "! no connection: the host refused  next try in 30s  data of 11:05, 3h 00m old"
    )
    assert line.endswith("…")


def test_the_reason_of_an_error_is_cut_before_the_next_try_and_the_age() -> None:
    health = failing(
        NotUnderstood("expected JSON, got something else", status=200),
        fresh_ms=NOW - 3 * HOUR,
        next_try_ms=NOW + 30 * SECOND,
    )
    when = "next try in 30s  data of 11:05, 3h 00m old"
    assert status(health, 120).startswith(
        f"! answer not understood: expected JSON, got something else (200)  {when}"
    )
    assert status(health, 100) == (
        f"! answer not understood (200)  {when}  expected JSON, got somet…"
    )
    assert f"  {when}" in status(health, 80)


def test_where_even_that_is_too_long_the_age_alone_is_shown() -> None:
    health = failing(NotOffered(status=404), fresh_ms=NOW - 12 * MINUTE, next_try_ms=NOW + MINUTE)
    assert status(health, 80).startswith(
        "! this address does not offer benchmark runs (404)  next try in 1m  12m old  "
    )


def test_an_error_about_one_thing_names_it_and_its_next_try() -> None:
    failure = ReadFailure(FetchKind.SCENARIO_RUNS, ServerError(status=500), polls=4)
    health = Health(fresh_ms=NOW - MINUTE, failure=failure, next_try_ms=NOW + 3 * SECOND)
    assert status(health).startswith(
        "! the scenario runs of a run: server error (500)  next try in 18s  data of 14:04, 1m old  "
    )
    polling = replace(health, next_try_ms=None)
    assert "  next try in 15s  " in status(polling), "this poll does not fetch it"
    last = replace(polling, failure=replace(failure, polls=1))
    assert "  trying now  " in status(last)


def test_an_error_about_everything_does_not_name_one_thing() -> None:
    failure = ReadFailure(FetchKind.SCENARIO_RUNS, NoConnection("the host refused"))
    assert status(Health(failure=failure)).startswith("! no connection: the host refused  ")


def test_retry_after_is_shown_once_as_the_next_try() -> None:
    health = failing(RateLimited(status=429, retry_after_s=30.0), next_try_ms=NOW + 12 * SECOND)
    assert status(health).startswith("! rate limited (429)  next try in 12s  ")


def test_the_servers_message_about_a_refused_request_comes_before_the_advice() -> None:
    line = status(failing(BadRequest(status=400, detail="no such state")))
    assert line.index("no such state") < line.index(BadRequest.advice)
    line = status(failing(NotAuthorised(status=401, detail="no such key")))
    assert line.index("no such key") > line.index(NotAuthorised.advice)


@pytest.mark.parametrize(
    ("next_try_ms", "words"),
    [
        (None, "trying now"),
        (NOW - HOUR, "next try now"),
        (NOW + 999, "next try now"),
        (NOW + 8 * SECOND, "next try in 8s"),
        (NOW + 2 * MINUTE, "next try in 2m"),
    ],
)
def test_the_next_try_is_shown_coarsely(next_try_ms: int | None, words: str) -> None:
    assert f"  {words}  " in status(failing(TimedOut(), next_try_ms=next_try_ms))


def test_an_error_before_the_first_data_says_so() -> None:
    assert "  no data yet  " in status(failing(NotAuthorised(status=401)))
