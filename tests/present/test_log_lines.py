"""Lines of logs made safe, broken into rows, shifted, and marked."""

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from runloop_tui.logs.log_text import RawLine
from runloop_tui.logs.search import SearchQuery
from runloop_tui.present.cells import Line, Piece
from runloop_tui.present.log_lines import fold, safe_log_text, shift, text_line, with_matches


def words(line: Line) -> str:
    return "".join(piece.text for piece in line)


def test_nothing_in_a_line_can_drive_the_terminal() -> None:
    hostile = b"\x1b]0;owned\x07\x1b[2J\x1b[31mred\x1b[0m\x00\x07\x9b5A\xc2\x9b1;1H\xff ok"
    shown = words(text_line(RawLine(hostile, len(hostile))))

    assert shown.isprintable()
    assert shown.endswith(" ok")
    assert "red" in shown


def test_colours_go_without_a_mark_tabs_keep_their_columns_and_a_carriage_return_shows() -> None:
    assert safe_log_text("\x1b[1;31mFAILED\x1b[0m") == "FAILED"
    assert safe_log_text("a\tb") == "a       b"
    assert safe_log_text("10%\r20%\r") == "10%⏎20%"


def test_a_line_longer_than_what_was_read_says_how_long_it_is() -> None:
    line = text_line(RawLine(b"x" * 1_000, 100_000_000))

    assert words(line) == "x" * 1_000 + "… 100.0 MB in this line"


def test_a_long_line_is_shown_as_far_as_it_was_read() -> None:
    text = "väter " * 3_000

    assert safe_log_text(text) == text


@given(st.text(max_size=2_000))
def test_any_text_becomes_one_that_is_printable(text: str) -> None:
    assert all(part.isprintable() for part in safe_log_text(text))


def test_a_line_is_broken_at_the_width_and_keeps_its_tones() -> None:
    line = (Piece("abc", "muted"), Piece("defgh", "bad"))

    assert fold(line, 4) == [
        (Piece("abc", "muted"), Piece("d", "bad")),
        (Piece("efgh", "bad"),),
    ]


def test_an_empty_line_is_one_empty_row() -> None:
    assert fold((), 10) == [()]
    assert fold((Piece(""),), 10) == [()]


@given(st.lists(st.text("ab日本é", max_size=20), max_size=4), st.integers(2, 12))
def test_no_row_is_too_wide_and_together_they_are_the_line(parts: list[str], width: int) -> None:
    line = tuple(map(Piece, parts))

    rows = fold(line, width)

    assert "".join(map(words, rows)) == words(line)
    assert all(cell_len(words(row)) <= width for row in rows)


def test_a_line_is_shifted_and_its_end_marked() -> None:
    line = (Piece("abc", "muted"), Piece("defgh", "bad"))

    assert words(shift(line, 0, 8)) == "abcdefgh"
    assert words(shift(line, 0, 5)) == "abcd…"
    assert shift(line, 4, 3) == (Piece("ef…", "bad"),)
    assert shift(line, 8, 5) == ()


def test_what_was_searched_for_stands_out_every_time_it_occurs() -> None:
    line = (Piece("an Error and an error", "muted"), Piece("no more"))

    assert with_matches(line, SearchQuery("error")) == (
        Piece("an ", "muted"),
        Piece("Error", "found"),
        Piece(" and an ", "muted"),
        Piece("error", "found"),
        Piece("no more"),
    )
    assert words(with_matches(line, SearchQuery("Error"))) == words(line)
    assert with_matches(line, None) == line


@given(st.text("abA", max_size=30), st.text("ab", min_size=1, max_size=2))
def test_marking_changes_no_text(text: str, needle: str) -> None:
    assert words(with_matches((Piece(text),), SearchQuery(needle))) == text
