"""Devbox logs: lines are added while a scenario runs, never change, and end with it."""

from itertools import pairwise

import pytest

from runloop_tui.demo.devbox_logs import LONGEST_MS
from runloop_tui.demo.run import Run
from runloop_tui.demo.timeline import Timeline
from runloop_tui.demo.world import World
from tests.demo.client import DemoClient, Wire
from tests.demo.clock import Clock

LARGE = "swe-verified-claude-code"


def run_named(world: World, name: str) -> Run:
    return next(run for run in world.runs() if run.plan.name == name)


async def logs_of(client: DemoClient, run: Run, timeline: Timeline) -> list[Wire]:
    return await client.devbox_logs(run.devbox_id(timeline.position))


async def running(client: DemoClient, name: str) -> Wire:
    run = await client.run_named(name)
    return (await client.scenario_runs(run["id"], state="running"))[0]


def said(lines: list[Wire]) -> str:
    return "\n".join(line.get("message", "") for line in lines)


async def test_a_running_devbox_logs_a_line_at_least_every_five_seconds(
    client: DemoClient, clock: Clock
) -> None:
    scenario_run = await running(client, LARGE)
    counts = []
    for _ in range(24):
        lines = await client.devbox_logs(scenario_run["devbox_id"])
        counts.append(len(lines))
        assert not lines or clock() - lines[-1]["timestamp_ms"] <= LONGEST_MS
        clock.advance(s=5)
    assert all(before < after for before, after in pairwise(counts))


async def test_lines_that_were_logged_stay_and_new_ones_come_behind_them(
    client: DemoClient, clock: Clock
) -> None:
    scenario_run = await running(client, "tb2-mini-goose")
    before: list[Wire] = []
    for _ in range(60):
        lines = await client.devbox_logs(scenario_run["devbox_id"])
        assert lines[: len(before)] == before
        before = lines
        clock.advance(s=7)
    assert (await client.get(f"/v1/scenarios/runs/{scenario_run['id']}"))["duration_ms"]


async def test_times_never_go_back_and_several_lines_may_share_a_millisecond(
    world: World, client: DemoClient, clock: Clock
) -> None:
    shared = 0
    for run in world.runs():
        for timeline in run.timelines[: min(run.started_by(clock()), 4)]:
            times = [line["timestamp_ms"] for line in await logs_of(client, run, timeline)]
            assert times == sorted(times)
            assert timeline.started_ms <= times[0]
            assert times[-1] <= min(clock(), timeline.ended_ms)
            shared += len(times) - len(set(times))
    assert shared > 100


async def test_lines_come_from_every_source_at_every_level_with_commands_among_them(
    world: World, client: DemoClient, clock: Clock
) -> None:
    run = run_named(world, LARGE)
    lines = []
    for timeline in run.timelines[:12]:
        lines += await logs_of(client, run, timeline)
    assert {line["source"] for line in lines} == {
        "setup_commands",
        "entrypoint",
        "exec",
        "files",
        "stats",
        "kmsg",
    }
    assert {line["level"] for line in lines} == {"debug", "info", "warn", "error"}
    started = {line["cmd_id"] for line in lines if "cmd" in line}
    exited = {line["cmd_id"]: line["exit_code"] for line in lines if "exit_code" in line}
    assert exited.keys() <= started
    assert {0, 1} <= set(exited.values())


async def test_a_finished_scenarios_log_is_whole_and_ends_with_its_end(
    client: DemoClient, clock: Clock
) -> None:
    run = await client.run_named("tb2-nightly-codex")
    scored = next(
        each
        for each in await client.scenario_runs(run["id"], state="completed")
        if each["scoring_contract_result"]["score"] == 1.0
    )
    lines = await client.devbox_logs(scored["devbox_id"])
    assert lines[0]["source"] == "setup_commands"
    assert "score=1.0" in said(lines)
    assert lines[-1]["message"] == "completed with score 1.0; devbox is shut down"
    clock.advance(minutes=30)
    assert await client.devbox_logs(scored["devbox_id"]) == lines


