"""Comparisons: of a run with the one before, of two marked runs, of the agents of a job; opened, read, left."""

import json
from typing import TYPE_CHECKING

import httpx
import pytest

from runloop_tui.demo.plans import HOUR, JobPlan, RunPlan
from runloop_tui.ui.dialogs.compare import CompareDialog
from runloop_tui.ui.dialogs.matrix import MatrixDialog
from tests.snapshots.situations import answer_instead
from tests.ui.job_stage import job_stage, shown_job
from tests.ui.seeing import (
    NARROW,
    ULTRA,
    WIDE,
    focused,
    no_dialog,
    run_under_cursor,
    scenario_under_cursor,
    status,
)
from tests.ui.stage import Stage
from tests.ui.transports import until
from tests.ui.worlds import ALPHA, BETA, FEW, GAMMA, MANY, ONE_TASK, TASKS, run_id, stage_of

if TYPE_CHECKING:
    from textual.pilot import Pilot

OLDEST = RunPlan("oldest", TASKS, starts_at_ms=-9 * HOUR)
ALONE = RunPlan("alone", ONE_TASK, starts_at_ms=-10 * HOUR)


def dialog(stage: Stage) -> CompareDialog:
    """The open comparison of two runs."""
    screen = stage.app.screen
    assert isinstance(screen, CompareDialog)
    return screen


def agents(stage: Stage) -> MatrixDialog:
    """The open comparison of the agents of a job."""
    screen = stage.app.screen
    assert isinstance(screen, MatrixDialog)
    return screen


def title(stage: Stage) -> str:
    return dialog(stage).title_bar.text


@pytest.mark.parametrize("size", [NARROW, WIDE, ULTRA], ids=str)
async def test_a_run_is_compared_with_the_run_before_and_a_change_is_gone_to(
    size: tuple[int, int],
) -> None:
    stage = stage_of(ALPHA, BETA, OLDEST)
    async with stage.running(size) as pilot:
        await pilot.press("equals_sign")
        await stage.settle(pilot)
        text = stage.text()
        assert "comparison on 4 of 12" in text
        assert "newer       alpha" in text
        assert "baseline    beta" in text
        assert "the run before of the same agent" in text
        assert "y Copy as text Esc Back" in text
        table = dialog(stage).table
        change = table.changes[table.ids[1]]
        await pilot.press("down", "enter")
        await pilot.pause()
        assert no_dialog(stage)
        assert (run_under_cursor(stage), focused(stage)) == ("alpha", "scenarios")
        assert scenario_under_cursor(stage) == change.flip.name


async def test_of_two_marked_runs_the_one_that_started_first_is_the_baseline() -> None:
    stage = stage_of(ALPHA, BETA, GAMMA, OLDEST)
    async with stage.running(WIDE) as pilot:
        await pilot.press("down", "space", "down", "space")  # beta and oldest; the cursor goes on
        marks = stage.main.runs.table.marks
        assert marks == {run_id(stage, "beta"), run_id(stage, "oldest")}
        await pilot.press("g", "equals_sign")
        await stage.settle(pilot)
        assert dialog(stage).run_ids == (run_id(stage, "beta"), run_id(stage, "oldest"))
        assert "the run before" not in dialog(stage).view.text
        await pilot.press("enter")
        await pilot.pause()
        assert run_under_cursor(stage) == "beta"


async def mark_two_that_are_not_held(stage: Stage, pilot: "Pilot[None]") -> tuple[str, ...]:
    """Mark two of thirty ended runs whose scenario runs were read and released; return their ids."""
    await stage.poll(pilot)
    table = stage.main.runs.table
    released = [id_ for id_ in table.ids if table.snapshot.by_id[id_].scenario_runs is None][:2]
    for id_ in released:
        table.move_to(id_)
        table.action_mark()
    await pilot.press("g")  # the run under the cursor is another one
    await stage.settle(pilot)
    assert all(table.snapshot.by_id[id_].scenario_runs is None for id_ in released)
    assert set(released) == table.marks
    return tuple(released)


