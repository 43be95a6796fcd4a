"""Signs of states: a glyph, a word and a tone together, so that colour is never the only difference."""

from typing import TYPE_CHECKING, NamedTuple

from rich.cells import cell_len

from runloop_tui.monitor.counts import outcome
from runloop_tui.monitor.states import (
    GONE,
    NO_SCORE,
    WAITING,
    job_run_word,
    job_word,
    run_word,
    scenario_word,
)
from runloop_tui.monitor.states import SLOW as SLOW_WORD
from runloop_tui.monitor.states import STUCK as STUCK_WORD
from runloop_tui.present.layout import Line, Piece, Tone, cut_line
from runloop_tui.present.text import cut, safe

if TYPE_CHECKING:
    from runloop_tui.api.models import BenchmarkJob, BenchmarkRun, ScenarioRun
    from runloop_tui.monitor.counts import Kind
    from runloop_tui.monitor.job_runs import JobRun
    from runloop_tui.monitor.snapshot import RunRecord

_LONGEST_WORD = 24
_NARROWEST_NAME = 8


class Sign(NamedTuple):
    """How a state is shown. The word is a safe text."""

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
    "unscored": Sign("–", NO_SCORE, "warn"),
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
TO_START = Sign("○", WAITING, "muted")
"""The sign of a run of a job, or of a scenario, that has not started."""
STUCK = Sign("?", STUCK_WORD, "bad")
SLOW = Sign("◷", SLOW_WORD, "warn")
_LATE = {STUCK_WORD: STUCK, SLOW_WORD: SLOW}
_GONE = Sign("?", GONE, "bad")


def run_sign(record: "RunRecord") -> Sign:
    """Return the sign of a run: the action under way on it, else its state."""
    word = run_word(record)
    if record.under_way:
        return Sign("◌", word, "warn")
    return _GONE if word == GONE else run_state_sign(record.run)


def run_state_sign(run: "BenchmarkRun") -> Sign:
    """Return the sign of the state in the server's last answer, without the action under way."""
    return _RUNS.get(run.state) or _unknown(run.state)


def job_sign(job: "BenchmarkJob", *, gone: bool = False) -> Sign:
    """Return the sign of a job."""
    word = job_word(job, gone=gone)
    return _GONE if word == GONE else _JOBS.get(word) or _unknown(word)


def job_run_sign(run: "JobRun") -> Sign:
    """Return the sign of one run of a job: that of its benchmark run, where that is known."""
    word = job_run_word(run)
    if word == WAITING:
        return TO_START
    if word == GONE:
        return _GONE
    return _ENDED if word == "ended" else _JOBS.get(word) or _unknown(word)


def scenario_sign(scenario_run: "ScenarioRun", *, late: str = "", under_way: str = "") -> Sign:
    """Return the sign of a scenario run: the action under way, stuck or slow (`late`), else its outcome or state."""
    if under_way:
        return Sign("◌", under_way, "warn")
    return _LATE.get(late) or scenario_state_sign(scenario_run)


def scenario_state_sign(scenario_run: "ScenarioRun") -> Sign:
    """Return the sign of the outcome or state in the server's last answer, without the action under way."""
    kind, word = outcome(scenario_run), scenario_word(scenario_run)
    if kind == "error":
        return Sign("!", word, "bad")
    return _SCENARIO_RUNS.get(kind) or _unknown(word)


def kind_sign(kind: "Kind") -> Sign:
    """Return the sign of an outcome."""
    return Sign("!", kind, "bad") if kind == "error" else _SCENARIO_RUNS.get(kind) or _unknown(kind)


def heading(name: str, sign: Sign, width: int) -> Line:
    """Return a name (a safe text) and the sign of its state; the name is cut first."""
    word = f"{sign.glyph} {sign.word}"
    name = cut(name, max(_NARROWEST_NAME, width - cell_len(word) - 2))
    return cut_line((Piece(name, "title"), Piece("  "), Piece(word, sign.tone)), width)


def _unknown(state: str) -> Sign:
    return Sign("?", cut(safe(state).strip(), _LONGEST_WORD) or "not said", "warn")
