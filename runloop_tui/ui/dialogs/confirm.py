"""Dialogs with two answers: the harmless one has the focus, so that Enter alone changes nothing."""

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Button, Static

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from runloop_tui.present.questions import Question


class AnswerDialog(ModalScreen[bool]):
    """Returns True only if the button `#yes` was focused and pressed.

    A subclass composes a container `.dialog` with the buttons `#no` and `#yes` in its `.dialog-foot`, which is docked
    at the bottom; the rest of the dialog scrolls if it does not fit.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,n", "answer_no", "No"),
        Binding("left,right,h,l", "other", "The other answer"),
        Binding("up,k", "scroll(-1)", "Up"),
        Binding("down,j", "scroll(1)", "Down"),
    ]
    AUTO_FOCUS = "#no"

    def on_button_pressed(self, event: "Button.Pressed") -> None:
        """Return the answer."""
        event.stop()
        self.dismiss(event.button.id == "yes")

    def action_answer_no(self) -> None:
        """Return False; there is no key for True."""
        self.dismiss(result=False)

    def action_other(self) -> None:
        """Focus the other answer."""
        self.focus_next()

    def action_scroll(self, lines: int) -> None:
        """Scroll the dialog above its answers."""
        self.query_one(".dialog").scroll_relative(y=lines, animate=False)


class ConfirmDialog(AnswerDialog):
    """A question with two answers."""

    def __init__(self, question: "Question", *, dangerous: bool) -> None:
        super().__init__()
        self._question = question
        self._dangerous = dangerous

    def compose(self) -> "ComposeResult":
        """Yield the title, the lines, the two answers."""
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
