"""All that will be sent to start a run, shown before it is sent; the harmless answer has the focus."""

from typing import TYPE_CHECKING

from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Button, Static

from runloop_tui.present.starting import consequences, request_lines
from runloop_tui.ui.dialogs.answering import AnswerDialog
from runloop_tui.ui.widgets.lines_view import LinesView

if TYPE_CHECKING:
    from textual import events
    from textual.app import ComposeResult

    from runloop_tui.api.models import Benchmark
    from runloop_tui.monitor.start_run import StartRequest

_WIDEST, _NARROWEST = 84, 20
"""The width of the dialog; the styles say the same."""
_FRAME = 7
"""Border, padding, and the bar that scrolls."""


class ReviewStartDialog(AnswerDialog):
    """Gives True only where the other button was gone to and pressed."""

    def __init__(self, request: "StartRequest", benchmark: "Benchmark") -> None:
        super().__init__()
        self._request = request
        self._benchmark = benchmark
        self.view = LinesView(id="review-view")
        self.view.can_focus = False

    def compose(self) -> "ComposeResult":
        """What will be sent, what that brings about, the two answers."""
        self._write(
            self.app.size.width
        )  # now, not after the layout: it must never be asked without
        with Vertical(classes="dialog"):
            yield Static(Content("Start this run?"), classes="dialog-title")
            yield self.view
            yield Static(Content(consequences(self._benchmark)), classes="dialog-text")
            with Vertical(classes="dialog-foot"):
                with Horizontal(classes="dialog-buttons"):
                    yield Button(Content("Change it"), id="no")
                    yield Button(Content("Start it"), id="yes", variant="primary")
                yield Static(
                    Content("← → or Tab, then Enter · Esc goes back · ↑ ↓ scroll"),
                    classes="dialog-hint",
                )

    def on_resize(self, event: "events.Resize") -> None:
        """Write it as wide as there is room."""
        self._write(event.size.width)

    def _write(self, screen_width: int) -> None:
        width = max(_NARROWEST, min(_WIDEST, screen_width) - _FRAME)
        self.view.say(request_lines(self._request, self._benchmark, width))
