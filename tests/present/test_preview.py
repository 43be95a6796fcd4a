"""A scenario run in a few lines."""

import pytest

from runloop_tui.api.models import ScenarioRun, ScoringFunctionResult
from runloop_tui.present.preview import scenario_preview
from runloop_tui.present.times import MINUTE, Times
from tests.present.building import NOW, a_scenario_run, a_scored_run, page_of

FAILED = ScoringFunctionResult(
    scoring_function_name="tests",
    score=0.0,
    output="one\ntwo\n\x1b[31mthree\x1b[0m\nscore=0.0\n",
    state="complete",
)


def shown(scenario_run: ScenarioRun, height: int, usual_ms: int | None = None) -> str:
    return page_of(
        scenario_preview(scenario_run, NOW, Times.UTC, 60, height, usual_ms=usual_ms, under_way="")
    )


def test_the_end_of_the_output_fills_what_room_there_is() -> None:
    scenario_run = a_scored_run(FAILED, devbox_id="dbx_1")
    assert shown(scenario_run, 5) == (
        "django__django-11099  ✗ zero\n"
        "1h 00m, started 2026-11-21 13:05:09 UTC, devbox dbx_1\n"
        "tests 0.00 complete\n"
        "three\n"
        "score=0.0"
    )


def test_a_whole_output_is_shown_where_there_is_room() -> None:
    assert shown(a_scored_run(FAILED), 40).endswith("complete\none\ntwo\nthree\nscore=0.0")


def test_of_several_scorers_the_worst_is_shown() -> None:
    broken = ScoringFunctionResult(scoring_function_name="lint", output="oops", state="error")
    assert shown(a_scored_run(FAILED, broken), 9).endswith("lint – error\noops")


@pytest.mark.parametrize("height", range(5))
def test_it_is_never_higher_than_asked(height: int) -> None:
    lines = scenario_preview(
        a_scored_run(FAILED), NOW, Times.UTC, 60, height, usual_ms=None, under_way=""
    )
    assert len(lines) == height


def test_before_any_scorer_has_spoken_it_says_where_the_run_stands() -> None:
    assert shown(a_scenario_run(), 9, usual_ms=10 * MINUTE) == (
        "django__django-11099  ? stuck\n1h 00m, started 2026-11-21 13:05:09 UTC, devbox none"
    )
