"""What a benchmark job is going to be, before any time has passed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from runloop_tui.demo.plans import RunPlan


@dataclass(frozen=True, slots=True)
class JobPlan:
    """An orchestrated job: one benchmark run per agent, all over the same scenarios.

    Attributes:
        name: What the job is called.
        created_ms: When it is created, counted from the world's birth in the world's own time.
        runs: Its benchmark runs, one per agent, with their own starts; runs that are also among
            the world's plans are those very runs, others join them.
        source: What it was created from. A job from `benchmark` or `scenarios` has runs; what a
            `harbor` job of no runs would run was never found out.
        inline_yaml: For `harbor`: its configuration.
        failure_reason: Why it fails soon after its creation; None if it does not.
        attempts: How often a failed scenario is tried again.
        timeout_multiplier: What the time-out that was set is multiplied by; the product is that of
            the runs' plans.
        quiet: Whether the orchestrator says little.
        agent_kwargs: What every agent is given besides its model.
        environment_variables: What every agent's devboxes are given.
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
