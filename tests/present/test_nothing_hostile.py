"""Whatever the models hold, everything shown is safe, and no line exceeds its width."""

from pathlib import Path
from types import SimpleNamespace
from typing import cast, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from runloop_tui.analysis.end import EndRange
from runloop_tui.analysis.slow import Slow, Stuck
from runloop_tui.api.errors import RunloopError
from runloop_tui.api.models import BenchmarkRun, ScenarioRun
from runloop_tui.logs.downloads import Download, DownloadState, Phase
from runloop_tui.monitor.actions import Intent, Outcome, Result, Verb
from runloop_tui.monitor.health import Health, ReadFailure
from runloop_tui.monitor.snapshot import RunRecord, Snapshot
from runloop_tui.present.archives import (
    active_downloads_line,
    download_ended_message,
    download_lines,
)
from runloop_tui.present.errors import error_words, health_line
from runloop_tui.present.layout import Line, Piece, row
from runloop_tui.present.notifications import (
    outcome_words,
    run_ended_message,
    scenario_ended_message,
)
from runloop_tui.present.questions import Target, action_question
from runloop_tui.present.run_detail import run_detail
from runloop_tui.present.runs import (
    RUN_COLUMNS,
    essentials,
    exit_message,
    run_card,
    run_cells,
    run_name,
    runs_title,
    summary,
    title_line,
)
from runloop_tui.present.scenario_detail import scenario_detail, scenario_preview
from runloop_tui.present.scenarios import (
    SCENARIO_COLUMNS,
    reason,
    scenario_cells,
    scenario_name,
    scenarios_title,
)
from runloop_tui.present.text import safe, safe_name
from runloop_tui.present.units import Times
from tests.present.building import NOW, WIDTHS, a_slow, a_stuck
from tests.present.hostile import (
    assert_shows_safely,
    bounded,
    errors,
    hazards,
    long_texts,
    records,
    scenario_runs,
    several_records,
    snapshots,
    states,
    texts,
)

widths = st.sampled_from((*WIDTHS, 1, 10, 20, 30, 60, 80, 120, 200))
ways = st.sampled_from(Times)
lates = st.sampled_from([None, a_slow(), a_stuck()])


def assert_safe(*said: str) -> None:
    for text in said:
        assert hazards(text) == []


def assert_all_show_safely(lines: "list[Line] | tuple[Line, ...]", width: int) -> None:
    for line in lines:
        assert_shows_safely(line, width)


@bounded
@given(records, widths, ways)
def test_of_a_run(record: RunRecord, width: int, times: Times) -> None:
    cells = run_cells(record, NOW, times)
    assert_safe(*(cell.text for cell in cells), run_name(record.run), run_ended_message(record))
    assert_shows_safely(row(RUN_COLUMNS, cells, width), width)
    assert_all_show_safely(run_card(record, NOW, times, width), width)
    assert_all_show_safely(run_detail(record, NOW, times, width), width)
    assert run_name(record.run).strip()
    assert_safe(scenarios_title(3, record))


@bounded
@given(
    scenario_runs,
    widths,
    ways,
    lates,
    st.sampled_from(["", "canceling…"]),
)
def test_of_a_scenario_run(
    scenario_run: ScenarioRun, width: int, times: Times, late: Slow | Stuck | None, under_way: str
) -> None:
    cells = scenario_cells(scenario_run, NOW, late, under_way)
    assert_safe(*(cell.text for cell in cells), scenario_name(scenario_run), reason(scenario_run))
    assert_safe(scenario_ended_message(RunRecord(BenchmarkRun(id="bmr_1")), scenario_run))
    assert_shows_safely(row(SCENARIO_COLUMNS, cells, width), width)
    in_full = scenario_detail(scenario_run, NOW, times, width, late=late, under_way=under_way)
    assert_all_show_safely(in_full, width)
    in_short = scenario_preview(scenario_run, NOW, times, width, 8, late=late, under_way=under_way)
    assert_all_show_safely(in_short, width)
    assert len(in_short) <= 8


