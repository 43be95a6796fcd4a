"""A run of 5,000 scenarios: all rows are there, and the cursor stays on its own."""

from runloop_tui.demo.world import World
from tests.demo.clock import Clock
from tests.server import big_plan
from tests.ui.seeing import WIDE, cursor_is_on_screen, scenario_names, scenario_under_cursor
from tests.ui.stage import Stage

STARTED = 2_029


async def test_thousands_of_rows_are_all_there_sorted_and_keep_the_cursor_on_its_id() -> None:
    clock = Clock()
    stage = Stage(clock=clock, world=World(clock, plans=[big_plan()]))
    async with stage.running(WIDE) as pilot:
        table = stage.main.scenarios.table
        run = next(stage.world.runs())
        assert len(table.scenario_runs) == run.started_by(clock()) == STARTED
        assert len(table.ids) == 5_000, "what has not started has a row too"
        await pilot.press("3", "end")
        assert table.cursor_id == table.ids[-1]
        assert cursor_is_on_screen(table)
        await pilot.press("s", "s")
        names = scenario_names(stage)
        assert names == sorted(names)
        await pilot.press("home", "pagedown", "pagedown")
        name, visible = scenario_under_cursor(stage), table.visible_ids
        clock.advance(minutes=20)
        await stage.poll(pilot)
        assert len(table.scenario_runs) > STARTED
        assert scenario_under_cursor(stage) == name
        assert cursor_is_on_screen(table)
        assert len(set(visible) & set(table.visible_ids)) > len(visible) // 2
        clock.advance(minutes=60 * 24 * 30)
        await stage.poll(pilot)
        assert len(table.ids) == 5_000
        assert scenario_under_cursor(stage) == name
        await pilot.press("G")
        assert cursor_is_on_screen(table)
