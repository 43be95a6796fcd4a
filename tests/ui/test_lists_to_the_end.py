"""All runs can be reached: with End, by paging down, and by a filter that the server is asked for too."""

from runloop_tui.demo import names
from runloop_tui.demo.plans import HOUR, BenchmarkPlan, RunPlan
from tests.ui.seeing import run_under_cursor
from tests.ui.stage import Stage
from tests.ui.worlds import stage_of

_TASKS = BenchmarkPlan("mini", names.TERMINAL_BENCH_2[:2])


def _many(number: int) -> Stage:
    """An account with so many short runs; the last in the list is called run-0001."""
    plans = [
        RunPlan(f"run-{index + 1:04}", _TASKS, starts_at_ms=-(number - index) * HOUR)
        for index in range(number)
    ]
    return stage_of(*plans)


def _lists(stage: Stage) -> list[str]:
    """What was asked of the list of runs, without the polls for those that are running."""
    prefix = "GET /v1/benchmark_runs?"
    asked = [
        line.removeprefix(prefix) for line in stage.requests.queries if line.startswith(prefix)
    ]
    return [query for query in asked if "state=running" not in query]


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


async def test_a_filter_is_asked_of_the_server_once_it_is_typed_to_its_end() -> None:
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


async def test_where_all_runs_were_read_the_server_is_not_asked_again() -> None:
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
