"""Benchmark runs."""

from typing import Any, ClassVar

from pydantic import Field

from runloop_tui.api.models.older_shapes import upgraded_benchmark_run
from runloop_tui.api.models.scenario import ScenarioRun
from runloop_tui.api.models.view import Id, Labels, Milliseconds, Score, State, View


class BenchmarkRun(View):
    """A run of an agent over a benchmark's scenarios (BenchmarkRunView)."""

    noun: ClassVar[str] = "benchmark run"
    required: ClassVar[frozenset[str]] = frozenset({"state"})
    essential: ClassVar[frozenset[str]] = frozenset(
        {"state", "start_time_ms", "duration_ms", "score", "name", "benchmark_id"}
    )

    id: Id
    name: str = ""
    benchmark_id: str = ""
    state: State = ""
    start_time_ms: Milliseconds | None = None
    duration_ms: Milliseconds | None = None
    """None while it runs."""
    score: Score | None = None
    """The final score; None until the state is terminal."""
    purpose: str = ""
    metadata: Labels = Field(default={})
    environment_variables: Labels = Field(default={}, repr=False)
    """May hold secrets: display the names, mask the values."""
    secrets_provided: Labels = Field(default={})
    """Variable names to the names of the account's secrets."""
    pending_scenarios: tuple[str, ...] | None = None
    """Ids of the scenarios that are not finished; only older servers send it, None from others."""
    embedded_scenario_runs: tuple[ScenarioRun, ...] = Field(default=(), alias="scenario_runs")
    """The finished scenario runs; only older servers send them with the run. One without an id of
    its own has the id of its scenario."""

    @classmethod
    def upgraded(cls, raw: dict[str, Any]) -> dict[str, Any]:
        """Convert the shape of older servers (`older_shapes`)."""
        return upgraded_benchmark_run(raw)

    @property
    def is_live(self) -> bool:
        """Whether the state is running."""
        return self.state == "running"
