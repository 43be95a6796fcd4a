"""Downloads of log archives: their progress and outcome; and the files in an archive as rows."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from runloop_tui.api.errors import RunloopError
from runloop_tui.logs.archive import ArchiveError
from runloop_tui.monitor.arrange import Order, has_words, in_order
from runloop_tui.present.errors import error_words
from runloop_tui.present.layout import Cells, Column, Line, Piece, Tone, cut_line, row
from runloop_tui.present.text import cut, safe, safe_name
from runloop_tui.present.units import plural, size

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from runloop_tui.logs.downloads import Download, DownloadState
    from runloop_tui.logs.entries import Entries, Entry

DOWNLOAD_COLUMNS = (
    Column("", "state", 12),
    Column("", "logs of", 14, stretch=1),
    Column("", "received", 15, right=True),
    Column("", "rate", 11, right=True, optional=1),
)
"""The columns of the first of a download's two lines in the list."""

_SIGNS: dict[str, tuple[str, Tone]] = {
    "waiting": ("◌ waiting", "muted"),
    "receiving": ("⇣ receiving", "live"),
    "checking": ("◌ checking", "live"),
    "done": ("✓ done", "good"),
    "failed": ("! failed", "bad"),
    "canceled": ("⊘ canceled", "muted"),
}
_PHASES = {
    "waiting": "asking for the logs…",
    "receiving": "downloading the logs…",
    "checking": "checking the archive…",
}
_LONGEST_TITLE = 40
SO_FAR = "only what there was so far: it was still running"
PRIVATE = "kept only while runloop-tui runs; D downloads it"
UNEXPECTED = "an internal error; the log file has the details"
"""Shown for an internal error; its traceback is in the log."""


def download_lines(download: "Download", width: int) -> tuple[Line, Line]:
    """Return the two lines of a download: its progress, and its file or why it failed."""
    state = download.state
    where = Piece(f"  {_where(download)}", "bad" if state.phase == "failed" else "muted")
    return row(DOWNLOAD_COLUMNS, _download_cells(download), width), cut_line((where,), width)


def _download_cells(download: "Download") -> Cells:
    state = download.state
    text, tone = _SIGNS[state.phase]
    return (
        Piece(text, tone),
        Piece(_download_name(download)),
        Piece(_received_words(state)),
        Piece(_rate_words(state), "muted"),
    )


def active_downloads_line(active: Sequence["Download"], width: int) -> Line:
    """Return the line about the active downloads; empty where there are none."""
    if not active:
        return ()
    pieces = [Piece(f" ⇣ {plural(len(active), 'download')}  ", "live")]
    for download in reversed(active):
        state = download.state
        pieces.append(Piece(f"{cut(_download_name(download), _LONGEST_TITLE)} "))
        received, rate = _received_words(state), _rate_words(state)
        of = f"of {size(state.size)}" if received and state.size else ""
        figures = " ".join(figure for figure in (received, of, rate) if figure)
        pieces.append(Piece(f"{figures}   ", "muted"))
    return cut_line(tuple(pieces), width)


def download_ended_message(download: "Download") -> str:
    """Return the message for a download that is finished, canceled or failed."""
    state, name = download.state, cut(_download_name(download), _LONGEST_TITLE)
    if state.phase == "done":
        where = "can be read: l" if download.is_private else f"are in {safe(str(state.path))}"
        so_far = "" if download.is_final else f" ({SO_FAR})"
        return f"The logs of {name} {where}{so_far}"
    if state.phase == "canceled":
        return f"The download of the logs of {name} was canceled; nothing is left of it."
    text = f"The logs of {name} were not downloaded: {failure_words(state)}."
    if isinstance(state.error, RunloopError):
        text += f" {state.error.advice}"
    return f"{text} What was received is in {safe(str(state.path))}" if state.path else text


def failure_words(state: "DownloadState") -> str:
    """Return why a download failed."""
    error = state.error
    if isinstance(error, RunloopError):
        return error_words(error)
    if isinstance(error, OSError):
        return _os_error_words(error)
    return safe(str(error)) if error is not None else UNEXPECTED


def read_failure(error: Exception | None) -> str:
    """Return why an archive, or a file in it, cannot be read or read further; None is an internal error."""
    if isinstance(error, OSError):
        return _os_error_words(error)
    return safe(str(error)) if isinstance(error, ArchiveError) else UNEXPECTED


def _os_error_words(error: OSError) -> str:
    return safe(error.strerror or type(error).__name__)


def _download_name(download: "Download") -> str:
    return safe_name(download.title, download.target_id)


def _where(download: "Download") -> str:
    state = download.state
    if state.phase == "failed":
        return failure_words(state)
    if state.path is None:
        return ""
    where = PRIVATE if download.is_private else safe(str(state.path))
    return f"{where}  {SO_FAR}" if state.phase == "done" and not download.is_final else where


def _received_words(state: "DownloadState") -> str:
    if not state.received and state.phase not in {"receiving", "done"}:
        return ""
    if not state.size:
        return size(state.received)
    return f"{size(state.received)} {min(100, state.received * 100 // state.size):>3}%"


def _rate_words(state: "DownloadState") -> str:
    return f"{size(state.rate)}/s" if state.rate is not None and not state.is_over else ""


ENTRY_COLUMNS = (
    Column("name", "name", 20, stretch=1),
    Column("size", "size", 10, right=True),
)
"""The columns of the list of an archive's files."""

ENTRY_ORDERS = ("archive", "name", "size")
"""The orders of that list; the first, that of the archive, is the default."""


def entry_name(entry: "Entry") -> str:
    """Return the name of a file in an archive as a safe text."""
    return safe_name(entry.name)


def arrange_entries(entries: "Iterable[Entry]", query: str, order: Order) -> "list[Entry]":
    """Filter files by the words in their names, and sort them; by size, the largest first."""
    found = [entry for entry in entries if not query or has_words(query, entry.name)]
    values: dict[str, Callable[[Entry], str | int | None]] = {
        "archive": lambda entry: entry.number,
        "name": lambda entry: entry.name.casefold(),
        "size": lambda entry: entry.unpacked_bytes if entry.can_be_read else None,
    }
    found.sort(key=lambda entry: entry.number)
    return in_order(found, values[order.key], order)


def entry_cells(entry: "Entry") -> Cells:
    """Return the row of a file, a piece for each of ENTRY_COLUMNS."""
    name = Piece(entry_name(entry))
    if entry.can_be_read:
        return name, Piece(size(entry.unpacked_bytes), "muted")
    return name, Piece("encrypted" if entry.directory.is_encrypted else "unreadable", "warn")


def entries_title(name: str, entries: "Entries | None", shown: int) -> Line:
    """Return the title of the list of files: `name` (a safe text) of the run, and how many files are shown."""
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
    """Return the progress of an archive's download, its path, or why it cannot be read.

    Args:
        state: the download.
        entries: the files in it; None until they are listed.
        error: why the archive cannot be read.
        is_so_far: the run was still running when the download was requested.
        is_private: the file is deleted when the app quits.
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
