"""Lists: pages, filters, totals, and what a wrong request gets."""

import pytest

from runloop_tui.demo import names
from runloop_tui.demo.plans import BenchmarkPlan, RunPlan
from runloop_tui.demo.world import World
from tests.demo.asking import Asking, Wire
from tests.demo.clock import Clock

RUNS = "/v1/benchmark_runs"


async def all_pages(asking: Asking, path: str, key: str, **query: object) -> list[Wire]:
    found: list[Wire] = []
    while True:
        after = {"starting_after": found[-1]["id"]} if found else {}
        page = await asking.get(path, **query, **after)
        found += page[key]
        if not page["has_more"]:
            return found


async def test_runs_come_newest_start_first(asking: Asking) -> None:
    starts = [run["start_time_ms"] for run in await asking.runs()]
    assert starts == sorted(starts, reverse=True)


async def test_scenario_runs_come_newest_start_first(asking: Asking) -> None:
    run = await asking.run_named("tb2-nightly-codex")
    starts = [each["start_time_ms"] for each in await asking.scenario_runs(run["id"])]
    assert starts == sorted(starts, reverse=True)
    assert len(starts) > 37


async def test_pages_put_together_are_the_whole_list(asking: Asking) -> None:
    assert await all_pages(asking, RUNS, "runs", limit=5) == await asking.runs()
    run = await asking.run_named("swe-verified-claude-code")
    path = f"{RUNS}/{run['id']}/scenario_runs"
    for query in ({}, {"state": "running"}, {"state": "completed"}):
        pages = await all_pages(asking, path, "runs", limit=17, **query)
        assert pages == await asking.scenario_runs(run["id"], **query)


async def test_without_a_limit_a_page_has_twenty(asking: Asking) -> None:
    run = await asking.run_named("swe-verified-claude-code")
    page = await asking.get(f"{RUNS}/{run['id']}/scenario_runs")
    assert (len(page["runs"]), page["has_more"]) == (20, True)


async def test_a_page_that_ends_with_the_list_has_no_more(asking: Asking) -> None:
    page = await asking.get(RUNS, limit=12)
    assert (len(page["runs"]), page["has_more"]) == (12, False)


async def test_the_total_counts_all_that_match_unless_it_is_not_wanted(asking: Asking) -> None:
    assert (await asking.get(RUNS, limit=1))["total_count"] == 12
    assert (await asking.get(RUNS, limit=1, state="running"))["total_count"] == 3
    last = (await asking.get(RUNS, limit=12))["runs"][-1]["id"]
    assert (await asking.get(RUNS, starting_after=last))["total_count"] == 12
    assert (await asking.get(RUNS, include_total_count="false"))["total_count"] is None


async def test_only_started_scenario_runs_are_listed_and_counted(asking: Asking) -> None:
    run = await asking.run_named("swe-verified-claude-code")
    benchmark = await asking.get(f"/v1/benchmarks/{run['benchmark_id']}")
    page = await asking.get(f"{RUNS}/{run['id']}/scenario_runs", limit=1)
    assert 400 < page["total_count"] < len(benchmark["scenarioIds"]) == 500


async def test_runs_are_found_by_name_search_state_and_benchmark(asking: Asking) -> None:
    run = await asking.run_named("swe-verified-claude-code")
    assert [each["id"] for each in await asking.runs(search="VERIFIED-CLAUDE")] == [run["id"]]
    assert [each["id"] for each in await asking.runs(search=run["id"][4:12])] == [run["id"]]
    assert await asking.runs(name="swe-verified") == []
    same = await asking.runs(benchmark_id=run["benchmark_id"])
    assert {each["name"] for each in same} == {"swe-verified-claude-code", "swe-verified-opencode"}
    assert await asking.runs(state="on-fire") == []


async def test_a_runs_scenarios_are_among_its_benchmarks(asking: Asking) -> None:
    run = await asking.run_named("tb2-mini-goose")
    benchmark = await asking.get(f"/v1/benchmarks/{run['benchmark_id']}")
    scenario_runs = await asking.scenario_runs(run["id"])
    assert {each["scenario_id"] for each in scenario_runs} <= set(benchmark["scenarioIds"])


async def test_own_and_public_benchmarks_are_two_lists(asking: Asking) -> None:
    own = await all_pages(asking, "/v1/benchmarks", "benchmarks", limit=1)
    public = await all_pages(asking, "/v1/benchmarks/list_public", "benchmarks", limit=2)
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
    [smoke] = (await asking.get("/v1/benchmarks", name="smoke"))["benchmarks"]
    assert smoke == await asking.get(f"/v1/benchmarks/{smoke['id']}")


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
    asking: Asking, query: dict[str, object], message: str
) -> None:
    assert await asking.refusal("GET", RUNS, **query) == (400, message)


async def test_an_unknown_state_of_scenario_runs_is_refused(asking: Asking) -> None:
    run = await asking.run_named("tb2-mini-goose")
    path = f"{RUNS}/{run['id']}/scenario_runs"
    status, message = await asking.refusal("GET", path, state="sleeping")
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
    asking: Asking, method: str, path: str, status: int
) -> None:
    answered, message = await asking.refusal(method, path)
    assert answered == status
    assert message


async def test_a_run_of_the_future_is_not_there_yet(clock: Clock) -> None:
    benchmark = BenchmarkPlan("smoke", names.TERMINAL_BENCH_2[:3])
    asking = Asking(World(clock, plans=[RunPlan("soon", benchmark, starts_at_ms=10_000)]))
    assert await asking.runs() == []
    clock.advance(s=10)
    [run] = await asking.runs()
    clock.advance(s=-1)
    assert (await asking.refusal("GET", f"{RUNS}/{run['id']}"))[0] == 404


async def test_a_scenario_run_is_not_there_before_it_starts(asking: Asking, clock: Clock) -> None:
    run = await asking.run_named("tb2-mini-goose")
    clock.advance(minutes=5)
    newest = (await asking.scenario_runs(run["id"]))[0]["id"]
    clock.advance(minutes=-5)
    assert (await asking.refusal("GET", f"/v1/scenarios/runs/{newest}"))[0] == 404


async def test_every_answer_carries_the_worlds_date(asking: Asking) -> None:
    for path in (RUNS, "/v1/nothing"):
        answer = await asking.http.get(path)
        assert answer.headers["Date"] == "Mon, 21 Sep 2026 14:13:20 GMT"
