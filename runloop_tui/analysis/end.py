"""When a run ends: a range, by Graham's bound for list scheduling (1966), with what still runs taken into account.

Elapsed/done × left is too early, by 39 % at the half and 86 % near the end, because what finishes first is short. Here
the durations are those of the Kaplan-Meier estimate, and the longest that one may take is added at the end.
"""

import math
from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING

from runloop_tui.analysis.durations import LONGEST_MS, Durations, known_age_ms

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from runloop_tui.analysis.attempts import Attempt

FEWEST_FINISHED = 5
"""Before so many have finished, nothing is said."""

_WINDOW_MS = 60 * 60_000
_Z = 1.96
_LOW_SHARE_OF_RESIDUAL = 0.3
_FEWEST_FOR_EARLIEST = 4
"""Where fewer run and none waits, the run may end at any moment."""
_GUESSED_LIMIT = 1.5
_OVERRUN = 1.1
_MOST_DECIDERS = 3
_FEWEST_FOR_PACE = 10
_PACE_DIFFERS = 2.0

_MINUTE_MS = 60_000
_STEPS_MS = tuple(minutes * _MINUTE_MS for minutes in (60, 30, 10, 5, 1))
_STEPS_IN_DISTANCE = 6


@dataclass(frozen=True, slots=True)
class EndRange:
    """The moments (Unix ms) between which a run ends.

    Both are rounded outwards, to a step of about a sixth of how far off they are, 1 minute to 1 hour.
    """

    low_ms: int
    """The earliest end; never in the past."""
    middle_ms: int
    """The middle of the range, for where there is no room for both ends; the earliest where that is all."""
    high_ms: int | None
    """The latest end, with the longest that one may take; None where no upper end is honest."""
    deciders: "tuple[Attempt, ...]" = ()
    """At most 3 that decide the end, those with the longest way to go first; none while others wait to start."""
    limit_ms: int | None = None
    """The known limit of a duration, on which `high_ms` is based; None without one, or where it was exceeded."""
    slots: int = 1
    """How many ran at once, at most, within the window."""
    window_ms: int = _WINDOW_MS
    """How far back from now the window reaches: an hour, or to the first start."""
    pace_factor: float | None = None
    """The rate of finishing within the window over the rate that the range assumes, where they differ by 2× or more.

    Below 1 the run is slower than its durations and slots explain, as under a rate limit. None where they agree,
    where nothing waits to start, or too little has finished to say.
    """

    @property
    def at_least(self) -> bool:
        """Whether only the earliest end is known."""
        return self.high_ms is None


def end_of(
    attempts: "Sequence[Attempt]", total: int | None, now_ms: int, limit_ms: float | None = None
) -> EndRange | None:
    """Return when a live run ends.

    `total` is the number of its scenarios; `limit_ms` the longest that one may take, scoring included, where that is
    known. Where it is not, 1.5 times the longest seen stands for it, but only once half is done, at most a quarter of
    all run at once, and none that still runs has taken that much of the longest finished: else there is no upper end.
    Nor is there one for a limit that was exceeded by more than a tenth. The last 3 may end at any moment: the earliest
    end is then now.

    Assumes that durations do not depend on when one starts, that the slots stay as they were within the last hour, and
    that what ended is not started again. An attempt in an unknown state that has not ended counts as waiting.

    None where the total is unknown, nothing is left, nothing runs, fewer than 5 have finished, or the end is more than
    a year off.
    """
    left = _Left.of(attempts, total, now_ms)
    if left is None or left.finished < FEWEST_FINISHED or not left.active:
        return None
    durations = Durations.until_end(attempts, now_ms)
    if len(durations.events) < FEWEST_FINISHED:
        return None
    limit = _kept_limit(durations, limit_ms)
    window = _Window.of(attempts, now_ms, ever=limit is None)
    most = _longest_possible(durations, limit, left, window.slots_ever)
    low = _earliest(durations, left, window.slots)
    high = None if most is None else max(low, _latest(durations, left, window.slots, most))
    if max(low, high or 0) > LONGEST_MS:
        return None
    earliest, middle, latest = _rounded(now_ms, low, high)
    return EndRange(
        low_ms=earliest,
        middle_ms=middle,
        high_ms=latest,
        deciders=() if left.waiting else _deciders(durations, left, most),
        limit_ms=None if limit is None else int(limit),
        slots=window.slots,
        window_ms=window.length_ms,
        pace_factor=_pace_factor(durations, left, window),
    )


@dataclass(frozen=True, slots=True)
class _Left:
    """What has yet to end."""

    active: "tuple[tuple[int, Attempt], ...]"
    """(age in ms, attempt); an unknown age is 0."""
    waiting: int
    finished: int
    terminal: int
    total: int

    @classmethod
    def of(cls, attempts: "Sequence[Attempt]", total: int | None, now_ms: int) -> "_Left | None":
        """Return None where it is unknown, or nothing is left."""
        if total is None:
            return None
        active: list[tuple[int, Attempt]] = []
        finished = unknown = 0
        for each in attempts:
            if each.is_finished:
                finished += 1
            elif each.is_active:
                active.append((known_age_ms(each, now_ms) or 0, each))
            elif each.kind == "other" and each.duration_ms is None:
                unknown += 1
        waiting = max(0, total - len(attempts)) + unknown
        if not active and not waiting:
            return None
        terminal = len(attempts) - len(active) - unknown
        return cls(tuple(active), waiting, finished, terminal, max(total, len(attempts)))


def _kept_limit(durations: Durations, limit_ms: float | None) -> float | None:
    """Return the limit, or the longest seen where that exceeds it a little; None where it is unknown or not kept."""
    if limit_ms is None or not 0 < limit_ms <= LONGEST_MS:
        return None
    longest = durations.longest_ms
    return max(limit_ms, longest) if longest <= _OVERRUN * limit_ms else None


