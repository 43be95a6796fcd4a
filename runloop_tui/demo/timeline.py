"""The timeline of each scenario run: when it starts, is scored, and ends.

The timelines of a run are generated in steps of about the same length, one event per step: a
scenario starts, its scoring starts, its score is known, it ends. So a live run has events without
long gaps, while each of its many concurrent scenarios takes minutes.
"""

import heapq
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import Literal

from runloop_tui.demo.names import seeded_random
from runloop_tui.demo.plans import OutcomeMix, RunPlan

End = Literal["completed", "failed", "timeout", "canceled"]

EVENTS_PER_SCENARIO = 4
"""Start, scoring, scored, completed."""

STEADY = 0.7
"""The share of scenarios that end as in the run which theirs resembles; the others may do so by chance."""
REFUSED = 0.94
"""The share of scenarios ending in an outage that fail."""

_PARTIAL_SCORES = (0.2, 0.25, 0.33, 0.4, 0.5, 0.5, 0.6, 0.67, 0.75, 0.8, 0.9)


@dataclass(frozen=True, slots=True)
class Timeline:
    """The events of one scenario run. All times are Unix ms.

    Attributes:
        position: Its place in the order of starts, from 0.
        scenario: The index of its scenario in the benchmark.
        started_ms: When it starts running.
        scoring_ms: When its scoring starts; None if it is never scored.
        scored_ms: When its score is known; None if it is never scored.
        ended_ms: When it becomes terminal.
        end: Its terminal state.
        score: From 0.0 to 1.0; None if it is never scored.
    """

    position: int
    scenario: int
    started_ms: int
    scoring_ms: int | None
    scored_ms: int | None
    ended_ms: int
    end: End
    score: float | None

    @property
    def worked_until_ms(self) -> int:
        """When its scoring starts, or when it ends if it is never scored."""
        return self.ended_ms if self.scoring_ms is None else self.scoring_ms

    def state_at(self, moment_ms: int) -> str:
        """Return its state, a value of the API's ScenarioRunState."""
        if moment_ms >= self.ended_ms:
            return self.end
        if self.scored_ms is not None and moment_ms >= self.scored_ms:
            return "scored"
        if self.scoring_ms is not None and moment_ms >= self.scoring_ms:
            return "scoring"
        return "running"

    def score_at(self, moment_ms: int) -> float | None:
        """Return its score if it is known at that time, else None."""
        if self.scored_ms is None or moment_ms < self.scored_ms:
            return None
        return self.score

    def moved(self, origin_ms: int, pace: float) -> "Timeline":
        """Return the timeline shifted by `origin_ms`, with all times divided by `pace`."""

        def move(time_ms: int) -> int:
            return origin_ms + round(time_ms / pace)

        return Timeline(
            position=self.position,
            scenario=self.scenario,
            started_ms=move(self.started_ms),
            scoring_ms=None if self.scoring_ms is None else move(self.scoring_ms),
            scored_ms=None if self.scored_ms is None else move(self.scored_ms),
            ended_ms=move(self.ended_ms),
            end=self.end,
            score=self.score,
        )

    def ended_early(self, moment_ms: int, end: End) -> "Timeline":
        """Return the timeline cut off at this time; earlier events stay."""
        is_scored = self.scored_ms is not None and self.scored_ms <= moment_ms
        is_scoring = self.scoring_ms is not None and self.scoring_ms <= moment_ms
        return replace(
            self,
            scoring_ms=self.scoring_ms if is_scoring else None,
            scored_ms=self.scored_ms if is_scored else None,
            score=self.score if is_scored else None,
            ended_ms=moment_ms,
            end=end,
        )

    def scored_by_hand(self, moment_ms: int, step_ms: int) -> "Timeline":
        """Return the timeline with scoring started now, the score after one step and the end after two.

        A scenario run that would never have been scored gets the score 0.
        """
        return replace(
            self,
            scoring_ms=moment_ms,
            scored_ms=moment_ms + step_ms,
            ended_ms=moment_ms + 2 * step_ms,
            end="completed",
            score=self.score or 0.0,
        )


def step_ms(plan: RunPlan) -> float:
    """Return the average time between two events of the run, in ms."""
    return plan.typical_ms / plan.concurrency / EVENTS_PER_SCENARIO


def planned_timelines(plan: RunPlan, seed: int, key: str) -> list[Timeline]:
    """Return the timelines of all scenario runs of a plan in the order of their starts, from 0 ms."""
    chance = seeded_random("schedule", seed, key)
    order = list(range(len(plan.scenario_names)))
    chance.shuffle(order)
    timelines = _generated(plan, order, chance, _usual(plan, seed))
    timelines.sort(key=lambda timeline: timeline.position)
    if plan.cut_off_ms is None:
        return timelines
    return cut_off(timelines, plan.cut_off_ms, "failed" if plan.fate == "failed" else "canceled")


