"""Benchmark jobs: Runloop runs the agents itself, with one benchmark run for each of them."""

from typing import ClassVar

from pydantic import Field

from runloop_tui.api.models.view import (
    Count,
    Factor,
    Id,
    Labels,
    Milliseconds,
    Score,
    Seconds,
    State,
    View,
    Word,
)


class JobSource(View):
    """What a job was made from (HarborJobSource, BenchmarkDefJobSource, ScenariosJobSource)."""

    type: Word = ""
    """harbor, benchmark or scenarios, so far; the fields below that go with it are set."""
    inline_yaml: str = Field(default="", repr=False)
    """Of a Harbor job. May hold secrets."""
    benchmark_id: str = ""
    benchmark_name: str = ""
    scenario_ids: tuple[str, ...] = ()


class AgentEnvironment(View):
    """What an agent finds in its environment (JobAgentEnvironment)."""

    environment_variables: Labels = Field(default={}, repr=False)
    """May hold secrets: show the names, mask the values."""
    secrets: Labels = Field(default={})
    """Variable names to the ids of the account's secrets."""


class AgentConfig(View):
    """The agent of a run (JobAgentConfig or ExternalApiAgentConfig)."""

    type: Word = ""
    """job_agent, or external_api for a run that someone drives from outside; so far."""
    agent_id: str = ""
    name: str = ""
    model_name: str = ""
    timeout_seconds: Seconds | None = None
    keyword_arguments: Labels = Field(default={}, alias="kwargs", repr=False)
    """May hold secrets: show the names, mask the values."""
    agent_environment: AgentEnvironment | None = None


class OrchestratorConfig(View):
    """How a job's trials are run (JobOrchestratorConfig). None means the server's default."""

    n_concurrent_trials: Count | None = None
    n_attempts: Count | None = None
    """How often a failed scenario is tried again."""
    timeout_multiplier: Factor | None = None
    """By which each further attempt multiplies the time-out."""
    quiet: bool | None = None


class JobSpec(View):
    """What a job runs, and how (JobSpec)."""

    scenario_ids: tuple[str, ...] = ()
    orchestrator_config: OrchestratorConfig | None = None
    agent_configs: tuple[AgentConfig, ...] = ()


class FailureReason(View):
    """Why a scenario failed (FailureReason). Both texts come from outside."""

    exception_type: str = ""
    exception_message: str = ""


class ScenarioOutcome(View):
    """How one scenario of a finished run ended (ScenarioOutcomeView)."""

    list_key: ClassVar[str] = "scenario_run_id"

    scenario_run_id: str = ""
    """"" when it failed before it had a scenario run."""
    scenario_definition_id: str = ""
    scenario_name: str = ""
    state: State = ""
    """completed, failed, timeout or canceled, so far."""
    score: Score | None = None
    """None unless it completed."""
    duration_ms: Milliseconds | None = None
    failure_reason: FailureReason | None = None


class BenchmarkOutcome(View):
    """How one of a job's benchmark runs ended: one agent with one model (BenchmarkOutcomeView)."""

    list_key: ClassVar[str] = "benchmark_run_id"

    benchmark_run_id: str = ""
    agent_name: str = ""
    model_name: str = ""
    n_completed: Count | None = None
    n_failed: Count | None = None
    n_timeout: Count | None = None
    average_score: Score | None = None
    """Over the scenarios that completed."""
    duration_ms: Milliseconds | None = None
    scenario_outcomes: tuple[ScenarioOutcome, ...] = ()


class InProgressRun(View):
    """One of a job's benchmark runs that has not ended (InProgressRunView)."""

    list_key: ClassVar[str] = "benchmark_run_id"

    benchmark_run_id: str = ""
    agent_config: AgentConfig | None = None
    state: State = ""
    start_time_ms: Milliseconds | None = None
    duration_ms: Milliseconds | None = None
    """So far."""


_SETTLED = frozenset({"completed", "failed", "canceled", "timeout"})


class BenchmarkJob(View):
    """A benchmark that Runloop runs by itself, with one or more agents (BenchmarkJobView)."""

    noun: ClassVar[str] = "benchmark job"
    required: ClassVar[frozenset[str]] = frozenset({"state"})
    essential: ClassVar[frozenset[str]] = frozenset(
        {"state", "job_spec", "benchmark_outcomes", "in_progress_runs", "name"}
    )

    id: Id
    name: str = ""
    state: State = ""
    """initializing, queued, running, completed, failed, canceled or timeout, so far."""
    job_source: JobSource | None = None
    job_spec: JobSpec | None = None
    """None until the server has worked it out from the source."""
    failure_reason: str = ""
    benchmark_outcomes: tuple[BenchmarkOutcome, ...] = ()
    in_progress_runs: tuple[InProgressRun, ...] = ()
    create_time_ms: Milliseconds | None = None

    @property
    def is_settled(self) -> bool:
        """Whether nothing about it will change any more."""
        return self.state in _SETTLED
