"""Fields of a form: a line, a line that is veiled when it is left, and lines of name=value."""

from typing import TYPE_CHECKING

from rich.text import Text
from textual.widgets import Input, TextArea

from runloop_tui.present.text import UNKNOWN_MARK, safe

if TYPE_CHECKING:
    from textual import events

_VEIL = "•"
_ONLY_TEXT = "[^\x00-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]*"
"""No control characters, and nothing that changes the direction of a text or has no width."""


class LineInput(Input):
    """A line of text, in which nothing can drive the terminal."""

    def __init__(self, value: str = "", *, placeholder: str = "", id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(value, placeholder, id=id, restrict=_ONLY_TEXT, compact=True)
        self.cursor_blink = False  # a blink is a repaint twice a second

    def restricted(self) -> None:
        """Say why what was typed or pasted is not taken."""
        words = "That holds characters that cannot be shown, so it was not taken."
        self.app.notify(words, severity="warning", markup=False)


class VeiledInput(LineInput):
    """A line that may be a secret: it can be read only while it is typed."""

    def __init__(self, value: str = "", *, placeholder: str = "") -> None:
        super().__init__(value, placeholder=placeholder)
        self.password = True

    def on_focus(self) -> None:
        """Show what is typed."""
        self.password = False

    def on_blur(self) -> None:
        """Veil it."""
        self.password = True


class LinesInput(TextArea):
    """Lines of name=value; where they are veiled, a value can be read only while its line is typed."""

    def __init__(
        self,
        text: str = "",
        *,
        placeholder: str = "",
        veiled: bool = False,
        id: str | None = None,  # noqa: A002 - Textual's name
    ) -> None:
        super().__init__(
            text,
            placeholder=placeholder,
            id=id,
            soft_wrap=False,
            compact=True,
            highlight_cursor_line=False,
        )
        self._veiled = veiled
        self.cursor_blink = False

    def on_unmount(self) -> None:
        """Let go: the app would hold, with what was typed, all that has ever watched its theme."""
        watchers = getattr(self.app, "__watchers", {})
        watchers["theme"] = [each for each in watchers.get("theme", ()) if each[0] is not self]

    def get_line(self, line_index: int) -> Text:
        """A line as it is painted: a character in the place of each one, so that the cursor stands right."""
        line = self.document.get_line(line_index)
        shown = line if line.isascii() and line.isprintable() else "".join(map(_shown, line))
        if self._veiled and not (self.has_focus and line_index == self.cursor_location[0]):
            name, equals, value = shown.partition("=")
            # Without a = nobody knows what it is: it may be a secret that was pasted alone.
            shown = f"{name}={_VEIL * len(value)}" if equals else _VEIL * len(shown)
        return Text(shown, end="", no_wrap=True)

    def on_text_area_selection_changed(self) -> None:
        """Veil the line that was left."""
        if self._veiled:
            self.notify_style_update()
            self.refresh()

    def on_blur(self, event: "events.Blur") -> None:  # noqa: ARG002 - Textual's
        """Veil all."""
        self.notify_style_update()
        self.refresh()


def _shown(character: str) -> str:
    if character == "\t" or safe(character) == character:
        return character
    return UNKNOWN_MARK
