"""What was told in passing, for who was not looking: the newest first, each with its moment."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from runloop_tui.present.cells import Line, Piece, Tone
from runloop_tui.present.flow import wrap
from runloop_tui.present.times import clock_time, duration, second_of_day
from runloop_tui.present.troubles import error_words

if TYPE_CHECKING:
    from runloop_tui.monitor.health import ReadFailure

_DAY_WIDTH = 7
_TIME_WIDTH = 10
_NARROWEST_TEXT = 20


class Told(NamedTuple):
    """A safe text, and when it was told, in ms on this machine's clock."""

    at_ms: int
    text: str
    tone: Tone = "plain"


def told_lines(told: Iterable[Told], now_ms: int, width: int) -> list[Line]:
    """The lines of a list of what was told, the newest first."""
    room = max(_NARROWEST_TEXT, width - _DAY_WIDTH - _TIME_WIDTH)
    lines: list[Line] = []
    for one in sorted(told, key=lambda one: one.at_ms, reverse=True):
        day = clock_time(one.at_ms, now_ms)
        day = "" if ":" in day else day
        for number, part in enumerate(wrap(one.text, room)):
            moment = f"{day:<{_DAY_WIDTH}}{second_of_day(one.at_ms):<{_TIME_WIDTH}}"
            beside = moment if number == 0 else " " * len(moment)
            lines.append((Piece(beside, "muted"), Piece(part, one.tone)))
    return lines or [(Piece("Nothing has happened yet since the app was started.", "muted"),)]


def trouble_began(trouble: "ReadFailure") -> str:
    """The data is not fresh from here on."""
    return f"Could not read {trouble.what}: {error_words(trouble.error)}"


def trouble_ended(lasted_ms: int) -> str:
    """The data is fresh again."""
    return f"All is fresh again, after {duration(lasted_ms)}"
