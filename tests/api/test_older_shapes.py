"""Run views of older servers, converted to the current shape."""

import pytest

from runloop_tui.api.models import BenchmarkRun, ScenarioRun, ScoringFunctionResult
from runloop_tui.api.parsing import parse_item
from tests.api.scripted import RUN, Script, ok
from tests.api.views import OLDER_RUN


def test_an_older_run_has_pending_scenarios_and_embedded_scenario_runs() -> None:
    run, warning = parse_item(BenchmarkRun, OLDER_RUN)
    assert warning is None
    assert run is not None
    assert run.pending_scenarios == ("scn_3", "scn_4")
    first, second = run.embedded_scenario_runs
    assert (first.id, first.scenario_id, first.benchmark_run_id) == ("scr_1", "scn_1", "bmr_old")
    assert (first.state, first.score) == ("completed", 0.5)
    assert first.scoring_contract_result is not None
    assert first.scoring_contract_result.scoring_function_results == (
        ScoringFunctionResult(scoring_function_name="tests", score=0.5, output="1 of 2"),
    )
    assert (second.id, second.score) == ("scr_2", 1.0)
    assert second.scoring_contract_result is not None
    (scorer,) = second.scoring_contract_result.scoring_function_results
    assert scorer.output == "2 of 2"


def test_a_current_run_has_no_field_of_the_older_shape() -> None:
    run, _ = parse_item(BenchmarkRun, RUN)
    assert run is not None
    assert run.pending_scenarios is None
    assert run.embedded_scenario_runs == ()


def test_an_empty_list_of_pending_scenarios_differs_from_none() -> None:
    run, _ = parse_item(BenchmarkRun, {"id": "bmr_1", "pending_scenarios": []})
    assert run is not None
    assert run.pending_scenarios == ()


def test_a_run_may_be_in_camel_case_throughout() -> None:
    raw = {
        "id": "bmr_1",
        "benchmarkId": "bmd_1",
        "startTimeMs": 5,
        "pendingScenarios": ["scn_2"],
        "scenarioRuns": [{"scenarioId": "scn_1", "scenarioRunId": "scr_1", "state": "FAILED"}],
        "metadata": {"gitSha": "abc"},
    }
    run, warning = parse_item(BenchmarkRun, raw)
    assert warning is None
    assert run == BenchmarkRun(
        id="bmr_1",
        benchmark_id="bmd_1",
        start_time_ms=5,
        pending_scenarios=("scn_2",),
        embedded_scenario_runs=(
            ScenarioRun(id="scr_1", scenario_id="scn_1", benchmark_run_id="bmr_1", state="failed"),
        ),
        metadata={"gitSha": "abc"},  # a user's own names
    )


def test_an_embedded_scenario_run_without_an_id_has_its_scenarios_id() -> None:
    raw = {"id": "bmr_1", "scenario_runs": [{"scenario_id": "scn_1", "scoringResult": None}]}
    run, warning = parse_item(BenchmarkRun, raw)
    assert warning is None
    assert run is not None
    assert run.embedded_scenario_runs == (
        ScenarioRun(id="scn_1", scenario_id="scn_1", benchmark_run_id="bmr_1"),
    )


def test_a_bad_embedded_scenario_run_is_dropped_alone() -> None:
    bad = [None, 3, {}, {"scenarioRunId": ["x"]}, {"scenarioRunId": "scr_2", "scoringResult": "x"}]
    good = {"scenarioRunId": "scr_1", "scoringResult": {"score": 1}}
    run, warning = parse_item(BenchmarkRun, {"id": "bmr_1", "scenario_runs": [*bad, good]})
    assert run is not None
    assert [(each.id, each.score) for each in run.embedded_scenario_runs] == [
        ("scr_2", None),
        ("scr_1", 1.0),
    ]
    assert warning is not None
    assert warning.endswith(" of bmr_1 not understood")


@pytest.mark.parametrize("nonsense", ["scn_1", 3, {"a": 1}])
def test_older_fields_that_are_no_lists_are_dropped(nonsense: object) -> None:
    raw = {"id": "bmr_1", "name": "a", "scenario_runs": nonsense, "pending_scenarios": nonsense}
    run, warning = parse_item(BenchmarkRun, raw)
    assert run == BenchmarkRun(id="bmr_1", name="a")
    assert warning == "pending_scenarios, scenario_runs of bmr_1 not understood"


async def test_a_scenario_run_of_the_older_shape_is_parsed() -> None:
    raw = {"scenarioRunId": "scr_1", "scenario_id": "scn_1", "scoring_result": {"score": 0.25}}
    async with Script(ok(raw)).client() as client:
        run = await client.get_scenario_run("scr_1")
    assert (run.id, run.scenario_id, run.score) == ("scr_1", "scn_1", 0.25)


def test_with_a_field_in_both_shapes_the_current_one_is_used() -> None:
    raw = {
        "id": "scr_1",
        "scenarioRunId": "scr_2",
        "scoringResult": {"score": 0},
        "scoring_contract_result": {"score": 1},
    }
    run, _ = parse_item(ScenarioRun, raw)
    assert run is not None
    assert (run.id, run.score) == ("scr_1", 1.0)


@pytest.mark.parametrize(
    "raw",
    [
        {"scenario_run_id": "scr_1", "scenarioRunId": "scr_2"},
        {"scenarioRunId": "scr_2", "scenario_run_id": "scr_1"},
    ],
)
def test_with_a_field_in_both_cases_snake_case_is_used(raw: dict[str, str]) -> None:
    run, _ = parse_item(ScenarioRun, raw)
    assert run is not None
    assert run.id == "scr_1"
