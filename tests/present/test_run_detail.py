"""The detail of a run: its fields, its score, and counts that add up."""

import re

import pytest

from runloop_tui.monitor.counts import Tally
from runloop_tui.monitor.snapshot import RunRecord
from runloop_tui.present.accounting import accounting
from runloop_tui.present.layout import MASK
from runloop_tui.present.run_detail import run_detail
from runloop_tui.present.states import STUCK, heading
from runloop_tui.present.units import HOUR, Times
from tests.present.building import NOW, a_record, a_run, page_of, text_of

COUNTS = Tally(passed=240, partial=10, zero=148, error=9, canceled=5, running=10, score_sum=245.0)


def shown(record: RunRecord, width: int = 76) -> str:
    return page_of(run_detail(record, NOW, Times.UTC, width))


def test_a_live_run_in_full() -> None:
    run = a_run(
        benchmark_id="bmd_1",
        purpose="nightly",
        metadata={"agent": "codex", "model": "gpt"},
        environment_variables={"TOKEN": "hunter2", "DEBUG": ""},
        secrets_provided={"DB_PASS": "DATABASE_PASSWORD"},
    )
    record = a_record(run, tally=COUNTS)
    assert shown(record) == (
        "swe-verified  ● running\n"
        "407 of 500 done, 5 cut off  81% ████████████████████████████████▌\n"
        "240 passed + 10 partial + 148 zero + 9 error + 5 canceled + 10 running\n"
        "+ 0 scoring + 78 not started = 500\n"
        "score       60.2% so far, over 407 finished  (61.6% of the 398 that ran)\n"
        "elapsed     1h 00m, started 2026-11-21 13:05:09 UTC\n"
        "name        swe-verified\n"
        "id          bmr_1\n"
        "benchmark   bmd_1\n"
        "purpose     nightly\n"
        "metadata    agent  codex\n"
        "            model  gpt\n"
        "environment TOKEN  ••••••\n"
        "            DEBUG  ••••••\n"
        "secrets     DB_PASS  ← DATABASE_PASSWORD"
    )


def test_what_is_not_set_takes_no_line() -> None:
    text = shown(a_record(a_run(name=""), tally=None))
    assert text == (
        "bmr_1  ● running\n"
        "scenarios not read yet\n"
        "score       none yet\n"
        "elapsed     1h 00m, started 2026-11-21 13:05:09 UTC\n"
        "id          bmr_1"
    )


def test_no_environment_value_is_shown_not_even_its_length() -> None:
    run = a_run(environment_variables={"SHORT": "x", "LONG": "y" * 99, "EMPTY": ""})
    text = shown(a_record(run))
    assert text.count(MASK) == 3
    assert "y" * 9 not in text
    assert len({line.split()[-1] for line in text.splitlines() if MASK in line}) == 1


def sum_of(lines: str) -> tuple[list[int], int]:
    """The terms and the sum as a person would add them up."""
    terms, total = lines.replace("\n", " ").split("= ")
    return [int(number) for number in re.findall(r"\d+", terms)], int(total.split()[0])


EVERYTHING = Tally(
    passed=1, partial=2, zero=3, unscored=4, error=5, canceled=6, scoring=7, running=8, other=9
)


@pytest.mark.parametrize("total", [45, 50, 5_000, None])
@pytest.mark.parametrize("counts", [EVERYTHING, Tally(), Tally(error=45), COUNTS])
@pytest.mark.parametrize("width", [30, 44, 76, 198])
def test_the_accounting_adds_up_as_it_is_written(
    counts: Tally, total: int | None, width: int
) -> None:
    planned = a_record(tally=counts, total=total).planned
    terms, stated = sum_of(page_of(accounting(counts, planned, width)))
    assert sum(terms) == stated
    assert stated == (counts.started if total is None else max(total, counts.started))


def test_the_accounting_says_when_the_total_is_unknown() -> None:
    text = page_of(accounting(COUNTS, None, 198))
    assert text.endswith("= 422 started, total unknown")
    assert "not started" not in text


def test_states_that_are_rare_are_named_only_where_they_occur() -> None:
    assert "no score" not in page_of(accounting(COUNTS, 500, 198))
    text = page_of(accounting(EVERYTHING, 45, 198))
    assert "4 no score" in text
    assert text.endswith("9 in an unknown state + 0 not started = 45")


def test_a_run_of_unknown_size_counts_what_is_finished_of_what_has_started() -> None:
    text = shown(a_record(tally=COUNTS, total=None))
    assert "407 done of 422 started, 5 cut off, total unknown" in text
    assert "%" not in text.splitlines()[1]


