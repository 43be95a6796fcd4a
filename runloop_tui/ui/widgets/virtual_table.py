"""A table of thousands of rows that formats only those on the screen.

The cursor and the marks stand on ids, whatever is inserted above them, and a row is repainted only when what it
would show has changed.
"""

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView

from runloop_tui.present.layout import Line, Piece
from runloop_tui.ui.theme import paint

if TYPE_CHECKING:
    from rich.style import Style
    from textual import events
    from textual.strip import Strip

MARK = "▌"
MARGIN = 2
"""Cells at the left of each row: a mark where it is marked, and a blank."""


class VirtualTable(ScrollView, can_focus=True):
    """Rows by id, in an order that the owner gives; a subclass says what a row shows."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "table--cursor",
        "table--cursor-blurred",
    }
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "move(-1)", "Up", show=False),
        Binding("down,j", "move(1)", "Down", show=False),
        Binding("pageup", "move_page(-1)", "Page up", show=False),
        Binding("pagedown", "move_page(1)", "Page down", show=False),
        Binding("home,g", "move_first", "First", show=False),
        Binding("end,G", "move_last", "Last", show=False),
        Binding("space", "mark", "Mark", show=False),
        Binding("enter", "open", "Open", show=True, key_display="⏎"),
    ]
    ALLOW_SELECT = False

    @dataclass
    class Highlighted(Message):
        """The cursor stands on another id, or on none."""

        table: "VirtualTable"
        row_id: str | None

    @dataclass
    class Opened(Message):
        """The row under the cursor is to be opened."""

        table: "VirtualTable"
        row_id: str

    @dataclass
    class MarksChanged(Message):
        """Other rows are marked than before."""

        table: "VirtualTable"

    @dataclass
    class Scrolled(Message):
        """Other rows are on the screen than before."""

        table: "VirtualTable"

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._ids: Sequence[str] = ()
        self._index: dict[str, int] = {}
        self._cursor = 0
        self._cursor_id: str | None = None
        self._stays_on_id = False
        """All rows are there, or one was chosen: until then the cursor stays on the first, whatever comes above."""
        self._marks: set[str] = set()
        self._painted: list[tuple[Line, bool, bool] | None] = []

    # What a subclass says

    @property
    def row_height(self) -> int:
        """How many lines a row has."""
        return 1

    @abstractmethod
    def row_lines(self, row_id: str, width: int) -> Sequence[Line]:
        """The lines of a row, `row_height` of them."""

    # What the owner uses

    @property
    def ids(self) -> Sequence[str]:
        """The ids of all rows, in order."""
        return self._ids

    @property
    def cursor_id(self) -> str | None:
        """The id under the cursor; None where the table is empty."""
        return self._cursor_id

    @property
    def marks(self) -> frozenset[str]:
        """The ids that are marked."""
        return frozenset(self._marks)

    @property
    def chosen(self) -> tuple[str, ...]:
        """The marked ids in the order of the rows, else the one under the cursor."""
        if self._marks:
            return tuple(row_id for row_id in self._ids if row_id in self._marks)
        return (self._cursor_id,) if self._cursor_id is not None else ()

    @property
    def visible_ids(self) -> tuple[str, ...]:
        """The ids of the rows on the screen."""
        top = self.scroll_offset.y // self.row_height
        return tuple(self._ids[top : top + self.size.height // self.row_height + 1])

    def set_rows(self, ids: Sequence[str]) -> None:
        """Show these rows in this order; the cursor stays on its id, and its row where it is on the screen.

        While rows are still being read and it was not moved, it stays on the first row (`keep_row` ends that).
        """
        if ids == self._ids:
            self.repaint_changed()
            return
        before = self._cursor
        self._ids = ids
        self._index = {row_id: index for index, row_id in enumerate(ids)}
        self._marks.intersection_update(self._index)
        self._resize()
        if not self._stays_on_id:
            self._cursor = 0
        elif self._cursor_id in self._index:
            self._cursor = self._index[self._cursor_id]
            if self.scroll_offset.y:
                self._scroll_by(self._cursor - before)
        else:
            self._cursor = max(0, min(before, len(ids) - 1))
        self._settle_cursor()
        self.repaint_changed()
        self.call_next(self._tell_scrolled)

    def repaint_changed(self) -> None:
        """Repaint the rows on the screen that would now show something else."""
        width, height = self.size.width, self.size.height
        painted = [self._what(y) for y in range(height)]
        if len(painted) != len(self._painted):
            self._painted = painted
            self.refresh()
            return
        for y, (before, after) in enumerate(zip(self._painted, painted, strict=True)):
            if before != after:
                self.refresh(Region(0, y, width, 1))
        self._painted = painted

    def move_to(self, row_id: str) -> None:
        """Put the cursor on an id, if it is there."""
        if row_id in self._index:
            self._move(self._index[row_id])

    def keep_row(self) -> None:
        """Leave the cursor on the row that it stands on, wherever that goes."""
        self._stays_on_id = True

    def begin_anew(self) -> None:
        """Put the cursor on the first row, where it stays until it is moved."""
        self._move(0)
        self._stays_on_id = False

    def clear_marks(self) -> bool:
        """Take all marks off; False where there were none."""
        had = bool(self._marks)
        self._marks.clear()
        self._show_marks()
        return had

    # Keys and mouse

    def action_move(self, rows: int) -> None:
        """Move the cursor by rows."""
        self._move(self._cursor + rows)

    def action_move_page(self, pages: int) -> None:
        """Move the cursor by what fits on the screen."""
        self._move(self._cursor + pages * max(1, self.size.height // self.row_height - 1))

    def action_move_first(self) -> None:
        """Move the cursor to the first row."""
        self._move(0)

    def action_move_last(self) -> None:
        """Move the cursor to the last row."""
        self._move(len(self._ids) - 1)

    def action_mark(self) -> None:
        """Mark the row under the cursor, or take its mark off, and go on to the next."""
        if self._cursor_id is None:
            return
        self._marks.symmetric_difference_update({self._cursor_id})
        self._move(self._cursor + 1)
        self._show_marks()

    def action_open(self) -> None:
        """Open the row under the cursor."""
        self._stays_on_id = True
        if self._cursor_id is not None:
            self.post_message(self.Opened(self, self._cursor_id))

    def on_click(self, event: "events.Click") -> None:
        """Put the cursor where was clicked; open it at the second click."""
        row = (event.y + self.scroll_offset.y) // self.row_height
        if row < len(self._ids):
            self._move(row)
            if event.chain == 2:
                self.action_open()

    # Painting

    def render_line(self, y: int) -> "Strip":
        """Paint the line that stands at `y` as it is scrolled now."""
        what = self._what(y)
        if y < len(self._painted):
            self._painted[y] = what
        width = self.scrollable_content_region.width
        if what is None:
            return paint((), width, self)
        line, has_cursor, marked = what
        over: Style | None = None
        if has_cursor:
            name = "table--cursor" if self.has_focus else "table--cursor-blurred"
            over = self.get_component_rich_style(name, partial=True)
        return paint(
            (Piece(MARK if marked else " ", "accent"), Piece(" "), *line), width, self, over
        )

    def on_resize(self) -> None:
        """Keep the cursor on the screen."""
        self._painted = []
        self._resize()
        self._settle_cursor()
        self.refresh()
        self.call_next(self._tell_scrolled)

    def on_focus(self) -> None:
        """Show the cursor as the one that the keys move."""
        self.refresh()

    def on_blur(self) -> None:
        """Show the cursor as one that rests; whoever goes to another pane has chosen the row."""
        if self.app.app_focus:
            self._stays_on_id = True
        self.refresh()

    def notify_style_update(self) -> None:
        """Paint all anew in a new theme."""
        super().notify_style_update()
        self._painted = []

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Tell when other rows come on the screen."""
        super().watch_scroll_y(old_value, new_value)
        if round(old_value) != round(new_value):
            self.call_next(self._tell_scrolled)

    def _what(self, y: int) -> tuple[Line, bool, bool] | None:
        index, part = divmod(y + self.scroll_offset.y, self.row_height)
        if index >= len(self._ids):
            return None
        row_id = self._ids[index]
        width = self.scrollable_content_region.width - MARGIN
        line = self.row_lines(row_id, width)[part]
        return line, index == self._cursor, row_id in self._marks

    def _resize(self) -> None:
        self.virtual_size = Size(
            self.scrollable_content_region.width, len(self._ids) * self.row_height
        )

    def _show_marks(self) -> None:
        self.repaint_changed()
        self.post_message(self.MarksChanged(self))

    def _move(self, index: int) -> None:
        self._stays_on_id = True
        self._cursor = max(0, min(index, len(self._ids) - 1))
        self._settle_cursor()
        self.repaint_changed()

    def _settle_cursor(self) -> None:
        """Bring the row of the cursor on the screen, and tell when its id is another."""
        row_id = self._ids[self._cursor] if self._ids else None
        top, height = self._cursor * self.row_height, self.size.height
        if height > 0:
            if top < self.scroll_offset.y:
                self.scroll_to(y=top, animate=False, immediate=True)
            elif top + self.row_height > self.scroll_offset.y + height:
                self.scroll_to(y=top + self.row_height - height, animate=False, immediate=True)
        if row_id != self._cursor_id:
            self._cursor_id = row_id
            self.call_next(self._tell_highlighted)

    # Told in the table's own turn: a message made while a parent handles an event would end at that parent.

    def _tell_highlighted(self) -> None:
        self.post_message(self.Highlighted(self, self._cursor_id))

    def _tell_scrolled(self) -> None:
        self.post_message(self.Scrolled(self))

    def _scroll_by(self, rows: int) -> None:
        y = self.scroll_offset.y + rows * self.row_height
        self.scroll_to(y=y, animate=False, immediate=True)
