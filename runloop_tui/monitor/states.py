"""The word that is shown for each state; rows are found and sorted by it. An unknown state is its own word."""

from typing import TYPE_CHECKING

from runloop_tui.monitor.counts import NOT_STARTED, outcome

if TYPE_CHECKING:
    from runloop_tui.api.models import BenchmarkJob, ScenarioRun
    from runloop_tui.monitor.job_runs import JobRun
    from runloop_tui.monitor.snapshot import RunRecord

GONE = "gone"
"""The word for what the server no longer knows."""
STUCK = "stuck"
"""The word for an active scenario run that is slow and silent."""
SLOW = "slow"
"""The word for an active scenario run that takes too long and is not known to be silent."""
NO_SCORE = "no score"
WAITING = "waiting"
"""The word for a run of a job that has not started."""


def run_word(record: "RunRecord") -> str:
    """Return the word for the state of a run: its overlay, else its state."""
    return record.under_way or (GONE if record.gone else record.run.state)


def job_word(job: "BenchmarkJob", *, gone: bool) -> str:
    """Return the word for the state of a job."""
    return GONE if gone else job.state


def job_run_word(run: "JobRun") -> str:
    """Return the word for the state of one of a job's runs."""
    if run.state == NOT_STARTED:
        return WAITING
    return GONE if run.is_gone and not run.is_terminal else run.state


def scenario_word(scenario_run: "ScenarioRun", *, late: str = "", under_way: str = "") -> str:
    """Return the word for a scenario run: its overlay, stuck or slow (`late`), else its outcome, else its state."""
    if under_way or late:
        return under_way or late
    kind = outcome(scenario_run)
    if kind == "unscored":
        return NO_SCORE
    return scenario_run.state if kind in {"error", "other"} else kind
