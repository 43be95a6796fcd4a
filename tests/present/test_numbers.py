"""Scores, counts, bars and sizes."""

import pytest
from rich.cells import cell_len

from runloop_tui.present.numbers import bar, count, percent, plural, score, share, size


@pytest.mark.parametrize(
    ("value", "as_percent", "as_score"),
    [
        (None, "–", "–"),
        (0.0, "0.0%", "0.00"),
        (0.5, "50.0%", "0.50"),
        (0.6123, "61.2%", "0.61"),
        (1.0, "100.0%", "1.00"),
        (12.5, "1250.0%", "12.50"),
        (-0.5, "-50.0%", "-0.50"),
    ],
)
def test_a_score_is_a_percentage_of_a_run_and_a_number_of_a_scenario(
    value: float | None, as_percent: str, as_score: str
) -> None:
    assert percent(value) == as_percent
    assert score(value) == as_score


def test_nearly_all_is_never_shown_as_all_nor_nearly_nothing_as_nothing() -> None:
    assert (percent(0.99999), score(0.99999)) == ("99.9%", "0.99")
    assert (percent(0.00001), score(0.00001)) == ("0.1%", "0.01")


def test_counts_agree_with_their_nouns() -> None:
    assert count(5_000) == "5,000"
    assert [plural(number, "run") for number in (0, 1, 2, 5_000)] == [
        "0 runs", "1 run", "2 runs", "5,000 runs",
    ]  # fmt: skip


def test_a_share_says_so_where_the_total_is_unknown() -> None:
    assert share(412, 500) == "412/500"
    assert share(37, None) == "37/?"
    assert share(0, 0) == "0/0"


@pytest.mark.parametrize(
    ("done", "total", "drawn"),
    [
        (0, 8, "    "),
        (1, 8, "▌   "),
        (4, 8, "██  "),
        (8, 8, "████"),
        (9, 8, "████"),
        (1, 5_000, "▏   "),
        (4_999, 5_000, "███▉"),
        (3, None, "    "),
        (0, 0, "    "),
    ],
)
def test_a_bar_is_full_only_when_all_is_done_and_never_empty_when_anything_is(
    done: int, total: int | None, drawn: str
) -> None:
    assert bar(done, total, 4) == drawn


def test_a_bar_always_has_its_width() -> None:
    for width in range(-1, 12):
        for done in range(14):
            assert cell_len(bar(done, 13, width)) == max(0, width)


def test_a_size_is_written_in_decimal_units() -> None:
    assert [size(number) for number in (0, 1, 12_345_678, 10**12)] == [
        "0 Bytes", "1 Byte", "12.3 MB", "1.0 TB",
    ]  # fmt: skip
