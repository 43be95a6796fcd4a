"""Filtering the rows of a table by words."""

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
from tests.ui.worlds import FEW, MANY, PROBLEMS_FIRST_IN_ALPHA, RUNNING_IN_ALPHA, stage_of


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
        assert stage.main.runs.needle == "qXCDzsp1?%:"
        assert stage.requests.posts == []
    assert stage.app._exit is False
