"""The last two dialogs of a start: the review before the request is sent, and the wait for its outcome."""

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Button, Static

from runloop_tui.present.starting import consequences, request_lines
from runloop_tui.ui.dialogs.confirm import AnswerDialog
from runloop_tui.ui.widgets.lines_view import LinesView

if TYPE_CHECKING:
    from textual import events
    from textual.app import ComposeResult

    from runloop_tui.api.models import Benchmark
    from runloop_tui.monitor.start_run import StartRequest


_WIDEST, _NARROWEST = 84, 20
"""The width of the dialog in cells, as in the styles."""
_FRAME = 7
"""Cells of the border, the padding and the scrollbar."""


class ReviewStartDialog(AnswerDialog):
    """Shows all that will be sent, and what follows from it."""

    def __init__(self, request: "StartRequest", benchmark: "Benchmark") -> None:
        super().__init__()
        self._request = request
        self._benchmark = benchmark
        self.view = LinesView(id="review-view")
        self.view.can_focus = False

    def compose(self) -> "ComposeResult":
        """Yield the request, its consequences, the two answers."""
        self._write(
            self.app.size.width
        )  # not after the layout: the question must never be shown without it
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
        """Fit the request to the width."""
        self._write(event.size.width)

    def _write(self, screen_width: int) -> None:
        width = max(_NARROWEST, min(_WIDEST, screen_width) - _FRAME)
        self.view.say(request_lines(self._request, self._benchmark, width))


class WaitingDialog(ModalScreen[None]):
    """Shown until `close`; Esc leaves it, and the request goes on."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,q", "leave", "Do not wait here")]

    def __init__(self, words: str) -> None:
        super().__init__()
        self._words = words
        self.was_left = False

    def compose(self) -> "ComposeResult":
        """Yield the words."""
        with Vertical(classes="dialog"):
            yield Static(Content(self._words), classes="dialog-text")
            yield Static(
                Content("Esc: do not wait here; the outcome will be shown"), classes="dialog-hint"
            )

    def action_leave(self) -> None:
        """Leave the dialog, not the request."""
        self.was_left = True
        self.dismiss()

    async def close(self) -> None:
        """Dismiss it, unless it was left."""
        if not self.was_left:
            await self.dismiss()
