"""The models: defaults, normalisation, immutability, secrets."""

import pytest
from pydantic import ValidationError

from runloop_tui.api.models import Benchmark, BenchmarkRun, ScenarioRun


def test_only_an_id_is_needed() -> None:
    run = BenchmarkRun.model_validate({"id": "bmr_1"})
    assert run == BenchmarkRun(
        id="bmr_1",
        name="",
        benchmark_id="",
        state="",
        start_time_ms=None,
        duration_ms=None,
        score=None,
        purpose="",
        metadata={},
        environment_variables={},
        secrets_provided={},
    )
    assert ScenarioRun.model_validate({"id": "scr_1"}).scoring_contract_result is None
    assert Benchmark.model_validate({"id": "bmd_1"}).scenario_ids == ()


def test_null_means_the_same_as_missing() -> None:
    fields = dict.fromkeys(ScenarioRun.model_fields)
    assert ScenarioRun.model_validate(fields | {"id": "scr_1"}) == ScenarioRun(id="scr_1")


def test_unknown_fields_are_ignored() -> None:
    raw = {"id": "bmr_1", "score": 0.5, "mood": {"deep": [1]}}
    assert BenchmarkRun.model_validate(raw) == BenchmarkRun(id="bmr_1", score=0.5)


@pytest.mark.parametrize(
    ("wire", "state"),
    [
        ("running", "running"),
        ("CANCELED", "canceled"),
        ("cancelled", "canceled"),
        (" Cancelled ", "canceled"),
        ("TIMEOUT", "timeout"),
        ("Hibernating", "hibernating"),
        ("", ""),
        (None, ""),
    ],
)
def test_states_are_normalised_and_unknown_ones_kept(wire: str | None, state: str) -> None:
    assert BenchmarkRun.model_validate({"id": "bmr_1", "state": wire}).state == state


@pytest.mark.parametrize(
    ("state", "is_terminal", "is_score_final"),
    [
        ("running", False, False),
        ("scoring", False, False),
        ("scored", False, True),
        ("completed", True, True),
        ("canceled", True, True),
        ("timeout", True, True),
        ("failed", True, True),
        ("hibernating", False, False),
        ("", False, False),
    ],
)
def test_terminal_and_score_final_states_of_a_scenario_run(
    state: str, is_terminal: bool, is_score_final: bool
) -> None:
    run = ScenarioRun(id="scr_1", state=state)
    assert (run.is_terminal, run.is_score_final) == (is_terminal, is_score_final)


def test_only_a_running_run_is_live() -> None:
    states = ("running", "completed", "canceled", "failed", "hibernating", "")
    live = [state for state in states if BenchmarkRun(id="bmr_1", state=state).is_live]
    assert live == ["running"]


def test_the_score_of_a_scenario_run_comes_from_its_scorers() -> None:
    raw = {
        "id": "scr_1",
        "scoring_contract_result": {
            "score": 0.5,
            "scoring_function_results": [
                {
                    "scoring_function_name": "tests",
                    "score": 0.5,
                    "output": "1 of 2\nscore=0.5",
                    "state": "COMPLETE",
                }
            ],
        },
    }
    run = ScenarioRun.model_validate(raw)
    assert run.score == 0.5
    assert run.scoring_contract_result is not None
    (scorer,) = run.scoring_contract_result.scoring_function_results
    assert (scorer.scoring_function_name, scorer.state) == ("tests", "complete")
    assert ScenarioRun(id="scr_1").score is None


def test_a_score_of_zero_is_a_score() -> None:
    raw = {"id": "scr_1", "scoring_contract_result": {"score": 0, "scoring_function_results": []}}
    assert ScenarioRun.model_validate(raw).score == 0.0


def test_scenario_ids_are_parsed_from_camel_case() -> None:
    raw = {"id": "bmd_1", "scenarioIds": ["scn_1", "scn_2"], "status": "ACTIVE"}
    benchmark = Benchmark.model_validate(raw)
    assert benchmark.scenario_ids == ("scn_1", "scn_2")
    assert benchmark.status == "active"


def test_a_number_is_parsed_as_text() -> None:
    raw = {"id": "bmr_1", "metadata": {"attempt": 3, "agent": "codex", "none": None}}
    assert BenchmarkRun.model_validate(raw).metadata == {"attempt": "3", "agent": "codex"}


def test_a_view_is_immutable() -> None:
    run = BenchmarkRun(id="bmr_1")
    with pytest.raises(ValidationError):
        run.state = "canceled"  # type: ignore[misc]


def test_environment_values_are_in_no_repr() -> None:
    secrets = {"TOKEN": "hunter2"}
    for run in (
        BenchmarkRun(id="x", environment_variables=secrets),
        ScenarioRun(id="x", environment_variables=secrets),
    ):
        assert "hunter2" not in repr(run)
        assert "hunter2" not in str(run)
        assert run.environment_variables == secrets


def test_environment_values_are_in_no_error() -> None:
    with pytest.raises(ValidationError) as caught:
        BenchmarkRun.model_validate({"id": "x", "environment_variables": {"TOKEN": ["hunter2"]}})
    assert "hunter2" not in str(caught.value)
