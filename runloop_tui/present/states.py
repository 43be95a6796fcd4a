"""States as a glyph, a word and a tone together: colour is never the only sign."""

from typing import TYPE_CHECKING, NamedTuple

from runloop_tui.monitor.progress import outcome
from runloop_tui.monitor.states import NOT_STARTED
from runloop_tui.present.cells import Tone
from runloop_tui.present.text import cut, safe

if TYPE_CHECKING:
    from runloop_tui.api.models import BenchmarkJob, BenchmarkRun, ScenarioRun
    from runloop_tui.monitor.job_runs import JobRun
    from runloop_tui.monitor.snapshot import RunRecord

_LONGEST_WORD = 24


class Sign(NamedTuple):
    """How a state is shown."""

    glyph: str
    word: str
    tone: Tone


_RUNS = {
    "running": Sign("●", "running", "live"),
    "completed": Sign("✓", "completed", "good"),
    "canceled": Sign("⊘", "canceled", "muted"),
    "failed": Sign("!", "failed", "bad"),
}

_SCENARIO_RUNS = {
    "passed": Sign("✓", "passed", "good"),
    "partial": Sign("◐", "partial", "warn"),
    "zero": Sign("✗", "zero", "warn"),
    "unscored": Sign("–", "no score", "warn"),
    "canceled": Sign("⊘", "canceled", "muted"),
    "scoring": Sign("◌", "scoring", "live"),
    "running": Sign("●", "running", "live"),
}
_JOBS = {
    "initializing": Sign("◌", "initializing", "live"),
    "queued": Sign("◌", "queued", "live"),
    "running": Sign("●", "running", "live"),
    "completed": Sign("✓", "completed", "good"),
    "canceled": Sign("⊘", "canceled", "muted"),
    "failed": Sign("!", "failed", "bad"),
    "timeout": Sign("!", "timeout", "bad"),
}
_ENDED = Sign("–", "ended", "muted")
TO_START = Sign("○", "waiting", "muted")
"""Of what has not started."""
STUCK = Sign("?", "stuck", "bad")


def run_sign(record: "RunRecord") -> Sign:
    """The sign of a run: what is under way over it, else its state."""
    if record.under_way:
        return Sign("◌", record.under_way, "warn")
    if record.gone:
        return Sign("?", "gone", "bad")
    return run_state_sign(record.run)


def run_state_sign(run: "BenchmarkRun") -> Sign:
    """The sign of the state that the server gave last, whatever is under way."""
    return _RUNS.get(run.state) or _unknown(run.state)


def job_sign(job: "BenchmarkJob", *, gone: bool = False) -> Sign:
    """The sign of a job."""
    if gone:
        return Sign("?", "gone", "bad")
    return _JOBS.get(job.state) or _unknown(job.state)


def job_run_sign(run: "JobRun") -> Sign:
    """The sign of one of a job's runs: that of its benchmark run, as far as it is known."""
    if run.state == NOT_STARTED:
        return TO_START
    if run.is_gone and not run.has_ended:
        return Sign("?", "gone", "bad")
    return _ENDED if run.state == "ended" else _JOBS.get(run.state) or _unknown(run.state)


def scenario_sign(scenario_run: "ScenarioRun", *, stuck: bool, under_way: str = "") -> Sign:
    """The sign of a scenario run: its outcome where it is done, else its state."""
    if under_way:
        return Sign("◌", under_way, "warn")
    if stuck:
        return STUCK
    return scenario_state_sign(scenario_run)


def scenario_state_sign(scenario_run: "ScenarioRun") -> Sign:
    """The sign of the outcome or state that the server gave last, whatever is under way."""
    kind = outcome(scenario_run)
    if kind == "error":
        return Sign("!", scenario_run.state, "bad")
    return _SCENARIO_RUNS.get(kind) or _unknown(scenario_run.state)


def _unknown(state: str) -> Sign:
    return Sign("?", cut(safe(state).strip(), _LONGEST_WORD) or "not said", "warn")
