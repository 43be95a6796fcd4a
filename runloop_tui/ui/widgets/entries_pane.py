"""The files of an archive."""

from typing import TYPE_CHECKING

from runloop_tui.present.archives import (
    ENTRY_COLUMNS,
    ENTRY_ORDERS,
    arrange_entries,
    entries_title,
    entry_cells,
)
from runloop_tui.present.layout import Line, row
from runloop_tui.ui.widgets.table_pane import TablePane
from runloop_tui.ui.widgets.virtual_table import VirtualTable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from runloop_tui.logs.entries import Entries, Entry


class EntriesTable(VirtualTable):
    """A row for each file, by its number: names may occur twice."""

    def __init__(self) -> None:
        super().__init__(id="entries-table")
        self.by_id: dict[str, Entry] = {}

    def row_lines(self, row_id: str, width: int) -> "Sequence[Line]":
        """The file as a row."""
        return (row(ENTRY_COLUMNS, entry_cells(self.by_id[row_id]), width),)

    def action_mark(self) -> None:
        """Nothing is done with several files at once."""


class EntriesPane(TablePane):
    """The files of one archive, filtered and sorted as the person chose."""

    table: EntriesTable

    def __init__(self, name: str) -> None:
        super().__init__(EntriesTable(), ENTRY_COLUMNS, ENTRY_ORDERS, id="entries-pane")
        self._logs_of = name
        self._entries: Entries | None = None

    def show(self, entries: "Entries") -> None:
        """Show what is in the archive."""
        self._entries = entries
        self.table.by_id = {str(entry.number): entry for entry in entries.files}
        self.rearrange()

    def found_ids(self) -> list[str]:
        """The numbers of the files that pass the filter, in the chosen order."""
        found = arrange_entries(self.table.by_id.values(), self.needle, self.order)
        return [str(entry.number) for entry in found]

    def title_line(self, shown: int) -> Line:
        """Whose logs these are, and how many files."""
        return entries_title(self._logs_of, self._entries, shown)
