"""A simulated run: scenarios in random order over a number of slots, with log-normal durations up to a limit."""

import heapq
import math
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING, Literal

from runloop_tui.analysis.attempts import Attempt

if TYPE_CHECKING:
    from runloop_tui.monitor.counts import Kind

MINUTE_MS = 60_000
HOUR_MS = 60 * MINUTE_MS
START_MS = 1_760_000_000_000
LIMIT_MS = 2 * HOUR_MS
MEDIAN_MS = 15 * MINUTE_MS
SIGMA = 0.9
_LINK_POINTS = 0.35

Link = Literal["none", "fast pass", "fast fail"]
"""How the chance to pass depends on the duration: not, or by ±35 points from the fastest to the slowest."""


@dataclass(frozen=True, slots=True)
class Planned:
    """A scenario of a simulated run, as it will be."""

    scenario_id: str
    start_ms: int
    duration_ms: int
    score: float | None
    """None for an error."""

    @property
    def end_ms(self) -> int:
        return self.start_ms + self.duration_ms

    def seen_at(self, now_ms: int) -> Attempt:
        """The attempt as the server tells it at this moment."""
        ended = self.end_ms <= now_ms
        kind: Kind = "running"
        if ended:
            kind = "error" if self.score is None else "passed" if self.score >= 1 else "zero"
        return Attempt(
            id=f"scr_{self.scenario_id}",
            scenario_id=self.scenario_id,
            name=self.scenario_id,
            kind=kind,
            start_ms=self.start_ms,
            duration_ms=self.duration_ms if ended else None,
            score=self.score if ended else None,
        )


@dataclass(frozen=True, slots=True)
class SimulatedRun:
    """A run of which everything is known beforehand."""

    scenarios: tuple[Planned, ...]
    """In the order in which they start."""
    ends: tuple[int, ...]
    """When they end, ascending."""

    @property
    def end_ms(self) -> int:
        return self.ends[-1]

    @property
    def final_score(self) -> float:
        return sum(each.score or 0 for each in self.scenarios) / len(self.scenarios)

    def when(self, done: float) -> int:
        """The moment at which this share of all has finished."""
        return self.ends[max(0, math.ceil(done * len(self.ends)) - 1)]

    def attempts(self, now_ms: int) -> list[Attempt]:
        """What has started at this moment."""
        return [each.seen_at(now_ms) for each in self.scenarios if each.start_ms <= now_ms]


@dataclass(frozen=True, slots=True)
class World:
    """What the simulated runs have in common."""

    total: int = 500
    slots: int = 50
    link: Link = "none"
    sigma: float = SIGMA
    limit_ms: int | None = LIMIT_MS
    """A scenario that reaches it is cut off, and scores 0; None where there is no limit."""
    errors: float = 0.0
    """The share that ends in an error, at some point of its duration."""
    dead: int = 0
    """How many of the first hundred never end."""

    def run(self, seed: int) -> SimulatedRun:
        """A run of this world: the same for the same seed."""
        random = Random(seed)
        logs = [random.gauss(math.log(MEDIAN_MS), self.sigma) for _ in range(self.total)]
        ranks = _ranks(logs)
        dead = set(random.sample(range(100), self.dead)) if self.dead else set()
        free = [START_MS] * self.slots
        scenarios = []
        for number, log in enumerate(logs):
            duration, score = self._ended(random, math.exp(log), ranks[number])
            if number in dead:
                duration = 100 * HOUR_MS
            start = heapq.heappop(free)
            scenarios.append(Planned(f"scn_{number}", start, duration, score))
            heapq.heappush(free, start + duration)
        return SimulatedRun(tuple(scenarios), tuple(sorted(each.end_ms for each in scenarios)))

    def _ended(self, random: Random, duration: float, rank: float) -> tuple[int, float | None]:
        cut_off = self.limit_ms is not None and duration >= self.limit_ms
        duration = duration if self.limit_ms is None else min(duration, self.limit_ms)
        if random.random() < self.errors:
            return int(duration * random.random()), None
        return int(duration), float(random.random() < self.chance(rank) and not cut_off)

    def chance(self, rank: float) -> float:
        """The chance to pass of the scenario with this rank, 0 for the fastest to 1 for the slowest."""
        slope = {"none": 0.0, "fast pass": -2.0, "fast fail": 2.0}[self.link]
        return 0.5 + slope * _LINK_POINTS * (rank - 0.5)

    def with_one_before(self, seed: int) -> tuple[SimulatedRun, dict[str, float]]:
        """A run whose scenarios differ in how hard they are, hard ones last, and the scores of one before it.

        Both have the same chances to pass, but that this one is better by 5 points.
        """
        random = Random(seed)
        run = self.run(seed)
        before = {}
        scenarios = []
        for number, each in enumerate(run.scenarios):
            ease = 0.9 - 0.8 * number / self.total
            before[each.scenario_id] = float(random.random() < ease)
            score = float(random.random() < ease + 0.05)
            scenarios.append(Planned(each.scenario_id, each.start_ms, each.duration_ms, score))
        return SimulatedRun(tuple(scenarios), run.ends), before


def _ranks(values: list[float]) -> list[float]:
    order = sorted(range(len(values)), key=values.__getitem__)
    ranks = [0.0] * len(values)
    for rank, number in enumerate(order):
        ranks[number] = rank / max(1, len(values) - 1)
    return ranks
