"""The list of events, and the messages about outages, terminal runs and actions."""

from dataclasses import replace

import pytest

from runloop_tui.analysis.collapse import Collapse, Standstill
from runloop_tui.api.errors import (
    Conflict,
    NoConnection,
    TimedOut,
)
from runloop_tui.monitor.actions import Intent, Outcome
from runloop_tui.monitor.counts import Tally
from runloop_tui.monitor.health import FetchKind, ReadFailure
from runloop_tui.present.layout import Line
from runloop_tui.present.notifications import (
    Event,
    collapse_ended_message,
    collapse_message,
    event_lines,
    outage_ended,
    outage_started,
    outcome_words,
    run_ended_message,
    scenario_ended_message,
    standstill_ended_message,
    standstill_message,
)
from runloop_tui.present.units import DAY, HOUR, MINUTE
from tests.present.building import (
    NOW,
    a_record,
    a_run,
    a_scenario_run,
)

NOW_MS = 1_795_176_000_000
"""2026-11-20 12:00 UTC."""


def texts(lines: list[Line]) -> list[str]:
    return ["".join(piece.text for piece in line).rstrip() for line in lines]


CANCEL, COMPLETE = Intent("cancel", "bmr_1"), Intent("complete", "bmr_1")


LOST = TimedOut("no answer in time", may_have_arrived=True)


REFUSED = Conflict(status=409, detail="run is locked")


def test_the_newest_comes_first_and_other_days_are_named() -> None:
    events = [
        Event(NOW_MS - DAY, "tb2 has ended"),
        Event(NOW_MS - HOUR, "tb3 has failed", "warn"),
        Event(NOW_MS - MINUTE, "Canceled"),
    ]
    assert texts(event_lines(events, NOW_MS, 60)) == [
        "       11:59:00  Canceled",
        "       11:00:00  tb3 has failed",
        "Nov 19 12:00:00  tb2 has ended",
    ]


def test_a_long_text_is_wrapped_and_none_is_wider_than_its_argument() -> None:
    lines = texts(event_lines([Event(NOW_MS, "word " * 20)], NOW_MS, 40))
    assert len(lines) > 2
    assert all(len(line) <= 40 for line in lines)
    assert lines[1].startswith(" " * 17 + "word")


def test_a_tone_says_how_bad_it_is() -> None:
    (line,) = event_lines([Event(NOW_MS, "failed", "bad")], NOW_MS, 60)
    assert line[1].tone == "bad"


def test_an_empty_list_says_so() -> None:
    assert texts(event_lines([], NOW_MS, 60)) == [
        "Nothing has happened yet since the app was started."
    ]


def test_an_outage_has_a_message_at_its_start_and_at_its_end() -> None:
    began = outage_started(ReadFailure(FetchKind.LIST, NoConnection(detail="no \x1b[31mroute")))
    assert began == "Could not read the list of runs: no connection: no ␛route"
    assert outage_ended(130 * MINUTE) == "All is fresh again, after 2h 10m"


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
def test_each_outcome_has_its_own_message(outcome: Outcome, words: str) -> None:
    assert outcome_words(outcome, "swe") == words


def test_a_hostile_state_and_a_long_name_are_made_safe_and_short() -> None:
    words = outcome_words(Outcome(CANCEL, "done", "\x1b[2j" + "x" * 900), "n" * 4_000)
    assert words == f"{'n' * 59}…: the server accepted this; it is ␛{'x' * 22}… now."


def test_the_message_for_a_terminal_run_says_how_it_ended() -> None:
    run = a_run(state="completed", score=0.58)
    assert run_ended_message(a_record(run)) == "swe-verified has ended: completed, 58.0%"
    one = Tally(passed=58, zero=41, error=1, score_sum=58.0)
    assert run_ended_message(a_record(run, tally=one)).endswith(
        "completed, 58.0% (58.6% of the 99 that ran), 1 error"
    )
    assert run_ended_message(a_record(run, tally=Tally(error=2))).endswith(
        "completed, 58.0%, 2 errors"
    )
    behind = Tally(passed=50, running=2, error=1, score_sum=50.0)
    assert run_ended_message(a_record(run, tally=behind)).endswith("completed, 58.0%, 1 error")
    unscored = a_record(a_run(state="failed"), tally=Tally(passed=1, error=3, score_sum=1.0))
    assert run_ended_message(unscored).endswith(
        "failed, 25.0% (100.0% of the 1 that ran), 3 errors"
    )
    failed = a_record(a_run(state="failed"), tally=None)
    assert run_ended_message(failed) == "swe-verified has ended: failed"


def test_the_message_for_a_terminal_run_shows_its_state_even_under_an_overlay() -> None:
    record = a_record(a_run(state="canceled"), under_way="canceling…")
    assert run_ended_message(record) == "swe-verified has ended: canceled"


def test_the_message_for_a_terminal_scenario_run_names_its_run_and_score() -> None:
    record = a_record(a_run())
    canceled = a_scenario_run(name="chess", state="canceled", scoring_contract_result=None)
    assert scenario_ended_message(record, canceled) == "chess (swe-verified) has ended: canceled"
    scored = a_scenario_run(name="chess", state="scored", scoring_contract_result={"score": 0.5})
    assert scenario_ended_message(record, scored) == "chess (swe-verified) has its score, 50.0%"


# Collapse and standstill


def test_a_collapse_says_since_when_and_its_end_from_when_to_when(in_utc: None) -> None:
    collapse = Collapse(NOW - HOUR, NOW - HOUR, None, None, 20, ("scr_1",) * 17, 100, 4)
    assert collapse_message(a_record(), collapse, NOW) == (
        "swe-verified is collapsing: since 13:05, 17 of 20 ended in errors; before: 4%"
    )
    ended = replace(collapse, end_ms=NOW - 20 * MINUTE, cleared_ms=NOW)
    assert collapse_ended_message(a_record(), ended, NOW) == (
        "swe-verified has recovered from its collapse: 13:05–13:45, 17 of 20 ended in errors"
    )
    assert (
        collapse_ended_message(a_record(), None, NOW) == "swe-verified is not collapsing any more"
    )


def test_a_standstill_says_for_how_long_and_its_end_that_the_run_goes_on() -> None:
    still = Standstill(NOW - 41 * MINUTE, 6 * MINUTE)
    assert standstill_message(a_record(), still, NOW) == (
        "swe-verified stands still: nothing finished for 41m, longest gap so far 6m"
    )
    assert standstill_ended_message(a_record()) == "swe-verified goes on: scenarios finish again"
