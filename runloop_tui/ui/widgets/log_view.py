"""A view of a log of any length, which reads, wraps and paints only the lines on the screen."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.geometry import Region
from textual.message import Message
from textual.widget import Widget

from runloop_tui.present.log_view import LogPosition, fold, shift, with_matches
from runloop_tui.ui.theme import paint

if TYPE_CHECKING:
    from textual import events
    from textual.strip import Strip

    from runloop_tui.logs.search import SearchQuery
    from runloop_tui.present.layout import Line

LineOf = Callable[[int], "Line"]
"""Returns a line by its number, from 0, in safe pieces."""

_WHEEL = 3
_SIDEWAYS = 16
_ROWS_KEPT = 512
_NARROWEST = 2
_ABOVE = 5
"""Rows of context above a line that was jumped to."""


class LogView(Widget, can_focus=True):
    """Positioned at a line, or a row of a wrapped one, it scrolls without wrapping the rest of the log."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"log--here"}
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "scroll_rows(-1)", "Up", show=False),
        Binding("down,j,enter", "scroll_rows(1)", "Down", show=False),
        Binding("pageup,b", "scroll_page(-1)", "Page up", show=False),
        Binding("pagedown,space", "scroll_page(1)", "Page down", show=False),
        Binding("home,g", "first", "Top", show=False),
        Binding("end,G", "last", "Bottom", show=False),
        Binding("left", "sideways(-1)", "Left", show=False),
        Binding("right", "sideways(1)", "Right", show=False),
    ]
    ALLOW_SELECT = False

    @dataclass
    class Moved(Message):
        """The position, or the way of showing lines, has changed."""

        place: LogPosition

    def __init__(self) -> None:
        super().__init__(id="log-view")
        self.here: int | None = None
        """The line that was jumped to or found: it is highlighted."""
        self._lines = 0
        self._line_of: LineOf = lambda _number: ()
        self._top = 0
        self._row = 0  # of the top line, where it is wrapped
        self._left = 0
        self._wraps = False
        self._follows = False
        self._search_query: SearchQuery | None = None
        self._folded: dict[int, list[Line]] = {}
        self._rendered_rows: list[tuple[int, Line]] = []
        self._reported: LogPosition | None = None

    # What the screen uses

    @property
    def place(self) -> LogPosition:
        """The position."""
        last = self._rendered_rows[-1][0] if self._rendered_rows else 0
        return LogPosition(self._top, last, self._lines, self._left, self._follows, self._wraps)

    def show(self, lines: int, line_of: LineOf, *, same: int = 0) -> None:
        """Show a log, or more of it: the first `same` lines have not changed."""
        self._lines, self._line_of = lines, line_of
        self._folded = {number: rows for number, rows in self._folded.items() if number < same}
        self._update()

    def follow(self, *, on: bool) -> None:
        """Follow the end, or do not."""
        self._follows = on
        self._update()

    def wrap(self, *, on: bool) -> None:
        """Wrap long lines, or show one row of each."""
        self._wraps, self._left, self._row = on, 0, 0
        self._redo()

    def mark(self, search_query: "SearchQuery | None") -> None:
        """Highlight the matches of a search; None for none."""
        self._search_query = search_query
        self._redo()

    def go_to(self, line: int) -> None:
        """Highlight a line, and scroll to it if it is not on the screen."""
        self._follows = False
        self.here = max(0, min(line, self._lines - 1)) if self._lines else None
        place = self.place
        if self.here is not None and not place.first <= self.here <= place.last:
            self._top, self._row = self.here, 0
            self._step(-min(_ABOVE, self.size.height // 3))
        self._update()

    # Keys and mouse

    def action_scroll_rows(self, rows: int) -> None:
        """Scroll by rows; scrolling up ends following."""
        self._follows = self._follows and rows > 0
        self._step(rows)
        self._update()

    def action_scroll_page(self, pages: int) -> None:
        """Scroll by a page less one row."""
        self.action_scroll_rows(pages * max(1, self.size.height - 1))

    def action_first(self) -> None:
        """Go to the first line."""
        self._follows = False
        self._top = self._row = 0
        self._update()

    def action_last(self) -> None:
        """Go to the last line."""
        self._top, self._row = self._end
        self._update()

    def action_sideways(self, steps: int) -> None:
        """Scroll sideways, unless lines are wrapped."""
        if not self._wraps:
            self._left = max(0, self._left + steps * _SIDEWAYS)
            self._redo()

    def on_mouse_scroll_down(self, event: "events.MouseScrollDown") -> None:
        """Scroll down."""
        event.stop()
        self.action_scroll_rows(_WHEEL)

    def on_mouse_scroll_up(self, event: "events.MouseScrollUp") -> None:
        """Scroll up."""
        event.stop()
        self.action_scroll_rows(-_WHEEL)

    def on_resize(self) -> None:
        """Wrap for the new width."""
        self._row = 0
        self._redo()

    # Rendering

    def render_line(self, y: int) -> "Strip":
        """Paint one row."""
        if y >= len(self._rendered_rows):
            return paint((), self.size.width, self)
        number, line = self._rendered_rows[y]
        here = number == self.here
        over = self.get_component_rich_style("log--here", partial=True) if here else None
        return paint(line, self.size.width, self, over)

    def _redo(self) -> None:
        self._folded.clear()
        self._rendered_rows = []
        self._update()
        self.refresh()

    def _update(self) -> None:
        """Clamp the position to the log, repaint the rows that changed, and post `Moved` if the position did."""
        if self.size.height <= 0:
            return
        here = (self._top, self._row)
        if self._follows or here > self._end:
            here = self._end
        self._top, self._row = max(here, (0, 0))
        before, self._rendered_rows = self._rendered_rows, self._rows()
        for y in range(max(len(before), len(self._rendered_rows))):
            if before[y : y + 1] != self._rendered_rows[y : y + 1]:
                self.refresh(Region(0, y, self.size.width, 1))
        if self.place != self._reported:
            self._reported = self.place
            self.post_message(self.Moved(self.place))

    def _rows(self) -> "list[tuple[int, Line]]":
        """Return the rows from the top line down, as many as fit."""
        rows: list[tuple[int, Line]] = []
        number, skipped = self._top, self._row
        while number < self._lines and len(rows) < self.size.height:
            rows.extend((number, row) for row in self._rows_of(number)[skipped:])
            number, skipped = number + 1, 0
        return rows[: self.size.height]

    def _rows_of(self, number: int) -> "list[Line]":
        known = self._folded.get(number)
        if known is None:
            line = with_matches(self._line_of(number), self._search_query)
            width = max(_NARROWEST, self.size.width)
            known = fold(line, width) if self._wraps else [shift(line, self._left, width)]
            if len(self._folded) >= _ROWS_KEPT:
                self._folded.clear()
            self._folded[number] = known
        return known

    def _step(self, rows: int) -> None:
        """Move the top by rows, within the first and the last line."""
        if not self._wraps:
            self._top = max(0, min(self._top + rows, self._lines - 1))
            return
        top, row = self._top, self._row + rows
        while row < 0 and top > 0:
            top -= 1
            row += len(self._rows_of(top))
        while top < self._lines - 1 and row >= (height := len(self._rows_of(top))):
            row -= height
            top += 1
        self._top, self._row = top, max(0, row)

    @property
    def _end(self) -> tuple[int, int]:
        """The top line and row that put the last row at the bottom."""
        height = self.size.height
        if not self._wraps:
            return max(0, self._lines - height), 0
        number, rows = self._lines, 0
        while number > 0 and rows < height:
            number -= 1
            rows += len(self._rows_of(number))
        return number, max(0, rows - height)
