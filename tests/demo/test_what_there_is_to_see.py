"""What a watcher of the default account can see within its first two minutes, as the API writes it."""

import re
from collections import Counter, defaultdict
from itertools import pairwise

import pytest

from tests.demo.client import DemoClient, Wire
from tests.demo.clock import ORIGIN_MS, Clock

MINUTE = 60_000
LARGE = "swe-verified-claude-code"
COLLAPSING = "swe-lite-codex"
NIGHTLY = "tb2-nightly-codex"
ERRORS = {"failed", "timeout"}


async def finished(client: DemoClient, name: str) -> list[Wire]:
    """Return the terminal scenario runs of a run in the order of their ends."""
    run = await client.run_named(name)
    terminal = [
        each for each in await client.scenario_runs(run["id"]) if each["duration_ms"] is not None
    ]
    return sorted(terminal, key=lambda each: each["start_time_ms"] + each["duration_ms"])


async def nights(client: DemoClient) -> list[Wire]:
    """Return the runs of the nightly evaluation, newest first, the live one first of all."""
    return await client.runs(name=NIGHTLY)


def has_error(scenario_run: Wire) -> bool:
    return scenario_run["state"] in ERRORS


async def test_a_run_that_went_well_has_five_errors_in_a_row_after_two_minutes(
    client: DemoClient, clock: Clock
) -> None:
    before = [
        has_error(each)
        for each in await finished(client, COLLAPSING)
        if each["start_time_ms"] + each["duration_ms"] < ORIGIN_MS - MINUTE
    ]
    assert len(before) > 100
    assert sum(before) / len(before) < 0.05
    clock.advance(minutes=2)
    after = [has_error(each) for each in await finished(client, COLLAPSING)]
    assert all(after[-5:])
    assert sum(after[-20:]) >= 10
    assert (await client.run_named(COLLAPSING))["state"] == "running"


async def test_the_collapse_is_over_after_a_quarter_of_an_hour(
    client: DemoClient, clock: Clock
) -> None:
    clock.advance(minutes=15)
    after = [has_error(each) for each in await finished(client, COLLAPSING)]
    assert not any(after[-10:])
    assert (await client.run_named(COLLAPSING))["state"] == "running"


async def test_only_the_devbox_logs_say_why_the_scenarios_of_the_collapse_failed(
    client: DemoClient, clock: Clock
) -> None:
    clock.advance(minutes=2)
    failed = [each for each in await finished(client, COLLAPSING) if each["state"] == "failed"]
    jobs = (await client.get("/v1/benchmark_jobs", limit=5000))["jobs"]
    in_jobs = {
        run["benchmark_run_id"]
        for job in jobs
        for run in job["benchmark_outcomes"] + job["in_progress_runs"]
    }
    assert failed[0]["benchmark_run_id"] not in in_jobs
    for each in failed[-5:]:
        assert each["scoring_contract_result"] is None
        lines = await client.devbox_logs(each["devbox_id"])
        messages = [line.get("message", "") for line in lines]
        refused = [message for message in messages if "attempt" in message]
        numbers = [int(number) for number in re.findall(r"attempt (\d) of 6", "\n".join(refused))]
        assert numbers == [1, 2, 3, 4, 5, 6]
        assert messages[-1].startswith("ApiRateLimitError: 429 from the model provider, 6 attempts")
        start_ms = next(line["timestamp_ms"] for line in lines if "attempt 1" in str(line))
        assert start_ms >= ORIGIN_MS - MINUTE


async def test_two_scenarios_are_stuck_and_one_as_long_is_merely_slow(
    client: DemoClient, clock: Clock
) -> None:
    run = await client.run_named(LARGE)
    longest_ms = max(each["duration_ms"] for each in await finished(client, LARGE))
    running = await client.scenario_runs(run["id"], state="running")
    long = [each for each in running if clock() - each["start_time_ms"] > 1.5 * longest_ms]
    silent: list[tuple[Wire, list[Wire]]] = []
    moving: list[tuple[Wire, list[Wire]]] = []
    for each in long:
        lines = await client.devbox_logs(each["devbox_id"])
        is_silent = clock() - lines[-1]["timestamp_ms"] > 60 * MINUTE
        (silent if is_silent else moving).append((each, lines))
    assert (len(silent), len(moving)) == (2, 1)
    for _, lines in silent:
        assert lines[-1]["cmd"] == "tail -f server.log"
        assert lines[-1]["cmd_id"] not in {line["cmd_id"] for line in lines if "exit_code" in line}
    [(slow, lines)] = moving
    assert clock() - lines[-1]["timestamp_ms"] < MINUTE
    gaps = [after["timestamp_ms"] - before["timestamp_ms"] for before, after in pairwise(lines)]
    assert max(gaps) < MINUTE
    clock.advance(minutes=2)
    assert len(await client.devbox_logs(slow["devbox_id"])) > len(lines)


