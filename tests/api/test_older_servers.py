"""Servers that offer runs at the older paths, or tell of them in the older shape."""

import asyncio

import httpx
import pytest

from runloop_tui.api.client import Client
from runloop_tui.api.errors import (
    Forbidden,
    NotAuthorised,
    NotFound,
    NotOffered,
    RunloopError,
    ServerError,
)
from runloop_tui.api.models import BenchmarkRun, ScenarioRun, ScoringFunctionResult
from runloop_tui.api.parsing import parse_item
from tests.api.scripted import RUN, SCENARIO_RUN, Answer, Script, answer, listing, ok
from tests.api.views import OLDER_RUN

TODAYS = "GET /v1/benchmark_runs?include_total_count=false"
OLDER = "GET /v1/benchmarks/runs?include_total_count=false"


@pytest.mark.parametrize("status", [404, 405, 410, 501])
async def test_runs_that_are_only_at_the_older_path_are_found_there(status: int) -> None:
    script = Script(answer(status), listing([OLDER_RUN]))
    async with script.client() as client:
        page = await client.list_benchmark_runs()
    assert script.asked == [TODAYS, OLDER]
    assert [run.id for run in page.items] == ["bmr_old"]


async def test_the_older_path_is_asked_the_same() -> None:
    script = Script(answer(404), listing([]))
    async with script.client() as client:
        await client.list_benchmark_runs(
            name="a", benchmark_id="b", state="running", limit=7, starting_after="c"
        )
    todays, older = script.requests
    assert older.url.path == "/v1/benchmarks/runs"
    assert older.url.params == todays.url.params


async def test_it_is_found_out_once_and_all_that_concerns_runs_goes_there() -> None:
    script = Script(answer(404), *[listing([RUN])] * 2, *[ok(RUN)] * 3, listing([SCENARIO_RUN]))
    async with script.client() as client:
        await client.list_benchmark_runs()
        await client.list_benchmark_runs()
        await client.get_benchmark_run("bmr_1")
        await client.cancel_benchmark_run("bmr_1")
        await client.complete_benchmark_run("bmr_1")
        await client.list_scenario_runs("bmr_1")
    assert script.asked == [
        TODAYS,
        OLDER,
        OLDER,
        "GET /v1/benchmarks/runs/bmr_1",
        "POST /v1/benchmarks/runs/bmr_1/cancel",
        "POST /v1/benchmarks/runs/bmr_1/complete",
        "GET /v1/benchmarks/runs/bmr_1/scenario_runs?include_total_count=false",
    ]


async def test_logs_of_a_run_are_downloaded_from_the_older_path() -> None:
    script = Script(answer(404), listing([]), answer(200, b"PK", content_type="application/zip"))
    async with script.client() as client:
        await client.list_benchmark_runs()
        async with client.download_benchmark_run_logs("bmr_1"):
            pass
    assert script.asked[-1] == "POST /v1/benchmarks/runs/bmr_1/download_logs"


async def test_what_has_one_path_only_keeps_it() -> None:
    script = Script(answer(404), listing([]), ok(SCENARIO_RUN), ok(RUN))
    async with script.client() as client:
        await client.list_benchmark_runs()
        await client.get_scenario_run("scr_1")
        await client.start_benchmark_run("bmd_1")
    assert script.asked[2:] == ["GET /v1/scenarios/runs/scr_1", "POST /v1/benchmarks/start_run"]


@pytest.mark.parametrize(
    "elsewhere",
    [answer(404), answer(410), answer(400), ok({"id": "runs"}), ok(b"<html>")],
    ids=["not found", "gone", "no benchmark's id", "a benchmark", "a web page"],
)
async def test_a_service_with_runs_at_neither_path_says_so(elsewhere: Answer) -> None:
    script = Script(answer(404, {"message": "no route"}), elsewhere)
    async with script.client() as client:
        with pytest.raises(NotOffered) as caught:
            await client.list_benchmark_runs()
    assert str(caught.value) == "this address does not offer benchmark runs (404)"
    assert caught.value.detail == "no route"
    assert script.asked == [TODAYS, OLDER]


@pytest.mark.parametrize(
    ("elsewhere", "error_class"),
    [
        (answer(401), NotAuthorised),
        (answer(403), Forbidden),
        (answer(503), ServerError),
    ],
)
async def test_trouble_at_the_older_path_leaves_open_where_the_runs_are(
    elsewhere: Answer, error_class: type[RunloopError]
) -> None:
    script = Script(answer(404), elsewhere, answer(404), listing([]))
    async with script.client() as client:
        with pytest.raises(error_class):
            await client.list_benchmark_runs()
        assert script.asked == [TODAYS, OLDER]  # and not repeated
        await client.list_benchmark_runs()
    assert script.asked == [TODAYS, OLDER] * 2


@pytest.mark.parametrize("status", [400, 401, 403, 500])
async def test_only_a_list_that_is_not_offered_is_looked_for_elsewhere(status: int) -> None:
    script = Script(*[answer(status)] * 3)
    async with script.client() as client:
        with pytest.raises(RunloopError):
            await client.list_benchmark_runs()
    assert set(script.asked) == {TODAYS}


@pytest.mark.parametrize("status", [404, 405, 410, 501])
async def test_what_happens_to_one_run_says_nothing_about_the_paths(status: int) -> None:
    script = Script(answer(status), answer(status), listing([]))
    async with script.client() as client:
        with pytest.raises(RunloopError):
            await client.get_benchmark_run("bmr_1")
        with pytest.raises(RunloopError):
            await client.list_scenario_runs("bmr_1")
        await client.list_benchmark_runs()
    assert script.asked[0] == "GET /v1/benchmark_runs/bmr_1"
    assert script.asked[2:] == [TODAYS]


