"""A pane with a table: its title, its column titles, its filter."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.containers import Vertical
from textual.message import Message
from textual.widgets import Input

from runloop_tui.monitor.arrange import Order
from runloop_tui.present.layout import (
    Column,
    Line,
    Piece,
    column_at,
    cut_line,
    direction_sign,
    header,
    line_width,
)
from runloop_tui.present.text import cut, safe
from runloop_tui.ui.widgets.filter_input import FilterInput
from runloop_tui.ui.widgets.line_bar import LineBar
from runloop_tui.ui.widgets.pane_title import PaneTitle
from runloop_tui.ui.widgets.virtual_table import MARGIN

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual import events
    from textual.app import ComposeResult

    from runloop_tui.ui.widgets.virtual_table import VirtualTable

_LONGEST_FILTER_SHOWN = 24
_LEAST_TITLE = 12
_RULE_WIDTH = 4
"""Cells of the rule at both ends of a title."""


class ColumnTitles(LineBar):
    """The titles of the columns; a click on one sorts by it."""

    @dataclass
    class Clicked(Message):
        """A title was clicked."""

        key: str

    def __init__(self, columns: tuple[Column, ...]) -> None:
        super().__init__(classes="column-titles")
        self._columns = columns

    def show(self, width: int, order: Order) -> None:
        """Show the titles over a table of `width` cells."""
        titles = header(self._columns, width - MARGIN, order.key, descending=order.descending)
        self.say((Piece(" " * MARGIN), *titles))

    def on_click(self, event: "events.Click") -> None:
        """Tell which column was clicked."""
        column = column_at(self._columns, self.size.width - MARGIN, event.x - MARGIN)
        if column is not None and column.key:
            self.post_message(self.Clicked(column.key))


class TablePane(Vertical):
    """Holds what the person chose for a table (filter, order, whether it is held) through all refreshes."""

    @dataclass
    class FilterKept(Message):
        """A filter was typed to its end."""

        pane: "TablePane"

    def __init__(
        self,
        table: "VirtualTable",
        columns: tuple[Column, ...],
        orders: "Sequence[str]",
        *,
        id: str,  # noqa: A002 - Textual's name
        filter_hint: str = "words that all must occur",
    ) -> None:
        super().__init__(id=id)
        self.table = table
        self.order = Order(orders[0])
        self.needle = ""
        self.held = False
        """The order is held still: rows keep their places, new ones come at the end."""
        self._orders = orders
        self._title = PaneTitle()
        self._titles = ColumnTitles(columns)
        self._nothing = LineBar(classes="nothing-found")
        self._nothing.display = False
        self._filter = FilterInput(filter_hint)

    def compose(self) -> "ComposeResult":
        """The title, the filter while it is typed, the column titles, what is said of no rows, the table."""
        yield self._title
        yield self._filter
        yield self._titles
        yield self._nothing
        yield self.table

    # What a subclass says

    def found_ids(self) -> list[str]:
        """The ids of the rows that pass the filter, in the chosen order."""
        raise NotImplementedError

    def title_line(self, shown: int) -> Line:
        """What the title says of so many rows shown."""
        raise NotImplementedError

    def order_words(self, forwards: str = "", backwards: str = "") -> str:
        """How the rows are sorted: in these words where there are some for the first order, else by which column."""
        if self.order.key == self._orders[0]:
            return backwards if self.order.reverse else forwards
        return f"by {self.order.key} {direction_sign(descending=self.order.descending)}"

    def nothing_found(self, *, is_typing: bool) -> str:  # noqa: ARG002 - for panes that can look further
        """What is said where no row passes the filter."""
        return "Nothing found. Esc clears it."

    # What the screen uses

    def rearrange(self) -> None:
        """Filter and sort anew, and repaint what has changed."""
        ids = self.found_ids()
        if self.held:
            ids = _in_held_order(self.table.ids, ids)
        self.table.set_rows(ids)
        self.show_titles()

    def show_titles(self) -> None:
        """Write the title of the pane and those of the columns, and say where no row passes the filter."""
        self._title.say(self._whole_title())
        self._titles.show(self.table.size.width, self.order)
        self._titles.display = self.table.row_height == 1
        finds_nothing = bool(self.needle) and not self.table.ids
        if finds_nothing:
            words = self.nothing_found(is_typing=bool(self._filter.display))
            self._nothing.say((Piece(f"{' ' * MARGIN}{words}", "warn"),))
        if self._nothing.display != finds_nothing:
            self._nothing.display = finds_nothing

    def _whole_title(self) -> Line:
        """The title; where it has no room for all, the filter is what stays readable."""
        title = self.title_line(len(self.table.ids))
        more: list[Piece] = []
        if self.table.marks:
            more.append(Piece(f"  {len(self.table.marks)} marked", "accent"))
        if self.held:
            more.append(Piece("  order held", "warn"))
        if not self.needle:
            return (*title, *more)
        width = max(0, self._title.size.width - _RULE_WIDTH)
        label = "  filter: "
        room = min(_LONGEST_FILTER_SHOWN, max(1, width - _LEAST_TITLE - len(label)))
        shown = Piece(f"{label}{cut(safe(self.needle), room)}", "warn")
        title = cut_line(title, max(_LEAST_TITLE, width - line_width((shown, *more))))
        return (*title, shown, *more)

    def sort_by_next(self) -> None:
        """Sort by the next column."""
        following = self._orders.index(self.order.key) + 1
        self.sort_by(self._orders[following % len(self._orders)])

    def sort_by(self, key: str) -> None:
        """Sort by a column; by the same one again, from its other end."""
        same = key == self.order.key
        self.order = Order(key, reverse=not self.order.reverse if same else False)
        self.held = False
        self.table.keep_row()
        self.rearrange()

    def hold(self) -> None:
        """Hold the order still, or let it go."""
        self.held = not self.held
        self.table.keep_row()
        self.rearrange()

    def open_filter(self) -> None:
        """Let the person type a filter."""
        self._filter.display = True
        self.screen.set_focus(self._filter)  # at once, as the words may have been typed already

    def clear_filter(self) -> bool:
        """Show all rows again; False where no filter held."""
        had = bool(self.needle) or self._filter.display
        if self._filter.has_focus:
            self.screen.set_focus(self.table)
        self._filter.display = False
        self._filter.value = ""
        self.needle = ""
        if had:
            self.rearrange()
        return had

    # Events

    def on_input_changed(self, event: Input.Changed) -> None:
        """Filter while it is typed."""
        event.stop()
        if event.value != self.needle:
            self.needle = event.value
            self.rearrange()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Keep the filter and go back to the rows."""
        event.stop()
        self._filter.display = False
        self.screen.set_focus(self.table)
        self.call_next(self._tell_kept)

    def _tell_kept(self) -> None:
        self.post_message(self.FilterKept(self))

    def on_virtual_table_marks_changed(self) -> None:
        """Say at once how many rows are marked."""
        self.show_titles()

    def on_column_titles_clicked(self, event: ColumnTitles.Clicked) -> None:
        """Sort by the column that was clicked."""
        event.stop()
        self.sort_by(event.key)

    def on_mount(self) -> None:
        """Say from the first frame on what will be here."""
        self.show_titles()

    def on_resize(self) -> None:
        """Fit the titles to the new width."""
        self.call_after_refresh(self.show_titles)


def _in_held_order(before: "Sequence[str]", found: list[str]) -> list[str]:
    still_there = set(found)
    kept = [row_id for row_id in before if row_id in still_there]
    known = set(kept)
    return kept + [row_id for row_id in found if row_id not in known]
