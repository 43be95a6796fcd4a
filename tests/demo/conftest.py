"""The default account at its birth, and somebody to ask it."""

import pytest

from runloop_tui.demo.world import World
from tests.demo.asking import Asking
from tests.demo.clock import Clock


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def world(clock: Clock) -> World:
    return World(clock)


@pytest.fixture
def asking(world: World) -> Asking:
    return Asking(world)
