"""The answers of the default account about the same facts agree at any moment.

Read over HTTP as the app reads it: runs, scenario runs, benchmarks, jobs, devbox logs and archives.
"""

import io
import random
import re
import zipfile
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property

import pytest

from runloop_tui.demo.account import BENCHMARKS, RUNS
from runloop_tui.demo.plans import HOUR, RunPlan
from runloop_tui.demo.world import World
from tests.demo.client import DemoClient, Wire
from tests.demo.clock import Clock

FEW = 3
"""How many scenario runs of each benchmark run have their logs read at one moment."""
TOOK = re.compile(r"\bin (\d+\.\d+)s\b")
STEP = re.compile(r"^(\d\d):(\d\d):(\d\d)Z  step +\d+  ", re.MULTILINE)
COUNTS = re.compile(r"^=+ (?:(\d+) failed)?(?:, )?(?:(\d+) passed)? in \d+\.\d+s =+$", re.MULTILINE)


def moments() -> list[int]:
    """Return the times of the checks, in ms after the creation of the world: at once, soon after, and hours later."""
    chance = random.Random(9)
    later = [chance.randrange(HOUR) for _ in range(1)] + [chance.randrange(6 * HOUR)]
    return [0, *sorted(later)]


@dataclass
class Answers:
    """All answers about one benchmark run at one moment."""

    client: DemoClient
    now_ms: int
    run: Wire
    scenario_runs: list[Wire]
    devbox_logs: dict[str, list[Wire]] = field(default_factory=dict)

    @property
    def is_terminal(self) -> bool:
        return bool(self.run["state"] != "running")

    @cached_property
    def logged(self) -> list[Wire]:
        """The scenario runs whose logs are read: the shortest, the longest, and some between."""
        by_length = sorted(self.scenario_runs, key=lambda each: each["duration_ms"] or 0)
        middle = by_length[3:-3]
        some = random.Random(self.run["id"]).sample(middle, min(FEW, len(middle)))
        return by_length[:3] + some + by_length[3:][-3:]

    async def devbox_log(self, scenario_run: Wire) -> list[Wire]:
        """Return the devbox log of a scenario run, read once."""
        devbox_id = scenario_run["devbox_id"]
        if devbox_id not in self.devbox_logs:
            self.devbox_logs[devbox_id] = await self.client.devbox_logs(devbox_id)
        return self.devbox_logs[devbox_id]


_READ: dict[tuple[int, float], list[Answers]] = {}


async def answers_at(moment_ms: int, *, pace: float = 1.0) -> list[Answers]:
    """Return the answers about all benchmark runs; those at the same moment are read once for all tests."""
    if (moment_ms, pace) not in _READ:
        clock = Clock()
        client = DemoClient(World(clock, pace=pace))
        clock.advance(ms=moment_ms)
        _READ[moment_ms, pace] = [
            Answers(client, clock(), run, await client.scenario_runs(run["id"]))
            for run in await client.runs()
        ]
    return _READ[moment_ms, pace]


def took_s(output: str) -> float:
    """Return the total duration of the test sessions in an output, in s."""
    return sum(map(float, TOOK.findall(output)))


def message(line: Wire) -> str:
    return str(line.get("message", ""))


@pytest.mark.parametrize("moment_ms", moments())
async def test_a_run_is_of_its_benchmarks_scenarios_and_its_score_is_theirs(moment_ms: int) -> None:
    for answers in await answers_at(moment_ms):
        run, each_of = answers.run, answers.scenario_runs
        if run["benchmark_id"] is not None:
            benchmark = await answers.client.get(f"/v1/benchmarks/{run['benchmark_id']}")
            started = [each["scenario_id"] for each in each_of]
            assert len(set(started)) == len(started)
            assert set(started) <= set(benchmark["scenarioIds"])
            if run["state"] == "completed":
                assert len(started) == len(benchmark["scenarioIds"]), run["name"]
        end_ms = run["start_time_ms"] + (run["duration_ms"] or answers.now_ms)
        for each in each_of:
            assert run["start_time_ms"] <= each["start_time_ms"]
            assert each["start_time_ms"] + (each["duration_ms"] or 0) <= end_ms
            assert (each["duration_ms"] is not None) or not answers.is_terminal
        results = [each["scoring_contract_result"] for each in each_of]
        scores = [result["score"] if result else 0.0 for result in results]
        if run["state"] == "completed":
            assert run["score"] == round(sum(scores) / len(scores), 6)


@pytest.mark.parametrize(("moment_ms", "pace"), [*((each, 1.0) for each in moments()), (0, 20.0)])
async def test_scorers_print_the_score_and_their_tests_fit_into_the_time_there_was(
    moment_ms: int, pace: float
) -> None:
    for answers in await answers_at(moment_ms, pace=pace):
        for each in answers.scenario_runs:
            if not (result := each["scoring_contract_result"]):
                continue
            functions = result["scoring_function_results"]
            assert result["score"] == min(function["score"] for function in functions)
            for function in functions:
                assert_tests_give_the_score(function["output"], function["score"])
            if each["duration_ms"] is not None:
                printed_s = sum(took_s(function["output"]) for function in functions)
                assert 1000 * printed_s <= each["duration_ms"], each["name"]


