"""The colours that Textual keeps for each widget it has ever painted, kept by their values instead."""

from functools import lru_cache

from textual._styles_cache import StylesCache
from textual.color import Color
from textual.style import Style


@lru_cache(maxsize=1024)
def _inner_and_outer(base_background: Color, background: Color) -> tuple[Style, Style]:
    return Style(background=base_background + background), Style(background=base_background)


def _of_a_widget(_: StylesCache, base_background: Color, background: Color) -> tuple[Style, Style]:
    return _inner_and_outer(base_background, background)


def let_go_of_widgets() -> None:
    """Have Textual hold no widget that is gone, only because of the colours it was painted in."""
    StylesCache.get_inner_outer = _of_a_widget  # type: ignore[method-assign,assignment]
