"""Benchmark jobs: their fields, and that invalid values are dropped alone."""

import asyncio
from typing import Any

import pytest

from runloop_tui.api.errors import NotOffered
from runloop_tui.api.models import (
    AgentConfig,
    BenchmarkJob,
    FailureReason,
    InProgressRun,
    JobSource,
    OrchestratorConfig,
)
from runloop_tui.api.parsing import parse_item
from tests.api.scripted import Script, answer, ok
from tests.api.views import JOB


def outcomes(*scenario_outcomes: object) -> dict[str, Any]:
    return {"id": "bmj_1", "benchmark_outcomes": [{"scenario_outcomes": list(scenario_outcomes)}]}


async def test_a_job_is_parsed_with_all_its_fields() -> None:
    script = Script(ok(JOB))
    async with script.client() as client:
        job = await client.get_benchmark_job("bmj_1")
    assert script.request_lines == ["GET /v1/benchmark_jobs/bmj_1"]
    assert (job.id, job.name, job.state) == ("bmj_1", "tb2-three-agents", "running")
    assert job.job_source == JobSource(type="benchmark", benchmark_id="bmd_1", benchmark_name="tb2")
    assert job.job_spec is not None
    assert job.job_spec.scenario_ids == ("scn_1", "scn_2")
    assert job.job_spec.orchestrator_config == OrchestratorConfig(
        n_concurrent_trials=16, n_attempts=2, timeout_multiplier=1.5, quiet=True
    )
    (agent,) = job.job_spec.agent_configs
    assert (agent.type, agent.agent_id, agent.name) == ("job_agent", "agt_1", "codex")
    assert (agent.model_name, agent.timeout_seconds) == ("gpt-5", 1800.0)
    assert agent.keyword_arguments == {"api_key": "hunter2"}
    assert agent.agent_environment is not None
    assert agent.agent_environment.environment_variables == {"TOKEN": "hunter2"}
    assert agent.agent_environment.secrets == {"KEY": "account_key"}


def test_a_job_has_the_outcome_of_each_scenario_of_each_terminal_run() -> None:
    (outcome,) = BenchmarkJob.model_validate(JOB).benchmark_outcomes
    assert (outcome.benchmark_run_id, outcome.agent_name) == ("bmr_1", "codex")
    assert (outcome.n_completed, outcome.n_failed, outcome.n_timeout) == (1, 1, 0)
    assert (outcome.average_score, outcome.duration_ms) == (0.5, 600_000)
    completed, failed = outcome.scenario_outcomes
    assert (completed.scenario_run_id, completed.scenario_definition_id) == ("scr_1", "scn_1")
    assert (completed.scenario_name, completed.state, completed.score) == (
        "fix-git",
        "completed",
        0.5,
    )
    assert completed.failure_reason is None
    assert (failed.scenario_run_id, failed.state, failed.score) == ("", "canceled", None)
    assert failed.failure_reason == FailureReason(
        exception_type="EnvironmentStartTimeoutError", exception_message="no devbox within 600 s"
    )


def test_a_job_has_its_runs_in_progress() -> None:
    (run,) = BenchmarkJob.model_validate(JOB).in_progress_runs
    assert (run.benchmark_run_id, run.state, run.duration_ms) == ("bmr_2", "running", 60_000)
    assert run.agent_config == AgentConfig(type="external_api")


@pytest.mark.parametrize(
    ("wire", "source"),
    [
        (
            {"type": "harbor", "inline_yaml": "jobs: 3"},
            JobSource(type="harbor", inline_yaml="jobs: 3"),
        ),
        (
            {"type": "SCENARIOS", "scenario_ids": ["scn_1"]},
            JobSource(type="scenarios", scenario_ids=("scn_1",)),
        ),
        ({"type": "telepathy", "mind": 1}, JobSource(type="telepathy")),
        ({}, JobSource()),
        (None, None),
    ],
)
def test_each_kind_of_job_source_is_parsed(wire: object, source: JobSource | None) -> None:
    assert BenchmarkJob.model_validate({"id": "bmj_1", "job_source": wire}).job_source == source


@pytest.mark.parametrize(
    ("state", "normalised", "is_terminal"),
    [
        ("initializing", "initializing", False),
        ("queued", "queued", False),
        ("running", "running", False),
        ("completed", "completed", True),
        ("failed", "failed", True),
        ("cancelled", "canceled", True),
        ("TIMEOUT", "timeout", True),
        ("dreaming", "dreaming", False),
        (None, "", False),
    ],
)
def test_terminal_states_of_a_job(state: str | None, normalised: str, is_terminal: bool) -> None:
    job = BenchmarkJob.model_validate({"id": "bmj_1", "state": state})
    assert (job.state, job.is_terminal) == (normalised, is_terminal)


