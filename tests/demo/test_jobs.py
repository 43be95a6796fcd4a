"""Jobs: their source, and their runs, each either in progress or with an outcome."""

import pytest

from runloop_tui.demo import names
from runloop_tui.demo.plans import BenchmarkPlan, JobPlan, RunPlan
from runloop_tui.demo.world import World
from tests.demo.client import DemoClient, Wire
from tests.demo.clock import Clock

JOBS = "/v1/benchmark_jobs"
ENDS = {"completed": "COMPLETED", "failed": "FAILED", "timeout": "TIMEOUT", "canceled": "CANCELED"}


async def jobs_of(client: DemoClient) -> list[Wire]:
    found: list[Wire] = (await client.get(JOBS, limit=5000))["jobs"]
    return found


def outcome_of(job: Wire, agent: str) -> Wire:
    [outcome] = [each for each in job["benchmark_outcomes"] if each["agent_name"] == agent]
    assert isinstance(outcome, dict)
    return outcome


async def test_jobs_come_newest_first_in_every_state_worth_seeing(client: DemoClient) -> None:
    jobs = await jobs_of(client)
    created = [job["create_time_ms"] for job in jobs]
    assert created == sorted(created, reverse=True)
    assert {job["name"]: job["state"] for job in jobs} == {
        "smoke-release": "queued",
        "tb2-mini-nightly": "running",
        "tb-extra-trial": "failed",
        "tb2-nightly": "completed",
    }


async def test_the_live_job_has_one_agent_finished_one_running_and_one_failed_in_set_up(
    client: DemoClient,
) -> None:
    job = await client.job_named("tb2-mini-nightly")
    assert [each["name"] for each in job["job_spec"]["agent_configs"]] == [
        "opencode",
        "mini-swe-agent",
        "goose",
    ]
    [running] = job["in_progress_runs"]
    assert running["agent_config"] == job["job_spec"]["agent_configs"][2]
    assert running["state"] == "running"
    finished, failed = (outcome_of(job, agent) for agent in ("mini-swe-agent", "opencode"))
    assert (finished["n_completed"], finished["n_failed"], finished["n_timeout"]) == (36, 2, 2)
    assert (failed["n_completed"], failed["n_failed"], failed["average_score"]) == (0, 40, None)


async def test_a_run_that_failed_in_set_up_has_a_reason_for_scenarios_that_never_started(
    client: DemoClient,
) -> None:
    job = await client.job_named("tb2-mini-nightly")
    outcomes = outcome_of(job, "opencode")["scenario_outcomes"]
    never_started = [each for each in outcomes if each["scenario_run_id"] is None]
    assert 30 < len(never_started) < len(outcomes) == 40
    for each in never_started:
        assert each["state"] == "FAILED"
        assert each["duration_ms"] is None
        assert each["failure_reason"]["exception_type"] == "EnvironmentStartTimeoutError"
        assert "opencode" in each["failure_reason"]["exception_message"]


async def test_the_runs_of_jobs_are_runs_of_the_account(client: DemoClient, clock: Clock) -> None:
    clock.advance(minutes=40)
    known = {run["id"]: run for run in await client.runs()}
    for job in await jobs_of(client):
        for each in job["benchmark_outcomes"] + job["in_progress_runs"]:
            run = known[each["benchmark_run_id"]]
            assert run["duration_ms"] in {None, each["duration_ms"]}


async def test_at_every_moment_the_counts_agree_with_the_scenario_runs(
    client: DemoClient, clock: Clock
) -> None:
    for _ in range(5):
        for job in await jobs_of(client):
            for outcome in job["benchmark_outcomes"]:
                run = await client.run(outcome["benchmark_run_id"])
                scenario_runs = await client.scenario_runs(run["id"])
                reported = {each["scenario_run_id"]: each for each in outcome["scenario_outcomes"]}
                reported.pop(None, None)
                assert reported.keys() == {each["id"] for each in scenario_runs}
                for each in scenario_runs:
                    assert reported[each["id"]]["state"] == ENDS[each["state"]]
                    assert reported[each["id"]]["duration_ms"] == each["duration_ms"]
                    assert reported[each["id"]]["scenario_definition_id"] == each["scenario_id"]
                    assert reported[each["id"]]["scenario_name"] == each["name"]
                    result = each["scoring_contract_result"]
                    assert reported[each["id"]]["score"] == (result["score"] if result else None)
                assert outcome["duration_ms"] == run["duration_ms"]
        clock.advance(minutes=8)


