"""`f` shows the failures of a run or a job in groups: to filter the scenarios, copy ids, download logs."""

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from runloop_tui.demo.plans import OutcomeMix
from runloop_tui.demo.world import World
from runloop_tui.ui.dialogs.confirm import ConfirmDialog
from runloop_tui.ui.dialogs.failures import FailuresDialog
from runloop_tui.ui.screens.runs import RunsScreen
from tests.demo.clock import Clock
from tests.ui.job_stage import job_stage
from tests.ui.seeing import (
    NARROW,
    ULTRA,
    WIDE,
    focused,
    no_dialog,
    run_names,
    run_under_cursor,
    scenario_names,
    title,
)
from tests.ui.stage import Stage
from tests.ui.transports import HeldBack, until
from tests.ui.worlds import ALPHA, BETA, MANY, run_id, stage_of

if TYPE_CHECKING:
    from textual.pilot import Pilot

MIX = OutcomeMix(passed=0.2, partial=0.1, failed=0.3, timeout=0.2)
FAILING = replace(ALPHA, name="failing", mix=MIX)
"""Live: of those that are done, two failed and two gave a wrong answer, for two reasons."""
FAILED_FIRST = ["adaptive-rejection-sampler", "chess-best-move"]


def failing_stage(**options: object) -> Stage:
    return stage_of(FAILING, BETA, **options)


def dialog(stage: Stage) -> FailuresDialog:
    screen = stage.app.screen
    assert isinstance(screen, FailuresDialog)
    return screen


def rows(stage: Stage) -> list[str]:
    """The rows of the dialog without their charts and times, as words."""
    table = dialog(stage).table
    lines = ["".join(p.text for p in table.row_lines(row_id, 100)[0]) for row_id in table.ids]
    return [" ".join(word for word in line.split() if not set(word) & set("·█:")) for line in lines]


async def opened(stage: Stage, pilot: "Pilot[None]", *keys: str) -> None:
    for key in (*keys, "f"):
        await pilot.press(key)
        await stage.settle(pilot)


# The groups of a run


async def test_enter_filters_the_scenarios_to_the_group_and_new_members_of_it_appear() -> None:
    stage = failing_stage()
    async with stage.running(WIDE) as pilot:
        await opened(stage, pilot)
        assert rows(stage)[:2] == ["2 errors in 1 group", "2 2 failed"]
        await pilot.press("enter")
        await stage.settle(pilot)
        assert no_dialog(stage)
        assert focused(stage) == "scenarios"
        assert scenario_names(stage) == FAILED_FIRST
        assert "group: failed × 2" in title(stage.main.scenarios)
        stage.clock.advance(minutes=8)
        await stage.poll(pilot)
        assert set(scenario_names(stage)) == {*FAILED_FIRST, "break-filter-js-from-html"}
        assert "group: failed × 3" in title(stage.main.scenarios)
        await pilot.press("escape")
        await pilot.pause()
        assert len(scenario_names(stage)) > 4
        assert "group" not in title(stage.main.scenarios)


async def test_errors_and_wrong_answers_have_a_section_each_which_the_cursor_skips() -> None:
    stage = failing_stage()
    async with stage.running(NARROW) as pilot:
        await opened(stage, pilot)
        table = dialog(stage).table
        assert [row for row in rows(stage) if "group" in row] == [
            "2 errors in 1 group",
            "2 wrong answers in 2 groups",
        ]
        seen = []
        for key in ("down", "down", "down", "up", "up", "up", "G", "g"):
            await pilot.press(key)
            assert table.highlighted is not None
            seen.append(list(table.ids).index(table.cursor_id or ""))
        assert seen == [3, 4, 4, 3, 1, 1, 4, 1]
        assert "2 errors" in stage.text()


@pytest.mark.parametrize("size", [NARROW, WIDE, ULTRA], ids=str)
async def test_the_group_under_the_cursor_is_shown_in_full(size: tuple[int, int]) -> None:
    stage = failing_stage()
    async with stage.running(size) as pilot:
        await opened(stage, pilot)
        assert "scenarios   adaptive-rejection-sampler, chess-best-move" in stage.text()
        await pilot.press("down")
        await pilot.pause()
        assert "failed in 24.66s" in stage.text()
        assert "count" in stage.text()


@pytest.mark.parametrize("size", [(60, 16), (44, 12), (30, 8)], ids=str)
async def test_on_a_small_screen_the_groups_have_the_room(size: tuple[int, int]) -> None:
    stage = failing_stage()
    async with stage.running(size) as pilot:
        await opened(stage, pilot)
        lines = stage.text().split("\n")
        assert any("2 errors in" in line for line in lines)
        assert any("█" in line and line.split()[1] == "2" for line in lines)


