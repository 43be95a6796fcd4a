"""Failures in groups: what a group says, which are apart, and which group is growing."""

from collections.abc import Sequence
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runloop_tui.analysis.failures import (
    FailureReader,
    Failures,
    GroupMembers,
    failures_of_outcome,
    failures_of_run,
    groups_of_agents,
)
from runloop_tui.analysis.trend import Span
from runloop_tui.api.models import BenchmarkOutcome, ScenarioRun
from tests.analysis.attempt_making import START_MS
from tests.analysis.failing import because, failed, passed, wrong
from tests.monitor.making import MINUTE_MS, scenario_run

# Groups

RATE_LIMIT = because("ApiRateLimitError", "429, 6 attempts")


def groups(
    runs: Sequence[ScenarioRun], *, limited: Sequence[int] = (), buckets: int = 0
) -> Failures:
    """The groups of a run of which these failed because of a rate limit."""
    failures = {f"scr_{number}": RATE_LIMIT for number in limited}
    over = Span(START_MS, START_MS + 60 * MINUTE_MS)
    return failures_of_run(runs, failures, over, buckets)


def test_errors_and_wrong_answers_are_apart_even_where_the_words_are_the_same() -> None:
    found = groups([wrong(1, "timeout"), failed(2, "timeout"), passed(3)])
    assert [(each.fingerprint, each.ids) for each in found.errors] == [("timeout", ("scr_2",))]
    assert [(each.fingerprint, each.ids) for each in found.wrong] == [("timeout", ("scr_1",))]


def test_what_is_active_canceled_passed_or_without_a_score_is_in_no_group() -> None:
    states = ["running", "scoring", "canceled", "completed", "scored", "odd", ""]
    runs = [scenario_run(f"scr_{state}", state) for state in states]
    assert groups([*runs, passed(1)]) == Failures()


def test_a_group_says_how_many_when_and_which() -> None:
    runs = [failed(30), failed(10), failed(50), passed(20)]
    [group] = groups(runs, limited=[10, 30, 50], buckets=3).errors
    assert (group.count, group.ids) == (3, ("scr_10", "scr_30", "scr_50"))
    assert group.first_ms == START_MS + 10 * MINUTE_MS
    assert group.last_ms == START_MS + 50 * MINUTE_MS
    assert group.buckets == (1, 1, 1)
    assert group.of_last == 3
    assert group.sample == "ApiRateLimitError: 429, 6 attempts"


def test_the_sample_is_the_raw_reason_of_the_latest() -> None:
    [group] = groups([wrong(2, "\x1b[2Jafter 9 s"), wrong(1, "\x1b[2Jafter 8 s")]).wrong
    assert group.sample == "\x1b[2Jafter 9 s"


def test_one_without_times_is_counted_and_stands_last() -> None:
    runs = [scenario_run("scr_0", "failed"), failed(7)]
    [group] = groups(runs, buckets=2).errors
    assert (group.ids, group.last_ms) == (("scr_7", "scr_0"), START_MS + 7 * MINUTE_MS)
    assert sum(group.buckets) == 1


def test_the_largest_group_is_first_and_of_two_equal_ones_the_later() -> None:
    texts = ["b", "a", "c", "c", "b", "d"]
    found = groups([wrong(number, text) for number, text in enumerate(texts)])
    assert [each.fingerprint for each in found.wrong] == ["b", "c", "d", "a"]


def test_a_partial_answer_is_grouped_with_the_wrong_ones() -> None:
    [group] = groups([wrong(1, "1 failed", score=0.5), wrong(2, "2 failed")]).wrong
    assert group.count == 2


def test_what_changed_is_read_again_and_what_is_gone_is_left_out() -> None:
    reader = FailureReader()
    unchanged, before, gone = wrong(1, "bad"), failed(2), failed(3)
    reader.groups([unchanged, before, gone], {})
    runs = [unchanged, wrong(2, "bad"), failed(4)]
    failures = {"scr_4": RATE_LIMIT}
    assert reader.groups(runs, failures) == failures_of_run(runs, failures)
    assert reader.groups(runs, {}) == failures_of_run(runs, {})


# Growing


def with_errors(numbers: Sequence[int], finished: int) -> Failures:
    runs = [failed(n) if n in numbers else passed(n) for n in range(1, finished + 1)]
    return groups(runs, limited=numbers)


def test_a_group_with_a_larger_share_of_the_last_twenty_is_growing() -> None:
    [group] = with_errors([96, 97, 98, 99], 100).errors
    assert group.is_growing
    assert group.of_last == 4


def test_a_group_as_frequent_as_before_is_not_growing() -> None:
    [group] = with_errors(range(5, 101, 5), 100).errors
    assert group.of_last == 4
    assert not group.is_growing


@pytest.mark.parametrize(("finished", "growing"), [(39, False), (40, True)])
def test_nothing_is_growing_before_forty_have_finished(finished: int, growing: bool) -> None:
    [group] = with_errors(range(finished - 9, finished + 1), finished).errors
    assert group.is_growing is growing


def test_a_growing_group_is_before_a_larger_one() -> None:
    runs = [
        wrong(n, "slow") if n < 30 else wrong(n, "new" if n > 95 else "old") for n in range(100)
    ]
    assert [each.fingerprint for each in groups(runs).wrong] == ["new", "old", "slow"]


def test_scattered_errors_seldom_look_as_if_they_grew() -> None:
    chance = Random(7)
    growing = 0
    for _ in range(60):
        errors = [n for n in range(1, 101) if chance.random() < 0.1]
        growing += any(each.is_growing for each in with_errors(errors, 100).errors)
    assert growing <= 3


# Jobs


