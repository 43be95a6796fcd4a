"""What all views share: the base model, and the kinds of fields that the wire brings.

Null or missing means the field's default: "" for text, None for numbers and times, empty for
collections. Fields that nobody has heard of are ignored, states that nobody has heard of are kept
as they are.
"""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

_LAST_MOMENT_MS = 200_000_000_000_000
"""In the year 8307: later "times" are nonsense, and would overflow the calendar."""


def _lower(raw: object) -> object:
    return raw.strip().lower() if isinstance(raw, str) else raw


def _normalised_state(raw: object) -> object:
    state = _lower(raw)
    return "canceled" if state == "cancelled" else state


def _without_nulls(raw: object) -> object:
    if isinstance(raw, Mapping):
        return {key: value for key, value in raw.items() if value is not None}
    return raw


Id = Annotated[str, Field(min_length=1, max_length=1_000)]
"""An id of whatever form the server likes, but one that a path can carry."""

State = Annotated[str, BeforeValidator(_normalised_state)]
"""A state in lower case, "canceled" with one l; "" when the server did not say."""

Word = Annotated[str, BeforeValidator(_lower)]
"""One of a set of words that may grow, in lower case; "" when the server did not say."""

Score = Annotated[float, Field(allow_inf_nan=False, ge=-1e6, le=1e6)]
"""A finite score; 0 to 1 in all that Runloop documents."""

Factor = Annotated[float, Field(allow_inf_nan=False, ge=0, le=1e9)]
"""A finite number that something is multiplied by."""

Count = Annotated[int, Field(ge=0, le=1_000_000_000)]
"""How many there are of something."""

Milliseconds = Annotated[int, Field(ge=0, le=_LAST_MOMENT_MS)]
"""A Unix time or a duration, in milliseconds."""

Seconds = Annotated[float, Field(allow_inf_nan=False, ge=0, le=1e9)]
"""A duration, in seconds."""

Labels = Annotated[dict[str, str], BeforeValidator(_without_nulls)]
"""Names and their values."""


class View(BaseModel):
    """A view as Runloop gives it: frozen, tolerant, and silent about values when they do not fit."""

    model_config = ConfigDict(
        frozen=True,
        extra="ignore",
        coerce_numbers_to_str=True,
        populate_by_name=True,
        protected_namespaces=(),  # Runloop has fields such as model_name
        hide_input_in_errors=True,  # environment values must not reach an error's text
        defer_build=True,
    )

    noun: ClassVar[str] = "item"
    """What Runloop calls one of these, for errors and complaints."""

    @classmethod
    def in_todays_shape(cls, raw: dict[str, Any]) -> dict[str, Any]:
        """The same as an older server may say it, told as today's servers do."""
        return raw

    @model_validator(mode="before")
    @classmethod
    def _null_means_missing(cls, raw: Any) -> Any:  # noqa: ANN401 - whatever the wire brought
        return _without_nulls(raw)
