"""Counts of scenario runs, and the score made of them."""

from dataclasses import fields
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runloop_tui.api.models import ScenarioRun
from runloop_tui.monitor.counts import Tally, outcome
from runloop_tui.monitor.run_index import RunIndex
from runloop_tui.monitor.store import Store
from tests.monitor.making import run, scenario_run

# Counts and score: every scenario run is in exactly one count, and the counts add up

COUNTS = [field.name for field in fields(Tally) if field.name not in {"score_sum", "timed_out"}]

states = st.sampled_from(
    ["running", "scoring", "scored", "completed", "canceled", "timeout", "failed", "paused", ""]
)
scores = st.sampled_from([None, -1.0, 0.0, 1e-9, 0.1, 0.25, 0.999, 1.0, 3.0])
scenario_runs = st.builds(
    scenario_run,
    st.sampled_from([f"scr_{number}" for number in range(12)]),
    states,
    scores,
    start_time_ms=st.none() | st.integers(0, 10_000),
    duration_ms=st.none() | st.integers(0, 10_000),
)


def index_of(*held: ScenarioRun) -> RunIndex:
    index = RunIndex()
    for each in held:
        index.put(each)
    return index


def tally_of(*held: ScenarioRun) -> Tally:
    return index_of(*held).tally


def counts_in(tally: Tally) -> dict[str, int]:
    return {name: getattr(tally, name) for name in COUNTS if getattr(tally, name)}


@pytest.mark.parametrize(
    ("state", "score", "count"),
    [
        ("completed", 1.0, "passed"),
        ("scored", 1.0, "passed"),
        ("completed", 1.5, "passed"),
        ("completed", 0.999, "partial"),
        ("scored", 0.001, "partial"),
        ("completed", 0.0, "zero"),
        ("completed", -0.5, "zero"),
        ("completed", None, "unscored"),
        ("scored", None, "unscored"),
        ("failed", None, "error"),
        ("timeout", None, "error"),
        ("canceled", None, "canceled"),
        ("running", None, "running"),
        ("scoring", None, "scoring"),
        ("hibernating", None, "other"),
        ("", None, "other"),
    ],
)
def test_each_scenario_run_is_in_one_count(state: str, score: float | None, count: str) -> None:
    assert counts_in(tally_of(scenario_run("scr_1", state, score))) == {count: 1}


@pytest.mark.parametrize("state", ["failed", "timeout", "canceled", "running", "scoring", "odd"])
def test_a_score_counts_only_once_it_is_final(state: str) -> None:
    tally = tally_of(scenario_run("scr_1", state, 0.0), scenario_run("scr_2", "completed", 1.0))
    assert (tally.zero, tally.scored, tally.score_without_errors) == (0, 1, 1.0)


def test_errors_count_as_zero_in_the_score_and_are_left_out_of_the_other_reading() -> None:
    tally = tally_of(
        scenario_run("scr_1", "completed", 1.0),
        scenario_run("scr_2", "completed", 0.5),
        scenario_run("scr_3", "failed"),
        scenario_run("scr_4", "timeout"),
        scenario_run("scr_5", "canceled"),
    )
    assert tally.score == 0.375
    assert tally.score_without_errors == 0.75
    assert (tally.finished, tally.canceled, tally.terminal) == (4, 1, 5)
    assert (tally.error, tally.failed, tally.timed_out) == (2, 1, 1)


def test_there_is_no_score_before_the_first() -> None:
    assert tally_of(scenario_run("scr_1")).score_without_errors is None
    assert Tally().score is None
    assert tally_of(scenario_run("scr_1", "failed")).score == 0.0


def test_what_has_not_started_is_the_rest_of_the_total() -> None:
    tally = tally_of(scenario_run("scr_1"), scenario_run("scr_2", "failed"))
    assert tally.not_started(5) == 3
    assert tally.not_started(None) is None


def test_a_total_smaller_than_what_has_started_leaves_nothing_to_start() -> None:
    store = Store()
    store.learn_run(run(benchmark_id="bmd_1"), store.stamp())
    store.learn_total("bmd_1", 1, store.stamp())
    stamp = store.begin_sweep("bmr_1")
    store.learn_scenario_runs("bmr_1", [scenario_run("scr_1"), scenario_run("scr_2")], stamp)
    store.end_sweep("bmr_1", {"scr_1", "scr_2"}, stamp)
    [record] = store.snapshot_now().records
    assert record.tally is not None
    assert (record.total, record.planned) == (1, 2)
    assert record.tally.not_started(record.planned) == 0


def test_an_unknown_total_is_none_and_not_what_has_started() -> None:
    store = Store()
    store.learn_run(run(), store.stamp())
    store.end_sweep("bmr_1", set(), store.begin_sweep("bmr_1"))
    [record] = store.snapshot_now().records
    assert (record.tally, record.total, record.planned) == (Tally(), None, None)


@given(st.lists(scenario_runs))
def test_the_counts_add_up_to_all_that_started(held: list[ScenarioRun]) -> None:
    latest = {each.id: each for each in held}
    tally = tally_of(*held)
    assert sum(getattr(tally, name) for name in COUNTS) == tally.started == len(latest)
    assert tally.terminal == sum(each.is_score_final for each in latest.values())
    assert tally.finished == tally.terminal - tally.canceled
    assert tally.timed_out == sum(each.state == "timeout" for each in latest.values())


@given(st.lists(scenario_runs), st.sets(st.sampled_from([f"scr_{n}" for n in range(12)])))
def test_an_index_counts_incrementally_what_it_would_count_anew(
    held: list[ScenarioRun], kept: set[str]
) -> None:
    index = index_of(*held)
    index.keep_only(kept)
    latest = [each for each in {each.id: each for each in held}.values() if each.id in kept]
    anew = index_of(*latest)
    assert index.scenario_runs == anew.scenario_runs == tuple(latest)
    assert index.tally == anew.tally
    assert {each.id for each in index.active} == {
        each.id for each in latest if not each.is_score_final
    }
    assert len(index) == len(latest)


@given(st.lists(scores, min_size=1))
def test_the_score_is_the_mean_of_all_scores(given_scores: list[float | None]) -> None:
    tally = tally_of(
        *(scenario_run(f"scr_{n}", "completed", score) for n, score in enumerate(given_scores))
    )
    known = [Fraction(score) for score in given_scores if score is not None]
    mean = float(sum(known) / len(known)) if known else None
    assert (
        tally.score == tally.score_without_errors == (None if mean is None else pytest.approx(mean))
    )


def test_the_outcome_names_a_count_of_the_tally() -> None:
    for state in ("running", "scoring", "scored", "completed", "canceled", "timeout", "odd"):
        assert outcome(scenario_run("scr_1", state, 0.5)) in COUNTS
