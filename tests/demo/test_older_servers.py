"""Older servers: their paths, their shape of a run, and servers that offer no runs at all."""

import pytest

from runloop_tui.demo.world import World
from tests.demo.client import DemoClient, Wire
from tests.demo.clock import Clock

CURRENT = "/v1/benchmark_runs"
OLDER = "/v1/benchmarks/runs"


@pytest.fixture
def older(world: World) -> DemoClient:
    return DemoClient(world, older=True)


async def named(older: DemoClient, name: str) -> Wire:
    runs: list[Wire] = (await older.get(OLDER, name=name))["runs"]
    return runs[0]


async def test_the_deprecated_paths_answer_as_the_current_ones_do(client: DemoClient) -> None:
    run = await client.run_named("tb2-nightly-codex")
    for path, query in (
        ("", {"state": "running", "limit": 2}),
        (f"/{run['id']}", {}),
        (f"/{run['id']}/scenario_runs", {"state": "completed", "limit": 7}),
    ):
        current = await client.get(CURRENT + path, **query)
        assert await client.get(OLDER + path, **query) == current


async def test_runs_are_canceled_completed_and_downloaded_by_the_deprecated_paths(
    client: DemoClient,
) -> None:
    mini, nightly = [
        await client.run_named(name) for name in ("tb2-mini-goose", "tb2-nightly-codex")
    ]
    canceled = await client.post(f"{OLDER}/{mini['id']}/cancel")
    completed = await client.post(f"{OLDER}/{nightly['id']}/complete")
    assert (canceled["state"], completed["state"]) == ("canceled", "completed")
    assert await client.run(mini["id"]) == canceled
    archives = [
        (await client.http.post(f"{base}/{mini['id']}/download_logs")).content
        for base in (CURRENT, OLDER)
    ]
    assert archives[0] == archives[1]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", CURRENT),
        ("GET", CURRENT + "/{run}"),
        ("GET", CURRENT + "/{run}/scenario_runs"),
        ("POST", CURRENT + "/{run}/cancel"),
        ("POST", CURRENT + "/{run}/complete"),
        ("POST", CURRENT + "/{run}/download_logs"),
        ("GET", "/v1/benchmark_jobs"),
    ],
)
async def test_an_older_server_does_not_know_the_current_paths(
    older: DemoClient, method: str, path: str
) -> None:
    run = await named(older, "tb2-mini-goose")
    assert (await older.refusal(method, path.format(run=run["id"])))[0] == 404


async def test_an_older_run_has_its_terminal_scenario_runs_and_the_ids_of_the_others(
    older: DemoClient, world: World, clock: Clock
) -> None:
    client = DemoClient(world)
    for _ in range(3):
        run = await named(older, "tb2-mini-goose")
        benchmark = await older.get(f"/v1/benchmarks/{run['benchmark_id']}")
        scenario_runs = await client.scenario_runs(run["id"])
        finished = {each["id"]: each for each in scenario_runs if each["duration_ms"] is not None}
        assert {each["scenarioRunId"] for each in run["scenario_runs"]} == finished.keys()
        for each in run["scenario_runs"]:
            twin = finished[each["scenarioRunId"]]
            assert each["scenario_id"] == twin["scenario_id"]
            assert each["scoringResult"] == twin["scoring_contract_result"]
        terminal = {each["scenario_id"] for each in run["scenario_runs"]}
        assert set(run["pending_scenarios"]) | terminal == set(benchmark["scenarioIds"])
        assert len(run["pending_scenarios"]) + len(run["scenario_runs"]) == 40
        clock.advance(minutes=6)
    assert run["scenario_runs"]


async def test_an_older_run_has_no_fields_that_came_later(older: DemoClient) -> None:
    run = await named(older, "tb2-nightly-codex")
    assert run.keys() == {
        "id",
        "benchmark_id",
        "name",
        "start_time_ms",
        "duration_ms",
        "state",
        "score",
        "metadata",
        "pending_scenarios",
        "scenario_runs",
    }


async def test_an_older_server_lists_gets_starts_and_cancels_runs_in_the_older_shape(
    older: DemoClient,
) -> None:
    benchmark = await older.benchmark_named("smoke")
    started = await older.post("/v1/benchmarks/start_run", {"benchmark_id": benchmark["id"]})
    assert started["pending_scenarios"] == benchmark["scenarioIds"]
    assert started["scenario_runs"] == []
    assert await older.get(f"{OLDER}/{started['id']}") == started
    assert "pending_scenarios" in await older.post(f"{OLDER}/{started['id']}/cancel")
    assert all("scenario_runs" in run for run in (await older.get(OLDER))["runs"])


async def test_one_run_of_the_default_account_is_on_the_older_shape_by_any_path(
    client: DemoClient,
) -> None:
    [run] = [run for run in await client.runs() if "pending_scenarios" in run]
    assert run["name"] == "smoke-codex"
    assert (len(run["scenario_runs"]), run["pending_scenarios"]) == (8, [])
    assert await client.get(f"{OLDER}/{run['id']}") == run


@pytest.mark.parametrize(
    "path",
    [CURRENT, OLDER, "/v1/benchmark_jobs", "/v1/benchmarks", "/v1/scenarios/runs/scr_some"],
)
async def test_a_server_without_runs_offers_nothing_that_belongs_to_them(
    world: World, path: str
) -> None:
    status, message = await DemoClient(world, offers_runs=False).refusal("GET", path)
    assert (status, message) == (404, f"no such path: {path}")


async def test_a_server_without_runs_still_has_devboxes(world: World) -> None:
    run = next(world.runs())
    path = f"/v1/devboxes/{run.devbox_id(0)}/logs"
    assert (await DemoClient(world, offers_runs=False).get(path))["logs"]
