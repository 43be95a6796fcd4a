"""The operations: what each sends, and what it returns."""

import asyncio
from collections.abc import Awaitable, Callable

import httpx
import pytest

from runloop_tui.api.client import Client
from runloop_tui.api.errors import BadRequest, NotOffered, NotUnderstood
from runloop_tui.api.models import Benchmark, BenchmarkRun, ScenarioDefinition, ScenarioRun
from runloop_tui.api.pagination import Page
from tests.api.scripted import BENCHMARK, KEY, RUN, SCENARIO_RUN, Script, answer, listing, ok

Call = Callable[[Client], Awaitable[object]]


async def test_the_total_count_is_off_by_default() -> None:
    script = Script(listing([RUN]))
    async with script.client() as client:
        page = await client.list_benchmark_runs()
    assert script.request_lines == ["GET /v1/benchmark_runs?include_total_count=false"]
    assert page.items == (BenchmarkRun.model_validate(RUN),)
    assert (page.has_more, page.total_count, page.warnings) == (False, None, ())


async def test_listing_runs_sends_every_filter_that_is_set() -> None:
    script = Script(listing([RUN], has_more=True, total_count=41))
    async with script.client() as client:
        page = await client.list_benchmark_runs(
            name="swe & co",
            benchmark_id="bmd_1",
            state="running",
            search="nightly",
            limit=50,
            starting_after="bmr_0",
            include_total_count=True,
        )
    assert dict(script.requests[0].url.params) == {
        "name": "swe & co",
        "benchmark_id": "bmd_1",
        "state": "running",
        "search": "nightly",
        "limit": "50",
        "starting_after": "bmr_0",
        "include_total_count": "true",
    }
    assert (page.has_more, page.total_count) == (True, 41)


async def test_an_empty_search_is_no_search() -> None:
    script = Script(listing([]))
    async with script.client() as client:
        await client.list_benchmark_runs(search="")
    assert script.request_lines == ["GET /v1/benchmark_runs?include_total_count=false"]


async def test_a_lone_surrogate_in_a_search_is_replaced() -> None:
    script = Script(listing([]))
    async with script.client() as client:
        await client.list_benchmark_runs(search="a\ud83d")
    assert script.requests[0].url.params["search"] == "a?"


async def test_scenario_runs_are_listed_under_their_run() -> None:
    script = Script(listing([SCENARIO_RUN], total_count=1))
    async with script.client() as client:
        page = await client.list_scenario_runs(
            "bmr_1", state="scoring", limit=5000, starting_after="scr_0", include_total_count=True
        )
    path = "/v1/benchmark_runs/bmr_1/scenario_runs"
    query = "state=scoring&limit=5000&starting_after=scr_0&include_total_count=true"
    assert script.request_lines == [f"GET {path}?{query}"]
    assert page.items == (ScenarioRun.model_validate(SCENARIO_RUN),)


@pytest.mark.parametrize(
    ("call", "path"),
    [
        (lambda c, **query: c.list_benchmarks(**query), "/v1/benchmarks"),
        (lambda c, **query: c.list_public_benchmarks(**query), "/v1/benchmarks/list_public"),
    ],
    ids=["own", "public"],
)
async def test_benchmarks_are_listed_page_by_page(
    call: Callable[..., Awaitable[Page[Benchmark]]], path: str
) -> None:
    body = {"benchmarks": [BENCHMARK, {"id": ""}], "has_more": True, "total_count": 9}
    script = Script(ok(body), ok({"benchmarks": None, "has_more": False}))
    async with script.client() as client:
        page = await call(
            client,
            name="swe",
            search="verified",
            limit=2,
            starting_after="bmd_0",
            include_total_count=True,
        )
        assert (await call(client)).items == ()
    query = "name=swe&search=verified&limit=2&starting_after=bmd_0&include_total_count=true"
    assert script.request_lines == [f"GET {path}?{query}", f"GET {path}?include_total_count=false"]
    assert page.items == (Benchmark.model_validate(BENCHMARK),)
    assert (page.has_more, page.total_count) == (True, 9)
    assert page.warnings == ("a benchmark without a readable id not understood",)


async def test_a_service_without_benchmarks_is_reported_as_such() -> None:
    async with Script(answer(404)).client() as client:
        with pytest.raises(NotOffered) as caught:
            await client.list_benchmarks()
    assert str(caught.value) == "this address does not offer benchmarks (404)"


async def test_the_scenarios_of_a_benchmark_are_listed_by_name() -> None:
    definition = {"id": "scn_1", "name": "fix-git", "input_context": {"problem_statement": "…"}}
    script = Script(ok({"scenarios": [definition], "has_more": True}))
    async with script.client() as client:
        page = await client.list_scenario_definitions("b/1", limit=1, starting_after="scn_0")
    assert script.request_lines == [
        "GET /v1/benchmarks/b%2F1/definitions?limit=1&starting_after=scn_0"
    ]
    assert page.items == (ScenarioDefinition(id="scn_1", name="fix-git"),)
    assert page.has_more


