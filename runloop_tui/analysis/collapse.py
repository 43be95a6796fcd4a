"""Episodes in which nearly everything ends in an error, and standstills in which nothing ends at all.

Only errors of the harness and the sandbox count, never wrong answers. The alarm reads the last 20 that finished and
not the share over the whole run, which a late collapse hardly moves.
"""

import math
from collections import deque
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from runloop_tui.analysis.attempts import Attempt

WINDOW = 20
"""How many of the last that finished the alarm reads."""
ERRORS_IN_WINDOW = 10
"""So many errors among them raise the alarm."""
ERRORS_IN_A_ROW = 5
"""So many errors one after the other raise it as well."""
GOOD_IN_A_ROW = 10
"""So many without an error, one after the other, clear it."""
ERRORS_WHEN_CLEAR = 2
"""At most so many errors in a full window clear it as well."""

_USUAL, _COLLAPSED = 0.05, 0.5
_ON_ERROR = math.log(_COLLAPSED / _USUAL)
_ON_GOOD = math.log((1 - _COLLAPSED) / (1 - _USUAL))

_GAP_FACTOR = 3
_FEWEST_FOR_GAP = 10
_STANDSTILL_AT_LEAST_MS = 10 * 60_000


@dataclass(frozen=True, slots=True)
class Collapse:
    """An episode of errors. All moments are ends of scenario runs, in Unix ms."""

    start_ms: int
    """The end of its first error: since the CUSUM was last 0, the one that began it most likely."""
    alarm_ms: int
    """The moment at which the alarm was raised; never before `start_ms`."""
    end_ms: int | None
    """The end of the first one of the 10 good in a row, or of the window, that cleared it; None while it lasts."""
    cleared_ms: int | None
    """The moment at which it was cleared: the last of those; None while it lasts."""
    finished: int
    """How many finished from the first error to the one before `end_ms`, or until now."""
    error_ids: tuple[str, ...]
    """The ids of those of them that ended in an error, in order of end."""
    finished_before: int
    """How many finished before `start_ms`, over the life of the run."""
    errors_before: int
    """How many of those ended in an error."""

    @property
    def errors(self) -> int:
        """How many ended in an error during the episode."""
        return len(self.error_ids)

    @property
    def share_before(self) -> float | None:
        """The share of errors before the episode, from 0 to 1; None where nothing had finished."""
        return self.errors_before / self.finished_before if self.finished_before else None


@dataclass(frozen=True, slots=True)
class Standstill:
    """Nothing finishes, although scenario runs are active."""

    since_ms: int
    """The last moment (Unix ms) at which one finished."""
    longest_gap_ms: int
    """The longest time between two that finished one after the other, so far."""


def collapses(finished: "Sequence[Attempt]") -> list[Collapse]:
    """Return the episodes over the life of a run, the earliest first; only the last one may still last.

    An alarm is raised by 5 errors in a row, or 10 among the last 20, and cleared by 10 good in a row, or at most 2
    errors among the last 20. False alarms per 500 finished: 0.000 at 5 % errors, 0.005 at 10 %, 0.06 at 15 %. Assumes
    that errors are scattered independently of each other while all is well: where scenarios of one repository fail
    together and finish together, that raises it too. Silent before 5 have finished.

    The start is within 4 that finished of the true one in 99 % of outages in which all fail, at 5 % errors before, and
    in 86 % where half fail.

    Args:
        finished: those that finished, in order of end (`attempts.in_order_of_end`).
    """
    timed = [(end, each) for each in finished if (end := each.end_ms) is not None]
    are_errors = [each.kind == "error" for _, each in timed]
    errors_before = [0, *accumulate(are_errors)]
    found: list[Collapse] = []
    for start, alarm, end, cleared in _episodes(are_errors):
        episode = timed[start:end]
        found.append(
            Collapse(
                start_ms=timed[start][0],
                alarm_ms=timed[alarm][0],
                end_ms=None if end is None else timed[end][0],
                cleared_ms=None if cleared is None else timed[cleared][0],
                finished=len(episode),
                error_ids=tuple(each.id for _, each in episode if each.kind == "error"),
                finished_before=start,
                errors_before=errors_before[start],
            )
        )
    return found


