"""A table of thousands of rows that formats only those on the screen.

The cursor and the marks follow ids when rows are inserted above them. A row is repainted only when its lines changed.
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
"""Cells at the left of each row: the mark, and a blank."""


class VirtualTable(ScrollView, can_focus=True):
    """Rows by id, in the order passed to `set_rows`; a subclass returns the lines of a row."""

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
        """The cursor is on another id, or on none."""

        table: "VirtualTable"
        row_id: str | None

    @dataclass
    class Opened(Message):
        """Enter or a double click on a row."""

        table: "VirtualTable"
        row_id: str

    @dataclass
    class MarksChanged(Message):
        """The marks have changed."""

        table: "VirtualTable"

    @dataclass
    class Scrolled(Message):
        """The rows on the screen have changed."""

        table: "VirtualTable"

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._ids: Sequence[str] = ()
        self._index: dict[str, int] = {}
        self._cursor = 0
        self._cursor_id: str | None = None
        self._stays_on_id = False
        """The cursor follows its id; else, until all rows are read or it is moved, it stays on the first row."""
        self._marks: set[str] = set()
        self._rendered_rows: list[tuple[Line, bool, bool] | None] = []

    # For subclasses to override

    @property
    def row_height(self) -> int:
        """Lines of a row."""
        return 1

    @abstractmethod
    def row_lines(self, row_id: str, width: int) -> Sequence[Line]:
        """Return the lines of a row, `row_height` of them."""

    def is_heading(self, row_id: str) -> bool:  # noqa: ARG002 - for tables that have some
        """Return True for a row that the cursor skips; a row that it does not skip follows each."""
        return False

    # For the owner to call

    @property
    def ids(self) -> Sequence[str]:
        """The ids of all rows, in order."""
        return self._ids

    @property
    def cursor_id(self) -> str | None:
        """The id under the cursor; None if the table is empty."""
        return self._cursor_id

    @property
    def marks(self) -> frozenset[str]:
        """The marked ids."""
        return frozenset(self._marks)

    @property
    def chosen(self) -> tuple[str, ...]:
        """The marked ids in the order of the rows; without marks, the id under the cursor."""
        if self._marks:
            return tuple(row_id for row_id in self._ids if row_id in self._marks)
        return (self._cursor_id,) if self._cursor_id is not None else ()

    @property
    def visible_ids(self) -> tuple[str, ...]:
        """The ids of the rows on the screen."""
        top = self.scroll_offset.y // self.row_height
        return tuple(self._ids[top : top + self.size.height // self.row_height + 1])

    def is_near_end(self, row_id: str | None, rows: int) -> bool:
        """Return True where the row is one of the last `rows`."""
        return row_id is not None and row_id in self._ids[-rows:]

    def set_rows(self, ids: Sequence[str]) -> None:
        """Show these rows in this order; the cursor follows its id, at the same row of the screen.

        Before `keep_row` or a move of the cursor, it stays on the first row.
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
        self.cursor_moved()
        self.repaint_changed()
        self.call_next(self._post_scrolled)

    def repaint_changed(self) -> None:
        """Repaint the rows on the screen whose lines changed."""
        width, height = self.size.width, self.size.height
        rendered = [self._lines_at(y) for y in range(height)]
        if len(rendered) != len(self._rendered_rows):
            self._rendered_rows = rendered
            self.refresh()
            return
        for y, (before, after) in enumerate(zip(self._rendered_rows, rendered, strict=True)):
            if before != after:
                self.refresh(Region(0, y, width, 1))
        self._rendered_rows = rendered

    def move_to(self, row_id: str) -> None:
        """Move the cursor to an id, if there is such a row."""
        if row_id in self._index:
            self._move(self._index[row_id])

    def keep_row(self) -> None:
        """Let the cursor follow its id from now on."""
        self._stays_on_id = True

    def begin_anew(self) -> None:
        """Move the cursor to the first row, and keep it there until it is moved."""
        self._move(0)
        self._stays_on_id = False

    def clear_marks(self) -> bool:
        """Remove all marks. Return False if there were none."""
        had = bool(self._marks)
        self._marks.clear()
        self._show_marks()
        return had

    # Keys and mouse

    def action_move(self, rows: int) -> None:
        """Move the cursor by rows."""
        self._move(self._cursor + rows)

    def action_move_page(self, pages: int) -> None:
        """Move the cursor by pages."""
        self._move(self._cursor + pages * max(1, self.size.height // self.row_height - 1))

    def action_move_first(self) -> None:
        """Move the cursor to the first row."""
        self._move(0)

    def action_move_last(self) -> None:
        """Move the cursor to the last row."""
        self._move(len(self._ids) - 1)

    def action_mark(self) -> None:
        """Toggle the mark of the row under the cursor, and move to the next row."""
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
        """Move the cursor to the row clicked; open it on a double click."""
        row = (event.y + self.scroll_offset.y) // self.row_height
        if row < len(self._ids):
            self._move(row)
            if event.chain == 2:
                self.action_open()

    # Rendering

    def render_line(self, y: int) -> "Strip":
        """Paint the line at row `y` of the viewport."""
        at = self._lines_at(y)
        if y < len(self._rendered_rows):
            self._rendered_rows[y] = at
        width = self.scrollable_content_region.width
        if at is None:
            return paint((), width, self)
        line, has_cursor, marked = at
        over: Style | None = None
        if has_cursor:
            name = "table--cursor" if self.has_focus else "table--cursor-blurred"
            over = self.get_component_rich_style(name, partial=True)
        return paint(
            (Piece(MARK if marked else " ", "accent"), Piece(" "), *line), width, self, over
        )

    def on_resize(self) -> None:
        """Scroll to the cursor."""
        self._rendered_rows = []
        self._resize()
        self.cursor_moved()
        self.refresh()
        self.call_next(self._post_scrolled)

    def on_focus(self) -> None:
        """Paint the cursor as focused."""
        self.refresh()

    def on_blur(self) -> None:
        """Paint the cursor as not focused; leaving the pane chooses the row."""
        if self.app.app_focus:
            self._stays_on_id = True
        self.refresh()

    def notify_style_update(self) -> None:
        """Repaint all rows in another theme."""
        super().notify_style_update()
        self._rendered_rows = []

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Post `Scrolled` when other rows come on the screen."""
        super().watch_scroll_y(old_value, new_value)
        if round(old_value) != round(new_value):
            self.call_next(self._post_scrolled)

    def _lines_at(self, y: int) -> tuple[Line, bool, bool] | None:
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
        self.cursor_moved()
        self.repaint_changed()

    def cursor_moved(self) -> None:
        """Scroll to the cursor, and post `Highlighted` if its id changed."""
        self._skip_heading()
        row_id = self._ids[self._cursor] if self._ids else None
        top, height = self._cursor * self.row_height, self.size.height
        if self._cursor == 1 and height > top and self.is_heading(self._ids[0]):
            top = 0  # the heading above it comes on the screen too
        if height > 0:
            if top < self.scroll_offset.y:
                self.scroll_to(y=top, animate=False, immediate=True)
            elif top + self.row_height > self.scroll_offset.y + height:
                self.scroll_to(y=top + self.row_height - height, animate=False, immediate=True)
        if row_id != self._cursor_id:
            self._cursor_id = row_id
            self.call_next(self._post_highlighted)

    def _skip_heading(self) -> None:
        """Move from a heading on to the row below it; to the one above where the cursor came from below."""
        if not self._ids or not self.is_heading(self._ids[self._cursor]):
            return
        came_from = self._index.get(self._cursor_id or "", -1)
        self._cursor += -1 if 0 < self._cursor < came_from else 1

    # Posted from the table's own message loop: Textual does not deliver a message to the parent that is handling its
    # cause.

    def _post_highlighted(self) -> None:
        self.post_message(self.Highlighted(self, self._cursor_id))

    def _post_scrolled(self) -> None:
        self.post_message(self.Scrolled(self))

    def _scroll_by(self, rows: int) -> None:
        y = self.scroll_offset.y + rows * self.row_height
        self.scroll_to(y=y, animate=False, immediate=True)
