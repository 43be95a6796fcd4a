"""What can be run: benchmarks and the scenarios that they are made of."""

from typing import ClassVar

from pydantic import Field

from runloop_tui.api.models.view import Id, Labels, State, View


class Benchmark(View):
    """A named set of scenarios (BenchmarkDefinitionView)."""

    noun: ClassVar[str] = "benchmark"

    id: Id
    name: str = ""
    scenario_ids: tuple[str, ...] = Field(default=(), alias="scenarioIds")
    metadata: Labels = Field(default={})
    required_environment_variables: tuple[str, ...] = ()
    required_secret_names: tuple[str, ...] = ()
    is_public: bool = False
    attribution: str = ""
    description: str = ""
    status: State = ""
    """active or archived, so far."""


class ScenarioDefinition(View):
    """A scenario by its name (ScenarioDefinitionView, of which we need no more)."""

    noun: ClassVar[str] = "scenario"

    id: Id
    name: str = ""
