"""From parsed JSON to views: what fits is kept, what does not is dropped and complained about."""

import asyncio
from typing import TypeVar

from pydantic import ValidationError

from runloop_tui.api.errors import NotUnderstood
from runloop_tui.api.models import View
from runloop_tui.api.paging import Page

V = TypeVar("V", bound=View)

_SLICE = 100
"""So many items are read before everything else in the event loop gets its turn."""

_MOST_ROUNDS = 4
"""What is left out can be missed elsewhere; deeper than this nothing of ours is nested."""

_MOST_ON_A_PAGE = 10_000
"""Runloop gives 5,000 at most: what is longer is no page, and would be read for minutes."""

_MOST_COMPLAINTS = 100
_MOST_COUNTED = 1_000_000_000
_LONGEST_COMPLAINT = 80

Path = tuple[int | str, ...]
"""Where in an item a fault is: names of fields, and positions in lists."""

Tree = dict[int | str, "Tree"]
"""Many such paths at once; an empty one is the end of a path."""

_GONE = object()


def read_item(model: type[V], raw: object) -> tuple[V | None, str | None]:
    """One item, and a complaint about what of it could not be understood.

    A field that does not fit is left out, as deep inside as it is, and the rest kept. Where
    something cannot be without it, such as a thing without its id, that is left out. The complaint
    holds raw ids: make it safe before showing it.
    """
    if not isinstance(raw, dict):
        return None, f"{_indefinite(model)} that is no object not understood"
    rest: object = model.in_todays_shape(raw)
    faults: list[Path] = []
    for _ in range(_MOST_ROUNDS):
        try:
            return _marked(model.model_validate(rest), faults, _called(model, raw))
        except ValidationError as fault:
            found = [error["loc"] for error in fault.errors(include_url=False, include_input=False)]
        if ("id",) in found:
            return None, f"{_indefinite(model)} without a readable id not understood"
        faults += found
        rest = _without(rest, _tree_of(found))
    return None, f"{_called(model, raw)} not understood"


def _marked(item: V, faults: list[Path], thing: str) -> tuple[V, str | None]:
    complaint = _complaint(faults, thing)
    names = {field.alias: name for name, field in type(item).model_fields.items() if field.alias}
    fields = frozenset(names.get(str(path[0]), str(path[0])) for path in faults)
    fields |= item.required - item.model_fields_set
    return item.marked_incomplete(fields, complaint or "") if fields else item, complaint


def _tree_of(faults: list[Path]) -> Tree:
    tree: Tree = {}
    for path in faults:
        branch = tree
        for step in path[:-1]:
            branch = branch.setdefault(step, {})
        branch[path[-1]] = {}  # an end: all below it goes
    return tree


def _without(raw: object, faults: Tree) -> object:
    """A copy without what the faults lead to, made in one walk however many there are.

    `_GONE` when a fault is that something is missing: then it is what it is missing in that goes.
    """
    if isinstance(raw, dict) and faults.keys() <= raw.keys():
        within = {name: _without_one(raw[name], branch) for name, branch in faults.items()}
        return {name: value for name, value in (raw | within).items() if value is not _GONE}
    if isinstance(raw, list):
        kept = [
            _without_one(value, faults[position]) if position in faults else value
            for position, value in enumerate(raw)
        ]
        return [value for value in kept if value is not _GONE]
    return _GONE


def _without_one(value: object, faults: Tree) -> object:
    return _without(value, faults) if faults else _GONE


def _called(model: type[View], raw: dict[str, object]) -> str:
    return _cut(str(raw["id"]), 28) if "id" in raw else _indefinite(model)


def _indefinite(model: type[View]) -> str:
    return f"{'an' if model.noun[0] in 'aeiou' else 'a'} {model.noun}"


def _complaint(faults: list[Path], thing: str) -> str | None:
    """Such as "score of bmr_x not understood", at most 80 characters; None without faults."""
    if not faults:
        return None
    names = ", ".join(dict.fromkeys(_name(path) for path in faults))
    of_thing = f"{thing} not understood"
    return f"{_cut(names, _LONGEST_COMPLAINT - len(of_thing) - 4)} of {of_thing}"


def _name(path: Path) -> str:
    """The field that is at fault, and the one that it lies in, without the positions in lists."""
    fields = [step for step in path if isinstance(step, str)]
    return fields[0] if len(fields) == 1 else f"{fields[-1]} in {fields[0]}"


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - 1] + "…"


async def read_page(
    model: type[V], raw: object, *, under: str = "runs", slice_of: int = _SLICE
) -> Page[V]:
    """A page from a list's answer, whose items stand under `under`.

    Lets others run after each `slice_of` items, because a page may hold thousands.

    Raises:
        NotUnderstood: when it is not a page at all.
    """
    answer, listed = _opened(model, raw, under)
    if len(listed) > _MOST_ON_A_PAGE:
        raise NotUnderstood(f"expected a page of {model.noun}s, got {len(listed):,} of them")
    items, complaints, unread = await _read_items(model, listed, slice_of)
    has_more = answer.get("has_more")
    if not isinstance(has_more, bool):
        complaints.append("has_more of the list not understood")
    total_count, complaint = _read_count(answer.get("total_count"))
    if complaint is not None:
        complaints.append(complaint)
    if answer[under] is None and (has_more is True or total_count):
        raise NotUnderstood(f'expected a list of {model.noun}s under "{under}", got null')
    return Page(tuple(items), has_more is True, total_count, tuple(complaints), unread)


async def read_whole_list(model: type[V], raw: object, *, under: str) -> Page[V]:
    """A list that has no pages, as the one page that it is.

    Raises:
        NotUnderstood: when it is not a list at all.
    """
    _, listed = _opened(model, raw, under)
    items, complaints, unread = await _read_items(model, listed, _SLICE)
    return Page(tuple(items), has_more=False, complaints=tuple(complaints), unread=unread)


def _opened(model: type[View], raw: object, under: str) -> tuple[dict[str, object], list[object]]:
    """The answer and the list in it."""
    expected = f'expected a list of {model.noun}s under "{under}"'
    if not isinstance(raw, dict) or under not in raw:
        raise NotUnderstood(expected)
    listed = [] if raw[under] is None else raw[under]
    if not isinstance(listed, list):
        raise NotUnderstood(f"{expected}, got something else there")
    return raw, listed


async def _read_items(
    model: type[V], listed: list[object], slice_of: int
) -> tuple[list[V], list[str], int]:
    """What could be read, complaints (each is made once, and there are never many), and how many could not be read."""
    items: list[V] = []
    complaints: dict[str, None] = {}
    unread = 0
    for position, raw_item in enumerate(listed, start=1):
        item, complaint = read_item(model, raw_item)
        if item is None:
            unread += 1
        else:
            items.append(item)
        if complaint is not None and len(complaints) < _MOST_COMPLAINTS:
            complaints[complaint] = None
        if position % slice_of == 0:
            await asyncio.sleep(0)
    return items, list(complaints), unread


def _read_count(raw: object) -> tuple[int | None, str | None]:
    if raw is None:
        return None, None
    if isinstance(raw, int) and not isinstance(raw, bool) and 0 <= raw <= _MOST_COUNTED:
        return raw, None
    return None, "total_count of the list not understood"
