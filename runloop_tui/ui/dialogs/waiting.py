"""Something that was sent is waited for; one need not wait here."""

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

if TYPE_CHECKING:
    from textual.app import ComposeResult


class WaitingDialog(ModalScreen[None]):
    """Stands until it is closed, or left with Esc: then what is waited for goes on all the same."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,q", "leave", "Do not wait here")]

    def __init__(self, words: str) -> None:
        super().__init__()
        self._words = words
        self.was_left = False

    def compose(self) -> "ComposeResult":
        """The words."""
        with Vertical(classes="dialog"):
            yield Static(Content(self._words), classes="dialog-text")
            yield Static(
                Content("Esc: do not wait here; the outcome will be told"), classes="dialog-hint"
            )

    def action_leave(self) -> None:
        """Wait no longer."""
        self.was_left = True
        self.dismiss()

    async def close(self) -> None:
        """Take it away, if it was not left."""
        if not self.was_left:
            await self.dismiss()
