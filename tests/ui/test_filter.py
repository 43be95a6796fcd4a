"""Filtering the rows of a table, and searching the lines of a pane."""

from typing import TYPE_CHECKING

import pytest

from runloop_tui.analysis import report
from runloop_tui.analysis.slow import Slow, Stuck
from tests.ui.job_stage import job_names, job_stage, jobs_screen, run_rows
from tests.ui.seeing import (
    NARROW,
    WIDE,
    detail,
    focused,
    inspected,
    run_names,
    run_under_cursor,
    scenario_names,
    title,
)
from tests.ui.worlds import (
    FEW,
    MANY,
    MORE_THAN_A_PAGE,
    PROBLEMS_FIRST_IN_ALPHA,
    RUNNING_IN_ALPHA,
    stage_of,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from runloop_tui.analysis.attempts import Attempt


async def test_rows_are_found_by_all_of_their_words_and_the_detail_follows_while_typing() -> None:
    stage = stage_of(*MANY)
    async with stage.running(WIDE) as pilot:
        await pilot.press("slash", *"past-1")
        assert run_names(stage) == [f"past-{number}" for number in range(10, 20)]
        assert "past-10" in detail(stage)
        await pilot.press(*"7")
        await stage.settle(pilot)
        assert run_names(stage) == ["past-17"]
        assert "past-17" in detail(stage)
        assert scenario_names(stage), "the scenarios of the run that was found are shown"
        await pilot.press("space", *"RUNNING")
        assert run_names(stage) == []
        assert "filter: past-17 RUNNING" in title(stage.main.runs)


async def test_enter_keeps_the_filter_and_escape_clears_it() -> None:
    stage = stage_of(*FEW)
    async with stage.running(NARROW) as pilot:
        await pilot.press("slash", *"gam", "enter")
        assert focused(stage) == "runs"
        assert stage.app.focused is stage.main.runs.table
        assert run_names(stage) == ["gamma"]
        assert "filter: gam" in stage.text()
        assert "runs 1 of 3" in stage.text()
        await pilot.press("escape")
        assert run_names(stage) == ["alpha", "beta", "gamma"]
        assert "filter" not in title(stage.main.runs)
        assert run_under_cursor(stage) == "gamma"


async def test_escape_while_typing_clears_the_filter_and_leaves_it() -> None:
    stage = stage_of(*FEW)
    async with stage.running(NARROW) as pilot:
        await pilot.press("slash", *"gam", "escape")
        assert stage.app.focused is stage.main.runs.table
        assert run_names(stage) == ["alpha", "beta", "gamma"]
        await pilot.press("slash")
        assert "gam " not in stage.text()


async def test_the_filter_is_kept_when_the_data_changes() -> None:
    stage = stage_of(*FEW)
    async with stage.running(NARROW) as pilot:
        await pilot.press("slash", *"late", "enter")
        assert run_names(stage) == []
        stage.clock.advance(s=130)
        await stage.poll(pilot)
        assert run_names(stage) == ["later"]
        assert run_under_cursor(stage) == "later"


async def test_scenarios_are_filtered_by_name_state_outcome_and_reason_apart_from_the_runs() -> (
    None
):
    stage = stage_of(*FEW)
    async with stage.running(WIDE) as pilot:
        await pilot.press("3", "slash", *"running", "enter")
        assert scenario_names(stage) == list(RUNNING_IN_ALPHA)
        assert RUNNING_IN_ALPHA[0] in inspected(stage)
        assert run_names(stage) == ["alpha", "beta", "gamma"]
        await pilot.press("escape", "slash", *"pass adapt", "enter")
        assert scenario_names(stage) == ["adaptive-rejection-sampler"]
        await pilot.press("escape")
        assert scenario_names(stage) == PROBLEMS_FIRST_IN_ALPHA


async def test_letters_typed_into_the_filter_do_nothing_else() -> None:
    stage = stage_of(*FEW)
    async with stage.running(NARROW) as pilot:
        await pilot.press("slash", *"qXCDzsp1", "question_mark", "percent_sign", "colon")
        assert len(stage.app.screen_stack) == 1
        assert stage.main.runs.filter_text == "qXCDzsp1?%:"
        assert stage.requests.posts == []
    assert stage.app._exit is False


def slow_are_all(of: "Sequence[Attempt]", now_ms: int, **_: object) -> list[Slow]:
    """Whatever is running is slow."""
    return [Slow(each, now_ms - (each.start_ms or 0), "others", 1) for each in of if each.is_active]


async def test_stuck_finds_the_stuck_rows_and_failed_no_reason_that_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(report, "slow_ones", slow_are_all)
    monkeypatch.setattr(
        report, "stuck_ones", lambda slow, *_: [Stuck(each, 1, None) for each in slow]
    )
    stage = stage_of(*FEW)
    async with stage.running(WIDE) as pilot:
        pane = stage.main.scenarios
        await pilot.press("3", "slash", *"stuck")
        assert scenario_names(stage) == list(RUNNING_IN_ALPHA)
        row = "".join(piece.text for piece in pane.table.row_lines(pane.table.ids[0], 80)[0])
        assert "? stuck" in row
        await pilot.press("escape", "slash", *"reason:failed")
        assert scenario_names(stage), "reasons say that tests failed"
        await pilot.press("escape", "slash", *"failed")
        assert scenario_names(stage) == []


async def test_that_nothing_is_found_is_said_with_the_way_out() -> None:
    stage = stage_of(*FEW)
    async with stage.running(NARROW) as pilot:
        await pilot.press("3", "slash", *"state:timeout")
        assert "Nothing found. Esc clears it." in stage.text()
        await pilot.press("escape")
        assert "Nothing found" not in stage.text()
        await pilot.press("1", "slash", *"missing", "enter")
        assert "Nothing found. Esc clears it." in stage.text()
        await pilot.press("escape")
        assert "Nothing found" not in stage.text()
        assert run_names(stage) == ["alpha", "beta", "gamma"]


async def test_where_there_are_more_runs_the_way_to_find_them_is_said() -> None:
    stage = stage_of(*MORE_THAN_A_PAGE)
    async with stage.running(WIDE) as pilot:
        await pilot.press("slash", *"missing")
        lines = [line[:48].rstrip() for line in stage.text().split("\n")]
        assert "  None of 100: Esc clears, ⏎ asks the server." in lines


async def test_a_kept_filter_is_readable_in_a_narrow_pane() -> None:
    stage = stage_of(*MORE_THAN_A_PAGE)
    async with stage.running(WIDE) as pilot:
        await pilot.press("slash", *"state:failed past-1", "enter")
        await stage.settle(pilot)
        [line] = [each for each in stage.text().split("\n") if "filter:" in each]
        assert "filter: state:failed past-1" in line[:48]
        assert "1 runs 0" in line[:48]


async def test_jobs_and_their_runs_are_filtered_by_state_too() -> None:
    stage = job_stage()
    async with stage.running(WIDE) as pilot:
        await pilot.press("b")
        await stage.settle(pilot)
        screen = jobs_screen(stage)
        await pilot.press("slash", *"state:running")
        assert job_names(stage) == ["matrix"]
        await pilot.press("escape", "slash", *"state:canceled")
        assert "Nothing found. Esc clears it." in stage.text()
        await pilot.press("escape", "3", "slash", *"failed")
        assert [row[:2] for row in run_rows(stage)] == [["!", "failed"]]
        assert screen.runs.filter_text == "failed"


_TO_ONE_IN_FULL = ("3", "home", "4")


async def test_words_are_found_in_an_output_whatever_the_case_and_n_goes_round() -> None:
    stage = stage_of(*FEW)
    async with stage.running(NARROW) as pilot:
        await pilot.press(*_TO_ONE_IN_FULL, "slash", *"DEVBOX")
        assert "search: DEVBOX, 1 of 1" in stage.text()
        await pilot.press("ctrl+u", *"e", "enter")
        assert focused(stage) == "inspector"
        text = stage.text()
        number = int(text.split("1 of ")[1].split(",")[0])
        assert number > 2
        await pilot.press("n")
        assert f"2 of {number}" in stage.text()
        await pilot.press(*["n"] * (number - 1))
        assert f"1 of {number}" in stage.text()


async def test_a_query_without_a_match_is_reported_and_escape_clears_first() -> None:
    stage = stage_of(*FEW)
    async with stage.running(NARROW) as pilot:
        await pilot.press(*_TO_ONE_IN_FULL, "slash", *"xyzzy", "enter")
        assert "no match" in stage.text()
        await pilot.press("escape")
        assert "search:" not in stage.text()
        assert focused(stage) == "inspector"
        await pilot.press("escape")
        assert focused(stage) == "scenarios"


async def test_a_match_below_the_screen_is_brought_on_it() -> None:
    stage = stage_of(*FEW)
    async with stage.running((80, 18)) as pilot:
        await pilot.press(*_TO_ONE_IN_FULL)
        view = stage.main.inspector.view
        last = view.find("")[-1]
        assert last >= view.size.height
        name = view.text.split("\n")[last].split()[0]
        await pilot.press("slash", *name, "enter", *["n"] * (len(view.find(name)) - 1))
        assert view.scroll_offset.y > 0
