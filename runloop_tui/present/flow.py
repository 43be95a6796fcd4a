"""Pieces laid into lines of a given width."""

from collections.abc import Iterator, Sequence

from rich.cells import cell_len, chop_cells

from runloop_tui.present.cells import Line, Piece, Tone
from runloop_tui.present.text import CUT_MARK

LABEL_WIDTH = 12
_MOST_LINES = 12


def flow(groups: Sequence[Line], width: int) -> list[Line]:
    """Lay groups of pieces side by side, a blank between them, going to the next line where one would not fit."""
    lines: list[Line] = []
    line: list[Piece] = []
    used = 0
    for group in groups:
        needed = sum(cell_len(piece.text) for piece in group)
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
    return lines


def labelled(label: str, text: str, width: int, tone: Tone = "plain") -> Iterator[Line]:
    """Write a label and beside it a safe text, wrapped at its blanks under itself."""
    parts = wrap(text, max(8, width - LABEL_WIDTH))
    if len(parts) > _MOST_LINES:
        parts = [*parts[: _MOST_LINES - 1], CUT_MARK]
    for index, part in enumerate(parts):
        yield (Piece((label if index == 0 else "").ljust(LABEL_WIDTH), "muted"), Piece(part, tone))


def wrap(text: str, width: int) -> list[str]:
    """Break a safe text at blanks into parts of at most `width` cells; a longer word is broken anywhere."""
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
