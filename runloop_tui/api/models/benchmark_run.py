"""One pass of an agent over a benchmark."""

from typing import Any, ClassVar

from pydantic import Field

from runloop_tui.api.models.older_shapes import todays_benchmark_run
from runloop_tui.api.models.scenario_run import ScenarioRun
from runloop_tui.api.models.view import Id, Labels, Milliseconds, Score, State, View


class BenchmarkRun(View):
    """One pass of an agent over a benchmark's scenarios (BenchmarkRunView)."""

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
    """The final score; None until the run has ended."""
    purpose: str = ""
    metadata: Labels = Field(default={})
    environment_variables: Labels = Field(default={}, repr=False)
    """May hold secrets: show the names, mask the values."""
    secrets_provided: Labels = Field(default={})
    """Variable names to the names of the account's secrets."""
    pending_scenarios: tuple[str, ...] | None = None
    """Ids of the scenarios that are not finished; None when the server, as all but older ones do,
    does not say."""
    embedded_scenario_runs: tuple[ScenarioRun, ...] = Field(default=(), alias="scenario_runs")
    """The finished scenario runs, where an older server gives them with the run. One without an id
    of its own has its scenario's."""

    @classmethod
    def in_todays_shape(cls, raw: dict[str, Any]) -> dict[str, Any]:
        """Understands the scenario runs of older servers, in camelCase or snake_case."""
        return todays_benchmark_run(raw)

    @property
    def is_live(self) -> bool:
        """Whether the run is still going on."""
        return self.state == "running"
