"""A pane of lines under a title: a run in full, or a scenario run in full."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from textual.containers import Vertical

from runloop_tui.ui.widgets.lines_view import LinesView
from runloop_tui.ui.widgets.pane_title import PaneTitle, pane_title

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from runloop_tui.present.cells import Line


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

    def compose(self) -> "ComposeResult":
        """The title and the lines."""
        yield self._title
        yield self.view

    def on_mount(self) -> None:
        """Write the title; it does not change."""
        self._title.say(pane_title(self._number, self._heading))

    def show(self, about: str | None, write: Write) -> None:
        """Show the lines that `write` makes; another thing (`about`, an id) begins at its top."""
        if about != self._about:
            self._about = about
            self.view.scroll_home(animate=False, immediate=True)
        self._write = write
        self._say()

    def on_resize(self) -> None:
        """Write again for the new size."""
        self.call_after_refresh(self._say)

    def _say(self) -> None:
        width, height = self.view.scrollable_content_region.size
        if width > 0:
            self.view.say(self._write(width, height))
