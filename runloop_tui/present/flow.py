"""Pieces laid into lines, none wider than was asked."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

from rich.cells import cell_len, chop_cells

from runloop_tui.present.cells import Line, Piece, Tone
from runloop_tui.present.text import CUT_MARK, cut, safe

LABEL_WIDTH = 12
_NARROWEST_TEXT = 8
_MOST_LINES = 12
_MOST_PAIRS = 200


def line_width(line: Line) -> int:
    """How many cells a line takes."""
    return sum(cell_len(piece.text) for piece in line)


def cut_line(line: Line, width: int) -> Line:
    """Fit a line into `width` cells, ending in … where something was left out."""
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
    """Lay groups of pieces side by side, a blank between them, going to the next line where one would not fit."""
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


def labelled(label: str, text: str, width: int, tone: Tone = "plain") -> Iterator[Line]:
    """Write a label and beside it a safe text, wrapped at its blanks under itself."""
    parts = wrap(text, max(_NARROWEST_TEXT, width - LABEL_WIDTH))
    if len(parts) > _MOST_LINES:
        parts = [*parts[: _MOST_LINES - 1], CUT_MARK]
    for index, part in enumerate(parts):
        beside = Piece((label if index == 0 else "").ljust(LABEL_WIDTH), "muted")
        yield cut_line((beside, Piece(part, tone)), width)


def labelled_pairs(label: str, values: Mapping[str, str], width: int) -> Iterator[Line]:
    """Write names and their values, raw texts from outside, one below the other beside a label."""
    for index, (name, value) in enumerate(islice(values.items(), _MOST_PAIRS)):
        yield from labelled(label if index == 0 else "", f"{safe(name)}  {safe(value)}", width)
    if len(values) > _MOST_PAIRS:
        yield from labelled("", f"{CUT_MARK} and {len(values) - _MOST_PAIRS:,} more", width)


def wrap(text: str, width: int) -> list[str]:
    """Break a safe text at blanks into parts of at most `width` cells; a longer word is broken anywhere.

    `width` is 2 or more: a wide character must find room.
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
