"""Where benchmark runs are served: the current path, the path of older servers, a base URL with /v1 in it."""

import asyncio

import httpx
import pytest

from runloop_tui.api.client import Client
from runloop_tui.api.errors import (
    Forbidden,
    NotAuthorised,
    NotFound,
    NotOffered,
    NotUnderstood,
    RunloopError,
    ServerError,
)
from runloop_tui.monitor.health import FetchKind, Health, ReadFailure
from runloop_tui.present.errors import health_line
from tests.api.scripted import BASE, RUN, SCENARIO_RUN, Answer, Script, answer, listing, ok
from tests.api.views import OLDER_RUN

CURRENT_LIST = "GET /v1/benchmark_runs?include_total_count=false"
OLDER_LIST = "GET /v1/benchmarks/runs?include_total_count=false"


@pytest.mark.parametrize("status", [404, 405, 410, 501])
async def test_runs_at_the_older_path_are_found(status: int) -> None:
    script = Script(answer(status), listing([OLDER_RUN]))
    async with script.client() as client:
        page = await client.list_benchmark_runs()
    assert script.request_lines == [CURRENT_LIST, OLDER_LIST]
    assert [run.id for run in page.items] == ["bmr_old"]


async def test_the_query_is_the_same_at_the_older_path() -> None:
    script = Script(answer(404), listing([]))
    async with script.client() as client:
        await client.list_benchmark_runs(
            name="a", benchmark_id="b", state="running", limit=7, starting_after="c"
        )
    todays, older = script.requests
    assert older.url.path == "/v1/benchmarks/runs"
    assert older.url.params == todays.url.params


