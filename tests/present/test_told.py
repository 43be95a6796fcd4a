"""What was told in passing stands in a list: the newest first, with day and time, broken at blanks."""

from runloop_tui.api.errors import NoConnection
from runloop_tui.monitor.health import ReadFailure, What
from runloop_tui.present.cells import Line
from runloop_tui.present.times import DAY, HOUR, MINUTE
from runloop_tui.present.told import Told, told_lines, trouble_began, trouble_ended

NOW_MS = 1_795_176_000_000
"""2026-11-20 12:00 UTC."""


def texts(lines: list[Line]) -> list[str]:
    return ["".join(piece.text for piece in line).rstrip() for line in lines]


def test_the_newest_comes_first_and_other_days_are_named() -> None:
    told = [
        Told(NOW_MS - DAY, "tb2 has ended"),
        Told(NOW_MS - HOUR, "tb3 has failed", "warn"),
        Told(NOW_MS - MINUTE, "Canceled"),
    ]
    assert texts(told_lines(told, NOW_MS, 60)) == [
        "       11:59:00  Canceled",
        "       11:00:00  tb3 has failed",
        "Nov 19 12:00:00  tb2 has ended",
    ]


def test_a_long_text_goes_on_below_itself_and_none_is_wider_than_asked() -> None:
    lines = texts(told_lines([Told(NOW_MS, "word " * 20)], NOW_MS, 40))
    assert len(lines) > 2
    assert all(len(line) <= 40 for line in lines)
    assert lines[1].startswith(" " * 17 + "word")


def test_a_tone_says_how_bad_it_is() -> None:
    (line,) = told_lines([Told(NOW_MS, "failed", "bad")], NOW_MS, 60)
    assert line[1].tone == "bad"


def test_an_empty_list_says_so() -> None:
    assert texts(told_lines([], NOW_MS, 60)) == [
        "Nothing has happened yet since the app was started."
    ]


def test_a_trouble_is_told_from_beginning_to_end() -> None:
    began = trouble_began(ReadFailure(What.LIST, NoConnection(detail="no \x1b[31mroute")))
    assert began == "Could not read the list of runs: no connection: no ␛route"
    assert trouble_ended(130 * MINUTE) == "All is fresh again, after 2h 10m"
