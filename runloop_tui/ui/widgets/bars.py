"""Widgets of one line, repainted only when it changes: a bar, the title of a pane, the keys."""

from typing import TYPE_CHECKING, NamedTuple

from rich.cells import cell_len
from textual.widget import Widget

from runloop_tui.present.layout import Line, Piece, line_width
from runloop_tui.ui.theme import paint

if TYPE_CHECKING:
    from textual import events
    from textual.geometry import Size
    from textual.screen import Screen
    from textual.strip import Strip


class LineBar(Widget):
    """A line of pieces, cut to its width."""

    DEFAULT_CSS = """
    LineBar {
        height: 1;
        width: 1fr;
    }
    """
    ALLOW_SELECT = False

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id, classes=classes)
        self._line: Line = ()

    @property
    def text(self) -> str:
        """The line without tones."""
        return "".join(piece.text for piece in self._line)

    def say(self, line: "Line") -> None:
        """Show a line."""
        if line != self._line:
            self._line = line
            self.refresh()

    def render_line(self, y: int) -> "Strip":  # noqa: ARG002 - there is one line
        """Paint the line."""
        return paint(self.whole_line(), self.size.width, self)

    def whole_line(self) -> "Line":
        """Return the line to paint."""
        return self._line

    def get_content_height(self, container: "Size", viewport: "Size", width: int) -> int:  # noqa: ARG002
        """Return 1."""
        return 1


class PaneTitle(LineBar):
    """The title of a pane, continued by a rule to the right edge."""

    def __init__(self) -> None:
        super().__init__(classes="pane-title")

    def whole_line(self) -> Line:
        """Return the title and the rule."""
        said = super().whole_line()
        used = sum(cell_len(piece.text) for piece in said) + 3
        rule = "─" * max(0, self.size.width - used)
        return (Piece("─ ", "muted"), *said, Piece(f" {rule}", "muted"))


def pane_title(number: int, text: str, rest: str = "") -> Line:
    """Return a title: the number key of the pane, its name, and the rest muted."""
    pieces = [Piece(f"{number} ", "muted"), Piece(text, "title")]
    if rest:
        pieces.append(Piece(f" · {rest}", "muted"))
    return tuple(pieces)


class _FooterKey(NamedTuple):
    """A key of the footer."""

    key: str
    written: str
    label: str
    is_enabled: bool

    @property
    def pieces(self) -> tuple[Piece, Piece]:
        """The key and its label, followed by a blank."""
        return (
            Piece(self.written, "title" if self.is_enabled else "muted"),
            Piece(f" {self.label} ", "plain" if self.is_enabled else "muted"),
        )


class KeysFooter(LineBar):
    """The active keys on one line; a click presses one.

    Textual's `Footer` creates a widget for each key at each change of the focus.
    """

    def __init__(self) -> None:
        super().__init__()
        self._keys: list[_FooterKey] = []

    def on_mount(self) -> None:
        """Subscribe to changes of the active bindings."""
        self.screen.bindings_updated_signal.subscribe(self, self._show_keys)

    def on_unmount(self) -> None:
        """Unsubscribe."""
        self.screen.bindings_updated_signal.unsubscribe(self)

    def on_click(self, event: "events.Click") -> None:
        """Press the key that was clicked."""
        right = 0
        for key in self._keys:
            right += line_width(key.pieces)
            if event.x < right:
                if key.is_enabled:
                    self.app.simulate_key(key.key)
                return

    def _show_keys(self, screen: "Screen[object]") -> None:
        by_action: dict[str, _FooterKey] = {}
        for active in screen.active_bindings.values():
            binding = active.binding
            if binding.show and binding.action not in by_action:
                written = self.app.get_key_display(binding)
                by_action[binding.action] = _FooterKey(
                    binding.key, written, binding.description, active.enabled
                )
        self._keys = [*by_action.values()]
        self.say(tuple(piece for key in self._keys for piece in key.pieces))
