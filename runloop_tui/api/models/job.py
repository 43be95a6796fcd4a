"""Benchmark jobs: Runloop runs the agents itself, with one benchmark run per agent."""

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
from runloop_tui.api.states import is_terminal


class JobSource(View):
    """The source of a job (HarborJobSource, BenchmarkDefJobSource, ScenariosJobSource)."""

    type: Word = ""
    """Known: harbor, benchmark, scenarios. Decides which of the fields below are set."""
    inline_yaml: str = Field(default="", repr=False)
    """Of a Harbor job. May hold secrets."""
    benchmark_id: str = ""
    benchmark_name: str = ""
    scenario_ids: tuple[str, ...] = ()


class AgentEnvironment(View):
    """The environment of an agent (JobAgentEnvironment)."""

    environment_variables: Labels = Field(default={}, repr=False)
    """May hold secrets: display the names, mask the values."""
    secrets: Labels = Field(default={})
    """Variable names to the ids of the account's secrets."""


class AgentConfig(View):
    """The agent of a run (JobAgentConfig or ExternalApiAgentConfig)."""

    type: Word = ""
    """Known: job_agent; external_api for a run that is driven from outside Runloop."""
    agent_id: str = ""
    name: str = ""
    model_name: str = ""
    timeout_seconds: Seconds | None = None
    keyword_arguments: Labels = Field(default={}, alias="kwargs", repr=False)
    """May hold secrets: display the names, mask the values."""
    agent_environment: AgentEnvironment | None = None


class OrchestratorConfig(View):
    """How a job's trials are run (JobOrchestratorConfig). None stands for the server's default."""

    n_concurrent_trials: Count | None = None
    n_attempts: Count | None = None
    """How often a failed scenario is retried."""
    timeout_multiplier: Factor | None = None
    """The factor by which each further attempt multiplies the time-out."""
    quiet: bool | None = None


class JobSpec(View):
    """The scenarios, agents and settings of a job (JobSpec)."""

    scenario_ids: tuple[str, ...] = ()
    orchestrator_config: OrchestratorConfig | None = None
    agent_configs: tuple[AgentConfig, ...] = ()


class FailureReason(View):
    """Why a scenario failed (FailureReason). Both texts are untrusted."""

    exception_type: str = ""
    exception_message: str = ""


class ScenarioOutcome(View):
    """The outcome of one scenario of a terminal run (ScenarioOutcomeView)."""

    list_key: ClassVar[str] = "scenario_run_id"

    scenario_run_id: str = ""
    """"" when it failed before it had a scenario run."""
    scenario_definition_id: str = ""
    scenario_name: str = ""
    state: State = ""
    """Known: completed, failed, timeout, canceled."""
    score: Score | None = None
    """None unless the state is completed."""
    duration_ms: Milliseconds | None = None
    failure_reason: FailureReason | None = None


class BenchmarkOutcome(View):
    """The outcome of a terminal benchmark run of a job: one agent with one model (BenchmarkOutcomeView)."""

    list_key: ClassVar[str] = "benchmark_run_id"

    benchmark_run_id: str = ""
    agent_name: str = ""
    model_name: str = ""
    n_completed: Count | None = None
    n_failed: Count | None = None
    n_timeout: Count | None = None
    average_score: Score | None = None
    """The mean over the completed scenarios."""
    duration_ms: Milliseconds | None = None
    scenario_outcomes: tuple[ScenarioOutcome, ...] = ()


class InProgressRun(View):
    """A benchmark run of a job that is not terminal (InProgressRunView)."""

    list_key: ClassVar[str] = "benchmark_run_id"

    benchmark_run_id: str = ""
    agent_config: AgentConfig | None = None
    state: State = ""
    start_time_ms: Milliseconds | None = None
    duration_ms: Milliseconds | None = None
    """So far."""


class BenchmarkJob(View):
    """A benchmark that Runloop runs itself, with one or more agents (BenchmarkJobView)."""

    noun: ClassVar[str] = "benchmark job"
    required: ClassVar[frozenset[str]] = frozenset({"state"})
    essential: ClassVar[frozenset[str]] = frozenset(
        {"state", "job_spec", "benchmark_outcomes", "in_progress_runs", "name"}
    )

    id: Id
    name: str = ""
    state: State = ""
    """Known: initializing, queued, running, completed, failed, canceled, timeout."""
    job_source: JobSource | None = None
    job_spec: JobSpec | None = None
    """None until the server has derived it from the source."""
    failure_reason: str = ""
    benchmark_outcomes: tuple[BenchmarkOutcome, ...] = ()
    in_progress_runs: tuple[InProgressRun, ...] = ()
    create_time_ms: Milliseconds | None = None

    @property
    def is_terminal(self) -> bool:
        """Whether the state no longer changes."""
        return is_terminal(self.state)
