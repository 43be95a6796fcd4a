"""What is said where there is no key: how to set one, and that there is a demo."""

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Button, Static

if TYPE_CHECKING:
    from textual.app import ComposeResult

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
    """Gives True where the demo is wanted; False leaves the app."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "leave", "Quit"),
        Binding("left,right", "app.focus_next", "The other answer"),
    ]
    AUTO_FOCUS = "#demo"

    def compose(self) -> "ComposeResult":
        """The words and the two ways on."""
        with Vertical(classes="dialog"):
            yield Static(Content("No API key"), classes="dialog-title")
            yield Static(Content(_WORDS), classes="dialog-text")
            with Horizontal():
                yield Button("Open the demo", id="demo", variant="primary")
                yield Button("Quit", id="quit")

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Go the way that was chosen."""
        self.dismiss(event.button.id == "demo")

    def action_leave(self) -> None:
        """Leave the app."""
        self.dismiss(result=False)
