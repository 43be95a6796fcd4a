"""The detail of a benchmark run: its progress, accounting and score, and every field that is set."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from runloop_tui.monitor.arrange import run_elapsed_ms
from runloop_tui.present.accounting import (
    accounting,
    cut_off,
    done_line,
    never_started_words,
    score_words,
)
from runloop_tui.present.compare import versus_tone, versus_words
from runloop_tui.present.layout import (
    Line,
    Piece,
    cut_line,
    labelled,
    labelled_environment,
    labelled_fields,
    labelled_pairs,
)
from runloop_tui.present.report import report_lines
from runloop_tui.present.runs import run_name
from runloop_tui.present.states import heading, run_sign, run_state_sign
from runloop_tui.present.units import Times, duration, plural, since_start

if TYPE_CHECKING:
    from runloop_tui.analysis.report import RunReport
    from runloop_tui.api.models import BenchmarkRun
    from runloop_tui.monitor.snapshot import RunRecord


def run_detail(
    record: "RunRecord",
    now_ms: int,
    times: Times,
    width: int,
    report: "RunReport | None" = None,
) -> list[Line]:
    """Return the lines of the detail pane, none wider than `width`; `report` is None until it is computed."""
    return [
        heading(run_name(record.run), run_sign(record), width),
        *_server_state(record, width),
        *_progress(record, now_ms, times, width),
        *(report_lines(report, now_ms, times, width) if report else ()),
        *(_compared(report, width) if report else ()),
        *_fields(record, width),
    ]


def _server_state(record: "RunRecord", width: int) -> Iterator[Line]:
    """Yield the state in the server's last answer, where the heading shows another."""
    if record.gone:
        words = "The server no longer knows this run; below is what it last said."
        yield cut_line((Piece(words, "bad"),), width)
    if record.gone or record.under_way:
        sign = run_state_sign(record.run)
        yield from labelled("state", f"{sign.glyph} {sign.word}", width, sign.tone)


def _progress(record: "RunRecord", now_ms: int, times: Times, width: int) -> Iterator[Line]:
    yield cut_line(_done(record, width), width)
    if record.counts is not None:
        yield from accounting(record.counts, record.planned, width)
    if words := never_started_words(record):
        yield from labelled("not run", words, width)
    yield from labelled(
        "score", score_words(record), width, "plain" if record.score is None else "strong"
    )
    yield from labelled("elapsed", _elapsed(record.run, now_ms, times), width)


def _compared(report: "RunReport", width: int) -> Iterator[Line]:
    """Yield how the run compares with the one before on its benchmark."""
    versus = report.versus
    if versus is not None and (words := versus_words(versus)):
        on = f"{words}, on {plural(versus.pairs, 'scenario')} that both have finished"
        yield from labelled("compared", on, width, versus_tone(versus))


def _elapsed(run: "BenchmarkRun", now_ms: int, times: Times) -> str:
    elapsed = run_elapsed_ms(run, now_ms)
    if run.start_time_ms is None:
        return "its start is not known" if elapsed is None else duration(elapsed)
    return since_start(elapsed, run.start_time_ms, times)


def _done(record: "RunRecord", width: int) -> Line:
    counts, total = record.counts or record.tally, record.planned
    if counts is None:
        return (Piece("scenarios not read yet", "muted"),)
    if not record.all_read:
        return (Piece(f"reading the scenarios, {counts.started} so far", "muted"),)
    if total is None:
        return (
            Piece(f"{counts.finished} done of {counts.started} started", "strong"),
            Piece(f"{cut_off(counts)}, total unknown", "warn"),
        )
    return done_line(counts, total, width, tone="live" if record.run.is_live else "muted")


def _fields(record: "RunRecord", width: int) -> Iterator[Line]:
    run = record.run
    fields = (
        ("name", run.name),
        ("id", run.id),
        ("benchmark", run.benchmark_id),
        ("purpose", run.purpose),
    )
    yield from labelled_fields(fields, width)
    yield from labelled_pairs("metadata", run.metadata, width)
    yield from labelled_environment(run.environment_variables, run.secrets_provided, width)
