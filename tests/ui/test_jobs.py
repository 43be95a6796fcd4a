"""The jobs: the way to them and back, their runs side by side, and the requests meanwhile."""

from typing import TYPE_CHECKING

import httpx

from runloop_tui.demo.plans import HOUR, JobPlan
from runloop_tui.monitor.job_runs import sum_of
from runloop_tui.ui.screens.jobs import JobsScreen
from runloop_tui.ui.screens.runs import RunsScreen
from tests.ui.job_stage import (
    MATRIX,
    TASK_COUNT,
    YESTERDAY,
    job_id,
    job_names,
    job_stage,
    jobs_screen,
    run_rows,
    shown_job,
)
from tests.ui.seeing import NARROW, ULTRA, WIDE, row_on_screen, run_under_cursor
from tests.ui.stage import Stage
from tests.ui.transports import until
from tests.ui.worlds import run_id

if TYPE_CHECKING:
    from textual.widget import Widget

JOBS = "GET /v1/benchmark_jobs"


def refuse_jobs(stage: Stage, status: int) -> None:
    """From now on everything about jobs gets this status."""

    def answer(request: httpx.Request) -> httpx.Response | None:
        if "/benchmark_jobs" not in request.url.path:
            return None
        return httpx.Response(status, json={"message": "no such path"})

    stage.requests.instead = answer


def job_requests(stage: Stage) -> list[str]:
    return [line for line in stage.requests.queries if "/benchmark_jobs" in line]


# The way to them and back


async def test_b_goes_to_the_job_of_the_run_under_the_cursor_and_escape_back() -> None:
    stage = job_stage()
    async with stage.running(WIDE) as pilot:
        stage.main.runs.table.move_to(run_id(stage, "old"))
        await pilot.press("b")
        await stage.settle(pilot)
        assert shown_job(stage) == "yesterday"
        await pilot.press("escape")
        await stage.settle(pilot)
        assert isinstance(stage.app.screen, RunsScreen)
        assert run_under_cursor(stage) == "old"


async def test_b_on_a_run_of_no_job_opens_the_jobs_at_the_newest_and_b_leaves_them() -> None:
    stage = job_stage()
    async with stage.running(NARROW) as pilot:
        stage.main.runs.table.move_to(run_id(stage, "lone"))
        await pilot.press("b")
        await stage.settle(pilot)
        assert job_names(stage) == ["matrix", "yesterday"]
        assert shown_job(stage) == "matrix"
        await pilot.press("b")
        await stage.settle(pilot)
        assert isinstance(stage.app.screen, RunsScreen)


async def test_enter_goes_from_a_job_to_its_runs_and_from_one_of_them_to_it_among_all() -> None:
    stage = job_stage()
    async with stage.running(WIDE) as pilot:
        await pilot.press("b")
        await stage.settle(pilot)
        await pilot.press("enter")
        await pilot.pause()
        assert stage.app.focused is jobs_screen(stage).runs.table
        await pilot.press("j", "enter")
        await stage.settle(pilot)
        assert isinstance(stage.app.screen, RunsScreen)
        assert run_under_cursor(stage) == "broken"


async def test_a_run_that_cannot_be_opened_says_why_and_the_jobs_stay(notified: list[str]) -> None:
    stage = job_stage()

    def without_old(request: httpx.Request) -> httpx.Response | None:
        old = run_id(stage, "old")
        if request.url.path == f"/v1/benchmark_runs/{old}":
            return httpx.Response(404, json={"message": "no such run"})
        if request.url.path == "/v1/benchmark_runs":
            return httpx.Response(200, json={"runs": [], "has_more": False, "total_count": 0})
        return None

    stage.requests.instead = without_old
    async with stage.running(WIDE) as pilot:
        await pilot.press("b")
        await stage.settle(pilot)
        await pilot.press("j")
        await stage.settle(pilot)
        assert "the server no longer knows this run" in jobs_screen(stage).job.view.text
        await pilot.press("enter")
        await pilot.pause()
        await pilot.press("enter")
        await stage.settle(pilot)
        assert isinstance(stage.app.screen, JobsScreen)
        assert "could not be opened: not found" in notified[-1]


async def test_enter_on_an_agent_that_has_not_started_says_so(notified: list[str]) -> None:
    later = JobPlan("later", -HOUR, (MATRIX.runs[0], YESTERDAY.runs[0]))

    def unstarted(request: httpx.Request) -> httpx.Response | None:
        if request.url.path != "/v1/benchmark_jobs":
            return None
        spec = {"agent_configs": [{"name": "codex", "model_name": "gpt-5"}]}
        job = {"id": "bmj_1", "name": "new", "state": "queued", "job_spec": spec}
        return httpx.Response(200, json={"jobs": [job], "has_more": False})

    stage = job_stage(jobs=(later,))
    stage.requests.instead = unstarted
    async with stage.running(WIDE) as pilot:
        await pilot.press("b")
        await stage.settle(pilot)
        await pilot.press("3")
        await pilot.pause()
        await pilot.press("enter")
        await pilot.pause()
        assert notified[-1] == "There is no run to go to: it has not started."


