"""Plans of benchmarks, runs and jobs: the input of a world."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

MINUTE = 60_000
HOUR = 60 * MINUTE
DAY = 24 * HOUR


@dataclass(frozen=True, slots=True)
class BenchmarkPlan:
    """A benchmark: named scenarios."""

    name: str
    scenarios: tuple[str, ...]
    description: str = ""
    attribution: str = ""
    is_public: bool = False
    metadata: Mapping[str, str] = field(default_factory=dict)
    required_environment_variables: tuple[str, ...] = ()
    required_secret_names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OutcomeMix:
    """The probability of each end of a scenario run; the rest completes with the score 0."""

    passed: float = 0.55
    partial: float = 0.05
    failed: float = 0.02
    timeout: float = 0.02


@dataclass(frozen=True, slots=True, eq=False)
class RunPlan:
    """A benchmark run: its scenarios, start, speed and end.

    All times are in ms of the world's time, which its pace stretches or shrinks.

    Attributes:
        name: The name of the run; None for a run without a name.
        benchmark: The benchmark with its scenarios.
        starts_at_ms: Its start, relative to the creation of the world; negative is the past.
        done_initially: Instead of `starts_at_ms`, the number of scenarios that are terminal when the
            world is created.
        scenarios: How many of the benchmark's scenarios it runs; None is all, as is required for a
            linked run, whose total is that of the benchmark.
        is_linked: Whether the run's view has a benchmark_id.
        agent: The agent's name, for the metadata.
        model: The model's name, for the metadata.
        names_agent: Whether the run's metadata name agent and model.
        concurrency: Number of scenarios that run at once.
        typical_ms: The typical duration of a scenario.
        agent_timeout_s: The agent's time limit per scenario, in s; None for no limit.
        mix: The probabilities of the ends of its scenarios.
        hung: Positions (in order of start) of the scenarios that hang until the run ends: their
            devboxes log nothing more.
        slow: Positions of the scenarios that work until all others are terminal.
        outage: Begin and end of an outage of the model provider, in ms from the start of the run:
            nearly all scenarios that end in it fail with a rate limit.
        resembles: The number of another of the world's plans, for the same benchmark, agent and
            speed: most scenarios end as there, after about the same time. None for no such plan.
        fate: The terminal state of the run without actions of the user.
        cut_off_ms: For a canceled or failed run: the time from its start to its end.
        metadata: Metadata besides agent and model.
        purpose: The purpose of the run.
        environment_variables: The environment variables of its devboxes.
        secrets_provided: Environment variable → the name of the secret in it.
        log_bytes: The smallest size of its log archive in bytes, below 4 GiB; None for no padding.
        agent_log_bytes: Position (in order of start) → smallest size of that scenario run's agent
            log in bytes, in every archive; below 4 GiB in total.
        is_older_shape: Whether the run is serialized as by older servers, on every path.

    Raises:
        ValueError: The run is linked, but runs only some scenarios of its benchmark.
    """

    name: str | None
    benchmark: BenchmarkPlan
    starts_at_ms: int = 0
    done_initially: int | None = None
    scenarios: int | None = None
    is_linked: bool = True
    agent: str = "claude-code"
    model: str = "claude-sonnet-4-5"
    names_agent: bool = True
    concurrency: int = 16
    typical_ms: int = 8 * MINUTE
    agent_timeout_s: float | None = None
    mix: OutcomeMix = field(default_factory=OutcomeMix)
    hung: tuple[int, ...] = ()
    slow: tuple[int, ...] = ()
    outage: tuple[int, int] | None = None
    resembles: int | None = None
    fate: Literal["completed", "canceled", "failed"] = "completed"
    cut_off_ms: int | None = None
    metadata: Mapping[str, str] = field(default_factory=dict)
    purpose: str | None = None
    environment_variables: Mapping[str, str] | None = None
    secrets_provided: Mapping[str, str] | None = None
    log_bytes: int | None = None
    agent_log_bytes: Mapping[int, int] = field(default_factory=dict)
    is_older_shape: bool = False

    def __post_init__(self) -> None:
        if self.is_linked and self.size < len(self.benchmark.scenarios):
            raise ValueError(f"{self.name}: a linked run must run all scenarios of its benchmark")

    @property
    def scenario_names(self) -> tuple[str, ...]:
        """The names of the scenarios it runs, in the benchmark's order."""
        return self.benchmark.scenarios[: self.scenarios]

    @property
    def size(self) -> int:
        """The number of its scenarios."""
        return len(self.scenario_names)


@dataclass(frozen=True, slots=True)
class Series:
    """An endless series of runs at equal intervals, made from plans in turn.

    Attributes:
        first_ms: When the first run starts, relative to the creation of the world.
        every_ms: The time from one start to the next.
        turns: The plans, used in turn; their own start is ignored.
    """

    first_ms: int
    every_ms: int
    turns: tuple[RunPlan, ...]

    def start_of(self, number: int) -> int:
        """Return the start of the run with this number (from 0), in ms from the creation of the world."""
        return self.first_ms + number * self.every_ms

    def plan_of(self, number: int) -> RunPlan:
        """Return the plan of the run with this number (from 0)."""
        return self.turns[number % len(self.turns)]


@dataclass(frozen=True, slots=True)
class JobPlan:
    """A benchmark job: one benchmark run per agent, all over the same scenarios.

    Attributes:
        name: The name of the job.
        created_ms: Its creation, relative to that of the world, in ms of the world's time.
        runs: Its benchmark runs, one per agent, with their own starts; a plan that is also one of
            the world's plans is the same run, others are added.
        source: What it was created from. A job from `benchmark` or `scenarios` has runs; a
            `harbor` job may have none, if it failed before they were known.
        inline_yaml: The configuration of a `harbor` job.
        failure_reason: Why it fails soon after its creation; None if it does not.
        attempts: How often a failed scenario is retried.
        timeout_multiplier: The factor between the configured time-out and that of the runs' plans.
        quiet: The orchestrator's `quiet` option.
        agent_kwargs: The arguments of every agent besides its model.
        environment_variables: The environment variables of every agent's devboxes.
        secrets: Environment variable → the name of the secret in it.
    """

    name: str
    created_ms: int
    runs: tuple[RunPlan, ...] = ()
    source: Literal["benchmark", "scenarios", "harbor"] = "benchmark"
    inline_yaml: str = ""
    failure_reason: str | None = None
    attempts: int = 0
    timeout_multiplier: float = 1.0
    quiet: bool = False
    agent_kwargs: Mapping[str, str] = field(default_factory=dict)
    environment_variables: Mapping[str, str] = field(default_factory=dict)
    secrets: Mapping[str, str] = field(default_factory=dict)
