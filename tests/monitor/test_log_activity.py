"""What is kept of a devbox's log: its last line, the longest silence that ended, and how long it has been silent."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runloop_tui.api.models import DevboxLog
from runloop_tui.monitor.log_activity import LogActivities, joined, log_activity
from runloop_tui.monitor.snapshot import LogActivity
from tests.api.scripted import NOW_MS
from tests.monitor.making import MINUTE_MS

START_MS = NOW_MS - 120 * MINUTE_MS


def ago(minutes: float) -> int:
    return NOW_MS - int(minutes * MINUTE_MS)


def line(minutes_ago: float | None, message: str = "turn", **fields: object) -> DevboxLog:
    at = None if minutes_ago is None else ago(minutes_ago)
    wire = {"timestamp_ms": at, "message": message, "source": "exec", **fields}
    return DevboxLog.model_validate(wire)


def activity(*lines: DevboxLog, start_ms: int | None = START_MS) -> LogActivity:
    return asyncio.run(log_activity(lines, start_ms=start_ms, read_ms=NOW_MS))


def minutes(ms: int | None) -> float | None:
    return None if ms is None else ms / MINUTE_MS


def test_it_says_when_the_last_line_was_written_and_the_longest_time_between_two() -> None:
    found = activity(line(60), line(51, "compiles"), line(47, "waits"))
    assert minutes(found.silence_ms) == 47
    assert minutes(found.longest_gap_ms) == 9
    assert found.last_line == "waits"


def test_the_order_of_the_lines_does_not_matter() -> None:
    lines = [line(60), line(51), line(47, "waits")]
    assert activity(*reversed(lines)) == activity(*lines)


def test_of_an_empty_log_nothing_is_known() -> None:
    found = activity()
    assert (found.last_ms, found.silence_ms, found.longest_gap_ms) == (None, None, None)
    assert found.last_line == ""


def test_a_line_without_a_moment_does_not_count() -> None:
    assert activity(line(None)).silence_ms is None
    assert minutes(activity(line(20), line(None)).silence_ms) == 20


def test_the_current_silence_is_not_one_that_ended() -> None:
    assert activity(line(47)).longest_gap_ms is None


@pytest.mark.parametrize("source", ["stats", "kmsg"])
def test_what_the_sandbox_writes_about_itself_does_not_end_a_silence(source: str) -> None:
    found = activity(line(47, "waits"), line(1, "cpu 2 %", source=source))
    assert (minutes(found.silence_ms), found.last_line) == (47, "waits")


def test_a_silence_before_the_start_does_not_count() -> None:
    found = activity(line(9_000), line(110), line(109))
    assert minutes(found.longest_gap_ms) == 1


def test_where_the_start_is_unknown_so_is_the_longest_silence() -> None:
    found = activity(line(9_000), line(60), start_ms=None)
    assert found.longest_gap_ms is None
    assert minutes(found.silence_ms) == 60


def test_a_line_from_the_future_does_not_count() -> None:
    found = activity(line(47, "waits"), line(-90, "a wrong clock"))
    assert (minutes(found.silence_ms), found.longest_gap_ms) == (47, None)


def test_a_line_written_while_the_request_was_under_way_counts_as_now() -> None:
    assert activity(line(47), line(-0.5)).silence_ms == 0


# The last line


@pytest.mark.parametrize(
    ("entry", "shown"),
    [
        (line(1, "one\ntwo\r\n\n"), "two"),
        (line(1, " 10 %\r 20 %\r"), " 20 %"),
        (line(1, "", cmd="tail -f server.log"), "$ tail -f server.log"),
        (line(1, "", exit_code=137), "exit 137"),
        (line(1, "", source="files"), ""),
        (line(1, "\n \n"), ""),
        (line(1, "ab" * 500), "ab" * 100),
        (line(1, "a" * 1_000_000 + "z"), "a" * 199 + "z"),
    ],
)
def test_the_last_line_is_the_end_of_the_last_entry_and_short(entry: DevboxLog, shown: str) -> None:
    assert activity(entry).last_line == shown


# Two answers about one log


def test_a_later_answer_replaces_what_it_reaches_back_to() -> None:
    known = activity(line(60), line(30))
    fresh = activity(line(60), line(45, "came late"), line(30), line(20))
    both = joined(known, fresh)
    assert minutes(both.longest_gap_ms) == 15
    assert minutes(both.silence_ms) == 20


def test_an_answer_of_only_the_end_keeps_the_longest_silence_before_it() -> None:
    known = activity(line(60), line(40))
    fresh = activity(line(5), line(2, "new"))
    both = joined(known, fresh)
    assert minutes(both.longest_gap_ms) == 20, "what lies between the two answers is unknown"
    assert (minutes(both.silence_ms), both.last_line) == (2, "new")
    assert both.first_ms == ago(60)


def test_an_empty_answer_takes_nothing_away() -> None:
    known = activity(line(60), line(47, "waits"))
    both = joined(known, activity())
    assert both == known


# The silences that ended, by run


def put(logs: LogActivities, id_: str, *lines: DevboxLog) -> None:
    logs.put("bmr_1", id_, activity(*lines))


def test_the_longest_silence_is_that_of_all_logs_that_are_written_to() -> None:
    logs = LogActivities()
    put(logs, "scr_1", line(20), line(15), line(1))
    put(logs, "scr_2", line(30), line(21), line(9))
    put(logs, "scr_3", line(100), line(60))  # silent: it ended nothing since
    assert logs.gaps == {"bmr_1": 14 * MINUTE_MS}
    assert minutes(logs.held["scr_3"].longest_gap_ms) == 40


def test_the_longest_silence_outlives_the_log_that_it_was_in() -> None:
    logs = LogActivities()
    put(logs, "scr_1", line(20), line(1))
    logs.drop("scr_1")
    assert (logs.held, logs.gaps) == ({}, {"bmr_1": 19 * MINUTE_MS})
    logs.drop_gap("bmr_1")
    assert logs.gaps == {}


def test_the_same_answer_again_changes_no_mapping() -> None:
    logs = LogActivities()
    put(logs, "scr_1", line(20), line(1))
    held, gaps = logs.held, logs.gaps
    put(logs, "scr_1", line(20), line(1))
    assert logs.held is held
    assert logs.gaps is gaps


# Any answer

moments = st.none() | st.integers(0, 2 * 10**14) | st.integers(NOW_MS - 10**6, NOW_MS + 10**6)
entries = st.builds(
    DevboxLog,
    timestamp_ms=moments,
    source=st.sampled_from(["exec", "stats", ""]),
    message=st.text(max_size=20),
    cmd=st.text(max_size=3),
    exit_code=st.none() | st.integers(-9, 9),
)
logs_of = st.lists(entries, max_size=8)


@given(first=logs_of, second=logs_of, start_ms=moments)
def test_whatever_a_log_says_no_figure_is_negative_or_longer_than_the_scenario_run(
    first: list[DevboxLog], second: list[DevboxLog], start_ms: int | None
) -> None:
    known, fresh = activity(*first, start_ms=start_ms), activity(*second, start_ms=start_ms)
    both = joined(known, fresh)
    for each in (known, fresh, both):
        assert each.silence_ms is None or 0 <= each.silence_ms <= NOW_MS
        assert (each.silence_ms is None) == (each.last_ms is None)
        if each.longest_gap_ms is not None:
            assert start_ms is not None
            assert 0 <= each.longest_gap_ms <= NOW_MS + MINUTE_MS - start_ms
        assert len(each.last_line) <= 200
    assert joined(both, fresh) == both
