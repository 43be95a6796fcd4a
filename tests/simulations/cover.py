"""How often the truth lies within a range, by how much of a run is done."""

from collections.abc import Iterable
from dataclasses import dataclass
from statistics import fmean

from runloop_tui.analysis.end import end_of
from runloop_tui.analysis.forecast import forecast
from runloop_tui.analysis.slow import slow_ones
from tests.simulations.simulated_run import World

STAGES = (0.1, 0.25, 0.5, 0.8, 0.95)
"""The shares of a run that are done when it is looked at."""


@dataclass(frozen=True, slots=True)
class Cover:
    """How a range did over many runs at one stage."""

    runs: int
    given: int
    """In so many runs there was a range at all."""
    within: int
    """In so many of those the truth lay within."""
    width: float
    """The mean width, in the unit of the range."""
    low: float
    """The mean of the lower end over the truth."""
    high: float
    """The mean of the upper end over the truth."""

    @property
    def cover(self) -> float:
        return self.within / self.given if self.given else 1.0


@dataclass(frozen=True, slots=True)
class _Seen:
    low: float
    high: float
    truth: float


def _cover(seen: Iterable[_Seen | None]) -> Cover:
    all_ = list(seen)
    given = [each for each in all_ if each is not None]
    return Cover(
        runs=len(all_),
        given=len(given),
        within=sum(each.low - 1e-9 <= each.truth <= each.high + 1e-9 for each in given),
        width=fmean(each.high - each.low for each in given) if given else 0.0,
        low=fmean(each.low / max(1e-9, each.truth) for each in given) if given else 0.0,
        high=fmean(each.high / max(1e-9, each.truth) for each in given) if given else 0.0,
    )


def of_forecast(world: World, done: float, seeds: Iterable[int]) -> Cover:
    """How the forecast of the score did when this share was done."""

    def seen(seed: int) -> _Seen | None:
        run = world.run(seed)
        now = run.when(done)
        found = forecast(run.attempts(now), world.total, now)
        return None if found is None else _Seen(found.low, found.high, run.final_score)

    return _cover(map(seen, seeds))


def of_forecast_hard_last(
    world: World, done: float, seeds: Iterable[int], *, with_baseline: bool
) -> Cover:
    """The same where hard scenarios start last, with or without the scores of the run before."""

    def seen(seed: int) -> _Seen | None:
        run, before = world.with_one_before(seed)
        now = run.when(done)
        baseline = before if with_baseline else None
        found = forecast(run.attempts(now), world.total, now, baseline)
        return None if found is None else _Seen(found.low, found.high, run.final_score)

    return _cover(map(seen, seeds))


def of_end(world: World, done: float, seeds: Iterable[int], limit_ms: int | None) -> Cover:
    """How the range of the end did when this share was done; distances are from that moment.

    Where there is no upper end, the run does not count as one where a range was given.
    """

    def seen(seed: int) -> _Seen | None:
        run = world.run(seed)
        now = run.when(done)
        found = end_of(run.attempts(now), world.total, now, limit_ms)
        if found is None:
            return None
        assert found.low_ms >= now, "an end in the past"
        if found.high_ms is None:
            return None
        return _Seen(found.low_ms - now, found.high_ms - now, run.end_ms - now)

    return _cover(map(seen, seeds))


def false_slow(world: World, seeds: Iterable[int], every: int = 5) -> tuple[int, int]:
    """How many healthy scenarios were ever called slow, of how many; looked at whenever `every` more have ended."""
    flagged = number = 0
    for seed in seeds:
        run = world.run(seed)
        ever: set[str] = set()
        for now in run.ends[::every]:
            ever.update(slow.attempt.id for slow in slow_ones(run.attempts(now), now))
        flagged += len(ever)
        number += world.total
    return flagged, number
