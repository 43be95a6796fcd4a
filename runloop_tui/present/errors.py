"""Errors as sentences, and the status line: how fresh the data is, what is wrong, when the next poll is due."""

from typing import TYPE_CHECKING

from runloop_tui.api.errors import BadRequest, Conflict, ServerError
from runloop_tui.monitor.back_off import concerns_all
from runloop_tui.monitor.health import FetchKind
from runloop_tui.present.layout import Line, Piece, cut_line, line_width
from runloop_tui.present.text import cut, safe
from runloop_tui.present.units import SECOND, age, brief, clock_time

if TYPE_CHECKING:
    from runloop_tui.api.errors import RunloopError
    from runloop_tui.monitor.health import Health, ReadFailure

_LONGEST_DETAIL = 200
_LONGEST_WARNING = 80
_INTERVALS_FRESH = 2
"""Data is called fresh for this many poll intervals; after that its age is shown, whatever the reason."""


def error_words(error: "RunloopError") -> str:
    """Return what went wrong and the server's message where there is one, without a full stop at the end."""
    pause = _capped_pause(error)
    words = safe(f"{error.seen}, the server wants a pause of {pause}" if pause else str(error))
    detail = server_words(error)
    return f"{words}: {detail}" if detail else words


def server_words(error: "RunloopError") -> str:
    """Return the server's message as a safe text; "" where it sent none."""
    return cut(safe(error.detail).strip(), _LONGEST_DETAIL).rstrip(".")


def next_try_words(health: "Health", now_ms: int) -> str:
    """Return how long the request under way has been without an answer, else when the next poll is due."""
    return _stall(health, now_ms) or _next_try(health, now_ms)


def health_line(health: "Health", now_ms: int, interval_s: float, width: int) -> Line:
    """Return the status line: when the data was last fresh; where it is not, the error and the next try.

    The most important comes first, since the end may be cut.
    """
    if health.failure is None:
        return cut_line(_without_error(health, now_ms, interval_s), width)
    error = health.failure.error
    detail = server_words(error)
    words = Piece(detail and f"  The server says: {detail}", "muted")
    advice = Piece(f"  {error.advice}")
    is_best_explained_by_server = isinstance(error, BadRequest | Conflict | ServerError)
    more = (words, advice) if is_best_explained_by_server else (advice, words)
    next_try = _next_try(health, now_ms, (health.failure.polls - 1) * interval_s)
    return cut_line((*_with_error(health, health.failure, next_try, now_ms, width), *more), width)


def _with_error(
    health: "Health", failure: "ReadFailure", when: str, now_ms: int, width: int
) -> Line:
    """Return what is wrong, when the next try is (`when`), and how old the data is; shortened to fit."""
    error, stall = failure.error, _stall(health, now_ms)
    pause = _capped_pause(error)
    is_of_all = failure.what == FetchKind.LIST or concerns_all(error)
    of = "" if is_of_all else f"{safe(failure.what)}: "
    next_try = Piece(
        f"  {when}{pause and f' (the server wants {pause})'}{stall and f', {stall}'}", "muted"
    )
    data_age = Piece(f"  {_data_age(health, now_ms)}", "warn")
    whole = (Piece(f"! {of}{safe(error.seen)}", "bad"), next_try, data_age)
    if line_width(whole) <= width:
        return whole
    in_short = Piece(f"! {of}{safe(error.in_short)}", "bad")
    because = Piece(error.because and f"  {safe(error.because)}", "bad")
    if line_width((in_short, next_try, data_age)) > width:
        data_age = Piece(f"  {_short_data_age(health, now_ms)}", "warn")
    return (in_short, next_try, data_age, because)


def _capped_pause(error: "RunloopError") -> str:
    """Return the pause the server asked for (Retry-After) where it exceeds the cap on ours; else ""."""
    if error.wanted_pause_s is None or not error.is_pause_capped:
        return ""
    return brief(round(error.wanted_pause_s * 1000))


def _without_error(health: "Health", now_ms: int, interval_s: float) -> Line:
    """Return that the data is fresh, or how old it is, with the first warning about what was read."""
    stall = _stall(health, now_ms)
    if health.fresh_ms is None:
        return (Piece("connecting…", "muted"), Piece(stall and f"  {stall}", "warn"))
    if stall:
        return (Piece(f"{stall}  {_data_age(health, now_ms)}", "warn"),)
    if now_ms - health.fresh_ms > _INTERVALS_FRESH * interval_s * 1000:
        is_poll_scheduled = health.next_try_ms is not None
        doing = _next_try(health, now_ms) if is_poll_scheduled else "still reading"
        return (Piece(f"{doing}  {_data_age(health, now_ms)}", "warn"),)
    pieces = [Piece(f"fresh {_clock_time(health, health.fresh_ms, now_ms)}", "good")]
    pieces.append(Piece(f"  every {interval_s:g}s", "muted"))
    if health.warnings:
        first = cut(safe(health.warnings[0]), _LONGEST_WARNING)
        number = len(health.warnings)
        more = f", and {number - 1:,} more" if number > 1 else ""
        pieces.append(Piece(f"  {first}{more}", "warn"))
    return tuple(pieces)


def _data_age(health: "Health", now_ms: int) -> str:
    if health.fresh_ms is None:
        return _short_data_age(health, now_ms)
    at = _clock_time(health, health.fresh_ms, now_ms)
    return f"data of {at}, {_short_data_age(health, now_ms)}"


def _short_data_age(health: "Health", now_ms: int) -> str:
    return "no data yet" if health.fresh_ms is None else f"{age(health.fresh_ms, now_ms)} old"


def _clock_time(health: "Health", at_ms: int, now_ms: int) -> str:
    """Return the clock time of a moment on the server's clock, as all other moments on the screen."""
    return clock_time(at_ms + health.skew_ms, now_ms + health.skew_ms)


def _stall(health: "Health", now_ms: int) -> str:
    """Return for how long the request under way has been without an answer; "" where it is not late."""
    if health.stalled_since_ms is None:
        return ""
    return f"no answer for {age(health.stalled_since_ms, now_ms)}"


def _next_try(health: "Health", now_ms: int, later_s: float = 0.0) -> str:
    """Return when the next try is: at the next poll, or `later_s` seconds after it."""
    if health.next_try_ms is None and not later_s:
        return "trying now"
    ms = (health.next_try_ms or now_ms) - now_ms + round(later_s * 1000)
    return "next try now" if ms < SECOND else f"next try in {brief(ms)}"
