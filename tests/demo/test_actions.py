"""What a user can do: cancel and complete runs; cancel, complete and score scenario runs."""

from collections import Counter

from runloop_tui.demo.world import World
from tests.demo.client import DemoClient, Wire
from tests.demo.clock import Clock


async def in_state(client: DemoClient, clock: Clock, state: str) -> Wire:
    """Advance the clock until a scenario run of the nightly run is in a state, and return it."""
    run = await client.run_named("tb2-nightly-codex")
    for _ in range(200):
        if found := await client.scenario_runs(run["id"], state=state):
            return found[0]
        clock.advance(s=1)
    raise AssertionError(f"no scenario run was ever {state}")


def states_of(scenario_runs: list[Wire]) -> Counter[str]:
    return Counter(run["state"] for run in scenario_runs)


async def test_a_canceled_run_cancels_what_is_under_way(client: DemoClient, clock: Clock) -> None:
    scored = await in_state(client, clock, "scored")
    run_id = scored["benchmark_run_id"]
    before = states_of(await client.scenario_runs(run_id))
    run = await client.post(f"/v1/benchmark_runs/{run_id}/cancel")
    after = await client.scenario_runs(run_id)
    assert run["state"] == "canceled"
    assert run["duration_ms"] == clock() - run["start_time_ms"]
    states = states_of(after)
    assert states["canceled"] == before["running"] + before["scoring"]
    assert states["completed"] == before["completed"] + before["scored"]
    assert states.total() == before.total()


async def test_the_score_of_a_canceled_run_is_the_mean_of_its_completed_ones(
    client: DemoClient,
) -> None:
    run = await client.run_named("swe-verified-claude-code")
    run = await client.post(f"/v1/benchmark_runs/{run['id']}/cancel")
    completed = await client.scenario_runs(run["id"], state="completed")
    scores = [each["scoring_contract_result"]["score"] for each in completed]
    assert run["score"] == round(sum(scores) / len(scores), 6)


async def test_nothing_of_a_canceled_run_moves_any_more(client: DemoClient, clock: Clock) -> None:
    run = await client.run_named("tb2-mini-goose")
    run = await client.post(f"/v1/benchmark_runs/{run['id']}/cancel")
    scenario_runs = await client.scenario_runs(run["id"])
    clock.advance(minutes=120)
    assert await client.run(run["id"]) == run
    assert await client.scenario_runs(run["id"]) == scenario_runs


async def test_a_completed_run_is_scored_over_all_that_started(client: DemoClient) -> None:
    run = await client.run_named("tb2-nightly-codex")
    run = await client.post(f"/v1/benchmark_runs/{run['id']}/complete")
    scenario_runs = await client.scenario_runs(run["id"])
    results = [each["scoring_contract_result"] for each in scenario_runs]
    assert run["state"] == "completed"
    assert run["score"] == round(sum(r["score"] for r in results if r) / len(results), 6)
    assert "running" not in states_of(scenario_runs)


async def test_a_finished_run_refuses_to_be_canceled_or_completed(client: DemoClient) -> None:
    [run] = await client.runs(state="failed")
    for action in ("cancel", "complete"):
        status, message = await client.refusal("POST", f"/v1/benchmark_runs/{run['id']}/{action}")
        assert (status, message) == (400, f"benchmark run {run['id']} is already failed")


async def test_a_second_cancel_is_refused_and_changes_nothing(
    client: DemoClient, clock: Clock
) -> None:
    run = await client.run_named("tb2-mini-goose")
    path = f"/v1/benchmark_runs/{run['id']}/cancel"
    first = await client.post(path)
    clock.advance(s=5)
    assert (await client.refusal("POST", path))[0] == 400
    assert await client.run(run["id"]) == first


async def test_a_canceled_scenario_run_ends_at_that_moment(
    client: DemoClient, clock: Clock
) -> None:
    running = await in_state(client, clock, "running")
    clock.advance(ms=1500)
    canceled = await client.post(f"/v1/scenarios/runs/{running['id']}/cancel")
    assert canceled["state"] == "canceled"
    assert canceled["duration_ms"] == clock() - running["start_time_ms"]
    assert canceled["scoring_contract_result"] is None
    clock.advance(minutes=60)
    assert await client.get(f"/v1/scenarios/runs/{running['id']}") == canceled


async def test_a_scenario_run_whose_score_is_known_refuses_a_cancel(
    client: DemoClient, clock: Clock
) -> None:
    scored = await in_state(client, clock, "scored")
    path = f"/v1/scenarios/runs/{scored['id']}"
    assert await client.refusal("POST", f"{path}/cancel") == (
        400,
        f"scenario run {scored['id']} is already scored",
    )
    completed = await client.post(f"{path}/complete")
    assert completed["state"] == "completed"
    assert completed["scoring_contract_result"] == scored["scoring_contract_result"]


async def test_a_scenario_run_completed_before_its_scoring_has_no_score(
    client: DemoClient, clock: Clock
) -> None:
    running = await in_state(client, clock, "running")
    completed = await client.post(f"/v1/scenarios/runs/{running['id']}/complete")
    assert completed["state"] == "completed"
    assert completed["scoring_contract_result"] is None


async def test_a_hung_scenario_run_scored_by_hand_goes_all_the_way_to_completed(
    client: DemoClient, clock: Clock
) -> None:
    run = await client.run_named("swe-verified-claude-code")
    [*_, hung] = await client.scenario_runs(run["id"], state="running")
    path = f"/v1/scenarios/runs/{hung['id']}"
    states = [(await client.post(f"{path}/score"))["state"]]
    for _ in range(4):
        clock.advance(s=4)
        states.append((await client.get(path))["state"])
    assert list(dict.fromkeys(states)) == ["scoring", "scored", "completed"]
    assert (await client.get(path))["scoring_contract_result"]["score"] == 0.0
    assert (await client.refusal("POST", f"{path}/score"))[0] == 400


async def test_a_run_ends_earlier_when_what_it_waited_for_is_canceled(
    world: World, client: DemoClient, clock: Clock
) -> None:
    run_id = (await client.run_named("swe-verified-claude-code"))["id"]
    run = world.run(run_id)
    others = [each for each in run.timelines if each.position not in run.plan.hung]
    clock.now_ms = max(each.ended_ms for each in others)
    hung = await client.scenario_runs(run_id, state="running")
    assert len(hung) == len(run.plan.hung)
    for scenario_run in hung:
        await client.post(f"/v1/scenarios/runs/{scenario_run['id']}/cancel")
    assert (await client.run(run_id))["state"] == "running"
    clock.advance(s=8)
    assert (await client.run(run_id))["state"] == "completed"
