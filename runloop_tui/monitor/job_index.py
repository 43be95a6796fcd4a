"""The jobs that were read, and for each run its job: total, failure reasons, outcome."""

from typing import TYPE_CHECKING

from runloop_tui.monitor.counts import counts_without_run, score_of_outcome
from runloop_tui.monitor.snapshot import JobOfRun, Jobs

if TYPE_CHECKING:
    from runloop_tui.api.models import BenchmarkJob
    from runloop_tui.monitor.health import ReadFailure


def job_total(job: "BenchmarkJob") -> int | None:
    """Return how many scenarios each run of a job has, or None where the job does not say."""
    spec, source = job.job_spec, job.job_source
    ids = (spec.scenario_ids if spec else ()) or (source.scenario_ids if source else ())
    return len(set(ids)) or None


def ids_of_runs(job: "BenchmarkJob") -> list[str]:
    """Return the ids of a job's benchmark runs, each once, as far as the job names them."""
    ended = (each.benchmark_run_id for each in job.benchmark_outcomes)
    in_progress = (each.benchmark_run_id for each in job.in_progress_runs)
    return [run_id for run_id in dict.fromkeys((*ended, *in_progress)) if run_id]


class JobIndex:
    """Holds jobs, and for each run what its job says about it. The store decides which answers enter."""

    def __init__(self) -> None:
        self._jobs: dict[str, BenchmarkJob] = {}
        self._of_runs: dict[str, JobOfRun] = {}
        self._gone: frozenset[str] = frozenset()
        self._gone_runs: frozenset[str] = frozenset()
        self.in_all: int | None = None
        self.more = False
        self.loaded = False
        self.offered = True
        self.failure: ReadFailure | None = None

    def put(self, job: "BenchmarkJob") -> set[str]:
        """Take in an answer about a job; return the ids of the runs whose records it changes.

        A terminal job stays terminal, and fields that the answer leaves out stay; a job that is listed again is no
        longer gone.
        """
        self._gone -= {job.id}
        known = self._jobs.get(job.id)
        if known is not None:
            job = job.filled_from(known)
            if known == job or (known.is_terminal and not job.is_terminal):
                return set()
        self._jobs[job.id] = job
        return self._link_runs(job)

    def knows(self, job_id: str) -> bool:
        """Return whether a job was read."""
        return job_id in self._jobs

    def nonterminal_ids(self) -> list[str]:
        """Return the ids of the jobs that may still change."""
        return [id_ for id_ in self._jobs if self.may_change(id_)]

    def may_change(self, job_id: str) -> bool:
        """Return whether a job that was read may still change."""
        job = self._jobs.get(job_id)
        return job is not None and not job.is_terminal and job_id not in self._gone

    def of_run(self, run_id: str) -> JobOfRun | None:
        """Return what the job of a run says about it, or None where no job of it is known."""
        return self._of_runs.get(run_id)

    def runs_of(self, job_id: str) -> list[str]:
        """Return the ids of a job's runs."""
        job = self._jobs.get(job_id)
        return ids_of_runs(job) if job else []

    def mark_gone(self, job_id: str) -> None:
        """Mark a job gone: the server does not know it any more."""
        self._gone |= {job_id}

    def mark_run_gone(self, run_id: str) -> None:
        """Mark a run of a job gone: the server does not know it."""
        self._gone_runs |= {run_id}

    def is_run_gone(self, run_id: str) -> bool:
        """Return whether the server does not know a run of a job."""
        return run_id in self._gone_runs

    def forget_gone_runs(self) -> None:
        """Make the runs that the server did not know due for a look-up again, on a refresh."""
        self._gone_runs = frozenset()

    def jobs(self) -> Jobs:
        """Return the jobs of a snapshot."""
        newest_first = sorted(self._jobs.values(), key=lambda job: -(job.create_time_ms or 0))
        return Jobs(
            tuple(newest_first),
            self.in_all,
            self.more,
            self.loaded,
            self.offered,
            self._gone,
            self._gone_runs,
            self.failure,
        )

    def _link_runs(self, job: "BenchmarkJob") -> set[str]:
        total = job_total(job)
        links = {
            run.benchmark_run_id: JobOfRun(job.id, total)
            for run in job.in_progress_runs
            if run.benchmark_run_id
        }
        for run_outcome in job.benchmark_outcomes:
            if run_outcome.benchmark_run_id:
                failures = {
                    each.scenario_run_id: each.failure_reason
                    for each in run_outcome.scenario_outcomes
                    if each.scenario_run_id and each.failure_reason
                }
                links[run_outcome.benchmark_run_id] = JobOfRun(
                    job.id,
                    total,
                    failures,
                    has_outcome=True,
                    never_started=counts_without_run(run_outcome),
                    score=score_of_outcome(run_outcome),
                )
        changed = {run_id for run_id, link in links.items() if link != self._of_runs.get(run_id)}
        self._of_runs.update({run_id: links[run_id] for run_id in changed})
        return changed
