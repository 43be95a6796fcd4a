"""Hours of the demo's account, watched: what is shown is what the world holds, with few requests."""

import re
from collections import Counter

import httpx
import pytest

from runloop_tui.demo.transport import DemoTransport
from runloop_tui.demo.world import World
from runloop_tui.monitor.schedule import Viewport
from runloop_tui.monitor.snapshot import RunAppeared, RunEnded, RunRecord, Snapshot, changes
from tests.demo.client import no_sleep
from tests.demo.clock import Clock
from tests.monitor.scene import Scene


class Counting(httpx.AsyncBaseTransport):
    """Counts the requests and the bytes of the answers."""

    def __init__(self, world: World) -> None:
        self._inner = DemoTransport(world, sleep=no_sleep)
        self.requests: list[str] = []
        self.bytes_answered = 0

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(f"{request.method} {request.url.path}")
        response = await self._inner.handle_async_request(request)
        self.bytes_answered += len(response.content)
        return response


class Story:
    """A world, and a scene over it."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.world = World(self.clock)
        self.transport = Counting(self.world)
        self.scene = Scene(self.transport, clock=self.clock)

    def truth(self, run_id: str) -> tuple[str, Counter[str]]:
        """The state of a run and of its scenario runs, as the world has them."""
        now = self.clock()
        run = self.world.run(run_id)
        started = run.newest_first(now)
        return run.state_at(now), Counter(timeline.state_at(now) for timeline in started)

    def shown(self, record: RunRecord) -> tuple[str, Counter[str]]:
        """The same, as the snapshot has them."""
        return record.run.state, Counter(each.state for each in record.scenario_runs or ())


@pytest.fixture
def story() -> Story:
    return Story()


async def test_what_is_watched_is_after_each_poll_what_the_world_holds(story: Story) -> None:
    scene = story.scene
    await scene.poller.poll()
    watched = next(each.id for each in scene.store.snapshot.records if each.run.is_live)
    scene.poller.show(Viewport(watched, (watched,)))
    await scene.rest()
    for _ in range(150):
        await scene.poller.poll()
        assert story.shown(scene.record(watched)) == story.truth(watched)
        story.clock.advance(s=5)


async def test_after_hours_every_run_that_was_seen_live_shows_its_true_end(story: Story) -> None:
    scene, story_so_far = story.scene, []
    before = Snapshot()
    for _ in range(120):  # three hours of polls
        await scene.poller.poll()
        story_so_far += list(changes(before, scene.store.snapshot))
        before = scene.store.snapshot
        story.clock.advance(s=90)
    await scene.poller.poll()
    ended = [change.record.id for change in story_so_far if isinstance(change, RunEnded)]
    appeared = [change.record.id for change in story_so_far if isinstance(change, RunAppeared)]
    assert len(ended) > 10
    assert len(set(ended)) == len(ended)
    assert len(set(appeared)) == len(appeared)
    for run_id in ended:
        state, scenario_states = story.truth(run_id)
        record = scene.record(run_id)
        assert record.run.state == state
        assert record.tally is not None
        assert record.tally.started == scenario_states.total()
        if record.planned is not None:
            not_started = record.tally.not_started(record.planned) or 0
            assert record.tally.terminal + not_started == record.planned
        assert not record.active


async def test_a_minute_of_polling_sends_few_requests(story: Story) -> None:
    scene = story.scene
    await scene.poller.poll()
    largest = max(
        (each for each in scene.store.snapshot.records if each.run.is_live),
        key=lambda each: each.total or 0,
    )
    scene.poller.show(Viewport(largest.id, (largest.id,)))
    await scene.poll(3)
    requests, answered = len(story.transport.requests), story.transport.bytes_answered
    await scene.poll(12)
    per_minute = story.transport.requests[requests:]
    of_watched = [line for line in per_minute if largest.id in line]
    assert len(of_watched) == 12 + 2  # what is running, and how many there are
    assert (
        Counter(re.sub(r"/[a-z]{3}_\w+", "/{}", line) for line in per_minute)[
            "GET /v1/benchmarks/{}"
        ]
        == 0
    )
    assert story.transport.bytes_answered - answered < 600_000