def test_possible_secrets_of_a_job_are_in_no_repr() -> None:
    source = {"type": "harbor", "inline_yaml": "env: {TOKEN: hunter2}"}
    job = BenchmarkJob.model_validate(JOB | {"job_source": source})
    assert "gpt-5" in repr(job)
    assert "hunter2" not in repr(job)
    assert "hunter2" not in str(job)


def test_a_bad_outcome_is_dropped_alone() -> None:
    good = {"benchmark_run_id": "bmr_1", "n_completed": 3}
    bad = [None, "bmr_2", {"benchmark_run_id": "bmr_3", "n_completed": -1, "n_failed": 2}]
    job, warning = parse_item(
        BenchmarkJob, {"id": "bmj_1", "name": "tb2", "benchmark_outcomes": [*bad, good]}
    )
    assert job is not None
    assert job.name == "tb2"
    assert [(o.benchmark_run_id, o.n_completed, o.n_failed) for o in job.benchmark_outcomes] == [
        ("bmr_3", None, 2),
        ("bmr_1", 3, None),
    ]
    assert warning is not None
    assert warning.startswith("benchmark_outcomes, n_completed in benchmark_outcomes of bmj_1")


def test_many_bad_scenario_outcomes_are_dropped_alone() -> None:
    bad = [{"scenario_name": f"bad-{n}", "score": "high"} for n in range(500)]
    good = {"scenario_name": "good", "score": 1.0}
    job, warning = parse_item(BenchmarkJob, outcomes(*bad, {"failure_reason": "x"}, 3, good))
    assert job is not None
    scenarios = job.benchmark_outcomes[0].scenario_outcomes
    assert len(scenarios) == 502
    assert {outcome.score for outcome in scenarios[:501]} == {None}
    assert scenarios[499].scenario_name == "bad-499"
    assert (scenarios[-1].scenario_name, scenarios[-1].score) == ("good", 1.0)
    assert warning is not None
    assert warning.startswith("score in benchmark_outcomes")


def test_a_job_may_have_no_runs() -> None:
    raw: dict[str, object] = {
        "id": "bmj_1",
        "benchmark_outcomes": None,
        "in_progress_runs": [],
        "job_spec": None,
    }
    assert BenchmarkJob.model_validate(raw) == BenchmarkJob(id="bmj_1")


def test_a_run_in_progress_needs_no_field() -> None:
    job, warning = parse_item(BenchmarkJob, {"id": "bmj_1", "in_progress_runs": [{}]})
    assert job == BenchmarkJob(id="bmj_1", in_progress_runs=(InProgressRun(),))
    assert warning is None


async def test_jobs_are_listed_page_by_page() -> None:
    script = Script(ok({"jobs": [JOB, {"id": "bmj_2"}], "has_more": True, "total_count": 7}))
    async with script.client() as client:
        page = await client.list_benchmark_jobs(
            name="tb2",
            search="three",
            limit=2,
            starting_after="bmj_0",
            include_total_count=True,
        )
    query = "name=tb2&search=three&limit=2&starting_after=bmj_0&include_total_count=true"
    assert script.request_lines == [f"GET /v1/benchmark_jobs?{query}"]
    assert [job.id for job in page.items] == ["bmj_1", "bmj_2"]
    assert (page.has_more, page.total_count, page.warnings) == (True, 7, ())


async def test_parsing_jobs_yields_to_the_event_loop_after_each() -> None:
    script = Script(ok({"jobs": [{"id": f"bmj_{n}"} for n in range(50)], "has_more": False}))
    rounds = 0

    async def other() -> None:
        nonlocal rounds
        while True:
            rounds += 1
            await asyncio.sleep(0)

    async with script.client() as client:
        task = asyncio.ensure_future(other())
        await client.list_benchmark_jobs(limit=50)
        task.cancel()
    assert rounds >= 50


async def test_a_service_without_jobs_is_reported_as_such() -> None:
    script = Script(answer(404))
    async with script.client() as client:
        with pytest.raises(NotOffered) as caught:
            await client.list_benchmark_jobs()
    assert str(caught.value) == "this address does not offer benchmark jobs (404)"
    assert script.request_lines == ["GET /v1/benchmark_jobs?include_total_count=false"]
