"""A benchmark run: its plan, the timelines of its scenario runs, and the actions of the user on it."""

from bisect import bisect_right
from collections.abc import Iterator
from functools import cached_property, lru_cache

from runloop_tui.demo.names import RUN_PART, letters, make_id
from runloop_tui.demo.plans import RunPlan
from runloop_tui.demo.scorers import ScorerResult, scorer_results
from runloop_tui.demo.timeline import End, Timeline, cut_off, planned_timelines, step_ms


@lru_cache(maxsize=64)
def planned_once(
    plan: RunPlan, seed: int, key: str, start_ms: int, pace: float
) -> tuple[Timeline, ...]:
    """Return the timelines of a plan that starts at `start_ms`, shared by all worlds with the same seed and origin."""
    generated = planned_timelines(plan, seed, key)
    return tuple(timeline.moved(start_ms, pace) for timeline in generated)


class Run:
    """A benchmark run, at any moment.

    The timelines of its scenario runs are generated on first use. An action of the user replaces
    the timelines of its targets by others that are equal up to that moment.
    """

    def __init__(self, plan: RunPlan, key: str, seed: int, origin_ms: int, pace: float) -> None:
        self.plan = plan
        self.key = (seed, key)
        self.id = make_id("bmr", *self.key)
        self.ids_end = letters(RUN_PART, "runs of", *self.key)
        self._pace = pace
        self._cut: tuple[int, End] | None = None
        starts_at = plan.starts_at_ms
        if plan.done_initially:
            ends = sorted(timeline.ended_ms for timeline in planned_once(plan, *self.key, 0, 1.0))
            starts_at = -ends[plan.done_initially - 1]
        self.start_ms = origin_ms + round(starts_at / pace)
        if plan.cut_off_ms is not None:
            self._cut = (
                self.start_ms + round(plan.cut_off_ms / pace),
                "failed" if plan.fate == "failed" else "canceled",
            )

    @cached_property
    def planned(self) -> tuple[Timeline, ...]:
        """The timelines as generated, without actions of the user."""
        return planned_once(self.plan, *self.key, self.start_ms, self._pace)

    @cached_property
    def timelines(self) -> list[Timeline]:
        """The timelines of all scenario runs, oldest start first, including future ones."""
        return list(self.planned)

    @cached_property
    def starts(self) -> list[int]:
        """The start times of its scenario runs, ascending, in Unix ms."""
        return [timeline.started_ms for timeline in self.timelines]

    @cached_property
    def positions(self) -> dict[str, int]:
        """Scenario run id → position."""
        return {self.scenario_run_id(i): i for i in range(len(self.timelines))}

    @cached_property
    def devboxes(self) -> dict[str, int]:
        """Devbox id → position of its scenario run."""
        return {self.devbox_id(i): i for i in range(len(self.timelines))}

    @cached_property
    def ended_ms(self) -> int:
        """When it becomes terminal without further actions, in Unix ms."""
        if self._cut is not None:
            return self._cut[0]
        last_step = round(step_ms(self.plan) / self._pace)
        return (
            max((timeline.ended_ms for timeline in self.timelines), default=self.start_ms)
            + last_step
        )

    @cached_property
    def final_score(self) -> float | None:
        """Its score once it is terminal.

        For a canceled run, the mean over its completed scenario runs; else the sum of the scores
        over the number of scenario runs. None if the run failed or has no such scenario runs.
        """
        state = self._cut[1] if self._cut else "completed"
        counted = self.timelines
        if state == "canceled":
            counted = [timeline for timeline in counted if timeline.end == "completed"]
        if state == "failed" or not counted:
            return None
        return round(sum(timeline.score or 0.0 for timeline in counted) / len(counted), 6)

    def state_at(self, moment_ms: int) -> str:
        """Return its state, a value of the API's BenchmarkRunState."""
        if moment_ms < self.ended_ms:
            return "running"
        return self._cut[1] if self._cut else "completed"

    def started_by(self, moment_ms: int) -> int:
        """Return the number of scenario runs that have started by then."""
        return bisect_right(self.starts, moment_ms)

    def newest_first(self, moment_ms: int, *, below: int | None = None) -> Iterator[Timeline]:
        """Yield the timelines that have started, newest first, or those below a position."""
        started = self.started_by(moment_ms)
        for position in range(min(started, started if below is None else below) - 1, -1, -1):
            yield self.timelines[position]

    def scenario_run_id(self, position: int) -> str:
        """Return the id of a scenario run; its end identifies the benchmark run."""
        return f"scr_{letters(21 - RUN_PART, 'scr', position, *self.key)}{self.ids_end}"

    def devbox_id(self, position: int) -> str:
        """Return the id of a scenario run's devbox; its end identifies the benchmark run."""
        return f"dbx_{letters(21 - RUN_PART, 'dbx', position, *self.key)}{self.ids_end}"

    def scenario_name(self, timeline: Timeline) -> str:
        """Return the name of a scenario run's scenario."""
        return self.plan.benchmark.scenarios[timeline.scenario]

    def scorer_results(self, timeline: Timeline) -> tuple[ScorerResult, ...]:
        """Return the results of the scorers of a scored scenario run."""
        score = timeline.score or 0.0
        took_ms = (timeline.scored_ms or 0) - (timeline.scoring_ms or 0)
        return scorer_results(self.scenario_name(timeline), score, took_ms / 1000, *self.key)

    def end(self, moment_ms: int, state: End) -> None:
        """End the run now: active scenario runs are canceled, future ones dropped."""
        self._invalidate()
        self.timelines = cut_off(self.timelines, moment_ms, "canceled")
        self._cut = (moment_ms, state)

    def replace(self, timeline: Timeline) -> None:
        """Replace the timeline at the same position."""
        self._invalidate()
        self.timelines[timeline.position] = timeline

    @property
    def typical_ms(self) -> int:
        """The typical duration of a scenario, in ms."""
        return round(self.plan.typical_ms / self._pace)

    def is_in_outage(self, moment_ms: int) -> bool:
        """Return whether the model provider has an outage at that time."""
        return self.outage[0] <= moment_ms < self.outage[1]

    @property
    def outage(self) -> tuple[int, int]:
        """Begin and end (Unix ms) of the model provider's outage; equal if there is none."""
        begins, ends = self.plan.outage or (0, 0)
        return self.start_ms + round(begins / self._pace), self.start_ms + round(ends / self._pace)

    @property
    def agent_timeout_ms(self) -> float:
        """The agent's time limit per scenario, in ms; 0 if there is none."""
        return 1000 * (self.plan.agent_timeout_s or 0.0) / self._pace

    @property
    def step_ms(self) -> int:
        """The average time between two events of the run, in ms."""
        return round(step_ms(self.plan) / self._pace)

    def _invalidate(self) -> None:
        """Discard the values that were computed from the timelines."""
        _ = self.timelines
        for name in ("starts", "positions", "devboxes", "ended_ms", "final_score"):
            self.__dict__.pop(name, None)
