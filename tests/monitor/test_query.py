"""What is typed to find rows: words and fields, and that the word a row shows for its state finds it."""

import pytest

from runloop_tui.api.models import BenchmarkRun
from runloop_tui.monitor.arrange import (
    Order,
    arrange_job_runs,
    arrange_jobs,
    arrange_runs,
    arrange_scenario_runs,
)
from runloop_tui.monitor.counts import NOT_STARTED
from runloop_tui.monitor.job_runs import JobRun, JobSum
from runloop_tui.monitor.query import Found, Query, RunFilter, parse, parse_run_filter
from runloop_tui.monitor.snapshot import RunRecord
from runloop_tui.present.states import job_run_sign, job_sign, run_sign, scenario_sign
from tests.api.scripted import NOW_MS
from tests.monitor.job_making import job
from tests.monitor.making import HOUR_MS, run, scenario_run

FIELDS = ("state", "reason")
STATES = (
    "running",
    "completed",
    "canceled",
    "failed",
    "timeout",
    "scoring",
    "scored",
    "hibernating",
)


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("", Query()),
        ("Fix  git", Query(("fix", "git"))),
        ("state:FAILED x", Query(("x",), {"state": "failed"})),
        ("STATE:cancelled", Query((), {"state": "canceled"})),
        ("cancelled", Query(("canceled",))),
        ("reason:Patch reason:Apply", Query((), {"reason": "Apply"})),
        ("state: colour:red", Query(("state:", "colour:red"))),
    ],
)
def test_words_and_fields_are_distinguished(text: str, query: Query) -> None:
    assert parse(text, FIELDS) == query


def test_a_word_that_means_a_state_is_found_in_names_and_states_but_not_in_reasons() -> None:
    row = Found(("retry-failed-login", None, "scr_1"), ("zero", "completed"), "3 Timeout in 75 s")
    for text in ("failed", "ZERO", "scr_1 75", "completed", "reason:timeout"):
        assert parse(text, FIELDS).finds(row), text
    for text in ("timeout", "passed", "state:failed", "state:comp", "reason:login"):
        assert not parse(text, FIELDS).finds(row), text


@pytest.mark.parametrize("under_way", ["", "canceling…"])
@pytest.mark.parametrize("age_ms", [0, HOUR_MS])
@pytest.mark.parametrize("score", [None, 0.0, 0.5, 1.0])
@pytest.mark.parametrize("state", STATES)
def test_a_scenario_is_found_by_the_word_that_its_row_shows(
    state: str, score: float | None, age_ms: int, under_way: str
) -> None:
    one = scenario_run("scr_1", state, score, start_time_ms=NOW_MS - age_ms)
    late = {"scr_1": "stuck"} if age_ms else {}
    word = scenario_sign(
        one, late="stuck" if age_ms and not one.is_score_final else "", under_way=under_way
    ).word
    for search_query in (word, f"state:{word.replace(' ', '-')}"):
        found = arrange_scenario_runs(
            [one], search_query, Order("name"), reasons=lambda _: "", late=late, now_ms=NOW_MS,
            under_way=lambda _: under_way,
        )  # fmt: skip
        assert found == [one], search_query


@pytest.mark.parametrize("gone", [False, True])
@pytest.mark.parametrize("state", STATES)
def test_runs_and_jobs_are_found_by_the_word_that_their_row_shows(
    state: str, *, gone: bool
) -> None:
    record = RunRecord(run("bmr_1", state), gone=gone)
    one = job("bmj_1", state)
    for field in ("", "state:"):
        search_query = field + run_sign(record).word
        assert arrange_runs([record], search_query, Order("name"), NOW_MS) == [record], search_query
        search_query = field + job_sign(one, gone=gone).word
        ids = {one.id} if gone else set()
        found = arrange_jobs([one], search_query, Order("name"), sums=lambda _: JobSum(), gone=ids)
        assert found == [one], search_query


@pytest.mark.parametrize("state", [*STATES, "ended", NOT_STARTED])
def test_runs_of_a_job_are_found_by_the_word_that_their_row_shows(state: str) -> None:
    for gone in (False, True):
        one = JobRun("k", state=state, is_gone=gone)
        word = job_run_sign(one).word
        assert arrange_job_runs([one], f"state:{word}", Order("listed"), 0) == [one], word


# The filter of runs

RUN = BenchmarkRun(
    id="bmr_1", name="nightly", state="failed", benchmark_id="bmd_7", metadata={"agent": "Codex"}
)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("", RunFilter()),
        ("codex nightly", RunFilter(words="codex nightly")),
        ("state:FAILED", RunFilter(state="failed")),
        ("state:cancelled", RunFilter(state="canceled")),
        ("name:nightly benchmark:bmd_7 x", RunFilter("x", "nightly", "", "bmd_7")),
        ("state: other:thing", RunFilter(words="state: other:thing")),
    ],
)
def test_a_run_filter_is_parsed_from_words_and_fields(text: str, wanted: RunFilter) -> None:
    assert parse_run_filter(text) == wanted


@pytest.mark.parametrize(
    "text", ["", "codex", "NIGHT bmd_7", "state:failed", "name:nightly", "benchmark:bmd_7 codex"]
)
def test_a_run_passes_where_all_of_it_holds(text: str) -> None:
    assert parse_run_filter(text).holds_for(RUN)


@pytest.mark.parametrize(
    "text", ["goose", "codex goose", "state:running", "name:night", "benchmark:bmd_8 codex"]
)
def test_a_run_does_not_pass_where_something_does_not(text: str) -> None:
    assert not parse_run_filter(text).holds_for(RUN)
