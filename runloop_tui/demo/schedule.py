"""From a plan to the courses of its scenario runs.

Time is walked in small steps of about the same length, one event to a step: a scenario starts, its
scoring starts, its score is known, it ends. So something happens in every live run again and
again, with no long silences, while each scenario still takes minutes: many run at once.
"""

import heapq
from random import Random

from runloop_tui.demo.courses import Course, End
from runloop_tui.demo.ids import dice
from runloop_tui.demo.plans import OutcomeMix, RunPlan

EVENTS_PER_SCENARIO = 4
"""Start, scoring, scored, completed."""

_PARTIAL_SCORES = (0.2, 0.25, 0.33, 0.4, 0.5, 0.5, 0.6, 0.67, 0.75, 0.8, 0.9)


def step_ms(plan: RunPlan) -> float:
    """Say the usual time between two events of the run, in ms."""
    return plan.typical_ms / plan.concurrency / EVENTS_PER_SCENARIO


def courses_of(plan: RunPlan, *key: object) -> list[Course]:
    """Lay out all scenario runs of a plan in the order of their starts, from 0 ms."""
    chance = dice("schedule", *key)
    order = list(range(len(plan.scenario_names)))
    chance.shuffle(order)
    courses = _walk(plan, order, chance)
    courses.sort(key=lambda course: course.position)
    if plan.cut_off_ms is None:
        return courses
    return cut_off(courses, plan.cut_off_ms, "failed" if plan.fate == "failed" else "canceled")


def cut_off(courses: list[Course], moment_ms: int, end: End) -> list[Course]:
    """End a whole run: what is not scored gets this end, and what has not started never does."""
    cut = []
    for course in courses:
        if course.started_ms > moment_ms:
            break
        if course.ended_ms > moment_ms:
            is_scored = course.state_at(moment_ms) == "scored"
            cut.append(course.ended_early(moment_ms, "completed" if is_scored else end))
        else:
            cut.append(course)
    return cut


def _walk(plan: RunPlan, order: list[int], chance: Random) -> list[Course]:
    usual = step_ms(plan)
    hung = set(plan.hung)
    ends = [_draw_end(plan.mix, chance) for _ in order]
    clock = 0.0
    starts: list[float] = []
    waiting: list[tuple[float, int]] = []  # (when it would like to end, position)
    courses: list[Course] = []

    def step() -> int:
        nonlocal clock
        clock += usual * chance.uniform(0.7, 1.3)
        return round(clock)

    def start_next() -> None:
        position = len(starts)
        step()
        starts.append(clock)
        if position not in hung:
            length = _wanted_length(ends[position][0], chance) * plan.typical_ms
            heapq.heappush(waiting, (clock + length, position))

    def finish(position: int, end: End, score: float | None) -> None:
        courses.append(
            Course(
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
            finish(position, *ends[position])
        if len(starts) < len(order):
            start_next()
    clock = max(clock, float(plan.cut_off_ms or 0))  # what hangs does so until the end of the run
    for position in sorted(hung.intersection(range(len(order)))):
        finish(position, "timeout", None)
    return courses


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


def _wanted_length(end: End, chance: Random) -> float:
    """Draw a length in units of the typical one: failures come early, time-outs late."""
    if end == "failed":
        return chance.uniform(0.05, 0.6)
    if end == "timeout":
        return chance.uniform(1.9, 2.4)
    return chance.triangular(0.25, 1.9, 0.8)
