"""JSON values parsed into models: what does not fit is dropped, with a warning, and the rest kept."""

import asyncio
from typing import TypeVar

from pydantic import ValidationError

from runloop_tui.api.errors import NotUnderstood
from runloop_tui.api.models import View
from runloop_tui.api.pagination import Page

V = TypeVar("V", bound=View)

_SLICE = 100
"""After so many items the parser yields to the event loop."""

_MAX_ROUNDS = 4
"""Dropping a value can make its parent invalid; no model is nested deeper than this."""

_MAX_ITEMS = 10_000
"""Runloop returns 5,000 at most: a longer list is no page, and would take minutes to parse."""

_MAX_WARNINGS = 100
_MAX_COUNT = 1_000_000_000
_MAX_WARNING_LENGTH = 80

Path = tuple[int | str, ...]
"""Where in an item an invalid value is: field names, and indices of lists."""

Tree = dict[int | str, "Tree"]
"""Many such paths at once; an empty tree is the end of a path."""

_DROPPED = object()


def parse_item(model: type[V], raw: object) -> tuple[V | None, str | None]:
    """Return one item, or None where it has no readable id, and a warning about what was dropped.

    A value that does not fit is dropped alone, at whatever depth; an object that is invalid without
    it is dropped too. The warning holds raw ids: sanitise it before display.
    """
    if not isinstance(raw, dict):
        return None, f"{_indefinite(model)} that is no object not understood"
    rest: object = model.upgraded(raw)
    invalid: list[Path] = []
    for _ in range(_MAX_ROUNDS):
        try:
            return _marked(model.model_validate(rest), invalid, _called(model, raw))
        except ValidationError as error:
            found = [each["loc"] for each in error.errors(include_url=False, include_input=False)]
        if ("id",) in found:
            return None, f"{_indefinite(model)} without a readable id not understood"
        invalid += found
        rest = _without(rest, _tree_of(found))
    return None, f"{_called(model, raw)} not understood"


def _marked(item: V, invalid: list[Path], called: str) -> tuple[V, str | None]:
    warning = _warning(invalid, called)
    names = {field.alias: name for name, field in type(item).model_fields.items() if field.alias}
    fields = frozenset(names.get(str(path[0]), str(path[0])) for path in invalid)
    fields |= item.required - item.model_fields_set
    return item.marked_incomplete(fields, warning or "") if fields else item, warning


def _tree_of(paths: list[Path]) -> Tree:
    tree: Tree = {}
    for path in paths:
        branch = tree
        for step in path[:-1]:
            branch = branch.setdefault(step, {})
        branch[path[-1]] = {}  # the end of a path: all below it is dropped
    return tree


def _without(raw: object, invalid: Tree) -> object:
    """Return a copy without the invalid values, in one pass however many there are.

    `_DROPPED` when a value is missing in `raw` rather than invalid: then `raw` itself is dropped.
    """
    if isinstance(raw, dict) and invalid.keys() <= raw.keys():
        within = {name: _without_one(raw[name], branch) for name, branch in invalid.items()}
        return {name: value for name, value in (raw | within).items() if value is not _DROPPED}
    if isinstance(raw, list):
        kept = [
            _without_one(value, invalid[index]) if index in invalid else value
            for index, value in enumerate(raw)
        ]
        return [value for value in kept if value is not _DROPPED]
    return _DROPPED


def _without_one(value: object, invalid: Tree) -> object:
    return _without(value, invalid) if invalid else _DROPPED


def _called(model: type[View], raw: dict[str, object]) -> str:
    return _cut(str(raw["id"]), 28) if "id" in raw else _indefinite(model)


def _indefinite(model: type[View]) -> str:
    return f"{'an' if model.noun[0] in 'aeiou' else 'a'} {model.noun}"


def _warning(invalid: list[Path], called: str) -> str | None:
    """Return "score of bmr_x not understood", at most 80 characters; None when nothing was dropped."""
    if not invalid:
        return None
    names = ", ".join(dict.fromkeys(_name(path) for path in invalid))
    of_item = f"{called} not understood"
    return f"{_cut(names, _MAX_WARNING_LENGTH - len(of_item) - 4)} of {of_item}"


def _name(path: Path) -> str:
    """Return the invalid field and the outermost one that it is in, without indices of lists."""
    fields = [step for step in path if isinstance(step, str)]
    return fields[0] if len(fields) == 1 else f"{fields[-1]} in {fields[0]}"


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - 1] + "…"


async def parse_page(
    model: type[V], raw: object, *, under: str = "runs", slice_of: int = _SLICE
) -> Page[V]:
    """Parse a page of a list; its items are in the field `under`.

    Yields to the event loop after each `slice_of` items, because a page may hold thousands.

    Raises:
        NotUnderstood: the response is not a page.
    """
    answer, listed = _list_in(model, raw, under)
    if len(listed) > _MAX_ITEMS:
        raise NotUnderstood(f"expected a page of {model.noun}s, got {len(listed):,} of them")
    items, warnings, unread = await _parse_items(model, listed, slice_of)
    has_more = answer.get("has_more")
    if not isinstance(has_more, bool):
        warnings.append("has_more of the list not understood")
    total_count, warning = _parse_count(answer.get("total_count"))
    if warning is not None:
        warnings.append(warning)
    if answer[under] is None and (has_more is True or total_count):
        raise NotUnderstood(f'expected a list of {model.noun}s under "{under}", got null')
    return Page(tuple(items), has_more is True, total_count, tuple(warnings), unread)


async def parse_unpaged(model: type[V], raw: object, *, under: str) -> Page[V]:
    """Parse a list that has no pages, as one page.

    Raises:
        NotUnderstood: the response is not a list.
    """
    _, listed = _list_in(model, raw, under)
    items, warnings, unread = await _parse_items(model, listed, _SLICE)
    return Page(tuple(items), has_more=False, warnings=tuple(warnings), unread=unread)


def _list_in(model: type[View], raw: object, under: str) -> tuple[dict[str, object], list[object]]:
    """Return the response as an object, and the list in it."""
    expected = f'expected a list of {model.noun}s under "{under}"'
    if not isinstance(raw, dict) or under not in raw:
        raise NotUnderstood(expected)
    listed = [] if raw[under] is None else raw[under]
    if not isinstance(listed, list):
        raise NotUnderstood(f"{expected}, got something else there")
    return raw, listed


async def _parse_items(
    model: type[V], listed: list[object], slice_of: int
) -> tuple[list[V], list[str], int]:
    """Return the parsed items, at most `_MAX_WARNINGS` distinct warnings, and how many items were dropped."""
    items: list[V] = []
    warnings: dict[str, None] = {}
    unread = 0
    for number, raw_item in enumerate(listed, start=1):
        item, warning = parse_item(model, raw_item)
        if item is None:
            unread += 1
        else:
            items.append(item)
        if warning is not None and len(warnings) < _MAX_WARNINGS:
            warnings[warning] = None
        if number % slice_of == 0:
            await asyncio.sleep(0)
    return items, list(warnings), unread


def _parse_count(raw: object) -> tuple[int | None, str | None]:
    if raw is None:
        return None, None
    if isinstance(raw, int) and not isinstance(raw, bool) and 0 <= raw <= _MAX_COUNT:
        return raw, None
    return None, "total_count of the list not understood"
