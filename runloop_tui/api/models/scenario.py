"""Scenario definitions, scenario runs and their scores."""

from typing import Any, ClassVar

from pydantic import Field

from runloop_tui.api.models.older_shapes import upgraded_scenario_run
from runloop_tui.api.models.view import (
    Id,
    Labels,
    Milliseconds,
    Score,
    State,
    View,
)
from runloop_tui.api.states import is_terminal


class ScenarioDefinition(View):
    """The name of a scenario (ScenarioDefinitionView; its other fields are not used)."""

    noun: ClassVar[str] = "scenario"

    id: Id
    name: str = ""


class ScoringFunctionResult(View):
    """The result of one scorer of a scenario (ScoringFunctionResultView)."""

    list_key: ClassVar[str] = "scoring_function_name"

    scoring_function_name: str = ""
    score: Score | None = None
    output: str = ""
    """The scorer's output: untrusted, and may have thousands of characters."""
    state: State = ""
    """Known: unknown, complete, error."""


class ScoringResult(View):
    """The results of all scorers of a scenario (ScoringContractResultView)."""

    score: Score | None = None
    scoring_function_results: tuple[ScoringFunctionResult, ...] = ()


class ScenarioRun(View):
    """A run of one scenario on a devbox (ScenarioRunView)."""

    noun: ClassVar[str] = "scenario run"
    required: ClassVar[frozenset[str]] = frozenset({"state"})
    essential: ClassVar[frozenset[str]] = frozenset(
        {"state", "start_time_ms", "duration_ms", "scoring_contract_result", "name", "scenario_id"}
    )

    id: Id
    name: str = ""
    scenario_id: str = ""
    devbox_id: str = ""
    benchmark_run_id: str = ""
    state: State = ""
    start_time_ms: Milliseconds | None = None
    duration_ms: Milliseconds | None = None
    """None while it runs."""
    scoring_contract_result: ScoringResult | None = None
    purpose: str = ""
    metadata: Labels = Field(default={})
    environment_variables: Labels = Field(default={}, repr=False)
    """May hold secrets: display the names, mask the values."""
    secrets_provided: Labels = Field(default={})
    """Variable names to the names of the account's secrets."""

    @classmethod
    def upgraded(cls, raw: dict[str, Any]) -> dict[str, Any]:
        """Convert the shape of older servers (`older_shapes`)."""
        return upgraded_scenario_run(raw)

    @property
    def is_terminal(self) -> bool:
        """Whether the state no longer changes."""
        return is_terminal(self.state)

    @property
    def is_score_final(self) -> bool:
        """Whether the score no longer changes: the state is terminal, or scored and not yet completed."""
        return self.is_terminal or self.state == "scored"

    @property
    def score(self) -> float | None:
        """The score over all scorers; None while there is none."""
        return self.scoring_contract_result.score if self.scoring_contract_result else None
