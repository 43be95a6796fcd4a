"""The text of notifications, and the list of events that keeps them: the newest first, each with its time."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from runloop_tui.api.states import is_terminal
from runloop_tui.present.accounting import other_reading
from runloop_tui.present.errors import error_words
from runloop_tui.present.layout import Line, Piece, Tone, wrap
from runloop_tui.present.runs import run_name
from runloop_tui.present.scenarios import scenario_name
from runloop_tui.present.states import run_state_sign, scenario_state_sign
from runloop_tui.present.text import cut, safe
from runloop_tui.present.units import Times, clock_time, duration, percent, plural, second_of_day

if TYPE_CHECKING:
    from runloop_tui.analysis.collapse import Collapse, Standstill
    from runloop_tui.api.models import ScenarioRun
    from runloop_tui.monitor.actions import Outcome
    from runloop_tui.monitor.health import ReadFailure
    from runloop_tui.monitor.snapshot import RunRecord

_DAY_WIDTH = 7
_TIME_WIDTH = 10
_NARROWEST_TEXT = 20
_LONGEST_NAME = 60
_LONGEST_STATE = 24
_DONE = {"cancel": "canceled", "complete": "completed", "score": "scored"}


class Event(NamedTuple):
    """The safe text of a notification, and when it was shown, in ms on this machine's clock."""

    at_ms: int
    text: str
    tone: Tone = "plain"
    run_id: str = ""
    """The run that it is about; "" where it is about none, or about several."""


def event_lines(events: Iterable[Event], now_ms: int, width: int) -> list[Line]:
    """Return the lines of the list of events, the newest first, each text wrapped beside its time."""
    lines = [line for _, parts in listed_events(events, now_ms, width) for line in parts]
    return lines or [(Piece("Nothing has happened yet since the app was started.", "muted"),)]


def listed_events(
    events: Iterable[Event], now_ms: int, width: int
) -> list[tuple[Event, list[Line]]]:
    """Return each event with its lines, the newest first, its text wrapped beside its time."""
    room = max(_NARROWEST_TEXT, width - _DAY_WIDTH - _TIME_WIDTH)
    listed: list[tuple[Event, list[Line]]] = []
    latest_first = reversed([*events])  # of those of one moment, the one that was added last
    for event in sorted(latest_first, key=lambda event: event.at_ms, reverse=True):
        day = clock_time(event.at_ms, now_ms)
        day = "" if ":" in day else day
        lines: list[Line] = []
        for number, part in enumerate(wrap(event.text, room)):
            moment = f"{day:<{_DAY_WIDTH}}{second_of_day(event.at_ms):<{_TIME_WIDTH}}"
            beside = moment if number == 0 else " " * len(moment)
            lines.append((Piece(beside, "muted"), Piece(part, event.tone)))
        listed.append((event, lines))
    return listed


def outage_started(failure: "ReadFailure") -> str:
    """Return the message for the first poll that failed."""
    return f"Could not read {failure.what}: {error_words(failure.error)}"


def outage_ended(lasted_ms: int) -> str:
    """Return the message for the first complete poll after an outage of `lasted_ms`."""
    return f"All is fresh again, after {duration(lasted_ms)}"


def run_ended_message(record: "RunRecord") -> str:
    """Return the message for a terminal run: its state, score and errors."""
    name, state = cut(run_name(record.run), _LONGEST_NAME), run_state_sign(record.run).word
    text = f"{name} has ended: {state}"
    if record.score is not None:
        reading = other_reading(record)
        text += f", {percent(record.score)}" + (f" ({reading})" if reading else "")
    counts = record.counts
    if counts and counts.error:
        text += f", {plural(counts.error, 'error')}"
    return text


def collapse_message(record: "RunRecord", collapse: "Collapse", now_ms: int) -> str:
    """Return the message for a run in which nearly all begins to end in errors."""
    from runloop_tui.present.report import collapse_words

    name = cut(run_name(record.run), _LONGEST_NAME)
    return f"{name} is collapsing: {collapse_words(collapse, now_ms, Times.LOCAL)}"


