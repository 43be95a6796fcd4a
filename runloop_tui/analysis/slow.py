"""What is slow, and what is stuck: slow and silent.

A fixed multiple of the median is wrong for durations with a long tail: a tenth of all healthy attempts exceed three
times the median. Nothing is remembered: what ends is no longer slow, what writes to its log is no longer stuck.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from runloop_tui.analysis.durations import LONGEST_MS, Durations, known_age_ms

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from runloop_tui.analysis.attempts import Attempt

FEWEST_FINISHED = 10
"""Before so many have finished without an error, nothing is slow by the others' durations."""
LEAST_MS = 10 * 60_000
"""Nothing is slow by durations before this age, and nothing is stuck before this silence."""

TIMES_EARLIER = 2.0
"""What takes this many times its longest earlier duration is slow."""

_DEVIATIONS = 3.5
_MAD_TO_SIGMA = 1.4826
_LEAST_MAD = 0.25

Evidence = Literal["earlier", "others", "limit"]
"""What shows that an attempt is slow: its own earlier durations, those of the others on this run, or the time limit."""


@dataclass(frozen=True, slots=True)
class Slow:
    """An active attempt that takes too long."""

    attempt: "Attempt"
    age_ms: int
    evidence: Evidence
    against_ms: int
    """What the age is held against: the longest earlier duration of its scenario, the median of the others on this
    run, or the time limit; by `evidence`."""

    @property
    def factor(self) -> float:
        """How many times `against_ms` it has taken."""
        return self.age_ms / max(1, self.against_ms)


@dataclass(frozen=True, slots=True)
class Stuck:
    """A slow attempt that is silent: its devbox log has no line for longer than healthy ones are silent."""

    slow: Slow
    silence_ms: int
    """How long ago it last wrote, or its age if that is less."""
    others_ms: int | None
    """The longest silence of the others; None where it is unknown."""

    @property
    def attempt(self) -> "Attempt":
        """The attempt that is stuck."""
        return self.slow.attempt


def slow_ones(
    attempts: "Sequence[Attempt]",
    now_ms: int,
    *,
    earlier_ms: Mapping[str, float | None] | None = None,
    limit_ms: float | None = None,
) -> tuple[Slow, ...]:
    """Return the active attempts that are slow, the highest factor first.

    `earlier_ms` is the longest duration of each scenario (by its id) in earlier runs of the benchmark; `limit_ms` the
    known time limit. An attempt is slow when it is over the limit; when it has taken twice its longest earlier
    duration; or, where that is unknown, when ln(age) exceeds the median of ln(duration) by 3.5 standard deviations, by
    the median absolute deviation of the Kaplan-Meier estimate (at least 0.25). The last assumes durations that are
    near to log-normal. Errors are censored, so that a burst of quick ones makes nothing slow.

    Nothing is slow before 10 minutes, by the others before 10 of them have finished without an error, or while the
    median lies beyond what has finished; an unknown start is never slow.
    """
    earlier = earlier_ms or {}
    limit = _usable(limit_ms)
    usual = _Usual.of(attempts, now_ms)
    found = []
    for each in attempts:
        age = known_age_ms(each, now_ms)
        if age is None:
            continue
        own = _usable(earlier.get(each.scenario_id))
        if limit is not None and age > limit:
            found.append(Slow(each, age, "limit", limit))
        elif age < LEAST_MS:
            continue
        elif own is not None:
            if age > TIMES_EARLIER * own:
                found.append(Slow(each, age, "earlier", own))
        elif usual is not None and age > usual.bound_ms:
            found.append(Slow(each, age, "others", usual.median_ms))
    return tuple(sorted(found, key=lambda slow: (-slow.factor, -slow.age_ms, slow.attempt.id)))


def stuck_ones(
    slow: "Iterable[Slow]", silence_ms: Mapping[str, float | None], others_ms: float | None = None
) -> tuple[Stuck, ...]:
    """Return those of the slow ones that are silent, the longest silence first.

    `silence_ms` says of each attempt (by its id) how long ago its devbox log had its last line; one that is not in it
    is never stuck. `others_ms` is the longest silence after which another attempt wrote again or finished. Stuck is
    what is silent for longer than that, and than 10 minutes. Assumes that a healthy one writes at least that often.
    """
    others = _usable(others_ms)
    found = []
    for each in slow:
        silence = _usable(silence_ms.get(each.attempt.id))
        if silence is not None and min(silence, each.age_ms) > max(LEAST_MS, others or 0):
            found.append(Stuck(each, min(silence, each.age_ms), others))
    return tuple(sorted(found, key=lambda stuck: (-stuck.silence_ms, stuck.attempt.id)))


@dataclass(frozen=True, slots=True)
class _Usual:
    """The durations of the others on this run."""

    median_ms: int
    bound_ms: float
    """What takes longer is slow."""

    @classmethod
    def of(cls, attempts: "Sequence[Attempt]", now_ms: int) -> "_Usual | None":
        """Return None where too few have finished, or the median or the deviation lies in the tail."""
        durations = Durations.until_score(attempts, now_ms)
        median = durations.quantile_ms(0.5)
        if len(durations.events) < FEWEST_FINISHED or median is None:
            return None
        mad = durations.log_mad(median)
        if mad is None:
            return None
        sigma = _MAD_TO_SIGMA * max(_LEAST_MAD, mad)
        return cls(median, max(1, median) * math.exp(min(50.0, _DEVIATIONS * sigma)))


def _usable(duration_ms: float | None) -> int | None:
    """Return a duration from outside in whole ms; None unless it is positive, and a year at most."""
    if duration_ms is None or not 0 < duration_ms <= LONGEST_MS:
        return None
    return math.ceil(duration_ms)