def _usual(plan: RunPlan, seed: int) -> dict[int, Timeline]:
    """Return scenario → its timeline in the run that the plan's resembles; empty if it resembles none."""
    if plan.resembles is None:
        return {}
    other = replace(plan, resembles=None, outage=None, hung=(), slow=(), cut_off_ms=None)
    planned = planned_timelines(other, seed, f"run {plan.resembles}")
    return {timeline.scenario: timeline for timeline in planned}


def cut_off(timelines: Sequence[Timeline], moment_ms: int, end: End) -> list[Timeline]:
    """Return the timelines of a run that ends at `moment_ms`: unscored ones get this end, later ones are dropped."""
    kept = []
    for timeline in timelines:
        if timeline.started_ms > moment_ms:
            break
        if timeline.ended_ms > moment_ms:
            is_scored = timeline.state_at(moment_ms) == "scored"
            kept.append(timeline.ended_early(moment_ms, "completed" if is_scored else end))
        else:
            kept.append(timeline)
    return kept


def _generated(
    plan: RunPlan, order: list[int], chance: Random, usual: Mapping[int, Timeline]
) -> list[Timeline]:
    """Return the timelines of the scenarios in `order`, at most `plan.concurrency` at once."""
    step_takes = step_ms(plan)
    lasting = {*plan.hung, *plan.slow}
    outage_begins, outage_ends = plan.outage or (0, 0)
    ends = [_draw_end(plan.mix, chance) for _ in order]
    alike: dict[int, Timeline] = {}  # position → how its scenario usually goes
    for position, scenario in enumerate(order if usual else ()):
        if chance.random() < STEADY:
            alike[position] = usual[scenario]
            ends[position] = usual[scenario].end, usual[scenario].score
    clock = 0.0
    starts: list[float] = []
    waiting: list[tuple[float, int]] = []  # (planned end, position)
    timelines: list[Timeline] = []

    def step() -> int:
        nonlocal clock
        clock += step_takes * chance.uniform(0.7, 1.3)
        return round(clock)

    def start_next() -> None:
        position = len(starts)
        step()
        starts.append(clock)
        if position not in lasting:
            length = _draw_duration(ends[position][0], chance) * plan.typical_ms
            if position in alike:
                worked = alike[position].worked_until_ms - alike[position].started_ms
                length = worked * chance.uniform(0.8, 1.05)
            heapq.heappush(waiting, (clock + length, position))

    def finish(position: int, end: End, score: float | None) -> None:
        timelines.append(
            Timeline(
                position=position,
                scenario=order[position],
                started_ms=round(starts[position]),
                scoring_ms=None if score is None else step(),
                scored_ms=None if score is None else step(),
                ended_ms=step(),
                end=end,
                score=score,
            )
        )

    for _ in range(min(plan.concurrency, len(order))):
        start_next()
    while waiting or len(starts) < len(order):
        if waiting:
            position = heapq.heappop(waiting)[1]
            in_outage = outage_begins <= clock < outage_ends - 2 * step_takes
            if in_outage and chance.random() < REFUSED:
                ends[position] = "failed", None
            finish(position, *ends[position])
        if len(starts) < len(order):
            start_next()
    for position in sorted(lasting.intersection(range(len(order))) - set(plan.hung)):
        finish(position, *ends[position])
    clock = max(clock, float(plan.cut_off_ms or 0))  # hung scenarios end with the run
    for position in sorted(set(plan.hung).intersection(range(len(order)))):
        finish(position, "timeout", None)
    return timelines


def _draw_end(mix: OutcomeMix, chance: Random) -> tuple[End, float | None]:
    roll = chance.random()
    partial = chance.choice(_PARTIAL_SCORES)
    if roll < mix.failed:
        return "failed", None
    if roll < mix.failed + mix.timeout:
        return "timeout", None
    if roll < mix.failed + mix.timeout + mix.partial:
        return "completed", partial
    if roll < mix.failed + mix.timeout + mix.partial + mix.passed:
        return "completed", 1.0
    return "completed", 0.0


def _draw_duration(end: End, chance: Random) -> float:
    """Return a random duration in units of the typical one: failures are short, time-outs long."""
    if end == "failed":
        return chance.uniform(0.05, 0.6)
    if end == "timeout":
        return chance.uniform(1.9, 2.4)
    return chance.triangular(0.25, 1.9, 0.8)
