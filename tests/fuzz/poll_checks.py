"""Some polls of the whole monitor and of the jobs, while answers are changed on their way."""

import asyncio
import json
from itertools import pairwise

import httpx
from hypothesis import strategies as st

from runloop_tui.demo.transport import DemoTransport
from runloop_tui.demo.world import World
from runloop_tui.monitor.schedule import JobsViewport, Viewport
from tests.demo.client import no_sleep
from tests.demo.clock import Clock
from tests.fuzz.json_mutations import encoded, mutated, with_hostile_words
from tests.fuzz.shown import look_at
from tests.monitor.scene import Scene
from tests.present.hostile import Chaos
from tests.ui.worlds import ALPHA, BETA, LATER


def _perhaps_mutated(data: st.DataObject, good: object) -> object:
    """Changed now and then: if every answer were, nothing would ever be known."""
    if data.draw(st.integers(0, 3)):
        return good
    if data.draw(st.booleans()):
        return data.draw(mutated(good))
    return with_hostile_words(good, Chaos(data.draw(st.integers(0, 2**32 - 1))))


def check_polls(data: st.DataObject) -> str:
    """Let a monitor poll four times, and look at each snapshot that it hands out."""
    scene, answers = asyncio.run(_polled(data))
    for snapshot in scene.snapshots[-3:]:
        look_at(snapshot)
    for health in scene.healths:
        if health.failure is not None:
            look_at(health.failure.error)
    assert all(before != after for before, after in pairwise(scene.snapshots))
    standing = "in failure" if scene.health.failure else "fresh"
    known = "with data" if scene.store.snapshot.records else "without data"
    return f"{standing}, {known}, after {answers // 10 * 10} answers and more"


async def _polled(data: st.DataObject) -> tuple[Scene, int]:
    clock = Clock()
    inner = DemoTransport(World(clock, plans=(ALPHA, BETA, LATER)), sleep=no_sleep)
    answers = 0

    async def changed(request: httpx.Request) -> httpx.Response:
        nonlocal answers
        answers += 1
        response = await inner.handle_async_request(request)
        good = json.loads(await response.aread())
        return httpx.Response(response.status_code, content=encoded(_perhaps_mutated(data, good)))

    scene = Scene(httpx.MockTransport(changed), clock=clock)
    async with scene.client:
        for _ in range(4):
            await scene.poll()
            newest = next(iter(scene.store.snapshot.records), None)
            scene.poller.show(Viewport(newest.id if newest else None))
            scene.poller.show_jobs(JobsViewport())
    return scene, answers
