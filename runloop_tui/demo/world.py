"""The world: the account of an embedded Runloop, computed from a seed and the time."""

from bisect import bisect_right, insort
from collections.abc import Callable, Iterator, Sequence

from runloop_tui.demo.account import BENCHMARKS, JOBS, RUNS, SERIES
from runloop_tui.demo.job import Job
from runloop_tui.demo.names import RUN_PART, make_id
from runloop_tui.demo.plans import BenchmarkPlan, JobPlan, RunPlan
from runloop_tui.demo.run import Run
from runloop_tui.demo.timeline import End, Timeline


class Refused(Exception):  # noqa: N818 - an expected answer, not a defect
    """The action is not possible in the present state of its target."""


class World:
    """All benchmarks, runs and jobs of an account, at the time that the clock returns.

    There is no background work: the state of a run is computed at each request, from the seed and
    the time since the world was created, so that the same seed and times give the same states. The
    actions of the user (start, cancel, complete, score) take effect at once.

    Args:
        now: Returns the current time in Unix ms.
        seed: The seed of all random choices.
        plans: The runs of the account; None is the default account, in which new runs keep starting.
        jobs: The jobs of the account. A run of a job that is the same object as one of `plans` is
            that run; others are added. None is no jobs, or those of the default account.
        pace: The speed of the world; 2.0 is twice as fast.
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
        self.origin_ms = now()
        self.seed = seed
        self.pace = pace
        self._series = SERIES if plans is None else ()
        self._started_in_series = [0] * len(self._series)
        self._runs: list[Run] = []  # oldest start first
        self._by_id: dict[str, Run] = {}
        self._by_ids_end: dict[str, Run] = {}
        self._started_by_user = 0
        self._benchmarks: dict[str, BenchmarkPlan] = {}
        for benchmark in BENCHMARKS if plans is None else ():
            self._add_benchmark(benchmark)
        for number, plan in enumerate(RUNS if plans is None else plans):
            self._add(Run(plan, f"run {number}", seed, self.origin_ms, pace))
        if jobs is None:
            jobs = JOBS if plans is None else ()
        made = [self._job_of(plan, f"job {number}") for number, plan in enumerate(jobs)]
        self._jobs = {job.id: job for job in sorted(made, key=_newest_first)}

    def runs(self, *, after: str | None = None) -> Iterator[Run]:
        """Yield the runs that have started, newest first, from the one after the id `after`.

        Raises:
            KeyError: There is no run with the id `after`.
        """
        self._start_due_runs()
        started = bisect_right(self._runs, self.now(), key=_start)
        if after is not None:
            started = min(started, self._runs.index(self.run(after)))
        for index in range(started - 1, -1, -1):
            yield self._runs[index]

    def run(self, run_id: str) -> Run:
        """Return the benchmark run with this id, if it has started.

        Raises:
            KeyError: There is none.
        """
        self._start_due_runs()
        run = self._by_id[run_id]
        if run.start_ms > self.now():
            raise KeyError(run_id)
        return run

    def scenario_run(self, scenario_run_id: str) -> tuple[Run, Timeline]:
        """Return the benchmark run and the timeline of a scenario run, if it has started.

        Raises:
            KeyError: There is none.
        """
        self._start_due_runs()
        run = self._by_ids_end[scenario_run_id[-RUN_PART:]]
        timeline = run.timelines[run.positions[scenario_run_id]]
        if timeline.started_ms > self.now():
            raise KeyError(scenario_run_id)
        return run, timeline

    def devbox(self, devbox_id: str) -> tuple[Run, Timeline]:
        """Return the benchmark run and the timeline of the scenario run on a devbox, if it has started.

        Raises:
            KeyError: There is none.
        """
        self._start_due_runs()
        run = self._by_ids_end[devbox_id[-RUN_PART:]]
        return self.scenario_run(run.scenario_run_id(run.devboxes[devbox_id]))

    def jobs(self, *, after: str | None = None) -> Iterator[Job]:
        """Yield the jobs that were created, newest first, from the one after the id `after`.

        Raises:
            KeyError: There is no job with the id `after`.
        """
        created = [job for job in self._jobs.values() if job.created_ms <= self.now()]
        if after is not None:
            created = created[created.index(self.job(after)) + 1 :]
        yield from created

    def job(self, job_id: str) -> Job:
        """Return the benchmark job with this id, if it was created.

        Raises:
            KeyError: There is none.
        """
        job = self._jobs[job_id]
        if job.created_ms > self.now():
            raise KeyError(job_id)
        return job

    def start_run(self, plan: RunPlan) -> Run:
        """Start a benchmark run now, and return it."""
        key = f"started {self._started_by_user}"
        self._started_by_user += 1
        run = Run(plan, key, self.seed, self.now(), self.pace)
        self._add(run)
        return run

    def cancel_run(self, run: Run) -> None:
        """Cancel a benchmark run and its active scenario runs.

        Raises:
            Refused: It is terminal.
        """
        self._end(run, "canceled")

    def complete_run(self, run: Run) -> None:
        """Complete a benchmark run; its active scenario runs are canceled.

        Raises:
            Refused: It is terminal.
        """
        self._end(run, "completed")

    def cancel_scenario_run(self, run: Run, timeline: Timeline) -> None:
        """Cancel a scenario run.

        Raises:
            Refused: It is terminal or scored.
        """
        self._check_state(run, timeline, "running", "scoring")
        run.replace(timeline.ended_early(self.now(), "canceled"))

    def complete_scenario_run(self, run: Run, timeline: Timeline) -> None:
        """Complete a scenario run, with its score if it is scored.

        Raises:
            Refused: It is terminal.
        """
        self._check_state(run, timeline, "running", "scoring", "scored")
        run.replace(timeline.ended_early(self.now(), "completed"))

    def score_scenario_run(self, run: Run, timeline: Timeline) -> None:
        """Start the scoring of a scenario run; the score and the completion follow later.

        Raises:
            Refused: It is not running.
        """
        self._check_state(run, timeline, "running")
        run.replace(timeline.scored_by_hand(self.now(), run.step_ms))

    def benchmarks(self, *, is_public: bool) -> Iterator[tuple[str, BenchmarkPlan]]:
        """Yield the id and the plan of the account's own benchmarks, or of the public ones."""
        for benchmark_id, benchmark in self._benchmarks.items():
            if benchmark.is_public == is_public:
                yield benchmark_id, benchmark

    def benchmark(self, benchmark_id: str) -> BenchmarkPlan:
        """Return the benchmark with this id.

        Raises:
            KeyError: There is none.
        """
        return self._benchmarks[benchmark_id]

    def benchmark_id(self, benchmark: BenchmarkPlan) -> str:
        """Return the id of a benchmark."""
        return make_id("bmd", self.seed, benchmark.name)

    def scenario_id(self, benchmark: BenchmarkPlan, scenario: int) -> str:
        """Return the id of a scenario of a benchmark, by its index."""
        return make_id("scn", self.seed, benchmark.name, scenario)

    def _end(self, run: Run, state: End) -> None:
        now = self.now()
        if run.state_at(now) != "running":
            raise Refused(f"benchmark run {run.id} is already {run.state_at(now)}")
        run.end(now, state)

    def _check_state(self, run: Run, timeline: Timeline, *allowed: str) -> None:
        state = timeline.state_at(self.now())
        if state not in allowed:
            raise Refused(
                f"scenario run {run.scenario_run_id(timeline.position)} is already {state}"
            )

    def _add(self, run: Run) -> None:
        insort(self._runs, run, key=_start)
        self._by_id[run.id] = run
        self._by_ids_end[run.ids_end] = run
        self._add_benchmark(run.plan.benchmark)

    def _job_of(self, plan: JobPlan, key: str) -> Job:
        runs = []
        for number, run_plan in enumerate(plan.runs):
            known = next((run for run in self._runs if run.plan is run_plan), None)
            if known is None:
                known = Run(run_plan, f"{key} run {number}", self.seed, self.origin_ms, self.pace)
                self._add(known)
            runs.append(known)
        return Job(plan, key, self.seed, self.origin_ms, self.pace, runs)

    def _add_benchmark(self, benchmark: BenchmarkPlan) -> None:
        self._benchmarks.setdefault(self.benchmark_id(benchmark), benchmark)

    def _start_due_runs(self) -> None:
        """Add the runs of the series that have started since the last call."""
        passed = (self.now() - self.origin_ms) * self.pace
        for place, series in enumerate(self._series):
            while series.start_of(self._started_in_series[place]) <= passed:
                number = self._started_in_series[place]
                self._started_in_series[place] += 1
                plan = series.plan_of(number)
                start = self.origin_ms + round(series.start_of(number) / self.pace)
                self._add(Run(plan, f"series {place} {number}", self.seed, start, self.pace))


def _start(run: Run) -> int:
    return run.start_ms


def _newest_first(job: Job) -> int:
    return -job.created_ms
