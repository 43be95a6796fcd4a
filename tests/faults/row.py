"""What a row of the failure matrix says."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from tests.faults.server import Failure, Server

Switch = Callable[[Server], Awaitable[None]]
"""Begins or ends a failure."""


@dataclass(frozen=True, slots=True)
class Row:
    """A failure, as the user sees it."""

    failure: str
    sees: tuple[str, ...]
    """Words that are on the screen together while it lasts."""
    recovers: str
    """When all is well again after the failure has gone, by itself."""
    answers: Mapping[str, Failure] = field(default_factory=dict)
    """Forms of the failure by name, for those that are answers."""
    begin: Switch | None = None
    end: Switch | None = None
    """How it begins and ends, for those that are not."""

    @property
    def answer(self) -> Failure:
        """The failure itself, where it is an answer that has one form."""
        (only,) = self.answers.values()
        return only


@dataclass(frozen=True, slots=True)
class Outage(Row):
    """A failure because of which nothing can be read."""

    requests: int = 1
    """How many requests a poll sends meanwhile."""
    rests_s: tuple[float, float] = (5.25, 10.5)
    """The rests after the first and the second failed poll."""
    takes_s: float = 0.0
    """How long a poll takes to fail."""
