"""Starting a run: what a request asks for, read strictly, and the plan of the run it gets."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from runloop_tui.demo.names import MODELS
from runloop_tui.demo.plans import BenchmarkPlan, RunPlan
from runloop_tui.demo.requests import Rejected

STEP_MS = 7000
"""About how much time there is between two events of a started run."""
FEWEST, MOST_AT_ONCE = 4, 32
SCENARIOS_PER_SLOT = 5
"""How many scenarios of the benchmark it takes for one more to run at once."""


@dataclass(frozen=True, slots=True)
class StartWish:
    """What StartBenchmarkRunParameters ask for; what is not said is None."""

    benchmark_id: str
    run_name: str | None
    metadata: Mapping[str, str]
    purpose: str | None
    environment_variables: Mapping[str, str] | None
    secrets: Mapping[str, str] | None


def read_start_wish(body: bytes) -> StartWish:
    """Read the body of a request to start a run.

    Raises:
        Rejected: 400, if it is not as the API describes it.
    """
    try:
        parsed = json.loads(body)
    except ValueError:
        raise Rejected(400, "the body must be JSON") from None
    wish = _Fields(parsed, "", ("benchmark_id", "run_name", "metadata", "runProfile"))
    profile_fields = ("purpose", "envVars", "secrets", "launchParameters", "mounts")
    profile = _Fields(wish.given.get("runProfile") or {}, "runProfile.", profile_fields)
    benchmark_id = wish.text("benchmark_id")
    if not benchmark_id:
        raise Rejected(400, "benchmark_id is missing")
    return StartWish(
        benchmark_id=benchmark_id,
        run_name=wish.text("run_name"),
        metadata=wish.texts("metadata") or {},
        purpose=profile.text("purpose"),
        environment_variables=profile.texts("envVars"),
        secrets=profile.texts("secrets"),
    )


def check_requirements(wish: StartWish, benchmark: BenchmarkPlan) -> None:
    """See that everything the benchmark requires is there.

    Raises:
        Rejected: 400, naming all that is missing.
    """
    variables = _missing(benchmark.required_environment_variables, wish.environment_variables)
    secrets = _missing(benchmark.required_secret_names, wish.secrets)
    missing = []
    if variables:
        missing.append(f"required environment variables are missing: {', '.join(variables)}")
    if secrets:
        missing.append(f"required secrets are missing: {', '.join(secrets)}")
    if missing:
        raise Rejected(400, "; ".join(missing))


def plan_of(wish: StartWish, benchmark: BenchmarkPlan) -> RunPlan:
    """Plan the run that was asked for; a small benchmark is through within minutes."""
    size = len(benchmark.scenarios)
    concurrency = min(MOST_AT_ONCE, max(FEWEST, size // SCENARIOS_PER_SLOT))
    agent = wish.metadata.get("agent") or "claude-code"
    return RunPlan(
        wish.run_name or None,
        benchmark,
        agent=agent,
        model=wish.metadata.get("model") or MODELS.get(agent, "unknown"),
        names_agent=False,
        concurrency=concurrency,
        typical_ms=STEP_MS * 4 * concurrency,
        metadata=wish.metadata,
        purpose=wish.purpose,
        environment_variables=wish.environment_variables,
        secrets_provided=wish.secrets,
    )


class _Fields:
    """The fields of a JSON object, each asked for with the type it must have."""

    def __init__(self, parsed: object, prefix: str, allowed: tuple[str, ...]) -> None:
        if not isinstance(parsed, dict):
            raise Rejected(400, f"{prefix.rstrip('.') or 'the body'} must be an object")
        self.given: dict[str, Any] = parsed
        self._prefix = prefix
        for field in self.given:
            if field not in allowed:
                raise Rejected(400, f"unknown field: {prefix}{field}")

    def text(self, field: str) -> str | None:
        value = self.given.get(field)
        if value is None or isinstance(value, str):
            return value
        raise Rejected(400, f"{self._prefix}{field} must be a string")

    def texts(self, field: str) -> dict[str, str] | None:
        value = self.given.get(field)
        if value is None:
            return None
        if isinstance(value, dict) and all(isinstance(each, str) for each in value.values()):
            return value
        raise Rejected(400, f"{self._prefix}{field} must map names to strings")


def _missing(required: tuple[str, ...], given: Mapping[str, str] | None) -> list[str]:
    return [name for name in required if not (given or {}).get(name)]
