"""A scenario run in full."""

from runloop_tui.api.models import ScenarioRun, ScoringFunctionResult
from runloop_tui.present.detail import MASK
from runloop_tui.present.inspector import scenario_detail
from runloop_tui.present.times import HOUR, MINUTE, Times
from tests.present.building import NOW, a_scenario_run, a_scored_run, page_of


def shown(
    scenario_run: ScenarioRun, width: int = 60, usual_ms: int | None = None, under_way: str = ""
) -> str:
    lines = scenario_detail(
        scenario_run, NOW, Times.UTC, width, usual_ms=usual_ms, under_way=under_way
    )
    return page_of(lines)


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
    text = shown(a_scenario_run(), usual_ms=16 * MINUTE)
    assert text.startswith("django__django-11099  ? stuck\nstate       running\n")
    assert "stuck       running 3.8 times as long as is usual in this\n" in text


def test_what_is_under_way_leaves_the_state_in_sight() -> None:
    text = shown(a_scenario_run(), under_way="canceling…")
    assert text.startswith("django__django-11099  ◌ canceling…\nstate       running\n")


def test_of_a_long_output_the_end_is_shown_and_said_to_be_the_end() -> None:
    output = "\n".join(f"line {number}" for number in range(1_000))
    text = shown(a_scored_run(ScoringFunctionResult(output=output)))
    assert "… the end of a longer output:\nline 940\n" in text
    assert "line 999\n" in text
    assert "line 939\n" not in text


def test_an_output_of_one_endless_line_is_cut_and_said_to_be_longer() -> None:
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