async def test_every_scenario_of_the_spec_has_one_outcome_and_the_counts_add_up(
    client: DemoClient, clock: Clock
) -> None:
    clock.advance(minutes=40)
    for job in await jobs_of(client):
        for outcome in job["benchmark_outcomes"]:
            scenarios = outcome["scenario_outcomes"]
            ids = [each["scenario_definition_id"] for each in scenarios]
            assert ids == job["job_spec"]["scenario_ids"]
            states = [each["state"] for each in scenarios]
            assert outcome["n_completed"] == states.count("COMPLETED")
            assert outcome["n_failed"] == states.count("FAILED")
            assert outcome["n_timeout"] == states.count("TIMEOUT")
            scores = [each["score"] for each in scenarios if each["score"] is not None]
            assert outcome["average_score"] == (
                round(sum(scores) / len(scores), 6) if scores else None
            )


async def test_a_run_in_progress_moves_to_the_outcomes_when_it_ends(
    client: DemoClient, clock: Clock
) -> None:
    job = await client.job_named("tb2-mini-nightly")
    run_id = job["in_progress_runs"][0]["benchmark_run_id"]
    for _ in range(20):
        run = await client.run(run_id)
        job = await client.get(f"{JOBS}/{job['id']}")
        in_progress = [each["benchmark_run_id"] for each in job["in_progress_runs"]]
        terminal = [each["benchmark_run_id"] for each in job["benchmark_outcomes"]]
        is_running = run["state"] == "running"
        assert (run_id in in_progress, run_id in terminal) == (is_running, not is_running)
        assert (job["state"] == "running") == is_running
        clock.advance(minutes=1)
    assert job["state"] == "completed"


async def test_what_failed_or_timed_out_says_why_and_nothing_else_does(client: DemoClient) -> None:
    types = set()
    for job in await jobs_of(client):
        for outcome in job["benchmark_outcomes"]:
            for each in outcome["scenario_outcomes"]:
                failed = each["state"] in {"FAILED", "TIMEOUT"}
                assert (each["failure_reason"] is not None) == failed
                if failed:
                    assert each["score"] is None
                    assert each["failure_reason"]["exception_message"]
                    types.add(each["failure_reason"]["exception_type"])
    assert types == {
        "AgentTimeoutError",
        "ApiRateLimitError",
        "EnvironmentStartTimeoutError",
        "NonZeroAgentExitCodeError",
        "VerifierTimeoutError",
    }


async def test_a_canceled_run_of_a_job_has_an_outcome_for_what_never_started(
    client: DemoClient,
) -> None:
    job = await client.job_named("tb2-mini-nightly")
    run_id = job["in_progress_runs"][0]["benchmark_run_id"]
    started = len(await client.scenario_runs(run_id))
    await client.post(f"/v1/benchmark_runs/{run_id}/cancel")
    job = await client.get(f"{JOBS}/{job['id']}")
    assert (job["state"], job["in_progress_runs"]) == ("completed", [])
    outcomes = outcome_of(job, "goose")["scenario_outcomes"]
    never_started = [each for each in outcomes if each["scenario_run_id"] is None]
    assert len(never_started) == 40 - started
    assert {each["state"] for each in never_started} == {"CANCELED"}
    assert {each["failure_reason"] for each in never_started} == {None}


async def test_the_sources_are_a_benchmark_scenarios_and_harbor_yaml(client: DemoClient) -> None:
    benchmark = await client.benchmark_named("tb2-mini")
    live = await client.job_named("tb2-mini-nightly")
    assert live["job_source"] == {
        "type": "benchmark",
        "benchmark_id": benchmark["id"],
        "benchmark_name": "tb2-mini",
    }
    assert live["job_spec"]["scenario_ids"] == benchmark["scenarioIds"]
    queued = await client.job_named("smoke-release")
    assert queued["job_source"]["type"] == "scenarios"
    assert queued["job_source"]["scenario_ids"] == queued["job_spec"]["scenario_ids"]
    failed = await client.job_named("tb-extra-trial")
    assert failed["job_source"]["type"] == "harbor"
    assert "terminal-bench-extra" in failed["job_source"]["inline_yaml"]


