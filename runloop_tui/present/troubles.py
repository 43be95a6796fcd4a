"""Errors, freshness and outcomes in plain words."""

from typing import TYPE_CHECKING

from runloop_tui.api.errors import BadRequest, Conflict, ServerError
from runloop_tui.monitor.back_off import concerns_all
from runloop_tui.monitor.health import What
from runloop_tui.present.cells import Line, Piece
from runloop_tui.present.flow import cut_line, line_width
from runloop_tui.present.text import cut, safe
from runloop_tui.present.times import SECOND, brief, clock_time

if TYPE_CHECKING:
    from runloop_tui.api.errors import RunloopError
    from runloop_tui.monitor.actions import Outcome
    from runloop_tui.monitor.health import Health, ReadFailure

_LONGEST_DETAIL = 200
_LONGEST_COMPLAINT = 80
_LONGEST_NAME = 60
_LONGEST_STATE = 24
_INTERVALS_FRESH = 2
"""For so many intervals what was read counts as fresh; then its age is said, whatever the reason."""

_DONE = {"cancel": "canceled", "complete": "completed", "score": "scored"}
_ENDED = frozenset({"canceled", "completed", "failed", "timeout"})


def error_words(error: "RunloopError") -> str:
    """What went wrong, with the server's own words where it gave any; no full stop at the end."""
    wish = _longer_wish(error)
    words = safe(f"{error.seen}, the server wants a pause of {wish}" if wish else str(error))
    detail = _detail(error)
    return f"{words}: {detail}" if detail else words


def server_words(error: "RunloopError") -> str:
    """The server's own words as a safe text; "" where it gave none."""
    return _detail(error)


def next_try_words(health: "Health", now_ms: int) -> str:
    """When the next try is, or for how long there has been no answer to this one."""
    silence = _silence(health, now_ms)
    return silence or _next_try(health, now_ms)


def _detail(error: "RunloopError") -> str:
    return cut(safe(error.detail).strip(), _LONGEST_DETAIL).rstrip(".")


def health_line(health: "Health", now_ms: int, interval_s: float, width: int) -> Line:
    """When the data was last fresh; what is wrong when it is not, and when the next try is.

    The most telling comes first: what has no room at the end is cut.
    """
    if health.trouble is None:
        return cut_line(_all_well(health, now_ms, interval_s), width)
    error = health.trouble.error
    detail = _detail(error)
    words = Piece(detail and f"  The server says: {detail}", "muted")
    advice = Piece(f"  {error.advice}")
    is_explained = isinstance(
        error, BadRequest | Conflict | ServerError
    )  # by the server's words best
    more = (words, advice) if is_explained else (advice, words)
    next_try = _next_try(health, now_ms, (health.trouble.polls - 1) * interval_s)
    return cut_line((*_wrong(health, health.trouble, next_try, now_ms, width), *more), width)


def _wrong(health: "Health", trouble: "ReadFailure", when: str, now_ms: int, width: int) -> Line:
    """What is wrong, when the next try is, and how old the data is: in as many words as there is room for."""
    error, silence = trouble.error, _silence(health, now_ms)
    wish = _longer_wish(error)
    is_of_all = trouble.what == What.LIST or concerns_all(error)
    of = "" if is_of_all else f"{safe(trouble.what)}: "
    next_try = Piece(
        f"  {when}{wish and f' (the server wants {wish})'}{silence and f', {silence}'}", "muted"
    )
    age = Piece(f"  {_age(health, now_ms)}", "warn")
    whole = (Piece(f"! {of}{safe(error.seen)}", "bad"), next_try, age)
    if line_width(whole) <= width:
        return whole
    in_short = Piece(f"! {of}{safe(error.in_short)}", "bad")
    because = Piece(error.because and f"  {safe(error.because)}", "bad")
    if line_width((in_short, next_try, age)) > width:
        age = Piece(f"  {_short_age(health, now_ms)}", "warn")
    return (in_short, next_try, age, because)


def _longer_wish(error: "RunloopError") -> str:
    """The pause that the server wants, where it is longer than the one that is made; else nothing."""
    if error.wanted_pause_s is None or not error.is_pause_capped:
        return ""
    return brief(round(error.wanted_pause_s * 1000))


def _all_well(health: "Health", now_ms: int, interval_s: float) -> Line:
    silence = _silence(health, now_ms)
    if health.fresh_ms is None:
        return (Piece("connecting…", "muted"), Piece(silence and f"  {silence}", "warn"))
    if silence:
        return (Piece(f"{silence}  {_age(health, now_ms)}", "warn"),)
    if now_ms - health.fresh_ms > _INTERVALS_FRESH * interval_s * 1000:
        is_resting = health.next_try_ms is not None
        doing = _next_try(health, now_ms) if is_resting else "still reading"
        return (Piece(f"{doing}  {_age(health, now_ms)}", "warn"),)
    pieces = [Piece(f"fresh {_clock_time(health, health.fresh_ms, now_ms)}", "good")]
    pieces.append(Piece(f"  every {interval_s:g}s", "muted"))
    if health.complaints:
        first = cut(safe(health.complaints[0]), _LONGEST_COMPLAINT)
        number = len(health.complaints)
        more = f", and {number - 1:,} more" if number > 1 else ""
        pieces.append(Piece(f"  {first}{more}", "warn"))
    return tuple(pieces)


def _age(health: "Health", now_ms: int) -> str:
    if health.fresh_ms is None:
        return _short_age(health, now_ms)
    at = _clock_time(health, health.fresh_ms, now_ms)
    return f"data of {at}, {_short_age(health, now_ms)}"


def _short_age(health: "Health", now_ms: int) -> str:
    if health.fresh_ms is None:
        return "no data yet"
    return f"{brief(now_ms - health.fresh_ms)} old"


def _clock_time(health: "Health", at_ms: int, now_ms: int) -> str:
    """On the server's clock, as all other moments on the screen."""
    return clock_time(at_ms + health.skew_ms, now_ms + health.skew_ms)


def _silence(health: "Health", now_ms: int) -> str:
    if health.silent_since_ms is None:
        return ""
    return f"no answer for {brief(now_ms - health.silent_since_ms)}"


def _next_try(health: "Health", now_ms: int, later_s: float = 0.0) -> str:
    """When the next try is: at the next poll, or so many s after it."""
    if health.next_try_ms is None and not later_s:
        return "trying now"
    ms = (health.next_try_ms or now_ms) - now_ms + round(later_s * 1000)
    return "next try now" if ms < SECOND else f"next try in {brief(ms)}"


def outcome_words(outcome: "Outcome", name: str) -> str:
    """What became of an action on the run or scenario run called `name` (a safe text)."""
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
    if state in _ENDED:
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
