"""The two themes, the stylesheets, and lines of text rendered in the styles of their tones (styles/tones.tcss)."""

from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args
from weakref import WeakKeyDictionary

from rich.segment import Segment
from textual.strip import Strip
from textual.theme import Theme

from runloop_tui.present.layout import Line, Tone

if TYPE_CHECKING:
    from rich.style import Style
    from textual.app import App
    from textual.widget import Widget

DARK = Theme(
    name="runloop-dark",
    primary="#7aa2f7",
    secondary="#89ddff",
    accent="#7dcfff",
    success="#7fc98a",
    warning="#e0af68",
    error="#f7768e",
    foreground="#c8d0e0",
    background="#12151c",
    surface="#171b24",
    panel="#1f2530",
    dark=True,
    variables={"muted": "#7f889c", "cursor": "#2c3a5e", "cursor-resting": "#232a38"},
)

LIGHT = Theme(
    name="runloop-light",
    primary="#2b59c3",
    secondary="#0b6e99",
    accent="#0b6e99",
    success="#1f7a34",
    warning="#8a5a00",
    error="#b3213f",
    foreground="#20242c",
    background="#f7f8fa",
    surface="#eef0f4",
    panel="#e0e4eb",
    dark=False,
    variables={"muted": "#666e7d", "cursor": "#c3d3f7", "cursor-resting": "#dde3ee"},
)

TONE_CLASSES = frozenset(f"tone--{tone}" for tone in get_args(Tone))
"""Component classes of the app: on a widget class, each widget would match them against the stylesheets anew."""

_PACKAGE = Path(__file__).parent.parent
_styles_by_tone: "WeakKeyDictionary[App[Any], dict[str, Style]]" = WeakKeyDictionary()


def stylesheets() -> list[Path]:
    """Return the .tcss files of the app in the order of loading, from the package or the top of a checkout."""
    packaged = _PACKAGE / "styles"
    folder = packaged if packaged.is_dir() else _PACKAGE.parent / "styles"
    return sorted(folder.glob("*.tcss"))


def paint(line: Line, width: int, widget: "Widget", over: "Style | None" = None) -> Strip:
    """Render a line over a widget's background, cropped or padded to `width`; `over` is a style on top of it."""
    base = widget.rich_style
    ground = base + over if over is not None else base
    segments: list[Segment] = []
    for piece in line:
        style = base + _style(piece.tone, widget.app)
        segments.append(Segment(piece.text, style + over if over is not None else style))
    return Strip(segments).adjust_cell_length(width, ground)


def clear_tone_styles(app: "App[Any]") -> None:
    """Drop the cached styles of an app; call it before its stylesheets are reloaded."""
    _styles_by_tone.pop(app, None)


def _style(tone: Tone, app: "App[Any]") -> "Style":
    known = _styles_by_tone.setdefault(app, {})
    if tone not in known:
        known[tone] = app.get_component_styles(f"tone--{tone}").partial_rich_style
    return known[tone]
