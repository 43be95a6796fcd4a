"""A scenario run in the inspector and in the preview."""

import pytest

from runloop_tui.analysis.slow import Slow, Stuck
from runloop_tui.api.models import (
    FailureReason,
    ScenarioDefinition,
    ScenarioRun,
    ScoringFunctionResult,
)
from runloop_tui.present.layout import MASK, line_width, row
from runloop_tui.present.scenario_detail import (
    not_started_cells,
    not_started_lines,
    scenario_detail,
    scenario_preview,
)
from runloop_tui.present.scenarios import SCENARIO_COLUMNS, failure_words, reason
from runloop_tui.present.units import HOUR, Times
from tests.present.building import NOW, a_scenario_run, a_scored_run, a_stuck, page_of


def shown(
    scenario_run: ScenarioRun,
    width: int = 60,
    late: Slow | Stuck | None = None,
    under_way: str = "",
) -> str:
    lines = scenario_detail(scenario_run, NOW, Times.UTC, width, late=late, under_way=under_way)
    return page_of(lines)


FAILURE = FailureReason(exception_type="AgentTimeoutError", exception_message="900 s\nare over")


FAILED_RUN = ScenarioRun(id="scr_1", name="fix-git", state="failed")


FAILED = ScoringFunctionResult(
    scoring_function_name="tests",
    score=0.0,
    output="one\ntwo\n\x1b[31mthree\x1b[0m\nscore=0.0\n",
    state="complete",
)


def preview(scenario_run: ScenarioRun, height: int, late: Slow | Stuck | None = None) -> str:
    return page_of(
        scenario_preview(scenario_run, NOW, Times.UTC, 60, height, late=late, under_way="")
    )


def test_a_scored_one_in_full() -> None:
    scenario_run = a_scored_run(
        ScoringFunctionResult(
            scoring_function_name="tests",
            score=0.0,
            output="1 failed\nscore=0.0\n",
            state="complete",
        ),
        ScoringFunctionResult(scoring_function_name="lint", output="Traceback", state="error"),
        duration_ms=HOUR,
        benchmark_run_id="bmr_1",
        devbox_id="dbx_1",
        purpose="nightly",
        metadata={"agent": "codex"},
        environment_variables={"TOKEN": "hunter2"},
        secrets_provided={"DB_PASS": "DATABASE_PASSWORD"},
    )
    assert shown(scenario_run) == (
        "django__django-11099  ✗ zero\n"
        "state       completed\n"
        "score       0.00\n"
        "elapsed     1h 00m\n"
        "started     2026-11-21 13:05:09 UTC\n"
        "\n"
        "tests 0.00 complete\n"
        "1 failed\n"
        "score=0.0\n"
        "\n"
        "lint – error\n"
        "Traceback\n"
        "\n"
        "name        django__django-11099\n"
        "id          scr_1\n"
        "scenario    scn_1\n"
        "run         bmr_1\n"
        "devbox      dbx_1\n"
        "purpose     nightly\n"
        "metadata    agent  codex\n"
        f"environment TOKEN  {MASK}\n"
        "secrets     DB_PASS  ← DATABASE_PASSWORD"
    )


def test_what_is_not_set_takes_no_line() -> None:
    assert shown(a_scenario_run(name="", scenario_id="", start_time_ms=None)) == (
        "scr_1  ● running\nelapsed     –\nstarted     –\n\nid          scr_1"
    )


def test_a_stuck_one_says_so_and_that_it_is_running() -> None:
    text = shown(a_scenario_run(), late=a_stuck())
    assert text.startswith("django__django-11099  ? stuck\nstate       running\n")
    assert "stuck       silent 47m, others at most 9m\n" in text


def test_what_is_under_way_leaves_the_state_in_sight() -> None:
    text = shown(a_scenario_run(), under_way="canceling…")
    assert text.startswith("django__django-11099  ◌ canceling…\nstate       running\n")


def test_of_a_long_output_the_end_is_shown_and_marked_as_the_end() -> None:
    output = "\n".join(f"line {number}" for number in range(1_000))
    text = shown(a_scored_run(ScoringFunctionResult(output=output)))
    assert "… the end of a longer output:\nline 940\n" in text
    assert "line 999\n" in text
    assert "line 939\n" not in text


