"""A file of an archive, shown while it is being unpacked."""

from typing import TYPE_CHECKING

from runloop_tui.logs.opened_entry import OpenedEntry
from runloop_tui.logs.search import Search
from runloop_tui.present.log_view import entry_notice, entry_title, reading_words, text_line
from runloop_tui.ui.screens.log_screen import LogViewerScreen

if TYPE_CHECKING:
    from pathlib import Path

    from runloop_tui.logs.entries import Entry
    from runloop_tui.logs.limits import Limits
    from runloop_tui.logs.search import SearchQuery
    from runloop_tui.present.layout import Line


class EntryScreen(LogViewerScreen):
    """Holds the unpacked file open while it is on the screen."""

    def __init__(self, archive: "Path", entry: "Entry", limits: "Limits") -> None:
        super().__init__()
        self.opened = OpenedEntry(archive, entry, on_change=self._on_change, limits=limits)
        self._search: Search | None = None
        self._stopped: list[Search] = []
        self._is_waiting = False

    def on_mount(self) -> None:
        """Start unpacking."""
        self.opened.start()
        self.show_bars()

    async def on_unmount(self) -> None:
        """Stop the searches, and delete the unpacked file."""
        self.end_search()
        for search in self._stopped:
            await search.close()
        await self.opened.close()

    def title_line(self, width: int) -> "Line":
        """Return the name and size of the file."""
        return entry_title(self.opened, width)

    def notice_line(self, width: int) -> "Line":
        """Return why the file is not shown whole."""
        return entry_notice(self.opened, width)

    def reading_line(self) -> "Line":
        """Return how much is unpacked."""
        return reading_words(self.opened)

    def search(self, search_query: "SearchQuery") -> None:
        """Search what is unpacked, then the rest as it comes."""
        if self.opened.text is not None:
            self._search = Search(self.opened.text, search_query, on_change=self._on_change)
            self.matches = self._search
            self._resume_search()

    def end_search(self) -> None:
        """Stop the search, which ends after its current slice."""
        super().end_search()
        if self._search is not None:
            self._search.stop()
            self._stopped.append(self._search)
            self._search = None

    def _on_change(self) -> None:
        """Show the new lines once per iteration of the event loop."""
        if not self._is_waiting:
            self._is_waiting = True
            self.call_next(self._show)

    def _show(self) -> None:
        self._is_waiting = False
        text = self.opened.text
        if text is not None:
            before = self.view.place.lines
            self.view.show(text.lines, self._line, same=max(0, before - 1))
        self._resume_search()
        self.show_matches()
        self.show_bars()

    def _line(self, number: int) -> "Line":
        return text_line(self.opened.text.line(number)) if self.opened.text is not None else ()

    def _resume_search(self) -> None:
        if self._search is not None:
            self._search.resume(is_whole=self.opened.phase != "reading")
