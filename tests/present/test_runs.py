"""Runs as rows and cards, and all together in the title line."""

from typing import Any

import pytest
from rich.cells import cell_len

from runloop_tui.analysis.collapse import Collapse, Standstill
from runloop_tui.analysis.end import EndRange
from runloop_tui.analysis.report import RunReport
from runloop_tui.monitor.arrange import run_elapsed_ms
from runloop_tui.monitor.counts import Tally
from runloop_tui.monitor.snapshot import RunRecord, Snapshot
from runloop_tui.present.layout import Piece, line_width, row
from runloop_tui.present.runs import (
    RUN_COLUMNS,
    essentials,
    exit_message,
    run_card,
    run_cells,
    run_name,
    runs_title,
    summary,
    title_line,
)
from runloop_tui.present.units import HOUR, MINUTE, Times
from tests.present.building import (
    NOW,
    a_record,
    a_run,
    a_snapshot,
    a_stuck,
    page_of,
    text_of,
)

COUNTS = Tally(passed=240, partial=10, zero=148, error=9, canceled=5, running=10, score_sum=245.0)


END = EndRange(NOW + 2 * HOUR, NOW + 150 * MINUTE, NOW + 3 * HOUR)
COLLAPSE = Collapse(NOW - HOUR, NOW - HOUR, None, None, 20, ("scr_1",) * 17, 100, 4)


def shown(record: RunRecord, times: Times = Times.ELAPSED, report: RunReport | None = None) -> str:
    return text_of(row(RUN_COLUMNS, run_cells(record, NOW, times, report), 88)).rstrip()


LIVE = a_record(tally=Tally(passed=300, zero=112, score_sum=300.0))


TERMINAL = a_record(a_run(id="bmr_2", state="completed"))


@pytest.fixture(autouse=True)
def _at_greenwich(in_utc: None) -> None:
    """The clock at the top is a local one."""


def title(
    snapshot: Snapshot, width: int, *, server: str = "api.runloop.ai", demo: bool = False,
    read_only: bool = False,
) -> str:  # fmt: skip
    line = title_line(snapshot, NOW, width, server=server, demo=demo, read_only=read_only)
    return text_of(line)


def test_a_live_run_shows_how_far_it_is() -> None:
    assert shown(a_record(tally=COUNTS), report=RunReport(end=END)) == (
        "● running    swe-verified          407/500 ████▉   60.2%     9  1h 00m   1h ago  ~2h 30m"
    )


def test_what_is_wrong_with_a_run_stands_in_its_row_and_in_place_of_the_state_in_its_card() -> None:
    record = a_record(tally=COUNTS)
    stuck = RunReport(stuck={"scr_1": a_stuck("scr_1"), "scr_2": a_stuck("scr_2")}, end=END)
    assert shown(record, report=stuck).startswith("? 2 stuck    swe-verified")
    name, numbers = (text_of(line) for line in run_card(record, NOW, Times.UTC, 60, stuck))
    assert name.startswith("? swe-verified")
    assert numbers.startswith("  2 stuck")
    assert numbers.endswith(" ~16:35")
    collapsing = RunReport(collapses=(COLLAPSE,), stuck={"scr_1": a_stuck()})
    assert shown(record, report=collapsing).startswith("! collapsing swe")
    still = RunReport(standstill=Standstill(NOW - HOUR, MINUTE))
    assert shown(record, report=still).startswith("! standstill swe")


@pytest.mark.parametrize(
    ("state", "begin"),
    [
        ("completed", "✓ completed  swe-verified"),
        ("failed", "! failed     swe-verified"),
        ("canceled", "⊘ canceled   swe-verified"),
        ("hibernating", "? hibernati… swe-verified"),
    ],
)
def test_a_terminal_run_shows_its_final_score_and_how_long_it_took(state: str, begin: str) -> None:
    run = a_run(state=state, score=0.58, duration_ms=3 * HOUR + 40 * MINUTE)
    record = a_record(run, tally=COUNTS, total=423)
    assert shown(record) == f"{begin}          407/423 █████▊  58.0%     9  3h 40m   1h ago"


def test_a_run_whose_scenarios_were_not_read_shows_no_numbers_for_them() -> None:
    assert shown(a_record(tally=None, total=None)) == (
        "● running    swe-verified                ·             –     ·  1h 00m   1h ago"
    )
    assert "  ?/500 " in shown(a_record(tally=None, total=500))


def test_counts_of_the_first_pages_are_not_shown_as_those_of_the_run() -> None:
    line = shown(a_record(tally=COUNTS, all_read=False))
    assert "  ?/500 " in line
    assert "60.2%" not in line
    assert " 9 " not in line
    assert "█" not in line


