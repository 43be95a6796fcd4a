"""One scenario's run, and what its scorers said of it."""

from typing import Any, ClassVar

from pydantic import Field

from runloop_tui.api.models.older_shapes import todays_scenario_run
from runloop_tui.api.models.view import Id, Labels, Milliseconds, Score, State, View


class ScoringFunctionResult(View):
    """What one scorer of a scenario said (ScoringFunctionResultView)."""

    list_key: ClassVar[str] = "scoring_function_name"

    scoring_function_name: str = ""
    score: Score | None = None
    output: str = ""
    """The scorer's own output: can be thousands of characters, and is not to be trusted."""
    state: State = ""
    """unknown, complete or error, so far."""


class ScoringResult(View):
    """What all scorers of a scenario said together (ScoringContractResultView)."""

    score: Score | None = None
    scoring_function_results: tuple[ScoringFunctionResult, ...] = ()


_SETTLED = frozenset({"completed", "canceled", "timeout", "failed"})


class ScenarioRun(View):
    """One scenario's run on its devbox (ScenarioRunView)."""

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
    """May hold secrets: show the names, mask the values."""
    secrets_provided: Labels = Field(default={})
    """Variable names to the names of the account's secrets."""

    @classmethod
    def in_todays_shape(cls, raw: dict[str, Any]) -> dict[str, Any]:
        """Understands scenarioRunId and scoringResult, in camelCase or snake_case."""
        return todays_scenario_run(raw)

    @property
    def is_settled(self) -> bool:
        """Whether nothing about it will change any more."""
        return self.state in _SETTLED

    @property
    def is_done(self) -> bool:
        """Whether its score is final: settled, or scored and only waiting to be completed."""
        return self.is_settled or self.state == "scored"

    @property
    def score(self) -> float | None:
        """The score of all its scorers together, None while there is none."""
        return self.scoring_contract_result.score if self.scoring_contract_result else None
