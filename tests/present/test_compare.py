"""The comparison of two runs in words: what is said, what is never said, and what of it has a colour."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runloop_tui.analysis.compare import Comparison, compare
from runloop_tui.present.compare import (
    CHANGE_COLUMNS,
    Pair,
    change_cells,
    changes,
    comparison_lines,
    comparison_text,
    comparison_title,
    no_run_before,
    versus_tone,
    versus_words,
)
from runloop_tui.present.layout import Tone, row
from runloop_tui.present.units import DAY, HOUR, Times
from tests.analysis.attempt_making import any_attempts
from tests.analysis.test_compare import run
from tests.present.building import NOW, WIDTHS, a_record, a_run, page_of, text_of
from tests.present.hostile import assert_shows_safely, bounded, hazards, records


@pytest.fixture(autouse=True)
def _at_greenwich(in_utc: None) -> None:
    """Texts have clock times."""


def found(before: str, after: str, *, both_terminal: bool = True) -> Comparison:
    """A letter for each scenario, as in the tests of the figures."""
    return compare(run(before), run(after), both_terminal=both_terminal)


def pair(comparison: Comparison | None, state: str = "completed", **newer: Any) -> Pair:  # noqa: ANN401
    """Tonight's run against yesterday's, of 40 scenarios."""
    wire = {"name": "tonight", "benchmark_id": "bmd_1", "state": state, "score": 0.5} | newer
    older = a_run(
        id="bmr_0",
        name="yesterday",
        benchmark_id="bmd_1",
        state="completed",
        start_time_ms=NOW - DAY,
    )
    return Pair(a_record(a_run(**wire), total=40), a_record(older, total=40), "agent", comparison)


def page(comparison: Comparison | None, state: str = "completed", **newer: Any) -> str:  # noqa: ANN401
    return page_of(comparison_lines(pair(comparison, state, **newer), NOW, Times.ELAPSED, 110))


def tones(comparison: Comparison, state: str = "completed") -> dict[str, Tone]:
    """The tone of each word in the lines."""
    lines = comparison_lines(pair(comparison, state), NOW, Times.ELAPSED, 110)
    return {piece.text: piece.tone for line in lines for piece in line}


BETTER = found("1111" + "0" * 16 + "0" * 8, "1111" + "0" * 16 + "1" * 8)
"""Eight flips, all for the better."""
NOISE = found("0" * 12 + "1" * 3 + "0" * 5, "0" * 12 + "0" * 3 + "1" * 5)


# In three words


def test_the_difference_is_said_in_points_with_its_direction() -> None:
    assert versus_words(BETTER) == "▲28.6 vs the run before"
    assert versus_words(found("1" * 10, "1" * 9 + "0")) == "▼10.0 vs the run before"
    assert versus_words(found("10" * 5, "10" * 5)) == "±0.0 vs the run before"


def test_few_pairs_say_nothing() -> None:
    assert versus_words(found("1" * 9, "0" * 9)) == ""
    assert versus_words(found("", "")) == ""


def test_only_a_difference_that_is_more_than_chance_has_a_colour() -> None:
    assert versus_tone(BETTER) == "good"
    assert versus_tone(found("1" * 8 + "0" * 4, "0" * 12)) == "bad"
    assert versus_tone(NOISE) == "plain"
    live = found("0" * 12, "1" * 8 + "0" * 4, both_terminal=False)
    assert versus_tone(live) == "plain"


# The lines


def test_both_runs_the_scores_on_their_pairs_and_what_changed_are_said() -> None:
    said = page(NOISE)
    assert "newer       tonight  ✓ completed · 50.0% · started 1h ago" in said
    assert "baseline    yesterday  ✓ completed · – · started 1d ago" in said
    assert "the run before of the same agent" in said
    assert "on 20 of 40: 25.0% against 15.0%  ▲10.0 (-17.4 to +37.4)" in said
    assert "may be chance: McNemar's mid-p 0.508" in said
    assert "the smallest difference that could be told: 27.7 points" in said
    assert "3 worse · 5 better · 12 the same · 20 not finished in both" in said


def test_the_counts_add_up_to_the_total() -> None:
    said = page(found("11!!0r", "1!1!1 "))
    assert "on 2 of 40" in said
    words = "0 worse · 1 better · 1 the same · 1 new error · 1 error gone · 1 error in both"
    assert f"{words} · 35 not finished in both" in said


def test_a_total_that_is_unknown_is_what_is_counted() -> None:
    both = pair(found("110r", "11 0"))
    unknown = Pair(
        a_record(both.newer.run, total=None), a_record(total=None), None, both.comparison
    )
    assert text_of(comparison_title(unknown)) == "comparison on 2 of 4"


def test_the_verdict_waits_until_both_have_ended() -> None:
    live = page(found("0" * 12, "1" * 12, both_terminal=False), "running")
    assert "whether it is more than chance is said once both have ended" in live
    assert "mid-p" not in live
    assert "more than chance: McNemar's mid-p below 0.001" in page(found("0" * 12, "1" * 12))


def test_fractional_scores_are_judged_by_their_interval() -> None:
    assert "more than chance: 0 is outside the interval" in page(found("0" * 12, "5" * 12))
    assert "may be chance: 0 is inside the interval" in page(found("05" * 6, "50" * 6))


def test_runs_without_a_pair_say_so() -> None:
    assert "No scenario has a score in both runs yet." in page(found("1 ", " 1"))
    assert "on 0 of 40" in page(found("1 ", " 1"))


def test_runs_of_two_benchmarks_say_so() -> None:
    assert "not of the same benchmark" in page(NOISE, benchmark_id="bmd_2")


def test_until_all_is_read_that_is_said() -> None:
    assert "being read" in page(None)
    assert text_of(comparison_title(pair(None))) == "comparison reading…"
    gone = pair(None)
    gone = gone._replace(older=a_record(gone.older.run, gone=True))
    lines = comparison_lines(gone, NOW, Times.ELAPSED, 110)
    assert "no longer knows yesterday" in page_of(lines)


def test_a_difference_has_a_colour_only_where_it_is_more_than_chance() -> None:
    assert tones(BETTER)["▲28.6"] == "good"
    assert tones(NOISE)["▲10.0"] == "plain"
    assert {tone for words, tone in tones(NOISE).items() if "▲" in words or "worse" in words} == {
        "plain"
    }


# The rows


def rows(comparison: Comparison) -> list[tuple[str, str]]:
    """The text of each row, and the tone of its sign."""
    shown = [
        change_cells(each, is_significant=comparison.is_significant) for each in changes(comparison)
    ]
    return [(text_of(row(CHANGE_COLUMNS, cells, 60)), cells[0].tone) for cells in shown]


def test_the_rows_are_worse_new_errors_better_errors_gone() -> None:
    said = [" ".join(text.split()) for text, _ in rows(found("110!", "0!11"))]
    assert said == [
        "▼ worse task-0 1.00 0.00",
        "! new error task-1 1.00 error",
        "▲ better task-2 0.00 1.00",
        "○ error gone task-3 error 1.00",
    ]


def test_rows_have_the_colour_of_a_win_or_loss_only_where_the_whole_is_more_than_chance() -> None:
    assert {tone for _, tone in rows(BETTER)} == {"good"}
    assert {tone for _, tone in rows(NOISE)} == {"plain"}


# As Markdown


def test_as_markdown_all_is_there_by_name() -> None:
    text = comparison_text(pair(found("110!", "0!11")), NOW)
    assert text.splitlines() == [
        "### `tonight` against `yesterday`",
        "",
        "- newer: `tonight` (`bmr_1`), completed, 50.0%, started 2026-11-21 13:05:09 UTC",
        "- baseline: `yesterday` (`bmr_0`), completed, –, started 2026-11-20 14:05:09 UTC",
        "- scores on 2 of 40: 50.0% against 50.0%",
        "- difference in points: ±0.0 (95 % interval -100.0 to +100.0)",
        "- may be chance: McNemar's mid-p 1.000",
        "- these are too few to tell any difference",
        "- 1 worse, 1 better, 0 the same, 1 new error, 1 error gone, 36 not finished in both",
        "- as of 2026-11-21 14:05:09 UTC",
        "",
        "| change | scenario | before | now |",
        "| --- | --- | --- | --- |",
        "| worse | `task-0` | 1.00 | 0.00 |",
        "| new error | `task-1` | 1.00 | error |",
        "| better | `task-2` | 0.00 | 1.00 |",
        "| error gone | `task-3` | error | 1.00 |",
    ]


def test_as_markdown_at_most_200_changes_are_named() -> None:
    text = comparison_text(pair(found("0" * 250, "1" * 250)), NOW)
    assert text.count("| better |") == 200
    assert text.endswith("… and 50 more")


def test_names_cannot_break_the_markdown() -> None:
    text = comparison_text(pair(None, name="a`b|c\n# d"), NOW)
    assert text.startswith("### `a'b\\|c⏎# d` against")


def test_without_scores_the_markdown_says_what_is_lacking() -> None:
    assert comparison_text(pair(None), NOW).endswith("- The scenario runs are being read…")


# Without a baseline


def test_why_there_is_no_run_before() -> None:
    assert "of no benchmark" in no_run_before(a_record(a_run(benchmark_id="")))
    assert "No earlier run" in no_run_before(a_record(a_run(benchmark_id="bmd_1")))


# Whatever comes


@bounded
@given(records, records, any_attempts, any_attempts, st.sampled_from((1, 20, *WIDTHS)))
def test_whatever_the_runs_hold_it_is_safe_and_fits(
    newer: Any, older: Any, before: Any, after: Any, width: int  # noqa: ANN401
) -> None:  # fmt: skip
    comparison = compare(before, after, both_terminal=True)
    both = Pair(newer, older, "benchmark", comparison)
    for line in comparison_lines(both, NOW + HOUR, Times.UTC, width):
        assert_shows_safely(line, width)
    for text in comparison_text(both, NOW).split("\n"):
        assert hazards(text) == []
    for change in changes(comparison):
        assert_shows_safely(
            row(CHANGE_COLUMNS, change_cells(change, is_significant=True), width), width
        )
    assert hazards(versus_words(comparison)) == []
