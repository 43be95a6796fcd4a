"""An older server over a real socket: its paths, its shape of a run, and its cancel."""

from runloop_tui.demo.transport import DemoTransport
from runloop_tui.demo.world import World
from tests.demo.clock import Clock
from tests.end_to_end.test_watching import done_of_all, run_called
from tests.end_to_end.watching import watching
from tests.server import Record, serve


async def test_an_older_server_is_watched_and_its_runs_are_canceled(
    world: World, clock: Clock
) -> None:
    run = run_called(world, "tb2-mini-goose")
    record = Record()
    async with (
        serve(DemoTransport(world, older=True), record=record) as base_url,
        watching(base_url, clock) as watcher,
    ):
        await watcher.sees(done_of_all(run, clock()), "4 running")
        await watcher.press("X", "right", "enter")
        await watcher.sees("tb2-mini-goose is canceled")

    assert run.state_at(clock()) == "canceled"
    assert record.count("POST", f"/v1/benchmarks/runs/{run.id}/cancel") == 1
    assert record.count("GET", "/v1/benchmark_runs") == 1


async def test_a_server_without_runs_is_said_to_offer_none(world: World, clock: Clock) -> None:
    async with (
        serve(DemoTransport(world, offers_runs=False)) as base_url,
        watching(base_url, clock) as watcher,
    ):
        await watcher.sees("this address does not offer benchmark runs")
