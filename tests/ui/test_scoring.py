"""`E` has a running scenario run scored, after asking."""

import httpx

from tests.ui.seeing import NARROW, no_dialog
from tests.ui.worlds import FEW, scenario_run_id, stage_of

_TO_A_RUNNING_ONE = ("3", "slash", *"chess", "enter")


async def test_a_confirmed_score_is_sent_once_and_the_scenario_run_is_seen_scoring() -> None:
    stage = stage_of(*FEW)
    async with stage.running(NARROW) as pilot:
        await pilot.press(*_TO_A_RUNNING_ONE, "E")
        assert "Score the scenario run chess-best-move?" in stage.text()
        await pilot.press("enter")
        assert no_dialog(stage)
        assert stage.requests.posts == []

        await pilot.press("E", "right", "enter")
        await stage.settle(pilot)
        id_ = scenario_run_id(stage, "alpha", "chess-best-move")
        assert stage.requests.posts == [f"/v1/scenarios/runs/{id_}/score"]
        assert "◌ scoring" in stage.text()


async def test_a_lost_answer_is_resolved_by_looking(told: list[str]) -> None:
    stage = stage_of(*FEW)

    def lose(request: httpx.Request) -> httpx.Response | None:
        if request.method != "POST":
            return None
        id_ = request.url.path.split("/")[-2]
        run, timeline = stage.world.scenario_run(id_)
        stage.world.score_scenario_run(run, timeline)
        raise httpx.ReadError("reset")

    async with stage.running(NARROW) as pilot:
        stage.requests.instead = lose
        await pilot.press(*_TO_A_RUNNING_ONE, "E", "right", "enter")
        await stage.settle(pilot)
        assert len(stage.requests.posts) == 1
        assert any("chess-best-move is scoring. The answer was lost" in words for words in told)


async def test_neither_a_run_nor_what_has_ended_can_be_scored(told: list[str]) -> None:
    stage = stage_of(*FEW)
    async with stage.running(NARROW) as pilot:
        await pilot.press("E")
        assert no_dialog(stage)
        await pilot.press("3", "home", "E")
        assert no_dialog(stage)
        assert told == ["Only a scenario run that is running can be scored."] * 2
        assert stage.requests.posts == []
