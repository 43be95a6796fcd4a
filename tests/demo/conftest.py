"""The default account at its creation, and a client of it."""

import pytest

from runloop_tui.demo.world import World
from tests.demo.client import DemoClient
from tests.demo.clock import Clock


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def world(clock: Clock) -> World:
    return World(clock)


@pytest.fixture
def client(world: World) -> DemoClient:
    return DemoClient(world)
