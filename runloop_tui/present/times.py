"""Durations and moments as people read them."""

import enum
from datetime import UTC, datetime, tzinfo

SECOND = 1_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR
YEAR = 365 * DAY

_YEARS_FROM = 2 * YEAR


class Times(enum.Enum):
    """How the moments on the screen are written; `t` goes from one to the next."""

    ELAPSED = "ago"
    LOCAL = "local"
    UTC = "UTC"

    def next(self) -> "Times":
        """The next way, after the last the first."""
        every = list(Times)
        return every[(every.index(self) + 1) % len(every)]

    @property
    def zone(self) -> tzinfo | None:
        """The zone of clock times; None is the machine's own."""
        return UTC if self is Times.UTC else None


def duration(ms: int | None) -> str:
    """Write a duration in ms with its two leading units: `42s`, `12m 05s`, `2h 10m`, `1d 4h`."""
    if ms is None:
        return "–"
    ms = max(0, ms)
    if ms < MINUTE:
        return f"{ms // SECOND}s"
    if ms < HOUR:
        return f"{ms // MINUTE}m {ms % MINUTE // SECOND:02d}s"
    return brief(ms)


def brief(ms: int | None) -> str:
    """Write a duration in ms for a table, where it ticks rarely: `42s`, `12m`, `2h 10m`, `1d 4h`, `120d`."""
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


def ago(ms: int) -> str:
    """Write how long ago something was, coarsely enough to change once a minute at most."""
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
    """Write a moment in one of the three ways.

    What the calendar cannot hold is a dash. What is still to come, beyond what clocks differ by, is a clock time.
    """
    if at_ms is None:
        return "–"
    if times is Times.ELAPSED and at_ms < now_ms + MINUTE:
        return ago(now_ms - at_ms)
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
    """Write a moment as `14:05:09`, for lines that come by the second."""
    at = None if at_ms is None else _local(at_ms, zone)
    return "–" if at is None else at.strftime("%H:%M:%S")


def full_moment(at_ms: int | None, zone: tzinfo | None = None) -> str:
    """Write a moment whole, its zone named: `2026-11-21 14:05:09 CET`."""
    at = None if at_ms is None else _local(at_ms, zone)
    if at is None:
        return "–"
    return at.strftime("%Y-%m-%d %H:%M:%S %Z").rstrip()


def _local(at_ms: int, zone: tzinfo | None) -> datetime | None:
    try:
        return datetime.fromtimestamp(at_ms / 1000, UTC).astimezone(zone)
    except (OverflowError, OSError, ValueError):  # a year that no calendar of ours holds
        return None
