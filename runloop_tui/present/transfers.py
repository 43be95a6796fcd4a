"""Downloads as rows and lines: how much, how fast, and where it went."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from runloop_tui.api.errors import RunloopError
from runloop_tui.present.cells import Cells, Column, Line, Piece, Tone
from runloop_tui.present.columns import row
from runloop_tui.present.flow import cut_line
from runloop_tui.present.numbers import plural, size
from runloop_tui.present.text import cut, safe, safe_name
from runloop_tui.present.troubles import error_words

if TYPE_CHECKING:
    from runloop_tui.logs.downloads import Download, DownloadState

TRANSFER_COLUMNS = (
    Column("", "state", 12),
    Column("", "logs of", 14, stretch=1),
    Column("", "received", 15, right=True),
    Column("", "rate", 11, right=True, optional=1),
)
"""The columns of the first of the two lines that a download has in the list."""

_SIGNS: dict[str, tuple[str, Tone]] = {
    "waiting": ("◌ waiting", "muted"),
    "receiving": ("⇣ receiving", "live"),
    "checking": ("◌ checking", "live"),
    "done": ("✓ done", "good"),
    "failed": ("! failed", "bad"),
    "canceled": ("⊘ canceled", "muted"),
}
_LONGEST_TITLE = 40
SO_FAR = "only what there was so far: it was still running"
PRIVATE = "kept only while runloop-tui runs; D downloads it"
UNEXPECTED = "an unexpected fault, which the log tells"
"""What is said of an error that nobody expected."""


def transfer_lines(download: "Download", width: int) -> tuple[Line, Line]:
    """The two lines of a download: how far it is, and where it went or why it did not."""
    state = download.state
    where = Piece(f"  {_where(download)}", "bad" if state.phase == "failed" else "muted")
    return row(TRANSFER_COLUMNS, _cells(download), width), cut_line((where,), width)


def _cells(download: "Download") -> Cells:
    state = download.state
    text, tone = _SIGNS[state.phase]
    return (
        Piece(text, tone),
        Piece(_name(download)),
        Piece(_received(state)),
        Piece(_rate(state), "muted"),
    )


def transfers_line(active: Sequence["Download"], width: int) -> Line:
    """What is being downloaded just now, in a line; empty where nothing is."""
    if not active:
        return ()
    pieces = [Piece(f" ⇣ {plural(len(active), 'download')}  ", "live")]
    for download in reversed(active):
        state = download.state
        pieces.append(Piece(f"{cut(_name(download), _LONGEST_TITLE)} "))
        received, rate = _received(state), _rate(state)
        of = f"of {size(state.size)}" if received and state.size else ""
        figures = " ".join(figure for figure in (received, of, rate) if figure)
        pieces.append(Piece(f"{figures}   ", "muted"))
    return cut_line(tuple(pieces), width)


def download_news(download: "Download") -> str:
    """What to tell when a download is over."""
    state, name = download.state, cut(_name(download), _LONGEST_TITLE)
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
    """Why a download failed."""
    error = state.error
    if isinstance(error, RunloopError):
        return error_words(error)
    if isinstance(error, OSError):
        return safe(error.strerror or type(error).__name__)
    return safe(str(error)) if error is not None else UNEXPECTED


def _name(download: "Download") -> str:
    return safe_name(download.title, download.target_id)


def _where(download: "Download") -> str:
    state = download.state
    if state.phase == "failed":
        return failure_words(state)
    if state.path is None:
        return ""
    where = PRIVATE if download.is_private else safe(str(state.path))
    return f"{where}  {SO_FAR}" if state.phase == "done" and not download.is_final else where


def _received(state: "DownloadState") -> str:
    if not state.received and state.phase not in {"receiving", "done"}:
        return ""
    if not state.size:
        return size(state.received)
    return f"{size(state.received)} {min(100, state.received * 100 // state.size):>3}%"


def _rate(state: "DownloadState") -> str:
    return f"{size(state.rate)}/s" if state.rate is not None and not state.is_over else ""
