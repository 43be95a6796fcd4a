"""What stands around a log: its place, its search, its troubles."""

import pytest

from runloop_tui.present.cells import Line
from runloop_tui.present.log_status import Finding, Place, place_line


def words(line: Line) -> str:
    return "".join(piece.text for piece in line)


def said(place: Place, finding: Finding | None = None, width: int = 120) -> str:
    return words(place_line(place, finding, width))


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        (Place(0, 37, 2_700_000), "line 1–38 of 2,700,000"),
        (Place(4, 4, 5), "line 5 of 5"),
        (Place(0, 0, 0), "no lines"),
        (Place(0, 9, 10, follows=True), "line 1–10 of 10  follows"),
        (Place(0, 9, 10, wraps=True), "line 1–10 of 10  wrapped"),
        (Place(0, 9, 10, left=16), "line 1–10 of 10  from column 17"),
    ],
)
def test_the_place_is_said_in_numbers_that_people_count_with(place: Place, expected: str) -> None:
    assert said(place) == expected


@pytest.mark.parametrize(
    ("finding", "expected"),
    [
        (Finding("x", 0), "no match for x"),
        (Finding("x", 17, 3), "match 3 of 17"),
        (Finding("x", 17), "17 matching lines"),
        (Finding("x", 1_000_000, 3, is_full=True), "match 3 of 1,000,000 or more"),
        (Finding("x", 17, 1, has_wrapped=True), "match 1 of 17  went round the end"),
        (Finding("x", 2, fraction=0.38), "searching x… 38%, 2 so far"),
        (Finding("a\x1b[2Jb" + "c" * 90, 0), "no match for a␛b" + "c" * 20 + "…"),
    ],
)
def test_how_a_search_stands_is_said(finding: Finding, expected: str) -> None:
    assert said(Place(0, 9, 100), finding) == f"line 1–10 of 100  {expected}"


def test_a_narrow_screen_cuts_it() -> None:
    assert len(said(Place(0, 9, 100), Finding("words", 0), 20)) == 20


def test_a_search_that_broke_off_is_not_told_as_one_that_has_found_nothing() -> None:
    text = said(Place(0, 9, 10), Finding("error", 0, has_failed=True))
    assert "the search for error broke off" in text
    assert "no match" not in text