async def test_the_slow_scenario_is_scored_in_the_end_after_its_command_has_returned(
    client: DemoClient, clock: Clock
) -> None:
    run = await client.run_named(LARGE)
    running = await client.scenario_runs(run["id"], state="running")
    logs = [(each, await client.devbox_logs(each["devbox_id"])) for each in running[-6:]]
    [slow] = [each for each, lines in logs if "runslow" in str(lines)]
    clock.advance(minutes=45)
    ended = await client.get(f"/v1/scenarios/runs/{slow['id']}")
    assert ended["state"] == "completed"
    lines = await client.devbox_logs(slow["devbox_id"])
    [command] = [line for line in lines if "runslow" in line.get("cmd", "")]
    own = [line for line in lines if line.get("cmd_id") == command["cmd_id"]]
    assert own[-1]["exit_code"] == 0
    assert lines[lines.index(own[-1]) + 1]["cmd"] == "bash /scorer/run.sh"


async def test_two_nights_are_paired_scenario_by_scenario_and_differ_in_both_directions(
    client: DemoClient,
) -> None:
    after, before = [run for run in await nights(client) if run["state"] == "completed"][:2]
    pairs: dict[str, list[Wire]] = defaultdict(list)
    for run in (before, after):
        for each in await client.scenario_runs(run["id"]):
            pairs[each["scenario_id"]].append(each)
    assert all(len(pair) == 2 for pair in pairs.values())
    kinds = Counter((kind(old), kind(new)) for old, new in pairs.values())
    better, worse = kinds["not passed", "passed"], kinds["passed", "not passed"]
    assert better >= 3
    assert worse >= 3
    assert 0.1 < (better + worse) / len(pairs) < 0.35
    assert kinds["passed", "error"] + kinds["not passed", "error"] >= 1


def kind(scenario_run: Wire) -> str:
    if has_error(scenario_run):
        return "error"
    score = scenario_run["scoring_contract_result"]["score"]
    return "passed" if score == 1.0 else "not passed"


async def test_failures_of_terminal_runs_of_jobs_are_few_kinds_in_many_words(
    client: DemoClient,
) -> None:
    messages: dict[str, set[str]] = defaultdict(set)
    for job in (await client.get("/v1/benchmark_jobs", limit=5000))["jobs"]:
        for run in job["benchmark_outcomes"]:
            for outcome in run["scenario_outcomes"]:
                if reason := outcome["failure_reason"]:
                    messages[reason["exception_type"]].add(reason["exception_message"])
    assert messages.keys() == {
        "AgentTimeoutError",
        "ApiRateLimitError",
        "EnvironmentStartTimeoutError",
        "NonZeroAgentExitCodeError",
        "VerifierTimeoutError",
    }
    written = "\n".join(each for several in messages.values() for each in several)
    assert len({each for several in messages.values() for each in several}) >= 15
    for varying in (r"after \d+ s", r"request req_\w{20}\b", r"\bdbx_\w{21}\b", r"/tmp/core-\w{6}"):
        assert len(set(re.findall(varying, written))) >= 2, varying


async def test_the_live_nightly_run_has_four_earlier_nights_of_the_same_agent(
    client: DemoClient,
) -> None:
    live, *earlier = await nights(client)
    assert (live["state"], [run["state"] for run in earlier]) == ("running", ["completed"] * 4)
    for field in ("benchmark_id", "name"):
        assert {run[field] for run in earlier} == {live[field]}
    for field in ("agent", "model"):
        assert {run["metadata"][field] for run in earlier} == {live["metadata"][field]}
    apart = [new["start_time_ms"] - old["start_time_ms"] for new, old in pairwise(earlier)]
    assert apart == [24 * 60 * MINUTE] * 3
    assert len({run["score"] for run in earlier}) == 4


async def test_most_scenarios_of_the_live_nightly_run_end_as_they_did_the_nights_before(
    client: DemoClient,
) -> None:
    live, *earlier = await nights(client)
    kinds: dict[str, list[str]] = defaultdict(list)
    for run in (live, *earlier):
        for each in await client.scenario_runs(run["id"]):
            if each["duration_ms"] is not None:
                kinds[each["scenario_id"]].append(kind(each))
    seen = [several for several in kinds.values() if len(several) == 5]
    alike = [several.count(several[0]) - 1 for several in seen]
    assert len(seen) > 30
    assert 0.65 < sum(alike) / (4 * len(seen)) < 0.95


@pytest.mark.parametrize("moment_ms", [0, 2 * MINUTE])
async def test_all_else_is_calm(client: DemoClient, clock: Clock, moment_ms: int) -> None:
    clock.advance(ms=moment_ms)
    for run in await client.runs(state="running"):
        if run["name"] != COLLAPSING:
            last = [has_error(each) for each in await finished(client, run["name"])][-20:]
            assert sum(last) < 5, run["name"]
