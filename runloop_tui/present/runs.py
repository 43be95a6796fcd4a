"""Benchmark runs as rows of a table, or as cards of two lines where the pane is narrow."""

from typing import TYPE_CHECKING

from runloop_tui.monitor.arrange import run_elapsed_ms
from runloop_tui.monitor.counts import times_usual
from runloop_tui.present.cells import Cells, Column, Line, Piece, Tone
from runloop_tui.present.flow import cut_line
from runloop_tui.present.numbers import bar, percent, share
from runloop_tui.present.states import run_sign
from runloop_tui.present.text import fit, safe_name
from runloop_tui.present.times import MINUTE, Times, brief, clock_time, moment

if TYPE_CHECKING:
    from runloop_tui.api.models import BenchmarkRun
    from runloop_tui.monitor.snapshot import RunRecord, Snapshot

BAR_WIDTH = 6
_DONE_WIDTH = 9
_SCORE_WIDTH = 6
_NOT_READ = "·"

RUN_COLUMNS = (
    Column("state", "state", 12),
    Column("name", "name", 12, stretch=1),
    Column("progress", "done", _DONE_WIDTH, right=True),
    Column("", "", BAR_WIDTH),
    Column("score", "score", _SCORE_WIDTH, right=True),
    Column("errors", "err", 5, right=True),
    Column("elapsed", "time", 7, right=True),
    Column("started", "started", 8, right=True),
    Column("", "ends", 18, right=True, optional=1),
)
"""The columns of the runs list."""


def run_name(run: "BenchmarkRun") -> str:
    """The name of a run, or its id where it has none that can be seen."""
    return safe_name(run.name, run.id)


def run_cells(record: "RunRecord", now_ms: int, times: Times) -> Cells:
    """The row of a run, a piece for each of RUN_COLUMNS."""
    run, sign = record.run, run_sign(record)
    return (
        Piece(f"{sign.glyph} {sign.word}", sign.tone),
        Piece(run_name(run), "strong" if run.is_live else "plain"),
        Piece(_done(record)),
        Piece(_bar(record, BAR_WIDTH), _bar_tone(record)),
        Piece(percent(record.score), _score_tone(run)),
        _errors(record),
        Piece(brief(run_elapsed_ms(run, now_ms)), "plain" if run.is_live else "muted"),
        Piece(moment(run.start_time_ms, now_ms, times), "muted"),
        Piece(ends(record, now_ms, times), "muted"),
    )


def run_card(record: "RunRecord", now_ms: int, times: Times, width: int) -> tuple[Line, Line]:
    """The two lines of a run where a row would not fit: the name above, the numbers below."""
    run, sign = record.run, run_sign(record)
    name_width = width - 2 - 1 - _DONE_WIDTH - 1 - _SCORE_WIDTH
    first = (
        Piece(f"{sign.glyph} ", sign.tone),
        Piece(fit(run_name(run), name_width), "strong" if run.is_live else "plain"),
        Piece(" " + fit(_done(record), _DONE_WIDTH, right=True)),
        Piece(" " + fit(percent(record.score), _SCORE_WIDTH, right=True), _score_tone(run)),
    )
    errors = _errors(record)
    errors_text = "" if errors.text == _NOT_READ else f"{errors.text} err"
    word_width = width - 2 - 1 - BAR_WIDTH - 1 - 8 - 1 - 7 - 1 - 8
    second = (
        Piece("  " + fit(sign.word, word_width), sign.tone),
        Piece(" " + _bar(record, BAR_WIDTH), _bar_tone(record)),
        Piece(" " + fit(errors_text, 8, right=True), errors.tone),
        Piece(" " + fit(brief(run_elapsed_ms(run, now_ms)), 7, right=True), "muted"),
        Piece(" " + fit(moment(run.start_time_ms, now_ms, times), 8, right=True), "muted"),
    )
    return cut_line(first, width), cut_line(second, width)


def stuck_count(record: "RunRecord", now_ms: int) -> int:
    """How many of the run's scenario runs take far longer than usual."""
    return sum(
        1
        for scenario_run in record.active
        if times_usual(scenario_run, record.usual_ms, now_ms) is not None
    )


def ends(record: "RunRecord", now_ms: int, times: Times) -> str:
    """Between which moments a live run will end, or "" where nothing can be said."""
    if record.pace is None or not record.run.is_live:
        return ""
    earliest, latest = record.pace.earliest_ms, record.pace.latest_ms
    if latest < now_ms + MINUTE:
        return "soon"
    if times is Times.ELAPSED:
        if earliest < now_ms + MINUTE:
            return f"within {brief(latest - now_ms)}"
        return "in " + _range(brief(earliest - now_ms), brief(latest - now_ms))
    zone = times.zone
    return _range(clock_time(earliest, now_ms, zone), clock_time(latest, now_ms, zone))


def _range(low: str, high: str) -> str:
    return low if low == high else f"{low}–{high}"


def _done(record: "RunRecord") -> str:
    counts = record.counts
    if counts is not None:
        return share(counts.finished, record.planned)
    return _NOT_READ if record.total is None else f"?/{record.total}"


def _bar(record: "RunRecord", width: int) -> str:
    counts = record.counts
    return bar(counts.finished if counts else 0, record.planned, width)


def _bar_tone(record: "RunRecord") -> Tone:
    return "live" if record.run.is_live else "muted"


def _score_tone(run: "BenchmarkRun") -> Tone:
    """A score so far looks different from a final one."""
    return "plain" if run.score is not None else "accent"


def _errors(record: "RunRecord") -> Piece:
    counts = record.counts
    if counts is None:
        return Piece(_NOT_READ, "muted")
    return Piece(str(counts.error), "bad" if counts.error else "muted")


def runs_title(shown: int, snapshot: "Snapshot") -> str:
    """The title of the runs pane: how many of how many are shown, and whether there are more."""
    held, in_all = len(snapshot.records), snapshot.runs_in_all
    text = f"runs {shown:,}" if shown == held else f"runs {shown:,} of {held:,}"
    if not snapshot.more_runs:
        return text
    if in_all is None:
        return f"{text}, more below"
    return f"{text} of {in_all:,}" if shown == held else f"{text} read, {in_all:,} in all"
