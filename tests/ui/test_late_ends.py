"""An accepted action that takes effect later: its end is announced when it happens, and once."""

from typing import TYPE_CHECKING

import httpx
import pytest

from runloop_tui.demo import wire
from tests.ui.job_stage import job_stage
from tests.ui.seeing import NARROW, WIDE
from tests.ui.test_actions import CONFIRM
from tests.ui.transports import until
from tests.ui.worlds import FEW, run_id, scenario_run_id, stage_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from runloop_tui.demo.world import World
    from tests.ui.stage import Stage

_TO_CHESS = ("3", "slash", *"chess", "enter")


def accepts_only(stage: "Stage") -> None:
    """Let the server accept every action, and carry out none of them yet."""

    def accept(request: httpx.Request) -> httpx.Response | None:
        if request.method != "POST":
            return None
        world, (*_, kind, id_, _verb) = stage.world, request.url.path.split("/")
        if kind == "runs":
            view = wire.scenario_run(world, *world.scenario_run(id_))
        else:
            view = wire.benchmark_run(world, world.run(id_))
        return httpx.Response(200, json=view)

    stage.requests.instead = accept


@pytest.fixture
def rung(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The bells that were rung."""
    from runloop_tui.ui.app import RunloopApp

    bells: list[str] = []
    monkeypatch.setattr(RunloopApp, "bell", lambda _: bells.append("bell"))
    return bells


@pytest.mark.parametrize(
    ("key", "end", "state"),
    [
        ("X", lambda world, run: world.cancel_run(run), "canceled"),
        ("C", lambda world, run: world.complete_run(run), "completed"),
    ],
    ids=["cancel", "complete"],
)
async def test_the_end_of_a_run_that_comes_later_is_notified_rung_and_kept(
    key: str,
    end: "Callable[[World, object], None]",
    state: str,
    notified: list[str],
    rung: list[str],
) -> None:
    stage = stage_of(*FEW, bell=True)
    async with stage.running(NARROW) as pilot:
        accepts_only(stage)
        await pilot.press(key, *CONFIRM)
        await until(pilot, lambda: notified)
        await stage.settle(pilot)
        assert notified == ["alpha: the server accepted this; it is running now."]
        assert rung == []
        end(stage.world, stage.world.run(run_id(stage, "alpha")))
        await stage.poll(pilot)
        assert len(notified) == 2
        assert notified[1].startswith(f"alpha has ended: {state}")
        assert rung == ["bell"]
        assert [one.text for one in stage.app.event_log.entries] == notified
        await stage.poll(pilot)
        assert len(notified) == 2


async def test_the_end_of_a_jobs_run_is_notified_while_the_jobs_are_on_the_screen(
    notified: list[str],
) -> None:
    stage = job_stage()
    async with stage.running(WIDE) as pilot:
        accepts_only(stage)
        await pilot.press("X", *CONFIRM)
        await until(pilot, lambda: notified)
        target = stage.main.record
        assert target is not None
        await pilot.press("b")
        await stage.settle(pilot)
        stage.world.cancel_run(stage.world.run(target.id))
        await stage.poll(pilot)
        assert [words for words in notified if "has ended" in words] == [notified[-1]]
        assert notified[-1].startswith(f"{target.run.name} has ended: canceled")


@pytest.mark.parametrize(
    ("key", "end", "words"),
    [
        ("X", "cancel_scenario_run", "chess-best-move (alpha) has ended: canceled"),
        ("C", "complete_scenario_run", "chess-best-move (alpha) has ended: "),
    ],
    ids=["cancel", "complete"],
)
async def test_the_end_of_a_scenario_run_that_comes_later_is_notified(
    key: str, end: str, words: str, notified: list[str], rung: list[str]
) -> None:
    stage = stage_of(*FEW, bell=True)
    async with stage.running(NARROW) as pilot:
        accepts_only(stage)
        await pilot.press(*_TO_CHESS, key, *CONFIRM)
        await until(pilot, lambda: notified)
        await stage.settle(pilot)
        assert notified == ["chess-best-move: the server accepted this; it is running now."]
        id_ = scenario_run_id(stage, "alpha", "chess-best-move")
        getattr(stage.world, end)(*stage.world.scenario_run(id_))
        await stage.poll(pilot)
        assert len(notified) == 2
        assert notified[1].startswith(words)
        assert [one.text for one in stage.app.event_log.entries] == notified
        assert rung == [], "the bell is for runs"
        await stage.poll(pilot)
        assert len(notified) == 2


async def test_a_requested_score_is_notified_when_it_is_there(notified: list[str]) -> None:
    stage = stage_of(*FEW)
    async with stage.running(NARROW) as pilot:
        await pilot.press(*_TO_CHESS, "E", *CONFIRM)
        await until(pilot, lambda: notified)
        await stage.settle(pilot)
        assert notified == ["chess-best-move: the server accepted this; it is scoring now."]
        stage.clock.advance(minutes=2)
        await stage.poll(pilot)
        assert len(notified) == 2
        assert notified[1].startswith("chess-best-move (alpha) has ")


async def test_an_end_that_the_outcome_reported_is_not_notified_again(
    notified: list[str], rung: list[str]
) -> None:
    stage = stage_of(*FEW, bell=True)
    async with stage.running(NARROW) as pilot:
        await pilot.press(*_TO_CHESS, "X", *CONFIRM)
        await until(pilot, lambda: notified)
        await pilot.press("escape", "1", "X", *CONFIRM)
        await until(pilot, lambda: len(notified) == 2)
        await stage.settle(pilot)
        await stage.poll(pilot)
        assert notified == ["chess-best-move is canceled.", "alpha is canceled."]
        assert rung == []
