"""Comparison of two runs by scenario: flips, errors, the difference and its interval, and what is more than chance."""

import math
from collections.abc import Iterable
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runloop_tui.analysis.attempts import Attempt
from runloop_tui.analysis.compare import Comparison, Result, compare, matrix, mid_p, results
from tests.analysis.attempt_making import any_attempts, attempt, scored


def run(letters: str) -> list[Attempt]:
    """One attempt per scenario: "1" passed, "0" zero, "5" half, "!" an error, "r" running, "c" canceled, " " none."""
    held = []
    for number, letter in enumerate(letters):
        match letter:
            case "1" | "0":
                held.append(scored(number, float(letter)))
            case "5":
                held.append(scored(number, 0.5))
            case "!":
                held.append(attempt(number, "error"))
            case "r":
                held.append(attempt(number, "running"))
            case "c":
                held.append(attempt(number, "canceled"))
    return held


def compared(before: str, after: str, *, both_terminal: bool = True) -> Comparison:
    return compare(run(before), run(after), both_terminal=both_terminal)


def names(flips: Iterable[tuple[str, str, object, object]]) -> list[str]:
    return [name for _, name, _, _ in flips]


# Pairs and flips


def test_the_flips_are_named_in_both_directions() -> None:
    found = compared("110010", "101010")
    assert (names(found.better), names(found.worse)) == (["task-2"], ["task-1"])
    assert found.worse[0] == ("scn_1", "task-1", 1.0, 0.0)
    assert found.pairs == 6


def test_pairs_are_made_by_scenario_and_not_by_position() -> None:
    before = [scored(1, 1.0), scored(2, 0.0)]
    found = compare(before, before[::-1], both_terminal=True)
    assert (found.pairs, found.better, found.worse) == (2, (), ())


def test_errors_are_named_and_in_no_pair() -> None:
    found = compared("1!!1", "!1!1")
    assert (names(found.new_errors), names(found.gone_errors)) == (["task-0"], ["task-1"])
    assert found.new_errors[0] == ("scn_0", "task-0", 1.0, None)
    assert (found.errors_in_both, found.pairs, found.unpaired) == (1, 1, 0)
    assert (found.score_before, found.score_after) == (1.0, 1.0)


def test_only_scenarios_that_are_finished_in_both_are_paired() -> None:
    found = compared("111c! 1", "1r 11r1")
    assert (found.pairs, found.unpaired) == (2, 4)
    assert names(found.gone_errors) == ["task-4"]


def test_a_scenario_without_an_id_is_in_no_pair() -> None:
    nameless = [attempt(1, scenario_id="")]
    found = compare(nameless, nameless, both_terminal=True)
    assert (found.pairs, found.unpaired) == (0, 0)


def test_several_attempts_at_one_scenario_are_their_mean() -> None:
    several = [scored(1, score, attempt_id=f"scr_{score}") for score in (0.0, 1.0, 0.5)]
    assert results(several) == {"scn_1": Result(0.5)}
    assert results([*several, attempt(1, "error")]) == {"scn_1": Result(0.5)}


def test_a_scenario_with_an_attempt_under_way_is_not_final() -> None:
    [result] = results([scored(1, 1.0), attempt(1, "running")]).values()
    assert result == Result(1.0, is_active=True)
    assert not result.is_final


def test_the_largest_change_is_named_first() -> None:
    assert names(compared("0500", "1151").better) == ["task-0", "task-3", "task-1", "task-2"]


def test_a_comparison_turned_round_has_its_flips_and_difference_turned_round() -> None:
    one, other = compared("1100!r5", "0110110"), compared("0110110", "1100!r5")
    assert names(one.better) == names(other.worse)
    assert names(one.new_errors) == names(other.gone_errors)
    assert one.difference == pytest.approx(-(other.difference or 0.0))
    assert one.p == other.p


# The difference


def binary(better: int, worse: int, pairs: int, *, both_terminal: bool = True) -> Comparison:
    same = pairs - better - worse
    return compared(
        "0" * better + "1" * worse + "1" * same,
        "1" * better + "0" * worse + "1" * same,
        both_terminal=both_terminal,
    )


def test_the_interval_of_the_difference_comes_from_the_flips() -> None:
    found = binary(better=12, worse=6, pairs=100)
    assert found.difference == pytest.approx(0.06)
    half = 1.96 * math.sqrt(12 + 6 - 6**2 / 100) / 100
    assert found.low == pytest.approx(0.06 - half)
    assert found.high == pytest.approx(0.06 + half)


