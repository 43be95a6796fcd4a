"""Scores, counts, byte sizes, durations and moments as text. Durations and moments are in ms, moments since 1970."""

import enum
from datetime import UTC, datetime, tzinfo
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

SECOND = 1_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR
YEAR = 365 * DAY

_YEARS_FROM = 2 * YEAR
_EIGHTHS = " ▏▎▍▌▋▊▉"
_FULL = "█"
_BARS = "▁▂▃▄▅▆▇█"
_NONE = "·"


def percent(score: float | None) -> str:
    """Write a score of 0 to 1 as `61.2%`; a dash for None."""
    return "–" if score is None else f"{_apart(score, 0.001) * 100:.1f}%"


def score(value: float | None) -> str:
    """Write the score of one scenario as `0.50`; a dash for None."""
    return "–" if value is None else f"{_apart(value, 0.01):.2f}"


def count(number: int) -> str:
    """Write a count with thousands separators: `5,000`."""
    return f"{number:,}"


def plural(number: int, noun: str, ending: str = "s") -> str:
    """Write a count with its noun: `1 run`, `3 runs`."""
    return f"{count(number)} {noun}" if number == 1 else f"{count(number)} {noun}{ending}"


def share(done: int, total: int | None) -> str:
    """Write `412/500`, or `37/?` where the total is unknown."""
    return f"{done}/{total}" if total is not None else f"{done}/?"


def shown_of(shown: int, held: int) -> str:
    """Write how many rows pass the filter: `12 of 5,000`, or `5,000` where all do."""
    return count(shown) if shown == held else f"{count(shown)} of {count(held)}"


def list_title(noun: str, shown: int, held: int, *, has_more: bool, in_all: int | None) -> str:
    """Write the title of a list that may be read in part: `runs 12 of 500 read, 9,000 in all`.

    `held` is how many were read, `in_all` how many the server counts; None where it does not say.
    """
    text = f"{noun} {shown_of(shown, held)}"
    if not has_more:
        return text
    if in_all is None:
        return f"{text}, more below"
    return f"{text} of {in_all:,}" if shown == held else f"{text} read, {in_all:,} in all"


