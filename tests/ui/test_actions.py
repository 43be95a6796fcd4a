"""`X`, `C` and `E`: confirmed, sent once to the target under the cursor, and their outcome notified."""

from typing import TYPE_CHECKING

import httpx
import pytest

from runloop_tui.ui.dialogs.confirm import ConfirmDialog
from tests.ui.seeing import (
    NARROW,
    WIDE,
    detail,
    no_dialog,
    row_on_screen,
    run_under_cursor,
    scenario_names,
)
from tests.ui.transports import held_back, until
from tests.ui.worlds import FEW, RUNNING_IN_ALPHA, TWO_LIVE, run_id, scenario_run_id, stage_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.ui.stage import Stage


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
        assert "3 sandboxes end without a score, and " in text
        assert "4 scenarios would never start" in text
        assert "cannot be undone" in text
        await pilot.press("escape", "C")
        assert "Complete the run alpha?" in stage.text()
        await pilot.press("escape", "3", "slash", *"chess", "enter", "X")
        assert "Cancel the scenario run chess-best-move?" in stage.text()
        assert "devbox is shut down" in stage.text()
        assert stage.requests.posts == []


@pytest.mark.parametrize(("key", "verb"), [("X", "cancel"), ("C", "complete")])
async def test_a_confirmed_run_is_sent_once_and_notified(
    key: str, verb: str, notified: list[str]
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
        assert notified == [f"alpha is {state}."]  # once: its terminal state is not notified again


@pytest.mark.parametrize(("key", "verb"), [("X", "cancel"), ("C", "complete")])
async def test_a_confirmed_scenario_run_is_sent_once(
    key: str, verb: str, notified: list[str]
) -> None:
    stage = stage_of(*FEW)
    async with stage.running(NARROW) as pilot:
        chess = scenario_run_id(stage, "alpha", "chess-best-move")
        await pilot.press("3", "slash", *"chess", "enter", key, *CONFIRM)
        await stage.settle(pilot)
        assert stage.requests.posts == [f"/v1/scenarios/runs/{chess}/{verb}"]
        state = {"cancel": "canceled", "complete": "completed"}[verb]
        assert stage.main.scenarios.table.scenario_runs[chess].state == state
        assert notified == [f"chess-best-move is {state}."]
        record = stage.main.record
        assert record is not None
        assert record.run.is_live


async def test_marked_rows_are_sent_one_after_another_without_terminal_ones() -> None:
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


async def test_marks_set_while_the_question_is_open_add_no_target() -> None:
    stage = stage_of(*TWO_LIVE)
    async with stage.running(NARROW) as pilot:
        target = run_under_cursor(stage)
        await pilot.press("C")
        stage.main.runs.table.action_mark()
        stage.main.runs.table.action_mark()
        await pilot.press(*CONFIRM)
        await stage.settle(pilot)
        assert stage.requests.posts == [f"/v1/benchmark_runs/{run_id(stage, target)}/complete"]


async def test_nothing_is_offered_for_terminal_runs(notified: list[str]) -> None:
    stage = stage_of(*FEW)
    async with stage.running(NARROW) as pilot:
        await pilot.press("3", "X", "C", "1", "j", "X", "C")
        assert no_dialog(stage)
        assert len(notified) == 4
        assert all("has ended already" in words for words in notified)
        assert stage.requests.posts == []


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


async def test_a_lost_answer_is_resolved_by_looking(notified: list[str]) -> None:
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
        assert any("chess-best-move is scoring. The answer was lost" in words for words in notified)


async def test_neither_a_run_nor_a_terminal_scenario_run_can_be_scored(notified: list[str]) -> None:
    stage = stage_of(*FEW)
    async with stage.running(NARROW) as pilot:
        await pilot.press("E")
        assert no_dialog(stage)
        await pilot.press("3", "home", "E")
        assert no_dialog(stage)
        assert notified == ["Only a scenario run that is running can be scored."] * 2
        assert stage.requests.posts == []


async def test_while_a_cancel_is_under_way_its_row_says_so_and_it_is_not_sent_again(
    notified: list[str],
) -> None:
    stage = stage_of(*FEW)
    async with stage.running(NARROW) as pilot, held_back(stage, "/cancel") as held:
        alpha, table = run_id(stage, "alpha"), stage.main.runs.table
        await pilot.press("X", *CONFIRM)
        await until(pilot, lambda: stage.requests.posts)
        assert "canceling…" in row_on_screen(stage, table, alpha)
        assert "canceling…" in detail(stage)
        assert "1 running" in stage.text(), "the truth is not faked"
        await pilot.press("X", *CONFIRM)
        await until(pilot, lambda: notified)
        assert notified == ["alpha: this is under way already; nothing was sent again."]
        held.let_go.set()
        await until(pilot, lambda: len(notified) == 2)
        await stage.settle(pilot)
        assert stage.requests.posts == [f"/v1/benchmark_runs/{alpha}/cancel"]
        assert notified[1:] == ["alpha is canceled."], "the requested end is not notified again"
        assert "canceled" in row_on_screen(stage, table, alpha)
        assert "canceling…" not in stage.text()


async def test_while_a_scenario_is_being_canceled_its_row_says_so() -> None:
    stage = stage_of(*FEW)
    async with stage.running(NARROW) as pilot, held_back(stage, "/cancel") as held:
        chess, table = (
            scenario_run_id(stage, "alpha", "chess-best-move"),
            stage.main.scenarios.table,
        )
        await pilot.press("3", "slash", *"best", "enter", "X", *CONFIRM)
        await until(pilot, lambda: stage.requests.posts)
        assert "canceling…" in row_on_screen(stage, table, chess)
        held.let_go.set()
        await stage.settle(pilot)
        await until(pilot, lambda: "⊘ canceled" in row_on_screen(stage, table, chess))


def _refused(_: "Stage", __: httpx.Request) -> httpx.Response:
    return httpx.Response(403, json={"message": "this key may only read"})


def _lost_on_the_way_back(stage: "Stage", _: httpx.Request) -> httpx.Response:
    stage.world.cancel_run(stage.world.run(run_id(stage, "alpha")))
    raise httpx.ReadError("the line broke")


def _lost_on_the_way_there(_: "Stage", __: httpx.Request) -> httpx.Response:
    raise httpx.ReadTimeout("no answer")


def _never_sent(_: "Stage", __: httpx.Request) -> httpx.Response:
    raise httpx.ConnectError("refused")


def _broke_at_the_server(_: "Stage", __: httpx.Request) -> httpx.Response:
    return httpx.Response(502, text="bad gateway")


@pytest.mark.parametrize(
    ("answer", "words", "state"),
    [
        (_refused, ["alpha was not canceled", "forbidden", "this key may only read"], "running"),
        (_never_sent, ["alpha was not canceled", "no connection"], "running"),
        (_lost_on_the_way_back, ["alpha", "canceled", "answer was lost"], "canceled"),
        (_lost_on_the_way_there, ["unknown whether it was canceled", "running"], "running"),
        (_broke_at_the_server, ["unknown whether it was canceled", "(502)"], "running"),
    ],
)
async def test_the_outcome_is_notified_in_words_and_nothing_is_sent_again(
    answer: "Callable[[Stage, httpx.Request], httpx.Response]",
    words: list[str],
    state: str,
    notified: list[str],
) -> None:
    stage = stage_of(*FEW)
    async with stage.running(NARROW) as pilot:
        stage.requests.instead = lambda request: (
            answer(stage, request) if request.method == "POST" else None
        )
        await pilot.press("X", *CONFIRM)
        await until(pilot, lambda: notified)
        await stage.settle(pilot)
        assert all(word in notified[0] for word in words), notified
        assert stage.requests.posts == [f"/v1/benchmark_runs/{run_id(stage, 'alpha')}/cancel"]
        record = stage.main.record
        assert record is not None
        assert (record.run.state, record.under_way) == (state, "")


async def test_a_run_that_became_terminal_behind_the_question_is_reported_so(
    notified: list[str],
) -> None:
    stage = stage_of(*FEW)
    async with stage.running(NARROW) as pilot:
        await pilot.press("X")
        stage.clock.advance(s=720)
        await pilot.press(*CONFIRM)
        await until(pilot, lambda: notified)
        await stage.settle(pilot)
        assert "alpha was not canceled" in notified[0]
        assert "already" in notified[0]
        assert "completed" in notified[0]
        assert len(stage.requests.posts) == 1