@pytest.mark.parametrize("end", ["failed", "timeout"])
async def test_what_failed_or_timed_out_says_why_in_its_last_line(
    world: World, client: DemoClient, end: str
) -> None:
    run = next(
        run
        for run in world.runs()
        if run.plan.name == "tb2-nightly-gemini-cli" and run.state_at(world.now()) == "completed"
    )
    job = await client.job_named("tb2-nightly")
    [outcome] = [each for each in job["benchmark_outcomes"] if each["agent_name"] == "gemini-cli"]
    found = [each for each in outcome["scenario_outcomes"] if each["state"] == end.upper()]
    assert found
    for each in found:
        timeline = run.timelines[run.positions[each["scenario_run_id"]]]
        last = (await logs_of(client, run, timeline))[-1]
        reason = each["failure_reason"]
        assert last["level"] == "error"
        assert last["message"] == f"{reason['exception_type']}: {reason['exception_message']}"


async def test_a_devbox_that_never_came_up_shows_no_work_of_the_agent(
    world: World, client: DemoClient
) -> None:
    run = run_named(world, "tb2-mini-opencode")
    *lines, last = await logs_of(client, run, run.timelines[0])
    assert {line["source"] for line in lines} == {"setup_commands"}
    assert last["message"].startswith("EnvironmentStartTimeoutError: ")


async def test_a_hung_scenario_stops_logging_in_the_middle_of_a_command(
    world: World, client: DemoClient, clock: Clock
) -> None:
    run = run_named(world, LARGE)
    for position in run.plan.hung:
        lines = await logs_of(client, run, run.timelines[position])
        assert len(lines) > 50
        assert lines[-1]["cmd"] == "tail -f server.log"
        assert clock() - lines[-1]["timestamp_ms"] > 20 * 60_000
        clock.advance(minutes=3)
        assert await logs_of(client, run, run.timelines[position]) == lines


async def test_a_canceled_scenarios_log_keeps_its_lines_and_ends(
    world: World, client: DemoClient, clock: Clock
) -> None:
    scenario_run = await running(client, LARGE)
    clock.advance(minutes=1)
    before = await client.devbox_logs(scenario_run["devbox_id"])
    await client.post(f"/v1/scenarios/runs/{scenario_run['id']}/cancel")
    clock.advance(minutes=10)
    *kept, last = await client.devbox_logs(scenario_run["devbox_id"])
    assert kept == before
    assert last["message"] == "canceled; devbox is shut down"


async def test_a_hung_scenario_that_is_scored_by_hand_logs_its_tests(
    world: World, client: DemoClient, clock: Clock
) -> None:
    run = run_named(world, LARGE)
    hung = run.timelines[run.plan.hung[0]]
    before = await logs_of(client, run, hung)
    await client.post(f"/v1/scenarios/runs/{run.scenario_run_id(hung.position)}/score")
    clock.advance(minutes=2)
    after = await logs_of(client, run, hung)
    assert after[: len(before)] == before
    scoring = after[len(before) :]
    assert scoring[0]["cmd"] == "bash /scorer/run.sh"
    assert "score=0.0" in said(scoring)


async def test_lines_can_be_filtered_by_shell_and_by_command(client: DemoClient) -> None:
    scenario_run = await running(client, LARGE)
    devbox_id = scenario_run["devbox_id"]
    lines = await client.devbox_logs(devbox_id)
    agents = [line for line in lines if line.get("shell_name") == "agent"]
    assert await client.devbox_logs(devbox_id, shell_name="agent") == agents != lines
    command = agents[0]["cmd_id"]
    assert await client.devbox_logs(devbox_id, execution_id=command) == [
        line for line in agents if line["cmd_id"] == command
    ]


async def test_a_devbox_is_not_there_before_its_scenario_starts(
    world: World, client: DemoClient, clock: Clock
) -> None:
    run = run_named(world, "tb2-mini-goose")
    unborn = run.timelines[-1]
    path = f"/v1/devboxes/{run.devbox_id(unborn.position)}/logs"
    assert await client.refusal("GET", path) == (
        404,
        f"no devbox {run.devbox_id(unborn.position)}",
    )
    clock.now_ms = unborn.started_ms
    assert await logs_of(client, run, unborn) == []


async def test_two_worlds_with_the_same_seed_log_the_same() -> None:
    found = []
    for _ in range(2):
        client = DemoClient(World(Clock()))
        found.append(await client.devbox_logs((await running(client, LARGE))["devbox_id"]))
    assert found[0] == found[1] != []
