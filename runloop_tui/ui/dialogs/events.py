"""The events: what changed since a person last looked, then every long notification, and when it was shown."""

from typing import TYPE_CHECKING, ClassVar, Protocol

from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen

from runloop_tui.present.away import AwayRow, away_rows, history_begins_now
from runloop_tui.present.layout import Piece, wrap
from runloop_tui.present.notifications import Event, event_lines, listed_events
from runloop_tui.present.units import plural
from runloop_tui.ui.widgets.bars import KeysFooter, PaneTitle
from runloop_tui.ui.widgets.virtual_table import MARGIN, VirtualTable

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from textual.app import ComposeResult

    from runloop_tui.present.away import Away
    from runloop_tui.present.layout import Line

_TICK_S = 1.0
_NARROWEST = 20


class Past(Protocol):
    """What is known besides the event log."""

    @property
    def away(self) -> "Away | None":
        """What changed while a person was away."""

    @property
    def earlier_events(self) -> tuple[Event, ...]:
        """Events of earlier starts and of other instances."""

    @property
    def begins_now(self) -> bool:
        """There was no history before this start."""


class EventsTable(VirtualTable):
    """A row for each line; one about a run leads to it."""

    def __init__(self) -> None:
        super().__init__(id="events-table")
        self.rows: dict[str, AwayRow] = {}

    def row_lines(self, row_id: str, width: int) -> "Sequence[Line]":  # noqa: ARG002 - wrapped before
        """Return the line."""
        return (self.rows[row_id].line,)

    def action_mark(self) -> None:
        """Mark nothing: no action concerns events."""


class EventsDialog(ModalScreen[str | None]):
    """Lists what changed and the events, newest first; updated every second. Returns the id of the run to go to.

    Args:
        events: the event log.
        now: returns Unix ms on this machine's clock.
        past: what the history knows; None without one.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,e", "dismiss", "Back", key_display="Esc"),
    ]

    def __init__(
        self, events: "Sequence[Event]", now: "Callable[[], int]", past: "Past | None" = None
    ) -> None:
        super().__init__()
        self._events = events
        self._now = now
        self._past = past
        self._title = PaneTitle()
        self.table = EventsTable()

    def compose(self) -> "ComposeResult":
        """Yield the title and the lines."""
        with Vertical(classes="dialog"):
            yield self._title
            yield self.table
        yield KeysFooter()

    def on_mount(self) -> None:
        """Show the events after the first layout, then every second."""
        self.call_after_refresh(self.show)
        self.set_interval(_TICK_S, self.show)

    def on_resize(self) -> None:
        """Wrap for the new width."""
        self.call_after_refresh(self.show)

    def show(self) -> None:
        """Show what is known so far."""
        past = self._past
        events = [*(past.earlier_events if past else ()), *self._events]
        width = self.table.scrollable_content_region.width - MARGIN
        self.table.rows = self._away_rows(width) | self._event_rows(events, width)
        self.table.set_rows([*self.table.rows])
        self.table.repaint_changed()
        words = f"{plural(len(events), 'event')} · newest first"
        self._title.say((Piece("what happened ", "title"), Piece(words, "muted")))

    def _away_rows(self, width: int) -> dict[str, AwayRow]:
        past = self._past
        if past is None or past.away is None:
            return {}
        rows = [*away_rows(past.away, width), AwayRow(())]
        return {f"away {number}": row for number, row in enumerate(rows)}

    def _event_rows(self, events: "Sequence[Event]", width: int) -> dict[str, AwayRow]:
        """Return the lines of the events by ids that stay when newer ones are added above."""
        now, rows = self._now(), dict[str, AwayRow]()
        for index, (event, lines) in enumerate(listed_events(events, now, width)):
            for part, line in enumerate(lines):
                rows[f"{len(events) - index}.{part}"] = AwayRow(line, event.run_id)
        if not rows:
            rows = {"none": AwayRow(event_lines((), now, width)[0])}
        if self._past is not None and self._past.begins_now:
            for part, words in enumerate(wrap(history_begins_now(), max(_NARROWEST, width))):
                rows[f"begins.{part}"] = AwayRow((Piece(words, "muted"),))
        return rows

    def on_virtual_table_opened(self, event: VirtualTable.Opened) -> None:
        """Go to the run that the row is about."""
        if run_id := self.table.rows[event.row_id].run_id:
            self.dismiss(run_id)
