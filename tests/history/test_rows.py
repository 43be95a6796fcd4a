"""Of two facts about one scenario run, the later attempt holds, then the further state, in any order of arrival."""

from functools import reduce
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runloop_tui.history.rows import ScenarioRow, clean, merge, merge_run, run_row, scenario_row
from tests.api.scripted import NOW_MS
from tests.history.making import a_run, record, row
from tests.monitor.making import scenario_run

STATES = ["running", "scoring", "scored", "completed", "failed", "timeout", "canceled", "odd"]


@pytest.mark.parametrize(
    ("stored", "incoming", "holds"),
    [
        ("running", "scoring", "scoring"),
        ("completed", "running", "completed"),
        ("failed", "running", "failed"),
        ("scored", "completed", "completed"),
        ("completed", "scored", "completed"),
        ("canceled", "scoring", "canceled"),
    ],
)
def test_an_older_state_never_replaces_a_newer_one(stored: str, incoming: str, holds: str) -> None:
    assert merge(row(state=stored), row(state=incoming)).row.state == holds


def test_a_later_attempt_replaces_a_failure_which_is_handed_out() -> None:
    failed, again = row(state="failed", start_ms=1_000), row(state="running", start_ms=2_000)
    assert merge(failed, again) == (again, failed)
    assert merge(again, failed) == (again, failed)


def test_a_failure_that_was_scored_after_all_is_handed_out() -> None:
    failed, scored = row(state="failed"), row(state="completed")
    assert merge(failed, scored) == (scored, failed)
    assert merge(scored, failed) == (scored, failed)


def test_what_an_answer_leaves_out_stays() -> None:
    known = row(state="failed")._replace(duration_ms=7, fingerprint="ApiRateLimitError")
    less = row(state="failed", start_ms=None)
    assert merge(known, less) == (known, None)
    assert merge(less, known) == (known, None)


def test_the_moment_of_the_first_sight_stays_until_the_end_is_known() -> None:
    first, second = (row(state="canceled")._replace(noticed_ms=at) for at in (5, 9))
    assert merge(first, second).row.noticed_ms == 5
    known = row(state="canceled")._replace(duration_ms=3)
    assert merge(first, known).row.end_ms == 1_003
    assert merge(first, known).row.noticed_ms is None


ROWS = st.builds(
    row, state=st.sampled_from(STATES), start_ms=st.sampled_from([1_000, 2_000, 3_000])
)


def attempts_after(rows: list[ScenarioRow]) -> tuple[ScenarioRow, int | None]:
    failures: list[int] = []

    def put(stored: ScenarioRow, incoming: ScenarioRow) -> ScenarioRow:
        merged = merge(stored, incoming)
        if merged.failure is not None and merged.failure.start_ms is not None:
            failures.append(merged.failure.start_ms)
        return merged.row

    return reduce(put, rows), min(failures, default=None)


@given(st.lists(ROWS, min_size=1, max_size=4, unique_by=lambda each: (each.start_ms, each.state)))
def test_attempt_and_progress_are_the_same_in_every_order_of_arrival(
    rows: list[ScenarioRow],
) -> None:
    seen = set()
    for order in permutations(rows):
        holds, _ = attempts_after(list(order))
        is_end = holds.state in {"failed", "timeout", "canceled"}
        further = (
            "ended" if is_end else "going" if holds.state in {"running", "odd"} else holds.state
        )
        seen.add((holds.start_ms, further))
    assert len(seen) == 1


@given(ROWS)
def test_the_same_fact_again_changes_nothing(fact: ScenarioRow) -> None:
    assert merge(fact, fact) == (fact, None)


def test_a_terminal_run_stays_terminal_and_keeps_what_is_left_out() -> None:
    ended = run_row(record(a_run(state="completed", score=0.5, name="n")), "codex", "m", NOW_MS)
    late = run_row(record(a_run(state="running")), "", "", NOW_MS)
    for merged in (merge_run(ended, late), merge_run(late, ended)):
        assert (merged.state, merged.score, merged.name) == ("completed", 0.5, "n")
        assert (merged.agent, merged.model) == ("codex", "m")


HOSTILE = [None, -1, float("nan"), float("inf"), 10**30, 0, 7]


@given(st.sampled_from(HOSTILE), st.sampled_from(HOSTILE), st.text())
def test_what_is_no_moment_is_unknown(start: float, duration: float, state: str) -> None:
    given = scenario_run().model_copy(
        update={"start_time_ms": start, "duration_ms": duration, "state": state}
    )
    kept = scenario_row(given, "", NOW_MS)
    assert kept.start_ms in {None, 0, 7}
    assert kept.duration_ms in {None, 0, 7}
    assert merge(kept, kept).row == kept


@given(st.text(st.characters(), max_size=400))
def test_a_kept_text_is_one_line_that_sqlite_takes(text: str) -> None:
    kept = clean(text)
    assert kept.isprintable()
    assert len(kept.encode()) <= 1_200
