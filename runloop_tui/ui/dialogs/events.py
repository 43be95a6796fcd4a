"""What has happened since the app was started: whatever was told, and when."""

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen

from runloop_tui.present.layout import Piece
from runloop_tui.present.notifications import Event, event_lines
from runloop_tui.present.units import plural
from runloop_tui.ui.widgets.keys_footer import KeysFooter
from runloop_tui.ui.widgets.lines_view import LinesView
from runloop_tui.ui.widgets.pane_title import PaneTitle

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from textual.app import ComposeResult

_TICK_S = 1.0


class EventsDialog(ModalScreen[None]):
    """Lists the events, the newest first, and goes on while it is open."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,e", "dismiss", "Back", key_display="Esc"),
    ]

    def __init__(self, told: "Sequence[Event]", now: "Callable[[], int]") -> None:
        super().__init__()
        self._told = told
        self._now = now
        self._title = PaneTitle()
        self._view = LinesView(id="events-view")

    def compose(self) -> "ComposeResult":
        """The title and the lines."""
        with Vertical(classes="dialog"):
            yield self._title
            yield self._view
        yield KeysFooter()

    def on_mount(self) -> None:
        """Show them once there is a width, and go on with what comes."""
        self.call_after_refresh(self.show)
        self.set_interval(_TICK_S, self.show)

    def on_resize(self) -> None:
        """Break the lines anew."""
        self.call_after_refresh(self.show)

    def show(self) -> None:
        """Show what was told by now."""
        self._view.say(event_lines(self._told, self._now(), self._view.size.width))
        words = f"{plural(len(self._told), 'event')} · newest first"
        self._title.say((Piece("what happened ", "title"), Piece(words, "muted")))
