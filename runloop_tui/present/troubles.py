"""Errors, freshness and outcomes in plain words."""

from typing import TYPE_CHECKING

from runloop_tui.present.cells import Line, Piece
from runloop_tui.present.text import cut, safe
from runloop_tui.present.times import brief, clock_time

if TYPE_CHECKING:
    from runloop_tui.api.errors import RunloopError
    from runloop_tui.monitor.actions import Outcome
    from runloop_tui.monitor.health import Health

_LONGEST_DETAIL = 200

_DONE = {"cancel": "canceled", "complete": "completed"}


def error_words(error: "RunloopError") -> str:
    """What went wrong, with the server's own words where it gave any."""
    words = str(error)
    detail = cut(safe(error.detail).strip(), _LONGEST_DETAIL)
    return f"{words}: {detail}" if detail else words


def health_line(health: "Health", now_ms: int, interval_s: float) -> Line:
    """When the data was last fresh; what is wrong when it is not, and when the next try is."""
    if health.trouble is None:
        return _all_well(health, now_ms, interval_s)
    trouble = health.trouble
    pieces = [Piece(f"! {error_words(trouble.error)}", "bad")]
    pieces.append(Piece(f"  {_age(health, now_ms)}", "warn"))
    if health.next_try_ms is None:
        pieces.append(Piece("  trying now", "muted"))
    else:
        pieces.append(Piece(f"  next try {_soon(health.next_try_ms - now_ms)}", "muted"))
    pieces.append(Piece(f"  {trouble.error.advice}", "muted"))
    return tuple(pieces)


def _all_well(health: "Health", now_ms: int, interval_s: float) -> Line:
    if health.fresh_ms is None:
        return (Piece("connecting…", "muted"),)
    late = now_ms - health.fresh_ms > max(30_000, 3 * interval_s * 1000)
    if late:
        return (Piece(f"asking, no answer yet  {_age(health, now_ms)}", "warn"),)
    pieces = [Piece(f"fresh {clock_time(health.fresh_ms, now_ms)}", "good")]
    pieces.append(Piece(f"  every {interval_s:g}s", "muted"))
    if health.complaints:
        first = cut(safe(health.complaints[0]), 60)
        number = len(health.complaints)
        more = f" and {number - 1} more" if number > 1 else ""
        pieces.append(Piece(f"  not understood: {first}{more}", "warn"))
    return tuple(pieces)


def _age(health: "Health", now_ms: int) -> str:
    if health.fresh_ms is None:
        return "no data yet"
    return f"data of {clock_time(health.fresh_ms, now_ms)}, {brief(now_ms - health.fresh_ms)} old"


def _soon(ms: int) -> str:
    return "now" if ms < 1_000 else f"in {brief(ms)}"


def outcome_words(outcome: "Outcome", name: str) -> str:
    """What became of an action on the run or scenario run called `name` (a safe text)."""
    verb, state = outcome.intent.verb, safe(outcome.state)
    if outcome.result == "repeated":
        return f"{name}: this is under way already; nothing was sent again."
    if outcome.result == "refused":
        ended = f" It is {state} already." if state in {"canceled", "completed", "failed"} else ""
        why = error_words(outcome.error) if outcome.error else "refused"
        return f"{name} was not {_DONE[verb]}: {why}.{ended}"
    if outcome.result == "unknown":
        seen = f"it is still {state}" if state else "it could not be looked at either"
        why = error_words(outcome.error) if outcome.error else "no answer"
        return f"{name}: it is unknown whether it was {_DONE[verb]} ({why}); {seen}. Look again before you repeat it."
    if outcome.error is not None:
        return f"{name} is {state}. The answer was lost, but a fresh look says so."
    if state and state != _DONE[verb]:
        return f"{name}: the server accepted it; it is now {state}."
    return f"{name} is {_DONE[verb]}."
