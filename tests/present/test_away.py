"""What changed while nobody looked, in words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from runloop_tui.history.queries import RunSince
from runloop_tui.history.rows import RunRow
from runloop_tui.present.away import (
    Away,
    Episode,
    away_rows,
    away_text,
    changed_runs,
    history_problem,
)
from tests.api.scripted import NOW_MS
from tests.monitor.making import HOUR_MS, MINUTE_MS
from tests.present.hostile import NASTY

SINCE_MS = NOW_MS - 3 * HOUR_MS


def a_run(name: str = "tb2-nightly", state: str = "running", **fields: object) -> RunRow:
    start_ms = NOW_MS - 9 * HOUR_MS
    row = RunRow("bmr_1", name, "bmd_1", "", "", state, None, start_ms, None, None, NOW_MS)
    return row._replace(**fields)  # type: ignore[arg-type]


def since(run: RunRow | None = None, **fields: object) -> RunSince:
    return RunSince(run or a_run(), False, 0, 0, {}, None, None)._replace(**fields)  # type: ignore[arg-type]


def away(*runs: RunSince, **fields: object) -> Away:
    found = Away(SINCE_MS, NOW_MS, runs, {}, is_before_start=False, more_runs=False)
    return found._replace(**fields)  # type: ignore[arg-type]


def texts(of: Away, width: int = 100) -> list[str]:
    return ["".join(piece.text for piece in row.line) for row in away_rows(of, width)]


def test_a_line_sums_up_all_runs() -> None:
    live = since(
        finished=200,
        errors={"ApiRateLimitError: 429 for #": 16, "AgentTimeoutError: after #s": 2},
        score_before=0.571,
        score=0.542,
    )
    ended = since(a_run("tb2-mini", "completed"), ended=True, finished=12, score=0.56)
    assert away_text(away(live)) == (
        "since 05:53 (3h 00m) · 200 finished, +18 errors (16 ApiRateLimitError), score 57.1% → 54.2%"
    )
    assert away_text(away(live, ended)) == (
        "since 05:53 (3h 00m) · 212 finished, +18 errors (16 ApiRateLimitError),"
        " score 57.1% → 54.2% in tb2-nightly, tb2-mini ended 56.0%"
    )


def test_a_look_on_another_day_has_its_day() -> None:
    long = away(since(finished=1), since_ms=NOW_MS - 20 * HOUR_MS)
    assert away_text(long).startswith("since Oct 08 12:53 (20h 00m)")


def test_each_run_has_a_line_that_leads_to_it() -> None:
    ended = since(a_run(state="failed"), ended=True, finished=3, errors={"": 3}, score=0.0)
    started = since(a_run("new", start_ms=NOW_MS - HOUR_MS), finished=2, canceled=1)
    rows = away_rows(away(ended, started), 100)
    assert [row.run_id for row in rows] == ["", "bmr_1", "bmr_1"]
    assert texts(away(ended, started))[1:] == [
        "  tb2-nightly ended: failed, 0.0% · 3 finished · +3 errors",
        "  new started · 2 finished · 1 canceled",
    ]


def test_a_line_that_is_too_long_goes_on_below_and_leads_to_its_run_as_well() -> None:
    of = away(since(finished=200, score_before=0.571, score=0.542))
    rows = [row for row in away_rows(of, 48) if row.run_id]
    assert ["".join(piece.text for piece in row.line) for row in rows] == [
        "  tb2-nightly running · 200 finished",
        "    · score 57.1% → 54.2%",
    ]


def test_a_reason_that_is_only_the_state_is_left_out() -> None:
    of = away(since(finished=5, errors={"failed": 3, "timeout": 1, "tests were not run at all": 1}))
    assert "+5 errors (1 timeout)" in texts(of)[1]


def test_a_collapse_has_its_times() -> None:
    episodes = (
        Episode(NOW_MS - 2 * HOUR_MS, NOW_MS - HOUR_MS),
        Episode(NOW_MS - 9 * MINUTE_MS, None),
    )
    of = away(since(finished=5), collapses={"bmr_1": episodes})
    assert "collapse 06:53–07:53, collapse 08:44–now" in away_text(of)
    assert "collapse 06:53–07:53 · collapse 08:44–now" in texts(of)[1]


def test_it_says_what_it_cannot_know() -> None:
    unread = since(a_run(state="completed"), ended=True, score=0.5)
    lines = texts(away(unread, is_before_start=True, more_runs=True))
    assert lines[1] == "  tb2-nightly ended: completed, 50.0% · its scenarios were not read"
    assert "not what was stuck" in lines[2]
    assert lines[3] == "Older runs that were not read are not among these."


def test_runs_that_only_started_are_counted() -> None:
    new = since(a_run(start_ms=NOW_MS - HOUR_MS))
    assert away_text(away(new)) == "since 05:53 (3h 00m) · 1 run started"


def test_a_run_in_which_nothing_happened_has_not_changed() -> None:
    old, done, new = since(), since(finished=1), since(a_run(start_ms=SINCE_MS))
    assert changed_runs((old, done, new), SINCE_MS) == (done, new)


@pytest.mark.parametrize("width", [1, 20, 76, 116])
@pytest.mark.parametrize("text", NASTY)
def test_names_states_and_reasons_are_made_safe_and_cut(text: str, width: int) -> None:
    of = away(since(a_run(text, state=text), finished=9, errors={text: 9}, ended=True))
    assert away_text(of).isprintable()
    for line in texts(of, width):
        assert line.isprintable()
        assert cell_len(line) <= max(20, width)


@given(st.text(), st.integers(0, 10**9), st.floats(0, 1), st.integers(-(10**15), 10**15))
def test_nothing_raises(text: str, number: int, score: float, at_ms: int) -> None:
    run = a_run(text, text, id=text, start_ms=at_ms)
    of = since(run, finished=number, errors={text: number}, score=score, score_before=score)
    assert away_rows(away(of, since_ms=at_ms, collapses={text: (Episode(at_ms, None),)}), 80)


def test_a_problem_is_a_sentence_and_says_that_the_app_goes_on() -> None:
    assert history_problem("the history is broken") == "The history is broken. The app goes on."
    again = "the history is broken again: the app goes on without one"
    assert history_problem(again) == f"The {again[4:]}."
