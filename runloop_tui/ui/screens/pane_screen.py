"""The one kind of screen that shows snapshots: a list, and beside it the panes about the selected row.

`RunsScreen` and `JobsScreen` are its two uses. Data goes down through `show`; requests go up as messages.
"""

from typing import TYPE_CHECKING, ClassVar, NamedTuple

from textual.containers import Container, Vertical
from textual.screen import Screen

from runloop_tui.monitor.health import Health
from runloop_tui.monitor.snapshot import Snapshot
from runloop_tui.present.errors import health_line
from runloop_tui.present.runs import essentials, title_line
from runloop_tui.present.units import Times
from runloop_tui.ui.messages import RefreshRequested
from runloop_tui.ui.widgets.bars import KeysFooter, LineBar
from runloop_tui.ui.widgets.detail_pane import DetailPane
from runloop_tui.ui.widgets.lines_view import LinesView
from runloop_tui.ui.widgets.table_pane import NO_REPORTS, Now, TablePane

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from textual import events
    from textual.app import ComposeResult
    from textual.geometry import Size
    from textual.widget import Widget

    from runloop_tui.analysis.report import RunReport
    from runloop_tui.present.layout import Line
    from runloop_tui.ui.connection import Options

_LEAST_WIDTH = 10


class Pane(NamedTuple):
    """A pane of a screen, with the names of the panes that its keys lead to."""

    widget: TablePane | DetailPane
    table: str
    """The pane whose table the filter, sort and hold keys act on."""
    back: str = ""
    """The pane that Esc moves the focus to; "" leaves the screen."""
    unzoomed: str = ""
    """The pane that gets the focus when Esc ends the zoom; "" leaves the focus here."""


