"""The panel that stands in the panes' place while there is nothing to show in them."""

from typing import TYPE_CHECKING

from textual.containers import Vertical

from runloop_tui.ui.widgets.lines_view import LinesView

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.app import ComposeResult

    from runloop_tui.present.layout import Line

_LEAST_WIDTH = 20
_MOST_WIDTH = 72
_AROUND = 6
"""The cells of the border and beside it, left and right."""


class StartPanel(Vertical):
    """Shows lines in a frame, as high as they need and the screen allows."""

    def __init__(self, id: str = "start-panel") -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self.view = LinesView(id="start-view")
        self._write: Callable[[int], list[Line]] | None = None

    def compose(self) -> "ComposeResult":
        """The frame and the lines."""
        with Vertical(classes="dialog"):
            yield self.view

    def on_mount(self) -> None:
        """Take the keys that scroll: on a small screen there may be more lines than rows."""
        self.view.focus()

    def say(self, write: "Callable[[int], list[Line]]") -> None:
        """Show what `write` gives for the width that there is."""
        self._write = write
        self._show()

    def on_resize(self) -> None:
        """Write for another width."""
        self._show()

    def _show(self) -> None:
        if self._write is None:
            return
        width = max(_LEAST_WIDTH, min(_MOST_WIDTH, self.app.size.width - _AROUND))
        lines = self._write(width)
        self.view.styles.height = len(lines)
        if 0 < self.size.height < len(lines):  # the keys, which stand last, would be below the edge
            lines = [lines[0], lines[-1], *lines[1:-2]]
        self.view.say(lines)
