"""A refusal may repeat what it refuses: the key and the values of environment variables are kept out of it."""

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from runloop_tui.api.errors import RunloopError

_SHORTEST = 4
"""Shorter values ("1", "yes") are no secrets, and masking them would garble the words."""

_MASK = "…"


@contextmanager
def without_echoes(values: Iterable[str]) -> Iterator[None]:
    """Mask these values in the server's own words, where an error inside carries any."""
    try:
        yield
    except RunloopError as error:
        error.detail = _masked(error.detail, values)
        raise


def _masked(words: str, values: Iterable[str]) -> str:
    forms = {form for value in values for form in _forms(value.strip()) if len(form) >= _SHORTEST}
    for form in sorted(forms, key=len, reverse=True):
        words = words.replace(form, _MASK)
    for form in forms:  # the words are cut at some length, perhaps in the middle of a value
        for kept in range(min(len(form), len(words)), _SHORTEST - 1, -1):
            if words.endswith(form[:kept]):
                words = words[:-kept] + _MASK
                break
    return words


def _forms(value: str) -> set[str]:
    """As it is, and as it stands inside JSON."""
    return {value, json.dumps(value)[1:-1], json.dumps(value, ensure_ascii=False)[1:-1]}
