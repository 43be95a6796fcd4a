"""Text from outside, made harmless: the one place it passes before a person sees it.

What the network sends may hold escape sequences, control characters, bidirectional overrides, broken surrogates,
or characters on whose width Rich and terminals disagree. `safe` leaves nothing of these in a text; `cut` fits it
into a width and marks the cut. Neither reads markup, and what they return must never be parsed as markup.
"""

import re
import unicodedata
from functools import lru_cache

from rich.cells import cell_len, get_character_cell_size

CUT_MARK = "…"
LINE_BREAK_MARK = "⏎"
ESCAPE_MARK = "␛"
UNKNOWN_MARK = "�"

_END_LOOKED_AT = 2_000
_MOST_COMBINING = 2
"""Marks that one letter may carry; more is decoration that climbs over the neighbouring lines."""

_ESCAPES = re.compile(
    "(?:\x1b\\[|\x9b)[0-?]*[ -/]*[@-~]"  # CSI: colours, cursor movements
    "|(?:\x1b[\\]PX^_]|[\x9d\x90\x98\x9e\x9f])[^\x07\x1b\x9c]*(?:\x07|\x1b\\\\|\x9c)?"  # OSC, DCS, SOS, PM, APC
    "|\x1b[ -/]*[0-~]"  # two-character escapes
)
_BREAKS = re.compile("\r\n|[\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029]")
_REGIONAL_A = 0x1F1E6


def safe(text: str) -> str:
    """Make a text of one line that drives no terminal and whose width is what Rich says it is.

    An escape sequence becomes one ␛, a line break ⏎, another control character its picture (NUL is ␀).
    """
    if text.isascii() and text.isprintable():
        return text
    text = _BREAKS.sub(LINE_BREAK_MARK, _ESCAPES.sub(ESCAPE_MARK, text))
    if text.isascii() and text.isprintable():
        return text
    return _spell(unicodedata.normalize("NFC", text))


def safe_lines(text: str) -> list[str]:
    """Split a text at its line breaks and make each line safe; tabs keep their columns (every 8)."""
    without_escapes = _ESCAPES.sub(ESCAPE_MARK, text)
    return [safe(line.expandtabs(8)) for line in _BREAKS.split(without_escapes)]


def last_lines(text: str, most: int) -> list[str]:
    """Give the last lines that hold anything, made safe, the very last first.

    Only the end of a long text is looked at: outputs run to megabytes.
    """
    end = _BREAKS.split(text[-_END_LOOKED_AT:].rstrip())
    return [safe(line.strip()) for line in reversed(end[-most:]) if line.strip()]


@lru_cache(maxsize=8192)
def cut(text: str, width: int) -> str:
    """Fit a safe text into `width` cells, ending in … where something was left out."""
    if width <= 0:
        return ""
    if cell_len(text) <= width:
        return text
    room = width - 1
    end = 0
    for end, character in enumerate(text):  # noqa: B007 - the index of the first that no longer fits
        room -= get_character_cell_size(character)
        if room < 0:
            break
    return text[:end] + CUT_MARK


def fit(text: str, width: int, *, right: bool = False) -> str:
    """Cut or pad a safe text to exactly `width` cells."""
    text = cut(text, width)
    padding = " " * (width - cell_len(text))
    return padding + text if right else text + padding


def _spell(text: str) -> str:
    out: list[str] = []
    combining = 0
    for character in text:
        replacement = _replacement(character)
        if unicodedata.combining(character):
            combining += 1
            if combining > _MOST_COMBINING or not out:
                continue
        elif replacement:
            combining = 0
        out.append(replacement)
    return "".join(out)


@lru_cache(maxsize=4096)
def _replacement(character: str) -> str:
    """What stands for one character: itself, a visible mark, or nothing."""
    code = ord(character)
    if code < 0x20:
        return " " if character == "\t" else chr(0x2400 + code)
    if code == 0x7F:
        return "␡"
    if 0x80 <= code <= 0x9F:
        return UNKNOWN_MARK
    if _REGIONAL_A <= code < _REGIONAL_A + 26:  # half a flag
        return chr(ord("A") + code - _REGIONAL_A)
    if _changes_its_neighbour(code):
        return ""
    category = unicodedata.category(character)
    if category == "Cf":  # zero-width and bidirectional controls
        return ""
    if category in {"Cs", "Co", "Cn"}:  # broken surrogates, private use, not assigned
        return UNKNOWN_MARK
    if category == "Zs":
        return " "
    if category in {"Mn", "Me"} and get_character_cell_size(character) != 0:
        return ""
    return character


def _changes_its_neighbour(code: int) -> bool:
    """Variation selectors, skin tones and keycaps: terminals disagree on what they add to a width."""
    return (
        0xFE00 <= code <= 0xFE0F
        or 0xE0000 <= code <= 0xE01EF
        or 0x1F3FB <= code <= 0x1F3FF
        or code in {0x20E3, 0x115F, 0x1160, 0x3164, 0xFFA0, 0x180B, 0x180C, 0x180D, 0x180F}
    )
