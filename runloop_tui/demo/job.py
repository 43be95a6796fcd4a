"""One benchmark job of the world: its runs, and the state that follows from theirs."""

from collections.abc import Sequence

from runloop_tui.demo.ids import make_id
from runloop_tui.demo.job_plans import JobPlan
from runloop_tui.demo.run import Run

SET_UP_MS = 20_000
"""How long a job is looked over before it is queued."""


class Job:
    """A benchmark job; everything about it can be asked for any moment.

    It keeps nothing of its own: which runs are in progress, which have an outcome, and the state
    of the whole follow from the runs, whatever a user does to them.
    """

    def __init__(
        self, plan: JobPlan, key: str, seed: int, born_ms: int, pace: float, runs: Sequence[Run]
    ) -> None:
        self.plan = plan
        self.key = (seed, key)
        self.id = make_id("bmj", *self.key)
        self.created_ms = born_ms + round(plan.created_ms / pace)
        self.runs = tuple(runs)
        self._set_up_ms = round(SET_UP_MS / pace)

    def state_at(self, moment_ms: int) -> str:
        """Say the state it is in, in the words of BenchmarkJobState."""
        started = [run for run in self.runs if run.start_ms <= moment_ms]
        if not started:
            if moment_ms < self.created_ms + self._set_up_ms:
                return "initializing"
            return "failed" if self.plan.failure_reason else "queued"
        states = {run.state_at(moment_ms) for run in started}
        if len(started) < len(self.runs) or "running" in states:
            return "running"
        if states == {"failed"}:
            return "failed"
        return "cancelled" if states == {"canceled"} else "completed"

    def failure_reason_at(self, moment_ms: int) -> str | None:
        """Say why it failed, once it has."""
        if self.state_at(moment_ms) != "failed":
            return None
        return self.plan.failure_reason or "every benchmark run of the job failed"

    def in_progress_at(self, moment_ms: int) -> list[Run]:
        """Give the runs that have started and not ended."""
        started = [run for run in self.runs if run.start_ms <= moment_ms]
        return [run for run in started if run.state_at(moment_ms) == "running"]

    def ended_by(self, moment_ms: int) -> list[Run]:
        """Give the runs that have ended: those with an outcome."""
        return [run for run in self.runs if run.state_at(moment_ms) != "running"]

    def agent_id(self, run: Run) -> str:
        """Make the id of the agent that a run of the job runs."""
        return make_id("agt", self.key[0], run.plan.agent)