def assert_tests_give_the_score(output: str, score: float) -> None:
    assert f"score={score}\n" in output
    for counts in COUNTS.finditer(output):
        failed, passed = (int(count or 0) for count in counts.groups())
        assert f"collected {failed + passed} item" in output
        [dots] = re.findall(r"^\S+ ([.F]+) \[100%\]$", output, re.MULTILINE)
        assert (dots.count("F"), dots.count(".")) == (failed, passed)
        assert output.count("\nFAILED ") == failed
        assert score == round(passed / (failed + passed), 2)


@pytest.mark.parametrize("moment_ms", moments())
async def test_a_devboxs_log_takes_the_time_that_its_commands_say(moment_ms: int) -> None:
    every_run = await answers_at(moment_ms)
    limits = turn_limits(await every_run[0].client.get("/v1/benchmark_jobs", limit=5000))
    for answers in every_run:
        for each in answers.logged:
            lines = await answers.devbox_log(each)
            commands: dict[str, list[Wire]] = defaultdict(list)
            for line in lines:
                if "cmd_id" in line:
                    commands[line["cmd_id"]].append(line)
            for own in commands.values():
                assert "cmd" in own[0]
                printed_s = took_s("\n".join(map(message, own)))
                lasted_ms = own[-1]["timestamp_ms"] - own[0]["timestamp_ms"]
                assert 1000 * printed_s <= lasted_ms, (each["name"], printed_s, lasted_ms)
            turns = [
                int(turn) for turn in re.findall(r"turn (\d+):", "\n".join(map(message, lines)))
            ]
            assert max(turns, default=0) <= limits.get(answers.run["id"], 10**6), answers.run[
                "name"
            ]
            if each["scoring_contract_result"]:
                assert any("starts with" in message(line) for line in lines), each["duration_ms"]
            if each["duration_ms"] is not None:
                end_ms = each["start_time_ms"] + each["duration_ms"]
                assert not lines or lines[-1]["timestamp_ms"] == end_ms


def turn_limits(jobs: Wire) -> dict[str, int]:
    """Return the largest number of turns of the agents of each run of a job, if it is limited."""
    limits = {}
    for job in jobs["jobs"]:
        for run in job["benchmark_outcomes"] + job["in_progress_runs"]:
            for agent in job["job_spec"]["agent_configs"]:
                variables = agent["agent_environment"]["environment_variables"]
                limit = agent["kwargs"].get("max_turns") or variables.get("AGENT_MAX_TURNS")
                if limit:
                    limits[run["benchmark_run_id"]] = int(limit)
    return limits


@pytest.mark.parametrize("moment_ms", moments())
async def test_archives_have_the_same_work_and_the_same_end_as_the_devbox_logs(
    moment_ms: int,
) -> None:
    for answers in await answers_at(moment_ms):
        if answers.run["name"] is None:
            continue  # its logs are made long on purpose
        for each in answers.logged:
            texts = await archive_of(answers.client, each)
            lines = await answers.devbox_log(each)
            agents_log = texts[f"{each['id']}_agent.log"]
            assert_same_work(each, agents_log, lines)
            if each["duration_ms"] is not None:
                assert_same_end(each, agents_log.splitlines()[-1], message(lines[-1]))
            if result := each["scoring_contract_result"]:
                tests_log = texts[f"{each['id']}_test_output.log"]
                for function in result["scoring_function_results"]:
                    assert function["output"] in tests_log


