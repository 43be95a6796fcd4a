"""What the lines above and below a log say: which log, which lines of it, what was found."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from runloop_tui.present.cells import Line, Piece
from runloop_tui.present.flow import cut_line
from runloop_tui.present.log_entries import entry_name, read_failure
from runloop_tui.present.numbers import size
from runloop_tui.present.text import cut, safe
from runloop_tui.present.transfers import UNEXPECTED

if TYPE_CHECKING:
    from runloop_tui.logs.opened_entry import OpenedEntry

_LONGEST_WORDS = 24


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a log somebody reads, and how."""

    first: int
    """The number of the first line on the screen, from 0."""
    last: int
    """That of the last."""
    lines: int
    """How many there are so far."""
    left: int = 0
    """Cells that are shifted out of sight at the left."""
    follows: bool = False
    wraps: bool = False


@dataclass(frozen=True, slots=True)
class Finding:
    """How a search stands."""

    words: str
    """What is searched for; raw."""
    found: int
    """Lines that match so far."""
    place: int | None = None
    """Which of them is shown, from 1; None where none is."""
    fraction: float | None = None
    """How much was looked at, while it goes on; None when it is over."""
    is_full: bool = False
    """It stopped because there were too many."""
    has_failed: bool = False
    """It broke off over an error that nobody expected."""
    has_wrapped: bool = False
    """The one shown was reached over the end, or over the beginning."""


def place_line(place: Place, finding: Finding | None, width: int, reading: Line = ()) -> Line:
    """Which lines are on the screen of how many, what still arrives, and how the search stands."""
    if place.lines:
        last = "" if place.last == place.first else f"–{place.last + 1:,}"
        numbers = f"line {place.first + 1:,}{last} of {place.lines:,}"
    else:
        numbers = "no lines"
    pieces = [Piece(numbers), *reading]
    if finding is not None:
        pieces.extend(_finding(finding))
    if place.follows:
        pieces.append(Piece("  follows", "live"))
    if place.wraps:
        pieces.append(Piece("  wrapped", "muted"))
    if place.left:
        pieces.append(Piece(f"  from column {place.left + 1:,}", "muted"))
    return cut_line(tuple(pieces), width)


def _finding(finding: Finding) -> Line:
    words = cut(safe(finding.words), _LONGEST_WORDS)
    if finding.fraction is not None:
        so_far = f", {finding.found:,} so far" if finding.found else ""
        at = f"  match {finding.place:,}" if finding.place else ""
        going_on = f"  searching {words}… {finding.fraction:.0%}{so_far}"
        return Piece(at, "accent"), Piece(going_on, "live")
    if finding.has_failed:
        return (Piece(f"  the search for {words} broke off: {UNEXPECTED}", "bad"),)
    if not finding.found:
        return (Piece(f"  no match for {words}", "warn"),)
    more = " or more" if finding.is_full else ""
    if finding.place is None:
        return (Piece(f"  {finding.found:,}{more} matching lines", "accent"),)
    pieces = [Piece(f"  match {finding.place:,} of {finding.found:,}{more}", "accent")]
    if finding.has_wrapped:
        pieces.append(Piece("  went round the end", "warn"))
    return tuple(pieces)


def entry_title(opened: "OpenedEntry", width: int) -> Line:
    """The file that is read, and its size."""
    entry = opened.entry
    pieces = (
        Piece(f" {entry_name(entry)} ", "title"),
        Piece(f" {size(entry.unpacked_bytes)}", "muted"),
    )
    return cut_line(pieces, width)


def reading_words(opened: "OpenedEntry") -> Line:
    """How much of a file has arrived, while it does."""
    if opened.phase != "reading":
        return ()
    return (Piece(f"  reading… {opened.fraction:.0%}", "live"),)


def entry_notice(opened: "OpenedEntry", width: int) -> Line:
    """What is wrong with a file; empty where nothing is."""
    if opened.error is not None or opened.phase == "stopped":
        known = opened.text is not None and opened.text.size
        how_far = "cannot be read further" if known else "cannot be read"
        return cut_line((Piece(f"! {how_far}: {read_failure(opened.error)}", "bad"),), width)
    if opened.text is not None and opened.text.is_binary:
        return (Piece(cut("this is not text: what it would do is shown as marks", width), "warn"),)
    if opened.phase == "whole" and not (opened.text and opened.text.size):
        return (Piece(cut("this file is empty", width), "warn"),)
    return ()
