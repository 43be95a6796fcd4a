"""The line above a pane: what it shows, drawn on through to the right edge."""

from rich.cells import cell_len

from runloop_tui.present.layout import Line, Piece
from runloop_tui.ui.widgets.line_bar import LineBar


class PaneTitle(LineBar):
    """A pane's title in a rule."""

    def __init__(self) -> None:
        super().__init__(classes="pane-title")

    def whole_line(self) -> Line:
        """The title, and the rule behind it."""
        said = super().whole_line()
        used = sum(cell_len(piece.text) for piece in said) + 3
        rule = "─" * max(0, self.size.width - used)
        return (Piece("─ ", "muted"), *said, Piece(f" {rule}", "muted"))


def pane_title(number: int, text: str, rest: str = "") -> Line:
    """A title: the key that goes to the pane, its name, and more."""
    pieces = [Piece(f"{number} ", "muted"), Piece(text, "title")]
    if rest:
        pieces.append(Piece(f" · {rest}", "muted"))
    return tuple(pieces)
