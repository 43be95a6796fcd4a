"""A refusal may repeat what it refuses: the key and the values of environment variables are kept out of it."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from runloop_tui.api.errors import RunloopError
from runloop_tui.api.redact import Redactor

_SHORTEST = 4
"""Shorter values ("1", "yes") are no secrets, and masking them would garble the words."""


@contextmanager
def without_echoes(values: Iterable[str], *, parts_too: bool = False) -> Iterator[None]:
    """Mask these values in the server's own words, where an error inside carries any."""
    try:
        yield
    except RunloopError as error:
        error.detail = Redactor(values, shortest=_SHORTEST, parts_too=parts_too)(error.detail)
        raise
