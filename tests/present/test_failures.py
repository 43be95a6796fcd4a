"""Failures in groups, in words: rows, sections, a group in full, the title of the filtered table."""

from datetime import UTC
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runloop_tui.analysis.failures import FailureGroup, Failures, groups_of_agents
from runloop_tui.present.failures import (
    BUCKETS,
    FailureView,
    RunFailures,
    agent_columns,
    agents_cells,
    copied_words,
    filter_words,
    group_cells,
    group_columns,
    group_lines,
    notice_line,
    section_line,
    short_name,
    title_line,
)
from runloop_tui.present.layout import Piece, row
from runloop_tui.present.units import DAY, HOUR, MINUTE
from tests.present.building import NOW, WIDTHS, a_scenario_run, page_of, text_of
from tests.present.hostile import assert_shows_safely, bounded, long_texts


def a_group(
    fingerprint: str = "ApiRateLimitError: after # tries",
    *ids: str,
    growing: bool = False,
    **fields: Any,  # noqa: ANN401
) -> FailureGroup:
    """A group of errors, of which the first ended an hour ago and the last a minute ago; `fields` override."""
    usual: dict[str, Any] = {
        "is_error": True,
        "without_id": 0,
        "first_ms": NOW - HOUR,
        "last_ms": NOW - MINUTE,
        "of_last": 1,
        "buckets": (0,) * (BUCKETS - 2) + (1, 1),
        "sample": "ApiRateLimitError: after 6 tries",
    }
    known = usual | fields
    return FailureGroup(
        fingerprint=fingerprint, ids=ids or ("scr_1", "scr_2"), is_growing=growing, **known
    )


def untimed() -> FailureGroup:
    """A group of a run of which only the outcome is known."""
    return a_group(first_ms=None, last_ms=None, of_last=0, buckets=())


def shown(group: FailureGroup, width: int = 71) -> str:
    columns = group_columns(width)
    return text_of(row(columns, group_cells(group, NOW, UTC, columns), width)).rstrip()


def view_of(*groups: FailureGroup, is_whole: bool = True, is_gone: bool = False) -> FailureView:
    failures = Failures(tuple(each for each in groups if each.is_error))
    run = RunFailures("bmr_1", "", failures, is_whole, is_gone)
    held = {"scr_1": a_scenario_run(id="scr_1"), "scr_2": a_scenario_run(id="scr_2", name="two")}
    return FailureView("nightly", runs=(run,), groups=groups, scenario_runs=held)


# Rows


def test_a_row_shows_how_many_when_how_many_lately_and_why() -> None:
    assert shown(a_group()) == (
        "    2 ···········█  13:05  14:04       1  ApiRateLimitError: after # t…"
    )


def test_where_there_is_room_a_moment_of_another_day_has_its_time_too() -> None:
    group = a_group(first_ms=NOW - DAY)
    assert "Nov 20  14:04" in shown(group)
    assert "Nov 20 14:05        14:04" in shown(group, 118)


def test_a_group_that_grows_is_said_to() -> None:
    group = a_group(growing=True, of_last=9)
    assert "9  growing · ApiRateLimit" in shown(group)
    page = page_of(group_lines(view_of(group), group, NOW, UTC, 80))
    assert "growing     9 of the last 20 that finished, a larger share than before" in page
    assert text_of(title_line(view_of(group), 80)) == "failures of nightly · 1 group growing"


def test_a_group_without_times_has_dashes() -> None:
    assert shown(untimed()).split()[:4] == ["2", "–", "–", "–"]


def test_a_section_says_how_many_there_are_in_how_many_groups() -> None:
    assert text_of(section_line([a_group(), a_group("x", "scr_3")])) == "3 errors in 2 groups"
    wrong = [a_group("x", "scr_3", is_error=False)]
    assert text_of(section_line(wrong)) == "1 wrong answer in 1 group"


# A group in full


def test_a_group_in_full_has_the_latest_reason_the_moments_and_the_scenarios() -> None:
    group = a_group(without_id=3)
    assert page_of(group_lines(view_of(group), group, NOW, UTC, 80)).split("\n") == [
        "ApiRateLimitError: after # tries",
        "lately      1 of the last 20 that finished",
        "the latest  ApiRateLimitError: after 6 tries",
        "when        2026-11-21 13:05:09 UTC to 2026-11-21 14:04:09 UTC",
        "scenarios   django__django-11099, two",
        "not begun   3 before there was a run",
    ]


def test_of_many_scenarios_the_first_are_named() -> None:
    ids = [f"scr_{number}" for number in range(300)]
    view = FailureView(
        "nightly",
        runs=view_of().runs,
        scenario_runs={id_: a_scenario_run(id=id_, name="n") for id_ in ids},
    )
    page = page_of(group_lines(view, a_group("x", *ids), NOW, UTC, 300))
    assert page.endswith("n, and 200 more")


