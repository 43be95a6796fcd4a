"""What is computed about a run in words."""

import pytest

from runloop_tui.analysis.attempts import Attempt
from runloop_tui.analysis.collapse import Collapse, Standstill
from runloop_tui.analysis.end import EndRange
from runloop_tui.analysis.forecast import Forecast
from runloop_tui.analysis.report import RunReport
from runloop_tui.analysis.trend import Trend
from runloop_tui.present.layout import line_width
from runloop_tui.present.report import (
    collapse_words,
    end_short,
    end_words,
    forecast_words,
    report_lines,
)
from runloop_tui.present.units import HOUR, MINUTE, Times
from tests.present.building import NOW, a_slow, a_stuck, page_of

END = EndRange(NOW + 2 * HOUR, NOW + 150 * MINUTE, NOW + 3 * HOUR, slots=32, window_ms=HOUR)
COLLAPSE = Collapse(NOW - HOUR, NOW - HOUR, None, None, 20, ("scr_1",) * 17, 100, 4)
TREND = Trend((0, 1, 4, 8), (None, 0.5, 0.6, 0.6), ("passed",) * 19 + ("error",), 2.1, 1.0, -0.004)


def shown(report: RunReport, width: int = 110, times: Times = Times.UTC) -> str:
    lines = list(report_lines(report, NOW, times, width))
    assert all(line_width(line) <= width for line in lines)
    return page_of(lines)


def attempt(name: str) -> Attempt:
    return Attempt(f"scr_{name}", f"scn_{name}", name, "running", NOW - HOUR, None, None)


# The end


def test_the_end_is_a_range_with_the_window_and_the_slots_that_it_stands_on() -> None:
    assert end_words(END, NOW, Times.UTC) == "16:05–17:05 (by the last 1h 00m, 32 at once)"
    words = end_words(END, NOW, Times.ELAPSED)
    assert words == "in 2h 00m–3h 00m (by the last 1h 00m, 32 at once)"


def test_a_known_limit_and_those_who_decide_are_named() -> None:
    end = EndRange(
        NOW, NOW + HOUR, NOW + 2 * HOUR, (attempt("sympy-20590"), attempt("b")), 2 * HOUR
    )
    assert end_words(end, NOW, Times.ELAPSED) == (
        "within 2h 00m (by the last 1h 00m, 1 at once, 2h 00m limit); "
        "the last 2 decide: sympy-20590, b"
    )


def test_without_an_honest_latest_end_only_the_earliest_is_said() -> None:
    end = EndRange(NOW + HOUR, NOW + HOUR, None)
    assert end_words(end, NOW, Times.UTC).startswith(
        "not before 15:05, the latest end is unknown ("
    )
    assert end_short(end, NOW, Times.UTC) == "≥15:05"


def test_a_run_that_finishes_slower_than_its_durations_explain_says_so() -> None:
    end = EndRange(NOW + HOUR, NOW + HOUR, NOW + 2 * HOUR, pace_factor=0.4)
    assert end_words(end, NOW, Times.UTC).endswith("; finishing 2.5× slower than this lately")


@pytest.mark.parametrize(
    ("middle", "times", "words"),
    [
        (65 * MINUTE, Times.ELAPSED, "~1h 05m"),
        (65 * MINUTE, Times.UTC, "~15:10"),
        (59_000, Times.ELAPSED, "soon"),
        (20 * HOUR, Times.UTC, "~Nov 22"),
    ],
)
def test_a_row_has_room_for_the_middle_of_the_range(middle: int, times: Times, words: str) -> None:
    assert end_short(EndRange(NOW, NOW + middle, NOW + 30 * HOUR), NOW, times) == words
    assert len(words) <= 8


# The score, the rate, what is wrong


def test_the_final_score_is_a_range_with_its_certain_bounds() -> None:
    forecast = Forecast(0.612, 0.648, 0.31, 0.74)
    assert forecast_words(forecast) == "61–65% at the end (certain: 31–74%)"
    with_baseline = Forecast(0.612, 0.648, 0.31, 0.74, 212)
    assert forecast_words(with_baseline).endswith(", by 212 pairs with the run before)")


def test_the_rate_comes_with_its_course_the_last_errors_and_the_change_of_the_score() -> None:
    assert shown(RunReport(trend=TREND)).startswith("rate        2.1/min ·▁▄█")
    assert "  last 20: 1 error  ▼0.4 in 30m" in shown(RunReport(trend=TREND))


def test_a_collapse_says_since_when_and_what_was_before() -> None:
    assert collapse_words(COLLAPSE, NOW, Times.UTC) == (
        "since 13:05, 17 of 20 ended in errors; before: 4%"
    )
    assert "collapse    since 13:05" in shown(RunReport(collapses=(COLLAPSE,)))


def test_a_standstill_says_for_how_long_nothing_has_finished() -> None:
    report = RunReport(standstill=Standstill(NOW - 41 * MINUTE, 6 * MINUTE))
    assert shown(report) == "standstill  nothing finished for 41m, longest gap so far 6m"


def test_three_of_the_stuck_are_named_with_the_evidence_and_the_slow_apart() -> None:
    stuck = {f"scr_{each}": a_stuck(f"scr_{each}", name=f"task-{each}") for each in range(5)}
    slow = {id_: each.slow for id_, each in stuck.items()}
    slow["scr_9"] = a_slow("scr_9", name="long", against_ms=20 * MINUTE)
    text = shown(RunReport(stuck=stuck, slow=slow), 400)
    assert "stuck       5: task-0, silent 47m, others at most 9m; task-1, silent" in text
    assert "; and 2 more\n" in text
    assert "slow        1: long, 3.0× the median of this run" in text


def test_a_silent_report_has_no_line() -> None:
    assert shown(RunReport()) == ""
    assert shown(RunReport(trend=Trend((0, 0), (None, None), (), None, None, None))) == ""
