"""Cancel and complete: confirmed first, sent once, seen on the server and on the screen."""

from itertools import product

import pytest

from runloop_tui.demo.run import Run
from runloop_tui.demo.transport import DemoTransport
from runloop_tui.demo.world import World
from tests.demo.clock import Clock
from tests.end_to_end.watching import watching
from tests.server import Record, serve


def posts(record: Record) -> list[str]:
    """The paths of all requests that change something."""
    return [request.path for request in record.requests if request.method == "POST"]


@pytest.fixture
def newest(world: World) -> Run:
    """The run that is under the cursor at the start; it is live."""
    return next(world.runs())


@pytest.mark.parametrize(
    ("key", "verb", "state"), [("X", "cancel", "canceled"), ("C", "complete", "completed")]
)
async def test_a_run_is_changed_after_a_yes_by_one_request(
    world: World, clock: Clock, newest: Run, key: str, verb: str, state: str
) -> None:
    record = Record()
    async with (
        serve(DemoTransport(world), record=record) as base_url,
        watching(base_url, clock) as watcher,
    ):
        await watcher.sees(f"{newest.plan.name}  ● running")
        await watcher.press(key)
        await watcher.sees(f"{verb.capitalize()} the run {newest.plan.name}?")
        assert posts(record) == []
        assert newest.state_at(clock()) == "running"

        await watcher.press("right", "enter")

        await watcher.sees(f"{newest.plan.name} is {state}", "3 running")
    assert posts(record) == [f"/v1/benchmark_runs/{newest.id}/{verb}"]
    assert newest.state_at(clock()) == state


async def test_enter_alone_and_escape_change_nothing(
    world: World, clock: Clock, newest: Run
) -> None:
    record = Record()
    async with (
        serve(DemoTransport(world), record=record) as base_url,
        watching(base_url, clock) as watcher,
    ):
        await watcher.sees(f"{newest.plan.name}  ● running")
        for key, answer in product(("X", "C"), ("enter", "escape")):
            await watcher.press(key)
            await watcher.sees("This cannot be undone.")
            await watcher.press(answer)
            await watcher.sees("1 runs", "fresh")
    assert posts(record) == []
    assert newest.state_at(clock()) == "running"


async def test_a_run_that_became_terminal_behind_the_dialog_is_refused_in_words(
    world: World, clock: Clock, newest: Run
) -> None:
    record = Record()
    async with (
        serve(DemoTransport(world), record=record) as base_url,
        watching(base_url, clock) as watcher,
    ):
        await watcher.sees(f"{newest.plan.name}  ● running")
        await watcher.press("X")
        await watcher.sees("This cannot be undone.")
        world.complete_run(newest)

        await watcher.press("right", "enter")

        await watcher.sees(f"{newest.plan.name} was not canceled")
    assert len(posts(record)) == 1
    assert newest.state_at(clock()) == "completed"
