"""What the screens of tables have in common: the bars around them, the time on them, the keys of their tables."""

from typing import TYPE_CHECKING

from textual.screen import Screen

from runloop_tui.monitor.health import Health
from runloop_tui.monitor.snapshot import Snapshot
from runloop_tui.present.errors import health_line
from runloop_tui.present.runs import essentials, title_line
from runloop_tui.present.units import Times
from runloop_tui.ui.messages import RefreshRequested
from runloop_tui.ui.widgets.line_bar import LineBar
from runloop_tui.ui.widgets.lines_view import LinesView

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual import events
    from textual.geometry import Size
    from textual.widget import Widget

    from runloop_tui.present.layout import Line
    from runloop_tui.ui.options import Options
    from runloop_tui.ui.widgets.table_pane import TablePane

_LEAST_WIDTH = 10


class TableScreen(Screen[None]):
    """A title above, a status below, panes of tables in between; a few lines alone where there is no room.

    Args:
        options: what was chosen at the start.
        title_bar: shows counts.
        status: shows how fresh the data is.
        tiny: shows the essentials.
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

    def __init__(
        self, options: "Options", *, title_bar: LineBar, status: LineBar, tiny: LinesView
    ) -> None:
        super().__init__()
        self.options = options
        self._title_bar = title_bar
        self._status = status
        self._tiny = tiny
        self._snapshot = Snapshot()
        self._health = Health()
        self._local_ms = 0
        self._times = Times.ELAPSED
        self._focused_last: Widget | None = None

    def expect(self, size: "Size") -> None:
        """Take the classes that a size will bring before it is told, so that styles are matched once."""
        for breakpoints, length in (
            (self.HORIZONTAL_BREAKPOINTS, size.width),
            (self.VERTICAL_BREAKPOINTS, size.height),
        ):
            self.add_class(*self._get_breakpoint_classes(length, breakpoints), update=False)

    # For the screens themselves

    @property
    def _table_pane(self) -> "TablePane":
        """The table that the keys of tables concern."""
        raise NotImplementedError

    @property
    def _focus_targets(self) -> "Iterable[Widget]":
        """The widgets of the panes that take the focus, in order."""
        raise NotImplementedError

    def tell_time(self, local_ms: int) -> None:
        """Let all that ticks go on to this moment, in ms on this machine's clock."""
        raise NotImplementedError

    def _own_trouble(self, width: int) -> "Line":  # noqa: ARG002 - for screens that have one
        """What the status says in place of all being well."""
        return ()

    # The focus

    @property
    def has_room(self) -> bool:
        """Return True where the screen is large enough for panes."""
        return not (self.has_class("-tiny") or self.has_class("-flat"))

    def on_descendant_focus(self, event: "events.DescendantFocus") -> None:
        """Remember what has the focus: a screen without room for it takes it away."""
        self._focused_last = event.widget

    def on_resize(self) -> None:
        """Fit the bars to the new width, and the focus to the panes that are shown."""
        self._show_bars()
        self.call_after_refresh(self._place_focus)

    def on_screen_resume(self) -> None:
        """Place the focus: the size may have changed under a dialog."""
        self.call_after_refresh(self._place_focus)

    def _place_focus(self) -> None:
        """Focus what had the focus last, else the first pane that is shown; never zoom a pane for it."""
        if not self.is_current or _is_shown(self.focused):
            return
        for widget in (self._focused_last, *self._focus_targets):
            if widget is not None and _is_shown(widget):
                self.set_focus(widget)
                return

    # Data, downwards

    @property
    def _now_ms(self) -> int:
        """Now on the server's clock, on which its moments stand."""
        return self._local_ms + self._health.skew_ms

    @property
    def local_ms(self) -> int:
        """The moment that is shown, on this machine's clock."""
        return self._local_ms

    def show_health(self, health: Health, local_ms: int) -> None:
        """Show how fresh the data is."""
        self._health, self._local_ms = health, local_ms
        self._show_bars()

    def _show_bars(self) -> None:
        options, width = self.options, self.size.width
        self._title_bar.say(
            title_line(
                self._snapshot,
                self._now_ms,
                width,
                server=options.server,
                demo=options.demo,
                read_only=options.read_only,
                failed=self._health.trouble is not None,
            )
        )
        trouble = self._own_trouble(width) if self._health.trouble is None else ()
        self._status.say(
            trouble or health_line(self._health, self._local_ms, options.interval_s, width)
        )
        self._tiny.say(essentials(self._snapshot, max(_LEAST_WIDTH, width)))

    # Keys of the tables

    def action_filter(self) -> None:
        """Type a filter for the rows of the pane."""
        self._table_pane.open_filter()

    def action_sort(self) -> None:
        """Sort by the next column."""
        self._table_pane.sort_by_next()

    def action_reverse(self) -> None:
        """Sort from the other end."""
        self._table_pane.sort_by(self._table_pane.order.key)

    def action_hold(self) -> None:
        """Hold the order still, or let it go."""
        self._table_pane.hold()

    def action_times(self) -> None:
        """Write moments in the next way."""
        self._times = self._times.next()
        self.tell_time(self._local_ms)
        self.notify(f"Times: {self._times.value}", timeout=2, markup=False)

    def action_refresh(self) -> None:
        """Ask now."""
        self.post_message(RefreshRequested())


def _is_shown(widget: "Widget | None") -> bool:
    return widget is not None and widget.is_on_screen and widget.size.height > 0
