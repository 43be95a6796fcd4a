"""Benchmarks."""

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
    """Known: active, archived."""
