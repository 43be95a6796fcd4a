"""The archive of a run's or scenario run's logs: fetched if need be, then listed."""

import asyncio
from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType
from textual.screen import Screen

from runloop_tui.logs.archive import ArchiveError
from runloop_tui.logs.entries import Entries, read_entries
from runloop_tui.present.archives import archive_line
from runloop_tui.present.layout import cut_line
from runloop_tui.present.text import safe
from runloop_tui.ui.log_keys import ARCHIVE_KEYS
from runloop_tui.ui.messages import CopyRequested, LogsRequested
from runloop_tui.ui.screens.entry import EntryScreen
from runloop_tui.ui.widgets.entries_pane import EntriesPane
from runloop_tui.ui.widgets.keys_footer import KeysFooter
from runloop_tui.ui.widgets.line_bar import LineBar
from runloop_tui.ui.widgets.virtual_table import VirtualTable

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from textual.app import ComposeResult

    from runloop_tui.api.models import BenchmarkRun, ScenarioRun
    from runloop_tui.logs.downloads import Download
    from runloop_tui.logs.limits import Limits
    from runloop_tui.ui.keys import Key

_TICK_S = 0.5


class ArchiveScreen(Screen[None]):
    """Lists the files of an archive once it is there; ⏎ opens one.

    Args:
        thing: the run or scenario run whose logs these are.
        name: what it is called; a safe text.
        fetch: gives the download that holds them, started if there was none.
        limits: how much of the disk one of them may take.
    """

    keys: "ClassVar[tuple[Key, ...]]" = ARCHIVE_KEYS
    BINDINGS: ClassVar[list[BindingType]] = [key.binding for key in ARCHIVE_KEYS]
    AUTO_FOCUS = "#entries-table"

    def __init__(
        self,
        thing: "BenchmarkRun | ScenarioRun",
        name: str,
        fetch: "Callable[[], Download]",
        limits: "Limits",
    ) -> None:
        super().__init__(classes="logs")
        self.pane = EntriesPane(name)
        self.entries: Entries | None = None
        self.error: Exception | None = None
        """Why the archive cannot be listed."""
        self._thing = thing
        self._fetch = fetch
        self._limits = limits
        self._download = fetch()
        self._is_ready = False
        self._listed: Path | None = None
        self._status = LineBar(classes="logs-status")

    def compose(self) -> "ComposeResult":
        """The files, and how the archive stands."""
        yield self.pane
        yield self._status
        yield KeysFooter()

    def on_mount(self) -> None:
        """Go on showing how far the download is."""
        self.set_interval(_TICK_S, self._show_status)
        self.pane.show_titles()
        self._is_ready = True
        self._take()

    def show_download(self, download: "Download") -> bool:
        """Take in that a download has come further; list the archive when it is there. False for another's."""
        if download is not self._download:
            return False
        if self._is_ready:
            self._take()
        return True

    def _take(self) -> None:
        state = self._download.state
        if state.phase == "done" and state.path is not None and state.path != self._listed:
            self._listed = state.path
            self.run_worker(self._list(state.path))
        self._show_status()

    async def _list(self, path: "Path") -> None:
        try:
            self.entries = await asyncio.to_thread(read_entries, path)
            self.pane.show(self.entries)
        except (ArchiveError, OSError) as error:
            self.error = error
        except Exception as error:  # a defect of ours goes up; still it is said here
            self.error = error
            raise
        finally:
            self._show_status()

    def _show_status(self) -> None:
        line = archive_line(
            self._download.state,
            self.entries,
            self.error,
            is_so_far=not self._download.is_final,
            is_private=self._download.is_private,
        )
        self._status.say(cut_line(line, self.size.width))

    def on_resize(self) -> None:
        """Fit the status to the new width."""
        self._show_status()

    def on_virtual_table_opened(self, event: VirtualTable.Opened) -> None:
        """Read the file under the cursor."""
        event.stop()
        if self._listed is not None:
            entry = self.pane.table.by_id[event.row_id]
            self.app.push_screen(EntryScreen(self._listed, entry, self._limits))

    # Keys

    def action_filter(self) -> None:
        """Type a filter for the files."""
        self.pane.open_filter()

    def action_sort(self) -> None:
        """Sort by the next column."""
        self.pane.sort_by_next()

    def action_reverse(self) -> None:
        """Sort from the other end."""
        self.pane.sort_by(self.pane.order.key)

    def action_copy_path(self) -> None:
        """Copy where the archive is, if it stays there."""
        if self._download.is_private:
            words = "It is kept only while runloop-tui runs: D downloads it."
            self.notify(words, markup=False)
        elif self._listed is not None:
            self.post_message(CopyRequested("path", safe(str(self._listed))))

    def action_save(self) -> None:
        """Ask to download the archive, to stay."""
        self.post_message(LogsRequested((self._thing,)))

    def action_again(self) -> None:
        """Ask once more for what could not be downloaded, or has grown since."""
        state = self._download.state
        if state.phase in {"failed", "canceled"} or (state.is_over and not self._download.is_final):
            self._download = self._fetch()
            self._take()

    def action_back(self) -> None:
        """Clear the filter, or leave; a download goes on."""
        if not self.pane.clear_filter():
            self.dismiss()

    def action_leave(self) -> None:
        """Leave; a download goes on."""
        self.dismiss()
