"""The models and parameters compared with those of Runloop's official SDK, field by field.

Fields that are left out are listed here with the reason; any other field of the SDK that is missing
fails a test, and so does a field that the SDK does not have.
"""

import inspect
from collections.abc import Iterator
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

import pytest
from pydantic import BaseModel
from runloop_api_client.types import (
    benchmark_definitions_params,
    benchmark_job_list_params,
    benchmark_job_view,
    benchmark_list_params,
    benchmark_list_public_params,
    benchmark_run_list_params,
    benchmark_run_list_scenario_runs_params,
    benchmark_start_run_params,
)
from runloop_api_client.types.benchmark_job_list_view import BenchmarkJobListView
from runloop_api_client.types.benchmark_job_view import BenchmarkJobView
from runloop_api_client.types.benchmark_run_list_view import BenchmarkRunListView
from runloop_api_client.types.benchmark_run_view import BenchmarkRunView
from runloop_api_client.types.benchmark_view import BenchmarkView
from runloop_api_client.types.devboxes import devbox_logs_list_view, log_list_params
from runloop_api_client.types.scenario_definition_list_view import ScenarioDefinitionListView
from runloop_api_client.types.scenario_run_list_view import ScenarioRunListView
from runloop_api_client.types.scenario_run_view import ScenarioRunView
from runloop_api_client.types.scenario_view import ScenarioView
from runloop_api_client.types.scoring_contract_result_view import ScoringContractResultView
from runloop_api_client.types.scoring_function_result_view import ScoringFunctionResultView
from runloop_api_client.types.shared_params.run_profile import RunProfile

from runloop_tui.api.client import Client
from runloop_tui.api.models import (
    AgentConfig,
    AgentEnvironment,
    Benchmark,
    BenchmarkJob,
    BenchmarkOutcome,
    BenchmarkRun,
    DevboxLog,
    FailureReason,
    InProgressRun,
    JobSource,
    JobSpec,
    OrchestratorConfig,
    ScenarioDefinition,
    ScenarioOutcome,
    ScenarioRun,
    ScoringFunctionResult,
    ScoringResult,
    View,
)
from runloop_tui.api.parsing import parse_item, parse_page, parse_unpaged
from runloop_tui.api.paths import start_run_body

job = benchmark_job_view

PAIRS: list[tuple[type[View], type[BaseModel]]] = [
    (BenchmarkRun, BenchmarkRunView),
    (ScenarioRun, ScenarioRunView),
    (ScoringResult, ScoringContractResultView),
    (ScoringFunctionResult, ScoringFunctionResultView),
    (Benchmark, BenchmarkView),
    (ScenarioDefinition, ScenarioView),
    (BenchmarkJob, BenchmarkJobView),
    (JobSource, job.JobSourceHarborJobSource),
    (JobSource, job.JobSourceBenchmarkDefJobSource),
    (JobSource, job.JobSourceScenariosJobSource),
    (JobSpec, job.JobSpec),
    (OrchestratorConfig, job.JobSpecOrchestratorConfig),
    (AgentConfig, job.JobSpecAgentConfig),
    (AgentEnvironment, job.JobSpecAgentConfigAgentEnvironment),
    (BenchmarkOutcome, job.BenchmarkOutcome),
    (ScenarioOutcome, job.BenchmarkOutcomeScenarioOutcome),
    (FailureReason, job.BenchmarkOutcomeScenarioOutcomeFailureReason),
    (InProgressRun, job.InProgressRun),
    (AgentConfig, job.InProgressRunAgentConfigJobAgentConfig),
    (AgentConfig, job.InProgressRunAgentConfigExternalAPIAgentConfig),
    (AgentEnvironment, job.InProgressRunAgentConfigJobAgentConfigAgentEnvironment),
    (DevboxLog, devbox_logs_list_view.Log),
]

LISTS: list[tuple[type[BaseModel], str, type[View]]] = [
    (BenchmarkRunListView, "runs", BenchmarkRun),
    (ScenarioRunListView, "runs", ScenarioRun),
    (BenchmarkJobListView, "jobs", BenchmarkJob),
    (ScenarioDefinitionListView, "scenarios", ScenarioDefinition),
]

_ONLY_ITS_NAME = "we list scenarios that have not started by their names, and show no more of them"

LEFT_OUT: dict[type[BaseModel], dict[str, str]] = {
    job.InProgressRunAgentConfigExternalAPIAgentConfig: {
        "info": "by its own description a placeholder for what may come",
    },
    ScenarioView: dict.fromkeys(
        (
            "environment",
            "input_context",
            "is_public",
            "metadata",
            "reference_output",
            "required_environment_variables",
            "required_secret_names",
            "scorer_timeout_sec",
            "scoring_contract",
            "status",
            "validation_type",
        ),
        _ONLY_ITS_NAME,
    ),
}

OF_OLDER_SERVERS: dict[type[View], set[str]] = {
    BenchmarkRun: {"pending_scenarios", "scenario_runs"},
}
"""Fields of older servers that the SDK no longer has."""


def on_the_wire(model: type[BaseModel]) -> set[str]:
    return {field.alias or name for name, field in model.model_fields.items()}


def left_out(theirs: type[BaseModel]) -> set[str]:
    return set(LEFT_OUT.get(theirs, {}))


@pytest.mark.parametrize(("ours", "theirs"), PAIRS)
def test_every_field_of_the_sdk_is_in_our_view_or_left_out_for_a_reason(
    ours: type[View], theirs: type[BaseModel]
) -> None:
    assert on_the_wire(theirs) - on_the_wire(ours) == left_out(theirs)