def test_a_run_of_unknown_size_says_so() -> None:
    assert " 407/? " in shown(a_record(tally=COUNTS, total=None))


def test_the_total_is_never_less_than_what_has_started() -> None:
    assert " 407/422 " in shown(a_record(tally=COUNTS, total=89))


def test_a_score_so_far_looks_different_from_a_final_one() -> None:
    so_far = run_cells(a_record(tally=COUNTS), NOW, Times.ELAPSED)[4]
    final = run_cells(a_record(a_run(score=0.602), tally=COUNTS), NOW, Times.ELAPSED)[4]
    assert so_far == Piece("60.2%", "accent")
    assert final == Piece("60.2%", "plain")


def test_the_servers_score_goes_before_our_own() -> None:
    assert a_record(a_run(score=0.25), tally=COUNTS).score == 0.25
    assert a_record(tally=COUNTS).score == pytest.approx(245 / 407)
    assert a_record(tally=None).score is None
    assert a_record(tally=COUNTS, all_read=False).score is None


def test_errors_are_highlighted_only_where_there_are_any() -> None:
    assert run_cells(a_record(tally=COUNTS), NOW, Times.ELAPSED)[5] == Piece("9", "bad")
    assert run_cells(a_record(), NOW, Times.ELAPSED)[5] == Piece("0", "muted")


def test_the_row_shows_an_action_under_way_and_a_run_that_is_gone() -> None:
    assert shown(a_record(under_way="canceling…")).startswith("◌ canceling… swe-verified")
    assert shown(a_record(gone=True)).startswith("? gone       swe-verified")


def test_a_run_without_a_name_that_can_be_seen_goes_by_its_id() -> None:
    assert run_name(a_run(name="")) == "bmr_1"
    assert run_name(a_run(name=None)) == "bmr_1"
    assert run_name(a_run(name=" \u200b")) == "bmr_1"
    assert run_name(a_run(name="a\x1b[2Jb")) == "a␛b"


def test_a_long_name_is_cut_with_a_mark_and_moves_nothing() -> None:
    short, long = (
        shown(a_record(tally=COUNTS)),
        shown(a_record(a_run(name="漢" * 500), tally=COUNTS)),
    )
    assert cell_len(short) == cell_len(long)
    assert "漢… " in long


@pytest.mark.parametrize("width", [44, 45, 58])
def test_a_card_has_the_name_above_and_the_numbers_below(width: int) -> None:
    first, second = run_card(a_record(tally=COUNTS), NOW, Times.ELAPSED, width)
    assert text_of(first).split() == ["●", "swe-verified", "407/500", "60.2%"]
    assert text_of(second).split() == ["running", "████▉", "9", "err", "1h", "00m", "1h", "ago"]
    assert cell_len(text_of(first)) == cell_len(text_of(second)) == width


def test_the_numbers_of_cards_are_aligned_whatever_they_are() -> None:
    cards = [
        run_card(record, NOW, Times.ELAPSED, 44)
        for record in (
            a_record(tally=COUNTS),
            a_record(tally=None),
            a_record(tally=Tally(error=4_321, passed=679), total=5_000),
            a_record(a_run(score=1e6, name="漢" * 99, start_time_ms=None), gone=True),
        )
    ]
    for part in (0, 1):
        assert len({tuple(cell_len(piece.text) for piece in card[part]) for card in cards}) == 1


def test_a_card_of_a_run_that_was_not_read_says_nothing_of_errors() -> None:
    _, second = run_card(a_record(tally=None), NOW, Times.ELAPSED, 44)
    assert "err" not in text_of(second)


def test_a_run_has_been_going_on_since_its_start_on_the_servers_clock() -> None:
    assert run_elapsed_ms(a_run(), NOW) == HOUR
    assert run_elapsed_ms(a_run(state="completed", duration_ms=5), NOW) == 5
    assert run_elapsed_ms(a_run(start_time_ms=None), NOW) is None
    # It is terminal, and its duration is unknown.
    assert run_elapsed_ms(a_run(state="failed"), NOW) is None


@pytest.mark.parametrize(
    ("known", "word"), [({"under_way": "canceling…"}, "canceling…"), ({"gone": True}, "gone")]
)
def test_an_action_under_way_is_not_hidden_by_what_is_wrong(
    known: dict[str, Any], word: str
) -> None:
    stuck = RunReport(stuck={"scr_1": a_stuck("scr_1")})
    record = a_record(tally=COUNTS, **known)
    assert word in shown(record, report=stuck)
    _, numbers = run_card(record, NOW, Times.UTC, 60, stuck)
    assert text_of(numbers).startswith(f"  {word}")


