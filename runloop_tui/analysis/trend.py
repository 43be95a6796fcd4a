"""Rate and trend of a run: what finished over time, its score over time, the last outcomes.

All of it follows from the times of the scenario runs, so it is there at the first poll and after a restart. What
finished at an unknown moment is in none of these figures.
"""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from runloop_tui.analysis.attempts import Attempt
    from runloop_tui.monitor.counts import Kind

HOUR_MS = 60 * 60_000
TEN_MINUTES_MS = 10 * 60_000
HALF_HOUR_MS = 30 * 60_000

LAST = 20
"""How many of the last outcomes are given."""
_FEWEST_FOR_CHANGE = 20
_MINUTE_MS = 60_000


_LARGEST_SCORE = 1e6
"""The largest score that the models take; sums of larger ones could overflow."""


class Span(NamedTuple):
    """The time axis of a run's charts: from `start_ms` to `end_ms`, Unix ms."""

    start_ms: int
    end_ms: int


@dataclass(frozen=True, slots=True)
class Trend:
    """A run over time. Moments after now count as now."""

    finished: tuple[int, ...]
    """How many finished in each bucket of the span; those before its start are in the first."""
    score: tuple[float | None, ...]
    """The score, errors as 0, of all that finished up to the end of each bucket; None before the first."""
    last: tuple["Kind", ...]
    """The outcomes of the last 20 that finished, the latest last."""
    per_minute: float | None
    """How many finished per minute over the last hour, or since the start; None before the start."""
    per_minute_lately: float | None
    """The same over the last 10 minutes."""
    score_change: float | None
    """The score minus that of 30 minutes ago; None before 20 that count had finished by then."""

    @property
    def last_errors(self) -> int:
        """How many of the last outcomes are errors."""
        return self.last.count("error")


def counted_value(attempt: "Attempt") -> float | None:
    """Return what an attempt adds to the sum of scores; None where that is nothing, or no number to add up."""
    value = attempt.value
    return value if value is not None and abs(value) <= _LARGEST_SCORE else None


def span(attempts: "Iterable[Attempt]", start_ms: int | None, now_ms: int) -> Span | None:
    """Return the time axis of a run: to now while one is active, else to the last end. None where nothing has a time.

    Args:
        attempts: all of the run.
        start_ms: the start of the run; None where it is unknown, for the first start among the attempts.
        now_ms: now, in Unix ms on the server's clock.
    """
    attempts = tuple(attempts)
    if start_ms is None:
        starts = (each.start_ms for each in attempts if each.start_ms is not None)
        start_ms = min(starts, default=None)
    if start_ms is None:
        return None
    if any(each.is_active for each in attempts):
        return Span(start_ms, max(start_ms, now_ms))
    ends = (end for each in attempts if (end := each.end_ms) is not None)
    return Span(start_ms, max(start_ms, min(max(ends, default=now_ms), now_ms)))


def bucket_counts(moments: "Sequence[int]", over: Span, buckets: int) -> tuple[int, ...]:
    """Return how many of the moments, ascending, are in each of `buckets` equal parts of a span.

    Those before it count in the first part and those after it in the last, so that the counts add up. There is at
    least one part.
    """
    parts = max(1, buckets)
    width = max(0, over.end_ms - over.start_ms)
    borders = (over.start_ms - (-part * width // parts) for part in range(1, parts))
    places = [0, *(bisect_left(moments, border) for border in borders), len(moments)]
    return tuple(after - before for before, after in pairwise(places))


def trend(finished: "Sequence[Attempt]", over: Span, now_ms: int, buckets: int) -> Trend:
    """Return the trend of a run.

    Args:
        finished: those that finished, in order of end (`attempts.in_order_of_end`).
        over: the time axis (`span`).
        now_ms: now, in Unix ms on the server's clock.
        buckets: into how many parts the axis is divided: the width of the chart, in cells.
    """
    ends = [min(end, now_ms) for each in finished if (end := each.end_ms) is not None]
    scores = _Scores(finished)
    then = scores.of_first(bisect_right(ends, now_ms - HALF_HOUR_MS), _FEWEST_FOR_CHANGE)
    score = scores.of_first(len(finished))
    counts = bucket_counts(ends, over, buckets)
    return Trend(
        finished=counts,
        score=tuple(scores.of_first(number) for number in accumulate(counts)),
        last=tuple(each.kind for each in finished[-LAST:]),
        per_minute=_per_minute(ends, over.start_ms, now_ms, HOUR_MS),
        per_minute_lately=_per_minute(ends, over.start_ms, now_ms, TEN_MINUTES_MS),
        score_change=None if then is None or score is None else score - then,
    )


class _Scores:
    """The score, errors as 0, of the first so many that finished."""

    def __init__(self, finished: "Sequence[Attempt]") -> None:
        values = [counted_value(each) for each in finished]
        self._judged = [0, *accumulate(value is not None for value in values)]
        self._sums = [0.0, *accumulate(value or 0.0 for value in values)]

    def of_first(self, number: int, fewest: int = 1) -> float | None:
        """Return the score of the first `number`; None where fewer than `fewest` of them count."""
        judged = self._judged[number]
        return self._sums[number] / judged if judged >= fewest else None


def _per_minute(ends: "Sequence[int]", start_ms: int, now_ms: int, window_ms: int) -> float | None:
    """Return how many of the ends, ascending, are in the window before now, per minute."""
    window = min(window_ms, now_ms - start_ms)
    if window <= 0:
        return None
    return (len(ends) - bisect_left(ends, now_ms - window)) * _MINUTE_MS / window
