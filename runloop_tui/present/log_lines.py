"""Lines of logs as they are shown: made safe, broken or shifted to a width, with what was searched for marked."""

from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING

from rich.cells import cell_len, get_character_cell_size

from runloop_tui.api.redact import redact
from runloop_tui.present.cells import Line, Piece
from runloop_tui.present.flow import cut_line
from runloop_tui.present.numbers import size
from runloop_tui.present.text import LINE_BREAK_MARK, safe_lines

if TYPE_CHECKING:
    from runloop_tui.logs.log_text import RawLine
    from runloop_tui.logs.search import SearchQuery

_PART = 500
"""Characters that are made safe together: few enough that tabs do not carry them beyond `text.LONGEST`."""


def text_line(raw: "RawLine") -> Line:
    """A line of a file: its beginning, and how long it is where that is not all."""
    said = Piece(safe_log_text(raw.head.decode(errors="replace")))
    if raw.size <= len(raw.head):
        return (said,)
    return (said, Piece(f"… {size(raw.size)} in this line", "warn"))


def safe_log_text(text: str) -> str:
    """Make one line that a program printed safe, without the cut that names get; carriage returns become ⏎."""
    text = redact(text.removesuffix("\r"))  # before it is cut in parts, and after marks are made
    if text.isascii() and text.isprintable():
        return text
    parts = (text[at : at + _PART] for at in range(0, len(text), _PART))
    return redact("".join(LINE_BREAK_MARK.join(safe_lines(part)) for part in parts))


def fold(line: Line, width: int) -> list[Line]:
    """Break a line into rows of at most `width` cells, 2 or more; an empty line is one empty row."""
    rows: list[Line] = []
    row: list[Piece] = []
    room = width
    for piece in line:
        rest = piece.text
        while rest:
            taken = _fitting(rest, room)
            if taken:
                row.append(Piece(rest[:taken], piece.tone))
                room -= cell_len(rest[:taken])
                rest = rest[taken:]
            if rest:
                rows.append(tuple(row))
                row, room = [], width
    return [*rows, tuple(row)]


def shift(line: Line, left: int, width: int) -> Line:
    """The part of a line that begins at cell `left`, cut to `width` with a mark."""
    if not left:
        return cut_line(line, width)
    kept: list[Piece] = []
    for piece in line:
        length = cell_len(piece.text)
        if left >= length:
            left -= length
            continue
        kept.append(Piece(piece.text[_fitting(piece.text, left) :], piece.tone))
        left = 0
    return cut_line(tuple(kept), width)


def with_matches(line: Line, needle: "SearchQuery | None") -> Line:
    """The line with what was searched for in another tone, wherever it stands within one piece."""
    if needle is None:
        return line
    return tuple(part for piece in line for part in _marked(piece, needle))


def _marked(piece: Piece, needle: "SearchQuery") -> Iterator[Piece]:
    text, length = piece.text, len(needle.words)
    starts = list(_places(needle.fold(text), needle.words))
    if not starts:
        yield piece
        return
    if starts[0]:
        yield Piece(text[: starts[0]], piece.tone)
    for start, following in pairwise([*starts, len(text)]):
        yield Piece(text[start : start + length], "found")
        if start + length < following:
            yield Piece(text[start + length : following], piece.tone)


def _places(text: str, words: str) -> Iterator[int]:
    at = text.find(words)
    while at >= 0:
        yield at
        at = text.find(words, at + len(words))


def _fitting(text: str, room: int) -> int:
    """How many characters fit into `room` cells."""
    if text.isascii():
        return min(len(text), room)
    used = 0
    for index, character in enumerate(text):
        used += get_character_cell_size(character)
        if used > room:
            return index
    return len(text)
