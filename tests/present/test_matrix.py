"""The agents of a job against each other: the columns that fit, and the signs of the rows."""

from hypothesis import given
from hypothesis import strategies as st

from runloop_tui.analysis.attempts import Attempt
from runloop_tui.analysis.compare import matrix
from runloop_tui.api.models import BenchmarkJob
from runloop_tui.monitor.job_runs import JobRun
from runloop_tui.present.layout import line_width
from runloop_tui.present.matrix import (
    CELL_WIDTH,
    layout,
    matrix_header,
    matrix_row,
    matrix_title,
    run_line,
)
from tests.analysis.attempt_making import attempt
from tests.analysis.test_compare import run
from tests.present.building import text_of
from tests.present.hostile import assert_shows_safely, bounded, texts

AGENTS = ("codex", "goose", "claude-code")
RUNS = tuple(
    JobRun(f"run {agent}", f"bmr_{agent}", agent, "a-model", "completed", score=0.5)
    for agent in AGENTS
)
ROWS = matrix([run("10!5"), run("110c"), [*run("1!"), attempt(2, "running")]])


def shown(number: int, width: int = 80, cursor: int = 0) -> str:
    return text_of(matrix_row(ROWS[number], layout(len(RUNS), cursor, 0, width)))


def test_each_outcome_has_a_sign_and_a_score() -> None:
    said = [" ".join(shown(number).split()) for number in range(len(ROWS))]
    assert said == [
        "task-1 ✗ 0.00 ✓ 1.00 ! error",
        "task-2 ! error ✗ 0.00 ● running",
        "task-0 ✓ 1.00 ✓ 1.00 ✓ 1.00",
        "task-3 ◐ 0.50 · ·",
    ]


def test_scenarios_that_came_to_the_same_stand_back() -> None:
    at = layout(3, 0, 0, 80)
    assert [matrix_row(each, at)[0].tone for each in ROWS] == ["plain", "plain", "muted", "muted"]


def test_the_agents_stand_over_their_columns_and_that_under_the_cursor_has_a_sign() -> None:
    at = layout(3, 1, 0, 80)
    header, first = text_of(matrix_header(RUNS, 1, at)), shown(0)
    assert header.index("goose") == first.index("✓")
    assert header.index("claude-code") == first.index("!")
    assert "▸goose" in header


def test_columns_beyond_the_width_are_scrolled_to_by_the_cursor() -> None:
    narrow = 16 + 2 * CELL_WIDTH
    header = text_of(matrix_header(RUNS, 0, layout(3, 0, 0, narrow)))
    assert ("›" in header, "‹" in header, "claude" in header) == (True, False, False)
    at = layout(3, 2, 0, narrow)
    header = text_of(matrix_header(RUNS, 2, at))
    assert ("›" in header, "‹" in header, "codex" in header) == (False, True, False)
    assert layout(3, 1, at.first, narrow).first == 1, "it moves no further than it has to"


@given(st.integers(1, 30), st.integers(0, 29), st.integers(-5, 40), st.integers(1, 250))
def test_the_column_under_the_cursor_is_always_shown(
    runs: int, cursor: int, first: int, width: int
) -> None:
    cursor = min(cursor, runs - 1)
    at = layout(runs, cursor, first, width)
    assert 0 <= at.first <= cursor < at.first + at.shown <= runs
    if width >= 16 + CELL_WIDTH:
        assert at.name_width + at.shown * CELL_WIDTH <= width


def test_the_title_says_how_many_differ() -> None:
    job = BenchmarkJob(id="bmj_1", name="nightly")
    assert text_of(matrix_title(job, ROWS)) == "nightly 4 scenarios · 1 differ, 1 in errors only"
    assert text_of(matrix_title(job, None)) == "nightly reading…"
    assert text_of(matrix_title(job, (), unread=1)) == (
        "nightly 0 scenarios · 0 differ · 1 run not read yet"
    )


def test_a_line_says_whose_column_the_cursor_is_in() -> None:
    said = text_of(run_line(RUNS, 1, "", 80))
    assert said == "2 of 3  goose · a-model  ✓ completed · 50.0%"
    assert text_of(run_line(RUNS, 1, "reading…", 80)).endswith("50.0% · reading…")
    assert text_of(run_line((), 0, "", 80)) == "No run of this job has started."


@bounded
@given(texts, texts, texts, st.sampled_from((30, 44, 80, 120)))
def test_whatever_names_there_are_they_are_safe_and_fit(
    agent: str, model: str, name: str, width: int
) -> None:
    runs = (JobRun("a", "bmr_1", agent, model, state=name), *RUNS)
    at = layout(len(runs), 0, 0, width)
    found = matrix([[Attempt("scr_1", name, name, "passed", 0, 1, 1.0)]])
    for line in (
        matrix_header(runs, 0, at),
        *(matrix_row(each, at) for each in found),
        run_line(runs, 0, "", width),
    ):
        assert line_width(line) <= width
        assert_shows_safely(line, width)