def collapse_ended_message(record: "RunRecord", collapse: "Collapse | None", now_ms: int) -> str:
    """Return the message for a run that has recovered from a collapse, or never was in one by what is known now."""
    name = cut(run_name(record.run), _LONGEST_NAME)
    if collapse is None or collapse.end_ms is None:
        return f"{name} is not collapsing any more"
    start, end = (clock_time(each, now_ms) for each in (collapse.start_ms, collapse.end_ms))
    errors = f"{collapse.errors} of {collapse.finished} ended in errors"
    return f"{name} has recovered from its collapse: {start}–{end}, {errors}"


def standstill_message(record: "RunRecord", still: "Standstill", now_ms: int) -> str:
    """Return the message for a run of which nothing has finished for unusually long."""
    from runloop_tui.present.report import standstill_words

    return f"{cut(run_name(record.run), _LONGEST_NAME)} stands still: {standstill_words(still, now_ms)}"


def standstill_ended_message(record: "RunRecord") -> str:
    """Return the message for a run of which a scenario has finished after a standstill."""
    return f"{cut(run_name(record.run), _LONGEST_NAME)} goes on: scenarios finish again"


def scenario_ended_message(record: "RunRecord", scenario_run: "ScenarioRun") -> str:
    """Return the message for a scenario run that is terminal, or was scored, after an action on it."""
    run = cut(run_name(record.run), _LONGEST_NAME)
    name = f"{cut(scenario_name(scenario_run), _LONGEST_NAME)} ({run})"
    word, score = scenario_state_sign(scenario_run).word, scenario_run.score
    text = f"{name} has ended: {word}" if scenario_run.is_terminal else f"{name} has its score"
    return text if score is None else f"{text}, {percent(score)}"


def outcome_words(outcome: "Outcome", name: str) -> str:
    """Return the outcome of an action on the run or scenario run called `name` (a safe text)."""
    name = cut(name, _LONGEST_NAME)
    if outcome.result == "repeated":
        return f"{name}: this is under way already; nothing was sent again."
    if outcome.result == "refused":
        return _refused(outcome, name)
    if outcome.result == "unknown":
        return _unknown(outcome, name)
    return _done(outcome, name)


def _refused(outcome: "Outcome", name: str) -> str:
    done, state = _DONE[outcome.intent.verb], _state(outcome)
    text = f"{name} was not {done}: {_why(outcome, 'refused')}."
    if is_terminal(state):
        return f"{text} It has ended already: {state}."
    if not outcome.sent:
        text += " Nothing was sent."
    if state:
        text += f" It is still {state}."
    return f"{text} {outcome.error.advice}" if outcome.error else text


def _unknown(outcome: "Outcome", name: str) -> str:
    done, state = _DONE[outcome.intent.verb], _state(outcome)
    seen = f"At a fresh look it is {state}." if state else "It could not be looked at either."
    why = _why(outcome, "no answer")
    return f"{name}: it is unknown whether it was {done} ({why}). {seen} Look again before you repeat this."


def _done(outcome: "Outcome", name: str) -> str:
    wanted, state = _DONE[outcome.intent.verb], _state(outcome)
    if outcome.error is not None:
        begun = "is" if state == "scoring" else "has ended:"
        text = f"{name} {begun} {state}. The answer was lost, but a fresh look says so."
        return text if state == wanted else f"{text} It was to be {wanted}."
    if not state:
        return f"{name}: the server accepted this, but could not be asked how it stands now."
    if state != wanted:
        return f"{name}: the server accepted this; it is {state} now."
    return f"{name} is {wanted}."


def _why(outcome: "Outcome", otherwise: str) -> str:
    return error_words(outcome.error) if outcome.error else otherwise


def _state(outcome: "Outcome") -> str:
    return cut(safe(outcome.state).strip(), _LONGEST_STATE)