async def archive_of(client: DemoClient, scenario_run: Wire) -> dict[str, str]:
    answer = await client.http.post(f"/v1/scenarios/runs/{scenario_run['id']}/download_logs")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def assert_same_work(each: Wire, agents_log: str, lines: list[Wire]) -> None:
    """The agent's steps lie between its start and its last line in the devbox's log."""
    steps = list(STEP.finditer(agents_log))
    started_s = each["start_time_ms"] // 1000
    day_s = started_s - started_s % 86_400
    times = [
        day_s + int(h) * 3600 + int(m) * 60 + int(s) for h, m, s in (x.groups() for x in steps)
    ]
    times = [at if at >= started_s else at + 86_400 for at in times]
    first = [line["timestamp_ms"] for line in lines if "starts with" in message(line)]
    if not first:
        assert not steps, (each["name"], message(lines[-1]) if lines else "")
        return
    ends = [
        line["timestamp_ms"]
        for line in lines
        if line.get("cmd") in {"bash /scorer/run.sh", "tail -f server.log"}
    ]
    last = [lines[-1]["timestamp_ms"]] if each["duration_ms"] is not None else []
    assert all(first[0] // 1000 <= at for at in times)
    assert all(at <= min(ends + last) / 1000 for at in times if ends + last)
    moments_s = [*times, min(ends + last) / 1000] if ends + last else times
    for step, at, next_at in zip(steps, times, moments_s[1:], strict=False):
        output_of_step = agents_log[step.start() : agents_log.find("Z  ", step.end())]
        assert took_s(output_of_step) <= max(1.0, next_at - at + 1), each["name"]


def assert_same_end(each: Wire, archived: str, logged: str) -> None:
    end_ms = each["start_time_ms"] + each["duration_ms"]
    clock, _, rest = archived.partition("  ")
    assert clock == f"{datetime.fromtimestamp(end_ms / 1000, UTC):%H:%M:%S}Z"
    if each["state"] in {"failed", "timeout"}:
        assert rest == f"error     {logged}"
    for seconds in re.findall(r"after (?:the start )?(\d+) s|(\d+) s after", logged):
        assert int("".join(seconds)) == each["duration_ms"] // 1000
    result = each["scoring_contract_result"]
    if each["state"] == "completed" and result:
        assert rest == f"done      score {result['score']}"
        assert logged.startswith(f"completed with score {result['score']};")


@pytest.mark.parametrize("moment_ms", moments())
async def test_agents_of_a_job_are_given_up_at_its_time_out_and_not_before(moment_ms: int) -> None:
    clock = Clock()
    client = DemoClient(World(clock))
    clock.advance(ms=moment_ms)
    seen = 0
    for job in (await client.get("/v1/benchmark_jobs", limit=5000))["jobs"]:
        spec = job["job_spec"]
        for outcome in job["benchmark_outcomes"]:
            agents = {agent["name"]: agent["timeout_seconds"] for agent in spec["agent_configs"]}
            timeout_s = agents[outcome["agent_name"]]
            if timeout_s is None:
                continue
            limit_ms = 1000 * timeout_s * spec["orchestrator_config"]["timeout_multiplier"]
            for each in outcome["scenario_outcomes"]:
                if (each["failure_reason"] or {}).get("exception_type") == "AgentTimeoutError":
                    assert each["duration_ms"] >= limit_ms, outcome["agent_name"]
                    seen += 1
                elif each["state"] == "COMPLETED" and each["duration_ms"] > limit_ms:
                    [scored] = [await client.get(f"/v1/scenarios/runs/{each['scenario_run_id']}")]
                    lines = await client.devbox_logs(scored["devbox_id"])
                    times = [
                        line["timestamp_ms"] for line in lines if line.get("shell_name") == "scorer"
                    ]
                    assert times[0] - scored["start_time_ms"] <= limit_ms, outcome["agent_name"]
    assert seen


@pytest.mark.parametrize("action", ["cancel", "score"])
async def test_lines_of_an_agents_log_stay_after_any_action(action: str) -> None:
    clock = Clock()
    client = DemoClient(World(clock))
    run = await client.run_named("swe-verified-claude-code")
    for each in (await client.scenario_runs(run["id"], state="running"))[::3]:
        name = f"{each['id']}_agent.log"
        before = (await archive_of(client, each))[name]
        await client.post(f"/v1/scenarios/runs/{each['id']}/{action}")
        clock.advance(ms=400)
        assert (await archive_of(client, each))[name].startswith(before)


async def test_a_scenario_scored_by_hand_has_an_output_that_fits_into_its_scoring() -> None:
    clock = Clock()
    client = DemoClient(World(clock))
    run = await client.run_named("swe-verified-claude-code")
    running = (await client.scenario_runs(run["id"], state="running"))[::3]
    for each in running:
        await client.post(f"/v1/scenarios/runs/{each['id']}/score")
    clock.advance(minutes=1)
    for each in running:
        lines = await client.devbox_logs(each["devbox_id"])
        scoring = [line for line in lines if line.get("shell_name") == "scorer"]
        lasted_ms = scoring[-1]["timestamp_ms"] - scoring[0]["timestamp_ms"]
        assert 1000 * sum(took_s(message(line)) for line in scoring) <= lasted_ms


def test_a_linked_run_of_some_scenarios_only_is_no_plan() -> None:
    with pytest.raises(ValueError, match="all scenarios"):
        RunPlan("some", BENCHMARKS[0], scenarios=6)


def test_what_descriptions_count_is_what_there_is() -> None:
    benchmarks = {plan.name: plan for plan in (*BENCHMARKS, *(run.benchmark for run in RUNS))}
    words = {"Twelve": 12}
    counted = 0
    for benchmark in benchmarks.values():
        first = benchmark.description.split()[0]
        count = words.get(first) or (int(first) if first.isdigit() else None)
        if count is not None:
            assert count == len(benchmark.scenarios)
            counted += 1
    assert counted >= 4
