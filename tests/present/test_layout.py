"""Lines fit their width; the widths of columns depend on the table alone."""

import pytest
from rich.cells import cell_len

from runloop_tui.monitor.arrange import RUN_ORDERS, SCENARIO_ORDERS
from runloop_tui.present.archives import DOWNLOAD_COLUMNS
from runloop_tui.present.layout import (
    Column,
    Piece,
    column_at,
    cut_line,
    fits,
    flow,
    header,
    labelled,
    labelled_pairs,
    line_width,
    row,
    widths,
    wrap,
)
from runloop_tui.present.runs import RUN_COLUMNS
from runloop_tui.present.scenarios import SCENARIO_COLUMNS
from tests.present.building import page_of, text_of

COLUMNS = (
    Column("name", "name", 6, stretch=1),
    Column("score", "score", 5, right=True),
    Column("reason", "reason", 4, stretch=3, optional=1),
    Column("", "ends", 4, optional=2),
)
TABLES = (COLUMNS, RUN_COLUMNS, SCENARIO_COLUMNS, DOWNLOAD_COLUMNS)


GROUPS = [(Piece("passed "), Piece("12")), (Piece("+ zero "), Piece("3")), (Piece("= 15"),)]


def test_columns_that_stretch_share_what_the_others_leave() -> None:
    assert widths(COLUMNS, 22) == (6, 5, 4, 4)
    assert widths(COLUMNS, 30) == (8, 5, 10, 4)


def test_the_most_optional_columns_are_left_out_first() -> None:
    assert widths(COLUMNS, 21) == (7, 5, 7, 0)
    assert widths(COLUMNS, 16) == (10, 5, 0, 0)


def test_where_the_rest_has_no_room_either_the_right_gives_way() -> None:
    assert widths(COLUMNS, 12) == (6, 5, 0, 0)
    assert widths(COLUMNS, 10) == (6, 3, 0, 0)
    assert widths(COLUMNS, 7) == (6, 0, 0, 0)
    assert widths(COLUMNS, 3) == (3, 0, 0, 0)
    assert widths(COLUMNS, 0) == (0, 0, 0, 0)


@pytest.mark.parametrize("columns", TABLES)
def test_no_row_and_no_header_is_wider_than_the_table(columns: tuple[Column, ...]) -> None:
    cells = tuple(Piece("漢" * 300) for _ in columns)
    for width in range(201):
        assert cell_len(text_of(row(columns, cells, width))) <= width
        assert cell_len(text_of(header(columns, width, "name", descending=True))) <= width


@pytest.mark.parametrize("columns", TABLES)
def test_a_row_takes_the_same_room_whatever_it_holds(columns: tuple[Column, ...]) -> None:
    for width in (44, 58, 76, 118, 150, 198):
        sizes = {
            tuple(
                cell_len(piece.text)
                for piece in row(columns, tuple(Piece(text) for _ in columns), width)
            )
            for text in ("", "a", "漢字" * 100, "é" * 9)
        }
        assert len(sizes) == 1


def test_cells_lie_in_their_columns_numbers_to_the_right() -> None:
    cells = (Piece("django", "title"), Piece("0.5"), Piece("no patch"), Piece("soon"))
    line = row(COLUMNS, cells, 30)
    assert text_of(line) == "django     0.5 no patch   soon"
    assert [piece.text for piece in line if piece.tone == "title"] == ["django  "]


def test_the_column_that_sorts_has_an_arrow() -> None:
    assert text_of(header(COLUMNS, 30, "name", descending=True)) == "name↓    score reason     ends"
    assert text_of(header(COLUMNS, 30, "name", descending=False)).startswith("name↑ ")


def test_a_title_makes_room_for_its_arrow() -> None:
    assert "sco…↓" in text_of(header(COLUMNS, 30, "score", descending=True))


@pytest.mark.parametrize(
    ("columns", "orders"), [(RUN_COLUMNS, RUN_ORDERS), (SCENARIO_COLUMNS, SCENARIO_ORDERS)]
)
def test_every_title_is_whole_even_with_its_arrow_and_sorts_by_an_order_that_exists(
    columns: tuple[Column, ...], orders: tuple[str, ...]
) -> None:
    for column in columns:
        assert len(column.title) + (1 if column.key else 0) <= column.width
        assert not column.key or column.key in orders


def test_a_column_without_an_order_never_has_the_arrow() -> None:
    assert "↓" not in text_of(header(COLUMNS, 30, "", descending=True))


def test_a_column_is_found_by_the_cell_that_was_clicked() -> None:
    def title_at(x: int, width: int = 30) -> str | None:
        column = column_at(COLUMNS, width, x)
        return column.title if column else None

    assert [title_at(x) for x in (0, 8, 9, 14, 15, 26)] == [
        "name", "name", "score", "score", "reason", "ends",
    ]  # fmt: skip
    assert title_at(200) is None
    assert title_at(-1) is None
    assert title_at(15, width=14) is None


def test_a_table_fits_where_all_but_the_optional_columns_do() -> None:
    assert fits(COLUMNS, 12)
    assert not fits(COLUMNS, 11)


def test_the_runs_are_rows_from_80_cells_on_and_cards_beside_other_panes() -> None:
    assert fits(RUN_COLUMNS, 76)
    assert not fits(RUN_COLUMNS, 44)


def test_the_scenarios_fit_the_narrowest_screen_and_give_up_their_reasons_below() -> None:
    assert min(widths(SCENARIO_COLUMNS, 56)) > 0
    assert [bool(width) for width in widths(SCENARIO_COLUMNS, 44)] == [True] * 4 + [False]


def test_the_downloads_fit_a_dialog_on_80_cells() -> None:
    assert min(widths(DOWNLOAD_COLUMNS, 70)) > 0


def test_groups_are_side_by_side_as_long_as_they_fit() -> None:
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


def test_pairs_are_one_below_the_other_and_are_made_safe() -> None:
    lines = list(labelled_pairs("metadata", {"agent": "codex", "\x1b[2J": "a\nb"}, 40))
    assert page_of(lines) == "metadata    agent  codex\n            ␛  a⏎b"


def test_more_pairs_than_anybody_sets_are_counted() -> None:
    lines = list(labelled_pairs("metadata", {str(key): "" for key in range(5_200)}, 40))
    assert len(lines) == 201
    assert text_of(lines[-1]).strip() == "… and 5,000 more"
