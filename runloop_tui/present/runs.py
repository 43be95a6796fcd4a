"""Benchmark runs as table rows, as cards of two lines where the pane is narrow, and all together in the title line."""

from typing import TYPE_CHECKING

from runloop_tui.monitor.arrange import run_elapsed_ms
from runloop_tui.present.layout import Cells, Column, Line, Piece, Tone, cut_line, line_width
from runloop_tui.present.states import STUCK, Sign, run_sign
from runloop_tui.present.text import cut, fit, safe, safe_name
from runloop_tui.present.units import (
    Times,
    bar,
    brief,
    clock_time,
    list_title,
    moment,
    percent,
    share,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from runloop_tui.analysis.report import RunReport
    from runloop_tui.api.models import BenchmarkRun
    from runloop_tui.monitor.snapshot import RunRecord, Snapshot

BAR_WIDTH = 6
UNSEEN = "•"
"""Before the name of a run that changed since a person last looked."""
_DONE_WIDTH = 9
_SCORE_WIDTH = 6
_NOT_READ = "·"
_LONGEST_SERVER = 40
_NARROWEST_SERVER = 4

RUN_COLUMNS = (
    Column("state", "state", 12),
    Column("name", "name", 12, stretch=1),
    Column("progress", "done", _DONE_WIDTH, right=True),
    Column("", "", BAR_WIDTH),
    Column("score", "score", _SCORE_WIDTH, right=True),
    Column("errors", "err", 5, right=True),
    Column("elapsed", "time", 7, right=True),
    Column("started", "started", 8, right=True),
    Column("", "ends", 8, right=True, optional=1),
)
"""The columns of the list of runs."""


def run_name(run: "BenchmarkRun") -> str:
    """Return the name of a run, or its id where the name is empty or invisible."""
    return safe_name(run.name, run.id)


def run_cells(
    record: "RunRecord",
    now_ms: int,
    times: Times,
    report: "RunReport | None" = None,
    *,
    is_unseen: bool = False,
) -> Cells:
    """Return the row of a run, a piece for each of RUN_COLUMNS; `is_unseen`: it changed since a person last looked."""
    run, sign = record.run, _state(record, report)
    return (
        Piece(f"{sign.glyph} {sign.word}", sign.tone),
        _name(run, is_unseen=is_unseen),
        Piece(_done(record)),
        Piece(_bar(record, BAR_WIDTH), _bar_tone(record)),
        Piece(percent(record.score), _score_tone(run)),
        _errors(record),
        Piece(brief(run_elapsed_ms(run, now_ms)), "plain" if run.is_live else "muted"),
        Piece(moment(run.start_time_ms, now_ms, times), "muted"),
        Piece(_end(report, now_ms, times), "muted"),
    )


def run_card(
    record: "RunRecord",
    now_ms: int,
    times: Times,
    width: int,
    report: "RunReport | None" = None,
    *,
    is_unseen: bool = False,
) -> tuple[Line, Line]:
    """Return the two lines of a run for a pane too narrow for RUN_COLUMNS: name above, numbers below.

    What is wrong with it is shown in place of the state, and its end, if there is one, in place of its start.
    """
    run, sign, name = record.run, _state(record, report), _name(record.run, is_unseen=is_unseen)
    name_width = width - 2 - 1 - _DONE_WIDTH - 1 - _SCORE_WIDTH
    first = (
        Piece(f"{sign.glyph} ", sign.tone),
        name._replace(text=fit(name.text, name_width)),
        Piece(" " + fit(_done(record), _DONE_WIDTH, right=True)),
        Piece(" " + fit(percent(record.score), _SCORE_WIDTH, right=True), _score_tone(run)),
    )
    errors = _errors(record)
    errors_text = "" if errors.text == _NOT_READ else f"{errors.text} err"
    word_width = width - 2 - 1 - BAR_WIDTH - 1 - 8 - 1 - 7 - 1 - 8
    last = _end(report, now_ms, times) or moment(run.start_time_ms, now_ms, times)
    second = (
        Piece("  " + fit(sign.word, word_width), sign.tone),
        Piece(" " + _bar(record, BAR_WIDTH), _bar_tone(record)),
        Piece(" " + fit(errors_text, 8, right=True), errors.tone),
        Piece(" " + fit(brief(run_elapsed_ms(run, now_ms)), 7, right=True), "muted"),
        Piece(" " + fit(last, 8, right=True), "muted"),
    )
    return cut_line(first, width), cut_line(second, width)


def _end(report: "RunReport | None", now_ms: int, times: Times) -> str:
    """Return the middle of the range in which a live run ends; "" without a range."""
    if report is None or report.end is None:
        return ""
    from runloop_tui.present.report import end_short  # not before the first frame

    return end_short(report.end, now_ms, times)


def _state(record: "RunRecord", report: "RunReport | None") -> Sign:
    """Return the sign of a run: of an action under way, else of the worst that is wrong with it, else of its state."""
    sign = run_sign(record)
    if report is None or record.under_way or record.gone:
        return sign
    if report.collapse is not None:
        return Sign("!", "collapsing", "bad")
    if report.standstill is not None:
        return Sign("!", "standstill", "bad")
    return Sign(STUCK.glyph, f"{len(report.stuck)} stuck", STUCK.tone) if report.stuck else sign


def _name(run: "BenchmarkRun", *, is_unseen: bool) -> Piece:
    if is_unseen:
        return Piece(f"{UNSEEN} {run_name(run)}", "accent")
    return Piece(run_name(run), "strong" if run.is_live else "plain")


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
    """Return "plain" for the server's final score, "accent" for the score so far."""
    return "plain" if run.score is not None else "accent"


def _errors(record: "RunRecord") -> Piece:
    counts = record.counts
    if counts is None:
        return Piece(_NOT_READ, "muted")
    return Piece(str(counts.error), "bad" if counts.error else "muted")


def runs_title(shown: int, snapshot: "Snapshot") -> str:
    """Return the title of the runs pane: how many runs are shown, read and in all."""
    return list_title(
        "runs",
        shown,
        len(snapshot.records),
        has_more=snapshot.more_runs,
        in_all=snapshot.runs_in_all,
    )


def title_line(
    snapshot: "Snapshot",
    now_ms: int,
    width: int,
    *,
    server: str,
    demo: bool,
    read_only: bool,
    failed: bool = False,
    reports: "Mapping[str, RunReport] | None" = None,
) -> Line:
    """Return the top line: server, runs running, what is wrong, clock time. The server's name is cut first.

    `failed`: the last attempt to read the runs has failed; shown only while there is no data.
    """
    left = [Piece(" runloop ", "title")]
    if demo:
        left.append(Piece("DEMO ", "warn"))
    if read_only:
        left.append(Piece("READ-ONLY ", "warn"))
    activity = [Piece(summary(snapshot, failed=failed), "plain" if snapshot.live else "muted")]
    activity.extend(_alarms(snapshot, reports or {}))
    clock = Piece(f" {clock_time(now_ms, now_ms)} ", "muted")
    room = width - line_width((*left, *activity, clock)) - 3
    if room >= _NARROWEST_SERVER:
        left.append(Piece(f"{cut(safe(server), min(_LONGEST_SERVER, room))}  ", "muted"))
    line = (*left, *activity)
    gap = Piece(" " * max(1, width - line_width((*line, clock))))
    return cut_line((*line, gap, clock), width)


def _alarms(snapshot: "Snapshot", reports: "Mapping[str, RunReport]") -> list[Piece]:
    """Return how many scenario runs of the live runs are stuck, and how many of these runs collapse or stand still."""
    live = [reports[record.id] for record in snapshot.live if record.id in reports]
    counts = (
        ("? {} stuck", sum(len(report.stuck) for report in live)),
        ("! {} collapsing", sum(report.collapse is not None for report in live)),
        ("! {} standing still", sum(report.standstill is not None for report in live)),
    )
    return [Piece(f" · {words.format(number)}", "bad") for words, number in counts if number]


def summary(snapshot: "Snapshot", *, failed: bool = False) -> str:
    """Return how many runs are running; this is the terminal's title, too. `failed`: as in `title_line`."""
    if not snapshot.loaded:
        return "no data yet" if failed else "connecting…"
    live = len(snapshot.live)
    return f"{live} running" if live else "nothing running"


def essentials(snapshot: "Snapshot", width: int) -> list[Line]:
    """Return the lines of a screen too small for panes: the summary, then a line for each live run."""
    return [
        (Piece(cut(f"{summary(snapshot)}, q quits", width), "strong"),),
        *((Piece(cut(_in_short(record), width)),) for record in snapshot.live),
    ]


def _in_short(record: "RunRecord") -> str:
    counts = record.counts
    done = share(counts.finished, record.planned) if counts else _NOT_READ
    return f"{done} {percent(record.score)} {run_name(record.run)}"


def exit_message(snapshot: "Snapshot") -> str:
    """Return what is printed after the app has quit: how many runs were still running at the last poll."""
    live = len(snapshot.live)
    if not live:
        return "No run was going on when last seen."
    runs = "1 run goes" if live == 1 else f"{live} runs go"
    return f"{runs} on without runloop-tui; start it again to see how far."
