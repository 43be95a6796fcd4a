"""Pieces laid into lines."""

from runloop_tui.present.cells import Piece
from runloop_tui.present.flow import cut_line, flow, labelled, labelled_pairs, line_width, wrap
from tests.present.building import page_of, text_of

GROUPS = [(Piece("passed "), Piece("12")), (Piece("+ zero "), Piece("3")), (Piece("= 15"),)]


def test_groups_stand_side_by_side_as_long_as_they_fit() -> None:
    assert page_of(flow(GROUPS, 40)) == "passed 12 + zero 3 = 15"


def test_a_group_that_does_not_fit_begins_the_next_line_and_is_never_torn() -> None:
    assert page_of(flow(GROUPS, 18)) == "passed 12 + zero 3\n= 15"
    assert page_of(flow(GROUPS, 17)) == "passed 12\n+ zero 3 = 15"


def test_a_group_wider_than_the_pane_is_cut() -> None:
    assert page_of(flow(GROUPS, 6)) == "passe…\n+ zer…\n= 15"
    assert flow([], 10) == []


def test_a_line_that_fits_is_left_as_it_is() -> None:
    line = (Piece("漢字", "title"), Piece("ab"))
    assert cut_line(line, 6) is line


def test_a_line_that_does_not_fit_ends_in_a_mark_in_the_tone_of_what_it_cuts() -> None:
    line = (Piece("ab", "title"), Piece("cd", "bad"), Piece("", "good"), Piece("e", "good"))
    assert cut_line(line, 4) == (Piece("ab", "title"), Piece("c…", "bad"))
    assert cut_line(line, 3) == (Piece("ab", "title"), Piece("…", "bad"))
    assert cut_line(line, 2) == (Piece("a…", "title"),)
    assert cut_line(line, 1) == (Piece("…", "title"),)
    assert text_of(cut_line(line, 0)) == ""


def test_a_wide_character_at_the_edge_gives_way_to_the_mark() -> None:
    assert text_of(cut_line((Piece("a"), Piece("漢字")), 3)) == "a…"
    assert line_width((Piece("a"), Piece("漢字"))) == 5


def test_a_text_is_wrapped_at_its_blanks_and_a_long_word_anywhere() -> None:
    assert wrap("one two three", 7) == ["one two", "three"]
    assert wrap("a_very_long_word indeed", 6) == ["a_very", "_long_", "word", "indeed"]
    assert wrap("漢字漢字", 5) == ["漢字", "漢字"]
    assert wrap("", 5) == [""]


def test_a_labelled_text_goes_on_under_itself() -> None:
    lines = list(labelled("purpose", "to see how far it goes", 22))
    assert page_of(lines) == "purpose     to see how\n            far it\n            goes"
    assert lines[0][0].tone == "muted"


def test_a_labelled_text_that_goes_on_and_on_is_cut_with_a_mark() -> None:
    lines = list(labelled("purpose", "word " * 400, 40))
    assert len(lines) == 12
    assert text_of(lines[-1]).strip() == "…"


def test_where_there_is_hardly_room_for_the_label_the_line_is_cut() -> None:
    for width in range(20):
        assert all(line_width(line) <= width for line in labelled("purpose", "word", width))


def test_pairs_stand_one_below_the_other_and_are_made_safe() -> None:
    lines = list(labelled_pairs("metadata", {"agent": "codex", "\x1b[2J": "a\nb"}, 40))
    assert page_of(lines) == "metadata    agent  codex\n            ␛  a⏎b"


def test_more_pairs_than_anybody_sets_are_counted() -> None:
    lines = list(labelled_pairs("metadata", {str(key): "" for key in range(5_200)}, 40))
    assert len(lines) == 201
    assert text_of(lines[-1]).strip() == "… and 5,000 more"
