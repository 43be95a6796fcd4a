"""The distribution of durations while some still run: the Kaplan-Meier estimate.

What is active has lasted its age so far, and will last longer: it is censored at its age. To leave it out would take
the fast ones, which finish first, for all. The estimate assumes that a duration does not depend on when it started.
"""

import math
from bisect import bisect_left, bisect_right
from itertools import accumulate
from operator import mul
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from runloop_tui.analysis.attempts import Attempt

LONGEST_MS = 366 * 24 * 3_600_000
"""A longer duration or age comes of a wrong start time, and counts as unknown."""

_ROUNDING = 1e-9
"""The error of sums of floats up to which two shares are equal."""


class Durations:
    """The Kaplan-Meier estimate over finished durations and censored ones, in ms.

    One sort, then prefix sums: each question after that costs one bisection.
    """

    __slots__ = ("_beyond", "_beyond_ms", "events", "longest_ms", "mass", "tail")

    events: "Sequence[int]"
    """The finished durations, ascending."""
    mass: "Sequence[float]"
    """For each of `events`, the share of all durations that it stands for: with `tail` they add up to 1."""
    tail: float
    """The share that lasts longer than all that has finished: 0 to 1; 1 where nothing has finished."""
    longest_ms: int
    """The longest duration or age seen; 0 where there is none."""

    def __init__(self, finished: "Iterable[int]", censored: "Iterable[int]" = ()) -> None:
        self.events = sorted(each for each in finished if 0 <= each <= LONGEST_MS)
        ages = sorted(each for each in censored if 0 <= each <= LONGEST_MS)
        self.longest_ms = max(self.events[-1:] + ages[-1:], default=0)
        ages.append(LONGEST_MS + 1)
        at_risk, gone, survival = len(self.events) + len(ages) - 1, 0, 1.0
        mass = []
        for duration in self.events:
            while ages[gone] < duration:
                gone += 1
            share = survival / (at_risk - gone)
            mass.append(share)
            survival -= share
            at_risk -= 1
        self.mass = mass
        self.tail = survival if survival > _ROUNDING else 0.0
        self._beyond = suffix_sums(mass)
        self._beyond_ms = suffix_sums(list(map(mul, mass, self.events)))

    @classmethod
    def until_end(cls, attempts: "Iterable[Attempt]", now_ms: int) -> "Durations":
        """Return the durations until an attempt ends, in whatever way: what is active or canceled is censored."""
        return cls._of(attempts, now_ms, errors_are_events=True)

    @classmethod
    def until_score(cls, attempts: "Iterable[Attempt]", now_ms: int) -> "Durations":
        """Return the durations until an attempt is done without an error: errors are censored too.

        A burst of errors within seconds would otherwise make all others look slow.
        """
        return cls._of(attempts, now_ms, errors_are_events=False)

    @classmethod
    def _of(
        cls, attempts: "Iterable[Attempt]", now_ms: int, *, errors_are_events: bool
    ) -> "Durations":
        finished: list[int] = []
        censored: list[int] = []
        for each in attempts:
            time = each.duration_ms
            if each.is_finished and (errors_are_events or each.kind != "error"):
                if time is not None:
                    finished.append(time)
                continue
            if each.is_active:
                time = each.age_ms(now_ms)
            if time is not None:
                censored.append(time)
        return cls(finished, censored)

    def survival(self, age_ms: float) -> float:
        """Return the share that lasts longer than `age_ms`, 0 to 1. Beyond what has finished it is the tail."""
        return self._beyond[bisect_right(self.events, age_ms)] + self.tail

    def quantile_ms(self, share: float) -> int | None:
        """Return the duration that `share` (0 to 1) of all do not exceed; None where it lies in the tail."""
        at = bisect_left([*accumulate(self.mass)], share - _ROUNDING)
        return self.events[at] if at < len(self.events) else None

    def log_mad(self, median_ms: int) -> float | None:
        """Return the median absolute deviation of ln(duration) from ln(`median_ms`); None where it lies in the tail.

        What lies in the tail deviates by more than all that has finished.
        """
        events, mass, median = self.events, self.mass, max(1, median_ms)
        above = bisect_right(events, median)
        below = above - 1
        within = 0.0
        while below >= 0 or above < len(events):
            is_below = above >= len(events) or (
                below >= 0 and max(1, events[below]) * events[above] >= median * median
            )
            nearest = below if is_below else above
            within += mass[nearest]
            if within >= 0.5 - _ROUNDING:
                return abs(math.log(max(1, events[nearest]) / median))
            if is_below:
                below -= 1
            else:
                above += 1
        return None

    def mean_residual_ms(self, age_ms: float, tail_at_ms: float) -> float:
        """Return how much longer one of this age lasts on average, in ms.

        The tail is taken to end at `tail_at_ms`; 0 for an age that nothing is known to exceed.
        """
        first = bisect_right(self.events, age_ms)
        share = self._beyond[first] + self.tail
        if share <= 0:
            return 0.0
        total = self._beyond_ms[first] + self.tail * max(age_ms, tail_at_ms)
        return max(0.0, total / share - age_ms)

    def variance_ms2(self, tail_at_ms: float) -> float:
        """Return the variance of a duration in ms², the tail taken to end at `tail_at_ms`."""
        mean = self._beyond_ms[0] + self.tail * tail_at_ms
        squares = math.fsum(m * t * t for m, t in zip(self.mass, self.events, strict=True))
        return max(0.0, squares + self.tail * tail_at_ms * tail_at_ms - mean * mean)


def is_known(duration_ms: int | None) -> bool:
    """Return whether this can be a duration: neither missing, negative, nor longer than `LONGEST_MS`."""
    return duration_ms is not None and 0 <= duration_ms <= LONGEST_MS


def known_age_ms(attempt: "Attempt", now_ms: int) -> int | None:
    """Return the age of an active attempt in ms; None where it is not active, or its start unknown or absurd."""
    age = attempt.age_ms(now_ms)
    return age if is_known(age) else None


def suffix_sums(values: "Sequence[float]") -> "list[float]":
    """Return for each index the sum of the values from it on; one more for the sum of none."""
    return [*accumulate(reversed(values), initial=0.0)][::-1]
