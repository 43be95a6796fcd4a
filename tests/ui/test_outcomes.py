"""What became of a cancel or complete: under way, done, refused, or unknown, and never sent twice."""

from typing import TYPE_CHECKING

import httpx
import pytest

from tests.ui.held_back import held_back, until
from tests.ui.seeing import NARROW, detail, row_on_screen
from tests.ui.test_asking_first import CONFIRM
from tests.ui.worlds import FEW, run_id, scenario_run_id, stage_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.ui.stage import Stage


async def test_while_a_cancel_is_under_way_its_row_says_so_and_it_is_not_sent_again(
    told: list[str],
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
        await until(pilot, lambda: told)
        assert told == ["alpha: this is under way already; nothing was sent again."]
        held.let_go.set()
        await until(pilot, lambda: len(told) == 2)
        await stage.settle(pilot)
        assert stage.requests.posts == [f"/v1/benchmark_runs/{alpha}/cancel"]
        assert told[1:] == ["alpha is canceled."], "the end that was asked for is no news"
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
async def test_the_outcome_is_told_in_words_and_nothing_is_sent_again(
    answer: "Callable[[Stage, httpx.Request], httpx.Response]",
    words: list[str],
    state: str,
    told: list[str],
) -> None:
    stage = stage_of(*FEW)
    async with stage.running(NARROW) as pilot:
        stage.requests.instead = lambda request: (
            answer(stage, request) if request.method == "POST" else None
        )
        await pilot.press("X", *CONFIRM)
        await until(pilot, lambda: told)
        await stage.settle(pilot)
        assert all(word in told[0] for word in words), told
        assert stage.requests.posts == [f"/v1/benchmark_runs/{run_id(stage, 'alpha')}/cancel"]
        record = stage.main.record
        assert record is not None
        assert (record.run.state, record.under_way) == (state, "")


async def test_a_run_that_ended_while_the_question_stood_is_said_to_have_ended(
    told: list[str],
) -> None:
    stage = stage_of(*FEW)
    async with stage.running(NARROW) as pilot:
        await pilot.press("X")
        stage.clock.advance(s=720)
        await pilot.press(*CONFIRM)
        await until(pilot, lambda: told)
        await stage.settle(pilot)
        assert "alpha was not canceled" in told[0]
        assert "already" in told[0]
        assert "completed" in told[0]
        assert len(stage.requests.posts) == 1