class PaneScreen(Screen[None]):
    """A title bar, panes, a status line and the keys; below 60x16 cells a few lines instead of the panes.

    A subclass creates its panes and sets `panes`, by name, in the order of their number keys. The first one is the
    list: it gets the focus first.

    Args:
        options: what was chosen at the start.
    """

    HORIZONTAL_BREAKPOINTS = [  # noqa: RUF012 - Textual's
        (0, "-tiny"),
        (60, "-narrow"),
        (110, "-wide"),
        (170, "-ultra"),
    ]
    VERTICAL_BREAKPOINTS = [  # noqa: RUF012 - Textual's
        (0, "-flat"),
        (16, "-short"),
        (34, "-tall"),
    ]
    ZOOM_MOVES: ClassVar[bool] = False
    """While a pane is zoomed, the keys that focus another pane zoom that one; else they end the zoom."""

    def __init__(self, options: "Options") -> None:
        super().__init__()
        self.options = options
        self.panes: Mapping[str, Pane] = {}
        self.zoomed: str | None = None
        """The name of the pane that has the whole screen."""
        self.compared: tuple[str, ...] = ()
        """The runs that are compared in a dialog over this screen."""
        self._title_bar = LineBar(classes="title-bar")
        self._side = Vertical(classes="pane side")
        self._tiny = LinesView(classes="tiny")
        self._status = LineBar(classes="status-line")
        self._snapshot = Snapshot()
        self._health = Health()
        self._local_ms = 0
        self._times = Times.ELAPSED
        self._reports = NO_REPORTS
        self._unseen: frozenset[str] = frozenset()
        self._focused_last: Widget | None = None

    def expect(self, size: "Size") -> None:
        """Add the breakpoint classes of a size before the first layout, so that styles are matched once."""
        for breakpoints, length in (
            (self.HORIZONTAL_BREAKPOINTS, size.width),
            (self.VERTICAL_BREAKPOINTS, size.height),
        ):
            names = (
                name for least, name in sorted(breakpoints or (), reverse=True) if length >= least
            )
            if (name := next(names, None)) is not None:
                self.add_class(name, update=False)

    def compose(self) -> "ComposeResult":
        """Yield the bars and the panes: the list first, all others in a column beside it."""
        first, *others = (pane.widget.add_class("pane") for pane in self.panes.values())
        yield self._title_bar
        with Container(classes="panes"):
            yield first.add_class("list")
            with self._side:
                yield from others
        yield self._tiny
        yield from self.extra_bars
        yield self._status
        yield KeysFooter()

    # For subclasses

    @property
    def extra_bars(self) -> "Iterable[LineBar]":
        """Bars between the panes and the status line."""
        return ()

    def show_panes(self) -> None:
        """Pass the snapshot and `now` to the `show` of each pane."""
        raise NotImplementedError

    def own_warning(self, width: int) -> "Line":  # noqa: ARG002 - for screens that have one
        """Return what the status line says while polling works; empty for the usual line."""
        return ()

    def action_leave(self) -> None:
        """Leave the screen, if it can be left."""

    # Data, downwards

    def show(
        self,
        snapshot: Snapshot,
        health: Health,
        local_ms: int,
        reports: "Mapping[str, RunReport]",
        unseen: frozenset[str],
    ) -> None:
        """Show a snapshot at a moment, in ms on this machine's clock, with the figures of its runs.

        `unseen` are the runs that changed since a person last looked.

        Called for each new snapshot, each change of health, and once a second. Panes that are passed the snapshot
        they already show repaint only the cells that the time has changed.
        """
        self._snapshot, self._health, self._local_ms = snapshot, health, local_ms
        self._reports, self._unseen = reports, unseen
        self.show_panes()
        self.show_bars()

    def show_bars(self) -> None:
        """Write the title bar, the status line, and the lines of a screen without room for panes."""
        options, width = self.options, self.size.width
        self._title_bar.say(
            title_line(
                self._snapshot,
                self.now.ms,
                width,
                server=options.server,
                demo=options.demo,
                read_only=options.read_only,
                failed=self._health.failure is not None,
                reports=self._reports,
            )
        )
        warning = self.own_warning(width) if self._health.failure is None else ()
        self._status.say(
            warning or health_line(self._health, self._local_ms, options.interval_s, width)
        )
        self._tiny.say(essentials(self._snapshot, max(_LEAST_WIDTH, width)))

    @property
    def now(self) -> Now:
        """The moment shown, on the server's clock, as the timestamps of the API are."""
        return Now(self._local_ms + self._health.skew_ms, self._times, self._reports, self._unseen)

    # Focus

    @property
    def has_room(self) -> bool:
        """Return True where the screen is large enough for panes."""
        return not (self.has_class("-tiny") or self.has_class("-flat"))

    @property
    def focused_pane(self) -> str:
        """The name of the pane that has the focus; the first one where none has."""
        focused = self.focused
        for name, pane in self.panes.items():
            if focused is not None and pane.widget in focused.ancestors_with_self:
                return name
        return next(iter(self.panes))

    @property
    def table_pane(self) -> TablePane:
        """The pane whose table the filter, sort and hold keys act on."""
        pane = self.panes[self.panes[self.focused_pane].table].widget
        assert isinstance(pane, TablePane)  # noqa: S101 - as `Pane.table` says
        return pane

    @property
    def lines_pane(self) -> DetailPane | None:
        """The focused pane, if it is one of lines."""
        pane = self.panes[self.focused_pane].widget
        return pane if isinstance(pane, DetailPane) else None

    def on_descendant_focus(self, event: "events.DescendantFocus") -> None:
        """Remember the focus, which Textual takes from a widget that is hidden on a small screen."""
        self._focused_last = event.widget

    def on_resize(self) -> None:
        """Fit the bars to the new width, and restore the focus after the layout."""
        self.show_bars()
        self.call_after_refresh(self._restore_focus)

    def on_screen_resume(self) -> None:
        """Restore the focus: the size may have changed under a dialog."""
        self.call_after_refresh(self._restore_focus)

    def _restore_focus(self) -> None:
        """Focus the widget that last had the focus, else the first pane on the screen; never zoom for it."""
        if not self.is_current or _is_shown(self.focused):
            return
        targets = (pane.widget.focus_target for pane in self.panes.values())
        for widget in (self._focused_last, *targets):
            if widget is not None and _is_shown(widget):
                self.set_focus(widget)
                return

    # Keys of the panes

    def action_focus_pane(self, name: str) -> None:
        """Focus a pane; zoom it where the layout gives it no place. Do nothing on a screen too small for panes."""
        if not self.has_room:
            return
        target = self.panes[name].widget.focus_target
        if self.zoomed not in {None, name}:
            self._zoom(name if self.ZOOM_MOVES else None)
        elif _is_shown(target):
            self.set_focus(target)  # now: the next key may already be in the queue
            return
        self.call_after_refresh(self._focus_or_zoom, name)  # sizes are known after the layout

    def _focus_or_zoom(self, name: str) -> None:
        target = self.panes[name].widget.focus_target
        if not _is_shown(target):
            self._zoom(name)
        target.focus()

    def action_next_pane(self, by: int) -> None:
        """Focus the pane `by` places after the focused one, of those on the screen."""
        every = self.ZOOM_MOVES and self.zoomed is not None
        names = [
            name
            for name, pane in self.panes.items()
            if every or pane.widget.focus_target.size.height > 0
        ]
        if names:
            here = names.index(self.focused_pane) if self.focused_pane in names else 0
            self.action_focus_pane(names[(here + by) % len(names)])

    def action_zoom(self) -> None:
        """Give the focused pane the whole screen, or end the zoom."""
        if self.has_room:
            self._zoom(None if self.zoomed else self.focused_pane)

    def _zoom(self, name: str | None) -> None:
        self.zoomed = name
        self.set_class(name is not None, "-zoomed")
        for each, pane in self.panes.items():
            self.set_class(each == name, f"zoom-{each}")
            pane.widget.set_class(each == name, "-alone")
        self._side.set_class(name not in {None, next(iter(self.panes))}, "-alone")

    def action_back(self) -> None:
        """Undo the nearest of: search, filter, zoom, marks, focus on another pane than the first; else leave."""
        here, table_pane = self.panes[self.focused_pane], self.table_pane
        if self.lines_pane is not None and self.lines_pane.clear_search():
            return
        if table_pane.clear_filter():
            return
        if self.zoomed is not None:
            self._zoom(None)
            if here.unzoomed:
                self.action_focus_pane(here.unzoomed)
        elif table_pane.table.clear_marks():
            return
        elif here.back:
            self.action_focus_pane(here.back)
        else:
            self.action_leave()

    # Keys of the table, of times and of polling

    def action_filter(self) -> None:
        """Open the filter of the table, or the search of a pane of lines."""
        if self.lines_pane is not None:
            self.lines_pane.open_search()
        else:
            self.table_pane.open_filter()

    def action_sort(self) -> None:
        """Sort by the next column."""
        self.table_pane.sort_by_next()

    def action_reverse(self) -> None:
        """Reverse the order."""
        self.table_pane.sort_by(self.table_pane.order.key)

    def action_hold(self) -> None:
        """Hold the order of the rows, or release it."""
        self.table_pane.hold()

    def action_times(self) -> None:
        """Write moments in the next format."""
        self._times = self._times.next()
        self.show(self._snapshot, self._health, self._local_ms, self._reports, self._unseen)
        self.notify(f"Times: {self._times.value}", timeout=2, markup=False)

    def action_refresh(self) -> None:
        """Request a poll now."""
        self.post_message(RefreshRequested())


def _is_shown(widget: "Widget | None") -> bool:
    return widget is not None and widget.is_on_screen and widget.size.height > 0
