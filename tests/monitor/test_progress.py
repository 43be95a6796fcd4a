"""What is usual, what is stuck, and when a run will end."""

import pytest

from runloop_tui.monitor.counts import Pace, pace, times_usual, usual_ms
from runloop_tui.monitor.run_index import RunIndex
from tests.api.scripted import NOW_MS
from tests.monitor.making import HOUR_MS, MINUTE_MS, ended, scenario_run

FIVE_MINUTES = 5 * MINUTE_MS


def ends(*minutes_ago: float) -> list[int]:
    return sorted(NOW_MS - int(each * MINUTE_MS) for each in minutes_ago)


@pytest.mark.parametrize(
    ("durations", "usual"),
    [([], None), ([1, 2, 3, 4], None), ([1, 2, 3, 4, 100], 3), ([1, 2, 3, 5, 9, 10], 4)],
)
def test_the_usual_duration_is_the_median_of_five_or_more(
    durations: list[int], usual: int | None
) -> None:
    assert usual_ms(durations) == usual


def test_only_what_was_scored_tells_what_is_usual() -> None:
    book = RunIndex()
    for number in range(5):
        book.put(ended(f"scr_{number}", minutes_ago=1, took_ms=4000))
        book.put(ended(f"scr_f{number}", minutes_ago=1, took_ms=1, state="failed", score=None))
        book.put(ended(f"scr_c{number}", minutes_ago=1, took_ms=9, state="canceled", score=None))
    book.put(scenario_run("scr_live", duration_ms=77))
    assert book.usual_ms == 4000


def test_three_times_the_usual_duration_is_stuck() -> None:
    running = scenario_run(start_time_ms=NOW_MS - 30 * MINUTE_MS)
    assert times_usual(running, 10 * MINUTE_MS, NOW_MS) == 3.0
    assert times_usual(running, 10 * MINUTE_MS, NOW_MS - 1) is None


def test_nothing_is_stuck_before_ten_minutes() -> None:
    running = scenario_run(start_time_ms=NOW_MS - 10 * MINUTE_MS)
    assert times_usual(running, 1000, NOW_MS) == 600.0
    assert times_usual(running, 1000, NOW_MS - 1) is None


@pytest.mark.parametrize("state", ["scored", "completed", "failed", "timeout", "canceled"])
def test_what_is_done_is_not_stuck(state: str) -> None:
    done = scenario_run("scr_1", state, start_time_ms=NOW_MS - 9 * HOUR_MS)
    assert times_usual(done, 1000, NOW_MS) is None


@pytest.mark.parametrize(
    ("start_ms", "usual"),
    [(None, 1000), (NOW_MS - HOUR_MS, None), (NOW_MS - HOUR_MS, 0), (NOW_MS + HOUR_MS, 1000)],
    ids=["no start", "nothing usual", "usual is zero", "a start in the future"],
)
def test_nothing_is_called_stuck_without_knowing(start_ms: int | None, usual: int | None) -> None:
    assert times_usual(scenario_run(start_time_ms=start_ms), usual, NOW_MS) is None


def test_the_pace_is_that_of_the_last_hour() -> None:
    now = NOW_MS - NOW_MS % FIVE_MINUTES
    hundred_in_the_last_hour = [now - number * 30_000 for number in reversed(range(100))]
    long_ago = [now - 5 * HOUR_MS] * 900
    # 50 left at 100 an hour: half an hour, give or take 1/√100 and 5 %
    assert pace([*long_ago, *hundred_in_the_last_hour], 50, now - 9 * HOUR_MS, now) == Pace(
        earliest_ms=now + 30 * MINUTE_MS,  # 25.5 minutes, rounded up to 5
        latest_ms=now + 35 * MINUTE_MS,  # 34.5 minutes
    )


def test_a_younger_run_has_the_pace_since_its_start() -> None:
    now = NOW_MS - NOW_MS % FIVE_MINUTES
    seen = pace([now] * 100, 100, now - 10 * MINUTE_MS, now)
    assert seen == Pace(now + 10 * MINUTE_MS, now + 15 * MINUTE_MS)


def test_the_range_narrows_as_more_is_seen() -> None:
    def width(number: int) -> int:
        seen = pace([NOW_MS] * number, number * 10, NOW_MS - HOUR_MS, NOW_MS)
        assert seen is not None
        return seen.latest_ms - seen.earliest_ms

    assert width(10) > width(100) > width(1000)


def test_both_ends_are_rounded_so_that_a_second_changes_nothing() -> None:
    base = NOW_MS - NOW_MS % FIVE_MINUTES
    moments = [base - number * 10_000 for number in reversed(range(300))]
    seen = {pace(moments, 500, base - 2 * HOUR_MS, base + ms) for ms in range(0, 9_000, 1_000)}
    assert len(seen) == 1
    [only] = seen
    assert only is not None
    assert only.earliest_ms % FIVE_MINUTES == only.latest_ms % FIVE_MINUTES == 0


@pytest.mark.parametrize(
    ("moments", "left", "start_ms"),
    [
        (ends(1, 2, 3, 4, 5), None, NOW_MS - HOUR_MS),
        (ends(1, 2, 3, 4, 5), 0, NOW_MS - HOUR_MS),
        (ends(1, 2, 3, 4, 5), 9, None),
        (ends(1, 2, 3, 4), 9, NOW_MS - HOUR_MS),
        (ends(61, 62, 63, 64, 65), 9, NOW_MS - 9 * HOUR_MS),
        ([], 9, NOW_MS - HOUR_MS),
        (ends(1, 2, 3, 4, 5), 9, NOW_MS),
        (ends(1, 2, 3, 4, 5), 9, NOW_MS + HOUR_MS),
        (ends(-61, -62, -63, -64, -65), 9, NOW_MS - HOUR_MS),
    ],
    ids=[
        "total unknown",
        "nothing left",
        "start unknown",
        "too few ended",
        "none ended in the last hour",
        "none ended at all",
        "started this moment",
        "the clock jumped back before the start",
        "the clock jumped back before the ends",
    ],
)
def test_there_is_no_pace_where_it_cannot_be_said(
    moments: list[int], left: int | None, start_ms: int | None
) -> None:
    assert pace(moments, left, start_ms, NOW_MS) is None
