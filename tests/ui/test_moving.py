"""Moving in tables and in panes of lines."""

from tests.ui.seeing import (
    NARROW,
    WIDE,
    cursor_is_on_screen,
    detail,
    inspected,
    run_names,
    run_under_cursor,
    scenario_names,
    scenario_row_names,
    scenario_under_cursor,
)
from tests.ui.worlds import ALPHA, FEW, MANY, MORE_THAN_A_PAGE, PROBLEMS_FIRST_IN_ALPHA, stage_of


async def test_each_key_moves_the_cursor_of_the_runs_to_its_row() -> None:
    stage = stage_of(*MANY)
    async with stage.running(WIDE) as pilot:
        names, table = run_names(stage), stage.main.runs.table
        page = max(1, table.size.height // table.row_height - 1)
        assert len(names) == 31
        here = 0
        for key, rows in (
            ("down", 1),
            ("j", 1),
            ("up", -1),
            ("k", -1),
            ("k", -1),
            ("pagedown", page),
            ("pagedown", page),
            ("pageup", -page),
            ("G", 99),
            ("j", 1),
            ("g", -99),
            ("end", 99),
            ("home", -99),
        ):
            await pilot.press(key)
            row = max(0, min(30, here + rows))
            assert run_under_cursor(stage) == names[row], f"after {key} from row {here}"
            assert cursor_is_on_screen(table)
            here = row


async def test_each_key_moves_the_cursor_of_the_scenarios_to_its_row() -> None:
    stage = stage_of(ALPHA)
    async with stage.running(NARROW) as pilot:
        await pilot.press("3")
        names, table = scenario_row_names(stage), stage.main.scenarios.table
        assert names[: len(PROBLEMS_FIRST_IN_ALPHA)] == PROBLEMS_FIRST_IN_ALPHA
        last = len(names) - 1
        page = table.size.height - 1
        for key, row in (
            ("down", 1),
            ("j", 2),
            ("up", 1),
            ("k", 0),
            ("pagedown", min(page, last)),
            ("pageup", 0),
            ("G", last),
            ("g", 0),
            ("end", last),
            ("home", 0),
        ):
            await pilot.press(key)
            assert scenario_under_cursor(stage) == names[row], f"after {key}"
            assert cursor_is_on_screen(table)


async def test_a_run_in_full_is_scrolled_by_the_keys_of_reading() -> None:
    stage = stage_of(ALPHA)
    stage.app.animation_level = "none"
    async with stage.running(NARROW) as pilot:
        await pilot.press("2")
        view = stage.main.detail.view
        last = view.max_scroll_y
        assert last > 1
        for key, line in (
            ("j", 1),
            ("down", 2),
            ("k", 1),
            ("up", 0),
            ("G", last),
            ("g", 0),
            ("end", last),
            ("home", 0),
            ("pagedown", min(last, view.size.height)),
            ("pageup", 0),
        ):
            await pilot.press(key)
            assert view.scroll_offset.y == line, f"after {key}"


async def test_what_is_under_the_cursor_is_shown_in_full() -> None:
    stage = stage_of(*FEW)
    async with stage.running(WIDE) as pilot:
        assert "alpha" in detail(stage)
        assert PROBLEMS_FIRST_IN_ALPHA[0] in inspected(stage)
        await pilot.press("j")
        await stage.settle(pilot)
        assert "beta" in detail(stage)
        assert "build-pmars" in scenario_names(stage)
        await pilot.press("3", "j")
        assert scenario_under_cursor(stage) in inspected(stage)


async def test_a_click_moves_the_cursor_and_a_second_one_opens() -> None:
    stage = stage_of(*FEW)
    async with stage.running(WIDE) as pilot:
        table = stage.main.runs.table
        await pilot.click(table, offset=(10, table.row_height))
        assert run_under_cursor(stage) == "beta"
        await pilot.click(table, offset=(10, table.row_height), times=2)
        await pilot.pause()
        assert stage.app.focused is stage.main.scenarios.table


async def test_another_run_begins_at_its_first_scenario() -> None:
    stage = stage_of(*FEW)
    async with stage.running(WIDE) as pilot:
        await pilot.press("3", "G", "1", "j")
        await stage.settle(pilot)
        assert scenario_under_cursor(stage) == scenario_names(stage)[0]


async def test_going_to_the_last_run_reads_the_older_ones_below_it() -> None:
    stage = stage_of(*MORE_THAN_A_PAGE)
    async with stage.running(NARROW) as pilot:
        assert len(run_names(stage)) == 100
        await pilot.press("G")
        await stage.settle(pilot)
        assert len(run_names(stage)) == 105
        assert run_under_cursor(stage) == "past-105"
