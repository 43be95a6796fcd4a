"""Errors, freshness and outcomes in plain words."""

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
from runloop_tui.monitor.actions import Intent, Outcome
from runloop_tui.monitor.health import Health, ReadFailure, What
from runloop_tui.present.times import HOUR, MINUTE, SECOND
from runloop_tui.present.troubles import error_words, health_line, outcome_words
from tests.present.building import NOW, text_of
from tests.present.hostile import ERRORS


@pytest.fixture(autouse=True)
def _at_greenwich(in_utc: None) -> None:
    """The moments of the status line are local ones."""


def status(health: Health, width: int = 400, interval_s: float = 5.0) -> str:
    return text_of(health_line(health, NOW, interval_s, width))


def in_trouble(error: RunloopError, **health: int | None) -> Health:
    return Health(trouble=ReadFailure("the list of runs", error), **health)  # type: ignore[arg-type]


def test_an_error_is_told_with_the_servers_own_words_where_it_gave_any() -> None:
    assert error_words(ServerError(status=503)) == "server error (503)"
    assert error_words(Conflict(status=409, detail="It has ended.")) == (
        "conflict (409): It has ended"
    )
    assert error_words(NoConnection("the host refused")) == "no connection: the host refused"
    assert error_words(RateLimited(status=429, retry_after_s=12.0)) == (
        "rate limited (429), again in 12 s"
    )


def test_a_pause_that_is_too_long_is_told_as_the_servers_wish() -> None:
    assert error_words(RateLimited(status=429, retry_after_s=1e9)) == (
        "rate limited (429), the server wants a pause of 11574d"
    )


def test_the_servers_own_words_are_made_safe_and_short() -> None:
    assert error_words(ServerError(detail="\x1b[2Ja\nb")) == "server error: ␛a⏎b"
    words = error_words(ServerError(detail="x" * 100_000))
    assert words == f"server error: {'x' * 199}…"


def test_every_kind_of_error_has_words_and_advice_of_its_own() -> None:
    lines = {status(in_trouble(kind())) for kind in ERRORS}
    assert len(lines) == len(ERRORS)
    for kind in ERRORS:
        line = status(in_trouble(kind()))
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


def test_a_silence_is_told_with_its_length_and_the_age_of_the_data() -> None:
    since = NOW - 12 * SECOND
    assert status(Health(silent_since_ms=since)) == "connecting…  no answer for 12s"
    assert status(Health(fresh_ms=NOW - 17 * SECOND, silent_since_ms=since)) == (
        "no answer for 12s  data of 14:04, 17s old"
    )
    again = in_trouble(TimedOut(), fresh_ms=NOW - MINUTE, silent_since_ms=since)
    assert status(again).startswith(
        "! timed out  trying now, no answer for 12s  data of 14:04, 1m old  "
    )


def test_moments_stand_on_the_servers_clock_as_those_of_the_runs_do() -> None:
    ahead = 5 * HOUR
    assert status(Health(fresh_ms=NOW, skew_ms=ahead)).startswith("fresh 19:05")
    late = in_trouble(TimedOut(), fresh_ms=NOW - MINUTE, skew_ms=ahead, next_try_ms=NOW + MINUTE)
    assert "next try in 1m  data of 19:04, 1m old" in status(late)


def test_what_could_not_be_understood_is_said_beside_the_fresh_data() -> None:
    one = Health(fresh_ms=NOW, complaints=("score of bmr_x not understood",))
    assert status(one) == "fresh 14:05  every 5s  score of bmr_x not understood"
    more = Health(fresh_ms=NOW, complaints=("a\nb not understood", *["x"] * 1_200))
    assert status(more).endswith("  a⏎b not understood, and 1,200 more")


