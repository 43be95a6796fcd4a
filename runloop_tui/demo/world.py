"""The world: one account on an embedded Runloop, computed from a seed and the time."""

from bisect import bisect_right, insort
from collections.abc import Callable, Iterator, Sequence

from runloop_tui.demo.account import BENCHMARKS, RUNS, SERIES
from runloop_tui.demo.account_jobs import JOBS
from runloop_tui.demo.courses import Course, End
from runloop_tui.demo.ids import RUN_PART, make_id
from runloop_tui.demo.job import Job
from runloop_tui.demo.job_plans import JobPlan
from runloop_tui.demo.plans import BenchmarkPlan, RunPlan
from runloop_tui.demo.run import Run


class Refused(Exception):  # noqa: N818 - the world's answer to a wish, not a mistake in the program
    """The world does not do that, because of the state things are in."""


class World:
    """All benchmarks, runs and jobs of an account, at the moment the clock gives.

    Nothing happens by itself: what a run looks like is worked out when asked for, from the seed and
    the time since the world's birth, so the same seed and times tell the same story. What the user
    does (start, cancel, complete, score) takes effect at the moment of doing it.

    Args:
        now: Gives the current moment in Unix ms.
        seed: Which story to tell.
        plans: The runs of the account; None is the default account, in which new ones keep coming.
        jobs: The jobs of the account. Their runs are those of `plans` where they are the same
            objects, and join them where not. None is none, or those of the default account.
        pace: How fast things go; 2.0 is twice as fast.
    """

    def __init__(
        self,
        now: Callable[[], int],
        *,
        seed: int = 7,
        plans: Sequence[RunPlan] | None = None,
        jobs: Sequence[JobPlan] | None = None,
        pace: float = 1.0,
    ) -> None:
        self.now = now
        self.born_ms = now()
        self.seed = seed
        self.pace = pace
        self._series = SERIES if plans is None else ()
        self._came = [0] * len(self._series)
        self._runs: list[Run] = []  # oldest start first
        self._by_id: dict[str, Run] = {}
        self._by_ids_end: dict[str, Run] = {}
        self._started_by_user = 0
        self._benchmarks: dict[str, BenchmarkPlan] = {}
        for benchmark in BENCHMARKS if plans is None else ():
            self._learn(benchmark)
        for number, plan in enumerate(RUNS if plans is None else plans):
            self._add(Run(plan, f"run {number}", seed, self.born_ms, pace))
        if jobs is None:
            jobs = JOBS if plans is None else ()
        made = [self._job_of(plan, f"job {number}") for number, plan in enumerate(jobs)]
        self._jobs = {job.id: job for job in sorted(made, key=_newest_first)}

    def runs(self, *, after: str | None = None) -> Iterator[Run]:
        """Go through the runs that have started, newest first, or from after one's id.

        Raises:
            KeyError: There is no run with the id `after`.
        """
        self._let_come()
        started = bisect_right(self._runs, self.now(), key=_start)
        if after is not None:
            started = min(started, self._runs.index(self.run(after)))
        for index in range(started - 1, -1, -1):
            yield self._runs[index]

    def run(self, run_id: str) -> Run:
        """Give the benchmark run with this id, if it has started.

        Raises:
            KeyError: There is none.
        """
        self._let_come()
        run = self._by_id[run_id]
        if run.start_ms > self.now():
            raise KeyError(run_id)
        return run

    def scenario_run(self, scenario_run_id: str) -> tuple[Run, Course]:
        """Give a scenario run and the benchmark run it belongs to, if it has started.

        Raises:
            KeyError: There is none.
        """
        self._let_come()
        run = self._by_ids_end[scenario_run_id[-RUN_PART:]]
        course = run.courses[run.positions[scenario_run_id]]
        if course.started_ms > self.now():
            raise KeyError(scenario_run_id)
        return run, course

    def devbox(self, devbox_id: str) -> tuple[Run, Course]:
        """Give the scenario run that has this devbox, if it has started.

        Raises:
            KeyError: There is none.
        """
        self._let_come()
        run = self._by_ids_end[devbox_id[-RUN_PART:]]
        return self.scenario_run(run.scenario_run_id(run.devboxes[devbox_id]))

    def jobs(self, *, after: str | None = None) -> Iterator[Job]:
        """Go through the jobs that have been created, newest first, or from after one's id.

        Raises:
            KeyError: There is no job with the id `after`.
        """
        created = [job for job in self._jobs.values() if job.created_ms <= self.now()]
        if after is not None:
            created = created[created.index(self.job(after)) + 1 :]
        yield from created

    def job(self, job_id: str) -> Job:
        """Give the benchmark job with this id, if it has been created.

        Raises:
            KeyError: There is none.
        """
        job = self._jobs[job_id]
        if job.created_ms > self.now():
            raise KeyError(job_id)
        return job

    def start_run(self, plan: RunPlan) -> Run:
        """Start a benchmark run now, and give it."""
        key = f"started {self._started_by_user}"
        self._started_by_user += 1
        run = Run(plan, key, self.seed, self.now(), self.pace)
        self._add(run)
        return run

    def cancel_run(self, run: Run) -> None:
        """Cancel a benchmark run and whatever of it is under way.

        Raises:
            Refused: It is over.
        """
        self._end(run, "canceled")

    def complete_run(self, run: Run) -> None:
        """Complete a benchmark run; what is still under way is canceled.

        Raises:
            Refused: It is over.
        """
        self._end(run, "completed")

    def cancel_scenario_run(self, run: Run, course: Course) -> None:
        """Cancel a scenario run.

        Raises:
            Refused: It is over, or its score is known.
        """
        self._check_state(run, course, "running", "scoring")
        run.replace(course.ended_early(self.now(), "canceled"))

    def complete_scenario_run(self, run: Run, course: Course) -> None:
        """Complete a scenario run, with its score if it is known by now.

        Raises:
            Refused: It is over.
        """
        self._check_state(run, course, "running", "scoring", "scored")
        run.replace(course.ended_early(self.now(), "completed"))

    def score_scenario_run(self, run: Run, course: Course) -> None:
        """Start the scoring of a scenario run; the score and its completion follow by themselves.

        Raises:
            Refused: It is not running any more.
        """
        self._check_state(run, course, "running")
        run.replace(course.scored_by_hand(self.now(), run.step_ms))

    def benchmarks(self, *, is_public: bool) -> Iterator[tuple[str, BenchmarkPlan]]:
        """Go through the account's own benchmarks or the public ones, each with its id."""
        for benchmark_id, benchmark in self._benchmarks.items():
            if benchmark.is_public == is_public:
                yield benchmark_id, benchmark

    def benchmark(self, benchmark_id: str) -> BenchmarkPlan:
        """Give the benchmark with this id.

        Raises:
            KeyError: There is none.
        """
        return self._benchmarks[benchmark_id]

    def benchmark_id(self, benchmark: BenchmarkPlan) -> str:
        """Make a benchmark's id."""
        return make_id("bmd", self.seed, benchmark.name)

    def scenario_id(self, benchmark: BenchmarkPlan, scenario: int) -> str:
        """Make the id of a benchmark's scenario."""
        return make_id("scn", self.seed, benchmark.name, scenario)

    def _end(self, run: Run, state: End) -> None:
        now = self.now()
        if run.state_at(now) != "running":
            raise Refused(f"benchmark run {run.id} is already {run.state_at(now)}")
        run.end(now, state)

    def _check_state(self, run: Run, course: Course, *allowed: str) -> None:
        state = course.state_at(self.now())
        if state not in allowed:
            raise Refused(f"scenario run {run.scenario_run_id(course.position)} is already {state}")

    def _add(self, run: Run) -> None:
        insort(self._runs, run, key=_start)
        self._by_id[run.id] = run
        self._by_ids_end[run.ids_end] = run
        self._learn(run.plan.benchmark)

    def _job_of(self, plan: JobPlan, key: str) -> Job:
        runs = []
        for number, run_plan in enumerate(plan.runs):
            known = next((run for run in self._runs if run.plan is run_plan), None)
            if known is None:
                known = Run(run_plan, f"{key} run {number}", self.seed, self.born_ms, self.pace)
                self._add(known)
            runs.append(known)
        return Job(plan, key, self.seed, self.born_ms, self.pace, runs)

    def _learn(self, benchmark: BenchmarkPlan) -> None:
        self._benchmarks.setdefault(self.benchmark_id(benchmark), benchmark)

    def _let_come(self) -> None:
        """Add the runs of the series that are due by now."""
        passed = (self.now() - self.born_ms) * self.pace
        for place, series in enumerate(self._series):
            while series.start_of(self._came[place]) <= passed:
                number = self._came[place]
                self._came[place] += 1
                plan = series.plan_of(number)
                start = self.born_ms + round(series.start_of(number) / self.pace)
                self._add(Run(plan, f"series {place} {number}", self.seed, start, self.pace))


def _start(run: Run) -> int:
    return run.start_ms


def _newest_first(job: Job) -> int:
    return -job.created_ms
