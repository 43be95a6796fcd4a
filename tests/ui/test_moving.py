"""Moving in tables and panes of lines; reaching the end of lists of several pages, and of 5,000 scenarios."""

from runloop_tui.demo import names
from runloop_tui.demo.plans import HOUR, BenchmarkPlan, RunPlan
from runloop_tui.demo.world import World
from tests.demo.clock import Clock
from tests.server import big_plan
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
from tests.ui.stage import Stage
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


_TASKS = BenchmarkPlan("mini", names.TERMINAL_BENCH_2[:2])


def _many(number: int) -> Stage:
    """An account with so many short runs; the last in the list is called run-0001."""
    plans = [
        RunPlan(f"run-{index + 1:04}", _TASKS, starts_at_ms=-(number - index) * HOUR)
        for index in range(number)
    ]
    return stage_of(*plans)


def _lists(stage: Stage) -> list[str]:
    """The requests for the list of runs, without the polls for those that are running."""
    prefix = "GET /v1/benchmark_runs?"
    sent = [line.removeprefix(prefix) for line in stage.requests.queries if line.startswith(prefix)]
    return [query for query in sent if "state=running" not in query]


async def test_end_reads_all_the_rest_in_large_pages_and_goes_to_the_very_last() -> None:
    stage = _many(5_000)
    async with stage.running() as pilot:
        assert "runs 100 of 5,000" in stage.text()
        await pilot.press("end")
        await stage.settle(pilot)

        assert run_under_cursor(stage) == "run-0001"
        assert "runs 5,000" in stage.text()
        first, *rest = _lists(stage)
        assert "limit=100" in first
        assert len(rest) == 10
        assert all("limit=500" in query and "starting_after=" in query for query in rest)


async def test_paging_down_reads_a_page_when_the_cursor_nears_the_end() -> None:
    stage = _many(250)
    async with stage.running() as pilot:
        for _ in range(24):
            await pilot.press("pagedown")
        await stage.settle(pilot)

        assert run_under_cursor(stage) == "run-0001"
        assert len(_lists(stage)) == 3


async def test_a_filter_is_sent_to_the_server_once_it_is_typed_to_its_end() -> None:
    stage = _many(300)
    async with stage.running() as pilot:
        await pilot.press("slash", *"run-0042")
        assert len(_lists(stage)) == 1
        await pilot.press("enter")
        await stage.settle(pilot)

        assert run_under_cursor(stage) == "run-0042"
        assert _lists(stage)[1:] == ["search=run-0042&limit=500&include_total_count=false"]


async def test_state_name_and_benchmark_are_sent_as_such() -> None:
    stage = _many(150)
    async with stage.running() as pilot:
        await pilot.press("slash", *"state:Completed name:run-0003")
        await pilot.press("enter")
        await stage.settle(pilot)

        assert run_under_cursor(stage) == "run-0003"
        assert _lists(stage)[1:] == [
            "name=run-0003&state=completed&limit=500&include_total_count=false"
        ]


async def test_where_all_runs_were_read_no_further_request_is_sent() -> None:
    stage = _many(5)
    async with stage.running() as pilot:
        await pilot.press("slash", *"0003", "enter")
        await pilot.press("end")
        await stage.settle(pilot)

        assert len(_lists(stage)) == 1


async def test_moving_away_while_the_rest_is_read_stays_where_one_went() -> None:
    stage = _many(1_200)
    async with stage.running() as pilot:
        await pilot.press("end", "home")
        await stage.settle(pilot)

        assert run_under_cursor(stage) == "run-1200"
        assert "runs 1,200" in stage.text()


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
