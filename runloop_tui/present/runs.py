"""Benchmark runs as rows of a table, or as cards of two lines where the pane is narrow."""

from typing import TYPE_CHECKING

from runloop_tui.monitor.progress import times_usual
from runloop_tui.present.cells import Cells, Column, Line, Piece, Tone
from runloop_tui.present.numbers import bar, percent, share
from runloop_tui.present.states import run_sign
from runloop_tui.present.text import fit, safe
from runloop_tui.present.times import Times, brief, clock_time, moment

if TYPE_CHECKING:
    from runloop_tui.api.models import BenchmarkRun
    from runloop_tui.monitor.snapshot import RunRecord, Snapshot

BAR_WIDTH = 6
_CARD_BAR_WIDTH = 7
_NOT_READ = "·"

RUN_COLUMNS = (
    Column("state", "state", 12),
    Column("name", "name", 12, stretch=1),
    Column("progress", "done", 9, right=True),
    Column("", "", BAR_WIDTH),
    Column("score", "score", 6, right=True),
    Column("errors", "errors", 6, right=True),
    Column("elapsed", "elapsed", 7, right=True),
    Column("started", "started", 8, right=True),
    Column("ends", "ends", 13, right=True, optional=1),
)
"""The columns of the runs list; a key names the order that sorts by it."""


def run_name(run: "BenchmarkRun") -> str:
    """The name of a run, or its id where it has none."""
    return safe(run.name or run.id)


def run_cells(record: "RunRecord", now_ms: int, times: Times) -> Cells:
    """The row of a run, a piece for each of RUN_COLUMNS."""
    run, sign = record.run, run_sign(record)
    return (
        Piece(f"{sign.glyph} {sign.word}", sign.tone),
        Piece(run_name(run), "strong" if run.is_live else "plain"),
        Piece(_done(record)),
        Piece(_bar(record, BAR_WIDTH), _bar_tone(record)),
        Piece(percent(score_now(record)), "plain" if run.score is not None else "accent"),
        _errors(record),
        Piece(brief(elapsed_ms(run, now_ms)), "plain" if run.is_live else "muted"),
        Piece(moment(run.start_time_ms, now_ms, times), "muted"),
        Piece(ends(record, now_ms, times), "muted"),
    )


def run_card(record: "RunRecord", now_ms: int, times: Times, width: int) -> tuple[Line, Line]:
    """The two lines of a run where a row would not fit: the name above, the numbers below."""
    run, sign = record.run, run_sign(record)
    done = _done(record)
    score = percent(score_now(record))
    name_width = max(4, width - 2 - 1 - max(7, len(done)) - 1 - 6)
    first = (
        Piece(f"{sign.glyph} ", sign.tone),
        Piece(fit(run_name(run), name_width), "strong" if run.is_live else "plain"),
        Piece(f" {done:>7}"),
        Piece(f" {score:>6}", "plain" if run.score is not None else "accent"),
    )
    errors = _errors(record)
    word_width = max(4, width - 2 - 1 - _CARD_BAR_WIDTH - 1 - 7 - 1 - 7 - 1 - 8)
    second = (
        Piece("  " + fit(sign.word, word_width), sign.tone),
        Piece(" " + _bar(record, _CARD_BAR_WIDTH), _bar_tone(record)),
        Piece(f" {errors.text + ' err':>7}" if errors.text != _NOT_READ else " " * 8, errors.tone),
        Piece(f" {brief(elapsed_ms(run, now_ms)):>7}", "muted"),
        Piece(f" {moment(run.start_time_ms, now_ms, times):>8}", "muted"),
    )
    return first, second


def elapsed_ms(run: "BenchmarkRun", now_ms: int) -> int | None:
    """How long a run took, or has been running; None where its start is not known."""
    if run.duration_ms is not None:
        return run.duration_ms
    if run.start_time_ms is None or not run.is_live:
        return None
    return now_ms - run.start_time_ms


def score_now(record: "RunRecord") -> float | None:
    """The server's final score, or the score so far."""
    if record.run.score is not None:
        return record.run.score
    return record.tally.score_so_far if record.tally else None


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
    if times is Times.ELAPSED:
        low, high = max(0, earliest - now_ms), max(0, latest - now_ms)
        return f"in {brief(low)}–{brief(high)}" if high >= 60_000 else "soon"
    zone = times.zone
    return f"{clock_time(earliest, now_ms, zone)}–{clock_time(latest, now_ms, zone)}"


def _done(record: "RunRecord") -> str:
    if record.tally is None:
        return _NOT_READ if record.total is None else f"?/{record.total}"
    return share(record.tally.done, record.planned)


def _bar(record: "RunRecord", width: int) -> str:
    return bar(record.tally.done if record.tally else 0, record.planned, width)


def _bar_tone(record: "RunRecord") -> Tone:
    return "live" if record.run.is_live else "muted"


def _errors(record: "RunRecord") -> Piece:
    if record.tally is None:
        return Piece(_NOT_READ, "muted")
    number = record.tally.error
    return Piece(str(number), "bad" if number else "muted")


def runs_title(shown: int, snapshot: "Snapshot") -> str:
    """The title of the runs pane: how many of how many are shown."""
    held = len(snapshot.records)
    text = f"runs {shown:,}" if shown == held else f"runs {shown:,} of {held:,}"
    if snapshot.more_runs:
        in_all = snapshot.runs_in_all
        text += f" of {in_all:,} in all" if in_all is not None else ", more below"
    return text
