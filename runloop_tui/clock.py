"""What time is it: the one place that asks the machine."""

import time
from collections.abc import Callable

Clock = Callable[[], int]
"""Gives the current moment in Unix milliseconds."""


def system_clock() -> int:
    """The machine's wall clock, in Unix milliseconds."""
    return time.time_ns() // 1_000_000
