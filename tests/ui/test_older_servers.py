"""Older servers: other paths, another shape of a run, and perhaps no list of scenario runs."""

import httpx
import pytest

from runloop_tui.api.errors import NotOffered
from runloop_tui.demo.transport import DemoTransport
from runloop_tui.demo.world import World
from tests.demo.client import no_sleep
from tests.demo.clock import Clock
from tests.ui.stage import Stage
from tests.ui.worlds import ALPHA, FEW, run_id


class _WithoutScenarioRuns(httpx.AsyncBaseTransport):
    """An older server that has no list of scenario runs."""

    def __init__(self, inner: httpx.AsyncBaseTransport) -> None:
        self._inner = inner

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/scenario_runs"):
            return httpx.Response(404, json={"message": "no such path"})
        return await self._inner.handle_async_request(request)


def _older_stage() -> Stage:
    clock = Clock()
    stage = Stage(clock=clock, world=World(clock, plans=FEW))
    stage.requests.inner = DemoTransport(stage.world, older=True, sleep=no_sleep)
    return stage


async def test_the_older_paths_are_found_once_and_then_used() -> None:
    stage = _older_stage()
    async with stage.running() as pilot:
        await stage.poll(pilot)
        current = [line for line in stage.requests.requests if line == "GET /v1/benchmark_runs"]
        assert len(current) == 1
        assert "alpha" in stage.text()
        assert stage.main.scenarios.table.ids


async def test_where_there_is_no_list_the_view_of_the_run_returns_its_scenario_runs() -> None:
    stage = _older_stage()
    stage.requests.inner = _WithoutScenarioRuns(stage.requests.inner)
    async with stage.running() as pilot:
        record = stage.main.record
        assert record is not None
        assert record.id == run_id(stage, ALPHA.name)
        assert record.tally is not None
        assert record.all_read
        before = record.tally.finished

        stage.clock.advance(minutes=5)
        await stage.poll(pilot)
        record = stage.main.record
        assert record is not None
        assert record.tally is not None
        assert record.tally.finished > before
        assert record.total == 12


async def test_where_neither_is_offered_it_is_said_in_plain_words() -> None:
    stage = _older_stage()
    stage.requests.inner = DemoTransport(stage.world, offers_runs=False, sleep=no_sleep)
    async with stage.running():
        assert stage.connection is not None
        failure = stage.connection.monitor.health.failure
        assert failure is not None
        assert isinstance(failure.error, NotOffered)
        assert "does not offer benchmark runs" in stage.text()
        assert "there are none" not in stage.text()


@pytest.mark.parametrize("key", ["X", "C"])
async def test_actions_go_by_the_older_paths_too(key: str) -> None:
    stage = _older_stage()
    async with stage.running() as pilot:
        await pilot.press(key, "right", "enter")
        await stage.settle(pilot)
        (post,) = stage.requests.posts
        verb = {"X": "cancel", "C": "complete"}[key]
        assert post == f"/v1/benchmarks/runs/{run_id(stage, 'alpha')}/{verb}"