async def test_a_baseline_whose_scenario_runs_are_not_held_is_read_and_kept_while_it_is_compared() -> (
    None
):
    stage = stage_of(*MANY)
    async with stage.running(ULTRA) as pilot:
        marked = await mark_two_that_are_not_held(stage, pilot)
        await pilot.press("equals_sign")
        await stage.settle(pilot)
        assert "on 2 of 2" in title(stage)
        assert stage.main.viewport.compared == dialog(stage).run_ids == marked
        for _ in range(3):
            await stage.poll(pilot)
        assert all(dialog(stage).snapshot.by_id[id_].scenario_runs is not None for id_ in marked)
        await pilot.press("escape")
        await pilot.pause()
        assert stage.main.viewport.compared == ()


async def test_it_is_live_while_it_is_open() -> None:
    stage = stage_of(ALPHA, BETA)
    async with stage.running(WIDE) as pilot:
        await pilot.press("equals_sign")
        await stage.settle(pilot)
        assert "on 4 of 12" in title(stage)
        assert "once both have ended" in dialog(stage).view.text
        stage.clock.advance(s=800)
        await stage.poll(pilot)
        assert "completed" in dialog(stage).view.text
        assert "on 10 of 12" in title(stage), "two ended in errors"
        assert "once both have ended" not in dialog(stage).view.text


async def test_a_baseline_that_cannot_be_read_says_why_until_it_can_be() -> None:
    stage = stage_of(*MANY)
    async with stage.running(ULTRA) as pilot:
        _, older = await mark_two_that_are_not_held(stage, pilot)
        answer_instead(stage, 500, "{}", to=lambda request: older in request.url.path)
        await pilot.press("equals_sign")
        await stage.settle(pilot)
        assert title(stage) == "comparison reading…"
        assert "being read" in dialog(stage).view.text
        assert "500" in stage.text()
        stage.requests.instead = None
        await stage.poll(pilot)
        assert "on 2 of 2" in title(stage)
        assert not dialog(stage).status.display


async def test_it_is_copied_as_markdown(notified: list[str]) -> None:
    stage = stage_of(ALPHA, BETA)
    async with stage.running(WIDE) as pilot:
        await pilot.press("equals_sign")
        await stage.settle(pilot)
        await pilot.press("y")
        await pilot.pause()
        lines = stage.app.clipboard.splitlines()
        assert lines[0] == "### `alpha` against `beta`"
        changes = dialog(stage).table.changes.values()
        assert [line.split("`")[1] for line in lines[-len(changes) :]] == [
            change.flip.name for change in changes
        ]
        assert notified == ["Copied the comparison as Markdown: comparison on 4 of 12"]


async def test_a_comparison_in_a_thread_shows_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("runloop_tui.ui.dialogs.compare._MOST_AT_ONCE", 0)
    stage = stage_of(ALPHA, BETA)
    async with stage.running(WIDE) as pilot:
        await pilot.press("equals_sign")
        await until(pilot, lambda: "on 4 of 12" in title(stage))
        assert dialog(stage).table.ids


async def test_a_run_that_has_none_before_it_says_so(notified: list[str]) -> None:
    stage = stage_of(ALPHA, ALONE)
    async with stage.running(WIDE) as pilot:
        await pilot.press("equals_sign")
        await pilot.pause()
        assert no_dialog(stage)
        assert [words.partition(",")[0] for words in notified] == [
            "No earlier run on its benchmark has scores"
        ]


async def test_more_than_two_marked_runs_are_too_many(notified: list[str]) -> None:
    stage = stage_of(*FEW)
    async with stage.running(WIDE) as pilot:
        await pilot.press("space", "space", "space", "equals_sign")
        await pilot.pause()
        assert no_dialog(stage)
        assert notified == ["3 runs are marked: = compares two."]


# The agents of a job


