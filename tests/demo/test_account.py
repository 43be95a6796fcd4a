"""The default account, which the demo shows."""

import re
from collections import Counter

from runloop_tui.demo import names
from runloop_tui.demo.run import planned_once
from runloop_tui.demo.scorers import scorer_results
from runloop_tui.demo.world import World
from tests.demo.client import DemoClient
from tests.demo.clock import Clock
from tests.demo.instances import many_instances

SCENARIO_RUNS = "/v1/benchmark_runs/{}/scenario_runs"
LIVE = ["tb2-mini-goose", "tb2-nightly-codex", "swe-lite-codex", "swe-verified-claude-code"]


async def test_four_of_sixteen_runs_are_live(client: DemoClient) -> None:
    runs = await client.runs()
    assert len(runs) == 16
    assert [run["name"] for run in runs if run["state"] == "running"] == LIVE


async def test_there_are_runs_in_every_terminal_state(client: DemoClient) -> None:
    states = Counter(run["state"] for run in await client.runs())
    assert states == {"running": 4, "completed": 10, "canceled": 1, "failed": 1}


async def test_completed_runs_have_differing_scores(client: DemoClient) -> None:
    scores = [run["score"] for run in await client.runs(state="completed")]
    assert len(set(scores)) == len(scores)
    assert all(0.0 < score <= 1.0 for score in scores)


async def test_the_large_run_is_well_along_and_the_young_one_has_just_begun(
    client: DemoClient,
) -> None:
    finished = {}
    for name in LIVE:
        runs = await client.scenario_runs((await client.run_named(name))["id"])
        finished[name] = sum(run["duration_ms"] is not None for run in runs)
    assert finished["swe-verified-claude-code"] == 398
    assert finished["tb2-nightly-codex"] == 37
    assert finished["tb2-mini-goose"] == 4


async def test_the_large_run_has_scenarios_that_hang(client: DemoClient, clock: Clock) -> None:
    run = await client.run_named("swe-verified-claude-code")
    elapsed = [
        clock() - scenario_run["start_time_ms"]
        for scenario_run in await client.scenario_runs(run["id"], state="running")
    ]
    typical = 15 * 60_000
    assert sum(length > 3 * typical for length in elapsed) == 3
    assert sorted(elapsed)[-4] < 2.5 * typical


async def test_one_run_has_no_name_and_no_benchmark(client: DemoClient) -> None:
    nameless = [run for run in await client.runs() if run["name"] is None]
    assert [run["benchmark_id"] for run in nameless] == [None]


async def test_one_run_failed_in_set_up_with_hardly_a_scenario_started(client: DemoClient) -> None:
    [run] = await client.runs(state="failed")
    assert run["score"] is None
    scenario_runs = await client.scenario_runs(run["id"])
    assert 0 < len(scenario_runs) < 10
    assert {each["state"] for each in scenario_runs} <= {"failed", "canceled"}


async def test_every_end_of_a_scenario_run_can_be_seen(client: DemoClient) -> None:
    seen: set[str] = set()
    scores: set[str] = set()
    for run in await client.runs():
        for scenario_run in (await client.get(SCENARIO_RUNS.format(run["id"]), limit=60))["runs"]:
            seen.add(scenario_run["state"])
            if result := scenario_run["scoring_contract_result"]:
                score = result["score"]
                scores.add("zero" if score == 0 else "passed" if score == 1 else "partial")
    assert seen >= {"running", "completed", "failed", "timeout", "canceled"}
    assert scores == {"zero", "partial", "passed"}


async def test_the_nightly_run_has_environment_variables_and_names_of_secrets(
    client: DemoClient,
) -> None:
    run = await client.run_named("tb2-nightly-codex")
    assert "ARTIFACTS_URL" in run["environment_variables"]
    assert run["secrets_provided"]["OPENAI_API_KEY"] == "EVALS_OPENAI_KEY"


async def test_some_runs_have_metadata_besides_agent_and_model(client: DemoClient) -> None:
    run = await client.run_named("swe-lite-mini-swe-agent")
    assert run["metadata"]["ablation"] == "no-planner"
    assert run["purpose"] == "Ablation: no planner"


async def test_ids_look_like_runloops(client: DemoClient) -> None:
    run = await client.run_named("tb2-mini-goose")
    [*_, scenario_run] = await client.scenario_runs(run["id"])
    ids = [run["id"], run["benchmark_id"]]
    ids += [scenario_run[key] for key in ("id", "scenario_id", "devbox_id")]
    prefixes = ["bmr", "bmd", "scr", "scn", "dbx"]
    for prefix, each in zip(prefixes, ids, strict=True):
        assert re.fullmatch(prefix + "_[0-9A-Za-z]{21}", each)


def test_benchmarks_have_as_many_distinct_names_as_the_real_ones() -> None:
    assert len(set(names.swe_bench_verified())) == 500
    assert len(set(names.swe_bench_lite())) == 300
    assert len(set(names.TERMINAL_BENCH_2)) == 89
    assert len(set(many_instances(5000))) == 5000


async def test_the_same_seed_and_times_give_the_same_bytes() -> None:
    async def story(seed: int) -> list[bytes]:
        for cached in (planned_once, scorer_results, names.letters):
            cached.cache_clear()
        clock = Clock()
        client = DemoClient(World(clock, seed=seed))
        bodies = []
        for _ in range(3):
            clock.advance(minutes=4)
            bodies.append((await client.http.get("/v1/benchmark_runs")).content)
            run = await client.run_named("tb2-mini-goose")
            path = f"/v1/benchmark_runs/{run['id']}"
            bodies.append((await client.http.get(f"{path}/scenario_runs")).content)
            bodies.append((await client.http.post(f"{path}/download_logs")).content)
        return bodies

    first = await story(7)
    assert first == await story(7)
    assert first != await story(8)


async def test_a_look_in_between_changes_nothing() -> None:
    watched, unwatched = Clock(), Clock()
    often, once = DemoClient(World(watched)), DemoClient(World(unwatched))
    for _ in range(10):
        watched.advance(minutes=3)
        await often.runs()
    unwatched.advance(minutes=30)
    assert await often.runs() == await once.runs()


async def test_twice_the_pace_shows_the_same_run_after_half_the_time() -> None:
    slow, fast = Clock(), Clock()
    at_one, at_two = DemoClient(World(slow)), DemoClient(World(fast, pace=2.0))
    slow.advance(minutes=10)
    fast.advance(minutes=5)
    for name in LIVE:
        states = []
        for client in (at_one, at_two):
            run = await client.run_named(name)
            page = await client.get(SCENARIO_RUNS.format(run["id"]), limit=60)
            states.append([(each["id"], each["state"]) for each in page["runs"]])
        assert states[0] == states[1]
