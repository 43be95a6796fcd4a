"""The wall clock; everything else gets the time as an argument."""

import time
from collections.abc import Callable

Clock = Callable[[], int]
"""Returns the current time in Unix milliseconds."""


def system_clock() -> int:
    """Return the machine's time in Unix milliseconds."""
    return time.time_ns() // 1_000_000
