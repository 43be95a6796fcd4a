"""The requests of a minute of polling, counted at the transport."""

from dataclasses import dataclass

import pytest

from runloop_tui.demo.plans import RunPlan
from runloop_tui.demo.world import World
from runloop_tui.monitor.schedule import Viewport
from tests.benchmarks.worlds import LIVE_500, LIVE_5000
from tests.demo.clock import Clock
from tests.monitor.scene import Scene
from tests.monitor.test_whole_story import Counting


@dataclass(frozen=True, slots=True)
class Minute:
    requests: int
    answered: int


async def minute_of(plan: RunPlan) -> Minute:
    """Return the third minute of polling a run, after what is read once at first."""
    clock = Clock()
    world = World(clock, plans=[plan])
    transport = Counting(world)
    scene = Scene(transport, clock=clock)
    run_id = next(world.runs()).id
    scene.poller.show(Viewport(run_id, (run_id,)))
    await scene.poll(24)
    requests, answered = len(transport.requests), transport.bytes_answered
    await scene.poll(12)
    return Minute(len(transport.requests) - requests, transport.bytes_answered - answered)


@pytest.mark.parametrize(("plan", "most_bytes"), [(LIVE_500, 300_000), (LIVE_5000, 600_000)])
async def test_polling_requests_what_is_active_whatever_the_size(
    plan: RunPlan, most_bytes: int
) -> None:
    minute = await minute_of(plan)
    # the running runs and the running scenarios at each poll, counts, and each that ends singly
    assert minute.requests <= 48
    assert minute.answered <= most_bytes


async def test_ten_times_as_many_scenarios_cost_no_more() -> None:
    few, many = await minute_of(LIVE_500), await minute_of(LIVE_5000)
    assert many.requests <= 1.3 * few.requests
    assert many.answered <= 1.3 * few.answered
