"""Lists of runs, scenario runs and definitions: pages, filters, totals, errors, and thousands of items."""

import httpx
import pytest
from runloop_api_client import AsyncRunloop

from runloop_tui.demo import account, names
from runloop_tui.demo.account import TERMINAL_MINI
from runloop_tui.demo.plans import HOUR, BenchmarkPlan, RunPlan
from runloop_tui.demo.scorers import scorer_results
from runloop_tui.demo.transport import DemoTransport
from runloop_tui.demo.world import World
from tests.demo.client import DemoClient, Wire, no_sleep
from tests.demo.clock import Clock
from tests.server import big_plan

RUNS = "/v1/benchmark_runs"


async def all_pages(client: DemoClient, path: str, key: str, **query: object) -> list[Wire]:
    found: list[Wire] = []
    while True:
        after = {"starting_after": found[-1]["id"]} if found else {}
        page = await client.get(path, **query, **after)
        found += page[key]
        if not page["has_more"]:
            return found


async def test_runs_come_newest_start_first(client: DemoClient) -> None:
    starts = [run["start_time_ms"] for run in await client.runs()]
    assert starts == sorted(starts, reverse=True)


async def test_scenario_runs_come_newest_start_first(client: DemoClient) -> None:
    run = await client.run_named("tb2-nightly-codex")
    starts = [each["start_time_ms"] for each in await client.scenario_runs(run["id"])]
    assert starts == sorted(starts, reverse=True)
    assert len(starts) > 37


async def test_pages_put_together_are_the_whole_list(client: DemoClient) -> None:
    assert await all_pages(client, RUNS, "runs", limit=5) == await client.runs()
    run = await client.run_named("swe-verified-claude-code")
    path = f"{RUNS}/{run['id']}/scenario_runs"
    for query in ({}, {"state": "running"}, {"state": "completed"}):
        pages = await all_pages(client, path, "runs", limit=17, **query)
        assert pages == await client.scenario_runs(run["id"], **query)


async def test_without_a_limit_a_page_has_twenty(client: DemoClient) -> None:
    run = await client.run_named("swe-verified-claude-code")
    page = await client.get(f"{RUNS}/{run['id']}/scenario_runs")
    assert (len(page["runs"]), page["has_more"]) == (20, True)


async def test_a_page_that_ends_with_the_list_has_no_more(client: DemoClient) -> None:
    page = await client.get(RUNS, limit=len(account.RUNS))
    assert (len(page["runs"]), page["has_more"]) == (len(account.RUNS), False)


async def test_the_total_counts_all_that_match_unless_it_is_not_wanted(client: DemoClient) -> None:
    assert (await client.get(RUNS, limit=1))["total_count"] == len(account.RUNS)
    assert (await client.get(RUNS, limit=1, state="running"))["total_count"] == 4
    last = (await client.get(RUNS, limit=len(account.RUNS)))["runs"][-1]["id"]
    assert (await client.get(RUNS, starting_after=last))["total_count"] == len(account.RUNS)
    assert (await client.get(RUNS, include_total_count="false"))["total_count"] is None


async def test_only_started_scenario_runs_are_listed_and_counted(client: DemoClient) -> None:
    run = await client.run_named("swe-verified-claude-code")
    benchmark = await client.get(f"/v1/benchmarks/{run['benchmark_id']}")
    page = await client.get(f"{RUNS}/{run['id']}/scenario_runs", limit=1)
    assert 400 < page["total_count"] < len(benchmark["scenarioIds"]) == 500


async def test_runs_are_found_by_name_search_state_and_benchmark(client: DemoClient) -> None:
    run = await client.run_named("swe-verified-claude-code")
    assert [each["id"] for each in await client.runs(search="VERIFIED-CLAUDE")] == [run["id"]]
    assert [each["id"] for each in await client.runs(search=run["id"][4:12])] == [run["id"]]
    assert await client.runs(name="swe-verified") == []
    same = await client.runs(benchmark_id=run["benchmark_id"])
    assert {each["name"] for each in same} == {"swe-verified-claude-code", "swe-verified-opencode"}
    assert await client.runs(state="on-fire") == []


async def test_a_runs_scenarios_are_among_its_benchmarks(client: DemoClient) -> None:
    run = await client.run_named("tb2-mini-goose")
    benchmark = await client.get(f"/v1/benchmarks/{run['benchmark_id']}")
    scenario_runs = await client.scenario_runs(run["id"])
    assert {each["scenario_id"] for each in scenario_runs} <= set(benchmark["scenarioIds"])


