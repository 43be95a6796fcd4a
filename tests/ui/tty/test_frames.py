"""Frames wait while the terminal is behind, and go on when it has caught up, was suspended, or never answers."""

from types import SimpleNamespace
from typing import Any

import pytest

from runloop_tui.ui.tty.driver import TerminalDriver
from runloop_tui.ui.tty.frames import Frames


class FakeDriver(TerminalDriver):
    """A driver of no terminal."""

    def __init__(self) -> None:
        self._is_behind = True
        self.gave_up = 0

    def expect_no_answers(self) -> None:
        self.gave_up += 1
        self._is_behind = False


class Painting:
    """What of an app has to do with painting."""

    def __init__(self) -> None:
        self._batch_count = 0
        self._driver = FakeDriver()
        self.is_headless = False
        self.repaints = 0
        self.screen = SimpleNamespace(refresh=self._refresh)

    def _begin_batch(self) -> None:
        self._batch_count += 1

    def _end_batch(self) -> None:
        self._batch_count -= 1

    def _refresh(self) -> None:
        self.repaints += 1


@pytest.fixture
def painting() -> Painting:
    return Painting()


@pytest.fixture
def frames(painting: Painting) -> Frames:
    app: Any = painting
    return Frames(app)


def test_held_twice_is_held_once(painting: Painting, frames: Frames) -> None:
    frames.hold()
    frames.hold()
    frames.release()
    frames.release()
    assert painting._batch_count == 0


def test_a_terminal_that_was_suspended_while_it_was_behind_is_painted_again(
    painting: Painting, frames: Frames
) -> None:
    frames.hold()
    frames.tick()
    assert painting._batch_count == 1
    painting._driver._is_behind = False
    frames.tick()
    assert painting._batch_count == 0


def test_an_answer_that_does_not_come_is_not_waited_for_for_ever(
    painting: Painting, frames: Frames
) -> None:
    frames.hold()
    for _ in range(60):
        frames.tick()
    assert painting._driver.gave_up == 0
    frames.tick()
    assert painting._driver.gave_up == 1
    assert painting._batch_count == 0
