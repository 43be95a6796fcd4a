"""What a new user sees: the dialog without an API key, and the panel while there are no runs."""

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Button, Static

from runloop_tui.ui.widgets.lines_view import LinesView

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.app import ComposeResult

    from runloop_tui.present.layout import Line


_WORDS = """\
There is no API key, so nothing can be asked of Runloop.

To watch your runs, set the key and start again:

    export RUNLOOP_API_KEY=…
    runloop-tui

or keep it in a file that only you can read:

    runloop-tui --api-key-file PATH

To look around without a key, open the demo: a whole account,
made up, on this machine alone."""


class NoKeyDialog(ModalScreen[bool]):
    """Says how to set a key. Returns True to open the demo, False to quit."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "leave", "Quit"),
        Binding("left,right", "app.focus_next", "The other answer"),
    ]
    AUTO_FOCUS = "#demo"

    def compose(self) -> "ComposeResult":
        """Yield the words and the two buttons."""
        with Vertical(classes="dialog"):
            yield Static(Content("No API key"), classes="dialog-title")
            yield Static(Content(_WORDS), classes="dialog-text")
            with Horizontal():
                yield Button("Open the demo", id="demo", variant="primary")
                yield Button("Quit", id="quit")

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Return the choice."""
        self.dismiss(event.button.id == "demo")

    def action_leave(self) -> None:
        """Quit the app."""
        self.dismiss(result=False)


_LEAST_WIDTH = 20
_MOST_WIDTH = 72
_AROUND = 6
"""Cells of the border and the padding, left and right."""


class StartPanel(Vertical):
    """Lines in a frame, shown in place of the panes; as high as the lines, within the screen."""

    def __init__(self, id: str = "start-panel") -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self.view = LinesView(id="start-view")
        self._write: Callable[[int], list[Line]] | None = None

    def compose(self) -> "ComposeResult":
        """Yield the frame and the lines."""
        with Vertical(classes="dialog"):
            yield self.view

    def on_mount(self) -> None:
        """Focus the lines, so that keys scroll them on a small screen."""
        self.view.focus()

    def say(self, write: "Callable[[int], list[Line]]") -> None:
        """Show the lines that `write` returns for the width."""
        self._write = write
        self._show()

    def on_resize(self) -> None:
        """Fit the lines to the new width."""
        self._show()

    def _show(self) -> None:
        if self._write is None:
            return
        width = max(_LEAST_WIDTH, min(_MOST_WIDTH, self.app.size.width - _AROUND))
        lines = self._write(width)
        self.view.styles.height = len(lines)
        if (
            0 < self.size.height < len(lines)
        ):  # the last line, which has the keys, would not be visible
            lines = [lines[0], lines[-1], *lines[1:-2]]
        self.view.say(lines)