@pytest.mark.parametrize("ours", dict.fromkeys(ours for ours, _ in PAIRS))
def test_every_field_of_our_view_is_known_to_the_sdk_or_of_older_servers(ours: type[View]) -> None:
    known = set[str]().union(*(on_the_wire(theirs) for each, theirs in PAIRS if each is ours))
    assert on_the_wire(ours) - known == OF_OLDER_SERVERS.get(ours, set())


def test_every_view_of_ours_is_compared() -> None:
    assert {ours for ours, _ in PAIRS} == set(subclasses(View))


def test_every_part_of_the_sdks_views_is_compared() -> None:
    compared = {theirs for _, theirs in PAIRS}
    parts = {
        part
        for theirs in compared
        for name, field in theirs.model_fields.items()
        if (field.alias or name) not in left_out(theirs)
        for part in models_in(field.annotation)
    }
    assert parts <= compared


@pytest.mark.parametrize(("ours", "theirs"), PAIRS)
def test_every_field_of_the_sdk_is_read_as_the_sdk_types_it(
    ours: type[View], theirs: type[BaseModel]
) -> None:
    view, warning = parse_item(ours, example(theirs))
    assert warning is None
    for name, field in ours.model_fields.items():
        if (field.alias or name) in on_the_wire(theirs):
            assert getattr(view, name) != field.get_default(call_default_factory=True), name


@pytest.mark.parametrize(("theirs", "under", "ours"), LISTS)
async def test_every_list_of_the_sdk_is_read_to_its_end(
    theirs: type[BaseModel], under: str, ours: type[View]
) -> None:
    assert on_the_wire(theirs) == {under, "has_more", "total_count"}
    page = await parse_page(ours, example(theirs), under=under)
    assert (len(page.items), page.has_more, page.total_count) == (1, True, 7)
    assert page.warnings == ()


async def test_the_sdks_devbox_logs_are_read_whole() -> None:
    theirs = devbox_logs_list_view.DevboxLogsListView
    assert on_the_wire(theirs) == {"logs"}
    page = await parse_unpaged(DevboxLog, example(theirs), under="logs")
    assert (len(page.items), page.warnings) == (1, ())


PARAMETERS: list[tuple[str, object, dict[str, str]]] = [
    ("list_benchmark_runs", benchmark_run_list_params.BenchmarkRunListParams, {}),
    (
        "list_scenario_runs",
        benchmark_run_list_scenario_runs_params.BenchmarkRunListScenarioRunsParams,
        {"search": "a run's scenario runs are all loaded, and searched in without the server"},
    ),
    ("list_benchmarks", benchmark_list_params.BenchmarkListParams, {}),
    ("list_public_benchmarks", benchmark_list_public_params.BenchmarkListPublicParams, {}),
    (
        "list_scenario_definitions",
        benchmark_definitions_params.BenchmarkDefinitionsParams,
        {},
    ),
    ("list_benchmark_jobs", benchmark_job_list_params.BenchmarkJobListParams, {}),
    (
        "get_devbox_logs",
        log_list_params.LogListParams,
        {
            "execution_id": "all lines are shown, and narrowed without the server",
            "shell_name": "all lines are shown, and narrowed without the server",
        },
    ),
]


@pytest.mark.parametrize(("operation", "theirs", "not_ours"), PARAMETERS)
def test_every_parameter_of_the_sdk_is_ours_or_left_out_for_a_reason(
    operation: str, theirs: object, not_ours: dict[str, str]
) -> None:
    parameters = inspect.signature(getattr(Client, operation)).parameters.values()
    ours = {each.name for each in parameters if each.kind is inspect.Parameter.KEYWORD_ONLY}
    assert set(get_type_hints(theirs)) - set(not_ours) == ours


def test_a_start_sends_what_the_sdk_would_send() -> None:
    body = start_run_body(
        "bmd_1",
        run_name="a",
        metadata={"a": "b"},
        purpose="a",
        environment_variables={"a": "b"},
        secrets={"a": "b"},
    )
    params = benchmark_start_run_params.BenchmarkStartRunParams
    assert set(body) == wire_names(params)
    profile = body["runProfile"]
    assert isinstance(profile, dict)
    # The size of the devbox and what is mounted on it are the benchmark's business.
    assert wire_names(RunProfile) - set(profile) == {"launchParameters", "mounts"}
    assert set(profile) <= wire_names(RunProfile)


def wire_names(params: object) -> set[str]:
    """Return the JSON names of a TypedDict's keys, from their annotations."""
    names = set()
    for name, hint in get_type_hints(params, include_extras=True).items():
        aliases = [note.alias for note in notes_of(hint) if getattr(note, "alias", None)]
        names.add(aliases[0] if aliases else name)
    return names


def notes_of(hint: object) -> Iterator[Any]:
    yield from getattr(hint, "__metadata__", ())
    for argument in get_args(hint):
        yield from notes_of(argument)


def models_in(annotation: object) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in get_args(annotation):
        yield from models_in(argument)


def subclasses(view: type[View]) -> Iterator[type[View]]:
    for each in view.__subclasses__():
        yield each
        yield from subclasses(each)


EXAMPLES: dict[object, object] = {str: "text", int: 7, float: 0.5, bool: True, object: "any"}


def example(annotation: object) -> object:
    """Return a value of the SDK's annotation, with all optional fields."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    if annotation in EXAMPLES:
        return EXAMPLES[annotation]
    if origin is Literal:
        return arguments[0]
    if origin in {Union, Annotated}:
        return example(arguments[0])
    if origin is list:
        return [example(arguments[0])]
    if origin is dict:
        return {"name": example(arguments[1])}
    assert isinstance(annotation, type), annotation
    assert issubclass(annotation, BaseModel), annotation
    return {
        field.alias or name: example(field.annotation)
        for name, field in annotation.model_fields.items()
    }