def outcome_of(*outcomes: dict[str, object]) -> BenchmarkOutcome:
    return BenchmarkOutcome.model_validate({"scenario_outcomes": outcomes})


def test_a_terminal_run_of_a_job_is_grouped_by_its_outcomes() -> None:
    reason = {"exception_type": "ApiRateLimitError", "exception_message": "429, 7 attempts"}
    found = failures_of_outcome(
        outcome_of(
            {"scenario_run_id": "scr_1", "state": "FAILED", "failure_reason": reason},
            {"scenario_run_id": "", "state": "FAILED", "failure_reason": reason},
            {"scenario_run_id": "scr_3", "state": "TIMEOUT"},
            {"scenario_run_id": "scr_4", "state": "COMPLETED", "score": 0},
            {"scenario_run_id": "scr_5", "state": "COMPLETED", "score": 1},
            {"scenario_run_id": "scr_6", "state": "CANCELED"},
        )
    )
    assert [(each.fingerprint, each.count, each.ids) for each in found.errors] == [
        ("ApiRateLimitError: #, # attempts", 2, ("scr_1",)),
        ("timeout", 1, ("scr_3",)),
    ]
    assert [(each.fingerprint, each.ids) for each in found.wrong] == [("", ("scr_4",))]
    assert found.errors[0].buckets == ()


def test_what_failed_before_it_had_a_scenario_run_is_in_the_groups_of_a_run_that_is_held() -> None:
    outcome = outcome_of(
        {"scenario_run_id": "scr_1", "state": "failed"},
        {"state": "failed", "failure_reason": RATE_LIMIT},
        {"state": "completed", "score": 1.0},
        {"state": "canceled"},
    )
    found = FailureReader().groups([failed(1)], {"scr_1": RATE_LIMIT}, run_outcome=outcome)
    [group] = found.errors
    assert (group.count, group.ids, group.without_id) == (2, ("scr_1",), 1)


# The members of one group


def test_the_members_of_a_group_are_those_that_have_its_reason_now() -> None:
    before = [failed(1), failed(2), wrong(3, "2 failed")]
    failures = {"scr_1": RATE_LIMIT}
    group = failures_of_run(before, failures).errors[0]
    members = GroupMembers(group, before, failures)
    assert members.ids(before, failures) == frozenset(group.ids)
    after = [*before[1:], failed(4), failed(5), passed(6)]
    failures = {f"scr_{number}": RATE_LIMIT for number in (2, 4)}
    group = next(each for each in failures_of_run(after, failures).errors if each.count == 2)
    members = GroupMembers(group)
    assert members.ids(after, failures) == {"scr_2", "scr_4"}
    assert members.ids([], failures) == frozenset()


def test_an_error_and_a_wrong_answer_of_the_same_words_are_in_different_groups() -> None:
    runs = [failed(1, "timeout"), wrong(2, "timeout")]
    found = failures_of_run(runs, {})
    assert GroupMembers(found.errors[0]).ids(runs, {}) == {"scr_1"}
    assert GroupMembers(found.wrong[0]).ids(runs, {}) == {"scr_2"}


@given(st.lists(st.sampled_from(["failed", "timeout", "completed", "running"]), max_size=8))
def test_the_members_of_each_group_are_its_ids_whether_or_not_they_were_known_before(
    states: list[str],
) -> None:
    runs = [scenario_run(f"scr_{number}", state, 0.0) for number, state in enumerate(states)]
    found = failures_of_run(runs, {})
    for group in (*found.errors, *found.wrong):
        for known in ([], runs):
            assert GroupMembers(group, known, {}).ids(runs, {}) == frozenset(group.ids)


# The agents of a job


def test_the_reasons_of_a_job_are_side_by_side_by_agent() -> None:
    one = groups([failed(1), failed(2), wrong(3, "no")], limited=[1])
    two = groups([failed(1), failed(4)], limited=[1, 4])
    found = groups_of_agents([one, Failures(), two])
    assert [
        (each.fingerprint, each.count, [group.count if group else 0 for group in each.by_agent])
        for each in found
    ] == [
        ("ApiRateLimitError: #, # attempts", 3, [1, 0, 2]),
        ("failed", 1, [1, 0, 0]),
        ("no", 1, [1, 0, 0]),
    ]
    assert [each.is_error for each in found] == [True, True, False]


# Any scenario runs

any_runs = st.lists(
    st.tuples(
        st.sampled_from(["failed", "timeout", "completed", "running", "odd", "canceled"]),
        st.sampled_from([None, 0.0, 0.5, 1.0]),
        st.sampled_from([None, 0, 5, 2 * 10**14]),
        st.sampled_from([None, 0, 7, 2 * 10**14]),
    ),
    max_size=20,
)


@given(any_runs, st.integers(-1, 4))
def test_each_that_failed_is_in_one_group(
    drawn: list[tuple[str, float | None, int | None, int | None]], buckets: int
) -> None:
    runs = [
        scenario_run(f"scr_{n}", state, score, start_time_ms=start, duration_ms=duration)
        for n, (state, score, start, duration) in enumerate(drawn)
    ]
    found = failures_of_run(runs, {"scr_1": RATE_LIMIT}, Span(9, 3), buckets)
    errors = {run.id for run in runs if run.state in {"failed", "timeout"}}
    answers = {run.id for run in runs if run.state == "completed" and run.score in {0.0, 0.5}}
    assert sorted(id_ for group in found.errors for id_ in group.ids) == sorted(errors)
    assert sorted(id_ for group in found.wrong for id_ in group.ids) == sorted(answers)
    for group in (*found.errors, *found.wrong):
        assert group.of_last <= min(group.count, 20)
        assert sum(group.buckets) <= group.count
