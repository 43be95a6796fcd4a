"""Runloop's views as frozen models, forgiving towards what the wire may bring.

Only `id` is required. Null or missing means the field's default: "" for text, None for numbers and
times, empty for collections. Fields that nobody has heard of are ignored, states that nobody has
heard of are kept as they are.
"""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

_LAST_MOMENT_MS = 200_000_000_000_000
"""In the year 8307: later "times" are nonsense, and would overflow the calendar."""


def _normalised_state(raw: object) -> object:
    if not isinstance(raw, str):
        return raw
    state = raw.strip().lower()
    return "canceled" if state == "cancelled" else state


def _without_nulls(raw: object) -> object:
    if isinstance(raw, Mapping):
        return {key: value for key, value in raw.items() if value is not None}
    return raw


Id = Annotated[str, Field(min_length=1, max_length=1_000)]
"""An id of whatever form the server likes, but one that a path can carry."""

State = Annotated[str, BeforeValidator(_normalised_state)]
"""A state in lower case, "canceled" with one l; "" when the server did not say."""

Score = Annotated[float, Field(allow_inf_nan=False, ge=-1e6, le=1e6)]
"""A finite score; 0 to 1 in all that Runloop documents."""

Milliseconds = Annotated[int, Field(ge=0, le=_LAST_MOMENT_MS)]
"""A Unix time or a duration, in milliseconds."""

Labels = Annotated[dict[str, str], BeforeValidator(_without_nulls)]
"""Names and their values."""


class View(BaseModel):
    """What all views share: frozen, tolerant, and silent about values when they do not fit."""

    model_config = ConfigDict(
        frozen=True,
        extra="ignore",
        coerce_numbers_to_str=True,
        populate_by_name=True,
        hide_input_in_errors=True,  # environment values must not reach an error's text
        defer_build=True,
    )

    @model_validator(mode="before")
    @classmethod
    def _null_means_missing(cls, raw: Any) -> Any:  # noqa: ANN401 - whatever the wire brought
        return _without_nulls(raw)


class BenchmarkRun(View):
    """One pass of an agent over a benchmark's scenarios (BenchmarkRunView)."""

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
    metadata: Labels = {}
    environment_variables: Labels = Field(default={}, repr=False)
    """May hold secrets: show the names, mask the values."""
    secrets_provided: Labels = {}
    """Variable names to the names of the account's secrets."""

    @property
    def is_live(self) -> bool:
        """Whether the run is still going on."""
        return self.state == "running"


class ScoringFunctionResult(View):
    """What one scorer of a scenario said (ScoringFunctionResultView)."""

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
    metadata: Labels = {}
    environment_variables: Labels = Field(default={}, repr=False)
    """May hold secrets: show the names, mask the values."""
    secrets_provided: Labels = {}
    """Variable names to the names of the account's secrets."""

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


class Benchmark(View):
    """A named set of scenarios (BenchmarkDefinitionView)."""

    id: Id
    name: str = ""
    scenario_ids: tuple[str, ...] = Field(default=(), alias="scenarioIds")
    metadata: Labels = {}
    required_environment_variables: tuple[str, ...] = ()
    required_secret_names: tuple[str, ...] = ()
    is_public: bool = False
    attribution: str = ""
    description: str = ""
    status: State = ""
    """active or archived, so far."""