def current_collapse(episodes: "Sequence[Collapse]") -> Collapse | None:
    """Return the episode that still lasts; None where none does."""
    return episodes[-1] if episodes and episodes[-1].cleared_ms is None else None


def standstill(
    attempts: "Iterable[Attempt]", finished: "Sequence[Attempt]", slots: int, now_ms: int
) -> Standstill | None:
    """Return since when nothing has finished; None where that is nothing unusual.

    It is unusual after more than 3 times the longest gap so far, the one before the first end included, and more than
    10 minutes, while at least half of the slots are active. Silent before 10 have finished. Assumes that scenario runs
    take turns: where all start at once the last few, which are long, are fewer than half of the slots.

    Args:
        attempts: all of the run.
        finished: of these, those that finished, in order of end (`attempts.in_order_of_end`).
        slots: how many run at once when the run is at its fullest.
        now_ms: now, in Unix ms on the server's clock.
    """
    starts: list[int] = []
    active = 0
    for each in attempts:
        active += each.is_active
        if each.start_ms is not None:
            starts.append(each.start_ms)
    ends = [end for each in finished if (end := each.end_ms) is not None and end <= now_ms]
    if len(ends) < _FEWEST_FOR_GAP or not active or 2 * active < slots:
        return None
    moments = [min(starts, default=ends[0]), *ends]
    longest = max(later - earlier for earlier, later in pairwise(moments))
    if now_ms - ends[-1] <= max(_GAP_FACTOR * longest, _STANDSTILL_AT_LEAST_MS):
        return None
    return Standstill(ends[-1], longest)


class _Numbers(NamedTuple):
    """An episode by the numbers of those that finished, which count from 0."""

    start: int
    alarm: int
    end: int | None = None
    cleared: int | None = None


def _episodes(are_errors: "Sequence[bool]") -> "Iterator[_Numbers]":
    window: deque[bool] = deque(maxlen=WINDOW)
    cusum, start, in_a_row = 0.0, 0, 0
    lasting: _Numbers | None = None
    for number, is_error in enumerate(are_errors):
        in_a_row = in_a_row + 1 if window and window[-1] == is_error else 1
        window.append(is_error)
        if lasting is None:
            if cusum <= 0:
                start = number
            cusum = max(0.0, cusum + (_ON_ERROR if is_error else _ON_GOOD))
            if _is_alarm(window, in_a_row):
                lasting = _Numbers(_onset(are_errors, start, number), number)
        elif since := _good_since(window, in_a_row):
            first = max(number + 1 - since, lasting.alarm + 1)
            yield lasting._replace(end=first, cleared=number)
            lasting, cusum = None, 0.0
            window.clear()
    if lasting is not None:
        yield lasting


def _onset(are_errors: "Sequence[bool]", start: int, alarm: int) -> int:
    """Return which error since the CUSUM was last 0 most likely began the episode.

    The one from which on the errors are most unlike usual ones, by the likelihood ratio at their own share: a scattered
    error just before an outage would else date it back.
    """
    onset, highest, errors = start, -math.inf, 0
    for number in range(alarm, start - 1, -1):
        if not are_errors[number]:
            continue
        errors += 1
        finished = alarm + 1 - number
        share = min(errors / finished, 1 - _USUAL)
        ratio = errors * math.log(share / _USUAL)
        ratio += (finished - errors) * math.log((1 - share) / (1 - _USUAL))
        if ratio > highest:
            onset, highest = number, ratio
    return onset


def _is_alarm(window: "deque[bool]", in_a_row: int) -> bool:
    if not window[-1]:
        return False
    return in_a_row >= ERRORS_IN_A_ROW or sum(window) >= ERRORS_IN_WINDOW


def _good_since(window: "deque[bool]", in_a_row: int) -> int:
    """Return how many, up to the last that finished, clear the alarm; 0 where it lasts."""
    if not window[-1] and in_a_row >= GOOD_IN_A_ROW:
        return in_a_row
    return WINDOW if len(window) == WINDOW and sum(window) <= ERRORS_WHEN_CLEAR else 0
