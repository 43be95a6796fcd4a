"""From pieces of text in tones to strips of styled cells; the styles stand in styles/tones.tcss."""

from typing import TYPE_CHECKING, get_args

from rich.segment import Segment
from textual.strip import Strip

from runloop_tui.present.cells import Line, Tone

if TYPE_CHECKING:
    from rich.style import Style
    from textual.widget import Widget

TONE_CLASSES = frozenset(f"tone--{tone}" for tone in get_args(Tone))
"""What a widget that paints lines adds to its COMPONENT_CLASSES."""


def paint(line: Line, width: int, widget: "Widget", over: "Style | None" = None) -> Strip:
    """Paint a line on the background of a widget, cut or filled to `width`; `over` is laid on top, as a cursor is."""
    base = widget.rich_style
    ground = base + over if over is not None else base
    segments: list[Segment] = []
    for piece in line:
        style = base + widget.get_component_rich_style(f"tone--{piece.tone}", partial=True)
        segments.append(Segment(piece.text, style + over if over is not None else style))
    return Strip(segments).adjust_cell_length(width, ground)