async def test_it_is_live_while_it_is_open_and_the_cursor_stays_on_its_group() -> None:
    stage = failing_stage()
    async with stage.running(WIDE) as pilot:
        await opened(stage, pilot)
        await pilot.press("G")
        group = dialog(stage).table.cursor_id
        stage.clock.advance(minutes=8)
        await stage.poll(pilot)
        assert rows(stage)[:2] == ["3 errors in 1 group", "3 3 failed"]
        assert dialog(stage).table.cursor_id == group


async def test_the_groups_add_up_to_the_counts_of_the_run() -> None:
    clock = Clock()
    stage = Stage(clock=clock, world=World(clock))
    async with stage.running(WIDE) as pilot:
        for name in ("swe-lite-codex", "swe-verified-opencode", "tb2-mini-opencode"):
            records = stage.main._snapshot.records
            stage.main.runs.table.move_to(
                next(each.id for each in records if each.run.name == name)
            )
            await stage.settle(pilot)
            await opened(stage, pilot)
            record = stage.main.record
            assert record is not None
            assert record.counts is not None
            await until(pilot, lambda: dialog(stage).table.groups)
            groups = dialog(stage).table.view.groups
            errors = sum(each.count for each in groups if each.is_error)
            wrong = sum(each.count for each in groups if not each.is_error)
            assert (errors, wrong) == (
                record.counts.error,
                record.counts.zero + record.counts.partial,
            )
            await pilot.press("escape")


async def test_a_new_filter_another_run_and_escape_end_the_group() -> None:
    stage = failing_stage()
    async with stage.running(WIDE) as pilot:
        for out in ("slash", "1", "escape"):
            await opened(stage, pilot)
            await pilot.press("enter")
            await stage.settle(pilot)
            assert scenario_names(stage) == FAILED_FIRST
            await pilot.press(out)
            await pilot.pause()
            if out == "1":
                await pilot.press("down", "up")
                await stage.settle(pilot)
            assert len(scenario_names(stage)) > 4
            await pilot.press("escape", "1")
            await stage.settle(pilot)


async def test_a_group_that_nothing_is_in_any_more_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    stage = failing_stage()
    async with stage.running(WIDE) as pilot:
        await opened(stage, pilot)
        await pilot.press("enter")
        await stage.settle(pilot)
        only = stage.main.scenarios.only
        monkeypatch.setattr(type(only), "kept", lambda _self, _ids: [])
        stage.main.scenarios.rearrange()
        await pilot.pause()
        assert "Nothing found. Esc clears it." in stage.text()
        assert "group: failed × 0" in title(stage.main.scenarios)


async def test_y_copies_the_ids_and_d_asks_before_it_downloads_the_logs(
    notified: list[str],
) -> None:
    stage = failing_stage()
    async with stage.running(WIDE) as pilot:
        await opened(stage, pilot)
        group = dialog(stage).table.highlighted
        assert group is not None
        await pilot.press("y")
        await pilot.pause()
        ids = "\n".join(group.ids)  # type: ignore[union-attr]  # of a run
        assert stage.app.clipboard == ids
        assert notified == [f"Copied the ids of 2 scenario runs: {ids}"]
        await pilot.press("D")
        await pilot.pause()
        assert isinstance(stage.app.screen, ConfirmDialog)
        assert "Download 2 logs?" in stage.text()
        await pilot.press("escape")
        await pilot.pause()
        assert isinstance(stage.app.screen, FailuresDialog)
        assert stage.requests.posts == []


async def test_logs_of_scenario_runs_that_are_not_held_are_downloaded_from_the_run(
    notified: list[str],
) -> None:
    stage = failing_stage()
    async with stage.running(NARROW) as pilot:
        await opened(stage, pilot)
        table = dialog(stage).table
        dialog(stage).show(replace(table.view, scenario_runs={}), table.now)
        await pilot.press("D")
        await pilot.pause()
        assert notified == ["Its scenario runs are not read: ⏎ goes to them."]
        assert isinstance(stage.app.screen, FailuresDialog)


@pytest.mark.parametrize("out", ["escape", "q", "f"])
async def test_it_is_left_by_its_keys(out: str) -> None:
    stage = failing_stage()
    async with stage.running(NARROW) as pilot:
        await opened(stage, pilot, "3")
        await pilot.press(out)
        await pilot.pause()
        assert no_dialog(stage)
        assert focused(stage) == "scenarios"