@pytest.mark.parametrize("size", [NARROW, WIDE, ULTRA], ids=str)
async def test_the_agents_of_a_job_are_compared_and_a_scenario_of_one_is_gone_to(
    size: tuple[int, int],
) -> None:
    stage = job_stage()
    async with stage.running(size) as pilot:
        await pilot.press("down", "b")
        await stage.settle(pilot)
        assert shown_job(stage) == "matrix"
        await pilot.press("equals_sign")
        await stage.settle(pilot)
        matrix = agents(stage)
        assert len(matrix.run_ids) == 3
        assert "▸codex" in stage.text()
        assert "! error" in stage.text()
        assert "← → Agents ⏎ Open Esc Back" in stage.text()
        await pilot.press("right", "right", "right")
        assert matrix.table.column == 2
        assert "3 of 3" in stage.text()
        row = next(row for row in matrix.table.rows.values() if row.results[2] is not None)
        matrix.table.move_to(row.scenario_id)
        run = matrix.run_ids[2]
        await pilot.press("enter")
        await stage.settle(pilot)
        assert no_dialog(stage)
        assert stage.main.record is not None
        assert stage.main.record.id == run
        assert scenario_under_cursor(stage) == row.name


async def test_the_matrix_is_left_to_the_jobs() -> None:
    stage = job_stage()
    async with stage.running(NARROW) as pilot:
        await pilot.press("down", "b", "equals_sign")
        await stage.settle(pilot)
        await pilot.press("escape")
        await stage.settle(pilot)
        assert shown_job(stage) == "matrix"
        assert "fresh" in status(stage)


class _Unlisted(httpx.AsyncBaseTransport):
    """Leaves a run out of the list of runs; by itself it is there, unless its path is broken."""

    def __init__(self, inner: httpx.AsyncBaseTransport, run_id: str) -> None:
        self.inner = inner
        self.run_id = run_id

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        response = await self.inner.handle_async_request(request)
        if request.url.path != "/v1/benchmark_runs":
            return response
        body = json.loads(await response.aread())
        body["runs"] = [run for run in body["runs"] if run["id"] != self.run_id]
        return httpx.Response(200, json=body)


async def test_a_run_of_the_job_that_is_not_in_the_list_of_runs_is_read_for_the_matrix() -> None:
    stage = job_stage()
    done = run_id(stage, "done")
    stage.requests.inner = _Unlisted(stage.requests.inner, done)
    async with stage.running(WIDE) as pilot:
        assert done not in stage.main.runs.table.snapshot.by_id
        await pilot.press("b")
        await stage.settle(pilot)
        await pilot.press("equals_sign")
        await stage.settle(pilot)
        matrix = agents(stage)
        column = matrix.run_ids.index(done)
        assert [row for row in matrix.table.rows.values() if row.results[column] is not None]


async def test_a_run_of_the_job_that_cannot_be_read_says_so_in_its_column() -> None:
    stage = job_stage()
    done = run_id(stage, "done")
    stage.requests.inner = _Unlisted(stage.requests.inner, done)
    async with stage.running(WIDE) as pilot:
        await pilot.press("b")
        await stage.settle(pilot)
        answer_instead(stage, 500, "{}", to=lambda request: done in request.url.path)
        await pilot.press("equals_sign")
        await stage.settle(pilot)
        matrix = agents(stage)
        await pilot.press(*["right"] * matrix.run_ids.index(done), "enter")
        assert "reading…" in stage.text()
        assert "500" in stage.text()
        assert stage.app.screen is matrix, "there is nothing to go to"


async def test_a_job_of_which_no_run_has_started_is_not_said_to_be_read() -> None:
    to_come = JobPlan("to come", 0, (RunPlan("waits", TASKS, starts_at_ms=HOUR),))
    stage = job_stage(jobs=(to_come,))
    async with stage.running(NARROW) as pilot:
        await pilot.press("b")
        await stage.settle(pilot)
        await pilot.press("equals_sign")
        await stage.settle(pilot)
        assert isinstance(stage.app.screen, MatrixDialog)
        assert "No run of this job has started." in stage.text()
        assert "reading" not in stage.text()