async def test_a_job_is_opened_at_the_start() -> None:
    stage = job_stage()
    stage = job_stage(job_id=job_id(stage, "yesterday"))
    async with stage.running(WIDE) as pilot:
        for _ in range(100):
            if isinstance(stage.app.screen, JobsScreen):
                break
            await pilot.pause()
        await stage.settle(pilot)
        assert shown_job(stage) == "yesterday"


async def test_a_missing_job_is_notified_and_the_runs_are_shown(notified: list[str]) -> None:
    stage = job_stage(job_id="bmj_[no]")
    async with stage.running(WIDE) as pilot:
        await stage.settle(pilot)
        assert isinstance(stage.app.screen, RunsScreen)
        assert notified[-1].startswith("The job bmj_[no] could not be opened: not found")


# What is shown


async def test_the_runs_of_three_agents_are_side_by_side_and_add_up() -> None:
    stage = job_stage()
    async with stage.running(ULTRA) as pilot:
        await pilot.press("b")
        await stage.settle(pilot)
        rows = run_rows(stage)
        assert [row[1:4] for row in rows] == [
            ["completed", "codex", "gpt-5-codex"],
            ["failed", "opencode", "qwen3-coder-480b"],
            ["running", "claude-code", "claude-sonnet-4-5"],
        ]
        for row in rows:
            done, total = map(int, row[4].split("/"))
            assert sum(map(int, row[5:11])) == done
            assert total == TASK_COUNT
        assert [row[4] for row in rows] == ["12/12", "12/12", "5/12"]
        screen = jobs_screen(stage)
        together = sum_of(tuple(screen.runs.table.runs.values()))
        assert together.counts.finished == 29
        assert "29 of 36 done in 3 runs" in screen.job.view.text
        assert "29/36" in stage.text()


async def test_nothing_secret_of_a_job_is_on_the_screen() -> None:
    stage = job_stage()
    async with stage.running(ULTRA) as pilot:
        await pilot.press("b")
        await stage.settle(pilot)
        assert "TOKEN  ••••••" in stage.text()
        assert "hunter2" not in stage.text()


async def test_a_run_that_ends_moves_to_the_outcomes_and_is_never_counted_twice() -> None:
    stage = job_stage()
    async with stage.running(ULTRA) as pilot:
        await pilot.press("b")
        await stage.settle(pilot)
        for _ in range(8):
            stage.clock.advance(minutes=2)
            await pilot.press("r")
            await stage.settle(pilot)
            rows = run_rows(stage)
            assert len(rows) == 3
            assert "= 36" in jobs_screen(stage).job.view.text
        assert [row[1] for row in rows] == ["completed", "failed", "completed"]
        assert [row[4] for row in rows] == ["12/12"] * 3


async def test_a_failed_scenario_says_in_its_row_why_its_job_says_it_failed() -> None:
    stage = job_stage()
    async with stage.running(ULTRA) as pilot:
        stage.main.runs.table.move_to(run_id(stage, "done"))
        await stage.settle(pilot)
        await pilot.press("3")
        await pilot.pause()
        table, record = stage.main.scenarios.table, stage.main.record
        assert record is not None
        assert record.job is not None
        first = table.ids[0]
        why = record.job.failures[first]
        assert f"{why.exception_type}: "[:18] in row_on_screen(stage, table, first)
        in_full = " ".join(stage.main.inspector.view.text.split())
        assert f"{why.exception_type} as its job says" in in_full
        assert why.exception_message in in_full
        await pilot.press("slash", *why.exception_type, "enter")
        assert first in table.ids
        assert len(table.ids) < len(table.scenario_runs)


async def test_a_run_of_a_job_of_scenarios_has_its_total_from_the_job() -> None:
    stage = job_stage()
    async with stage.running(WIDE) as pilot:
        stage.main.runs.table.move_to(run_id(stage, "old"))
        await stage.settle(pilot)
        assert stage.main.record is not None
        assert stage.main.record.planned == TASK_COUNT


async def test_a_filter_and_an_order_hold_while_the_jobs_change_and_are_left() -> None:
    stage = job_stage()
    async with stage.running(WIDE) as pilot:
        await pilot.press("b")
        await stage.settle(pilot)
        await pilot.press("slash", *"yester", "enter")
        assert job_names(stage) == ["yesterday"]
        await pilot.press("b")
        await stage.settle(pilot)
        stage.main.runs.table.move_to(run_id(stage, "lone"))
        await stage.settle(pilot)
        await pilot.press("b")
        await stage.settle(pilot)
        assert job_names(stage) == ["yesterday"]
        await pilot.press("escape")
        assert job_names(stage) == ["matrix", "yesterday"]
        await pilot.press("s")
        await pilot.press("S")
        assert job_names(stage) == ["yesterday", "matrix"]


