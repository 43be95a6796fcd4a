"""From pieces of text in tones to strips of styled cells; the styles stand in styles/tones.tcss."""

from typing import TYPE_CHECKING, Any, get_args
from weakref import WeakKeyDictionary

from rich.segment import Segment
from textual.strip import Strip

from runloop_tui.present.layout import Line, Tone

if TYPE_CHECKING:
    from rich.style import Style
    from textual.app import App
    from textual.widget import Widget

TONE_CLASSES = frozenset(f"tone--{tone}" for tone in get_args(Tone))
"""What the app adds to its COMPONENT_CLASSES: each widget that had them would match each of them anew."""

_tones: "WeakKeyDictionary[App[Any], dict[str, Style]]" = WeakKeyDictionary()


def paint(line: Line, width: int, widget: "Widget", over: "Style | None" = None) -> Strip:
    """Paint a line on the background of a widget, cut or filled to `width`; `over` is laid on top, as a cursor is."""
    base = widget.rich_style
    ground = base + over if over is not None else base
    segments: list[Segment] = []
    for piece in line:
        style = base + _style(piece.tone, widget.app)
        segments.append(Segment(piece.text, style + over if over is not None else style))
    return Strip(segments).adjust_cell_length(width, ground)


def forget_tones(app: "App[Any]") -> None:
    """The styles of the app are about to change."""
    _tones.pop(app, None)


def _style(tone: Tone, app: "App[Any]") -> "Style":
    known = _tones.setdefault(app, {})
    if tone not in known:
        known[tone] = app.get_component_styles(f"tone--{tone}").partial_rich_style
    return known[tone]