def bar(done: int, total: int | None, width: int) -> str:
    """Draw a bar of `width` cells in eighths: full only when all is done, empty where the total is unknown."""
    if not total or width <= 0:
        return " " * max(0, width)
    eighths = min(width * 8, done * width * 8 // total)
    if eighths == 0 and done > 0:
        eighths = 1
    full, part = divmod(eighths, 8)
    drawn = _FULL * full + (_EIGHTHS[part] if part else "")
    return drawn.ljust(width)


def sparkline(counts: "Sequence[int]", width: int) -> str:
    """Draw counts over time as `width` bars, the largest full: `··▁·▃▇█`; a dot stands for none.

    Counts beyond `width` are added up in `width` groups; fewer leave the rest blank.
    """
    cells = max(0, min(width, len(counts)))
    borders = [number * len(counts) // cells for number in range(cells + 1)] if cells else []
    sums = [sum(counts[start:end]) for start, end in pairwise(borders)]
    most = max(sums, default=0)
    drawn = (_BARS[-(-each * len(_BARS) // most) - 1] if each > 0 else _NONE for each in sums)
    return "".join(drawn).ljust(max(0, width))


def size(number: float) -> str:
    """Write a number of bytes as `12.3 MB`."""
    from humanize import naturalsize  # the import takes 15 ms: not before the first download

    return naturalsize(number)


def _apart(value: float, step: float) -> float:
    """Keep a value between 0 and 1 from being rounded to either: 0.9999 is not all."""
    return min(max(value, step), 1 - step) if 0 < value < 1 else value


class Times(enum.Enum):
    """The three ways to write moments; the key `t` cycles through them."""

    ELAPSED = "ago"
    LOCAL = "local"
    UTC = "UTC"

    def next(self) -> "Times":
        """Return the next way; after the last, the first."""
        every = list(Times)
        return every[(every.index(self) + 1) % len(every)]

    @property
    def zone(self) -> tzinfo | None:
        """The time zone of clock times; None is the machine's own."""
        return UTC if self is Times.UTC else None


def duration(ms: int | None) -> str:
    """Write a duration with its two leading units: `42s`, `12m 05s`, `2h 10m`, `1d 4h`; a dash for None."""
    if ms is None or not MINUTE <= ms < HOUR:
        return brief(ms)
    return f"{ms // MINUTE}m {ms % MINUTE // SECOND:02d}s"


def brief(ms: int | None) -> str:
    """Write a duration without seconds above a minute: `42s`, `12m`, `2h 10m`, `1d 4h`, `120d`; a dash for None."""
    if ms is None:
        return "–"
    ms = max(0, ms)
    if ms < MINUTE:
        return f"{ms // SECOND}s"
    if ms < HOUR:
        return f"{ms // MINUTE}m"
    if ms < DAY:
        return f"{ms // HOUR}h {ms % HOUR // MINUTE:02d}m"
    if ms < 100 * DAY:
        return f"{ms // DAY}d {ms % DAY // HOUR}h"
    return f"{ms // DAY}d"


def since_start(elapsed_ms: int | None, start_ms: int | None, times: Times) -> str:
    """Write an elapsed time with the moment of the start: `1h 00m, started 2026-11-21 13:05:09 UTC`."""
    return f"{duration(elapsed_ms)}, started {full_moment(start_ms, times.zone)}"


def age(at_ms: int, now_ms: int) -> str:
    """Write the time since a moment as `brief` does."""
    return brief(now_ms - at_ms)


def ago(at_ms: int, now_ms: int) -> str:
    """Write the time since a moment in one unit, so that it changes once a minute at most: `just now`, `5m ago`."""
    ms = now_ms - at_ms
    if ms < MINUTE:
        return "just now"
    if ms < HOUR:
        return f"{ms // MINUTE}m ago"
    if ms < DAY:
        return f"{ms // HOUR}h ago"
    if ms < _YEARS_FROM:
        return f"{ms // DAY}d ago"
    return f"{ms // YEAR}y ago"


def moment(at_ms: int | None, now_ms: int, times: Times) -> str:
    """Write a moment as `times` says; a dash for None or beyond the calendar's range.

    A moment more than a minute ahead is always a clock time: less than that is a difference between clocks.
    """
    if at_ms is None:
        return "–"
    if times is Times.ELAPSED and at_ms < now_ms + MINUTE:
        return ago(at_ms, now_ms)
    return clock_time(at_ms, now_ms, times.zone)


def clock_time(at_ms: int, now_ms: int, zone: tzinfo | None = None) -> str:
    """Write a moment as `14:05`, or `Nov 20` on another day than now's, or `2025-11` in another year."""
    at, now = _local(at_ms, zone), _local(now_ms, zone)
    if at is None or now is None:
        return "–"
    if at.date() == now.date():
        return at.strftime("%H:%M")
    if at.year == now.year:
        return at.strftime("%b %d")
    return at.strftime("%Y-%m")


def second_of_day(at_ms: int | None, zone: tzinfo | None = None) -> str:
    """Write a moment as `14:05:09`."""
    at = None if at_ms is None else _local(at_ms, zone)
    return "–" if at is None else at.strftime("%H:%M:%S")


def full_moment(at_ms: int | None, zone: tzinfo | None = None) -> str:
    """Write a moment with date and zone: `2026-11-21 14:05:09 CET`."""
    at = None if at_ms is None else _local(at_ms, zone)
    if at is None:
        return "–"
    return at.strftime("%Y-%m-%d %H:%M:%S %Z").rstrip()


def _local(at_ms: int, zone: tzinfo | None) -> datetime | None:
    """Return the moment in a zone; None beyond the range of `datetime`."""
    try:
        return datetime.fromtimestamp(at_ms / 1000, UTC).astimezone(zone)
    except (OverflowError, OSError, ValueError):
        return None
