"""Styles as what a terminal is told: attributes, colour, background."""

from typing import NamedTuple

from rich.color import Color, ColorSystem
from rich.style import Style

_ATTRIBUTES = {
    "bold": "1",
    "dim": "2",
    "italic": "3",
    "underline": "4",
    "blink": "5",
    "reverse": "7",
    "strike": "9",
}
_MOST_KEPT = 4096


class Pen(NamedTuple):
    """How cells are drawn: three parts of an SGR sequence, each empty where the terminal's own holds."""

    attributes: str = ""
    colour: str = ""
    background: str = ""

    def after(self, last: "Pen") -> str:
        """The sequence that changes the pen from `last` to this one."""
        if self == last:
            return ""
        if self.attributes != last.attributes:
            return (
                f"\x1b[{';'.join(('0', *filter(None, self)))}m"  # attributes go off only together
            )
        changes = []
        if self.colour != last.colour:
            changes.append(self.colour or "39")
        if self.background != last.background:
            changes.append(self.background or "49")
        return f"\x1b[{';'.join(changes)}m"


PLAIN = Pen()


class Pens:
    """The pens of styles, in the colours that a terminal has; links and other meta data are no matter of pens."""

    def __init__(self, colours: ColorSystem) -> None:
        self._colours = colours
        self._by_style: dict[Style, Pen] = {}

    def of(self, style: Style | None) -> Pen:
        """The pen of a style."""
        if style is None:
            return PLAIN
        pen = self._by_style.get(style)
        if pen is None:
            if len(self._by_style) >= _MOST_KEPT:
                self._by_style.clear()
            pen = self._by_style[style] = self._made(style)
        return pen

    def _made(self, style: Style) -> Pen:
        attributes = [code for name, code in _ATTRIBUTES.items() if getattr(style, name)]
        return Pen(
            ";".join(attributes),
            self._codes(style.color, foreground=True),
            self._codes(style.bgcolor, foreground=False),
        )

    def _codes(self, colour: Color | None, *, foreground: bool) -> str:
        if colour is None or colour.is_default:
            return ""
        return ";".join(colour.downgrade(self._colours).get_ansi_codes(foreground))
