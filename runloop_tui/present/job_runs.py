"""The runs of a job side by side, one row for each agent with its model."""

from typing import TYPE_CHECKING

from runloop_tui.monitor.arrange import job_run_elapsed_ms
from runloop_tui.present.cells import Cells, Column, Line, Piece, Tone
from runloop_tui.present.columns import widths
from runloop_tui.present.flow import cut_line
from runloop_tui.present.numbers import percent, share
from runloop_tui.present.states import job_run_sign
from runloop_tui.present.text import safe, safe_name
from runloop_tui.present.times import brief

if TYPE_CHECKING:
    from runloop_tui.monitor.job_runs import JobRun

_NOT_READ = "·"

JOB_RUN_COLUMNS = (
    Column("state", "state", 11),
    Column("agent", "agent", 12, stretch=2),
    Column("model", "model", 18, stretch=3, optional=1),
    Column("done", "done", 9, right=True),
    Column("", "pass", 4, right=True),
    Column("", "part", 4, right=True),
    Column("", "zero", 4, right=True),
    Column("", "fail", 4, right=True),
    Column("", "t/o", 4, right=True),
    Column("", "cut", 4, right=True),
    Column("", "n/s", 4, right=True, optional=2),
    Column("score", "score", 6, right=True),
    Column("elapsed", "time", 6, right=True),
)
"""The columns of a job's runs; done is the sum of pass, part, zero, fail, t/o n/s (no score), without cut off."""


def job_run_name(run: "JobRun") -> str:
    """The agent and the model of a run."""
    model = safe(run.model).strip()
    return f"{safe_name(run.agent, run.run_id)} {model}".rstrip()


def job_run_cells(run: "JobRun", now_ms: int) -> Cells:
    """The row of a run, a piece for each of JOB_RUN_COLUMNS."""
    sign, counts = job_run_sign(run), run.counts
    state = Piece(f"{sign.glyph} {sign.word}", sign.tone)
    elapsed = Piece(brief(job_run_elapsed_ms(run, now_ms)), "muted")
    score = Piece(percent(run.score), "plain" if run.is_terminal else "accent")
    if counts is None:
        numbers: tuple[Piece, ...] = (Piece(_NOT_READ, "muted"),) * 8
    else:
        numbers = (
            Piece(share(counts.finished, run.planned)),
            _count(counts.passed, "good"),
            _count(counts.partial, "warn"),
            _count(counts.zero, "warn"),
            _count(counts.failed, "bad"),
            _count(counts.timed_out, "bad"),
            _count(counts.canceled, "plain"),
            _count(counts.unscored, "warn"),
        )
    agent = Piece(safe_name(run.agent, run.run_id), "plain" if run.is_terminal else "strong")
    return (state, agent, Piece(safe(run.model), "muted"), *numbers, score, elapsed)


def model_line(run: "JobRun", width: int) -> Line:
    """The second line of a run where its row has no room for the model: under the agent."""
    indent = widths(JOB_RUN_COLUMNS, width)[0] + 1
    return cut_line((Piece(" " * indent), Piece(safe(run.model), "muted")), width)


def has_model_column(width: int) -> bool:
    """Tell whether rows of this width have room for the model."""
    return widths(JOB_RUN_COLUMNS, width)[2] > 0


def job_runs_title(shown: int, held: int) -> str:
    """How many runs are shown of how many."""
    return f"runs of the job {held}" if shown == held else f"runs of the job {shown} of {held}"


def _count(number: int, tone: Tone) -> Piece:
    return Piece(str(number), tone if number else "muted")
