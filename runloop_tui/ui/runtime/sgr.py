"""SGR escape sequences (CSI … m): attributes, foreground and background colour of cells."""

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
_MAX_CACHED = 4096


class Sgr(NamedTuple):
    """Parameters of an SGR sequence in three parts, each empty for the terminal's default."""

    attributes: str = ""
    foreground: str = ""
    background: str = ""

    def after(self, last: "Sgr") -> str:
        """Return the shortest sequence that changes the terminal from `last` to this."""
        if self == last:
            return ""
        if self.attributes != last.attributes:  # attributes can only be switched off together
            return f"\x1b[{';'.join(('0', *filter(None, self)))}m"
        changes = []
        if self.foreground != last.foreground:
            changes.append(self.foreground or "39")
        if self.background != last.background:
            changes.append(self.background or "49")
        return f"\x1b[{';'.join(changes)}m"


PLAIN = Sgr()


class SgrCache:
    """Converts Rich styles to SGR parameters for a terminal's colours; links and meta data are left out."""

    def __init__(self, colors: ColorSystem) -> None:
        self._colors = colors
        self._by_style: dict[Style, Sgr] = {}

    def of(self, style: Style | None) -> Sgr:
        """Return the parameters of a style."""
        if style is None:
            return PLAIN
        sgr = self._by_style.get(style)
        if sgr is None:
            if len(self._by_style) >= _MAX_CACHED:
                self._by_style.clear()
            sgr = self._by_style[style] = self._convert(style)
        return sgr

    def _convert(self, style: Style) -> Sgr:
        attributes = [code for name, code in _ATTRIBUTES.items() if getattr(style, name)]
        return Sgr(
            ";".join(attributes),
            self._codes(style.color, foreground=True),
            self._codes(style.bgcolor, foreground=False),
        )

    def _codes(self, color: Color | None, *, foreground: bool) -> str:
        if color is None or color.is_default:
            return ""
        return ";".join(color.downgrade(self._colors).get_ansi_codes(foreground))
