"""What is in an archive of logs, as rows, and what became of it, in lines."""

from typing import TYPE_CHECKING

from runloop_tui.api.errors import RunloopError
from runloop_tui.logs.archive import ArchiveError
from runloop_tui.monitor.arrange import Order, has_words, in_order
from runloop_tui.present.cells import Cells, Column, Line, Piece
from runloop_tui.present.numbers import plural, size
from runloop_tui.present.text import safe, safe_name
from runloop_tui.present.transfers import PRIVATE, SO_FAR, UNEXPECTED, failure_words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from runloop_tui.logs.download import DownloadState
    from runloop_tui.logs.entries import Entries, Entry

ENTRY_COLUMNS = (
    Column("name", "name", 20, stretch=1),
    Column("size", "size", 10, right=True),
)
"""The columns of the list of an archive's files."""

ENTRY_ORDERS = ("archive", "name", "size")
"""The orders of that list; the first, that of the archive, is the default."""

_PHASES = {
    "waiting": "asking for the logs…",
    "receiving": "downloading the logs…",
    "checking": "checking the archive…",
}


def entry_name(entry: "Entry") -> str:
    """The name of a file in an archive, made safe."""
    return safe_name(entry.name)


def arrange_entries(entries: "Iterable[Entry]", needle: str, order: Order) -> "list[Entry]":
    """Filter files by the words of their names, and sort them; the largest come first."""
    found = [entry for entry in entries if not needle or has_words(needle, entry.name)]
    values: dict[str, Callable[[Entry], str | int | None]] = {
        "archive": lambda entry: entry.number,
        "name": lambda entry: entry.name.casefold(),
        "size": lambda entry: entry.unpacked_bytes if entry.can_be_read else None,
    }
    found.sort(key=lambda entry: entry.number)
    return in_order(found, values[order.key], order)


def entry_cells(entry: "Entry") -> Cells:
    """The row of a file, a piece for each of ENTRY_COLUMNS."""
    name = Piece(entry_name(entry))
    if entry.can_be_read:
        return name, Piece(size(entry.unpacked_bytes), "muted")
    return name, Piece("encrypted" if entry.directory.is_encrypted else "unreadable", "warn")


def entries_title(name: str, entries: "Entries | None", shown: int) -> Line:
    """Whose logs these are (a safe text), and how many files are shown of how many."""
    pieces = [Piece("logs of ", "muted"), Piece(name, "title")]
    if entries is None:
        return tuple(pieces)
    files = len(entries.files) + entries.left_out
    count = plural(files, "file") if shown == files else f"{shown:,} of {plural(files, 'file')}"
    pieces.append(Piece(f" · {count}", "muted"))
    if entries.folders:
        pieces.append(Piece(f", {plural(entries.folders, 'folder')}", "muted"))
    if entries.left_out:
        pieces.append(Piece(f", only the first {len(entries.files):,} are listed", "warn"))
    if entries.unreadable:
        pieces.append(Piece(f", {entries.unreadable:,} cannot be read", "warn"))
    return tuple(pieces)


def archive_line(
    state: "DownloadState",
    entries: "Entries | None",
    error: Exception | None,
    *,
    is_so_far: bool = False,
    is_private: bool = False,
) -> Line:
    """How far the archive is on its way, where it is, or why it cannot be read.

    `is_so_far`: what it is of was still running when it was asked for. `is_private`: it goes with the app.
    """
    if error is not None:
        return (Piece(f"! the archive cannot be read: {read_failure(error)}", "bad"),)
    if state.phase in _PHASES:
        return (Piece(_PHASES[state.phase], "live"), Piece(_progress(state), "muted"))
    if state.phase == "canceled":
        return (Piece("the download was canceled; r starts it again", "warn"),)
    if state.phase == "failed":
        return _failed(state)
    if entries is None:
        return (Piece("reading what is in it…", "live"),)
    where = Piece(PRIVATE if is_private else safe(str(state.path)), "muted")
    so_far = (Piece(f"{SO_FAR}; r reads it again  ", "warn"),) if is_so_far else ()
    if entries.files:
        return (*so_far, where)
    nothing = "nothing but folders" if entries.folders else "nothing"
    return (Piece(f"there is {nothing} in this archive  ", "warn"), *so_far, where)


def _failed(state: "DownloadState") -> Line:
    pieces = [Piece(f"! the logs were not downloaded: {failure_words(state)}.", "bad")]
    if isinstance(state.error, RunloopError):
        pieces.append(Piece(f" {state.error.advice}"))
    return (*pieces, Piece("  r tries again", "muted"))


def _progress(state: "DownloadState") -> str:
    if not state.received:
        return ""
    if state.fraction is None:
        return f" {size(state.received)}"
    return f" {size(state.received)} of {size(state.size or 0)}, {state.fraction:.0%}"


def read_failure(error: Exception | None) -> str:
    """Why an archive or a file in it cannot be read, or no further; None is an error that nobody expected."""
    if isinstance(error, OSError):
        return safe(error.strerror or type(error).__name__)
    return safe(str(error)) if isinstance(error, ArchiveError) else UNEXPECTED
