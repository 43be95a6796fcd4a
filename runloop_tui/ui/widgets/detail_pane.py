"""A pane of lines under a title, with a search."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from textual.containers import Vertical

from runloop_tui.present.layout import Piece
from runloop_tui.present.text import cut, safe
from runloop_tui.ui.widgets.bars import PaneTitle, pane_title
from runloop_tui.ui.widgets.inputs import FilterInput
from runloop_tui.ui.widgets.lines_view import LinesView

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from runloop_tui.present.layout import Line


_LONGEST_SEARCH_SHOWN = 24

Write = Callable[[int, int], "list[Line]"]
"""Returns the lines of a pane for its width and height in cells; there may be more lines than the height."""


class DetailPane(Vertical):
    """Shows the lines that a function returns for its size; calls it again when the size changes."""

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
        """Yield the title, the search and the lines."""
        yield self._title
        yield self._search
        yield self.view

    def on_mount(self) -> None:
        """Write the title."""
        self._go_to_match()

    @property
    def focus_target(self) -> LinesView:
        """The widget of the pane that takes the focus."""
        return self.view

    def show_lines(self, about: str | None, write: Write) -> None:
        """Show the lines that `write` returns; another thing (`about`, an id) begins at its top."""
        if about != self._about:
            self._about = about
            self._match = 0
            self.view.scroll_home(animate=False, immediate=True)
        self._write = write
        self._write_lines()

    # Searching in the lines

    def open_search(self) -> None:
        """Show the search field and focus it."""
        self._search.display = True
        self.screen.set_focus(self._search)  # at once: the text may already be in the queue

    def clear_search(self) -> bool:
        """End the search. Return False if there was none."""
        had = self._search.display or bool(self._search.value)
        if self._search.has_focus:
            self.screen.set_focus(self.view)
        self._search.display = False
        self._search.value = ""
        return had

    def next_match(self) -> None:
        """Go to the next matching line; after the last one, to the first."""
        self._match += 1
        self._go_to_match()

    def on_input_changed(self, event: FilterInput.Changed) -> None:
        """Search while the text is typed."""
        event.stop()
        self._match = 0
        self._go_to_match()

    def on_input_submitted(self, event: FilterInput.Submitted) -> None:
        """Hide the field, keep the search, and focus the lines."""
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
        self.call_after_refresh(self._write_lines)

    def _write_lines(self) -> None:
        width, height = self.view.scrollable_content_region.size
        if width > 0:
            self.view.say(self._write(width, height))
            if self._search.value:
                self._go_to_match()
