"""A fault of our own while something is read costs that thing a poll, is told, and never ends the polling."""

import asyncio

import pytest

from runloop_tui.monitor.health import Unexpected, faults_told
from runloop_tui.monitor.scenario_run_reader import ScenarioRunReader
from runloop_tui.monitor.schedule import Viewport
from runloop_tui.monitor.store import Store
from tests.monitor.account import Account
from tests.monitor.scene import AccountScene, ticks
from tests.monitor.test_loop import skip_ahead


async def broken(*_: object, **_options: object) -> None:
    """Stands in for code of ours that has a fault."""
    raise ZeroDivisionError


def test_a_fault_is_told_and_becomes_an_error_with_a_name() -> None:
    told: list[Exception] = []
    with (
        pytest.raises(Unexpected, match=r"inside runloop-tui: ZeroDivisionError"),
        faults_told(told.append),
    ):
        raise ZeroDivisionError
    assert [type(fault) for fault in told] == [ZeroDivisionError]


async def test_a_fault_with_one_run_leaves_the_list_fresh_and_is_said(
    scene: AccountScene, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    account.start_run("bmr_1")
    scene.monitor.show(Viewport("bmr_1", ("bmr_1",)))
    await scene.poll()
    monkeypatch.setattr(ScenarioRunReader, "follow", broken)
    account.start_run("bmr_2")
    await scene.poll(6)
    assert "bmr_2" in scene.store.snapshot.by_id
    assert scene.health.trouble is not None
    assert isinstance(scene.health.trouble.error, Unexpected)
    assert {type(fault) for fault in scene.faults} == {ZeroDivisionError}


async def test_a_fault_between_the_readings_ends_the_poll_but_not_the_polling(
    scene: AccountScene, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    account.start_run("bmr_1")
    with monkeypatch.context() as patch:
        patch.setattr(Store, "close_books", lambda *_, **__: 1 / 0)
        async with scene.running() as polling:
            await ticks()
            assert not polling.done()
            trouble = scene.health.trouble
            assert trouble is not None
            assert isinstance(trouble.error, Unexpected)
            assert scene.health.next_try_ms is not None
            patch.undo()
            skip_ahead(asyncio.get_running_loop(), seconds=30.0)
            await ticks(200)
            assert scene.monitor.health.trouble is None
    assert len(scene.faults) == 1


async def test_after_a_fault_between_the_readings_a_person_need_not_wait_to_ask_again(
    scene: AccountScene, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    account.start_run("bmr_1")
    with monkeypatch.context() as patch:
        patch.setattr(Store, "close_books", lambda *_, **__: 1 / 0)
        async with scene.running():
            await ticks()
            assert scene.health.trouble is not None
            patch.undo()
            scene.monitor.refresh()
            await ticks(200)
            assert scene.monitor.health.trouble is None
