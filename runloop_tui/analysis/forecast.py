"""The final score of a run while it is unfinished: a range.

The mean of what has finished misleads, for what finishes first is fast: with a quarter done it is off by 7 points where
fast ones pass more often. Two ranges allow for that: one by inverse probability of censoring weights (Robins and
Rotnitzky 1992; the weights are those of the Kaplan-Meier estimate, Satten and Datta 2001), with the unknown tail left
open; one by the difference to an earlier run of the benchmark, as a control variate.
"""

import math
from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from operator import itemgetter, mul
from typing import TYPE_CHECKING

from runloop_tui.analysis.durations import LONGEST_MS, Durations, known_age_ms, suffix_sums

if TYPE_CHECKING:
    from collections.abc import Sequence

    from runloop_tui.analysis.attempts import Attempt

FEWEST_FINISHED = 5
"""Before so many have a score or an error, nothing is said."""
FEWEST_PAIRS = 20
"""With fewer scenarios that have finished in both runs, the earlier run is not used."""

_Z = 1.96
_LEAST_VARIANCE = 0.05
_FEWEST_LEFT = 5
_FEWEST_WITH_BASELINE = 0.8


@dataclass(frozen=True, slots=True)
class Forecast:
    """Where the score of a run will end, errors counted as 0; scores from 0 to 1."""

    low: float
    high: float
    """The final score lies from `low` to `high` in about 95 of 100 runs."""
    least: float
    most: float
    """The certain bounds: all that is left scoring 0, or 1."""
    pairs: int | None = None
    """With how many scenarios of the earlier run it was compared; None where the range does without one."""


def forecast(
    attempts: "Sequence[Attempt]",
    total: int | None,
    now_ms: int,
    baseline: Mapping[str, float | None] | None = None,
) -> Forecast | None:
    """Return where the score of a live run will end.

    `total` is the number of its scenarios; `baseline` the score of each scenario (by its id, errors as 0) in an
    earlier run of the benchmark. Attempts count as they do in `Tally.score`: errors as 0; what was canceled, or
    finished without a score, for nothing.

    Without a baseline it assumes that the order of the starts does not depend on how hard a scenario is. With one it
    does not: it assumes that the mean difference to the earlier run is that of the finished pairs. The baseline is used
    where 20 pairs have finished and it has a score for most of what is left.

    None where the total is unknown, nothing is left, fewer than 5 have a score or an error, or a score lies outside of
    0 to 1: then there are no certain bounds.
    """
    so_far = _SoFar.of(attempts, total, now_ms)
    if so_far is None or len(so_far.finished) < FEWEST_FINISHED:
        return None
    done, left = so_far.score_sum, so_far.left
    compared = _by_baseline(so_far, baseline) if baseline else None
    low, high, pairs = compared or (*_by_weights(so_far), None)
    number = len(so_far.finished) + left
    return Forecast(
        low=(done + min(max(low, 0.0), left)) / number,
        high=(done + min(max(high, 0.0), left)) / number,
        least=done / number,
        most=(done + left) / number,
        pairs=pairs,
    )


@dataclass(frozen=True, slots=True)
class _SoFar:
    """What has a value, and what is left."""

    finished: "tuple[tuple[float, Attempt], ...]"
    """(value, attempt) of those with a score or an error."""
    score_sum: float
    cut_off: tuple[int, ...]
    """The durations, in ms, of what counts for nothing."""
    active: "tuple[tuple[int | None, Attempt], ...]"
    """(age in ms, attempt) of those that run."""
    waiting: int
    """How many have not started, or are in an unknown state."""
    started: "Sequence[Attempt]"
    """All that started."""

    @property
    def left(self) -> int:
        """How many have yet to finish."""
        return len(self.active) + self.waiting

    @classmethod
    def of(cls, attempts: "Sequence[Attempt]", total: int | None, now_ms: int) -> "_SoFar | None":
        """Return None where the total is unknown, nothing is left, or a score lies outside of 0 to 1."""
        if total is None:
            return None
        finished, active, cut_off, unknown = [], [], [], 0
        for each in attempts:
            value = each.value
            if value is not None:
                if not 0 <= value <= 1:
                    return None
                finished.append((value, each))
            elif each.is_active:
                active.append((known_age_ms(each, now_ms), each))
            elif each.kind == "other":
                unknown += 1
            elif each.duration_ms is not None:
                cut_off.append(each.duration_ms)
        waiting = unknown + max(0, total - len(attempts))
        if not active and not waiting:
            return None
        return cls(
            tuple(finished),
            math.fsum(value for value, _ in finished),
            tuple(cut_off),
            tuple(active),
            waiting,
            attempts,
        )


