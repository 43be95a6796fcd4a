"""A widget of one line, repainted only when what it says has changed."""

from typing import TYPE_CHECKING

from textual.widget import Widget

from runloop_tui.ui.theme import paint

if TYPE_CHECKING:
    from textual.geometry import Size
    from textual.strip import Strip

    from runloop_tui.present.layout import Line


class LineBar(Widget):
    """Shows one line of pieces, cut to its width."""

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
        """What it says, without tones."""
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
        """The line as it is painted."""
        return self._line

    def get_content_height(self, container: "Size", viewport: "Size", width: int) -> int:  # noqa: ARG002
        """One line, whatever the width."""
        return 1
