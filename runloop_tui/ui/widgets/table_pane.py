"""A pane with a table: its title, its column titles, its filter; and the one way in which snapshots reach it."""

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple, Protocol

from textual.containers import Vertical
from textual.message import Message
from textual.widgets import Input

from runloop_tui.monitor.arrange import Order
from runloop_tui.monitor.snapshot import Snapshot
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
from runloop_tui.present.units import Times
from runloop_tui.ui.widgets.bars import LineBar, PaneTitle
from runloop_tui.ui.widgets.inputs import FilterInput
from runloop_tui.ui.widgets.virtual_table import MARGIN, VirtualTable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from textual import events
    from textual.app import ComposeResult

    from runloop_tui.analysis.report import RunReport

_LONGEST_FILTER_SHOWN = 24
_LEAST_TITLE = 12
_RULE_WIDTH = 4
"""Cells of the rule at both ends of a title."""


NO_REPORTS: "Mapping[str, RunReport]" = MappingProxyType({})
"""The figures of the runs before they are computed."""


class Now(NamedTuple):
    """The moment that panes show, how they write moments, and what is computed at this moment."""

    ms: int = 0
    """Milliseconds since 1970 on the server's clock."""
    times: Times = Times.ELAPSED
    reports: "Mapping[str, RunReport]" = NO_REPORTS
    """The figures of the runs, by id; those of a run are missing until they are computed."""
    unseen: frozenset[str] = frozenset()
    """The ids of the runs that changed since a person last looked."""


class ColumnTitles(LineBar):
    """The titles of the columns; a click sorts by one."""

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
        """Post the key of the column that was clicked."""
        column = column_at(self._columns, self.size.width - MARGIN, event.x - MARGIN)
        if column is not None and column.key:
            self.post_message(self.Clicked(column.key))


class OnlyRows(Protocol):
    """Chooses rows of a subject, in place of a typed filter."""

    @property
    def subject(self) -> str:
        """The id of the thing whose rows it chooses from."""
        ...

    def kept(self, ids: "list[str]") -> "list[str]":
        """Return those of the rows that are shown."""
        ...

    def words(self, shown: int, width: int) -> str:
        """Return what the title of the pane says, in at most `width` cells, for a number of rows shown."""
        ...


