"""Downloads as rows and lines: how much, how fast, and where it went."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from runloop_tui.api.errors import RunloopError
from runloop_tui.present.cells import Cells, Column, Line, Piece, Tone
from runloop_tui.present.numbers import plural, size
from runloop_tui.present.text import cut, safe
from runloop_tui.present.troubles import error_words

if TYPE_CHECKING:
    from runloop_tui.logs.download import Download, DownloadState

TRANSFER_COLUMNS = (
    Column("", "state", 12),
    Column("", "logs of", 16, stretch=1),
    Column("", "received", 22, right=True),
    Column("", "rate", 11, right=True),
    Column("", "", 10, stretch=2),
)
"""The columns of the list of downloads; the last is where it went or why it did not."""

_SIGNS: dict[str, tuple[str, Tone]] = {
    "waiting": ("◌ waiting", "muted"),
    "receiving": ("⇣ receiving", "live"),
    "checking": ("◌ checking", "live"),
    "done": ("✓ done", "good"),
    "failed": ("! failed", "bad"),
    "canceled": ("⊘ canceled", "muted"),
}
_LONGEST_TITLE = 40


def transfer_cells(download: "Download") -> Cells:
    """The row of a download, a piece for each of TRANSFER_COLUMNS."""
    state = download.state
    text, tone = _SIGNS[state.phase]
    where = failure_words(state) if state.error is not None else safe(str(state.path or ""))
    return (
        Piece(text, tone),
        Piece(safe(download.title)),
        Piece(_received(state)),
        Piece(_rate(state), "muted"),
        Piece(where, "bad" if state.error is not None else "muted"),
    )


def transfers_line(active: Sequence["Download"]) -> Line:
    """What is being downloaded just now, in a line; empty where nothing is."""
    if not active:
        return ()
    pieces = [Piece(f" ⇣ {plural(len(active), 'download')}  ", "live")]
    for download in reversed(active):
        name = cut(safe(download.title), _LONGEST_TITLE)
        pieces.append(Piece(f"{name} ", "plain"))
        pieces.append(Piece(f"{_received(download.state)} {_rate(download.state)}   ", "muted"))
    return tuple(pieces)


def download_news(download: "Download") -> str:
    """What to tell when a download is over."""
    state, name = download.state, cut(safe(download.title), _LONGEST_TITLE)
    if state.phase == "done":
        return f"The logs of {name} are in {safe(str(state.path))}"
    if state.phase == "canceled":
        return f"The download of the logs of {name} was canceled."
    return f"The logs of {name} were not downloaded: {failure_words(state)}"


def failure_words(state: "DownloadState") -> str:
    """Why a download failed."""
    error = state.error
    if isinstance(error, RunloopError):
        return error_words(error)
    if isinstance(error, OSError):
        return safe(error.strerror or type(error).__name__)
    return safe(str(error))


def _received(state: "DownloadState") -> str:
    if state.size is None:
        return size(state.received) if state.received else ""
    percent = int(100 * (state.fraction or 0.0))
    return f"{size(state.received)} of {size(state.size)} {percent:>3}%"


def _rate(state: "DownloadState") -> str:
    return f"{size(state.rate)}/s" if state.rate is not None and not state.is_over else ""
