"""`X` and `C` ask before they send anything, and what they ask about is what was under the cursor."""

import pytest

from runloop_tui.ui.dialogs.confirm import ConfirmDialog
from tests.ui.seeing import NARROW, WIDE, no_dialog, run_under_cursor, scenario_names
from tests.ui.worlds import (
    FEW,
    RUNNING_IN_ALPHA,
    TWO_LIVE,
    run_id,
    scenario_run_id,
    stage_of,
)

CONFIRM = ("right", "enter")
"""Go to the other answer, and give it."""


async def test_enter_alone_and_every_way_out_leave_the_run_as_it_is() -> None:
    stage = stage_of(*FEW)
    async with stage.running(NARROW) as pilot:
        ways_out = [("X", "enter"), ("C", "enter"), ("X", "escape"), ("C", "q"), ("X", "n")]
        for key, out in ways_out:
            await pilot.press(key)
            assert isinstance(stage.app.screen, ConfirmDialog)
            assert "the run alpha?" in stage.text()
            await pilot.press(out)
            assert no_dialog(stage), out
        assert stage.requests.posts == []
        assert "● running" in stage.text()


async def test_the_question_says_what_will_happen() -> None:
    stage = stage_of(*FEW)
    async with stage.running(NARROW) as pilot:
        await pilot.press("X")
        text = stage.text()
        assert "Cancel the run alpha?" in text
        assert "3 scenarios running or scoring" in text
        assert "4 scenarios would never start" in text
        assert "cannot be undone" in text
        await pilot.press("escape", "C")
        assert "Complete the run alpha?" in stage.text()
        await pilot.press("escape", "3", "slash", *"chess", "enter", "X")
        assert "Cancel the scenario run chess-best-move?" in stage.text()
        assert "devbox is shut down" in stage.text()
        assert stage.requests.posts == []


@pytest.mark.parametrize(("key", "verb"), [("X", "cancel"), ("C", "complete")])
async def test_a_confirmed_run_is_sent_once_and_told_of(
    key: str, verb: str, told: list[str]
) -> None:
    stage = stage_of(*FEW)
    async with stage.running(NARROW) as pilot:
        await pilot.press(key, *CONFIRM)
        await stage.settle(pilot)
        assert stage.requests.posts == [f"/v1/benchmark_runs/{run_id(stage, 'alpha')}/{verb}"]
        state = {"cancel": "canceled", "complete": "completed"}[verb]
        record = stage.main.record
        assert record is not None
        assert (record.run.state, record.under_way) == (state, "")
        assert told == [f"alpha is {state}."]  # once: that it has ended is no further news


@pytest.mark.parametrize(("key", "verb"), [("X", "cancel"), ("C", "complete")])
async def test_a_confirmed_scenario_run_is_sent_once(key: str, verb: str, told: list[str]) -> None:
    stage = stage_of(*FEW)
    async with stage.running(NARROW) as pilot:
        chess = scenario_run_id(stage, "alpha", "chess-best-move")
        await pilot.press("3", "slash", *"chess", "enter", key, *CONFIRM)
        await stage.settle(pilot)
        assert stage.requests.posts == [f"/v1/scenarios/runs/{chess}/{verb}"]
        state = {"cancel": "canceled", "complete": "completed"}[verb]
        assert stage.main.scenarios.table.scenario_runs[chess].state == state
        assert told == [f"chess-best-move is {state}."]
        record = stage.main.record
        assert record is not None
        assert record.run.is_live


async def test_marked_rows_are_sent_one_after_another_those_that_have_ended_left_out() -> None:
    stage = stage_of(*FEW)
    async with stage.running(WIDE) as pilot:
        await pilot.press("3", "slash", *"-", "enter")
        names = scenario_names(stage)
        await pilot.press(*["space"] * names.index("cobol-modernization"))
        await pilot.press("X")
        assert "Cancel 2 scenario runs?" in stage.text()
        assert "build-cython-ext" in stage.text()
        assert "one after another" in stage.text()
        await pilot.press(*CONFIRM)
        await stage.settle(pilot)
        assert stage.requests.posts == [
            f"/v1/scenarios/runs/{scenario_run_id(stage, 'alpha', name)}/cancel"
            for name in RUNNING_IN_ALPHA[:2]
        ]


async def test_the_target_is_the_one_of_the_moment_of_the_key_wherever_the_cursor_goes() -> None:
    stage = stage_of(*TWO_LIVE, *FEW[2:])
    async with stage.running(NARROW) as pilot:
        target = run_under_cursor(stage)
        other = {"alpha": "twin", "twin": "alpha"}[target]
        await pilot.press("X")
        stage.clock.advance(s=190)
        await stage.poll(pilot)  # two runs have come above it
        stage.main.runs.table.move_to(run_id(stage, other))
        await pilot.pause()
        assert run_under_cursor(stage) == other
        assert f"Cancel the run {target}?" in stage.text()
        await pilot.press(*CONFIRM)
        await stage.settle(pilot)
        assert stage.requests.posts == [f"/v1/benchmark_runs/{run_id(stage, target)}/cancel"]


async def test_marks_set_while_the_question_stands_add_no_target() -> None:
    stage = stage_of(*TWO_LIVE)
    async with stage.running(NARROW) as pilot:
        target = run_under_cursor(stage)
        await pilot.press("C")
        stage.main.runs.table.action_mark()
        stage.main.runs.table.action_mark()
        await pilot.press(*CONFIRM)
        await stage.settle(pilot)
        assert stage.requests.posts == [f"/v1/benchmark_runs/{run_id(stage, target)}/complete"]


async def test_nothing_is_offered_for_what_has_ended(told: list[str]) -> None:
    stage = stage_of(*FEW)
    async with stage.running(NARROW) as pilot:
        await pilot.press("3", "X", "C", "1", "j", "X", "C")
        assert no_dialog(stage)
        assert len(told) == 4
        assert all("has ended already" in words for words in told)
        assert stage.requests.posts == []
