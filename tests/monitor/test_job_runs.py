"""The runs of a job: those that go on and those that are terminal, none twice, none left out, and sums that add up."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runloop_tui.monitor.arrange import Order, arrange_job_runs, arrange_jobs, job_run_elapsed_ms
from runloop_tui.monitor.counts import NOT_STARTED, Tally
from runloop_tui.monitor.job_index import JobIndex, job_total
from runloop_tui.monitor.job_runs import (
    JobRun,
    SideBySide,
    job_runs,
    sum_of,
)
from runloop_tui.monitor.run_index import RunIndex
from runloop_tui.monitor.snapshot import Jobs, RunRecord, Snapshot
from tests.monitor.account import Wire
from tests.monitor.job_making import (
    CANCELED,
    FAILED,
    HALF,
    PASSED,
    TIMEOUT,
    ZERO,
    going_on,
    job,
    outcome,
)
from tests.monitor.making import run, scenario_run


def record(run_id: str, *states: tuple[str, float | None], **fields: Any) -> RunRecord:  # noqa: ANN401 - those of a record
    """A run whose scenario runs were all read."""
    held = tuple(
        scenario_run(f"scr_{number}", state, score) for number, (state, score) in enumerate(states)
    )
    index = RunIndex()
    for each in held:
        index.put(each)
    given: dict[str, Any] = {
        "tally": index.tally,
        "scenario_runs": held,
        "all_read": True,
        **fields,
    }
    return RunRecord(run=run(run_id), **given)


def agents(runs: tuple[JobRun, ...]) -> list[str]:
    return [each.agent for each in runs]


# Merging


def test_each_outcome_is_in_one_count() -> None:
    (one,) = job_runs(
        job(outcomes=(outcome("bmr_1", "a", PASSED, HALF, ZERO, FAILED, TIMEOUT, CANCELED),)), {}
    )
    assert one.counts == Tally(
        passed=1, partial=1, zero=1, error=2, timed_out=1, canceled=1, score_sum=1.5
    )
    assert (one.agent, one.model, one.run_id) == ("a", "a-model", "bmr_1")
    assert (one.score, one.is_terminal) == (1.5 / 5, True)


def test_a_run_in_progress_counts_what_is_known_of_its_scenario_runs() -> None:
    known = record(
        "bmr_1",
        ("completed", 1.0),
        ("scored", 0.5),
        ("failed", None),
        ("timeout", None),
        ("running", None),
        ("scoring", None),
    )
    (one,) = job_runs(job(in_progress=(going_on("bmr_1", "a"),), scenarios=9), {"bmr_1": known})
    assert one.counts == Tally(
        passed=1, partial=1, error=2, timed_out=1, running=1, scoring=1, score_sum=1.5
    )
    assert (one.counts.finished, one.counts.started, one.not_started) == (4, 6, 3)
    assert not one.is_terminal


def test_a_run_in_progress_whose_scenario_runs_are_not_read_has_no_counts_yet() -> None:
    wire = job(in_progress=(going_on("bmr_1", "a"),), scenarios=9)
    for records in ({}, {"bmr_1": record("bmr_1", ("running", None), all_read=False)}):
        (one,) = job_runs(wire, records)
        assert one.counts is None
        assert (one.total, sum_of([one]).not_read) == (9, 1)


def test_a_run_that_is_in_progress_and_has_an_outcome_counts_once_by_its_outcome() -> None:
    listed = job(
        outcomes=(outcome("bmr_1", "a", PASSED),),
        in_progress=(going_on("bmr_1", "a"), going_on("bmr_2", "b")),
    )
    runs = job_runs(listed, {"bmr_1": record("bmr_1", ("running", None))})
    assert [(each.run_id, each.is_terminal) for each in runs] == [("bmr_1", True), ("bmr_2", False)]
    assert runs[0].counts == Tally(passed=1, score_sum=1.0)


def test_a_run_that_is_listed_twice_counts_once_as_it_was_listed_last() -> None:
    listed = job(
        outcomes=(outcome("bmr_1", "a", ZERO), outcome("bmr_1", "a", PASSED)),
        in_progress=(going_on("bmr_2", "b"), going_on("bmr_2", "b")),
    )
    assert [(each.run_id, each.counts) for each in job_runs(listed, {})] == [
        ("bmr_1", Tally(passed=1, score_sum=1.0)),
        ("bmr_2", None),
    ]


def test_runs_without_an_id_are_all_there() -> None:
    listed = job(
        outcomes=(outcome("", "a", PASSED), outcome("", "b", ZERO)),
        in_progress=(going_on("", "c"),),
    )
    runs = job_runs(listed, {})
    assert agents(runs) == ["a", "b", "c"]
    assert len({each.key for each in runs}) == 3


def test_an_agent_without_a_run_is_still_to_come() -> None:
    listed = job(agents=("a", "b", "b"), in_progress=(going_on("bmr_1", "b"),), scenarios=4)
    runs = job_runs(listed, {})
    assert [(each.agent, each.state) for each in runs] == [
        ("a", NOT_STARTED),
        ("b", "running"),
        ("b", NOT_STARTED),
    ]
    assert [each.not_started for each in runs] == [4, None, 4]


def test_a_run_that_calls_its_agent_by_another_name_is_not_waited_for_once_more() -> None:
    listed = job(agents=("a", "b"), outcomes=(outcome("bmr_1", "A (pinned)", PASSED),))
    assert sorted(agents(job_runs(listed, {}))) == ["A (pinned)", "a"]


def test_runs_are_in_the_order_of_their_agents_in_the_spec_whether_or_not_they_are_terminal() -> (
    None
):
    listed = job(
        agents=("a", "b", "c"),
        outcomes=(outcome("bmr_3", "c", PASSED), outcome("bmr_1", "a", PASSED)),
        in_progress=(going_on("bmr_2", "b"),),
    )
    assert agents(job_runs(listed, {})) == ["a", "b", "c"]


def test_a_terminal_run_has_its_own_state_where_it_is_known() -> None:
    listed = job(outcomes=(outcome("bmr_1", "a", FAILED),))
    assert job_runs(listed, {})[0].state == "ended"
    terminal = RunRecord(run=run("bmr_1", "failed"))
    assert job_runs(listed, {"bmr_1": terminal})[0].state == "failed"


# What does not fit together


def test_the_servers_counts_go_in_where_they_go_beyond_its_list() -> None:
    listed = job(outcomes=(outcome("bmr_1", "a", PASSED, n_completed=3, n_failed=2, n_timeout=1),))
    (one,) = job_runs(listed, {})
    assert one.counts == Tally(passed=1, unscored=2, error=3, timed_out=1, score_sum=1.0)
    assert one.contradicts_its_counts


def test_counts_that_agree_with_the_list_are_not_marked_as_different() -> None:
    listed = job(outcomes=(outcome("bmr_1", "a", PASSED, FAILED, n_completed=1, n_failed=1),))
    assert not job_runs(listed, {})[0].contradicts_its_counts


def test_outcomes_without_a_scenario_run_are_counted_and_reported() -> None:
    never = {**FAILED, "scenario_run_id": None}
    (one,) = job_runs(job(outcomes=(outcome("bmr_1", "a", PASSED, never, never),)), {})
    assert (one.without_run, one.counts) == (2, Tally(passed=1, error=2, score_sum=1.0))


def test_a_scenario_run_that_is_listed_twice_counts_once() -> None:
    twice = {**PASSED, "scenario_run_id": "scr_same"}
    (one,) = job_runs(job(outcomes=(outcome("bmr_1", "a", twice, twice),)), {})
    assert one.counts == Tally(passed=1, score_sum=1.0)


def test_a_total_below_what_has_started_gives_way_and_says_by_how_much() -> None:
    (one,) = job_runs(job(outcomes=(outcome("bmr_1", "a", PASSED, ZERO, ZERO),), scenarios=2), {})
    assert (one.total, one.planned, one.beyond_total, one.not_started) == (2, 3, 1, 0)


def test_a_run_that_the_server_no_longer_knows_is_gone() -> None:
    listed = job(outcomes=(outcome("bmr_1", "a", PASSED),), in_progress=(going_on("bmr_2", "b"),))
    runs = job_runs(listed, {"bmr_1": RunRecord(run=run("bmr_1"), gone=True)}, frozenset({"bmr_2"}))
    assert [each.is_gone for each in runs] == [True, True]


@pytest.mark.parametrize(
    ("fields", "total"),
    [
        ({"scenarios": 3}, 3),
        ({"job_source": {"type": "scenarios", "scenario_ids": ["scn_1", "scn_2"]}}, 2),
        ({"job_spec": {"scenario_ids": ["scn_1", "scn_1"]}}, 1),
        ({"job_source": {"type": "benchmark", "benchmark_id": "bmd_1"}}, None),
        ({}, None),
    ],
)
def test_the_total_is_that_of_the_spec_else_of_the_source(fields: Wire, total: int | None) -> None:
    assert job_total(job(**fields)) == total


def test_the_total_of_a_run_is_its_own_where_the_job_says_none() -> None:
    listed = job(in_progress=(going_on("bmr_1", "a"),))
    assert job_runs(listed, {"bmr_1": record("bmr_1", total=7)})[0].total == 7
    assert sum_of(job_runs(listed, {})).total is None


# Sums


def test_the_sum_of_three_agents_adds_up() -> None:
    never = {**FAILED, "scenario_run_id": None}
    listed = job(
        agents=("done", "broken", "live"),
        scenarios=4,
        outcomes=(
            outcome("bmr_1", "done", PASSED, HALF, ZERO, TIMEOUT),
            outcome("bmr_2", "broken", FAILED, never, never, never),
        ),
        in_progress=(going_on("bmr_3", "live"),),
    )
    live = record("bmr_3", ("completed", 1.0), ("running", None))
    runs = job_runs(listed, {"bmr_3": live})
    together = sum_of(runs)
    assert together.counts == Tally(
        passed=2, partial=1, zero=1, error=5, timed_out=1, running=1, score_sum=2.5
    )
    assert (together.total, together.not_read, together.counts.finished) == (12, 0, 9)
    assert sum(each.not_started or 0 for each in runs) == 2


_SCENARIOS = st.builds(
    lambda state, score, id_: {"state": state, "score": score, "scenario_run_id": id_},
    st.sampled_from(["COMPLETED", "FAILED", "TIMEOUT", "CANCELED", "DREAMING", ""]),
    st.sampled_from([None, 0, 0.5, 1]),
    st.sampled_from([None, "scr_1", "scr_2", "scr_3"]),
)
_COUNT = st.none() | st.integers(0, 5)
_OUTCOMES = st.builds(
    lambda id_, agent, scenarios, counts: outcome(
        id_, agent, *scenarios, n_completed=counts[0], n_failed=counts[1], n_timeout=counts[2]
    ),
    st.sampled_from(["", "bmr_1", "bmr_2", "bmr_3"]),
    st.sampled_from("abc"),
    st.lists(_SCENARIOS, max_size=6),
    st.tuples(_COUNT, _COUNT, _COUNT),
)
_IN_PROGRESS = st.builds(
    going_on, st.sampled_from(["", "bmr_1", "bmr_2", "bmr_3"]), st.sampled_from("abc")
)


@given(
    outcomes=st.lists(_OUTCOMES, max_size=4),
    in_progress=st.lists(_IN_PROGRESS, max_size=4),
    agent_names=st.lists(st.sampled_from("abc"), max_size=4),
    scenarios=st.integers(0, 6),
)
def test_whatever_a_job_says_no_run_counts_twice_none_is_left_out_and_all_adds_up(
    outcomes: list[Wire], in_progress: list[Wire], agent_names: list[str], scenarios: int
) -> None:
    listed = job(
        outcomes=tuple(outcomes),
        in_progress=tuple(in_progress),
        agents=tuple(agent_names),
        scenarios=scenarios,
    )
    live = record("bmr_1", ("completed", 1.0), ("running", None), ("zombie", None))
    runs = job_runs(listed, {"bmr_1": live})
    named = {each["benchmark_run_id"] for each in (*outcomes, *in_progress)} - {""}
    assert sorted(each.run_id for each in runs if each.run_id) == sorted(named)
    nameless = sum(not each["benchmark_run_id"] for each in (*outcomes, *in_progress))
    begun = [each for each in runs if each.state != NOT_STARTED]
    assert len(begun) == len(named) + nameless
    assert len({each.key for each in runs}) == len(runs) >= len(agent_names)
    for each in runs:
        if each.counts is not None and each.planned is not None:
            assert each.counts.started + (each.not_started or 0) == each.planned
    together = sum_of(runs)
    assert together.counts.started == sum(each.counts.started for each in runs if each.counts)
    if together.total is not None:
        assert together.total == sum(each.planned or 0 for each in runs)
        assert together.counts.started <= together.total


# What is known


def test_a_terminal_job_stays_terminal() -> None:
    index = JobIndex()
    index.put(job(state="completed"))
    index.put(job(state="running"))
    assert index.jobs().items[0].state == "completed"


def test_an_equal_answer_changes_nothing() -> None:
    index = JobIndex()
    first = job(outcomes=(outcome("bmr_1", "a", PASSED),))
    assert index.put(first) == {"bmr_1"}
    assert index.put(job(outcomes=(outcome("bmr_1", "a", PASSED),))) == set()
    assert index.jobs().items[0] is first


def test_a_run_knows_its_job_its_total_and_why_its_scenarios_failed() -> None:
    index = JobIndex()
    index.put(
        job(
            outcomes=(outcome("bmr_1", "a", PASSED, FAILED),),
            in_progress=(going_on("bmr_2", "b"),),
            scenarios=5,
        )
    )
    terminal, live = index.of_run("bmr_1"), index.of_run("bmr_2")
    assert terminal is not None
    assert live is not None
    assert (terminal.job_id, terminal.total, terminal.has_outcome) == ("bmj_1", 5, True)
    assert list(terminal.failures) == ["scr_bmr_1_1"]
    assert terminal.failures["scr_bmr_1_1"].exception_type == "EnvironmentStartTimeoutError"
    assert (live.total, live.has_outcome, live.failures) == (5, False, {})
    assert index.of_run("bmr_9") is None


def test_an_outcome_without_a_scenario_run_is_counted_with_the_run_too() -> None:
    never = {**FAILED, "scenario_run_id": None}
    late = {**TIMEOUT, "scenario_run_id": None}
    cut_off = {**CANCELED, "scenario_run_id": None}
    listed = job(
        outcomes=(outcome("bmr_1", "a", PASSED, never, never, late, cut_off),), scenarios=5
    )
    index = JobIndex()
    index.put(listed)
    known = record("bmr_1", ("completed", 1.0), total=5, job=index.of_run("bmr_1"))
    counts = Tally(passed=1, error=3, timed_out=1, canceled=1, score_sum=1.0)
    (one,) = job_runs(listed, {"bmr_1": known})
    assert known.counts == one.counts == counts
    assert known.score == one.score == 0.25
    assert (known.planned, counts.not_started(known.planned)) == (5, 0)
    unread = record("bmr_1", total=5, job=index.of_run("bmr_1"), tally=None)
    assert (unread.counts, unread.score) == (None, 0.25)


def test_a_run_of_which_only_the_average_is_given_has_its_score_with_errors_as_zero() -> None:
    listed = job(outcomes=(outcome("bmr_1", "a", n_completed=3, n_failed=1, average_score=0.8),))
    (one,) = job_runs(listed, {})
    assert one.score == pytest.approx(0.6)


def test_jobs_are_newest_first_whatever_the_order_in_which_they_came() -> None:
    index = JobIndex()
    index.put(job("bmj_old", create_time_ms=1))
    index.put(job("bmj_new", create_time_ms=9))
    assert [each.id for each in index.jobs().items] == ["bmj_new", "bmj_old"]


def test_the_runs_of_a_job_are_merged_anew_only_when_something_of_them_has_changed() -> None:
    listed = job(in_progress=(going_on("bmr_1", "a"),))
    jobs, merged = Jobs((listed,)), SideBySide()
    live = record("bmr_1", ("running", None))
    before = merged.of(listed, Snapshot(records=(live,), jobs=jobs))
    assert merged.of(listed, Snapshot(records=(live, record("bmr_9")), jobs=jobs)) is before
    terminal = record("bmr_1", ("completed", 1.0))
    after = merged.of(listed, Snapshot(records=(terminal,), jobs=jobs))
    assert after[0].counts == Tally(passed=1, score_sum=1.0)


# Filters and orders


def test_jobs_are_found_by_all_words_in_name_state_agents_and_source() -> None:
    one = job("bmj_1", agents=("codex",), name="nightly")
    other = job("bmj_2", "failed", job_source={"type": "benchmark", "benchmark_name": "tb2"})
    for search_query, found in (
        ("NIGHTLY codex", [one]),
        ("tb2 failed", [other]),
        ("bmj_", [one, other]),
        ("nightly tb2", []),
    ):
        arranged = arrange_jobs(
            [one, other],
            search_query,
            Order("created"),
            sums=lambda each: sum_of(job_runs(each, {})),
        )
        assert arranged == found, search_query


@pytest.mark.parametrize(
    ("key", "ids"),
    [("created", "cba"), ("name", "bca"), ("state", "bac"), ("progress", "bca")],
)
def test_jobs_are_sorted_by_each_order_and_from_its_other_end(key: str, ids: str) -> None:
    jobs = [
        job("a", "queued", name="z", create_time_ms=1),
        job(
            "b",
            "initializing",
            name="x",
            create_time_ms=2,
            scenarios=1,
            outcomes=(outcome("bmr_1", "a", PASSED),),
        ),
        job("c", "completed", name="y", create_time_ms=3),
    ]

    def arranged(order: Order) -> str:
        found = arrange_jobs(jobs, "", order, sums=lambda each: sum_of(job_runs(each, {})))
        return "".join(each.id for each in found)

    assert arranged(Order(key)) == ids
    reverse = arranged(Order(key, reverse=True))
    assert reverse == (ids if key == "progress" else ids[::-1])  # what is not known stays last


def test_the_runs_of_a_job_are_filtered_and_sorted() -> None:
    listed = job(
        agents=("b", "a"),
        outcomes=(
            outcome("bmr_1", "b", PASSED, duration_ms=5),
            outcome("bmr_2", "a", ZERO, ZERO, duration_ms=9),
        ),
        scenarios=2,
    )
    runs = job_runs(listed, {})
    orders = {"listed": "ba", "agent": "ab", "model": "ab", "done": "ab", "score": "ba"}
    for key, expected in (*orders.items(), ("elapsed", "ab"), ("state", "ba")):
        assert "".join(each.agent for each in arrange_job_runs(runs, "", Order(key), 0)) == expected
    assert agents(tuple(arrange_job_runs(runs, "A-MODEL", Order("listed"), 0))) == ["a"]
    assert arrange_job_runs(runs, "no-such-agent", Order("listed"), 0) == []


def test_the_time_of_a_run_goes_on_until_it_is_terminal() -> None:
    assert job_run_elapsed_ms(JobRun("k", start_ms=1_000), 5_000) == 4_000
    assert job_run_elapsed_ms(JobRun("k", start_ms=1_000, duration_ms=7), 5_000) == 7
    assert job_run_elapsed_ms(JobRun("k", start_ms=1_000, is_terminal=True), 5_000) is None
    assert job_run_elapsed_ms(JobRun("k"), 5_000) is None
