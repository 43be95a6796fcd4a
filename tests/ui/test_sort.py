"""Sorting by columns, from both ends, by keys and by clicks, and holding the order still."""

from runloop_tui.monitor.arrange import RUN_ORDERS, SCENARIO_ORDERS
from tests.ui.seeing import (
    NARROW,
    WIDE,
    run_names,
    run_under_cursor,
    scenario_names,
    scenario_under_cursor,
    title,
)
from tests.ui.worlds import FEW, PROBLEMS_FIRST_IN_ALPHA, RUNNING_IN_ALPHA, stage_of


async def test_s_goes_through_the_columns_of_the_runs_and_back_to_newest_first() -> None:
    stage = stage_of(*FEW)
    in_order = {
        "started": ["alpha", "beta", "gamma"],
        "name": ["alpha", "beta", "gamma"],
        "state": ["alpha", "beta", "gamma"],
        "progress": ["beta", "gamma", "alpha"],
        "score": ["beta", "gamma", "alpha"],
        "errors": ["gamma", "beta", "alpha"],
        "elapsed": ["alpha", "beta", "gamma"],
    }
    async with stage.running(NARROW) as pilot:
        assert "newest first" in title(stage.main.runs)
        for key in (*RUN_ORDERS[1:], RUN_ORDERS[0]):
            await pilot.press("s")
            assert stage.main.runs.order.key == key
            assert run_names(stage) == in_order[key], key
            if key != "started":
                assert f"by {key}" in title(stage.main.runs)
            assert run_under_cursor(stage) == "alpha", "the cursor stays on its run"


async def test_shift_s_sorts_from_the_other_end_and_refreshes_keep_it() -> None:
    stage = stage_of(*FEW)
    async with stage.running(NARROW) as pilot:
        await pilot.press("s", "S")
        assert run_names(stage) == ["gamma", "beta", "alpha"]
        stage.clock.advance(s=130)
        await stage.poll(pilot)
        assert run_names(stage) == ["later", "gamma", "beta", "alpha"]
        assert "by name ↓" in title(stage.main.runs)
        await pilot.press("S")
        assert run_names(stage) == ["alpha", "beta", "gamma", "later"]


async def test_the_scenarios_are_sorted_by_each_of_their_columns() -> None:
    stage = stage_of(*FEW)
    async with stage.running(NARROW) as pilot:
        await pilot.press("3")
        assert scenario_names(stage) == PROBLEMS_FIRST_IN_ALPHA
        seen = {"problems": scenario_names(stage)}
        for key in SCENARIO_ORDERS[1:]:
            await pilot.press("s")
            assert f"by {key}" in title(stage.main.scenarios)
            seen[key] = scenario_names(stage)
        assert seen["name"] == sorted(PROBLEMS_FIRST_IN_ALPHA)
        assert seen["score"][:2] == ["adaptive-rejection-sampler", "code-from-image"]
        assert seen["state"][:3] == list(RUNNING_IN_ALPHA)
        assert seen["elapsed"][0] == "adaptive-rejection-sampler"
        assert set(seen["reason"][:3]) == set(PROBLEMS_FIRST_IN_ALPHA[:3])
        assert run_names(stage) == ["alpha", "beta", "gamma"]


async def test_a_click_on_a_columns_title_sorts_by_it_and_a_second_one_from_its_other_end() -> None:
    stage = stage_of(*FEW)
    async with stage.running(WIDE) as pilot:
        pane = stage.main.scenarios
        for word, key in (("name", "name"), ("score", "score"), ("state", "state")):
            at = pane._titles.text.index(word)
            await pilot.click(pane._titles, offset=(at + 1, 0))
            assert (pane.order.key, pane.order.reverse) == (key, False)
        await pilot.click(pane._titles, offset=(pane._titles.text.index("state") + 1, 0))
        assert (pane.order.key, pane.order.reverse) == ("state", True)
        assert scenario_names(stage)[-3:] == list(RUNNING_IN_ALPHA)


async def test_the_arrow_means_the_same_in_every_column_and_table() -> None:
    stage = stage_of(*FEW)
    arrows = {"name": "↑", "state": "↑", "score": "↓", "elapsed": "↓", "reason": "↑"}
    titles = {"elapsed": "time"}
    async with stage.running((200, 60)) as pilot:
        for number, pane in (("1", stage.main.runs), ("3", stage.main.scenarios)):
            await pilot.press(number, "z")
            await pilot.pause()
            for key, arrow in arrows.items():
                if key not in pane._orders:
                    continue
                pane.sort_by(key)
                title = titles.get(key, key)
                assert f"{title}{arrow}" in pane._titles.text, (pane.id, key)
                pane.sort_by(key)
                other = "↓" if arrow == "↑" else "↑"
                assert f"{title}{other}" in pane._titles.text, (pane.id, key)
            await pilot.press("z")


async def test_what_has_no_score_is_last_from_both_ends() -> None:
    stage = stage_of(*FEW)
    async with stage.running(NARROW) as pilot:
        pane = stage.main.scenarios
        for _ in range(2):
            pane.sort_by("score")
            await pilot.pause()
            assert set(scenario_names(stage)[-3:]) == set(RUNNING_IN_ALPHA)


async def test_a_held_order_keeps_rows_in_their_places_and_puts_new_ones_at_the_end() -> None:
    stage = stage_of(*FEW)
    async with stage.running(NARROW) as pilot:
        await pilot.press("p", "3", "p")
        assert "order held" in stage.text()
        stage.clock.advance(s=400)  # some scenarios are terminal and others started; so have runs
        await stage.poll(pilot)
        scenarios = scenario_names(stage)
        assert scenarios[: len(PROBLEMS_FIRST_IN_ALPHA)] == PROBLEMS_FIRST_IN_ALPHA
        assert len(scenarios) > len(PROBLEMS_FIRST_IN_ALPHA)
        assert run_names(stage) == ["alpha", "beta", "gamma", "latest", "later"]
        under_cursor = scenario_under_cursor(stage)
        await pilot.press("p", "1", "p")
        assert scenario_names(stage) != scenarios
        assert run_names(stage) == ["latest", "later", "alpha", "beta", "gamma"]
        assert scenario_under_cursor(stage) == under_cursor
        assert "order held" not in stage.text()
