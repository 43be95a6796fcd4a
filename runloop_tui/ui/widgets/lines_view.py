"""A scrolling view of lines that repaints only those that changed."""

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.geometry import Region, Size
from textual.scroll_view import ScrollView

from runloop_tui.ui.theme import paint

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.strip import Strip

    from runloop_tui.present.layout import Line


class LinesView(ScrollView, can_focus=True):
    """Lines of pieces, scrolled with arrows, j k g G and pages."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"table--cursor"}
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j", "scroll_down", "Down", show=False),
        Binding("k", "scroll_up", "Up", show=False),
        Binding("g", "scroll_home", "Top", show=False),
        Binding("G", "scroll_end", "Bottom", show=False),
    ]
    ALLOW_SELECT = False

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id, classes=classes)
        self._lines: Sequence[Line] = ()
        self._marked: int | None = None

    @property
    def text(self) -> str:
        """The lines without tones."""
        return "\n".join("".join(piece.text for piece in line) for line in self._lines)

    def say(self, lines: "Sequence[Line]") -> None:
        """Replace the lines."""
        before, self._lines = self._lines, lines
        if len(before) != len(lines):
            self.virtual_size = Size(self.scrollable_content_region.width, len(lines))
        top, width = self.scroll_offset.y, self.size.width
        for y in range(self.size.height):
            if _at(before, top + y) != _at(lines, top + y):
                self.refresh(Region(0, y, width, 1))

    def find(self, words: str) -> list[int]:
        """Return the numbers, from 0, of the lines that contain the words, ignoring case."""
        wanted = words.casefold()
        texts = ("".join(piece.text for piece in line) for line in self._lines)
        return [number for number, text in enumerate(texts) if wanted in text.casefold()]

    def mark(self, number: int | None) -> None:
        """Mark a line and scroll to it; None removes the mark."""
        self._marked = number
        if number is not None:
            top, height = self.scroll_offset.y, self.size.height
            if not top <= number < top + height:
                self.scroll_to(y=max(0, number - height // 2), animate=False, immediate=True)
        self.refresh()

    def render_line(self, y: int) -> "Strip":
        """Paint the line at row `y` of the viewport."""
        number = self.scroll_offset.y + y
        over = None
        if number == self._marked:
            over = self.get_component_rich_style("table--cursor", partial=True)
        line = _at(self._lines, number) or ()
        return paint(line, self.scrollable_content_region.width, self, over)


def _at(lines: "Sequence[Line]", index: int) -> "Line | None":
    return lines[index] if index < len(lines) else None
