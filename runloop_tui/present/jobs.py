"""Benchmark jobs as rows of a table, or as cards of two lines where the pane is narrow."""

from typing import TYPE_CHECKING

from runloop_tui.present.cells import Cells, Column, Line, Piece
from runloop_tui.present.flow import cut_line
from runloop_tui.present.numbers import count, share
from runloop_tui.present.states import job_sign
from runloop_tui.present.text import fit, safe, safe_name
from runloop_tui.present.times import moment
from runloop_tui.present.troubles import error_words

if TYPE_CHECKING:
    from runloop_tui.api.models import BenchmarkJob
    from runloop_tui.monitor.job_runs import JobSum
    from runloop_tui.monitor.snapshot import Jobs
    from runloop_tui.present.times import Times

_DONE_WIDTH = 9
_CREATED_WIDTH = 8

JOB_COLUMNS = (
    Column("state", "state", 14),
    Column("name", "name", 12, stretch=1),
    Column("progress", "done", _DONE_WIDTH, right=True),
    Column("created", "created", _CREATED_WIDTH, right=True),
)
"""The columns of the list of jobs."""


def job_name(job: "BenchmarkJob") -> str:
    """The name of a job, or its id where it has none that can be seen."""
    return safe_name(job.name, job.id)


def job_done(together: "JobSum") -> str:
    """Write `76/120`; a + says that some of its runs are not counted yet."""
    if together.not_read:
        total = "?" if together.total is None else str(together.total)
        return f"{together.counts.finished}+/{total}"
    if together.total is None and not together.counts.started:
        return "–"
    return share(together.counts.finished, together.total)


def job_cells(
    job: "BenchmarkJob", together: "JobSum", now_ms: int, times: "Times", *, gone: bool
) -> Cells:
    """The row of a job, a piece for each of JOB_COLUMNS."""
    sign = job_sign(job, gone=gone)
    return (
        Piece(f"{sign.glyph} {sign.word}", sign.tone),
        Piece(job_name(job), "plain" if job.is_settled else "strong"),
        Piece(job_done(together)),
        Piece(moment(job.create_time_ms, now_ms, times), "muted"),
    )


def job_card(
    job: "BenchmarkJob", together: "JobSum", now_ms: int, times: "Times", width: int, *, gone: bool
) -> tuple[Line, Line]:
    """The two lines of a job where a row would not fit: the name above, the state below."""
    sign = job_sign(job, gone=gone)
    first = (
        Piece(f"{sign.glyph} ", sign.tone),
        Piece(fit(job_name(job), width - 3 - _DONE_WIDTH), "plain" if job.is_settled else "strong"),
        Piece(" " + fit(job_done(together), _DONE_WIDTH, right=True)),
    )
    created = moment(job.create_time_ms, now_ms, times)
    second = (
        Piece("  " + fit(sign.word, width - 3 - _CREATED_WIDTH), sign.tone),
        Piece(" " + fit(created, _CREATED_WIDTH, right=True), "muted"),
    )
    return cut_line(first, width), cut_line(second, width)


def jobs_title(shown: int, jobs: "Jobs") -> str:
    """How many jobs are shown of how many, and whether there are more; or why there are none."""
    held = len(jobs.items)
    if not held:
        return f"jobs, {_why_none(jobs)}"
    text = f"jobs {count(shown)}" if shown == held else f"jobs {count(shown)} of {count(held)}"
    if not jobs.more:
        return text
    if jobs.in_all is None:
        return f"{text}, more below"
    in_all = count(jobs.in_all)
    return f"{text} of {in_all}" if shown == held else f"{text} read, {in_all} in all"


def no_job_words(jobs: "Jobs") -> str:
    """What stands in the place of a job where none is shown."""
    if not jobs.offered:
        return "This address offers no benchmark jobs. The runs are there all the same."
    if jobs.trouble is not None and not jobs.items:
        return f"The jobs could not be read: {error_words(jobs.trouble.error)}."
    if not jobs.loaded:
        return "Reading the jobs…"
    return (
        "No job passes the filter; Esc clears it."
        if jobs.items
        else "There are no benchmark jobs yet."
    )


def jobs_trouble(jobs: "Jobs", width: int) -> Line:
    """Why the jobs are not fresh; empty where they are."""
    if jobs.trouble is None:
        return ()
    what, error = jobs.trouble.what, jobs.trouble.error
    words = (
        Piece(f"! could not read {safe(what)}: {error_words(error)}", "bad"),
        Piece(f"  {error.advice}"),
    )
    return cut_line(words, width)


def _why_none(jobs: "Jobs") -> str:
    if not jobs.offered:
        return "not offered here"
    if jobs.trouble is not None:
        return "not read"
    return "there are none yet" if jobs.loaded else "reading…"
