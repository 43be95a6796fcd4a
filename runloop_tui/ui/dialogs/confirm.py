"""A question before something happens: the harmless answer has the focus, and Enter alone does nothing."""

from typing import TYPE_CHECKING

from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Button, Static

from runloop_tui.ui.dialogs.answering import AnswerDialog

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from runloop_tui.present.questions import Question


class ConfirmDialog(AnswerDialog):
    """Asks a question; gives True only where the other button was gone to and pressed."""

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
            with Vertical(classes="dialog-foot"):
                with Horizontal(classes="dialog-buttons"):
                    yield Button(Content(question.no), id="no")
                    yield Button(
                        Content(question.yes),
                        id="yes",
                        variant="error" if self._dangerous else "primary",
                    )
                yield Static(
                    Content("← → or Tab, then Enter · Esc leaves all as it is"),
                    classes="dialog-hint",
                )
