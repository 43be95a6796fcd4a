"""A question before something happens: the harmless answer has the focus, and Enter alone does nothing."""

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Button, Static

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from runloop_tui.present.questions import Question


class ConfirmDialog(ModalScreen[bool]):
    """Asks a question; gives True only where the other button was gone to and pressed."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,n", "answer(False)", "No"),
        Binding("left,right,h,l", "other", "The other answer"),
    ]
    AUTO_FOCUS = "#no"

    def __init__(self, question: "Question", *, dangerous: bool) -> None:
        super().__init__()
        self._question = question
        self._dangerous = dangerous

    def compose(self) -> "ComposeResult":
        """The title, the lines, the two answers."""
        question = self._question
        with Vertical(classes="dialog -dangerous" if self._dangerous else "dialog"):
            yield Static(Content(question.title), classes="dialog-title")
            yield Static(Content("\n".join(question.lines)), classes="dialog-text")
            with Horizontal():
                yield Button(Content(question.no), id="no")
                yield Button(
                    Content(question.yes),
                    id="yes",
                    variant="error" if self._dangerous else "primary",
                )
            yield Static(
                Content("← → or Tab, then Enter · Esc leaves all as it is"), classes="dialog-hint"
            )

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Give the answer."""
        self.dismiss(event.button.id == "yes")

    def action_answer(self, answer: bool) -> None:  # noqa: FBT001 - written in the binding
        """Give an answer by key; only the harmless one has a key."""
        self.dismiss(answer)

    def action_other(self) -> None:
        """Go to the other answer."""
        self.focus_next()