class TablePane(Vertical):
    """A table with its filter and its order, which stay through all refreshes."""

    @dataclass
    class FilterKept(Message):
        """A filter was submitted."""

        pane: "TablePane"

    def __init__(
        self,
        table: VirtualTable,
        columns: tuple[Column, ...],
        orders: "Sequence[str]",
        *,
        id: str,  # noqa: A002 - Textual's name
        filter_hint: str = "words that all must occur",
    ) -> None:
        super().__init__(id=id)
        self.table = table
        self.order = Order(orders[0])
        self.filter_text = ""
        self.held = False
        """Rows keep their places; new ones are appended."""
        self.only: OnlyRows | None = None
        """Chooses the rows until a filter is typed, Esc is pressed, or another subject is shown."""
        self._orders = orders
        self._title = PaneTitle()
        self._titles = ColumnTitles(columns)
        self._nothing = LineBar(classes="nothing-found")
        self._nothing.display = False
        self._filter = FilterInput(filter_hint)

    def compose(self) -> "ComposeResult":
        """Yield the title, the filter, the column titles, the line for no match, the table."""
        yield self._title
        yield self._filter
        yield self._titles
        yield self._nothing
        yield self.table

    # For subclasses to override

    def found_ids(self) -> list[str]:
        """Return the ids of the rows that match the filter, sorted."""
        raise NotImplementedError

    def title_line(self, shown: int) -> Line:
        """Return the title for a number of rows shown."""
        raise NotImplementedError

    def order_words(self, forwards: str = "", backwards: str = "") -> str:
        """Return how the rows are sorted: these words for the first order, else the column."""
        if self.order.key == self._orders[0]:
            return backwards if self.order.reverse else forwards
        return f"by {self.order.key} {direction_sign(descending=self.order.descending)}"

    def nothing_found(self, *, is_typing: bool) -> str:  # noqa: ARG002 - for panes that can look further
        """Return what to say of no match."""
        return "Nothing found. Esc clears it."

    # For the screen to call

    @property
    def focus_target(self) -> VirtualTable:
        """The widget of the pane that takes the focus."""
        return self.table

    def rearrange(self) -> None:
        """Filter and sort again, and repaint the rows that changed."""
        ids = self.found_ids()
        if (only := self._active_only) is not None:
            ids = only.kept(ids)
        if self.held:
            ids = _in_held_order(self.table.ids, ids)
        self.table.set_rows(ids)
        self.show_titles()

    def show_titles(self) -> None:
        """Write the titles of the pane and of the columns, and the line for no match."""
        self._title.say(self._whole_title())
        self._titles.show(self.table.size.width, self.order)
        self._titles.display = self.table.row_height == 1
        is_filtered = bool(self.filter_text) or self._active_only is not None
        finds_nothing = is_filtered and not self.table.ids
        if finds_nothing:
            words = self.nothing_found(is_typing=bool(self._filter.display))
            self._nothing.say((Piece(f"{' ' * MARGIN}{words}", "warn"),))
        if self._nothing.display != finds_nothing:
            self._nothing.display = finds_nothing

    def _whole_title(self) -> Line:
        """Return the title with marks, hold and filter; cut so that the filter stays legible."""
        title = self.title_line(len(self.table.ids))
        more: list[Piece] = []
        if self.table.marks:
            more.append(Piece(f"  {len(self.table.marks)} marked", "accent"))
        if self.held:
            more.append(Piece("  order held", "warn"))
        width = max(0, self._title.size.width - _RULE_WIDTH)
        if (only := self._active_only) is not None:
            room = max(1, width - _LEAST_TITLE - line_width(tuple(more)) - 2)
            shown = Piece(f"  {only.words(len(self.table.ids), room)}", "warn")
            title = cut_line(title, max(_LEAST_TITLE, width - line_width((shown, *more))))
            return (*title, shown, *more)
        if not self.filter_text:
            return (*title, *more)
        label = "  filter: "
        room = min(_LONGEST_FILTER_SHOWN, max(1, width - _LEAST_TITLE - len(label)))
        shown = Piece(f"{label}{cut(safe(self.filter_text), room)}", "warn")
        title = cut_line(title, max(_LEAST_TITLE, width - line_width((shown, *more))))
        return (*title, shown, *more)

    @property
    def _active_only(self) -> OnlyRows | None:
        """What chooses the rows of the subject shown; None where nothing does."""
        return None

    def show_only(self, only: OnlyRows) -> None:
        """Show only some rows of a subject, now or once that is shown; in place of the filter."""
        self.clear_filter()
        self.only = only
        self.rearrange()

    def sort_by_next(self) -> None:
        """Sort by the next column."""
        following = self._orders.index(self.order.key) + 1
        self.sort_by(self._orders[following % len(self._orders)])

    def sort_by(self, key: str) -> None:
        """Sort by a column; by the current one, reverse the order."""
        same = key == self.order.key
        self.order = Order(key, reverse=not self.order.reverse if same else False)
        self.held = False
        self.table.keep_row()
        self.rearrange()

    def hold(self) -> None:
        """Hold the order of the rows, or release it."""
        self.held = not self.held
        self.table.keep_row()
        self.rearrange()

    def open_filter(self) -> None:
        """Show the filter field and focus it."""
        if self.only is not None:
            self.clear_filter()
        self._filter.display = True
        self.screen.set_focus(self._filter)  # at once: the text may already be in the queue

    def clear_filter(self) -> bool:
        """Show all rows. Return False if there was no filter."""
        had = bool(self.filter_text) or self._filter.display or self._active_only is not None
        if self._filter.has_focus:
            self.screen.set_focus(self.table)
        self._filter.display = False
        self._filter.value = ""
        self.filter_text = ""
        self.only = None
        if had:
            self.rearrange()
        return had

    # Events

    def on_input_changed(self, event: Input.Changed) -> None:
        """Filter while the text is typed."""
        event.stop()
        if event.value != self.filter_text:
            self.filter_text = event.value
            self.rearrange()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Hide the field, keep the filter, and focus the table."""
        event.stop()
        self._filter.display = False
        self.screen.set_focus(self.table)
        self.call_next(self._post_filter_kept)

    def _post_filter_kept(self) -> None:
        self.post_message(self.FilterKept(self))

    def on_virtual_table_marks_changed(self) -> None:
        """Show the number of marks."""
        self.show_titles()

    def on_column_titles_clicked(self, event: ColumnTitles.Clicked) -> None:
        """Sort by the column that was clicked."""
        event.stop()
        self.sort_by(event.key)

    def on_mount(self) -> None:
        """Write the titles for the first frame."""
        self.show_titles()

    def on_resize(self) -> None:
        """Fit the titles to the new width."""
        self.call_after_refresh(self.show_titles)


class SnapshotTable(VirtualTable):
    """A table whose rows are read from a snapshot."""

    def __init__(self, *, id: str) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self.snapshot = Snapshot()
        self.now = Now()


class SnapshotPane(TablePane):
    """A pane whose rows come from a snapshot, through `show` alone."""

    table: SnapshotTable

    subject: str | None = None
    """The id of the thing whose parts the rows are; None where they are all things of a kind."""

    @property
    def _active_only(self) -> OnlyRows | None:
        return self.only if self.only is not None and self.only.subject == self.subject else None

    @property
    def is_complete(self) -> bool:
        """Return True once no rows can come above the first one, so that the cursor may stay on its row."""
        raise NotImplementedError

    def is_affected(self, before: Now, now: Now) -> bool:  # noqa: ARG002 - for panes that are
        """Return whether the rows have to be filtered and sorted again at another moment."""
        return False

    def take(self, subject: str | None) -> None:
        """Read from the snapshot what the rows of another snapshot or subject need."""

    def show(self, snapshot: Snapshot, now: Now, subject: str | None = None) -> None:
        """Show a snapshot at a moment; another subject begins at its first row.

        Filter and sort only for another snapshot or subject; else repaint the rows that the time has changed.
        """
        table = self.table
        before, table.now = table.now, now
        is_affected = self.is_affected(before, now)
        if snapshot is table.snapshot and subject == self.subject and not is_affected:
            table.repaint_changed()
            return
        is_other, self.subject = subject != self.subject, subject
        table.snapshot = snapshot
        self.take(subject)
        if is_other:
            self.held = False
            if self.only is not None and self.only.subject != subject:
                self.only = None
        self.rearrange()
        if is_other:
            table.begin_anew()
        if self.is_complete:
            table.keep_row()


def _in_held_order(before: "Sequence[str]", found: list[str]) -> list[str]:
    still_there = set(found)
    kept = [row_id for row_id in before if row_id in still_there]
    known = set(kept)
    return kept + [row_id for row_id in found if row_id not in known]