def test_while_the_scenarios_are_being_read_nothing_is_counted_as_the_runs() -> None:
    text = shown(a_record(tally=COUNTS, all_read=False))
    assert "reading the scenarios, 422 so far" in text
    assert "not started" not in text
    assert "60.2%" not in text
    assert "score       none yet" in text


def test_the_bar_is_full_only_when_all_is_finished() -> None:
    full = shown(a_record(tally=Tally(passed=500))).splitlines()[1]
    assert full == f"500 of 500 done 100% {'█' * 40}"
    nearly = shown(a_record(tally=Tally(passed=499))).splitlines()[1]
    assert nearly == f"499 of 500 done  99% {'█' * 39}▉"


@pytest.mark.parametrize(
    ("score", "counts", "words"),
    [
        (0.6, Tally(passed=6, error=4, score_sum=6.0), "60.0% final  (100.0% of the 6 that ran)"),
        (0.9, Tally(passed=9, error=1, score_sum=9.0), "90.0% final  (100.0% of the 9 that ran)"),
        (0.6, Tally(passed=6, zero=4, score_sum=6.0), "60.0% final"),
        (0.6, None, "60.0% final"),
        (0.0, Tally(error=4), "0.0% final  (none has a score)"),
        (None, Tally(passed=1, zero=1, score_sum=1.0), "50.0% so far, over 2 finished"),
        (None, Tally(error=4), "0.0% so far, over 4 finished  (none has a score)"),
        (
            0.75,  # of a canceled run: that of what completed
            Tally(passed=3, zero=1, error=1, canceled=9, score_sum=3.0),
            "75.0% final, the server's mean of the 4 that ran; 60.0% with the 1 error as 0",
        ),
        (0.75, Tally(passed=3, zero=1, canceled=9, score_sum=3.0), "75.0% final"),
        (
            0.3,
            Tally(passed=3, zero=1, canceled=6, score_sum=3.0),
            "30.0% final, the server counts the 6 canceled as 0; 75.0% without them",
        ),
        (
            0.5,
            Tally(passed=3, zero=1, unscored=2, score_sum=3.0),
            "50.0% final, the server counts the 2 without a score as 0; 75.0% without them",
        ),
        (
            0.1,
            Tally(passed=3, score_sum=3.0),
            "10.0% final, as the server reckons it; 100.0% by the counts above",
        ),
        (None, None, "none yet"),
    ],
)
def test_the_score_is_shown_as_it_is_and_without_errors_and_where_ours_differs_why(
    score: float | None, counts: Tally | None, words: str
) -> None:
    lines = shown(a_record(a_run(score=score), tally=counts), 120).splitlines()
    assert f"score       {words}" in lines


def test_a_terminal_run_without_a_score_has_none() -> None:
    assert "score       none\n" in shown(a_record(a_run(state="failed"), tally=None))


def test_what_is_under_way_leaves_the_state_in_sight() -> None:
    lines = shown(a_record(under_way="canceling…")).splitlines()
    assert lines[0] == "swe-verified  ◌ canceling…"
    assert lines[1] == "state       ● running"


def test_a_run_that_is_gone_keeps_the_last_answer() -> None:
    lines = shown(a_record(gone=True, tally=COUNTS)).splitlines()
    assert lines[0] == "swe-verified  ? gone"
    assert lines[1] == "The server no longer knows this run; below is what it last said."
    assert lines[2] == "state       ● running"
    assert lines[3].startswith("407 of 500 done, 5 cut off")


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"start_time_ms": None}, "its start is not known"),
        ({"start_time_ms": None, "duration_ms": HOUR}, "1h 00m"),
        ({"state": "completed", "duration_ms": 90_000}, "1m 30s, started 2026-11-21 13:05:09 UTC"),
        ({"start_time_ms": NOW + 5_000}, "0s, started 2026-11-21 14:05:14 UTC"),
    ],
)
def test_the_elapsed_time_says_what_is_known(fields: dict[str, object], words: str) -> None:
    assert f"elapsed     {words}\n" in shown(a_record(a_run(**fields)))


def test_a_name_makes_room_for_the_state() -> None:
    assert text_of(heading("n" * 99, STUCK, 30)) == "n" * 20 + "…  ? stuck"
    assert text_of(heading("n" * 99, STUCK, 12)) == "nnnnnnn…  ?…"


def test_a_name_that_the_heading_cuts_is_whole_below() -> None:
    name = " ".join(["long"] * 30)
    text = shown(a_record(a_run(name=name)), 44)
    assert text.splitlines()[0].endswith("…  ● running")
    assert text.count("long") > 30
