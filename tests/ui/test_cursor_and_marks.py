"""The cursor and the marks stay on ids, whatever happens to the rows around them."""

from dataclasses import replace

import pytest

from runloop_tui.monitor.snapshot import Snapshot
from runloop_tui.ui.widgets.table_pane import Now
from tests.ui.seeing import (
    NARROW,
    WIDE,
    cursor_is_on_screen,
    row_on_screen,
    run_names,
    run_under_cursor,
    scenario_names,
    scenario_under_cursor,
    title,
)
from tests.ui.worlds import (
    FEW,
    LATER,
    LATEST,
    MANY,
    RUNNING_IN_ALPHA,
    ZERO_IN_ALPHA,
    run_id,
    stage_of,
)


async def test_the_cursor_stays_on_its_run_when_runs_appear_above_it() -> None:
    stage = stage_of(*FEW)
    async with stage.running(WIDE) as pilot:
        await pilot.press("j", "space")
        assert run_under_cursor(stage) == "gamma"
        stage.clock.advance(s=190)
        await stage.poll(pilot)
        assert run_names(stage) == ["latest", "later", "alpha", "beta", "gamma"]
        assert run_under_cursor(stage) == "gamma"
        assert stage.main.runs.table.marks == {run_id(stage, "beta")}
        assert "1 marked" in title(stage.main.runs)


async def test_what_is_on_the_screen_stays_where_it_is_when_runs_appear_above() -> None:
    stage = stage_of(*MANY, LATER, LATEST)
    async with stage.running(WIDE) as pilot:
        await pilot.press("G", "k")
        await stage.settle(pilot)
        table = stage.main.runs.table
        before = table.scroll_offset.y
        visible = table.visible_ids
        stage.clock.advance(s=190)
        await stage.poll(pilot)
        assert len(table.ids) == 33
        assert run_under_cursor(stage) == "past-29"
        assert table.scroll_offset.y == before + 2 * table.row_height
        assert table.visible_ids == visible


async def test_the_cursor_on_a_row_that_goes_away_moves_to_the_one_that_takes_its_place() -> None:
    stage = stage_of(*FEW)
    async with stage.running(NARROW) as pilot:
        await pilot.press("3", "slash", *"running", "enter")
        assert scenario_names(stage) == list(RUNNING_IN_ALPHA)
        assert scenario_under_cursor(stage) == RUNNING_IN_ALPHA[0]
        stage.clock.advance(s=56)  # the first is being scored now, and another one runs
        await stage.poll(pilot)
        assert scenario_names(stage) == [
            "chess-best-move",
            "circuit-fibsqrt",
            "cobol-modernization",
        ]
        assert scenario_under_cursor(stage) == "chess-best-move"


async def test_marks_are_made_and_taken_off_by_space_and_show_in_their_rows() -> None:
    stage = stage_of(*FEW)
    async with stage.running(NARROW) as pilot:
        await pilot.press("3", "space", "space")
        table = stage.main.scenarios.table
        assert scenario_under_cursor(stage) == ZERO_IN_ALPHA[2], "space goes on to the next row"
        assert [table.scenario_runs[id_].name for id_ in table.chosen] == list(ZERO_IN_ALPHA[:2])
        assert row_on_screen(stage, table, table.ids[0]).startswith("▌")
        assert "2 marked" in stage.text()
        await pilot.press("k", "space")
        assert [table.scenario_runs[id_].name for id_ in table.chosen] == [ZERO_IN_ALPHA[0]]
        assert not row_on_screen(stage, table, table.ids[1]).startswith("▌")


async def test_marks_stay_on_their_ids_through_sorting_and_refreshes_but_not_on_hidden_rows() -> (
    None
):
    stage = stage_of(*FEW)
    async with stage.running(NARROW) as pilot:
        await pilot.press("3", "space", *["j"] * 6, "space", "k")
        table = stage.main.scenarios.table
        marks = table.marks
        names = {table.scenario_runs[id_].name for id_ in marks}
        assert names == {ZERO_IN_ALPHA[0], "code-from-image"}
        await pilot.press("s", "S")
        assert table.marks == marks
        assert scenario_under_cursor(stage) == "code-from-image"
        assert cursor_is_on_screen(table)
        stage.clock.advance(s=110)
        await stage.poll(pilot)
        assert table.marks == marks
        await pilot.press("slash", *"pass", "enter")
        assert names - {"code-from-image"} == {ZERO_IN_ALPHA[0]}
        assert {table.scenario_runs[id_].name for id_ in table.marks} == {"code-from-image"}


@pytest.mark.parametrize("size", [NARROW, WIDE], ids=str)
async def test_a_mark_is_shown_at_once_in_every_table(size: tuple[int, int]) -> None:
    stage = stage_of(*FEW)
    async with stage.running(size) as pilot:
        for key, pane in (("1", stage.main.runs), ("3", stage.main.scenarios)):
            await pilot.press(key, "space")
            assert "1 marked" in title(pane)
            await pilot.press("space")
            assert "2 marked" in title(pane)
            await pilot.press("escape")
            assert "marked" not in title(pane)


async def test_the_cursor_stays_on_its_run_when_another_appears_above_it() -> None:
    stage = stage_of(*FEW)
    async with stage.running(WIDE) as pilot:
        assert run_under_cursor(stage) == "alpha"
        stage.clock.advance(s=125)
        await stage.poll(pilot)
        assert run_names(stage)[:2] == ["later", "alpha"]
        assert run_under_cursor(stage) == "alpha"


async def test_while_scenario_runs_are_read_page_by_page_the_cursor_stays_on_the_first_row() -> (
    None
):
    stage = stage_of(*FEW)
    async with stage.running(WIDE):
        pane = stage.main.scenarios
        record = stage.main.record
        assert record is not None
        held = record.scenario_runs or ()
        for number in (2, 6, len(held)):
            page = replace(record, scenario_runs=held[len(held) - number :], all_read=False)
            other = replace(page, run=record.run.model_copy(update={"id": "other"}))
            pane.show(Snapshot(records=(other,)), Now(), "other")
            assert pane.table.cursor_id == pane.table.ids[0]


async def test_rows_that_are_read_later_leave_the_cursor_of_another_run_at_its_top() -> None:
    stage = stage_of(*FEW)
    async with stage.running(WIDE) as pilot:
        await pilot.press("3", "j", "j", "1", "j")
        await stage.settle(pilot)
        table = stage.main.scenarios.table
        assert table.cursor_id == table.ids[0]