@pytest.mark.parametrize(("pairs", "points"), [(89, 9), (500, 4)])
def test_the_smallest_difference_that_could_be_told_at_a_fifth_of_flips(
    pairs: int, points: int
) -> None:
    flips = round(0.2 * pairs)
    found = binary(better=flips // 2, worse=flips - flips // 2, pairs=pairs)
    assert found.detectable is not None
    assert round(found.detectable * 100) == points


def test_without_a_flip_the_interval_follows_the_rule_of_three() -> None:
    found = binary(better=0, worse=0, pairs=60)
    assert (found.low, found.high, found.detectable) == (-0.05, 0.05, 0.05)
    found = binary(better=10, worse=0, pairs=10)
    assert found.low == pytest.approx(0.7)


@pytest.mark.parametrize(
    ("changes", "quantile"), [([0.5, 0.0], 12.706), ([0.5] * 5 + [0.0] * 6, 2.228)]
)
def test_fractional_scores_have_a_t_interval(changes: list[float], quantile: float) -> None:
    before = [scored(number, 0.25) for number in range(len(changes))]
    after = [scored(number, 0.25 + change) for number, change in enumerate(changes)]
    found = compare(before, after, both_terminal=True)
    mean = sum(changes) / len(changes)
    deviation = math.sqrt(sum((each - mean) ** 2 for each in changes) / (len(changes) - 1))
    assert found.difference == pytest.approx(mean)
    assert found.high == pytest.approx(
        mean + quantile * deviation / math.sqrt(len(changes)), rel=2e-3
    )
    assert found.p is None


def test_a_single_pair_with_fractional_scores_has_no_interval() -> None:
    found = compared("5", "1")
    assert (found.difference, found.low, found.high) == (0.5, None, None)
    assert not found.is_significant


def test_without_pairs_there_is_no_figure() -> None:
    found = compared("!r", "1 ")
    assert found.pairs == 0
    assert found.difference is found.low is found.high is found.p is found.detectable is None
    assert found.score_before is found.score_after is None
    assert not found.is_significant


def test_the_interval_covers_the_truth_as_often_as_it_claims() -> None:
    chance = Random(11)
    covered = 0
    for _ in range(100):
        chances = [chance.betavariate(0.5, 0.5) for _ in range(89)]
        before, after = (
            "".join("1" if chance.random() < each else "0" for each in chances) for _ in range(2)
        )
        found = compared(before, after)
        covered += (found.low or 0.0) <= 0.0 <= (found.high or 0.0)
    assert covered >= 90


# More than chance


@pytest.mark.parametrize(
    ("worse", "better", "p"),
    [
        (0, 0, 1.0),
        (1, 0, 0.5),
        (5, 0, 1 / 32),
        (0, 5, 1 / 32),
        (1, 3, 2 * (1 + 4) / 16 - 4 / 16),
        (3, 3, 1.0),
        (0, 2_000, 2.0**-2_000),
    ],
)
def test_the_mid_p_of_mcnemar(worse: int, better: int, p: float) -> None:
    assert mid_p(worse, better) == pytest.approx(p)


@pytest.mark.parametrize("flips", [10, 22, 45, 125])
def test_two_equal_agents_seldom_differ_by_it(flips: int) -> None:
    by_chance = sum(
        math.comb(flips, worse) for worse in range(flips + 1) if mid_p(worse, flips - worse) <= 0.05
    )
    assert by_chance / 2**flips <= 0.06


def test_a_difference_is_significant_from_a_mid_p_of_five_percent_on() -> None:
    assert binary(better=5, worse=0, pairs=89).is_significant
    assert not binary(better=4, worse=0, pairs=89).is_significant


def test_nothing_is_significant_and_there_is_no_p_while_one_is_live() -> None:
    found = binary(better=50, worse=0, pairs=89, both_terminal=False)
    assert (found.p, found.is_significant) == (None, False)
    assert found.low is not None
    assert found.low > 0


def test_fractional_scores_are_significant_where_the_interval_leaves_out_zero() -> None:
    assert compared("5" * 20 + "1", "1" * 20 + "5").is_significant
    assert not compared("51" * 10, "15" * 10).is_significant


# Any attempts


@given(any_attempts, st.booleans())
def test_any_two_runs_can_be_compared(held: list[Attempt], both_terminal: bool) -> None:
    before, after = held[::2], held[1::2]
    found = compare(before, after, both_terminal=both_terminal)
    beside = len(found.new_errors) + len(found.gone_errors) + found.errors_in_both
    scenarios = {each.scenario_id for each in (*before, *after)} - {""}
    assert found.pairs + beside + found.unpaired == len(scenarios)
    assert len(found.better) + len(found.worse) <= found.pairs
    if found.low is not None and found.high is not None:
        assert found.low <= (found.difference or 0.0) <= found.high
    assert found.p is None or 0.0 <= found.p <= 1.0


# The agents of a job


def test_scenarios_by_agent_stand_with_those_that_differ_first() -> None:
    rows = matrix([run("1105"), run("1010"), run("11 1")])
    assert [(row.name, row.differs) for row in rows] == [
        ("task-1", True),
        ("task-2", True),
        ("task-3", True),
        ("task-0", False),
    ]
    assert rows[1].results == (Result(0.0), Result(1.0), None)


def test_an_error_of_one_agent_stands_before_what_all_came_to() -> None:
    rows = matrix([run("00!"), run("00!"), run("0!!")])
    assert [row.name for row in rows] == ["task-1", "task-0", "task-2"]
    assert not rows[0].differs


def test_what_is_under_way_does_not_differ_yet() -> None:
    [row] = matrix([run("r"), run("1")])
    assert (row.differs, row.results[0]) == (False, Result(None, is_active=True))


@given(any_attempts)
def test_the_matrix_of_any_runs_has_each_scenario_once(held: list[Attempt]) -> None:
    one, other = held[::2], held[1::2]
    rows = matrix([one, other])
    assert len({row.scenario_id for row in rows}) == len(rows)
    assert {row.scenario_id for row in rows} == set(results(one)) | set(results(other))
    assert [row.spread for row in rows] == sorted((row.spread for row in rows), reverse=True)