def test_a_run_that_changed_while_nobody_looked_is_marked() -> None:
    cells = run_cells(a_record(tally=COUNTS), NOW, Times.UTC, is_unseen=True)
    assert cells[1] == Piece("• swe-verified", "accent")
    first, _ = run_card(a_record(tally=COUNTS), NOW, Times.UTC, 60, is_unseen=True)
    assert text_of(first).startswith("● • swe-verified")


def test_moments_are_in_the_chosen_way_of_writing_them() -> None:
    line = shown(a_record(tally=COUNTS), Times.UTC, RunReport(end=END))
    assert line.endswith("   13:05   ~16:35")


def test_no_end_is_shown_without_a_report_or_where_it_is_silent() -> None:
    assert shown(a_record(tally=COUNTS)).endswith(" 1h ago")
    assert shown(a_record(tally=COUNTS), report=RunReport()).endswith(" 1h ago")


def test_the_title_shows_how_many_of_how_many_and_whether_there_are_more() -> None:
    records = [a_record(a_run(id=f"bmr_{number}")) for number in range(1_200)]
    everything = a_snapshot(*records)
    assert runs_title(1_200, everything) == "runs 1,200"
    assert runs_title(7, everything) == "runs 7 of 1,200"
    part = a_snapshot(*records, more_runs=True, runs_in_all=5_000)
    assert runs_title(1_200, part) == "runs 1,200 of 5,000"
    assert runs_title(7, part) == "runs 7 of 1,200 read, 5,000 in all"
    unknown = a_snapshot(*records, more_runs=True)
    assert runs_title(1_200, unknown) == "runs 1,200, more below"


def test_the_top_line_says_what_is_watched_what_goes_on_and_what_time_it_is() -> None:
    assert title(a_snapshot(LIVE, TERMINAL), 60) == (
        " runloop api.runloop.ai  1 running                    14:05 "
    )


def test_demo_and_read_only_are_badges() -> None:
    line = title(a_snapshot(), 60, server="demo", demo=True, read_only=True)
    assert line.startswith(" runloop DEMO READ-ONLY demo  nothing running ")


def test_the_title_line_counts_what_is_wrong_with_live_runs() -> None:
    reports = {
        "bmr_1": RunReport(stuck={"scr_1": a_stuck(), "scr_2": a_stuck()}, collapses=(COLLAPSE,)),
        "bmr_gone": RunReport(stuck={"scr_3": a_stuck()}),
    }
    line = title_line(
        a_snapshot(a_record()), NOW, 80, server="", demo=False, read_only=False, reports=reports
    )
    assert "1 running · ? 2 stuck · ! 1 collapsing " in text_of(line)


def test_the_server_makes_room_for_what_goes_on() -> None:
    snapshot = a_snapshot(LIVE)
    assert "api.r…  1 running  14:05 " in title(snapshot, 34)
    assert title(snapshot, 26) == " runloop 1 running  14:05 "


def test_the_top_line_fills_its_width_and_never_more() -> None:
    for width in range(201):
        line = title_line(a_snapshot(LIVE), NOW, width, server="h" * 99, demo=True, read_only=True)
        assert line_width(line) == width


def test_before_the_first_answer_the_number_of_running_runs_is_unknown() -> None:
    assert summary(Snapshot()) == "connecting…"
    assert "connecting…" in title(Snapshot(), 60)
    assert "running" not in title(Snapshot(), 60)


def test_the_summary_counts_the_live_but_not_the_gone() -> None:
    assert summary(a_snapshot(LIVE, a_record(gone=True), TERMINAL)) == "1 running"
    assert summary(a_snapshot(TERMINAL)) == "nothing running"


def test_a_screen_too_small_for_panes_shows_a_line_for_each_live_run() -> None:
    unknown = a_record(a_run(id="bmr_3", name="tb2"), tally=None)
    growing = a_record(a_run(id="bmr_4", name="own"), tally=Tally(running=3), total=None)
    assert page_of(essentials(a_snapshot(LIVE, TERMINAL, unknown, growing), 40)) == (
        "3 running, q quits\n412/500 72.8% swe-verified\n· – tb2\n0/? – own"
    )
    assert page_of(essentials(a_snapshot(LIVE), 10)) == "1 running…\n412/500 7…"


def test_the_exit_message_says_that_the_runs_go_on() -> None:
    assert exit_message(a_snapshot(LIVE)) == (
        "1 run goes on without runloop-tui; start it again to see how far."
    )
    assert exit_message(a_snapshot(LIVE, a_record(a_run(id="2")))).startswith("2 runs go on ")
    assert exit_message(a_snapshot(TERMINAL)) == "No run was going on when last seen."
