"""A scrolling view of lines that repaints only those that changed."""

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.geometry import Region, Size
from textual.scroll_view import ScrollView

from runloop_tui.ui.painting import TONE_CLASSES, paint

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.strip import Strip

    from runloop_tui.present.cells import Line


class LinesView(ScrollView, can_focus=True):
    """Shows lines of pieces, scrolled with the keys of reading."""

    COMPONENT_CLASSES: ClassVar[set[str]] = set(TONE_CLASSES)
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j", "scroll_down", "Down", show=False),
        Binding("k", "scroll_up", "Up", show=False),
        Binding("g", "scroll_home", "Top", show=False),
        Binding("G", "scroll_end", "Bottom", show=False),
    ]
    ALLOW_SELECT = False

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._lines: Sequence[Line] = ()

    @property
    def text(self) -> str:
        """What it says, without tones."""
        return "\n".join("".join(piece.text for piece in line) for line in self._lines)

    def say(self, lines: "Sequence[Line]") -> None:
        """Show lines in place of those before."""
        before, self._lines = self._lines, lines
        if len(before) != len(lines):
            self.virtual_size = Size(self.scrollable_content_region.width, len(lines))
        top, width = self.scroll_offset.y, self.size.width
        for y in range(self.size.height):
            if _at(before, top + y) != _at(lines, top + y):
                self.refresh(Region(0, y, width, 1))

    def render_line(self, y: int) -> "Strip":
        """Paint the line that stands at `y` as it is scrolled now."""
        line = _at(self._lines, self.scroll_offset.y + y) or ()
        return paint(line, self.scrollable_content_region.width, self)


def _at(lines: "Sequence[Line]", index: int) -> "Line | None":
    return lines[index] if index < len(lines) else None
