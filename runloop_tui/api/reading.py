"""From parsed JSON to views: what fits is kept, what does not is dropped and complained about."""

import asyncio
from typing import TypeVar

from pydantic import ValidationError

from runloop_tui.api.errors import NotUnderstood
from runloop_tui.api.models import Benchmark, BenchmarkRun, ScenarioRun
from runloop_tui.api.paging import Page

V = TypeVar("V", BenchmarkRun, ScenarioRun, Benchmark)

_SLICE = 100
"""So many items are read before everything else in the event loop gets its turn."""

_MANY_FAULTS = 20
_MOST_COUNTED = 1_000_000_000
_LONGEST_COMPLAINT = 80

Path = tuple[int | str, ...]
"""Where in an item a fault is: names of fields, and positions in lists."""


def read_item(model: type[V], raw: object) -> tuple[V | None, str | None]:
    """One item, and a complaint about what of it could not be understood.

    A field that does not fit is left out, as deep inside as it is, and the rest kept. Without a
    readable id there is no item. The complaint holds raw ids: make it safe before showing it.
    """
    if not isinstance(raw, dict):
        return None, "an item that is no object not understood"
    try:
        return model.model_validate(raw), None
    except ValidationError as fault:
        faults = [error["loc"] for error in fault.errors(include_url=False, include_input=False)]
    if ("id",) in faults:
        return None, "an item without a readable id not understood"
    try:
        return model.model_validate(_without(raw, faults)), _complaint(faults, str(raw["id"]))
    except ValidationError:
        return None, _complaint([], str(raw["id"]))


def _without(item: object, faults: list[Path]) -> object:
    if len(faults) > _MANY_FAULTS:  # each costs a copy of what it lies in: do not be made to work
        faults = list({path[:1]: path[:1] for path in faults})
    for path in reversed(faults):  # from the end, so that positions in lists stay true
        item = _without_one(item, path)
    return item


def _without_one(raw: object, path: Path) -> object:
    """A copy without what lies at the end of the path, or where the path ends to exist."""
    step, rest = path[0], path[1:]
    if isinstance(raw, dict) and step in raw:
        inner = {} if not _leads_on(raw[step], rest) else {step: _without_one(raw[step], rest)}
        return {name: value for name, value in raw.items() if name != step} | inner
    if isinstance(raw, list) and isinstance(step, int) and step < len(raw):
        kept = [_without_one(raw[step], rest)] if _leads_on(raw[step], rest) else []
        return [*raw[:step], *kept, *raw[step + 1 :]]
    return raw


def _leads_on(inner: object, rest: Path) -> bool:
    return bool(rest) and isinstance(inner, dict | list)


def _complaint(faults: list[Path], item_id: str) -> str:
    """Such as "score of bmr_x not understood", at most 80 characters."""
    names = ", ".join(dict.fromkeys(_name(path) for path in faults))
    of_item = f"{_cut(item_id, 28)} not understood"
    if not names:
        return of_item
    return f"{_cut(names, _LONGEST_COMPLAINT - len(of_item) - 4)} of {of_item}"


def _name(path: Path) -> str:
    """The field that is at fault, and the one that it lies in, without the positions in lists."""
    fields = [step for step in path if isinstance(step, str)]
    return fields[0] if len(fields) == 1 else f"{fields[-1]} in {fields[0]}"


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - 1] + "…"


async def read_page(model: type[V], raw: object, *, of: str) -> Page[V]:
    """A page from a list's answer, whose items stand under "runs".

    `of` names the items in errors, such as "benchmark runs". Lets others run in between, because a
    page may hold thousands.

    Raises:
        NotUnderstood: when it is not a page at all.
    """
    if not isinstance(raw, dict) or "runs" not in raw:
        raise NotUnderstood(f'expected a list of {of} under "runs"')
    listed = [] if raw["runs"] is None else raw["runs"]
    if not isinstance(listed, list):
        raise NotUnderstood(f'expected a list of {of} under "runs", got something else there')
    items: list[V] = []
    complaints: list[str] = []
    for position, raw_item in enumerate(listed, start=1):
        item, complaint = read_item(model, raw_item)
        if item is not None:
            items.append(item)
        if complaint is not None:
            complaints.append(complaint)
        if position % _SLICE == 0:
            await asyncio.sleep(0)
    has_more = raw.get("has_more")
    if not isinstance(has_more, bool):
        complaints.append("has_more of the list not understood")
    total_count, complaint = _read_count(raw.get("total_count"))
    if complaint is not None:
        complaints.append(complaint)
    return Page(tuple(items), has_more is True, total_count, tuple(complaints))


def _read_count(raw: object) -> tuple[int | None, str | None]:
    if raw is None:
        return None, None
    if isinstance(raw, int) and not isinstance(raw, bool) and 0 <= raw <= _MOST_COUNTED:
        return raw, None
    return None, "total_count of the list not understood"
