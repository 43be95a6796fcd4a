"""The one-line inputs: filters and searches, prompts of a log screen, fields of a form."""

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widgets import Input

_ONLY_TEXT = "[^\x00-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]*"
"""No control characters, no bidirectional controls, and no zero-width characters."""


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


class AskInput(Input):
    """A prompt at the bottom of a screen: Enter submits it, Esc hides it (the screen's `back`)."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "submit", "Go", key_display="⏎"),
        Binding("escape", "screen.back", "Leave it", key_display="Esc"),
    ]

    def __init__(self) -> None:
        super().__init__(compact=True, id="ask")
        self.cursor_blink = False  # a blink is a repaint twice a second
        self.display = False
        self.what = ""
        """What the last prompt was for."""

    def ask(self, what: str, words: str) -> None:
        """Show an empty prompt for `what`, with `words` as its placeholder, and focus it."""
        self.what = what
        self.placeholder = words
        self.value = ""
        self.display = True
        self.screen.set_focus(self)  # at once: `focus` lets keys that are typed fast go elsewhere

    def leave(self) -> None:
        """Hide it; the caller moves the focus."""
        self.display = False


class LineInput(Input):
    """A field of a form that accepts no character which could control the terminal."""

    def __init__(self, value: str = "", *, placeholder: str = "", id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(value, placeholder, id=id, restrict=_ONLY_TEXT, compact=True)
        self.cursor_blink = False  # a blink is a repaint twice a second

    def restricted(self) -> None:
        """Say why the text typed or pasted was rejected."""
        words = "That holds characters that cannot be shown, so it was not taken."
        self.app.notify(words, severity="warning", markup=False)


class VeiledInput(LineInput):
    """A field for a value that may be a secret: legible only while it has the focus."""

    def __init__(self, value: str = "", *, placeholder: str = "") -> None:
        super().__init__(value, placeholder=placeholder)
        self.password = True

    def on_focus(self) -> None:
        """Show the value."""
        self.password = False

    def on_blur(self) -> None:
        """Mask the value."""
        self.password = True
