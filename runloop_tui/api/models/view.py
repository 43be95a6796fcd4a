"""The base class of all models, and the types of their fields.

A field that is null or missing has its default: "" for text, None for numbers and times, empty for
collections. Unknown fields are ignored; unknown states are kept.
"""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

_LAST_MOMENT_MS = 200_000_000_000_000
"""In the year 8307: later times would overflow `datetime`."""


def _lower(raw: object) -> object:
    return raw.strip().lower() if isinstance(raw, str) else raw


def _normalised_state(raw: object) -> object:
    state = _lower(raw)
    return "canceled" if state == "cancelled" else state


def _without_nulls(raw: object) -> object:
    if isinstance(raw, Mapping):
        return {key: value for key, value in raw.items() if value is not None}
    return raw


def _text_only(raw: object) -> object:
    if not isinstance(raw, str):  # else 7 and "7" would be two resources with one id
        raise ValueError("not a text")  # noqa: TRY004 - pydantic reports ValueErrors only
    return raw


Id = Annotated[str, BeforeValidator(_text_only), Field(min_length=1, max_length=1_000)]
"""An id: any non-empty text that fits into a path."""

State = Annotated[str, BeforeValidator(_normalised_state)]
"""A state in lower case, "canceled" with one l; "" when it is missing."""

Word = Annotated[str, BeforeValidator(_lower)]
"""A word of an open enumeration, in lower case; "" when it is missing."""

Score = Annotated[float, Field(allow_inf_nan=False, ge=-1e6, le=1e6)]
"""A finite score; documented as 0 to 1."""

Factor = Annotated[float, Field(allow_inf_nan=False, ge=0, le=1e9)]
"""A finite factor."""

Count = Annotated[int, Field(ge=0, le=1_000_000_000)]
"""A number of items."""

Milliseconds = Annotated[int, Field(ge=0, le=_LAST_MOMENT_MS)]
"""A Unix time or a duration, in milliseconds."""

Seconds = Annotated[float, Field(allow_inf_nan=False, ge=0, le=1e9)]
"""A duration, in seconds."""

Labels = Annotated[dict[str, str], BeforeValidator(_without_nulls)]
"""Names and values; values that are null are dropped."""


class View(BaseModel):
    """A view of Runloop: frozen, tolerant, and with no values in its validation errors."""

    model_config = ConfigDict(
        frozen=True,
        extra="ignore",
        coerce_numbers_to_str=True,
        populate_by_name=True,
        protected_namespaces=(),  # Runloop has fields such as model_name
        hide_input_in_errors=True,  # values of environment variables must not get into an error message
        defer_build=True,
    )

    noun: ClassVar[str] = "item"
    """Runloop's name for one of these, for errors and warnings."""

    list_key: ClassVar[str] = ""
    """The field that identifies one of these in a list inside another view; "" where none does."""

    incomplete: ClassVar[frozenset[str]] = frozenset()
    """The fields that could not be parsed completely; set per instance by `marked_incomplete`, never from JSON."""
    essential: ClassVar[frozenset[str]] = frozenset()
    """The fields that the display depends on: a view in which one is incomplete is fetched again."""
    required: ClassVar[frozenset[str]] = frozenset()
    """The fields that every response has: a view without one of them is incomplete."""
    warning: ClassVar[str] = ""
    """The warning about what could not be parsed. Holds raw ids: sanitise it before display."""

    @classmethod
    def upgraded(cls, raw: dict[str, Any]) -> dict[str, Any]:
        """Convert the shape of older servers to the current one."""
        return raw

    @model_validator(mode="before")
    @classmethod
    def _null_means_missing(cls, raw: Any) -> Any:  # noqa: ANN401 - any JSON
        return _without_nulls(raw)

    @property
    def is_whole(self) -> bool:
        """Whether all essential fields could be parsed."""
        return not self.incomplete & self.essential

    def marked_incomplete(self, fields: frozenset[str], warning: str) -> Self:
        """Return a copy with these fields as its `incomplete` ones."""
        return self.model_copy(update={"incomplete": fields, "warning": warning})

    def filled_from(self, known: Self) -> Self:
        """Return this view with its missing fields filled in from `known`, an earlier view of the same resource.

        Missing are fields that are absent, null or unreadable. A list of which some items could not be parsed keeps
        those of `known`, by their `list_key`; without one, the longer of the two lists is kept. Returns `self` where
        nothing is missing.
        """
        names = type(self).model_fields.keys()
        kept = {
            name: getattr(known, name)
            for name in (known.model_fields_set - self.model_fields_set) & names
        }
        for name in self.incomplete & self.model_fields_set & known.model_fields_set & names:
            mine = getattr(self, name)
            filled = _filled(mine, getattr(known, name))
            if filled is not mine:
                kept[name] = filled
        return self.model_copy(update=kept) if kept else self


def _filled(mine: object, known: object) -> object:
    """Return the value of an incomplete field, filled in from its earlier value."""
    if isinstance(mine, View) and type(mine) is type(known):
        return _filled_view(mine, known)
    if isinstance(mine, dict) and isinstance(known, dict):
        return known | mine
    if not isinstance(mine, tuple) or not isinstance(known, tuple):
        return mine
    keyed = {_key_in_list(item): item for item in known}
    if None in keyed or any(_key_in_list(item) is None for item in mine):
        return known if len(known) > len(mine) else mine
    kept = {_key_in_list(item): _filled(item, keyed.get(_key_in_list(item))) for item in mine}
    return tuple({**kept, **{key: item for key, item in keyed.items() if key not in kept}}.values())


def _filled_view(mine: View, known: View) -> View:
    nested = mine.marked_incomplete(frozenset(type(mine).model_fields), "")
    filled = nested.filled_from(known)
    return mine if filled is nested else filled


def _key_in_list(item: object) -> str | None:
    key = getattr(item, item.list_key) if isinstance(item, View) and item.list_key else ""
    return key or None