def test_an_output_of_one_endless_line_is_cut_and_marked_as_longer() -> None:
    text = shown(a_scored_run(ScoringFunctionResult(output="x" * 5_000_000)))
    assert "… the end of a longer output:\n" + "x" * 59 + "…\n" in text


def test_a_short_output_is_whole() -> None:
    text = shown(a_scored_run(ScoringFunctionResult(output="one\n\n\ttwo\n\n\n")))
    assert "\none\n\n        two\n\nname" in text
    assert "longer" not in text


def test_a_scorer_that_says_nothing_of_itself_still_has_a_line() -> None:
    text = shown(a_scored_run(ScoringFunctionResult()))
    assert "scorer without a name – state not said\n" in text


def test_more_scorers_than_anybody_writes_are_counted() -> None:
    scorers = [ScoringFunctionResult(scoring_function_name=f"s{number}") for number in range(1_031)]
    text = shown(a_scored_run(*scorers))
    assert "\ns29 – state not said\n" in text
    assert "\ns30 " not in text
    assert "\n… and 1,001 more scorers\n" in text


def test_the_end_of_the_output_fills_what_room_there_is() -> None:
    scenario_run = a_scored_run(FAILED, devbox_id="dbx_1")
    assert preview(scenario_run, 5) == (
        "django__django-11099  ✗ zero\n"
        "1h 00m, started 2026-11-21 13:05:09 UTC, devbox dbx_1\n"
        "tests 0.00 complete\n"
        "three\n"
        "score=0.0"
    )


def test_a_whole_output_is_shown_where_there_is_room() -> None:
    assert preview(a_scored_run(FAILED), 40).endswith("complete\none\ntwo\nthree\nscore=0.0")


def test_of_several_scorers_the_worst_is_shown() -> None:
    broken = ScoringFunctionResult(scoring_function_name="lint", output="oops", state="error")
    assert preview(a_scored_run(FAILED, broken), 9).endswith("lint – error\noops")


@pytest.mark.parametrize("height", range(5))
def test_it_is_never_higher_than_its_argument(height: int) -> None:
    lines = scenario_preview(
        a_scored_run(FAILED), NOW, Times.UTC, 60, height, late=None, under_way=""
    )
    assert len(lines) == height


def test_before_any_scorer_result_it_shows_the_state_of_the_run() -> None:
    assert preview(a_scenario_run(), 9, a_stuck()) == (
        "django__django-11099  ? stuck\n1h 00m, started 2026-11-21 13:05:09 UTC, devbox none\n"
        "silent 47m, others at most 9m"
    )


def test_a_failed_scenario_runs_reason_is_what_its_job_says() -> None:
    assert reason(FAILED_RUN, FAILURE) == "AgentTimeoutError: 900 s"
    assert reason(FAILED_RUN) == ""
    assert reason(FAILED_RUN, FailureReason()) == ""
    passed = ScenarioRun(id="scr_1", state="completed")
    assert "Agent" not in reason(passed, FAILURE)
    assert (
        failure_words(FailureReason(exception_message="\x1b[31mred\x07[bold]\u202e"))
        == "␛red␇[bold]"
    )


def test_the_inspector_says_the_failure_in_full_and_the_preview_in_a_line() -> None:
    long = FailureReason(exception_type="X", exception_message="word " * 60 + "\nthe end")
    lines = scenario_detail(FAILED_RUN, NOW, Times.UTC, 40, late=None, under_way="", failure=long)
    assert "X as its job says" in page_of(lines)
    assert page_of(lines).count("word") == 60
    assert "the end" in page_of(lines)
    assert all(line_width(line) <= 40 for line in lines)
    short = scenario_preview(
        FAILED_RUN, NOW, Times.UTC, 40, 5, late=None, under_way="", failure=FAILURE
    )
    assert "AgentTimeoutError: 900 s" in page_of(short)


def test_a_scenario_that_has_not_started_says_so_by_name() -> None:
    waiting = ScenarioDefinition(id="scn_1", name="fix-git")
    shown = page_of([row(SCENARIO_COLUMNS, not_started_cells(waiting), 80)])
    assert shown.startswith("○ not started fix-git")
    assert page_of(not_started_lines(waiting, 60)) == ("fix-git  ○ not started\nscenario    scn_1")
    nameless = ScenarioDefinition(id="scn_1", name="\u200b")
    assert not_started_cells(nameless)[1].text == "scn_1"
