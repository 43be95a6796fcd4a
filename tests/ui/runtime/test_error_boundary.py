"""An unexpected error is logged with its traceback, shown in one line, and the app goes on."""

import logging
from collections.abc import Callable, Iterator

import pytest

from runloop_tui.monitor.poller import Poller
from runloop_tui.ui.screens.runs import RunsScreen
from runloop_tui.ui.widgets.bars import LineBar
from tests.ui.seeing import NARROW
from tests.ui.stage import Stage
from tests.ui.worlds import FEW, stage_of

HOSTILE = "\x1b]0;pwned\x07"


class UnexpectedError(Exception):
    """Its name is shown in the toast."""

    """An unexpected error whose message came from the network."""


@pytest.fixture
def stage() -> Stage:
    return stage_of(*FEW)


@pytest.fixture(autouse=True)
def _survived(stage: Stage) -> Iterator[None]:
    """Fail for errors of other types: `run_test` raises the first error that the app survived."""
    yield
    assert isinstance(stage.app._exception, UnexpectedError) or stage.app._exception is None


def failing(times: int, then: Callable[..., object]) -> Callable[..., object]:
    """Return a function that raises some times, and then calls another."""
    left = [times]

    def call(*args: object, **named: object) -> object:
        if left[0]:
            left[0] -= 1
            raise UnexpectedError(HOSTILE)
        return then(*args, **named)

    return call


def forgive(stage: Stage) -> None:
    """Let the test pass although the app met an error."""
    assert isinstance(stage.app._exception, Exception)
    stage.app._exception = None


def errors_shown(notified: list[str]) -> list[str]:
    return [words for words in notified if "inside runloop-tui" in words]


async def test_an_error_in_a_timer_is_shown_once_and_the_timer_goes_on(
    stage: Stage, notified: list[str]
) -> None:
    async with stage.running(NARROW) as pilot:
        timer = stage.app.set_interval(0.001, failing(3, lambda: stage.app.exit(return_code=7)))
        while stage.app.return_code != 7:
            await pilot.pause()
        timer.stop()
        forgive(stage)
    assert len(errors_shown(notified)) == 1
    assert "UnexpectedError at test_error_boundary.py" in errors_shown(notified)[0]


async def test_a_widget_whose_handler_failed_handles_the_next_message(
    stage: Stage, notified: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    async with stage.running(NARROW) as pilot:
        monkeypatch.setattr(
            RunsScreen, "action_zoom", failing(1, RunsScreen.action_zoom), raising=True
        )
        await pilot.press("z")
        assert len(errors_shown(notified)) == 1
        await pilot.press("z")
        assert stage.main.has_class("zoom-runs")
        forgive(stage)


async def test_a_worker_that_failed_leaves_the_app_running(
    stage: Stage, notified: list[str]
) -> None:
    async with stage.running(NARROW) as pilot:

        async def work() -> None:
            raise UnexpectedError(HOSTILE)

        stage.app.run_worker(work())
        await pilot.pause()
        assert len(errors_shown(notified)) == 1
        await stage.poll(pilot)
        forgive(stage)


@pytest.mark.frames
async def test_a_widget_that_cannot_be_rendered_says_so_in_its_place(
    stage: Stage, notified: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    async with stage.running(NARROW) as pilot:
        with monkeypatch.context() as patch:
            patch.setattr(LineBar, "render_line", failing(1_000, LineBar.render_line))
            stage.main._status.refresh()
            await pilot.pause()
            assert "(this could not be shown)" in stage.text()
            assert "scenarios" in stage.text()
        stage.main._status.refresh()
        await pilot.pause()
        assert "could not be shown" not in stage.text()
        assert len(errors_shown(notified)) == 1
        forgive(stage)


async def test_a_snapshot_whose_showing_was_lost_is_shown_by_the_next_tick(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with stage.running(NARROW) as pilot:
        assert stage.connection is not None
        with monkeypatch.context() as patch:
            patch.setattr(stage.app, "call_next", lambda *_: None)
            stage.clock.advance(minutes=90)
            await stage.poll(pilot)
        assert stage.app._shown is not stage.connection.store.snapshot
        stage.app._tick()
        assert stage.app._shown is stage.connection.store.snapshot


async def test_polling_that_failed_begins_again(
    stage: Stage, notified: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("runloop_tui.ui.runtime.error_boundary._RESTART_AFTER_S", 0.0)
    monkeypatch.setattr(Poller, "run", failing(2, Poller.run))
    async with stage.running(NARROW):
        assert "fresh" in stage.text()
        assert len(errors_shown(notified)) == 1


async def test_the_log_has_the_trace_and_no_byte_of_it_is_hostile(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.ERROR)
    async with stage.running(NARROW) as pilot:
        for _ in range(12):
            stage.app.call_next(failing(1, lambda: None))
            await pilot.pause()
        forgive(stage)
    logged = [record.getMessage() for record in caplog.records]
    assert len(logged) == 2, "the first, and the tenth"
    assert "in call" in logged[0]
    assert "raise UnexpectedError(HOSTILE)" in logged[0]
    assert "pwned" not in logged[0], "the message of an error may come from the network"


def test_an_app_that_cannot_begin_ends_with_a_line_and_no_trace(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(RunsScreen, "compose", failing(1, RunsScreen.compose))
    stage.app.run(headless=True)
    assert stage.app.return_code == 1
    assert capsys.readouterr().err.strip() == "runloop-tui could not start: UnexpectedError"
