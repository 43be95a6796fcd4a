"""The agents of a job against each other: a row for each scenario, a column for each run."""

from typing import TYPE_CHECKING, NamedTuple

from runloop_tui.monitor.counts import kind_of_score
from runloop_tui.present.layout import Line, Piece, Tone, cut_line
from runloop_tui.present.states import job_run_sign, kind_sign
from runloop_tui.present.text import cut, fit, safe, safe_name
from runloop_tui.present.units import count, percent, plural, score

if TYPE_CHECKING:
    from collections.abc import Sequence

    from runloop_tui.analysis.compare import Result, Row
    from runloop_tui.api.models import BenchmarkJob
    from runloop_tui.monitor.job_runs import JobRun

CELL_WIDTH = 14
"""Cells of the column of a run, with the blank at its left."""
_NARROWEST_NAME = 16
_WIDEST_NAME = 60
_HERE = "▸"
_NOTHING = Piece("·", "muted")


class Layout(NamedTuple):
    """Which columns of runs are on the screen, and how wide the names of the scenarios are."""

    name_width: int
    first: int
    """The number of the first run that is shown, from 0."""
    shown: int
    """How many runs are shown; at least one."""


def layout(runs: int, cursor: int, first: int, width: int) -> Layout:
    """Return the layout for `width` cells: the column under the cursor is shown, moved as little as possible."""
    shown = max(1, min(runs, (width - _NARROWEST_NAME) // CELL_WIDTH))
    first = max(0, min(max(first, cursor - shown + 1), cursor, runs - shown))
    spare = max(1, width - shown * CELL_WIDTH)
    return Layout(min(_WIDEST_NAME, spare), first, shown)


def matrix_header(runs: "Sequence[JobRun]", cursor: int, at: Layout) -> Line:
    """Return the titles of the columns; that of the run under the cursor stands out, ‹ › say that there are more."""
    last = at.first + at.shown
    more = f"{'‹' if at.first else ' '}{'›' if last < len(runs) else ' '}"
    pieces = [Piece(fit("scenario", at.name_width - 2) + more, "muted")]
    for number, run in enumerate(runs[at.first : last], start=at.first):
        name = fit(_agent(run), CELL_WIDTH - 1)
        is_here = number == cursor
        sign = Piece(_HERE if is_here else " ", "accent")
        pieces += (sign, Piece(name, "accent" if is_here else "muted"))
    return tuple(pieces)


def matrix_row(row: "Row", at: Layout) -> Line:
    """Return the row of a scenario: a sign and a score for each run."""
    pieces = [Piece(fit(safe_name(row.name, row.scenario_id), at.name_width), _name_tone(row))]
    for result in row.results[at.first : at.first + at.shown]:
        cell = _cell(result)
        pieces += (Piece(" "), Piece(fit(cell.text, CELL_WIDTH - 1), cell.tone))
    return tuple(pieces)


def matrix_title(job: "BenchmarkJob", rows: "Sequence[Row] | None", *, unread: int = 0) -> Line:
    """Return the title: the job, how many scenarios, how many of them differ, and how many runs are not read yet."""
    title = Piece(f"{cut(safe_name(job.name, job.id), 40)} ", "title")
    if rows is None:
        return (title, Piece("reading…", "muted"))
    differ = sum(row.differs for row in rows)
    mixed = sum(row.has_mixed_errors and not row.differs for row in rows)
    words = f"{plural(len(rows), 'scenario')} · {count(differ)} differ"
    words += f", {count(mixed)} in errors only" if mixed else ""
    more = f" · {plural(unread, 'run')} not read yet" if unread else ""
    return (title, Piece(words, "muted"), Piece(more, "warn"))


def run_line(runs: "Sequence[JobRun]", cursor: int, problem: str, width: int) -> Line:
    """Return a line about the run under the cursor: agent, model, state, score; or why it could not be read."""
    if not runs:
        return (Piece("No run of this job has started.", "muted"),)
    run = runs[cursor]
    sign = job_run_sign(run)
    model = f" · {safe(run.model)}" if run.model else ""
    pieces = [
        Piece(f"{cursor + 1} of {len(runs)}  ", "muted"),
        Piece(_agent(run), "strong"),
        Piece(f"{model}  ", "muted"),
        Piece(f"{sign.glyph} {sign.word}", sign.tone),
        Piece(f" · {percent(run.score)}", "plain"),
    ]
    if problem:
        pieces.append(Piece(f" · {problem}", "warn"))
    return cut_line(tuple(pieces), width)


def _agent(run: "JobRun") -> str:
    return safe_name(run.agent, run.model, run.run_id)


def _name_tone(row: "Row") -> Tone:
    return "plain" if row.differs or row.has_mixed_errors else "muted"


def _cell(result: "Result | None") -> Piece:
    if result is None:
        return _NOTHING
    if result.is_active:
        sign = kind_sign("running")
        so_far = f" {score(result.value)}" if result.value is not None else ""
        return Piece(f"{sign.glyph} {sign.word}{so_far}", sign.tone)
    if result.is_error:
        return Piece("! error", "bad")
    sign = kind_sign(kind_of_score(result.value))
    return Piece(f"{sign.glyph} {score(result.value)}", sign.tone)
