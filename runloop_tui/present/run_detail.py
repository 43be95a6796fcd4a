"""The detail of a benchmark run: its progress, accounting and score, and every field that is set."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from runloop_tui.monitor.arrange import run_elapsed_ms
from runloop_tui.monitor.counts import times_usual
from runloop_tui.present.accounting import (
    accounting,
    cut_off,
    done_line,
    never_started_words,
    score_words,
)
from runloop_tui.present.layout import (
    Line,
    Piece,
    cut_line,
    labelled,
    labelled_environment,
    labelled_fields,
    labelled_pairs,
)
from runloop_tui.present.runs import ends, run_name
from runloop_tui.present.scenarios import scenario_name
from runloop_tui.present.states import heading, run_sign, run_state_sign
from runloop_tui.present.text import cut
from runloop_tui.present.units import Times, duration, since_start

if TYPE_CHECKING:
    from runloop_tui.api.models import BenchmarkRun
    from runloop_tui.monitor.snapshot import RunRecord

_MOST_STUCK_NAMED = 3
_LONGEST_STUCK_NAME = 40


def run_detail(record: "RunRecord", now_ms: int, times: Times, width: int) -> list[Line]:
    """Return the lines of the detail pane, none wider than `width`."""
    return [
        heading(run_name(record.run), run_sign(record), width),
        *_server_state(record, width),
        *_progress(record, now_ms, times, width),
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
    if end := ends(record, now_ms, times):
        yield from labelled("ends", f"{end}, at the pace of the last hour", width)
    yield from _stuck(record, now_ms, width)


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


def _stuck(record: "RunRecord", now_ms: int, width: int) -> Iterator[Line]:
    stuck = [
        f"{cut(scenario_name(scenario_run), _LONGEST_STUCK_NAME)} ({factor:.0f}×)"
        for scenario_run in record.active
        if (factor := times_usual(scenario_run, record.usual_ms, now_ms)) is not None
    ]
    if stuck:
        more = (
            f" and {len(stuck) - _MOST_STUCK_NAMED} more" if len(stuck) > _MOST_STUCK_NAMED else ""
        )
        text = f"{len(stuck)}: {', '.join(stuck[:_MOST_STUCK_NAMED])}{more}"
        yield from labelled("stuck", text, width, tone="bad")


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
