"""What the dialogs with two answers have in common: the harmless one has the focus, and Enter alone does nothing."""

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.screen import ModalScreen

if TYPE_CHECKING:
    from textual.widgets import Button


class AnswerDialog(ModalScreen[bool]):
    """Gives True only where the other button was gone to and pressed.

    A subclass composes a container `.dialog` with the buttons `#no` and `#yes` in its `.dialog-foot`, which is in view
    at any size; what stands above it is scrolled where there is too little room.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,n", "answer_no", "No"),
        Binding("left,right,h,l", "other", "The other answer"),
        Binding("up,k", "scroll(-1)", "Up"),
        Binding("down,j", "scroll(1)", "Down"),
    ]
    AUTO_FOCUS = "#no"

    def on_button_pressed(self, event: "Button.Pressed") -> None:
        """Give the answer."""
        event.stop()
        self.dismiss(event.button.id == "yes")

    def action_answer_no(self) -> None:
        """Give the harmless answer; the other one has no key."""
        self.dismiss(result=False)

    def action_other(self) -> None:
        """Go to the other answer."""
        self.focus_next()

    def action_scroll(self, lines: int) -> None:
        """Scroll what stands above the answers."""
        self.query_one(".dialog").scroll_relative(y=lines, animate=False)
