"""Runs appear and change on the screen, fetched over a real socket."""

from runloop_tui.demo.run import Run
from runloop_tui.demo.transport import DemoTransport
from runloop_tui.demo.world import World
from tests.demo.clock import Clock
from tests.end_to_end.watching import watching
from tests.server import Record, serve


def run_called(world: World, name: str) -> Run:
    """The newest run with this name."""
    return next(run for run in world.runs() if run.plan.name == name)


def done_of_all(run: Run, now_ms: int) -> str:
    """How the list says how far a run is."""
    states = [timeline.state_at(now_ms) for timeline in run.newest_first(now_ms)]
    done = sum(state not in {"running", "scoring"} for state in states)
    return f"{done}/{len(run.timelines)}"


async def test_the_runs_of_the_server_appear_with_their_counts_by_reading_alone(
    world: World, clock: Clock
) -> None:
    live = [run for run in world.runs() if run.state_at(clock()) == "running"]
    record = Record()
    async with (
        serve(DemoTransport(world), record=record) as base_url,
        watching(base_url, clock) as watcher,
    ):
        await watcher.sees(*(run.plan.name or run.id for run in live), "4 running")
        await watcher.sees(*(done_of_all(run, clock()) for run in live))
        assert base_url.removeprefix("http://") in watcher.screen
        assert "DEMO" not in watcher.screen
    assert {request.method for request in record.requests} == {"GET"}


async def test_what_changes_on_the_server_changes_on_the_screen(world: World, clock: Clock) -> None:
    run = run_called(world, "tb2-mini-goose")
    async with serve(DemoTransport(world)) as base_url, watching(base_url, clock) as watcher:
        before = done_of_all(run, clock())
        await watcher.sees(before)

        clock.advance(minutes=2)
        after = done_of_all(run, clock())
        assert after != before
        await watcher.press("r")

        await watcher.sees(after)


async def test_a_run_that_ends_is_announced_and_one_that_starts_is_listed(
    world: World, clock: Clock
) -> None:
    run = run_called(world, "tb2-mini-goose")
    async with serve(DemoTransport(world)) as base_url, watching(base_url, clock) as watcher:
        await watcher.sees("tb2-mini-goose")
        assert "smoke-claude-code" not in watcher.screen

        clock.now_ms = run.ended_ms + 1
        for _ in range(6):  # new runs are looked for in every sixth poll
            await watcher.press("r")
            await watcher.sees("fresh")

        await watcher.sees("tb2-mini-goose has ended: completed", "smoke-claude-code")