async def test_a_failed_job_says_why_and_has_neither_spec_nor_runs(client: DemoClient) -> None:
    job = await client.job_named("tb-extra-trial")
    assert "was not found" in job["failure_reason"]
    assert job["job_spec"] is None
    assert job["benchmark_outcomes"] == job["in_progress_runs"] == []
    assert (await client.job_named("tb2-nightly"))["failure_reason"] is None


async def test_the_queued_job_starts_its_runs_one_after_the_other(
    client: DemoClient, clock: Clock
) -> None:
    seen = []
    for _ in range(40):
        job = await client.job_named("smoke-release")
        reported = (job["state"], len(job["in_progress_runs"]), len(job["benchmark_outcomes"]))
        if reported not in seen:
            seen.append(reported)
        clock.advance(minutes=1)
    assert [each for each in seen if each[1]] == [
        ("running", 1, 0),
        ("running", 1, 1),
        ("running", 1, 2),
    ]
    assert (seen[0], seen[-1]) == (("queued", 0, 0), ("completed", 0, 3))
    for outcome in job["benchmark_outcomes"]:
        assert (await client.run(outcome["benchmark_run_id"]))["benchmark_id"] is None


async def test_jobs_are_paged_counted_and_found_by_name_and_search(client: DemoClient) -> None:
    jobs = await jobs_of(client)
    first = await client.get(JOBS, limit=3)
    assert (first["jobs"], first["has_more"], first["total_count"]) == (jobs[:3], True, 4)
    rest = await client.get(JOBS, starting_after=jobs[2]["id"], include_total_count="false")
    assert (rest["jobs"], rest["has_more"], rest["total_count"]) == (jobs[3:], False, None)
    named = await client.get(JOBS, name="tb2-nightly")
    assert [job["name"] for job in named["jobs"]] == ["tb2-nightly"]
    for search in ("NIGHTLY", jobs[0]["id"][4:14]):
        found = (await client.get(JOBS, search=search))["jobs"]
        assert found == [
            job for job in jobs if search.casefold() in (job["name"] + job["id"]).casefold()
        ]
        assert found
    assert (await client.refusal("GET", JOBS, starting_after="bmj_no"))[0] == 400


TASKS = BenchmarkPlan("tasks", names.TERMINAL_BENCH_2[:6])


def job_world(clock: Clock, *runs: RunPlan) -> DemoClient:
    return DemoClient(World(clock, plans=runs[:1], jobs=[JobPlan("matrix", -1000, runs)]))


async def test_a_job_is_absent_before_it_is_created_and_initializing_at_first(
    clock: Clock,
) -> None:
    plan = RunPlan("one", TASKS, starts_at_ms=60_000)
    client = DemoClient(World(clock, plans=[], jobs=[JobPlan("later", 10_000, (plan,))]))
    assert await jobs_of(client) == []
    states = []
    for _ in range(7):
        clock.advance(s=10)
        [job] = await jobs_of(client)
        states.append(job["state"])
    assert list(dict.fromkeys(states)) == ["initializing", "queued", "running"]
    clock.advance(s=-65)
    assert (await client.refusal("GET", f"{JOBS}/{job['id']}"))[0] == 404


async def test_runs_of_a_job_are_those_of_the_plans_and_join_them_where_not(clock: Clock) -> None:
    client = job_world(clock, RunPlan("one", TASKS), RunPlan("two", TASKS))
    assert {run["name"] for run in await client.runs()} == {"one", "two"}
    assert len(await client.runs()) == 2


@pytest.mark.parametrize(("action", "state"), [("cancel", "cancelled"), ("complete", "completed")])
async def test_the_state_of_a_job_follows_the_actions_on_all_its_runs(
    clock: Clock, action: str, state: str
) -> None:
    client = job_world(clock, RunPlan("one", TASKS), RunPlan("two", TASKS))
    for run in await client.runs():
        await client.post(f"/v1/benchmark_runs/{run['id']}/{action}")
    [job] = await jobs_of(client)
    assert (job["state"], job["failure_reason"]) == (state, None)


async def test_a_job_whose_runs_all_failed_has_failed(clock: Clock) -> None:
    plans = [RunPlan(name, TASKS, fate="failed", cut_off_ms=60_000) for name in ("one", "two")]
    client = job_world(clock, *plans)
    clock.advance(minutes=2)
    [job] = await jobs_of(client)
    assert (job["state"], job["failure_reason"]) == (
        "failed",
        "every benchmark run of the job failed",
    )
