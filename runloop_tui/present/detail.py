"""A benchmark run in full: every field that is set, its accounting, and where it stands."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from runloop_tui.monitor.progress import times_usual
from runloop_tui.present.cells import Line, Piece, Tone
from runloop_tui.present.flow import flow, labelled
from runloop_tui.present.numbers import bar, percent
from runloop_tui.present.runs import elapsed_ms, ends, run_name
from runloop_tui.present.scenarios import scenario_name
from runloop_tui.present.states import run_sign
from runloop_tui.present.text import cut, safe
from runloop_tui.present.times import Times, duration, full_moment

if TYPE_CHECKING:
    from runloop_tui.monitor.progress import Tally
    from runloop_tui.monitor.snapshot import RunRecord

MASK = "••••••"
_MOST_STUCK_NAMED = 3
_WIDEST_BAR = 40


def run_detail(record: "RunRecord", now_ms: int, times: Times, width: int) -> list[Line]:
    """The lines of the detail pane, cut to `width`."""
    return [
        *_heading(record, width),
        *_progress(record, now_ms, times, width),
        *_fields(record, width),
    ]


def _heading(record: "RunRecord", width: int) -> Iterator[Line]:
    sign = run_sign(record)
    word = f"{sign.glyph} {sign.word}"
    name = cut(run_name(record.run), max(8, width - len(word) - 2))
    yield (Piece(name, "title"), Piece("  "), Piece(word, sign.tone))
    if record.gone:
        yield (
            Piece(
                cut("The server no longer knows this run; below is what it last said.", width),
                "bad",
            ),
        )


def _progress(record: "RunRecord", now_ms: int, times: Times, width: int) -> Iterator[Line]:
    counts = record.tally
    if counts is None:
        yield (Piece("scenarios not read yet", "muted"),)
    else:
        yield _done(record, counts, width)
        yield from accounting(counts, record.planned, width)
    yield from _score(record, counts, width)
    run = record.run
    elapsed = duration(elapsed_ms(run, now_ms))
    yield from labelled(
        "elapsed", f"{elapsed}, started {full_moment(run.start_time_ms, times.zone)}", width
    )
    if end := ends(record, now_ms, times):
        yield from labelled("ends", f"{end}, at the pace of the last hour", width)
    yield from _stuck(record, now_ms, width)


def _done(record: "RunRecord", counts: "Tally", width: int) -> Line:
    total = record.planned
    if not record.all_read:
        return (Piece(f"reading the scenarios, {counts.started} so far", "muted"),)
    if total is None:
        return (
            Piece(f"{counts.done} done of {counts.started} started", "strong"),
            Piece(", total unknown", "warn"),
        )
    text = f"{counts.done} of {total} done "
    bar_width = min(_WIDEST_BAR, max(0, width - len(text) - 5))
    share = counts.done * 100 // total if total else 0
    tone: Tone = "live" if record.run.is_live else "muted"
    return (
        Piece(text, "strong"),
        Piece(bar(counts.done, total, bar_width), tone),
        Piece(f" {share:>3}%"),
    )


def accounting(counts: "Tally", total: int | None, width: int) -> list[Line]:
    """The sum of all outcomes, written as a sum: it adds up to the total, or says that the total is unknown."""
    terms: list[tuple[str, int, Tone]] = [
        ("passed", counts.passed, "good"),
        ("partial", counts.partial, "warn"),
        ("zero", counts.zero, "warn"),
        ("error", counts.error, "bad"),
        ("canceled", counts.canceled, "muted"),
        ("running", counts.running, "live"),
        ("scoring", counts.scoring, "live"),
    ]
    if counts.unscored:
        terms.append(("no score", counts.unscored, "warn"))
    if counts.other:
        terms.append(("in an unknown state", counts.other, "warn"))
    not_started = counts.not_started(total)
    if not_started is not None:
        terms.append(("not started", not_started, "plain"))
    groups: list[Line] = [
        (
            Piece("+ " if index else "", "muted"),
            Piece(f"{number} ", tone if number else "muted"),
            Piece(label, "muted"),
        )
        for index, (label, number, tone) in enumerate(terms)
    ]
    if total is None:
        groups.append((Piece(f"= {counts.started} started, total unknown", "muted"),))
    else:
        groups.append((Piece(f"= {total}", "strong"),))
    return flow(groups, width)


def _score(record: "RunRecord", counts: "Tally | None", width: int) -> Iterator[Line]:
    if record.run.score is not None:
        text = f"{percent(record.run.score)} final"
        if counts and counts.error and counts.score_so_far is not None:
            text += f", {percent(counts.score_so_far)} without the {counts.error} errors"
        yield from labelled("score", text, width, tone="strong")
    elif counts and counts.score_so_far is not None:
        text = f"{percent(counts.score_so_far)} so far, over {counts.scored} scored"
        if counts.error:
            text += f"; {percent(counts.score_with_errors)} with the {counts.error} errors as 0"
        yield from labelled("score", text, width, tone="strong")
    else:
        yield from labelled("score", "none yet" if record.run.is_live else "none", width)


def _stuck(record: "RunRecord", now_ms: int, width: int) -> Iterator[Line]:
    stuck = [
        f"{scenario_name(scenario_run)} ({factor:.0f}×)"
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
    yield from labelled("id", safe(run.id), width)
    if run.benchmark_id:
        yield from labelled("benchmark", safe(run.benchmark_id), width)
    if run.purpose:
        yield from labelled("purpose", safe(run.purpose), width)
    yield from _mapping("metadata", run.metadata, width)
    yield from _mapping("environment", dict.fromkeys(run.environment_variables, MASK), width)
    yield from _mapping(
        "secrets", {name: f"← {secret}" for name, secret in run.secrets_provided.items()}, width
    )


def _mapping(label: str, values: Mapping[str, str], width: int) -> Iterator[Line]:
    for index, (name, value) in enumerate(values.items()):
        yield from labelled(label if index == 0 else "", f"{safe(name)}  {safe(value)}", width)
