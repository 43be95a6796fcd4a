"""Faults of our own, met while something was read: told, and then treated as any other trouble with that thing."""
# ruff: noqa: N818 - the name says what happened, as those of the other errors do

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from runloop_tui.api.errors import RunloopError


class Unexpected(RunloopError):
    """We failed at something that should not fail, whatever the server says."""

    summary = "an error inside runloop-tui"
    advice = "Nothing is lost at Runloop. With --log-file the details are kept."


@contextmanager
def faults_told(tell: Callable[[Exception], None]) -> Iterator[None]:
    """Tell of every error that is none of the API's, and make it one.

    Raises:
        Unexpected: in place of any other exception.
    """
    try:
        yield
    except RunloopError:
        raise
    except Exception as fault:
        tell(fault)
        raise Unexpected(type(fault).__name__) from fault