async def test_own_and_public_benchmarks_are_two_lists(client: DemoClient) -> None:
    own = await all_pages(client, "/v1/benchmarks", "benchmarks", limit=1)
    public = await all_pages(client, "/v1/benchmarks/list_public", "benchmarks", limit=2)
    assert {each["name"] for each in own} == {
        "billing-regressions",
        "tb2-mini",
        "smoke",
    }
    assert {each["name"]: len(each["scenarioIds"]) for each in public} == {
        "SWE-bench Verified": 500,
        "SWE-bench Lite": 300,
        "Terminal-Bench 2.0": 89,
    }
    [smoke] = (await client.get("/v1/benchmarks", name="smoke"))["benchmarks"]
    assert smoke == await client.get(f"/v1/benchmarks/{smoke['id']}")


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ({"limit": 0}, "limit must be a whole number from 1 to 5000"),
        ({"limit": 5001}, "limit must be a whole number from 1 to 5000"),
        ({"limit": "many"}, "limit must be a whole number from 1 to 5000"),
        ({"limit": "1" * 50}, "limit must be a whole number from 1 to 5000"),
        ({"starting_after": "bmr_no"}, "starting_after: no such item: bmr_no"),
        ({"include_total_count": "maybe"}, "include_total_count must be true or false"),
    ],
)
async def test_a_wrong_page_is_refused(
    client: DemoClient, query: dict[str, object], message: str
) -> None:
    assert await client.refusal("GET", RUNS, **query) == (400, message)


async def test_an_unknown_state_of_scenario_runs_is_refused(client: DemoClient) -> None:
    run = await client.run_named("tb2-mini-goose")
    path = f"{RUNS}/{run['id']}/scenario_runs"
    status, message = await client.refusal("GET", path, state="sleeping")
    assert status == 400
    assert message.startswith("state must be one of running, scoring")


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/v1/benchmark_runs/bmr_nothing", 404),
        ("POST", "/v1/benchmark_runs/bmr_nothing/cancel", 404),
        ("POST", "/v1/benchmark_runs/bmr_nothing/complete", 404),
        ("POST", "/v1/benchmark_runs/bmr_nothing/download_logs", 404),
        ("GET", "/v1/benchmark_runs/bmr_nothing/scenario_runs", 404),
        ("GET", "/v1/benchmarks/bmd_nothing", 404),
        ("GET", "/v1/scenarios/runs/scr_nothing", 404),
        ("POST", "/v1/scenarios/runs/scr_nothing/score", 404),
        ("POST", "/v1/scenarios/runs/scr_nothing/download_logs", 404),
        ("GET", "/v1/benchmark_jobs/bmj_nothing", 404),
        ("GET", "/v1/devboxes/dbx_nothing/logs", 404),
        ("GET", "/v1/benchmarks/runs/bmr_nothing", 404),
        ("GET", "/v1/sandwiches", 404),
        ("DELETE", "/v1/benchmark_runs", 405),
    ],
)
async def test_what_is_not_there_is_said(
    client: DemoClient, method: str, path: str, status: int
) -> None:
    answered, message = await client.refusal(method, path)
    assert answered == status
    assert message


async def test_a_run_of_the_future_is_not_there_yet(clock: Clock) -> None:
    benchmark = BenchmarkPlan("smoke", names.TERMINAL_BENCH_2[:3])
    client = DemoClient(World(clock, plans=[RunPlan("soon", benchmark, starts_at_ms=10_000)]))
    assert await client.runs() == []
    clock.advance(s=10)
    [run] = await client.runs()
    clock.advance(s=-1)
    assert (await client.refusal("GET", f"{RUNS}/{run['id']}"))[0] == 404


async def test_a_scenario_run_is_not_there_before_it_starts(
    client: DemoClient, clock: Clock
) -> None:
    run = await client.run_named("tb2-mini-goose")
    clock.advance(minutes=5)
    newest = (await client.scenario_runs(run["id"]))[0]["id"]
    clock.advance(minutes=-5)
    assert (await client.refusal("GET", f"/v1/scenarios/runs/{newest}"))[0] == 404


