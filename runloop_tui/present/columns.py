"""Columns laid side by side: widths that depend on the table alone, never on its values."""

from collections.abc import Sequence
from functools import lru_cache

from runloop_tui.present.cells import Cells, Column, Line, Piece
from runloop_tui.present.text import cut, fit

_GAP = 1
_SIGNS = {False: "↑", True: "↓"}
"""Of values that rise from the first row to the last, and of those that fall; one meaning in all tables."""


@lru_cache(maxsize=64)
def widths(columns: tuple[Column, ...], width: int) -> tuple[int, ...]:
    """The width of each column in a table of `width` cells; 0 for one that is left out.

    Where even the columns that are not optional need more, those at the right give way.
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
    """Lay a row's cells into its columns."""
    line: list[Piece] = []
    for column, cell, room in zip(columns, cells, widths(columns, width), strict=True):
        if not room:
            continue
        if line:
            line.append(Piece(" " * _GAP))
        line.append(Piece(fit(cell.text, room, right=column.right), cell.tone))
    return tuple(line)


def header(columns: tuple[Column, ...], width: int, order_key: str, *, descending: bool) -> Line:
    """The titles of the columns, the one that sorts with an arrow, for which a title makes room.

    ↑ stands for values that rise (A to Z, least first), ↓ for those that fall (newest, most, best, longest first).
    """
    cells: list[Piece] = []
    for column, room in zip(columns, widths(columns, width), strict=True):
        if column.key and column.key == order_key:
            cells.append(
                Piece(
                    f"{cut(column.title, room - 1)}{direction_sign(descending=descending)}",
                    "accent",
                )
            )
        else:
            cells.append(Piece(column.title, "muted"))
    return row(columns, tuple(cells), width)


def direction_sign(*, descending: bool) -> str:
    """The arrow of values that rise from the first row to the last, or of those that fall."""
    return _SIGNS[descending]


def column_at(columns: tuple[Column, ...], width: int, x: int) -> Column | None:
    """The column that stands at cell `x` of a row."""
    left = 0
    for column, room in zip(columns, widths(columns, width), strict=True):
        if not room:
            continue
        if left <= x < left + room + _GAP:
            return column
        left += room + _GAP
    return None


def fits(columns: Sequence[Column], width: int) -> bool:
    """Tell whether all columns but the optional ones have room."""
    return _needed(columns, [not column.optional for column in columns]) <= width


def _shown(columns: Sequence[Column], width: int) -> list[bool]:
    """Leave out optional columns, the most optional first, until the rest has room."""
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
