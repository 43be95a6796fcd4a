"""What is measured, against which goal, and what came out."""

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure with its goal: what is measured should not be above `limit`, or not below where `at_least`."""

    what: str
    limit: float
    unit: str
    values: Sequence[float]
    beside: str = ""
    """What does not depend on the machine: a ratio, bytes, requests."""
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
        """The figure as a row of a table in Markdown."""
        sign = "≥" if self.at_least else "≤"
        least, most = min(self.values), max(self.values)
        return (
            f"| {self.what} | {sign} {number(self.limit)} {self.unit} | {number(self.median)} {self.unit} "
            f"| {number(least)} to {number(most)} | {self.beside} | {'yes' if self.is_met else 'NO'} |"
        )


HEAD = (
    "| figure | goal | median | min to max | beside | met |\n| --- | --- | --- | --- | --- | --- |"
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
