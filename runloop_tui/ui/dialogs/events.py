"""The events since the start: every long notification, and when it was shown."""

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen

from runloop_tui.present.layout import Piece
from runloop_tui.present.notifications import Event, event_lines
from runloop_tui.present.units import plural
from runloop_tui.ui.widgets.bars import KeysFooter, PaneTitle
from runloop_tui.ui.widgets.lines_view import LinesView

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from textual.app import ComposeResult

_TICK_S = 1.0


class EventsDialog(ModalScreen[None]):
    """Lists the events, newest first; updated every second."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,e", "dismiss", "Back", key_display="Esc"),
    ]

    def __init__(self, events: "Sequence[Event]", now: "Callable[[], int]") -> None:
        super().__init__()
        self._events = events
        self._now = now
        self._title = PaneTitle()
        self._view = LinesView(id="events-view")

    def compose(self) -> "ComposeResult":
        """Yield the title and the lines."""
        with Vertical(classes="dialog"):
            yield self._title
            yield self._view
        yield KeysFooter()

    def on_mount(self) -> None:
        """Show the events after the first layout, then every second."""
        self.call_after_refresh(self.show)
        self.set_interval(_TICK_S, self.show)

    def on_resize(self) -> None:
        """Wrap for the new width."""
        self.call_after_refresh(self.show)

    def show(self) -> None:
        """Show the events so far."""
        self._view.say(event_lines(self._events, self._now(), self._view.size.width))
        words = f"{plural(len(self._events), 'event')} · newest first"
        self._title.say((Piece("what happened ", "title"), Piece(words, "muted")))