def test_trouble_is_told_with_the_next_try_the_age_of_the_data_and_the_advice() -> None:
    health = in_trouble(
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
    health = in_trouble(
        NoConnection("the host refused", detail="x" * 500),
        fresh_ms=NOW - 3 * HOUR,
        next_try_ms=NOW + 30 * SECOND,
    )
    line = status(health, 80)
    assert line.startswith(
        "! no connection: the host refused  next try in 30s  data of 11:05, 3h 00m old"
    )
    assert line.endswith("…")


def test_what_was_expected_makes_room_for_the_next_try_and_the_age() -> None:
    health = in_trouble(
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


def test_where_even_that_is_too_long_the_age_alone_is_told() -> None:
    health = in_trouble(
        NotOffered(status=404), fresh_ms=NOW - 12 * MINUTE, next_try_ms=NOW + MINUTE
    )
    assert status(health, 80).startswith(
        "! this address does not offer benchmark runs (404)  next try in 1m  12m old  "
    )


def test_trouble_with_one_thing_says_with_what_and_when_that_is_tried_again() -> None:
    trouble = ReadFailure(What.SCENARIO_RUNS, ServerError(status=500), polls=4)
    health = Health(fresh_ms=NOW - MINUTE, trouble=trouble, next_try_ms=NOW + 3 * SECOND)
    assert status(health).startswith(
        "! the scenario runs of a run: server error (500)  next try in 18s  data of 14:04, 1m old  "
    )
    polling = replace(health, next_try_ms=None)
    assert "  next try in 15s  " in status(polling), "this poll does not ask for it"
    last = replace(polling, trouble=replace(trouble, polls=1))
    assert "  trying now  " in status(last)


def test_trouble_that_concerns_all_does_not_say_where_it_was_met() -> None:
    trouble = ReadFailure(What.SCENARIO_RUNS, NoConnection("the host refused"))
    assert status(Health(trouble=trouble)).startswith("! no connection: the host refused  ")


def test_when_to_come_back_is_told_once_as_the_next_try() -> None:
    health = in_trouble(RateLimited(status=429, retry_after_s=30.0), next_try_ms=NOW + 12 * SECOND)
    assert status(health).startswith("! rate limited (429)  next try in 12s  ")


def test_what_the_server_says_of_a_request_that_it_refused_comes_before_advice() -> None:
    line = status(in_trouble(BadRequest(status=400, detail="no such state")))
    assert line.index("no such state") < line.index(BadRequest.advice)
    line = status(in_trouble(NotAuthorised(status=401, detail="no such key")))
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
def test_the_next_try_is_told_coarsely(next_try_ms: int | None, words: str) -> None:
    assert f"  {words}  " in status(in_trouble(TimedOut(), next_try_ms=next_try_ms))


def test_without_any_data_trouble_says_so() -> None:
    assert "  no data yet  " in status(in_trouble(NotAuthorised(status=401)))


CANCEL, COMPLETE = Intent("cancel", "bmr_1"), Intent("complete", "bmr_1")
LOST = TimedOut("no answer in time", may_have_arrived=True)
REFUSED = Conflict(status=409, detail="run is locked")


@pytest.mark.parametrize(
    ("outcome", "words"),
    [
        (Outcome(CANCEL, "done", "canceled"), "swe is canceled."),
        (Outcome(COMPLETE, "done", "completed"), "swe is completed."),
        (
            Outcome(CANCEL, "done", "running"),
            "swe: the server accepted this; it is running now.",
        ),
        (
            Outcome(CANCEL, "done", ""),
            "swe: the server accepted this, but could not be asked how it stands now.",
        ),
        (
            Outcome(CANCEL, "done", "canceled", LOST),
            "swe has ended: canceled. The answer was lost, but a fresh look says so.",
        ),
        (
            Outcome(CANCEL, "done", "completed", LOST),
            (
                "swe has ended: completed. The answer was lost, but a fresh look says so. "
                "It was to be canceled."
            ),
        ),
        (
            Outcome(COMPLETE, "refused", "running", REFUSED),
            (
                "swe was not completed: conflict (409): run is locked. It is still running. "
                "It has changed in the meantime. Look again before you repeat this."
            ),
        ),
        (
            Outcome(CANCEL, "refused", "completed", REFUSED),
            "swe was not canceled: conflict (409): run is locked. It has ended already: completed.",
        ),
        (
            Outcome(CANCEL, "refused", "", NoConnection()),
            (
                "swe was not canceled: no connection. "
                "Check the network and the base address (RUNLOOP_BASE_URL)."
            ),
        ),
        (
            Outcome(CANCEL, "refused", "", NoConnection("the host refused"), sent=False),
            (
                "swe was not canceled: no connection: the host refused. Nothing was sent. "
                "Check the network and the base address (RUNLOOP_BASE_URL)."
            ),
        ),
        (
            Outcome(CANCEL, "unknown", "running", LOST),
            (
                "swe: it is unknown whether it was canceled (timed out: no answer in time). "
                "At a fresh look it is running. Look again before you repeat this."
            ),
        ),
        (
            Outcome(COMPLETE, "unknown", "", LOST),
            (
                "swe: it is unknown whether it was completed (timed out: no answer in time). "
                "It could not be looked at either. Look again before you repeat this."
            ),
        ),
        (
            Outcome(CANCEL, "repeated"),
            "swe: this is under way already; nothing was sent again.",
        ),
    ],
)
def test_each_outcome_is_told_apart(outcome: Outcome, words: str) -> None:
    assert outcome_words(outcome, "swe") == words


def test_a_hostile_state_and_a_long_name_are_made_safe_and_short() -> None:
    words = outcome_words(Outcome(CANCEL, "done", "\x1b[2j" + "x" * 900), "n" * 4_000)
    assert words == f"{'n' * 59}…: the server accepted this; it is ␛{'x' * 22}… now."
