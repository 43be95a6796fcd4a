"""What all views share: the base model, and the kinds of fields that the wire brings.

Null or missing means the field's default: "" for text, None for numbers and times, empty for
collections. Fields that nobody has heard of are ignored, states that nobody has heard of are kept
as they are.
"""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Self

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


def _text_only(raw: object) -> object:
    if not isinstance(raw, str):  # 7 and "7" would be two things with one id
        raise ValueError("not a text")  # noqa: TRY004 - pydantic reports ValueErrors only
    return raw


Id = Annotated[str, BeforeValidator(_text_only), Field(min_length=1, max_length=1_000)]
"""An id of whatever form the server likes, but a text, and one that a path can carry."""

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

    list_key: ClassVar[str] = ""
    """The field that tells one of these from the others in a list inside another view; "" where none does."""

    @classmethod
    def in_todays_shape(cls, raw: dict[str, Any]) -> dict[str, Any]:
        """The same as an older server may say it, told as today's servers do."""
        return raw

    @model_validator(mode="before")
    @classmethod
    def _null_means_missing(cls, raw: Any) -> Any:  # noqa: ANN401 - whatever the wire brought
        return _without_nulls(raw)

    incomplete: ClassVar[frozenset[str]] = frozenset()
    """The fields that could not be read whole; set on the one view (`marked_incomplete`), never by the wire."""
    essential: ClassVar[frozenset[str]] = frozenset()
    """The fields that what is shown rests on: a view whose essential fields could not be read is read again."""
    required: ClassVar[frozenset[str]] = frozenset()
    """The fields that no answer lacks: a view without one of them is not whole."""
    complaint: ClassVar[str] = ""
    """What of this view could not be read, in words. Holds raw ids: make it safe before showing it."""

    @property
    def is_whole(self) -> bool:
        """Whether all essential fields could be read."""
        return not self.incomplete & self.essential

    def marked_incomplete(self, fields: frozenset[str], complaint: str) -> Self:
        """Return a copy that says which of its fields could not be read whole."""
        return self.model_copy(update={"incomplete": fields, "complaint": complaint})

    def completed_from(self, known: Self) -> Self:
        """Return this answer, filled in from an earlier answer about the same thing.

        A field that this answer leaves out (missing, null or unreadable) keeps the value of `known`. A list of which
        some items could not be read keeps those that it had, by their `list_key`, else the longer of the two stays.
        Returns `self` where nothing is missing.
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
    """Return a field that could be read in part, filled in from its earlier value."""
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
    filled = nested.completed_from(known)
    return mine if filled is nested else filled


def _key_in_list(item: object) -> str | None:
    key = getattr(item, item.list_key) if isinstance(item, View) and item.list_key else ""
    return key or None