# The agents of a job


def a_job(*agents: str) -> FailureView:
    one = a_group("Timeout", "scr_1", "scr_2")
    other = a_group("Timeout", "scr_3", growing=True)
    found = [Failures((one,)), Failures((other,)), Failures()]
    runs = tuple(
        RunFailures(f"bmr_{name}", name, failures)
        for name, failures in zip(agents, found, strict=False)
    )
    return FailureView("job", is_job=True, runs=runs, groups=groups_of_agents(found[: len(runs)]))


def test_a_row_of_a_job_has_a_column_for_each_agent() -> None:
    view = a_job("codex", "goose", "opencode")
    columns = agent_columns(view.runs, 100)
    [group] = view.groups
    cells = agents_cells(group, columns)  # type: ignore[arg-type]  # of agents
    assert [column.title for column in columns][1:-1] == ["codex", "goose", "opencode"]
    assert [cell.text for cell in cells] == ["3", "2", "1", "·", " growing · Timeout"]


@pytest.mark.parametrize("width", [10, 40, 60, 71])
def test_agents_without_room_are_named_in_full_below(width: int) -> None:
    view = a_job("codex", "goose", "opencode")
    [group] = view.groups
    columns = agent_columns(view.runs, width)
    cells = agents_cells(group, columns)  # type: ignore[arg-type]  # of agents
    assert len(cells) == len(columns)
    page = page_of(group_lines(view, group, NOW, UTC, 76))
    assert "codex  2, 13:05–14:04, 1 of the last 20  ApiRateLimit" in page
    assert "goose  1, 13:05–14:04, 1 of the last 20, growing" in page


# What is not read


def test_the_notice_says_what_is_not_read_yet_and_that_nothing_has_failed() -> None:
    unread = RunFailures("bmr_1", "codex", None)
    gone = RunFailures("bmr_2", "goose", None, is_gone=True)

    def notice(*runs: RunFailures, is_job: bool = False) -> str:
        return text_of(notice_line(FailureView("x", is_job, runs), 76))

    assert notice(unread) == "reading its scenario runs…"
    assert notice(unread, RunFailures("", "goose", Failures()), is_job=True) == "reading codex…"
    assert notice(gone) == "the server no longer knows this run"
    assert notice(gone, is_job=True) == "the server no longer knows: goose"
    assert notice(RunFailures("bmr_1", "", Failures())) == "Nothing has failed."
    outcome = RunFailures("bmr_1", "codex", Failures(), is_outcome=True)
    assert notice(outcome) == "by the outcome in its job; reading its scenario runs…"
    assert notice(outcome, is_job=True) == "by the outcome alone: codex"
    in_part = text_of(notice_line(view_of(a_group(), is_whole=False), 76))
    assert in_part == "reading: of the first scenario runs only, so far…"
    assert text_of(notice_line(view_of(a_group()), 76)) == ""


# The filter of the scenario table


def test_the_filter_names_the_exception_and_counts_what_is_shown() -> None:
    assert filter_words(a_group(), 12, 60) == "group: ApiRateLimitError × 12"
    assert filter_words(a_group(), 1200, 23) == "group: ApiRate… × 1,200"
    assert filter_words(a_group("# failed in #s"), 1, 60) == "group: # failed in #s × 1"
    assert filter_words(a_group(""), 1, 60) == "group: no reason is known × 1"
    assert short_name(a_group("<path>:#: KeyError")) == "<path>:#: KeyError"


def test_what_was_copied_is_counted() -> None:
    assert copied_words(1) == "id of the scenario run"
    assert copied_words(12) == "ids of 12 scenario runs"


# Whatever comes


@bounded
@given(
    long_texts,
    long_texts,
    st.sampled_from((*WIDTHS, 20, 40)),
    st.none() | st.integers(-(10**18), 10**18),
    st.booleans(),
)
def test_everything_is_safe_and_within_its_width(
    fingerprint: str, sample: str, width: int, moment_ms: int | None, growing: bool
) -> None:
    group = a_group(
        fingerprint, growing=growing, sample=sample, first_ms=moment_ms, last_ms=moment_ms
    )
    view = view_of(group)
    columns = group_columns(width)
    assert_shows_safely(row(columns, group_cells(group, NOW, UTC, columns), width), width)
    for line in (*group_lines(view, group, NOW, UTC, width), title_line(view, width)):
        assert_shows_safely(line, width)
    found = [Failures((group,))]
    job = FailureView("x", is_job=True, runs=view.runs, groups=groups_of_agents(found))
    for line in group_lines(job, job.groups[0], NOW, UTC, width):
        assert_shows_safely(line, width)
    words = filter_words(group, 3, width)
    assert_shows_safely((Piece(words),), max(width, 24))
