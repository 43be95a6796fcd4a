"""Flow control: how far a terminal lags is derived from its reports; frames wait while it lags."""

from types import SimpleNamespace
from typing import Any

import pytest
from textual.app import App

from runloop_tui.ui.runtime.flow_control import FlowControl, FrameOutput

FRAME = 5_000


def answering() -> FlowControl:
    """The flow control of a terminal that has sent a report."""
    flow = FlowControl()
    flow.requested()
    flow.confirmed()
    return flow


def test_a_terminal_that_has_sent_no_report_yet_is_not_behind() -> None:
    flow = FlowControl()
    flow.requested()
    flow.wrote(10 * FRAME)
    assert not flow.is_behind


def test_one_that_reports_is_behind_from_a_large_frame_until_its_report() -> None:
    flow = answering()
    flow.wrote(FRAME)
    flow.requested()
    was_behind = flow.is_behind
    flow.confirmed()
    assert was_behind
    assert not flow.is_behind


def test_a_report_confirms_only_what_was_written_before_its_request() -> None:
    flow = answering()
    flow.requested()
    flow.wrote(FRAME)
    flow.requested()
    flow.confirmed()
    was_behind = flow.is_behind
    flow.confirmed()
    assert was_behind
    assert not flow.is_behind


def test_little_is_written_without_a_request() -> None:
    flow = answering()
    wanted = []
    for _ in range(2):
        flow.wrote(500)
        wanted.append(flow.wants_request)
    flow.requested()
    wanted.append(flow.wants_request)
    assert wanted == [False, True, False]


def test_a_report_without_a_request_changes_nothing() -> None:
    flow = answering()
    flow.wrote(FRAME)
    flow.confirmed()
    assert flow.is_behind


def test_after_reports_were_lost_none_is_awaited() -> None:
    flow = answering()
    flow.wrote(FRAME)
    flow.requested()
    flow.reset()
    assert not flow.is_behind
    assert not flow.has_open_requests
    assert not flow.answers


def test_a_request_is_open_until_its_report() -> None:
    flow = answering()
    flow.requested()
    assert flow.has_open_requests


class FakeDriver:
    """A driver whose terminal is behind until it is set otherwise."""

    def __init__(self) -> None:
        self.is_behind = True
        self.gave_up = 0

    def expect_no_reports(self) -> None:
        self.gave_up += 1
        self.is_behind = False


class HeldApp(App[None]):
    """An app that counts how often its screen is refreshed."""

    def __init__(self) -> None:
        super().__init__()
        self.refreshes = 0

    @property
    def screen(self) -> Any:  # noqa: ANN401 - a stand-in
        return SimpleNamespace(refresh=self._count)

    def _count(self) -> None:
        self.refreshes += 1

    def check_idle(self) -> None:
        """There is no message loop to wake up."""

    @property
    def is_held(self) -> bool:
        """Return True inside `batch_update`."""
        return self._batch_count > 0


@pytest.fixture
def app() -> HeldApp:
    return HeldApp()


@pytest.fixture
def frames(app: HeldApp) -> FrameOutput:
    return FrameOutput(app)


def test_held_twice_is_released_once(app: HeldApp, frames: FrameOutput) -> None:
    frames.hold()
    frames.hold()
    frames.release()
    frames.release()
    assert not app.is_held


def test_frames_can_be_held_again(app: HeldApp, frames: FrameOutput) -> None:
    frames.hold()
    frames.release()
    frames.hold()
    assert app.is_held
    frames.release()
    assert not app.is_held


def test_a_terminal_that_was_suspended_while_behind_is_rendered_again(
    app: HeldApp, frames: FrameOutput
) -> None:
    driver = FakeDriver()
    frames.hold()
    frames.tick(driver)
    assert app.is_held
    driver.is_behind = False
    frames.tick(driver)
    assert not app.is_held


def test_a_report_that_does_not_come_is_not_awaited_for_ever(
    app: HeldApp, frames: FrameOutput
) -> None:
    driver = FakeDriver()
    frames.hold()
    for _ in range(60):
        frames.tick(driver)
    assert driver.gave_up == 0
    frames.tick(driver)
    assert driver.gave_up == 1
    assert not app.is_held
