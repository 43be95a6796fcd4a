"""What a benchmark and a run of it are going to be, before any time has passed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

MINUTE = 60_000
HOUR = 60 * MINUTE
DAY = 24 * HOUR


@dataclass(frozen=True, slots=True)
class BenchmarkPlan:
    """A set of scenarios under a name."""

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
    """How likely each end of a scenario run is; what is left over scores zero."""

    passed: float = 0.55
    partial: float = 0.05
    failed: float = 0.02
    timeout: float = 0.02


@dataclass(frozen=True, slots=True)
class RunPlan:
    """One benchmark run: what runs, since when, how fast, and how it ends.

    All times are in ms of the world's own time; the world's pace stretches or shrinks them.

    Attributes:
        name: What the run is called; None is a run that has only its id.
        benchmark: Where its scenarios come from.
        starts_at_ms: When it starts, counted from the world's birth; negative is the past.
        done_at_birth: Start it so that this many scenarios have ended at the birth, instead.
        scenarios: How many of the benchmark's scenarios it runs; None is all of them, as it must
            be in a run that is linked: the benchmark says how many there are in all.
        is_linked: Whether the run says which benchmark it belongs to.
        agent: The agent's name, for the metadata.
        model: The model's name, for the metadata.
        names_agent: Whether the run's metadata name agent and model.
        concurrency: How many scenarios run at once.
        typical_ms: How long a scenario typically runs.
        agent_timeout_s: How long an agent may take for a scenario; None if nobody set a limit.
        mix: How its scenarios end.
        hung: Positions (in order of start) of scenarios that hang until the end of the run.
        fate: How the run ends if nobody intervenes.
        cut_off_ms: For a canceled or failed run: how long after its start that happens.
        metadata: More metadata than agent and model.
        purpose: What the run is for.
        environment_variables: What its devboxes are given.
        secrets_provided: Environment variable → the name of the secret in it.
        log_bytes: How large its log archive is at the least, below 4 GiB; None is what the
            logs come to.
        agent_log_bytes: Position (in order of start) → how large that scenario run's agent log is
            at the least, in every archive it is in; below 4 GiB in all.
        is_older_shape: Whether the run is written as older servers write it, by any path.

    Raises:
        ValueError: It is linked to a benchmark of which it runs only some scenarios.
    """

    name: str | None
    benchmark: BenchmarkPlan
    starts_at_ms: int = 0
    done_at_birth: int | None = None
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
        """How many scenarios it runs."""
        return len(self.scenario_names)


@dataclass(frozen=True, slots=True)
class Series:
    """Runs that keep coming: one every so often, the plans taken in turn.

    Attributes:
        first_ms: When the first starts, counted from the world's birth.
        every_ms: The time from one start to the next.
        turns: The plans taken in turn; their own start is not looked at.
    """

    first_ms: int
    every_ms: int
    turns: tuple[RunPlan, ...]

    def start_of(self, number: int) -> int:
        """Say when the run of this number (from 0) starts, in ms from the birth."""
        return self.first_ms + number * self.every_ms

    def plan_of(self, number: int) -> RunPlan:
        """Say what the run of this number (from 0) is."""
        return self.turns[number % len(self.turns)]
