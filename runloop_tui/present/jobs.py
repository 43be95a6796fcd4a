"""Benchmark jobs as table rows, or as cards of two lines where the pane is narrow; the runs of one job as rows."""

from typing import TYPE_CHECKING

from runloop_tui.monitor.arrange import job_run_elapsed_ms
from runloop_tui.present.errors import error_words
from runloop_tui.present.layout import Cells, Column, Line, Piece, Tone, cut_line, widths
from runloop_tui.present.states import job_run_sign, job_sign
from runloop_tui.present.text import fit, safe, safe_name
from runloop_tui.present.units import brief, list_title, moment, percent, share, shown_of

if TYPE_CHECKING:
    from runloop_tui.api.models import BenchmarkJob
    from runloop_tui.monitor.job_runs import JobRun, JobSum
    from runloop_tui.monitor.snapshot import Jobs
    from runloop_tui.present.units import Times

_DONE_WIDTH = 9
_CREATED_WIDTH = 8
_NOT_READ = "·"

JOB_COLUMNS = (
    Column("state", "state", 14),
    Column("name", "name", 12, stretch=1),
    Column("progress", "done", _DONE_WIDTH, right=True),
    Column("created", "created", _CREATED_WIDTH, right=True),
)
"""The columns of the list of jobs."""


def job_name(job: "BenchmarkJob") -> str:
    """Return the name of a job, or its id where the name is empty or invisible."""
    return safe_name(job.name, job.id)


def job_done(sums: "JobSum") -> str:
    """Write how many scenarios are done: `76/120`, or `76+/120` while some runs are not read yet."""
    if sums.not_read:
        total = "?" if sums.total is None else str(sums.total)
        return f"{sums.counts.finished}+/{total}"
    if sums.total is None and not sums.counts.started:
        return "–"
    return share(sums.counts.finished, sums.total)


def job_cells(
    job: "BenchmarkJob", sums: "JobSum", now_ms: int, times: "Times", *, gone: bool
) -> Cells:
    """Return the row of a job, a piece for each of JOB_COLUMNS."""
    sign = job_sign(job, gone=gone)
    return (
        Piece(f"{sign.glyph} {sign.word}", sign.tone),
        Piece(job_name(job), "plain" if job.is_terminal else "strong"),
        Piece(job_done(sums)),
        Piece(moment(job.create_time_ms, now_ms, times), "muted"),
    )


def job_card(
    job: "BenchmarkJob", sums: "JobSum", now_ms: int, times: "Times", width: int, *, gone: bool
) -> tuple[Line, Line]:
    """Return the two lines of a job for a pane too narrow for JOB_COLUMNS: name above, state below."""
    sign = job_sign(job, gone=gone)
    first = (
        Piece(f"{sign.glyph} ", sign.tone),
        Piece(
            fit(job_name(job), width - 3 - _DONE_WIDTH), "plain" if job.is_terminal else "strong"
        ),
        Piece(" " + fit(job_done(sums), _DONE_WIDTH, right=True)),
    )
    created = moment(job.create_time_ms, now_ms, times)
    second = (
        Piece("  " + fit(sign.word, width - 3 - _CREATED_WIDTH), sign.tone),
        Piece(" " + fit(created, _CREATED_WIDTH, right=True), "muted"),
    )
    return cut_line(first, width), cut_line(second, width)


def jobs_title(shown: int, jobs: "Jobs") -> str:
    """Return the title of the list of jobs: how many are shown, read and in all; or why there are none."""
    held = len(jobs.items)
    if not held:
        return f"jobs, {_why_none(jobs)}"
    return list_title("jobs", shown, held, has_more=jobs.more, in_all=jobs.in_all)


def no_job_words(jobs: "Jobs") -> str:
    """Return what the detail pane shows while no job is selected."""
    if not jobs.offered:
        return "This address offers no benchmark jobs. The runs are there all the same."
    if jobs.failure is not None and not jobs.items:
        return f"The jobs could not be read: {error_words(jobs.failure.error)}."
    if not jobs.loaded:
        return "Reading the jobs…"
    return (
        "No job passes the filter; Esc clears it."
        if jobs.items
        else "There are no benchmark jobs yet."
    )


def jobs_error(jobs: "Jobs", width: int) -> Line:
    """Return the error that keeps the jobs from being fresh; empty where they are."""
    if jobs.failure is None:
        return ()
    what, error = jobs.failure.what, jobs.failure.error
    words = (
        Piece(f"! could not read {safe(what)}: {error_words(error)}", "bad"),
        Piece(f"  {error.advice}"),
    )
    return cut_line(words, width)


def _why_none(jobs: "Jobs") -> str:
    if not jobs.offered:
        return "not offered here"
    if jobs.failure is not None:
        return "not read"
    return "there are none yet" if jobs.loaded else "reading…"


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
"""The columns of a job's runs. done = pass + part + zero + fail + t/o (timed out) + n/s (no score), without cut."""


def job_run_name(run: "JobRun") -> str:
    """Return the agent and the model of a run."""
    model = safe(run.model).strip()
    return f"{safe_name(run.agent, run.run_id)} {model}".rstrip()


def job_run_cells(run: "JobRun", now_ms: int) -> Cells:
    """Return the row of a run, a piece for each of JOB_RUN_COLUMNS."""
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
    """Return the second line of a run whose row has no model column: the model, under the agent."""
    indent = widths(JOB_RUN_COLUMNS, width)[0] + 1
    return cut_line((Piece(" " * indent), Piece(safe(run.model), "muted")), width)


def has_model_column(width: int) -> bool:
    """Return whether rows of this width have the model column."""
    return widths(JOB_RUN_COLUMNS, width)[2] > 0


def job_runs_title(shown: int, held: int) -> str:
    """Return the title of a job's runs: how many are shown."""
    return f"runs of the job {shown_of(shown, held)}"


def _count(number: int, tone: Tone) -> Piece:
    return Piece(str(number), tone if number else "muted")