@bounded
@given(snapshots, widths, long_texts, st.booleans(), st.booleans())
def test_of_all_runs_together(
    snapshot: Snapshot, width: int, server: str, demo: bool, read_only: bool
) -> None:
    top = title_line(snapshot, NOW, width, server=server, demo=demo, read_only=read_only)
    assert_shows_safely(top, width)
    assert_all_show_safely(essentials(snapshot, width), width)
    assert_safe(summary(snapshot), exit_message(snapshot), runs_title(3, snapshot))


@bounded
@given(
    errors,
    widths | st.just(1_000),
    long_texts,
    st.none() | st.integers(0, NOW),
    st.none() | st.integers(0, 2 * NOW),
    st.lists(texts, max_size=3),
)
def test_of_errors(
    error: RunloopError,
    width: int,
    what: str,
    fresh_ms: int | None,
    next_try_ms: int | None,
    warnings: list[str],
) -> None:
    assert_safe(error_words(error))
    for failure in (ReadFailure(what, error), None):
        health = Health(fresh_ms, failure, next_try_ms, warnings=tuple(warnings))
        assert_shows_safely(health_line(health, NOW, 5.0, width), width)


@bounded
@given(
    st.none() | errors,
    st.sampled_from(get_args(Verb)),
    st.sampled_from(get_args(Result)),
    states | texts,
    long_texts,
)
def test_of_an_outcome(
    error: RunloopError | None, verb: Verb, result: Result, state: str, name: str
) -> None:
    words = outcome_words(Outcome(Intent(verb, "bmr_1"), result, state, error), safe_name(name))
    assert_safe(words)
    assert words.endswith(".")


@bounded
@given(
    several_records,
    st.sampled_from(get_args(Verb)),
    st.sampled_from([None, "scr_1"]),
)
def test_of_a_question(held: list[RunRecord], verb: Verb, scenario_run_id: str | None) -> None:
    targets = [
        Target(Intent(verb, record.id, scenario_run_id), run_name(record.run), record)
        for record in held
    ]
    ends = {
        "bmr_1": EndRange(NOW, NOW, None),
        **{each.id: EndRange(NOW, NOW, NOW) for each in held},
    }
    question = action_question(targets, NOW, ends)
    assert_safe(question.title, *question.lines, question.yes, question.no)
    assert len(question.lines) <= 11
    assert all(cell_len(line) <= 72 for line in question.lines)


@bounded
@given(
    st.sampled_from(get_args(Phase)),
    long_texts,
    widths,
    st.integers(0, 10**14),
    st.none() | st.integers(0, 10**40),
    st.none() | st.floats(0, 1e18),
    st.none()
    | errors
    | st.builds(OSError, st.integers(1, 99), texts)
    | st.builds(Exception, texts),
)
def test_of_a_download(
    phase: Phase,
    title: str,
    width: int,
    received: int,
    size: int | None,
    rate: float | None,
    error: Exception | None,
) -> None:
    path = Path("/tmp") / safe(title)[:200].replace("/", "_")
    state = DownloadState(phase, received, size, rate, path, error if phase == "failed" else None)
    download = cast(
        "Download",
        SimpleNamespace(
            title=title, target_id="bmr_1", state=state, is_final=True, is_private=False
        ),
    )
    assert_all_show_safely(download_lines(download, width), width)
    assert_shows_safely(active_downloads_line([download, download], width), width)
    if state.is_over:
        assert_safe(download_ended_message(download))


@pytest.mark.parametrize("width", WIDTHS)
def test_columns_do_not_move_whatever_comes(width: int) -> None:
    hostile = ("\x1b[2J" * 9, "漢" * 500, "e\u0301\u0316" * 500, "\U0001f468\u200d\U0001f469", "")
    for columns in (RUN_COLUMNS, SCENARIO_COLUMNS):
        layouts = {
            tuple(
                cell_len(piece.text)
                for piece in row(columns, tuple(Piece(safe(text)) for _ in columns), width)
            )
            for text in hostile
        }
        assert len(layouts) == 1
