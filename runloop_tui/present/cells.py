"""The parts of what a table or a pane shows: pieces of safe text, each with the tone it is said in."""

from dataclasses import dataclass
from typing import Literal, NamedTuple

Tone = Literal[
    "plain",
    "muted",
    "strong",
    "title",
    "good",
    "bad",
    "warn",
    "live",
    "accent",
    "found",
]
"""What a piece of text means to the eye; the styles say how each looks."""


class Piece(NamedTuple):
    """A safe text in one tone."""

    text: str
    tone: Tone = "plain"


Line = tuple[Piece, ...]
"""One line of a pane: its pieces from left to right."""

Cells = tuple[Piece, ...]
"""One row of a table: a piece for each column."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table. Its width never follows its values, so that nothing jumps when they change."""

    key: str
    """The order that sorts by this column; see `monitor.filters`. "" where none does."""
    title: str
    width: int
    """In cells; the least width where the column stretches."""
    right: bool = False
    stretch: int = 0
    """Its share of the width that the others leave."""
    optional: int = 0
    """Above 0: left out where the table is too narrow, the highest first."""
