"""Pieces of safe text with a tone, laid out as lines, as labelled fields and as table rows of a given width.

Widths are in terminal cells throughout. Every function here returns lines no wider than the `width` it is given.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import Literal, NamedTuple

from rich.cells import cell_len, chop_cells

from runloop_tui.present.text import CUT_MARK, cut, fit, safe

MASK = "••••••"
"""Shown in place of a value that may be a secret, whatever its length."""
LABEL_WIDTH = 12
_NARROWEST_TEXT = 8
_MOST_LINES = 12
_MOST_PAIRS = 200
_GAP = 1
_SORT_ARROWS = {False: "↑", True: "↓"}
"""By `descending`: ↑ where values rise from the first row to the last, ↓ where they fall; the same in all tables."""

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
"""The meaning of a piece of text; the stylesheets map it to colours and text styles."""


class Piece(NamedTuple):
    """A safe text in one tone."""

    text: str
    tone: Tone = "plain"


Line = tuple[Piece, ...]
"""One line of a pane: its pieces from left to right."""

Cells = tuple[Piece, ...]
"""One row of a table: a piece for each column."""


def line_width(line: Line) -> int:
    """Return the width of a line."""
    return sum(cell_len(piece.text) for piece in line)


def cut_line(line: Line, width: int) -> Line:
    """Fit a line into `width` cells, ending in … where something was cut off."""
    if line_width(line) <= width:
        return line
    kept: list[Piece] = []
    room = width
    for piece in line:
        taken = cell_len(piece.text)
        if taken >= room:  # the last cell is for the mark
            kept.append(Piece(cut(piece.text + CUT_MARK, room), piece.tone))
            break
        kept.append(piece)
        room -= taken
    return tuple(kept)


def flow(groups: Sequence[Line], width: int) -> list[Line]:
    """Lay groups of pieces side by side, separated by a blank; a group that does not fit starts a new line."""
    lines: list[Line] = []
    line: list[Piece] = []
    used = 0
    for group in groups:
        needed = line_width(group)
        if line and used + 1 + needed > width:
            lines.append(tuple(line))
            line, used = [], 0
        if line:
            line.append(Piece(" "))
            used += 1
        line.extend(group)
        used += needed
    if line:
        lines.append(tuple(line))
    return [cut_line(line, width) for line in lines]


def wrap(text: str, width: int) -> list[str]:
    """Break a safe text at blanks into parts of at most `width` cells; a longer word is broken anywhere.

    `width` is 2 or more, the width of the widest character.
    """
    parts: list[str] = []
    line = ""
    for word in text.split(" "):
        joined = f"{line} {word}" if line else word
        if cell_len(joined) <= width:
            line = joined
            continue
        if line:
            parts.append(line)
        *full, line = chop_cells(word, width) or [""]
        parts.extend(full)
    return [*parts, line]


def labelled(label: str, text: str, width: int, tone: Tone = "plain") -> Iterator[Line]:
    """Write a label and beside it a safe text, wrapped at blanks; at most 12 lines."""
    parts = wrap(text, max(_NARROWEST_TEXT, width - LABEL_WIDTH))
    if len(parts) > _MOST_LINES:
        parts = [*parts[: _MOST_LINES - 1], CUT_MARK]
    for index, part in enumerate(parts):
        beside = Piece((label if index == 0 else "").ljust(LABEL_WIDTH), "muted")
        yield cut_line((beside, Piece(part, tone)), width)


def labelled_fields(fields: Iterable[tuple[str, str]], width: int) -> Iterator[Line]:
    """Write labels and values, the values raw, one per line; an empty value is left out."""
    for label, value in fields:
        if value:
            yield from labelled(label, safe(value), width)


def labelled_pairs(label: str, values: Mapping[str, str], width: int) -> Iterator[Line]:
    """Write names and values, both raw, one pair per line beside a label; at most 200 pairs."""
    for index, (name, value) in enumerate(islice(values.items(), _MOST_PAIRS)):
        yield from labelled(label if index == 0 else "", f"{safe(name)}  {safe(value)}", width)
    if len(values) > _MOST_PAIRS:
        yield from labelled("", f"{CUT_MARK} and {len(values) - _MOST_PAIRS:,} more", width)


def labelled_environment(
    variables: Mapping[str, str], secrets: Mapping[str, str], width: int, *, empty: str = MASK
) -> Iterator[Line]:
    """Write environment variables with masked values, and for each secret variable the name of its secret.

    `empty` is shown in place of an empty value.
    """
    masked = {name: MASK if value else empty for name, value in variables.items()}
    yield from labelled_pairs("environment", masked, width)
    sources = {name: f"← {secret}" for name, secret in secrets.items()}
    yield from labelled_pairs("secrets", sources, width)


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table. Its width never depends on its values, so that nothing moves when they change."""

    key: str
    """The order that sorts by this column, as `monitor` names it; "" where none does."""
    title: str
    width: int
    """In cells; the least width where the column stretches."""
    right: bool = False
    stretch: int = 0
    """Its share of the width that is left over."""
    optional: int = 0
    """Above 0: left out where the table is too narrow, the highest first."""


