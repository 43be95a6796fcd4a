"""Text from outside, made harmless: the one place it passes before a person sees it.

What the network sends may hold escape sequences, control characters, bidirectional overrides, broken surrogates,
or characters on whose width Rich and terminals disagree; and it may repeat the key. `safe` leaves nothing of these in
a text; `cut` fits it into a width and marks the cut. Neither reads markup, and what they return must never be parsed as
markup.
"""

import re
import unicodedata
from functools import lru_cache

from rich.cells import cell_len, get_character_cell_size

from runloop_tui.api.redact import redact

CUT_MARK = "…"
LINE_BREAK_MARK = "⏎"
ESCAPE_MARK = "␛"
UNKNOWN_MARK = "�"

LONGEST = 4_096
"""Characters of one line that are looked at: a path fits, and a hostile name costs no more than that."""

_LONGEST_KEY = 512
_LOOKED_AT = LONGEST + _LONGEST_KEY
"""Somewhat more, so that a key is still whole that the cut would go through."""

_END_LOOKED_AT = 2_000
_TAB = 8
_MOST_MARKS = 2
"""Combining marks that one letter may carry; more is decoration that climbs over the neighbouring lines."""

# Each pattern stops at the next control character, so that none takes more than linear time.
_ESCAPES = re.compile(
    "(?:\x1b\\[|\x9b)[0-?]*+[ -/]*+[@-~]"  # CSI: colours, cursor movements
    # OSC, DCS, SOS, PM, APC, but only whole ones: a stray beginning must not swallow what follows
    "|(?:\x1b[\\]PX^_]|[\x9d\x90\x98\x9e\x9f])[^\x00-\x1f\x7f-\x9f]*+(?:\x07|\x1b\\\\|\x9c)"
    "|\x1b[ -/]*+[0-~]"  # two-character escapes
)
_COLOURS = re.compile("(?:\x1b\\[|\x9b)[0-9:;]*+m")
_BREAKS = re.compile("\r\n|[\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029]")
_REGIONAL_A = 0x1F1E6


def safe(text: str) -> str:
    """Make a text of one line that drives no terminal and whose width is what Rich says it is.

    An escape sequence becomes one ␛, a line break ⏎, another control character its picture (NUL is ␀). What goes
    beyond LONGEST is cut, and … says so. The key is masked by … after all that could hide it is gone. What is safe
    already stays as it is.
    """
    said = text[:_LOOKED_AT]
    if not (said.isascii() and said.isprintable()):
        said = _spell(_BREAKS.sub(LINE_BREAK_MARK, _ESCAPES.sub(ESCAPE_MARK, said)))
    said = redact(said)
    if len(text) > _LOOKED_AT or len(said) > LONGEST:
        return said[: LONGEST - 1] + CUT_MARK
    return said


def safe_name(*candidates: str) -> str:
    """Give the first of the candidates that shows anything once it is safe: a name may be invisible."""
    for candidate in candidates:
        if name := safe(candidate).strip():
            return name
    return "(no name)"


def safe_lines(text: str) -> list[str]:
    """Split what a program printed at its line breaks, and make each line safe.

    Tabs keep their columns; colours, which programs print as a matter of course, go without a mark.
    """
    return [_with_tabs(line) for line in _BREAKS.split(_without_key(_COLOURS.sub("", text)))]


def last_lines(text: str, most: int) -> list[str]:
    """Give the last lines that hold anything, made safe, the very last first.

    Only the end of a long text is looked at: outputs run to megabytes. A line that began before it starts with ….
    """
    text = text.rstrip()
    end = _without_key(_COLOURS.sub("", text[-_END_LOOKED_AT - _LONGEST_KEY :]))
    lines = _BREAKS.split(end[-_END_LOOKED_AT:])
    if len(text) > _END_LOOKED_AT:
        lines[0] = CUT_MARK + lines[0]
    said = (line for raw in reversed(lines) if (line := safe(raw).strip()))
    return [line for line, _ in zip(said, range(most), strict=False)]


def cut(text: str, width: int) -> str:
    """Fit a safe text into `width` cells, ending in … where something was left out."""
    if width <= 0:
        return ""
    if text.isascii():
        return text if len(text) <= width else text[: width - 1] + CUT_MARK
    used = kept = 0
    for index, character in enumerate(text, start=1):
        used += get_character_cell_size(character)
        if used > width:
            return text[:kept] + CUT_MARK
        if used < width:
            kept = index
    return text


def fit(text: str, width: int, *, right: bool = False) -> str:
    """Cut or pad a safe text to exactly `width` cells."""
    text = cut(text, width)
    padding = " " * (width - cell_len(text))
    return padding + text if right else text + padding


def _without_key(text: str) -> str:
    """Mask a key that goes over the end of a line; its line breaks stay."""
    return redact(_ESCAPES.sub(ESCAPE_MARK, text) if "\x1b" in text or "\x9b" in text else text)


def _with_tabs(line: str) -> str:
    """Make a line safe, its tabs as blanks up to the next multiple of 8 cells."""
    *before, last = line.split("\t")
    parts: list[str] = []
    column = 0
    for part in map(safe, before):
        column += cell_len(part)
        blanks = _TAB - column % _TAB
        parts += (part, " " * blanks)
        column += blanks
    return safe("".join((*parts, safe(last))))


def _spell(text: str) -> str:
    # Marks are bounded before they are put into order, which takes the square of their number, and all is looked
    # at again after it, because some characters fall into several.
    return _tame(unicodedata.normalize("NFC", _tame(text)))


def _tame(text: str) -> str:
    """Replace what is not safe; leave out marks that have nothing to stand on, or are too many on one letter."""
    kept: list[str] = []
    marks = 0
    for character in "".join(map(_replacement, text)):
        marks = 0 if get_character_cell_size(character) else marks + 1
        if marks == 0 or (marks <= _MOST_MARKS and kept and kept[-1] != " "):
            kept.append(character)
    return "".join(kept)


@lru_cache(maxsize=4096)
def _replacement(character: str) -> str:
    """What stands for one character: itself, a visible mark, or nothing."""
    code = ord(character)
    if code < 0x20:
        return " " if character == "\t" else chr(0x2400 + code)
    if code == 0x7F:
        return "␡"
    if _REGIONAL_A <= code < _REGIONAL_A + 26:  # half a flag
        return chr(ord("A") + code - _REGIONAL_A)
    if _changes_its_neighbour(code):
        return ""
    return _by_category(character)


def _by_category(character: str) -> str:
    category = unicodedata.category(character)
    if category == "Cf":  # zero-width and bidirectional controls
        return ""
    if category in {"Cc", "Cs", "Co", "Cn"}:  # C1, broken surrogates, private use, not assigned
        return UNKNOWN_MARK
    if category == "Zs" or character == "\u2800":  # a Braille pattern without dots
        return " "
    has_width = get_character_cell_size(character) > 0
    if category in {"Mn", "Me"} and has_width:
        return ""
    if category == "Mc" and not has_width:  # a vowel sign: no width to Rich, one cell to tmux
        return UNKNOWN_MARK
    return character


def _changes_its_neighbour(code: int) -> bool:
    """Variation selectors, skin tones, keycaps and fillers: terminals disagree on what they add to a width."""
    return (
        0xFE00 <= code <= 0xFE0F
        or 0xE0000 <= code <= 0xE01EF
        or 0x1F3FB <= code <= 0x1F3FF
        or code in {0x20E3, 0x115F, 0x1160, 0x3164, 0xFFA0, 0x180B, 0x180C, 0x180D, 0x180F}
    )