async def test_every_answer_carries_the_worlds_date(client: DemoClient) -> None:
    for path in (RUNS, "/v1/nothing"):
        answer = await client.http.get(path)
        assert answer.headers["Date"] == "Mon, 21 Sep 2026 14:13:20 GMT"


async def test_definitions_name_every_scenario_of_a_benchmark_in_its_order(
    client: DemoClient,
) -> None:
    benchmark = await client.benchmark_named("tb2-mini")
    path = f"/v1/benchmarks/{benchmark['id']}/definitions"
    page = await client.get(path, limit=100)
    assert [each["id"] for each in page["scenarios"]] == benchmark["scenarioIds"]
    assert tuple(each["name"] for each in page["scenarios"]) == TERMINAL_MINI.scenarios
    assert (page["has_more"], page["total_count"]) == (False, 40)


async def test_definitions_come_in_pages(client: DemoClient) -> None:
    benchmark = await client.benchmark_named("tb2-mini")
    path = f"/v1/benchmarks/{benchmark['id']}/definitions"
    first = await client.get(path, limit=30)
    rest = await client.get(path, limit=30, starting_after=first["scenarios"][-1]["id"])
    ids = [each["id"] for each in first["scenarios"] + rest["scenarios"]]
    assert (ids, first["has_more"], rest["has_more"]) == (benchmark["scenarioIds"], True, False)
    assert (await client.refusal("GET", path, starting_after="scn_no"))[0] == 400


async def test_a_benchmark_that_is_not_there_has_no_definitions(client: DemoClient) -> None:
    assert (await client.refusal("GET", "/v1/benchmarks/bmd_no/definitions"))[0] == 404


async def test_the_official_sdk_accepts_definitions(client: DemoClient) -> None:
    benchmark = await client.benchmark_named("tb2-mini")
    transport = client.http._transport
    assert isinstance(transport, DemoTransport)
    sdk = AsyncRunloop(
        bearer_token="anything",
        base_url="http://demo",
        http_client=httpx.AsyncClient(transport=DemoTransport(transport.world, sleep=no_sleep)),
        max_retries=0,
        _strict_response_validation=True,
    )
    async with sdk:
        page = await sdk.benchmarks.definitions(benchmark["id"], limit=5)
    assert [each.name for each in page.scenarios] == list(TERMINAL_MINI.scenarios[:5])


async def test_a_run_of_five_thousand_scenarios_has_two_thousand_finished(clock: Clock) -> None:
    client = DemoClient(World(clock, plans=[big_plan()]))
    [run] = await client.runs()
    path = f"/v1/benchmark_runs/{run['id']}/scenario_runs"
    finished = 0
    for state in ("completed", "failed", "timeout", "canceled"):
        finished += (await client.get(path, limit=1, state=state))["total_count"]
    assert finished == 2000
    assert 25 <= (await client.get(path, limit=1))["total_count"] - finished <= 30
    benchmark = await client.get(f"/v1/benchmarks/{run['benchmark_id']}")
    assert len(set(benchmark["scenarioIds"])) == 5000


async def test_a_page_of_a_large_run_writes_only_what_it_shows(clock: Clock) -> None:
    world = World(clock, plans=[big_plan()])
    client = DemoClient(world)
    [run] = list(world.runs())
    before = scorer_results.cache_info().misses
    for query in ({}, {"state": "completed"}, {"include_total_count": "false"}):
        path = f"/v1/benchmark_runs/{run.id}/scenario_runs"
        page = await client.get(path, limit=100, **query)
        assert len(page["runs"]) == 100
    assert scorer_results.cache_info().misses - before <= 200


async def test_five_thousand_runs_are_paged_without_laying_out_their_scenarios(
    clock: Clock,
) -> None:
    smoke = BenchmarkPlan("smoke", names.TERMINAL_BENCH_2[:4])
    plans = [RunPlan(f"run-{i}", smoke, starts_at_ms=-i * HOUR) for i in range(5000)]
    world = World(clock, plans=plans)
    client = DemoClient(world)
    page = await client.get("/v1/benchmark_runs", limit=100)
    assert (len(page["runs"]), page["total_count"], page["has_more"]) == (100, 5000, True)
    generated = sum("timelines" in run.__dict__ for run in world.runs())
    assert generated == 100
    before_last = list(world.runs())[-101].id
    page = await client.get("/v1/benchmark_runs", limit=100, starting_after=before_last)
    assert (len(page["runs"]), page["has_more"]) == (100, False)
