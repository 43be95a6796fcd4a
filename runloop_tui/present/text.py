"""Sanitizing of text from outside: all of it passes here before it is shown.

What the network sends may hold escape sequences, control characters, bidirectional overrides, broken surrogates,
or characters on whose width Rich and terminals disagree; and it may repeat the API key. `safe` removes all of these;
`cut` fits a safe text into a width and marks the cut. Neither parses markup, and the result must never be parsed as
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
"""Characters of one line that are processed: enough for a path, and a bound on the cost of a hostile name."""

_LONGEST_KEY = 512
_LOOKED_AT = LONGEST + _LONGEST_KEY
"""With the longest key on top, so that a key across the cut is masked before it is cut."""

_MOST_LINES = 8
_TAB = 8
_MOST_MARKS = 2
"""Combining marks kept on one base character; more would be drawn over the neighbouring lines."""

# Each pattern stops at the next control character, so that matching takes linear time.
_ESCAPES = re.compile(
    "(?:\x1b\\[|\x9b)[0-?]*+[ -/]*+[@-~]"  # CSI: colours, cursor movements
    # OSC, DCS, SOS, PM, APC, only terminated ones: an unterminated one must not swallow the text behind it
    "|(?:\x1b[\\]PX^_]|[\x9d\x90\x98\x9e\x9f])[^\x00-\x1f\x7f-\x9f]*+(?:\x07|\x1b\\\\|\x9c)"
    "|\x1b[ -/]*+[0-~]"  # two-character escapes
)
_COLOURS = re.compile("(?:\x1b\\[|\x9b)[0-9:;]*+m")
_BREAKS = re.compile("\r\n|[\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029]")
_REGIONAL_A = 0x1F1E6


def safe(text: str) -> str:
    """Return the text as one line without control characters, whose width in a terminal is the one Rich computes.

    An escape sequence becomes one ␛, a line break ⏎, another control character its picture (NUL is ␀). Text
    beyond LONGEST is cut, marked by …. The API key is masked after everything that could hide it is removed. A safe
    text is returned unchanged.
    """
    line = text[:_LOOKED_AT]
    if not (line.isascii() and line.isprintable()):
        line = _sanitize(_BREAKS.sub(LINE_BREAK_MARK, _ESCAPES.sub(ESCAPE_MARK, line)))
    line = redact(line)
    if len(text) > _LOOKED_AT or len(line) > LONGEST:
        return line[: LONGEST - 1] + CUT_MARK
    return line


def safe_name(*candidates: str) -> str:
    """Return the first candidate that is visible once it is safe; "(no name)" where none is."""
    for candidate in candidates:
        if name := safe(candidate).strip():
            return name
    return "(no name)"


def safe_lines(text: str) -> list[str]:
    """Split a program's output at its line breaks, and make each line safe.

    Tabs become blanks up to the next tab stop; SGR sequences (colours) are removed without a mark.
    """
    return [_with_tabs(line) for line in _BREAKS.split(_without_key(_COLOURS.sub("", text)))]


def first_lines(text: str) -> str:
    """Return a safe text of several lines; of more than 8 the first ones, and how many more there are."""
    lines = text.split("\n")
    if len(lines) <= _MOST_LINES:
        return text
    shown = lines[: _MOST_LINES - 1]
    return "\n".join((*shown, f"and {len(lines) - len(shown):,} more"))


def cut(text: str, width: int) -> str:
    """Fit a safe text into `width` cells, ending in … where something was cut off."""
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
    """Mask a key that spans lines; its line breaks are kept."""
    return redact(_ESCAPES.sub(ESCAPE_MARK, text) if "\x1b" in text or "\x9b" in text else text)


def _with_tabs(line: str) -> str:
    """Make a line safe, with each tab replaced by blanks up to the next multiple of 8 cells."""
    *before, last = line.split("\t")
    parts: list[str] = []
    column = 0
    for part in map(safe, before):
        column += cell_len(part)
        blanks = _TAB - column % _TAB
        parts += (part, " " * blanks)
        column += blanks
    return safe("".join((*parts, safe(last))))


def _sanitize(text: str) -> str:
    # Combining marks are limited before normalization, which sorts them in quadratic time; and the result is
    # replaced again, since normalization decomposes some characters into several.
    return _replace_unsafe(unicodedata.normalize("NFC", _replace_unsafe(text)))


def _replace_unsafe(text: str) -> str:
    """Replace unsafe characters; drop combining marks without a base character, or beyond `_MOST_MARKS` on one."""
    kept: list[str] = []
    marks = 0
    for character in "".join(map(_replacement, text)):
        marks = 0 if get_character_cell_size(character) else marks + 1
        if marks == 0 or (marks <= _MOST_MARKS and kept and kept[-1] != " "):
            kept.append(character)
    return "".join(kept)


@lru_cache(maxsize=4096)
def _replacement(character: str) -> str:
    """Return the replacement of one character: itself, a visible mark, or nothing."""
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
    """Return whether terminals disagree on the width it adds: variation selectors, skin tones, keycaps, fillers."""
    return (
        0xFE00 <= code <= 0xFE0F
        or 0xE0000 <= code <= 0xE01EF
        or 0x1F3FB <= code <= 0x1F3FF
        or code in {0x20E3, 0x115F, 0x1160, 0x3164, 0xFFA0, 0x180B, 0x180C, 0x180D, 0x180F}
    )
