"""One benchmark run of the world: its plan, its courses, and what the user did to it."""

from bisect import bisect_right
from collections.abc import Iterator
from functools import cached_property

from runloop_tui.demo.courses import Course, End
from runloop_tui.demo.ids import RUN_PART, letters, make_id
from runloop_tui.demo.outputs import ScorerResult, scorer_results
from runloop_tui.demo.plans import RunPlan
from runloop_tui.demo.schedule import courses_of, cut_off, step_ms


class Run:
    """A benchmark run; everything about it can be asked for any moment.

    The courses of its scenario runs are laid out when first needed and kept. What a user does
    replaces the courses it touches by others that are the same up to that moment.
    """

    def __init__(self, plan: RunPlan, key: str, seed: int, born_ms: int, pace: float) -> None:
        self.plan = plan
        self.key = (seed, key)
        self.id = make_id("bmr", *self.key)
        self.ids_end = letters(RUN_PART, "runs of", *self.key)
        self._pace = pace
        self._cut: tuple[int, End] | None = None
        self._printed: dict[tuple[int, float, int], tuple[ScorerResult, ...]] = {}
        starts_at = plan.starts_at_ms
        if plan.done_at_birth:
            ends = sorted(course.ended_ms for course in courses_of(plan, *self.key))
            starts_at = -ends[plan.done_at_birth - 1]
        self.start_ms = born_ms + round(starts_at / pace)
        if plan.cut_off_ms is not None:
            self._cut = (
                self.start_ms + round(plan.cut_off_ms / pace),
                "failed" if plan.fate == "failed" else "canceled",
            )

    @cached_property
    def planned(self) -> tuple[Course, ...]:
        """The courses as they were laid out, whatever a user did to them since."""
        laid_out = courses_of(self.plan, *self.key)
        return tuple(course.moved(self.start_ms, self._pace) for course in laid_out)

    @cached_property
    def courses(self) -> list[Course]:
        """All its scenario runs, oldest start first; those of the future among them."""
        return list(self.planned)

    @cached_property
    def starts(self) -> list[int]:
        """When its scenario runs start, in order."""
        return [course.started_ms for course in self.courses]

    @cached_property
    def positions(self) -> dict[str, int]:
        """The place of each scenario run by its id."""
        return {self.scenario_run_id(i): i for i in range(len(self.courses))}

    @cached_property
    def devboxes(self) -> dict[str, int]:
        """The place of each scenario run by its devbox's id."""
        return {self.devbox_id(i): i for i in range(len(self.courses))}

    @cached_property
    def ended_ms(self) -> int:
        """When it ends, if nobody does anything (more) to it."""
        if self._cut is not None:
            return self._cut[0]
        settling = round(step_ms(self.plan) / self._pace)
        return max((course.ended_ms for course in self.courses), default=self.start_ms) + settling

    @cached_property
    def final_score(self) -> float | None:
        """Its score once it has ended.

        Of a canceled run: the mean over the completed scenario runs. Else: the sum of the scores
        over the number of scenario runs. None if it failed or nothing counts.
        """
        state = self._cut[1] if self._cut else "completed"
        counted = self.courses
        if state == "canceled":
            counted = [course for course in counted if course.end == "completed"]
        if state == "failed" or not counted:
            return None
        return round(sum(course.score or 0.0 for course in counted) / len(counted), 6)

    def state_at(self, moment_ms: int) -> str:
        """Say the state it is in, in the words of BenchmarkRunState."""
        if moment_ms < self.ended_ms:
            return "running"
        return self._cut[1] if self._cut else "completed"

    def started_by(self, moment_ms: int) -> int:
        """Count the scenario runs that have started by then."""
        return bisect_right(self.starts, moment_ms)

    def newest_first(self, moment_ms: int, *, below: int | None = None) -> Iterator[Course]:
        """Go through the started scenario runs, from the newest or from below a position."""
        started = self.started_by(moment_ms)
        for position in range(min(started, started if below is None else below) - 1, -1, -1):
            yield self.courses[position]

    def scenario_run_id(self, position: int) -> str:
        """Make the id of a scenario run; its end says which benchmark run it belongs to."""
        return f"scr_{letters(21 - RUN_PART, 'scr', position, *self.key)}{self.ids_end}"

    def devbox_id(self, position: int) -> str:
        """Make the id of a scenario run's devbox; its end says the benchmark run, too."""
        return f"dbx_{letters(21 - RUN_PART, 'dbx', position, *self.key)}{self.ids_end}"

    def scenario_name(self, course: Course) -> str:
        """Say the name of a scenario run's scenario."""
        return self.plan.benchmark.scenarios[course.scenario]

    def scorer_results(self, course: Course) -> tuple[ScorerResult, ...]:
        """Say what the scorers of a scored scenario run printed."""
        score = course.score or 0.0
        took_ms = (course.scored_ms or 0) - (course.scoring_ms or 0)
        known = self._printed.get((course.position, score, took_ms))
        if known is None:
            known = scorer_results(self.scenario_name(course), score, took_ms / 1000, *self.key)
            self._printed[course.position, score, took_ms] = known
        return known

    def end(self, moment_ms: int, state: End) -> None:
        """End the run now; what is under way is canceled, what has not started never will."""
        self._forget()
        self.courses = cut_off(self.courses, moment_ms, "canceled")
        self._cut = (moment_ms, state)

    def replace(self, course: Course) -> None:
        """Put another course in the place of the one at its position."""
        self._forget()
        self.courses[course.position] = course

    @property
    def typical_ms(self) -> int:
        """How long a scenario of the run typically takes."""
        return round(self.plan.typical_ms / self._pace)

    @property
    def agent_timeout_ms(self) -> float:
        """How long the agent may take for a scenario; 0 if nobody set a limit."""
        return 1000 * (self.plan.agent_timeout_s or 0.0) / self._pace

    @property
    def step_ms(self) -> int:
        """The usual time between two events of the run, in ms."""
        return round(step_ms(self.plan) / self._pace)

    def _forget(self) -> None:
        """Drop what was worked out from the courses."""
        _ = self.courses
        for name in ("starts", "positions", "devboxes", "ended_ms", "final_score"):
            self.__dict__.pop(name, None)
