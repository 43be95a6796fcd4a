"""The downloads of this session: progress and paths."""

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen

from runloop_tui.present.archives import PRIVATE, download_lines
from runloop_tui.present.layout import Piece
from runloop_tui.present.text import safe
from runloop_tui.ui.messages import CopyRequested
from runloop_tui.ui.widgets.bars import KeysFooter, PaneTitle
from runloop_tui.ui.widgets.virtual_table import VirtualTable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult

    from runloop_tui.logs.downloads import Download, Downloads
    from runloop_tui.present.layout import Line

_TICK_S = 0.5


class DownloadsTable(VirtualTable):
    """Two lines for each download: its progress and its path."""

    def __init__(self) -> None:
        super().__init__(id="downloads-table")
        self.downloads: dict[str, Download] = {}

    @property
    def row_height(self) -> int:
        """Lines of a row."""
        return 2

    def row_lines(self, row_id: str, width: int) -> "Sequence[Line]":
        """Return the two lines of a download."""
        return download_lines(self.downloads[row_id], width)


class DownloadsDialog(ModalScreen[None]):
    """Lists the downloads, to cancel one or copy its path."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("X", "cancel_download", "Cancel download"),
        Binding("y", "copy_path", "Copy path"),
        Binding("escape,q,d", "dismiss", "Back", key_display="Esc"),
    ]

    def __init__(self, downloads: "Downloads") -> None:
        super().__init__()
        self._downloads = downloads
        self._title = PaneTitle()
        self.table = DownloadsTable()

    def compose(self) -> "ComposeResult":
        """Yield the title and the rows."""
        with Vertical(classes="dialog"):
            yield self._title
            yield self.table
        yield KeysFooter()

    def on_mount(self) -> None:
        """Show the downloads every 0.5 s."""
        self.show()
        self.set_interval(_TICK_S, self.show)

    def show(self) -> None:
        """Show the downloads, newest first."""
        every = self._downloads.all
        self.table.downloads = {
            f"{len(every) - index}": download for index, download in enumerate(every)
        }
        self.table.set_rows(list(self.table.downloads))
        active = len(self._downloads.active)
        words = f"{len(every)}, {active} under way" if every else "none yet: D downloads logs"
        self._title.say((Piece("downloads ", "title"), Piece(words, "muted")))

    @property
    def _highlighted(self) -> "Download | None":
        row_id = self.table.cursor_id
        return self.table.downloads.get(row_id) if row_id is not None else None

    def action_cancel_download(self) -> None:
        """Cancel the download under the cursor."""
        if (download := self._highlighted) is not None:
            download.cancel()
            self.show()

    def action_copy_path(self) -> None:
        """Copy the path of the download under the cursor."""
        download = self._highlighted
        if download is None or download.state.path is None:
            return
        if download.is_private:
            self.notify(PRIVATE.capitalize(), markup=False)
        else:
            self.post_message(CopyRequested("path", safe(str(download.state.path))))
