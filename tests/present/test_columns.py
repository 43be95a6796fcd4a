"""Columns: their widths follow from the table alone, and a row always fits."""

import pytest
from rich.cells import cell_len

from runloop_tui.monitor.arrange import RUN_ORDERS, SCENARIO_ORDERS
from runloop_tui.present.cells import Column, Piece
from runloop_tui.present.columns import column_at, fits, header, row, widths
from runloop_tui.present.runs import RUN_COLUMNS
from runloop_tui.present.scenarios import SCENARIO_COLUMNS
from runloop_tui.present.transfers import TRANSFER_COLUMNS
from tests.present.building import text_of

COLUMNS = (
    Column("name", "name", 6, stretch=1),
    Column("score", "score", 5, right=True),
    Column("reason", "reason", 4, stretch=3, optional=1),
    Column("", "ends", 4, optional=2),
)
TABLES = (COLUMNS, RUN_COLUMNS, SCENARIO_COLUMNS, TRANSFER_COLUMNS)


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
    assert min(widths(TRANSFER_COLUMNS, 70)) > 0
