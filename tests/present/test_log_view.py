"""Lines of logs made safe, wrapped, shifted and marked; the position line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from runloop_tui.logs.log_text import RawLine
from runloop_tui.logs.search import SearchQuery
from runloop_tui.present.layout import Piece
from runloop_tui.present.log_view import (
    LogPosition,
    SearchStatus,
    fold,
    place_line,
    safe_log_text,
    shift,
    text_line,
    with_matches,
)
from tests.present.building import text_of


def said(place: LogPosition, finding: SearchStatus | None = None, width: int = 120) -> str:
    return text_of(place_line(place, finding, width))


def test_nothing_in_a_line_can_drive_the_terminal() -> None:
    hostile = b"\x1b]0;owned\x07\x1b[2J\x1b[31mred\x1b[0m\x00\x07\x9b5A\xc2\x9b1;1H\xff ok"
    shown = text_of(text_line(RawLine(hostile, len(hostile))))

    assert shown.isprintable()
    assert shown.endswith(" ok")
    assert "red" in shown


def test_colours_go_without_a_mark_tabs_keep_their_columns_and_a_carriage_return_shows() -> None:
    assert safe_log_text("\x1b[1;31mFAILED\x1b[0m") == "FAILED"
    assert safe_log_text("a\tb") == "a       b"
    assert safe_log_text("10%\r20%\r") == "10%⏎20%"


def test_a_line_longer_than_what_was_read_says_how_long_it_is() -> None:
    line = text_line(RawLine(b"x" * 1_000, 100_000_000))

    assert text_of(line) == "x" * 1_000 + "… 100.0 MB in this line"


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

    assert "".join(map(text_of, rows)) == text_of(line)
    assert all(cell_len(text_of(row)) <= width for row in rows)


def test_a_line_is_shifted_and_its_end_marked() -> None:
    line = (Piece("abc", "muted"), Piece("defgh", "bad"))

    assert text_of(shift(line, 0, 8)) == "abcdefgh"
    assert text_of(shift(line, 0, 5)) == "abcd…"
    assert shift(line, 4, 3) == (Piece("ef…", "bad"),)
    assert shift(line, 8, 5) == ()


def test_every_match_is_marked() -> None:
    line = (Piece("an Error and an error", "muted"), Piece("no more"))

    assert with_matches(line, SearchQuery("error")) == (
        Piece("an ", "muted"),
        Piece("Error", "found"),
        Piece(" and an ", "muted"),
        Piece("error", "found"),
        Piece("no more"),
    )
    assert text_of(with_matches(line, SearchQuery("Error"))) == text_of(line)
    assert with_matches(line, None) == line


@given(st.text("abA", max_size=30), st.text("ab", min_size=1, max_size=2))
def test_marking_changes_no_text(text: str, search_query: str) -> None:
    assert text_of(with_matches((Piece(text),), SearchQuery(search_query))) == text


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        (LogPosition(0, 37, 2_700_000), "line 1–38 of 2,700,000"),
        (LogPosition(4, 4, 5), "line 5 of 5"),
        (LogPosition(0, 0, 0), "no lines"),
        (LogPosition(0, 9, 10, follows=True), "line 1–10 of 10  follows"),
        (LogPosition(0, 9, 10, wraps=True), "line 1–10 of 10  wrapped"),
        (LogPosition(0, 9, 10, left=16), "line 1–10 of 10  from column 17"),
    ],
)
def test_the_position_counts_lines_from_1(place: LogPosition, expected: str) -> None:
    assert said(place) == expected


@pytest.mark.parametrize(
    ("finding", "expected"),
    [
        (SearchStatus("x", 0), "no match for x"),
        (SearchStatus("x", 17, 3), "match 3 of 17"),
        (SearchStatus("x", 17), "17 matching lines"),
        (SearchStatus("x", 1_000_000, 3, is_full=True), "match 3 of 1,000,000 or more"),
        (SearchStatus("x", 17, 1, has_wrapped=True), "match 1 of 17  went round the end"),
        (SearchStatus("x", 2, fraction=0.38), "searching x… 38%, 2 so far"),
        (SearchStatus("a\x1b[2Jb" + "c" * 90, 0), "no match for a␛b" + "c" * 20 + "…"),
    ],
)
def test_the_state_of_a_search_is_shown(finding: SearchStatus, expected: str) -> None:
    assert said(LogPosition(0, 9, 100), finding) == f"line 1–10 of 100  {expected}"


def test_a_narrow_screen_cuts_it() -> None:
    assert len(said(LogPosition(0, 9, 100), SearchStatus("words", 0), 20)) == 20


def test_a_failed_search_is_not_shown_as_one_without_matches() -> None:
    text = said(LogPosition(0, 9, 10), SearchStatus("error", 0, has_failed=True))
    assert "the search for error broke off" in text
    assert "no match" not in text
