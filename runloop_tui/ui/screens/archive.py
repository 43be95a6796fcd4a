"""The archive of a run or scenario run: downloaded if necessary, then its files in a table."""

import asyncio
from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType

from runloop_tui.logs.archive import ArchiveError
from runloop_tui.logs.entries import Entries, read_entries
from runloop_tui.present.archives import (
    ENTRY_COLUMNS,
    ENTRY_ORDERS,
    archive_line,
    arrange_entries,
    entries_title,
    entry_cells,
)
from runloop_tui.present.layout import Line, cut_line, row
from runloop_tui.present.text import safe
from runloop_tui.ui.keymap import ARCHIVE_KEYS
from runloop_tui.ui.messages import CopyRequested, LogsRequested
from runloop_tui.ui.screens.entry import EntryScreen
from runloop_tui.ui.screens.log_screen import LogScreen
from runloop_tui.ui.widgets.table_pane import TablePane
from runloop_tui.ui.widgets.virtual_table import VirtualTable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from textual.widget import Widget

    from runloop_tui.api.models import BenchmarkRun, ScenarioRun
    from runloop_tui.logs.downloads import Download
    from runloop_tui.logs.entries import Entry
    from runloop_tui.logs.limits import Limits
    from runloop_tui.ui.keymap import Key


_TICK_S = 0.5


class EntriesTable(VirtualTable):
    """A row for each file, by its number: names may not be unique."""

    def __init__(self) -> None:
        super().__init__(id="entries-table")
        self.by_id: dict[str, Entry] = {}

    def row_lines(self, row_id: str, width: int) -> "Sequence[Line]":
        """Return the file as a row."""
        return (row(ENTRY_COLUMNS, entry_cells(self.by_id[row_id]), width),)

    def action_mark(self) -> None:
        """Do nothing: no action takes several files."""


class EntriesPane(TablePane):
    """The files of an archive, filtered and sorted."""

    table: EntriesTable

    def __init__(self, name: str) -> None:
        super().__init__(EntriesTable(), ENTRY_COLUMNS, ENTRY_ORDERS, id="entries-pane")
        self._logs_of = name
        self._entries: Entries | None = None

    def show(self, entries: "Entries") -> None:
        """Show the files of the archive."""
        self._entries = entries
        self.table.by_id = {str(entry.number): entry for entry in entries.files}
        self.rearrange()

    def found_ids(self) -> list[str]:
        """Return the numbers of the files that match the filter, sorted."""
        found = arrange_entries(self.table.by_id.values(), self.filter_text, self.order)
        return [str(entry.number) for entry in found]

    def title_line(self, shown: int) -> Line:
        """Return whose archive it is, and the number of files."""
        return entries_title(self._logs_of, self._entries, shown)


class ArchiveScreen(LogScreen):
    """Lists the files of an archive once it is downloaded; ⏎ opens one.

    Args:
        thing: the run or scenario run whose logs these are.
        name: its name; a safe text.
        fetch: returns the download of the archive, and starts it if there is none.
        limits: how much disk space an unpacked file may take.
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
        super().__init__()
        self.pane = EntriesPane(name)
        self.entries: Entries | None = None
        self.error: Exception | None = None
        """The error that prevented reading the archive."""
        self._thing = thing
        self._fetch = fetch
        self._limits = limits
        self._download = fetch()
        self._is_ready = False
        self._listed: Path | None = None

    @property
    def body(self) -> "Iterable[Widget]":
        """The files."""
        return (self.pane,)

    def on_mount(self) -> None:
        """Take the download, and show its progress every 0.5 s."""
        self.set_interval(_TICK_S, self.show_bars)
        self.pane.show_titles()
        self._is_ready = True
        self._take()

    def show_download(self, download: "Download") -> bool:
        """Show the progress of a download; list the archive when it is finished. Return False for another download."""
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
        self.show_bars()

    async def _list(self, path: "Path") -> None:
        try:
            self.entries = await asyncio.to_thread(read_entries, path)
            self.pane.show(self.entries)
        except (ArchiveError, OSError) as error:
            self.error = error
        except Exception as error:  # an internal error: shown here, and raised to the app
            self.error = error
            raise
        finally:
            self.show_bars()

    def show_bars(self) -> None:
        """Write how far the download is, or what the archive holds."""
        line = archive_line(
            self._download.state,
            self.entries,
            self.error,
            is_so_far=not self._download.is_final,
            is_private=self._download.is_private,
        )
        self._status.say(cut_line(line, self.size.width))

    def on_virtual_table_opened(self, event: VirtualTable.Opened) -> None:
        """Open the file under the cursor."""
        event.stop()
        if self._listed is not None:
            entry = self.pane.table.by_id[event.row_id]
            self.app.push_screen(EntryScreen(self._listed, entry, self._limits))

    # Keys

    def action_filter(self) -> None:
        """Open the filter."""
        self.pane.open_filter()

    def action_sort(self) -> None:
        """Sort by the next column."""
        self.pane.sort_by_next()

    def action_reverse(self) -> None:
        """Reverse the order."""
        self.pane.sort_by(self.pane.order.key)

    def action_copy_path(self) -> None:
        """Copy the path of the archive, unless it is deleted on exit."""
        if self._download.is_private:
            words = "It is kept only while runloop-tui runs: D downloads it."
            self.notify(words, markup=False)
        elif self._listed is not None:
            self.post_message(CopyRequested("path", safe(str(self._listed))))

    def action_save(self) -> None:
        """Request a download of the archive to the folder of downloads."""
        self.post_message(LogsRequested((self._thing,)))

    def action_again(self) -> None:
        """Download again after an error, or while the archive was not final."""
        state = self._download.state
        if state.phase in {"failed", "canceled"} or (state.is_over and not self._download.is_final):
            self._download = self._fetch()
            self._take()

    def action_back(self) -> None:
        """Clear the filter, or leave; a download goes on."""
        if not self.pane.clear_filter():
            self.dismiss()
