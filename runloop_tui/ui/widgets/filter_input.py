"""Where words are typed that rows or lines are narrowed or searched by."""

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widgets import Input


class FilterInput(Input):
    """Hidden until it is opened; Enter keeps what was typed, Esc clears it (the screen's `back`)."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "submit", "Keep it", key_display="⏎"),
        Binding("escape", "screen.back", "Clear it", key_display="Esc"),
    ]

    def __init__(self, placeholder: str) -> None:
        super().__init__(placeholder=placeholder, compact=True)
        self.cursor_blink = False  # a blink is a repaint twice a second
        self.display = False