async def test_without_failures_it_says_so_and_offers_no_keys_of_a_group() -> None:
    stage = stage_of(replace(ALPHA, mix=OutcomeMix(passed=1.0, partial=0, failed=0, timeout=0)))
    async with stage.running(NARROW) as pilot:
        await opened(stage, pilot)
        await pilot.press("enter", "y", "D")
        await pilot.pause()
        assert "Nothing has failed." in stage.text()
        assert stage.text().split("\n")[-1] == "Esc Back"


async def test_of_a_run_that_is_not_read_it_says_reading_and_then_shows_it() -> None:
    stage = stage_of(*MANY)
    held = HeldBack(stage.requests.inner, "/scenario_runs")
    stage.requests.inner = held
    async with stage.running(NARROW, await_idle=False) as pilot:
        await until(pilot, lambda: stage.main.record is not None and stage.connection is not None)
        await until(pilot, lambda: stage.app._failures is not None)
        await pilot.press("f")
        await until(pilot, lambda: "reading its scenario runs…" in stage.text())
        held.let_go.set()
        await until(pilot, lambda: dialog(stage).table.groups)
        assert "wrong answers in" in stage.text()


async def test_many_scenario_runs_are_grouped_in_a_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("runloop_tui.ui.controllers.failures._MOST_AT_ONCE", 0)
    stage = failing_stage()
    async with stage.running(WIDE) as pilot:
        await pilot.press("f")
        await until(pilot, lambda: dialog(stage).table.groups)
        assert rows(stage)[0] == "2 errors in 1 group"
        stage.clock.advance(minutes=8)
        await stage.poll(pilot)
        await until(pilot, lambda: rows(stage)[0] == "3 errors in 1 group")


# The groups of a job


async def test_of_a_job_each_agent_has_a_column_and_enter_goes_to_the_run_with_the_most() -> None:
    stage = job_stage()
    async with stage.running(WIDE) as pilot:
        await opened(stage, pilot, "b")
        assert [run.name for run in dialog(stage).table.view.runs] == [
            "codex",
            "opencode",
            "claude-code",
        ]
        table = dialog(stage).table
        wanted = next(each for each in table.groups if "NonZeroAgentExit" in each)
        table.move_to(wanted)
        await pilot.press("enter")
        await stage.settle(pilot)
        assert isinstance(stage.app.screen, RunsScreen)
        assert run_under_cursor(stage) == "done"
        assert "group: NonZeroAgentExitCodeError × 2" in title(stage.main.scenarios)
        assert len(scenario_names(stage)) == 2


async def test_what_failed_before_it_had_a_scenario_run_can_be_counted_but_not_shown(
    notified: list[str],
) -> None:
    stage = job_stage()
    async with stage.running(NARROW) as pilot:
        await opened(stage, pilot, "b")
        assert "12            ·           12" in stage.text()
        for key in ("enter", "y", "D"):
            await pilot.press(key)
            await pilot.pause()
            assert notified.pop() == "It has no scenario run: all failed before they had one."
        assert isinstance(stage.app.screen, FailuresDialog)
        await pilot.press("escape")
        await stage.settle(pilot)
        assert not no_dialog(stage), "it leaves to the jobs"


async def test_an_ended_run_of_a_job_shows_its_outcome_until_its_scenario_runs_are_read() -> None:
    stage = job_stage()
    held = HeldBack(stage.requests.inner, f"/{run_id(stage, 'done')}/scenario_runs")
    stage.requests.inner = held
    async with stage.running(WIDE, await_idle=False) as pilot:
        await until(pilot, lambda: "done" in run_names(stage) and stage.app._failures)
        stage.main.runs.table.move_to(run_id(stage, "done"))
        await until(pilot, lambda: stage.main.record and stage.main.record.job)
        await until(pilot, lambda: stage.main.record and stage.main.record.job.has_outcome)  # type: ignore[union-attr]  # above
        await pilot.press("f")
        await until(pilot, lambda: "by the outcome in its job; reading" in stage.text())
        errors = dialog(stage).table.view.groups[0]
        assert errors.first_ms is None  # type: ignore[union-attr]  # of a run
        held.let_go.set()
        await until(pilot, lambda: "by the outcome" not in stage.text())
        read = dialog(stage).table.view.groups[0]
        assert read.fingerprint == errors.fingerprint
        assert read.first_ms is not None  # type: ignore[union-attr]  # of a run
