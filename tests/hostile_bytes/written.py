"""A strict parser of what the program writes to its terminal: any sequence that is not known is wrong."""

import base64
import binascii
import re
import unicodedata
from dataclasses import dataclass, field

_TOKENS = re.compile(
    r"(?P<text>[^\x00-\x1f\x7f-\x9f]+)"
    r"|(?P<string>\x1b[\]PX^_].*?(?:\x07|\x1b\\))"
    r"|(?P<sequence>\x1b\[[0-?]*[ -/]*[@-~])"
    r"|(?P<control>.)",
    re.DOTALL,
)
_COLOR = r"[34]8;2;[0-9]+;[0-9]+;[0-9]+"
_SGR = rf"(?:[0-4]|7|9|2[1-9]|[34]9|{_COLOR})"
_DRAWING = re.compile(
    r"\x1b\[(?:"
    rf"{_SGR}(?:;{_SGR})*m"
    r"|[1-9][0-9]*;[1-9][0-9]*H"  # cursor position
    r"|6n"  # cursor-position request
    r"|22;2t"  # save the window title
    r")"
)
_MODES = "7|25|1000|1003|1004|1006|1015|1016|1049|2004|2026|2048"
_BEFORE_AND_AFTER = re.compile(
    r"\x1b\[(?:"
    rf"\?(?:{_MODES})[hl]"
    r"|\?(?:2026|2048)\$p"  # mode queries
    r"|>[0-9]+u|<u"  # Kitty keyboard protocol, on and off
    r"|23;2t"  # restore the window title
    r")"
)
_PLACED = re.compile(r"\x1b\[[0-9]+;[0-9]+H")
_POINTER = re.compile(r"\x1b\]22;(?:default|pointer|text)\x07")
_TITLE = re.compile(r"\x1b\]2;([^\x00-\x1f\x7f-\x9f]*)\x07")
_COPIED = re.compile(r"\x1b\]52;c;([A-Za-z0-9+/=]*)\x07")
_LEFT_THE_SCREEN = "\x1b[?1049l"
_UNSAFE = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


@dataclass(slots=True)
class Written:
    """The parsed output of a program."""

    text: str = ""
    """The characters that were shown, in the order in which they were written."""
    titles: list[str] = field(default_factory=list)
    copied: list[str] = field(default_factory=list)
    """Texts that were copied to the clipboard (OSC 52)."""
    wrong: list[str] = field(default_factory=list)
    """Sequences and control characters that this program never writes."""


def read_strictly(output: bytes) -> Written:
    """Parse the output of a program.

    Mode switches are allowed before the first cell and after the last, line breaks after the alternate screen was
    left, where the exit message is written.
    """
    written = Written()
    try:
        said = output.decode()
    except UnicodeDecodeError as error:
        written.wrong.append(f"not UTF-8: {output[error.start : error.end]!r}")
        said = output.decode(errors="replace")
    places = [place.start() for place in _PLACED.finditer(said)]
    first, last = (places[0], places[-1]) if places else (len(said), len(said))
    goodbye = said.find(_LEFT_THE_SCREEN, last)
    for token in _TOKENS.finditer(said):
        piece, at = token.group(), token.start()
        match token.lastgroup:
            case "text":
                _take_text(piece, written)
            case "string":
                _take_string(piece, written)
            case "sequence" if _DRAWING.fullmatch(piece):
                pass
            case "sequence" if not first < at < last and _BEFORE_AND_AFTER.fullmatch(piece):
                pass
            case "control" if piece in "\r\n" and 0 <= goodbye < at:
                pass
            case kind:
                written.wrong.append(f"{kind} {piece!r}")
    return written


def _take_text(piece: str, written: Written) -> None:
    written.text += piece
    written.wrong += [
        f"character U+{ord(character):04X}"
        for character in piece
        if unicodedata.category(character) in _UNSAFE
    ]


def _take_string(piece: str, written: Written) -> None:
    if title := _TITLE.fullmatch(piece):
        written.titles.append(title[1])
    elif copied := _COPIED.fullmatch(piece):
        written.copied.append(_decoded(copied[1], written))
    elif not _POINTER.fullmatch(piece):
        written.wrong.append(f"string {piece!r}")


def _decoded(copied: str, written: Written) -> str:
    try:
        return base64.b64decode(copied, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        written.wrong.append(f"to the clipboard {copied!r}")
        return ""
