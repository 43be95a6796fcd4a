"""What the screens of tables have in common: the bars around them, the time on them, the keys of their tables."""

from typing import TYPE_CHECKING

from textual.screen import Screen

from runloop_tui.monitor.health import Health
from runloop_tui.monitor.snapshot import Snapshot
from runloop_tui.present.overview import essentials, title_line
from runloop_tui.present.times import Times
from runloop_tui.present.troubles import health_line
from runloop_tui.ui.messages import RefreshRequested
from runloop_tui.ui.widgets.line_bar import LineBar
from runloop_tui.ui.widgets.lines_view import LinesView

if TYPE_CHECKING:
    from textual.geometry import Size

    from runloop_tui.present.cells import Line
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

    def tell_time(self, local_ms: int) -> None:
        """Let all that ticks go on to this moment, in ms on this machine's clock."""
        raise NotImplementedError

    def _own_trouble(self, width: int) -> "Line":  # noqa: ARG002 - for screens that have one
        """What the status says in place of all being well."""
        return ()

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