@lru_cache(maxsize=64)
def widths(columns: tuple[Column, ...], width: int) -> tuple[int, ...]:
    """Return the width of each column in a table of `width` cells; 0 for one that is left out.

    Where even the columns that are not optional need more, those at the right are narrowed.
    """
    shown = _shown(columns, width)
    spare = max(0, width - _needed(columns, shown))
    shares = sum(column.stretch for column, on in zip(columns, shown, strict=True) if on)
    given: list[int] = []
    left = width
    for column, on in zip(columns, shown, strict=True):
        wanted = column.width + (spare * column.stretch // shares if shares else 0)
        room = max(0, min(wanted, left)) if on else 0
        given.append(room)
        if room:
            left -= room + _GAP
    return tuple(given)


def row(columns: tuple[Column, ...], cells: Cells, width: int) -> Line:
    """Lay the cells of a row into their columns."""
    line: list[Piece] = []
    for column, cell, room in zip(columns, cells, widths(columns, width), strict=True):
        if not room:
            continue
        if line:
            line.append(Piece(" " * _GAP))
        line.append(Piece(fit(cell.text, room, right=column.right), cell.tone))
    return tuple(line)


def header(columns: tuple[Column, ...], width: int, order_key: str, *, descending: bool) -> Line:
    """Return the line of column titles; the title of the sorted column is shortened to fit its arrow.

    ↑ stands for values that rise (A to Z, least first), ↓ for those that fall (newest, most, best, longest first).
    """
    cells: list[Piece] = []
    for column, room in zip(columns, widths(columns, width), strict=True):
        if column.key and column.key == order_key:
            arrow = direction_sign(descending=descending)
            cells.append(Piece(f"{cut(column.title, room - 1)}{arrow}", "accent"))
        else:
            cells.append(Piece(column.title, "muted"))
    return row(columns, tuple(cells), width)


def direction_sign(*, descending: bool) -> str:
    """Return the arrow of a sort direction: ↑ where values rise from the first row to the last, else ↓."""
    return _SORT_ARROWS[descending]


def column_at(columns: tuple[Column, ...], width: int, x: int) -> Column | None:
    """Return the column at cell `x` of a row, with the gap at its right; None beyond the last."""
    left = 0
    for column, room in zip(columns, widths(columns, width), strict=True):
        if not room:
            continue
        if left <= x < left + room + _GAP:
            return column
        left += room + _GAP
    return None


def fits(columns: Sequence[Column], width: int) -> bool:
    """Return whether all columns but the optional ones have their full width."""
    return _needed(columns, [not column.optional for column in columns]) <= width


def _shown(columns: Sequence[Column], width: int) -> list[bool]:
    """Leave out optional columns, the highest `optional` first, until the others fit."""
    shown = [True] * len(columns)
    for optional in sorted({column.optional for column in columns} - {0}, reverse=True):
        if _needed(columns, shown) <= width:
            break
        shown = [
            on and column.optional != optional for on, column in zip(shown, columns, strict=True)
        ]
    return shown


def _needed(columns: Sequence[Column], shown: Sequence[bool]) -> int:
    taken = [column.width for column, on in zip(columns, shown, strict=True) if on]
    return sum(taken) + _GAP * (len(taken) - 1)
