"""A pane of lines under a title: a run in full, or a scenario run in full."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from textual.containers import Vertical

from runloop_tui.present.layout import Piece
from runloop_tui.present.text import cut, safe
from runloop_tui.ui.widgets.filter_input import FilterInput
from runloop_tui.ui.widgets.lines_view import LinesView
from runloop_tui.ui.widgets.pane_title import PaneTitle, pane_title

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from runloop_tui.present.layout import Line


_LONGEST_SEARCH_SHOWN = 24

Write = Callable[[int, int], "list[Line]"]
"""Writes the lines of a pane for a width and a height; the lines may be more than the height."""


class DetailPane(Vertical):
    """Shows what a function writes for its size, and asks it again when the size changes."""

    def __init__(self, number: int, heading: str, *, id: str) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self.view = LinesView(id=f"{id}-view")
        self._number = number
        self._heading = heading
        self._title = PaneTitle()
        self._write: Write = lambda _width, _height: []
        self._about: str | None = None
        self._search = FilterInput("words to search for")
        self._match = 0

    def compose(self) -> "ComposeResult":
        """The title and the lines."""
        yield self._title
        yield self._search
        yield self.view

    def on_mount(self) -> None:
        """Write the title."""
        self._go_to_match()

    def show(self, about: str | None, write: Write) -> None:
        """Show the lines that `write` makes; another thing (`about`, an id) begins at its top."""
        if about != self._about:
            self._about = about
            self._match = 0
            self.view.scroll_home(animate=False, immediate=True)
        self._write = write
        self._say()

    # Searching in the lines

    def open_search(self) -> None:
        """Let the person type what to search for."""
        self._search.display = True
        self.screen.set_focus(self._search)  # at once, as the words may have been typed already

    def clear_search(self) -> bool:
        """Leave the search; False where there was none."""
        had = self._search.display or bool(self._search.value)
        if self._search.has_focus:
            self.screen.set_focus(self.view)
        self._search.display = False
        self._search.value = ""
        return had

    def next_match(self) -> None:
        """Go to the next line in which the words stand; after the last, to the first."""
        self._match += 1
        self._go_to_match()

    def on_input_changed(self, event: FilterInput.Changed) -> None:
        """Search while it is typed."""
        event.stop()
        self._match = 0
        self._go_to_match()

    def on_input_submitted(self, event: FilterInput.Submitted) -> None:
        """Keep the search and go back to the lines."""
        event.stop()
        self._search.display = False
        self.screen.set_focus(self.view)

    def _go_to_match(self) -> None:
        words = self._search.value
        found = self.view.find(words) if words else []
        self.view.mark(found[self._match % len(found)] if found else None)
        pieces = [*pane_title(self._number, self._heading)]
        if words:
            where = (
                f"{self._match % len(found) + 1} of {len(found)}, n next" if found else "no match"
            )
            pieces.append(
                Piece(f"  search: {cut(safe(words), _LONGEST_SEARCH_SHOWN)}, {where}", "warn")
            )
        self._title.say(tuple(pieces))

    def on_resize(self) -> None:
        """Write again for the new size."""
        self.call_after_refresh(self._say)

    def _say(self) -> None:
        width, height = self.view.scrollable_content_region.size
        if width > 0:
            self.view.say(self._write(width, height))
            if self._search.value:
                self._go_to_match()
