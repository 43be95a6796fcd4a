"""What is measured, against which goal, and what came out."""

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure with its goal: what is measured should not be above `limit`, or not below where `at_least`.

    Attributes:
        what: What is measured.
        world: The account in which it was measured, see `worlds.ACCOUNTS`.
        limit: The goal.
        unit: The unit of the goal and of the values.
        values: What was measured.
        beside: What helps to read it: another reading, a share.
        at_least: Whether the goal is a lower bound.
    """

    what: str
    world: str
    limit: float
    unit: str
    values: Sequence[float]
    beside: str = ""
    at_least: bool = False

    @property
    def median(self) -> float:
        """What half of the runs were below."""
        return statistics.median(self.values)

    @property
    def is_met(self) -> bool:
        """Whether the goal is reached, in the median."""
        return self.median >= self.limit if self.at_least else self.median <= self.limit

    @property
    def row(self) -> str:
        """The figure as a row of the README's table, in Markdown; in brackets, how many values there are."""
        sign = "≥" if self.at_least else "≤"
        cells = (
            self.what,
            self.world,
            f"{sign} {number(self.limit)} {self.unit}",
            f"{number(self.median)} {self.unit} ({len(self.values)})",
            f"{number(min(self.values))} to {number(max(self.values))}",
            self.beside,
            "yes" if self.is_met else "no",
        )
        return "| " + " | ".join(cells).replace("  ", " ") + " |"


HEAD = (
    "| figure | world | goal | median (n) | min to max | beside | met |\n"
    "| --- | --- | --- | --- | --- | --- | --- |"
)

Measure = Callable[[int], Sequence[Figure]]
"""Measures so many times."""


def number(value: float) -> str:
    """A number to three digits, with commas."""
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}"


def at_share(values: Sequence[float], share: float) -> float:
    """The value that this share of all does not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def median(values: Sequence[float]) -> float:
    """What half of the values are below."""
    return statistics.median(values)