async def test_a_missing_run_on_an_older_server_is_not_found() -> None:
    script = Script(answer(404), listing([]), answer(404))
    async with script.client() as client:
        await client.list_benchmark_runs()
        with pytest.raises(NotFound):
            await client.get_benchmark_run("bmr_1")


async def test_when_the_older_path_vanishes_todays_is_looked_for_again() -> None:
    script = Script(answer(404), listing([]), answer(410), listing([RUN]), listing([RUN]))
    async with script.client() as client:
        await client.list_benchmark_runs()
        page = await client.list_benchmark_runs()
        assert [run.id for run in page.items] == ["bmr_1"]
        await client.list_benchmark_runs()
    assert script.asked == [TODAYS, OLDER, OLDER, TODAYS, TODAYS]


async def test_a_failing_list_costs_at_most_one_further_request() -> None:
    script = Script(*[answer(404)] * 6)
    async with script.client() as client:
        for _ in range(3):
            with pytest.raises(NotOffered):
                await client.list_benchmark_runs()
    assert script.asked == [TODAYS, OLDER] * 3
    assert script.slept == []


async def test_lists_at_the_same_time_agree_on_where_the_runs_are() -> None:
    async def serve(request: httpx.Request) -> httpx.Response:
        await asyncio.sleep(0)
        return listing([RUN]) if request.url.path == "/v1/benchmarks/runs" else answer(404)

    paths: list[str] = []

    async def record(request: httpx.Request) -> httpx.Response:
        paths.append(request.url.path)
        return await serve(request)

    client = Client("http://demo.test", None, now=lambda: 0, transport=httpx.MockTransport(record))
    async with client:
        await asyncio.gather(*(client.list_benchmark_runs() for _ in range(3)))
        paths.clear()
        await client.list_benchmark_runs()
    assert paths == ["/v1/benchmarks/runs"]


def test_the_older_view_of_a_run_tells_what_is_pending_and_what_came_of_the_rest() -> None:
    run, complaint = parse_item(BenchmarkRun, OLDER_RUN)
    assert complaint is None
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


def test_todays_view_of_a_run_has_nothing_of_the_older_one() -> None:
    run, _ = parse_item(BenchmarkRun, RUN)
    assert run is not None
    assert run.pending_scenarios is None
    assert run.embedded_scenario_runs == ()


def test_nothing_pending_is_not_the_same_as_not_saying() -> None:
    run, _ = parse_item(BenchmarkRun, {"id": "bmr_1", "pending_scenarios": []})
    assert run is not None
    assert run.pending_scenarios == ()


def test_a_run_may_be_told_of_in_camel_case_throughout() -> None:
    raw = {
        "id": "bmr_1",
        "benchmarkId": "bmd_1",
        "startTimeMs": 5,
        "pendingScenarios": ["scn_2"],
        "scenarioRuns": [{"scenarioId": "scn_1", "scenarioRunId": "scr_1", "state": "FAILED"}],
        "metadata": {"gitSha": "abc"},
    }
    run, complaint = parse_item(BenchmarkRun, raw)
    assert complaint is None
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


def test_an_embedded_scenario_run_without_an_id_goes_by_its_scenarios() -> None:
    raw = {"id": "bmr_1", "scenario_runs": [{"scenario_id": "scn_1", "scoringResult": None}]}
    run, complaint = parse_item(BenchmarkRun, raw)
    assert complaint is None
    assert run is not None
    assert run.embedded_scenario_runs == (
        ScenarioRun(id="scn_1", scenario_id="scn_1", benchmark_run_id="bmr_1"),
    )


def test_a_bad_embedded_scenario_run_costs_none_of_the_others() -> None:
    bad = [None, 3, {}, {"scenarioRunId": ["x"]}, {"scenarioRunId": "scr_2", "scoringResult": "x"}]
    good = {"scenarioRunId": "scr_1", "scoringResult": {"score": 1}}
    run, complaint = parse_item(BenchmarkRun, {"id": "bmr_1", "scenario_runs": [*bad, good]})
    assert run is not None
    assert [(each.id, each.score) for each in run.embedded_scenario_runs] == [
        ("scr_2", None),
        ("scr_1", 1.0),
    ]
    assert complaint is not None
    assert complaint.endswith(" of bmr_1 not understood")


@pytest.mark.parametrize("nonsense", ["scn_1", 3, {"a": 1}])
def test_older_fields_that_are_no_lists_are_dropped(nonsense: object) -> None:
    raw = {"id": "bmr_1", "name": "a", "scenario_runs": nonsense, "pending_scenarios": nonsense}
    run, complaint = parse_item(BenchmarkRun, raw)
    assert run == BenchmarkRun(id="bmr_1", name="a")
    assert complaint == "pending_scenarios, scenario_runs of bmr_1 not understood"


async def test_a_scenario_run_of_the_older_shape_is_understood_by_itself() -> None:
    raw = {"scenarioRunId": "scr_1", "scenario_id": "scn_1", "scoring_result": {"score": 0.25}}
    async with Script(ok(raw)).client() as client:
        run = await client.get_scenario_run("scr_1")
    assert (run.id, run.scenario_id, run.score) == ("scr_1", "scn_1", 0.25)


def test_where_a_name_is_there_in_both_shapes_todays_counts() -> None:
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
def test_where_a_name_is_there_in_both_cases_that_in_snake_case_counts(raw: dict[str, str]) -> None:
    run, _ = parse_item(ScenarioRun, raw)
    assert run is not None
    assert run.id == "scr_1"