def _by_weights(so_far: _SoFar) -> tuple[float, float]:
    """Return what those that are left will add to the sum of scores, at least and at most, by censoring weights."""
    timed = [
        (duration, value)
        for value, each in so_far.finished
        if (duration := each.duration_ms) is not None and 0 <= duration <= LONGEST_MS
    ]
    timed.sort(key=itemgetter(0))
    ages = [age for age, _ in so_far.active if age is not None]
    durations = Durations([duration for duration, _ in timed], [*ages, *so_far.cut_off])
    if not timed or so_far.left < _FEWEST_LEFT:
        return 0.0, float(so_far.left)
    shares, tail = durations.mass, durations.tail
    beyond = suffix_sums(list(map(mul, shares, (value for _, value in timed))))
    beyond_share = suffix_sums(shares)
    squares = suffix_sums(list(map(mul, shares, shares)))
    low = high = 0.0
    groups = Counter(
        0 if age is None else bisect_right(durations.events, age) for age, _ in so_far.active
    )
    groups[0] += so_far.waiting
    for first, times in groups.items():
        survival = beyond_share[first] + tail
        if squares[first] <= 0:
            high += times
            continue
        least, most = beyond[first] / survival, min(1.0, (beyond[first] + tail) / survival)
        number = beyond_share[first] ** 2 / squares[first]
        low += times * (least - _half_width(least, number, so_far.left))
        high += times * (most + _half_width(most, number, so_far.left))
    return low, high


def _half_width(rate: float, number: float, left: int) -> float:
    """Return half the width of the range of a rate that was seen in `number` and is forecast for `left`.

    Its variance is that of the rate drawn towards a half by 4 more (Agresti and Coull 1998): 3 of 3 is no certainty.
    """
    drawn = (rate * number + 2) / (number + 4)
    return _Z * math.sqrt(drawn * (1 - drawn) * (1 / left + 1 / number))


def _by_baseline(
    so_far: _SoFar, baseline: Mapping[str, float | None]
) -> tuple[float, float, int] | None:
    """Return the same by the difference to an earlier run, and the number of pairs; None where it does not fit."""
    before = {k: score for k, score in baseline.items() if score is not None and 0 <= score <= 1}
    started = {each.scenario_id for each in so_far.started}
    unseen = [score for key, score in before.items() if key not in started]
    differences = [
        value - before[each.scenario_id]
        for value, each in so_far.finished
        if each.scenario_id in before
    ]
    known = [before[a.scenario_id] for _, a in so_far.active if a.scenario_id in before] + unseen
    left, pairs = so_far.left, len(differences)
    if (
        pairs < max(FEWEST_PAIRS, _FEWEST_WITH_BASELINE * len(so_far.finished))
        or not _FEWEST_WITH_BASELINE * left <= len(known) <= left
    ):
        return None
    mean = math.fsum(differences) / pairs
    variance = max(
        _LEAST_VARIANCE, math.fsum((each - mean) ** 2 for each in differences) / (pairs - 1)
    )
    error = _Z * len(known) * math.sqrt(variance * (1 / len(known) + 1 / pairs))
    middle = math.fsum(known) + len(known) * mean
    return middle - error, middle + error + (left - len(known)), pairs