async def test_the_older_path_is_detected_once_and_used_for_all_run_operations() -> None:
    script = Script(answer(404), *[listing([RUN])] * 2, *[ok(RUN)] * 3, listing([SCENARIO_RUN]))
    async with script.client() as client:
        await client.list_benchmark_runs()
        await client.list_benchmark_runs()
        await client.get_benchmark_run("bmr_1")
        await client.cancel_benchmark_run("bmr_1")
        await client.complete_benchmark_run("bmr_1")
        await client.list_scenario_runs("bmr_1")
    assert script.request_lines == [
        CURRENT_LIST,
        OLDER_LIST,
        OLDER_LIST,
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
    assert script.request_lines[-1] == "POST /v1/benchmarks/runs/bmr_1/download_logs"


async def test_other_resources_keep_their_path() -> None:
    script = Script(answer(404), listing([]), ok(SCENARIO_RUN), ok(RUN))
    async with script.client() as client:
        await client.list_benchmark_runs()
        await client.get_scenario_run("scr_1")
        await client.start_benchmark_run("bmd_1")
    assert script.request_lines[2:] == [
        "GET /v1/scenarios/runs/scr_1",
        "POST /v1/benchmarks/start_run",
    ]


@pytest.mark.parametrize(
    "elsewhere",
    [answer(404), answer(410), answer(400), ok({"id": "runs"}), ok(b"<html>")],
    ids=["not found", "gone", "no benchmark's id", "a benchmark", "a web page"],
)
async def test_runs_at_neither_path_are_not_offered(elsewhere: Answer) -> None:
    script = Script(answer(404, {"message": "no route"}), elsewhere)
    async with script.client() as client:
        with pytest.raises(NotOffered) as caught:
            await client.list_benchmark_runs()
    assert str(caught.value) == "this address does not offer benchmark runs (404)"
    assert caught.value.detail == "no route"
    assert script.request_lines == [CURRENT_LIST, OLDER_LIST]


@pytest.mark.parametrize(
    ("elsewhere", "error_class"),
    [
        (answer(401), NotAuthorised),
        (answer(403), Forbidden),
        (answer(503), ServerError),
    ],
)
async def test_an_error_at_the_older_path_decides_nothing(
    elsewhere: Answer, error_class: type[RunloopError]
) -> None:
    script = Script(answer(404), elsewhere, answer(404), listing([]))
    async with script.client() as client:
        with pytest.raises(error_class):
            await client.list_benchmark_runs()
        assert script.request_lines == [CURRENT_LIST, OLDER_LIST]  # and not repeated
        await client.list_benchmark_runs()
    assert script.request_lines == [CURRENT_LIST, OLDER_LIST] * 2


@pytest.mark.parametrize("status", [400, 401, 403, 500])
async def test_only_not_offered_leads_to_the_other_path(status: int) -> None:
    script = Script(*[answer(status)] * 3)
    async with script.client() as client:
        with pytest.raises(RunloopError):
            await client.list_benchmark_runs()
    assert set(script.request_lines) == {CURRENT_LIST}


@pytest.mark.parametrize("status", [404, 405, 410, 501])
async def test_an_error_of_one_run_decides_nothing_about_the_paths(status: int) -> None:
    script = Script(answer(status), answer(status), listing([]))
    async with script.client() as client:
        with pytest.raises(RunloopError):
            await client.get_benchmark_run("bmr_1")
        with pytest.raises(RunloopError):
            await client.list_scenario_runs("bmr_1")
        await client.list_benchmark_runs()
    assert script.request_lines[0] == "GET /v1/benchmark_runs/bmr_1"
    assert script.request_lines[2:] == [CURRENT_LIST]


async def test_a_missing_run_on_an_older_server_is_not_found() -> None:
    script = Script(answer(404), listing([]), answer(404))
    async with script.client() as client:
        await client.list_benchmark_runs()
        with pytest.raises(NotFound):
            await client.get_benchmark_run("bmr_1")


async def test_the_current_path_is_tried_again_when_the_older_one_vanishes() -> None:
    script = Script(answer(404), listing([]), answer(410), listing([RUN]), listing([RUN]))
    async with script.client() as client:
        await client.list_benchmark_runs()
        page = await client.list_benchmark_runs()
        assert [run.id for run in page.items] == ["bmr_1"]
        await client.list_benchmark_runs()
    assert script.request_lines == [
        CURRENT_LIST,
        OLDER_LIST,
        OLDER_LIST,
        CURRENT_LIST,
        CURRENT_LIST,
    ]


async def test_a_failing_list_costs_at_most_one_further_request() -> None:
    script = Script(*[answer(404)] * 6)
    async with script.client() as client:
        for _ in range(3):
            with pytest.raises(NotOffered):
                await client.list_benchmark_runs()
    assert script.request_lines == [CURRENT_LIST, OLDER_LIST] * 3
    assert script.slept == []


async def test_concurrent_lists_agree_on_the_path() -> None:
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


async def failure(base: str, *given: Answer) -> RunloopError:
    async with Script(*given).client(base=base) as client:
        with pytest.raises(RunloopError) as caught:
            await client.list_benchmark_runs()
    return caught.value


@pytest.mark.parametrize(
    ("path", "part"),
    [
        ("/v1", "/v1"),
        ("/v1/", "/v1"),
        ("/proxy/v1", "/v1"),
        ("/v1/benchmark_runs", "/v1/benchmark_runs"),
    ],
)
async def test_the_advice_is_to_remove_v1_from_the_base_url(path: str, part: str) -> None:
    error = await failure(BASE + path, answer(404), answer(404))
    assert type(error) is NotOffered
    assert str(error) == f"leave {part} out of the base address (404)"
    assert f"Nothing is offered at {part}/v1/benchmark_runs" in error.advice
    health = Health(failure=ReadFailure(FetchKind.LIST, error), next_try_ms=60_000)
    line = "".join(piece.text for piece in health_line(health, 0, 5.0, 80))
    assert f"! leave {part} out of the base address (404)" in line
    assert "next try in 1m" in line


async def test_a_web_page_leads_to_the_same_advice() -> None:
    error = await failure(f"{BASE}/v1", answer(200, b"<html><title>Docs</title></html>"))
    assert type(error) is NotUnderstood
    assert error.advice.startswith("Leave /v1 out of the base address")


@pytest.mark.parametrize("path", ["", "/v2", "/v10", "/v1x", "/a/b"])
async def test_a_base_url_without_v1_has_the_usual_advice(path: str) -> None:
    error = await failure(BASE + path, answer(404), answer(404))
    assert str(error) == "this address does not offer benchmark runs (404)"
    assert error.advice == NotOffered.advice


async def test_a_gateway_with_v1_in_its_path_works() -> None:
    script = Script(answer(200, {"runs": [], "has_more": False}))
    async with script.client(base=f"{BASE}/v1") as client:
        await client.list_benchmark_runs()
    assert script.request_lines[0].startswith("GET /v1/v1/benchmark_runs?")