@pytest.mark.parametrize(
    ("call", "expected", "body", "model"),
    [
        (lambda c: c.get_benchmark_run("bmr_1"), "GET /v1/benchmark_runs/bmr_1", RUN, BenchmarkRun),
        (
            lambda c: c.cancel_benchmark_run("bmr_1"),
            "POST /v1/benchmark_runs/bmr_1/cancel",
            RUN,
            BenchmarkRun,
        ),
        (
            lambda c: c.complete_benchmark_run("bmr_1"),
            "POST /v1/benchmark_runs/bmr_1/complete",
            RUN,
            BenchmarkRun,
        ),
        (
            lambda c: c.get_scenario_run("scr_1"),
            "GET /v1/scenarios/runs/scr_1",
            SCENARIO_RUN,
            ScenarioRun,
        ),
        (
            lambda c: c.cancel_scenario_run("scr_1"),
            "POST /v1/scenarios/runs/scr_1/cancel",
            SCENARIO_RUN,
            ScenarioRun,
        ),
        (
            lambda c: c.complete_scenario_run("scr_1"),
            "POST /v1/scenarios/runs/scr_1/complete",
            SCENARIO_RUN,
            ScenarioRun,
        ),
        (
            lambda c: c.score_scenario_run("scr_1"),
            "POST /v1/scenarios/runs/scr_1/score",
            SCENARIO_RUN,
            ScenarioRun,
        ),
        (lambda c: c.get_benchmark("bmd_1"), "GET /v1/benchmarks/bmd_1", BENCHMARK, Benchmark),
    ],
)
async def test_operations_on_one_resource_return_it(
    call: Call,
    expected: str,
    body: dict[str, object],
    model: type[BenchmarkRun | ScenarioRun | Benchmark],
) -> None:
    script = Script(ok(body))
    async with script.client() as client:
        thing = await call(client)
    assert script.request_lines == [expected]
    assert script.requests[0].content == b""
    assert thing == model.model_validate(body)


async def test_requests_have_user_agent_and_accept_headers() -> None:
    script = Script(listing([]))
    async with script.client(version="1.2.3") as client:
        await client.list_benchmark_runs()
    headers = script.requests[0].headers
    assert headers["authorization"] == f"Bearer {KEY}"
    assert headers["user-agent"] == "runloop-tui/1.2.3"
    assert headers["accept"] == "application/json"


async def test_a_base_address_may_have_a_port_and_a_path() -> None:
    script = Script(ok(RUN))
    async with script.client(base="http://127.0.0.1:8080/runloop/") as client:
        await client.get_benchmark_run("bmr_1")
    assert str(script.requests[0].url) == "http://127.0.0.1:8080/runloop/v1/benchmark_runs/bmr_1"


@pytest.mark.parametrize(
    ("hostile", "quoted"),
    [
        ("../benchmarks", "..%2Fbenchmarks"),
        ("a/b", "a%2Fb"),
        ("a?b=c#d", "a%3Fb%3Dc%23d"),
        ("%2e%2e", "%252e%252e"),
        ("//evil.test/x", "%2F%2Fevil.test%2Fx"),
        ("https://evil.test", "https%3A%2F%2Fevil.test"),
        ("zwölf \n", "zw%C3%B6lf%20%0A"),
    ],
)
async def test_a_hostile_id_is_quoted_as_one_path_segment(hostile: str, quoted: str) -> None:
    script = Script(ok({**RUN, "id": hostile}))
    async with script.client() as client:
        await client.cancel_benchmark_run(hostile)
    assert script.request_lines == [f"POST /v1/benchmark_runs/{quoted}/cancel"]
    assert script.requests[0].url.host == "api.runloop.test"


@pytest.mark.parametrize(
    "no_id",
    ["", ".", "..", "\ud800", "x" * 70_000],
    ids=["empty", "dot", "dots", "half a pair", "endless"],
)
async def test_an_impossible_id_is_rejected_without_a_request(no_id: str) -> None:
    script = Script()
    async with script.client() as client:
        with pytest.raises(BadRequest):
            await client.get_benchmark_run(no_id)
    assert script.requests == []


async def test_a_response_without_an_id_is_not_understood() -> None:
    script = Script(ok({"state": "running"}))
    async with script.client() as client:
        with pytest.raises(NotUnderstood) as caught:
            await client.get_benchmark_run("bmr_1")
    assert str(caught.value) == "answer not understood: expected a benchmark run with an id"


async def test_parse_warnings_of_a_single_resource_are_logged(
    caplog: pytest.LogCaptureFixture,
) -> None:
    script = Script(ok(RUN | {"score": "\x1b[2J"}))
    async with script.client() as client:
        run = await client.get_benchmark_run("bmr_1")
    assert run.score is None
    assert [record.getMessage() for record in caplog.records if record.levelname == "WARNING"] == [
        "'score of bmr_1 not understood'"
    ]


async def test_failed_requests_are_counted_too() -> None:
    script = Script(ok(RUN), httpx.ConnectError("no"), ok(RUN))
    async with script.client() as client:
        assert client.requests_sent == 0
        await client.get_benchmark_run("bmr_1")
        await client.get_benchmark_run("bmr_1")
        assert client.requests_sent == 3


async def test_parsing_a_page_yields_to_the_event_loop() -> None:
    script = Script(listing([RUN | {"id": f"bmr_{n}"} for n in range(1_000)]))
    rounds = 0

    async def other() -> None:
        nonlocal rounds
        while True:
            rounds += 1
            await asyncio.sleep(0)

    async with script.client() as client:
        task = asyncio.ensure_future(other())
        page = await client.list_benchmark_runs(limit=1000)
        task.cancel()
    assert len(page.items) == 1_000
    assert rounds >= 10
