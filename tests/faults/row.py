"""What a row of the fault matrix says."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from tests.faults.server import Fault, Server

Switch = Callable[[Server], Awaitable[None]]
"""Begins or ends a fault."""


@dataclass(frozen=True, slots=True)
class Row:
    """A fault, as a person meets it."""

    fault: str
    sees: tuple[str, ...]
    """Words that are on the screen together while it lasts."""
    recovers: str
    """When all is well again after the fault has gone, by itself."""
    answers: Mapping[str, Fault] = field(default_factory=dict)
    """Forms of the fault by name, for those that are answers."""
    begin: Switch | None = None
    end: Switch | None = None
    """How it begins and ends, for those that are not."""

    @property
    def answer(self) -> Fault:
        """The fault itself, where it is an answer that has one form."""
        (only,) = self.answers.values()
        return only


@dataclass(frozen=True, slots=True)
class Outage(Row):
    """A fault because of which nothing can be read."""

    asked: int = 1
    """How many requests a poll costs meanwhile."""
    rests_s: tuple[float, float] = (5.25, 10.5)
    """The rests after the first and the second failed poll."""
    takes_s: float = 0.0
    """How long a poll takes to fail."""
