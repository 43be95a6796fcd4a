"""All runs together: the top line, the smallest screen, the news, the farewell."""

import pytest

from runloop_tui.monitor.counts import Tally
from runloop_tui.monitor.snapshot import Snapshot
from runloop_tui.present.flow import line_width
from runloop_tui.present.overview import (
    ended_news,
    essentials,
    farewell,
    scenario_ended_news,
    summary,
    title_line,
)
from runloop_tui.present.times import MINUTE
from tests.present.building import (
    NOW,
    a_record,
    a_run,
    a_scenario_run,
    a_snapshot,
    page_of,
    text_of,
)

LIVE = a_record(tally=Tally(passed=300, zero=112, score_sum=300.0))
ENDED = a_record(a_run(id="bmr_2", state="completed"))


@pytest.fixture(autouse=True)
def _at_greenwich(in_utc: None) -> None:
    """The clock at the top is a local one."""


def title(
    snapshot: Snapshot, width: int, *, server: str = "api.runloop.ai", demo: bool = False,
    read_only: bool = False,
) -> str:  # fmt: skip
    line = title_line(snapshot, NOW, width, server=server, demo=demo, read_only=read_only)
    return text_of(line)


def test_the_top_line_says_what_is_watched_what_goes_on_and_what_time_it_is() -> None:
    assert title(a_snapshot(LIVE, ENDED), 60) == (
        " runloop api.runloop.ai  1 running                    14:05 "
    )


def test_demo_and_read_only_are_badges() -> None:
    line = title(a_snapshot(), 60, server="demo", demo=True, read_only=True)
    assert line.startswith(" runloop DEMO READ-ONLY demo  nothing running ")


def test_the_stuck_are_counted() -> None:
    record = a_record(active=(a_scenario_run(), a_scenario_run(id="2")), usual_ms=10 * MINUTE)
    assert "1 running · 2 stuck " in title(a_snapshot(record), 60)


def test_the_server_makes_room_for_what_goes_on() -> None:
    snapshot = a_snapshot(LIVE)
    assert "api.r…  1 running  14:05 " in title(snapshot, 34)
    assert title(snapshot, 26) == " runloop 1 running  14:05 "


def test_the_top_line_fills_its_width_and_never_more() -> None:
    for width in range(201):
        line = title_line(a_snapshot(LIVE), NOW, width, server="h" * 99, demo=True, read_only=True)
        assert line_width(line) == width


def test_before_the_first_answer_nothing_is_said_to_be_running_or_not() -> None:
    assert summary(Snapshot()) == "connecting…"
    assert "connecting…" in title(Snapshot(), 60)
    assert "running" not in title(Snapshot(), 60)


def test_the_summary_counts_the_live_but_not_the_gone() -> None:
    assert summary(a_snapshot(LIVE, a_record(gone=True), ENDED)) == "1 running"
    assert summary(a_snapshot(ENDED)) == "nothing running"


def test_a_screen_too_small_for_panes_shows_a_line_for_each_live_run() -> None:
    unknown = a_record(a_run(id="bmr_3", name="tb2"), tally=None)
    growing = a_record(a_run(id="bmr_4", name="own"), tally=Tally(running=3), total=None)
    assert page_of(essentials(a_snapshot(LIVE, ENDED, unknown, growing), 40)) == (
        "3 running, q quits\n412/500 72.8% swe-verified\n· – tb2\n0/? – own"
    )
    assert page_of(essentials(a_snapshot(LIVE), 10)) == "1 running…\n412/500 7…"


def test_the_news_of_an_end_say_how_it_ended() -> None:
    run = a_run(state="completed", score=0.58)
    assert ended_news(a_record(run)) == "swe-verified has ended: completed, 58.0%"
    one = Tally(passed=58, zero=41, error=1, score_sum=58.0)
    assert ended_news(a_record(run, tally=one)).endswith(
        "completed, 58.0% (58.6% of the 99 that ran), 1 error"
    )
    assert ended_news(a_record(run, tally=Tally(error=2))).endswith("completed, 58.0%, 2 errors")
    behind = Tally(passed=50, running=2, error=1, score_sum=50.0)
    assert ended_news(a_record(run, tally=behind)).endswith("completed, 58.0%, 1 error")
    unscored = a_record(a_run(state="failed"), tally=Tally(passed=1, error=3, score_sum=1.0))
    assert ended_news(unscored).endswith("failed, 25.0% (100.0% of the 1 that ran), 3 errors")
    failed = a_record(a_run(state="failed"), tally=None)
    assert ended_news(failed) == "swe-verified has ended: failed"


def test_the_news_of_an_end_give_the_state_even_while_the_overlay_lies_over_it() -> None:
    record = a_record(a_run(state="canceled"), under_way="canceling…")
    assert ended_news(record) == "swe-verified has ended: canceled"


def test_the_news_of_a_scenario_runs_end_name_its_run_and_say_its_score() -> None:
    record = a_record(a_run())
    canceled = a_scenario_run(name="chess", state="canceled", scoring_contract_result=None)
    assert scenario_ended_news(record, canceled) == "chess (swe-verified) has ended: canceled"
    scored = a_scenario_run(name="chess", state="scored", scoring_contract_result={"score": 0.5})
    assert scenario_ended_news(record, scored) == "chess (swe-verified) has its score, 50.0%"


def test_the_farewell_says_that_the_runs_go_on() -> None:
    assert farewell(a_snapshot(LIVE)) == (
        "1 run goes on without runloop-tui; start it again to see how far."
    )
    assert farewell(a_snapshot(LIVE, a_record(a_run(id="2")))).startswith("2 runs go on ")
    assert farewell(a_snapshot(ENDED)) == "No run was going on when last seen."
