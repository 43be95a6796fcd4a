"""One hostile text through every function that makes text safe, cuts it, wraps it or searches it."""

import unicodedata

import pyte
from rich.cells import cell_len

from runloop_tui.logs.log_text import RawLine
from runloop_tui.logs.search import SearchQuery
from runloop_tui.logs.storage import archive_name
from runloop_tui.present.layout import Piece, cut_line, labelled, wrap
from runloop_tui.present.log_view import fold, shift, text_line, with_matches
from runloop_tui.present.text import CUT_MARK, cut, fit, safe, safe_lines, safe_name
from tests.fuzz.shown import assert_lines_safe, assert_safe

_WIDTHS = (2, 7, 30)
_COLUMNS = 60


def check_text(raw: str) -> str:
    """Look at what every function makes of it; say whether any of it had to be changed."""
    said = safe(raw)
    assert_safe(said, safe_name(raw), *safe_lines(raw))
    assert safe(said) == said
    assert unicodedata.normalize("NFC", said) == said
    assert len(said.splitlines()) <= 1
    for width in _WIDTHS:
        _check_in_width(said, width)
        assert_lines_safe(labelled("label", raw and said, width + 12), width + 12)
    _check_in_a_terminal(cut(said, _COLUMNS))
    _check_as_log_line(raw)
    _check_as_file_name(raw)
    return "as it was" if said == raw else "made safe"


def _check_in_width(said: str, width: int) -> None:
    shown = cut(said, width)
    assert cell_len(shown) <= width
    assert shown == said or (shown.endswith(CUT_MARK) and said.startswith(shown[:-1]))
    assert cell_len(fit(said, width)) == width
    assert cell_len(fit(said, width, right=True)) == width
    assert "".join(wrap(said, width)).replace(" ", "") == said.replace(" ", "")
    assert_lines_safe([cut_line((Piece(said), Piece(said)), width)], width)


def _check_in_a_terminal(shown: str) -> None:
    """A terminal writes it, moves its cursor by as many cells as were measured, and does nothing else."""
    screen = pyte.Screen(_COLUMNS + 1, 2)
    modes = set(screen.mode)
    pyte.Stream(screen).feed(shown)
    assert (screen.cursor.x, screen.cursor.y) == (cell_len(shown), 0)
    assert (screen.mode, screen.title, screen.icon_name) == (modes, "", "")
    assert screen.cursor.attrs == screen.default_char


def _check_as_log_line(raw: str) -> None:
    """As a line of a log file, whole and cut in the middle of a character, with what is searched for in it."""
    content = raw.encode(errors="surrogatepass")[:9_000]
    for head in (content, content[:-1], content[1:]):
        line = text_line(RawLine(head, len(content) + 1))
        for words in ("a", "e", raw[:2].lower()):
            found = with_matches(line, SearchQuery(words)) if words else line
            assert "".join(piece.text for piece in found) == "".join(piece.text for piece in line)
            assert_safe(*(piece.text for piece in found))
        for width in _WIDTHS:
            assert_lines_safe(fold(line, width), width)
            assert_lines_safe([shift(line, width, width)], width)


def _check_as_file_name(raw: str) -> None:
    name = archive_name(raw, raw)
    assert name.isascii()
    assert name.isprintable()
    assert len(name) <= 100
    assert not set(name) & set('/\\:*?"<>| ')
    assert name[0] not in ".-"