def _longest_possible(
    durations: Durations, limit: float | None, left: _Left, slots: int
) -> float | None:
    """Return the longest that one may take: the limit, else a guess; None where a guess is not honest."""
    if limit is not None:
        return limit
    oldest = max(age for age, _ in left.active)
    is_honest = (
        2 * left.terminal >= left.total
        and 4 * slots <= left.total
        and oldest <= _GUESSED_LIMIT * durations.events[-1]
    )
    return _GUESSED_LIMIT * durations.longest_ms if is_honest else None


def _work(durations: Durations, left: _Left, tail_at_ms: float) -> tuple[float, float, float]:
    """Return the work that is left, in ms of one slot, its standard error, and the longest of it."""
    residuals = [durations.mean_residual_ms(age, tail_at_ms) for age, _ in left.active]
    work = sum(residuals) + left.waiting * durations.mean_residual_ms(-1, tail_at_ms)
    number = len(left.active) + left.waiting
    spread = durations.variance_ms2(tail_at_ms) * number * (1 + number / len(durations.events))
    return work, math.sqrt(spread), max(residuals)


def _earliest(durations: Durations, left: _Left, slots: int) -> float:
    """Return in how many ms the run ends at the earliest: the tail ends at the longest seen."""
    work, error, longest = _work(durations, left, durations.longest_ms)
    low = _LOW_SHARE_OF_RESIDUAL * longest
    if left.waiting:
        return max(low, (work - _Z * error) / slots)
    return low if len(left.active) >= _FEWEST_FOR_EARLIEST else 0.0


def _latest(durations: Durations, left: _Left, slots: int, most: float) -> float:
    """Return in how many ms the run ends at the latest, if none takes longer than `most`."""
    high = max(0.0, most - min(age for age, _ in left.active))
    if not left.waiting:
        return high
    work, error, _ = _work(durations, left, most)
    return max(high, (work + _Z * error) / slots + most * (1 - 1 / slots))


def _deciders(durations: Durations, left: _Left, most: float | None) -> "tuple[Attempt, ...]":
    """Return those with the longest way to go, by their mean residual, then by their age."""
    tail_at = _GUESSED_LIMIT * durations.longest_ms if most is None else most
    ranked = sorted(
        left.active, key=lambda each: (-durations.mean_residual_ms(each[0], tail_at), -each[0])
    )
    return tuple(attempt for _, attempt in ranked[:_MOST_DECIDERS])


@dataclass(frozen=True, slots=True)
class _Window:
    """What happened within the last hour."""

    slots: int
    """The most that ran at once."""
    slots_ever: int
    """The same since the first start."""
    length_ms: int
    run_age_ms: int
    """How long ago the first one started."""
    finished: int

    @classmethod
    def of(cls, attempts: "Sequence[Attempt]", now_ms: int, *, ever: bool) -> "_Window":
        """Return the window; `slots_ever` is that of the window unless `ever`."""
        since = now_ms - _WINDOW_MS
        reach = now_ms - LONGEST_MS if ever else since
        first = now_ms
        starts, ends = [], []
        finished = 0
        for each in attempts:
            start, duration = each.start_ms, each.duration_ms
            if start is not None and now_ms - LONGEST_MS <= start < first:
                first = start
            if each.is_active:
                starts.append(since if start is None else min(start, now_ms))
                ends.append(now_ms + 1)
            elif start is not None and duration is not None and duration > 0:
                end = start + duration
                if reach < end <= now_ms:
                    starts.append(start)
                    ends.append(end)
                    finished += end > since and each.is_finished
        starts.sort()
        ends.sort()
        recent, most, ended = 1, 1, 0
        for number, start in enumerate(starts, 1):
            while ends[ended] <= start:
                ended += 1
            if number - ended > most:
                most = number - ended
            if start > since and number - ended > recent:
                recent = number - ended
        at_first = bisect_right(starts, since) - bisect_right(ends, since)
        age = now_ms - first
        return cls(max(recent, at_first), most, min(_WINDOW_MS, age), age, finished)


def _pace_factor(durations: Durations, left: _Left, window: _Window) -> float | None:
    """Return the rate of finishing within the window over slots/mean duration, where they differ by 2× or more."""
    mean = durations.mean_residual_ms(-1, durations.longest_ms)
    if not left.waiting or mean <= 0 or window.run_age_ms < 2 * mean:
        return None
    expected = window.slots * window.length_ms / mean
    if expected < _FEWEST_FOR_PACE:
        return None
    factor = window.finished / expected
    return None if 1 / _PACE_DIFFERS < factor < _PACE_DIFFERS else factor


def _rounded(now_ms: int, low: float, high: float | None) -> tuple[int, int, int | None]:
    """Return the earliest moment, the middle and the latest, rounded; `low` and `high` are ms from now."""
    earliest = max(now_ms, _multiple(now_ms, low, math.floor))
    if high is None:
        return earliest, earliest, None
    latest = max(earliest, _multiple(now_ms, high, math.ceil))
    middle = _multiple(now_ms, (low + high) / 2, round)
    return earliest, min(max(middle, earliest), latest), latest


def _multiple(now_ms: int, distance_ms: float, to_whole: "Callable[[float], int]") -> int:
    """Return the moment that far off, as a multiple of the largest step that is a sixth of it or less."""
    step = next(
        (each for each in _STEPS_MS if each * _STEPS_IN_DISTANCE <= distance_ms), _STEPS_MS[-1]
    )
    return to_whole((now_ms + distance_ms) / step) * step