async def test_zoom_gives_a_pane_the_screen_and_tab_goes_through_the_panes() -> None:
    stage = job_stage()
    async with stage.running(NARROW) as pilot:
        await pilot.press("b")
        await stage.settle(pilot)
        screen = jobs_screen(stage)
        views: tuple[Widget, ...] = (screen.jobs.table, screen.job.view, screen.runs.table)
        for key, view in zip("123", views, strict=True):
            await pilot.press(key)
            await pilot.pause()
            assert stage.app.focused is view
            await pilot.press("z")
            await pilot.pause()
            assert view.size.height > 15
            await pilot.press("escape")
            await pilot.pause()
            assert view.size.height < 15
        await pilot.press("tab")
        await pilot.pause()
        assert stage.app.focused is views[0]
        await pilot.press("shift+tab")
        await pilot.pause()
        assert stage.app.focused is views[2]


async def test_y_copies_the_id_of_the_job_or_of_its_run(notified: list[str]) -> None:
    stage = job_stage()
    async with stage.running(WIDE) as pilot:
        await pilot.press("b")
        await stage.settle(pilot)
        await pilot.press("y", "3")
        await pilot.pause()
        await pilot.press("y")
        await pilot.pause()
        assert notified == [
            f"Copied the id of the job: {job_id(stage, 'matrix')}",
            f"Copied the id of the run: {run_id(stage, 'done')}",
        ]


async def test_a_screen_too_small_for_panes_says_the_essentials_and_any_other_shows_the_panes() -> (
    None
):
    stage = job_stage()
    async with stage.running(NARROW) as pilot:
        await pilot.press("b")
        await stage.settle(pilot)
        assert "q quits" not in stage.text()
        assert "runs of the job 3" in stage.text()
        await pilot.resize_terminal(50, 12)
        await stage.settle(pilot)
        assert "2 running, q quits" in stage.text()
        assert "runs of the job" not in stage.text()


# Requests


async def test_jobs_are_listed_in_the_beginning_when_they_are_opened_and_with_each_refresh() -> (
    None
):
    stage = job_stage()
    async with stage.running(WIDE) as pilot:
        assert job_requests(stage) == [f"{JOBS}?limit=20&include_total_count=true"]
        await pilot.press("b")
        await stage.settle(pilot)
        assert len(job_requests(stage)) == 2
        await pilot.press("r")
        await stage.settle(pilot)
        assert len(job_requests(stage)) == 3
        await pilot.press("escape")
        await stage.settle(pilot)
        assert len(job_requests(stage)) == 3
        await pilot.press("r")
        await stage.settle(pilot)
        assert len(job_requests(stage)) == 4


async def test_a_server_without_jobs_disturbs_nothing_and_says_so_where_they_would_be() -> None:
    stage = job_stage()
    refuse_jobs(stage, 404)
    async with stage.running(WIDE) as pilot:
        assert len(job_requests(stage)) == 1
        assert "could not" not in stage.text()
        await pilot.press("b")
        await stage.settle(pilot)
        assert "This address offers no benchmark jobs." in stage.text()
        assert len(job_requests(stage)) == 1, "it is remembered"
        await pilot.press("escape")
        await stage.poll(pilot)
        assert isinstance(stage.app.screen, RunsScreen)
        assert "fresh" in stage.main._status.text


async def test_jobs_that_cannot_be_read_say_why_and_the_runs_go_on() -> None:
    stage = job_stage()
    async with stage.running(WIDE) as pilot:
        refuse_jobs(stage, 403)
        await pilot.press("b")
        await stage.settle(pilot)
        await until(pilot, lambda: "could not read the list of jobs: forbidden" in stage.text())
        assert job_names(stage) == ["matrix", "yesterday"], "what was read stays"
        await pilot.press("escape")
        await stage.settle(pilot)
        assert "fresh" in stage.main._status.text


# What has not started


async def test_what_has_not_started_is_listed_by_name_below_what_has_and_takes_no_action(
    notified: list[str],
) -> None:
    stage = job_stage()
    async with stage.running(WIDE) as pilot:
        stage.main.runs.table.move_to(run_id(stage, "alpha"))
        await stage.settle(pilot)
        table = stage.main.scenarios.table
        assert "scenarios 12, 4 not started" in stage.main.scenarios._title.text
        assert list(table.not_started) == list(table.ids[8:])
        await pilot.press("3", "G")
        await pilot.pause()
        assert "○ not started" in stage.main.inspector.view.text
        for key in ("X", "C", "D", "l", "y"):
            await pilot.press(key)
            await pilot.pause()
            assert isinstance(stage.app.screen, RunsScreen), key
        assert stage.requests.posts == []
        await pilot.press("slash", *"not started", "enter")
        assert list(table.ids) == list(table.not_started)
