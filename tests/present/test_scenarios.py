"""Scenario runs as rows, and the reason why one did not pass."""

from typing import Any

import pytest

from runloop_tui.analysis.slow import Evidence, Slow, Stuck
from runloop_tui.api.models import ScenarioRun, ScoringFunctionResult
from runloop_tui.monitor.arrange import scenario_elapsed_ms
from runloop_tui.present.layout import Piece, row
from runloop_tui.present.scenarios import (
    SCENARIO_COLUMNS,
    reason,
    scenario_cells,
    scenario_name,
    scenarios_title,
)
from runloop_tui.present.units import HOUR, MINUTE
from tests.present.building import (
    NOW,
    a_record,
    a_scenario_run,
    a_scored_run,
    a_slow,
    a_stuck,
    text_of,
)

TESTS = ScoringFunctionResult(
    scoring_function_name="tests",
    score=0.0,
    output="collected 3 items\n2 failed, 1 passed\nscore=0.0\n",
    state="complete",
)


def shown(scenario_run: ScenarioRun, late: Slow | Stuck | None = None, under_way: str = "") -> str:
    cells = scenario_cells(scenario_run, NOW, late, under_way)
    return text_of(row(SCENARIO_COLUMNS, cells, 90)).rstrip()


def test_a_wrong_answer_shows_its_score_its_time_and_its_reason() -> None:
    assert shown(a_scored_run(TESTS)) == (
        "✗ zero        django__django-11099             0.00  1h 00m 2 failed, 1 passed"
    )


def test_a_running_one_shows_how_long_it_has_been_going_on() -> None:
    assert shown(a_scenario_run()) == (
        "● running     django__django-11099                –  1h 00m"
    )


def test_a_stuck_one_says_for_how_long_it_has_been_silent() -> None:
    assert shown(a_scenario_run(), a_stuck()) == (
        "? stuck       django__django-11099                –  1h 00m silent 47m, others at most 9m"
    )


@pytest.mark.parametrize(
    ("evidence", "against_ms", "words"),
    [
        ("earlier", 30 * MINUTE, "2.0× its longest earlier run"),
        ("others", 10 * MINUTE, "6.0× the median of this run"),
        ("limit", 50 * MINUTE, "over its 50m limit"),
    ],
)
def test_a_slow_one_says_by_what(evidence: Evidence, against_ms: int, words: str) -> None:
    line = shown(a_scenario_run(), a_slow(evidence=evidence, against_ms=against_ms))
    assert line.startswith("◷ slow        django__django-11099")
    assert line.endswith(words)


def test_the_row_shows_an_action_under_way() -> None:
    assert shown(a_scenario_run(), under_way="canceling…").startswith("◌ canceling…  django")


def test_a_name_that_shows_nothing_gives_way_to_the_scenario_and_then_to_the_id() -> None:
    assert scenario_name(a_scenario_run(name="\u200b")) == "scn_1"
    assert scenario_name(a_scenario_run(name="", scenario_id="")) == "scr_1"


@pytest.mark.parametrize(
    ("fields", "elapsed"),
    [
        ({}, HOUR),
        ({"state": "scored"}, HOUR),
        ({"state": "completed", "duration_ms": 7}, 7),
        ({"state": "failed"}, None),
        ({"start_time_ms": None}, None),
    ],
)
def test_time_goes_on_until_a_scenario_run_is_terminal(
    fields: dict[str, Any], elapsed: int | None
) -> None:
    assert scenario_elapsed_ms(a_scenario_run(**fields), NOW) == elapsed


def scorer(**fields: object) -> ScoringFunctionResult:
    return ScoringFunctionResult.model_validate({"scoring_function_name": "lint"} | fields)


@pytest.mark.parametrize(
    ("results", "why"),
    [
        ((TESTS, scorer(score=1.0, output="clean")), "2 failed, 1 passed"),
        ((TESTS, scorer(score=-1.0, output="crashed")), "crashed"),
        ((TESTS, scorer(state="error", score=1.0, output="no such file")), "no such file"),
        ((scorer(score=0.0),), "lint"),
        ((scorer(scoring_function_name="", output="nothing to do"),), "nothing to do"),
        ((scorer(output="score=0.0"),), "lint"),
        ((scorer(output="\x1b[31mE   assert 1 == 2\x1b[0m\n\x1b[0m\n"),), "E   assert 1 == 2"),
        ((scorer(output="===== 1 failed in 3s ====="),), "1 failed in 3s"),
        ((scorer(output=">>>>> Patch Apply Failed"),), "Patch Apply Failed"),
        ((scorer(output="said\n=======\nscore=0.0"),), "said"),
        ((scorer(output="a\x9b2Jb"),), "a␛b"),
        ((scorer(output="=\u0301said"),), "said"),
        ((scorer(scoring_function_name="\x1b[2J"),), "␛"),
        ((), ""),
    ],
)
def test_the_reason_is_the_last_line_of_the_worst_scorer_or_its_name(
    results: tuple[ScoringFunctionResult, ...], why: str
) -> None:
    assert reason(a_scored_run(*results)) == why


def test_only_what_did_not_pass_has_a_reason() -> None:
    assert reason(a_scored_run(TESTS, score=1.0)) == ""
    assert reason(a_scored_run(TESTS, state="canceled")) == ""
    assert reason(a_scored_run(TESTS, state="running")) == ""
    assert reason(a_scored_run(TESTS, score=0.5)) == "2 failed, 1 passed"
    assert reason(a_scored_run(TESTS, state="failed")) == "2 failed, 1 passed"
    assert reason(a_scenario_run(state="failed")) == ""


def test_a_reason_is_found_at_the_end_of_an_endless_output() -> None:
    endless = scorer(score=0.0, output="noise\n" * 1_000_000 + "out of memory\n\n")
    assert reason(a_scored_run(endless)) == "out of memory"


def test_reasons_are_quieter_than_names() -> None:
    cells = scenario_cells(a_scored_run(TESTS), NOW, None, "")
    assert cells[4] == Piece("2 failed, 1 passed", "muted")


def test_the_title_shows_how_many_are_shown_have_started_and_are_planned() -> None:
    runs = tuple(a_scenario_run(id=f"scr_{number}") for number in range(37))
    assert scenarios_title(0, a_record(scenario_runs=None)) == "scenarios, not read yet"
    reading = a_record(scenario_runs=runs, all_read=False)
    assert scenarios_title(37, reading) == "scenarios, 37 read so far"
    held = a_record(scenario_runs=runs, total=5_000)
    assert scenarios_title(37, held) == "scenarios 37 started of 5,000"
    assert scenarios_title(5, held) == "scenarios 5 of 37 started of 5,000"
    complete = a_record(scenario_runs=runs, total=37)
    assert scenarios_title(37, complete) == "scenarios 37"
    assert scenarios_title(5, complete) == "scenarios 5 of 37"


def test_an_unknown_total_is_never_taken_from_what_has_started() -> None:
    runs = tuple(a_scenario_run(id=f"scr_{number}") for number in range(37))
    unknown = a_record(scenario_runs=runs, total=None)
    assert scenarios_title(37, unknown) == "scenarios 37 started, total unknown"
    assert scenarios_title(5, unknown) == "scenarios 5 of 37 started, total unknown"
