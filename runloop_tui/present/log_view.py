"""The log viewer: lines made safe, wrapped or scrolled sideways, matches marked; its title, position and notices."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from rich.cells import cell_len, get_character_cell_size

from runloop_tui.api.redact import redact
from runloop_tui.present.archives import UNEXPECTED, entry_name, read_failure
from runloop_tui.present.layout import Line, Piece, cut_line
from runloop_tui.present.text import LINE_BREAK_MARK, cut, safe, safe_lines
from runloop_tui.present.units import size

if TYPE_CHECKING:
    from runloop_tui.logs.log_text import RawLine
    from runloop_tui.logs.opened_entry import OpenedEntry
    from runloop_tui.logs.search import SearchQuery

_LONGEST_QUERY = 24
_PART = 500
"""Characters that are made safe at once: few enough that expanded tabs stay below `text.LONGEST`."""


def text_line(raw: "RawLine") -> Line:
    """Return a line of a file: its beginning, and its size in bytes where it is longer."""
    text = Piece(safe_log_text(raw.head.decode(errors="replace")))
    if raw.size <= len(raw.head):
        return (text,)
    return (text, Piece(f"… {size(raw.size)} in this line", "warn"))


def safe_log_text(text: str) -> str:
    """Make one line of a program's output safe without cutting it; carriage returns become ⏎."""
    text = redact(text.removesuffix("\r"))  # before it is split, and again after marks are made
    if text.isascii() and text.isprintable():
        return text
    parts = (text[at : at + _PART] for at in range(0, len(text), _PART))
    return redact("".join(LINE_BREAK_MARK.join(safe_lines(part)) for part in parts))


def fold(line: Line, width: int) -> list[Line]:
    """Wrap a line into rows of at most `width` cells (2 or more); an empty line is one empty row."""
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
    """Return the part of a line from cell `left` on, cut to `width` with a mark."""
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


def with_matches(line: Line, query: "SearchQuery | None") -> Line:
    """Return the line with all matches in the tone "found"; a match across two pieces is not marked."""
    if query is None:
        return line
    return tuple(part for piece in line for part in _marked(piece, query))


def _marked(piece: Piece, query: "SearchQuery") -> Iterator[Piece]:
    text, length = piece.text, len(query.words)
    starts = list(_matches(query.fold(text), query.words))
    if not starts:
        yield piece
        return
    if starts[0]:
        yield Piece(text[: starts[0]], piece.tone)
    for start, following in pairwise([*starts, len(text)]):
        yield Piece(text[start : start + length], "found")
        if start + length < following:
            yield Piece(text[start + length : following], piece.tone)


def _matches(text: str, words: str) -> Iterator[int]:
    at = text.find(words)
    while at >= 0:
        yield at
        at = text.find(words, at + len(words))


def _fitting(text: str, room: int) -> int:
    """Return how many characters fit into `room` cells."""
    if text.isascii():
        return min(len(text), room)
    used = 0
    for index, character in enumerate(text):
        used += get_character_cell_size(character)
        if used > room:
            return index
    return len(text)


@dataclass(frozen=True, slots=True)
class LogPosition:
    """The visible lines of a log, and how they are shown."""

    first: int
    """Index of the first visible line, from 0."""
    last: int
    """Index of the last visible line."""
    lines: int
    """How many lines there are so far."""
    left: int = 0
    """Cells scrolled out at the left."""
    follows: bool = False
    wraps: bool = False


@dataclass(frozen=True, slots=True)
class SearchStatus:
    """The state of a search in a log."""

    words: str
    """The query; raw."""
    found: int
    """How many lines match so far."""
    place: int | None = None
    """Number of the match that is shown, from 1; None without one."""
    fraction: float | None = None
    """The share searched so far, 0 to 1; None when the search has ended."""
    is_full: bool = False
    """Whether it stopped at the limit of matches."""
    has_failed: bool = False
    """Whether it was ended by an internal error."""
    has_wrapped: bool = False
    """Whether the match shown was reached past the end, or past the beginning."""


def place_line(
    place: LogPosition, search: SearchStatus | None, width: int, reading: Line = ()
) -> Line:
    """Return the line below a log: visible lines of how many, `reading` progress, and the state of the search."""
    if place.lines:
        last = "" if place.last == place.first else f"–{place.last + 1:,}"
        numbers = f"line {place.first + 1:,}{last} of {place.lines:,}"
    else:
        numbers = "no lines"
    pieces = [Piece(numbers), *reading]
    if search is not None:
        pieces.extend(_search(search))
    if place.follows:
        pieces.append(Piece("  follows", "live"))
    if place.wraps:
        pieces.append(Piece("  wrapped", "muted"))
    if place.left:
        pieces.append(Piece(f"  from column {place.left + 1:,}", "muted"))
    return cut_line(tuple(pieces), width)


def _search(search: SearchStatus) -> Line:
    words = cut(safe(search.words), _LONGEST_QUERY)
    if search.fraction is not None:
        so_far = f", {search.found:,} so far" if search.found else ""
        at = f"  match {search.place:,}" if search.place else ""
        going_on = f"  searching {words}… {search.fraction:.0%}{so_far}"
        return Piece(at, "accent"), Piece(going_on, "live")
    if search.has_failed:
        return (Piece(f"  the search for {words} broke off: {UNEXPECTED}", "bad"),)
    if not search.found:
        return (Piece(f"  no match for {words}", "warn"),)
    more = " or more" if search.is_full else ""
    if search.place is None:
        return (Piece(f"  {search.found:,}{more} matching lines", "accent"),)
    pieces = [Piece(f"  match {search.place:,} of {search.found:,}{more}", "accent")]
    if search.has_wrapped:
        pieces.append(Piece("  went round the end", "warn"))
    return tuple(pieces)


def entry_title(opened: "OpenedEntry", width: int) -> Line:
    """Return the title of the viewer: the file and its size."""
    entry = opened.entry
    pieces = (
        Piece(f" {entry_name(entry)} ", "title"),
        Piece(f" {size(entry.unpacked_bytes)}", "muted"),
    )
    return cut_line(pieces, width)


def reading_words(opened: "OpenedEntry") -> Line:
    """Return how much of the file has been read; empty once all is."""
    if opened.phase != "reading":
        return ()
    return (Piece(f"  reading… {opened.fraction:.0%}", "live"),)


def entry_notice(opened: "OpenedEntry", width: int) -> Line:
    """Return why the file cannot be read, or that it is binary or empty; else empty."""
    if opened.error is not None or opened.phase == "stopped":
        known = opened.text is not None and opened.text.size
        how_far = "cannot be read further" if known else "cannot be read"
        return cut_line((Piece(f"! {how_far}: {read_failure(opened.error)}", "bad"),), width)
    if opened.text is not None and opened.text.is_binary:
        return (Piece(cut("this is not text: what it would do is shown as marks", width), "warn"),)
    if opened.phase == "whole" and not (opened.text and opened.text.size):
        return (Piece(cut("this file is empty", width), "warn"),)
    return ()
