"""A line in which one thing is typed, at the bottom of a screen: what to search for, which line to go to."""

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widgets import Input


class AskInput(Input):
    """Hidden until something is asked; Enter gives the answer, Esc none (the screen's `back`)."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "submit", "Go", key_display="⏎"),
        Binding("escape", "screen.back", "Leave it", key_display="Esc"),
    ]

    def __init__(self) -> None:
        super().__init__(compact=True, id="ask")
        self.cursor_blink = False  # a blink is a repaint twice a second
        self.display = False
        self.what = ""
        """What was asked for last."""

    def ask(self, what: str, words: str) -> None:
        """Ask for something, `words` saying what."""
        self.what = what
        self.placeholder = words
        self.value = ""
        self.display = True
        self.screen.set_focus(self)  # at once: `focus` lets keys that are typed fast go elsewhere

    def leave(self) -> None:
        """Hide it; whoever has asked takes the focus."""
        self.display = False
