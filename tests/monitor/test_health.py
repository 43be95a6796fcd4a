"""Health: freshness, the next try, the clock skew, what was not understood, and internal errors.

An internal error while something is read costs that thing a poll, is reported, and never ends the polling.
"""

import asyncio

import pytest

from runloop_tui.monitor.health import InternalError, errors_reported
from runloop_tui.monitor.scenario_run_reader import ScenarioRunReader
from runloop_tui.monitor.schedule import Viewport
from runloop_tui.monitor.store import Store
from tests.api.scripted import ok
from tests.monitor.account import Account
from tests.monitor.scene import AccountScene, ticks
from tests.monitor.test_poller import skip_ahead

# Warnings


async def test_what_could_not_be_understood_reaches_the_health_and_the_rest_is_shown(
    scene: AccountScene, account: Account
) -> None:
    account.start_run("bmr_odd", score="high")
    account.start_run("bmr_fine")
    await scene.poll()
    assert scene.health.warnings == ("score of bmr_odd not understood",)
    assert scene.health.failure is None
    assert {record.id for record in scene.store.snapshot.records} == {"bmr_odd", "bmr_fine"}


async def test_what_could_not_be_understood_in_the_rest_reaches_the_health_too(
    scene: AccountScene, account: Account
) -> None:
    account.start_run(state="completed")
    account.start_scenario_runs("scr_odd", state="completed")
    account.move("scr_odd", "completed", duration_ms="long")
    scene.poller.show(Viewport("bmr_1", ("bmr_1",)))
    await scene.poll()
    assert scene.health.warnings == ("duration_ms of scr_odd not understood",)


async def test_a_warning_goes_when_its_object_is_read_without_error(
    scene: AccountScene, account: Account
) -> None:
    account.start_run("bmr_odd", state="completed", score="high")
    await scene.poll(5)
    assert scene.health.warnings == ("score of bmr_odd not understood",)
    account.runs["bmr_odd"]["score"] = 0.5
    await scene.poll(2)
    assert not scene.health.warnings


async def test_a_warning_about_an_object_without_an_id_goes_after_a_complete_read(
    scene: AccountScene, account: Account
) -> None:
    account.start_run("bmr_1", state="completed")
    account.fail("benchmark_runs[?]", lambda: ok({"runs": [None], "has_more": False}))
    await scene.poll(3)
    assert scene.health.warnings == ("a benchmark run that is no object not understood",)
    account.mend("benchmark_runs[?]")
    await scene.poll(2)
    assert not scene.health.warnings


async def test_a_warning_about_an_object_that_is_not_read_again_goes_after_some_polls(
    scene: AccountScene, account: Account
) -> None:
    account.start_run(benchmark_id="bmd_1")
    odd = {"id": "bmd_1", "name": [], "scenarioIds": ["scn_1"]}
    account.fail("/v1/benchmarks/bmd_1$", lambda: ok(odd))
    scene.poller.show(Viewport("bmr_1", ("bmr_1",)))
    await scene.poll(8)
    assert scene.health.warnings == ("name of bmd_1 not understood",)
    await scene.poll(12)
    assert not scene.health.warnings


async def test_warnings_never_accumulate(scene: AccountScene, account: Account) -> None:
    odd = [{"id": f"bmr_{number}", "score": "?"} for number in range(500)]
    account.fail("benchmark_runs", lambda: ok({"runs": odd, "has_more": False}))
    await scene.poll()
    assert len(scene.health.warnings) == 20


# Health


async def test_the_health_says_when_the_next_try_is_and_that_one_is_under_way(
    scene: AccountScene, account: Account
) -> None:
    start_ms = scene.clock()
    await scene.poll()
    assert scene.health.fresh_ms == start_ms
    assert scene.health.next_try_ms == start_ms + 5000
    assert [health.next_try_ms is None for health in scene.healths] == [False]
    await scene.poll()
    assert [health.next_try_ms is None for health in scene.healths] == [False, True, False]


async def test_the_health_reports_a_stall_once_it_is_long_and_its_end(
    scene: AccountScene, account: Account
) -> None:
    gate = account.hold("benchmark_runs")
    sent_ms = scene.clock()
    async with scene.running():
        await gate.reached.wait()
        for since in (None, None, None, sent_ms, sent_ms):
            scene.poller.check_time()
            assert scene.health.stalled_since_ms == since
            scene.clock.advance(s=1)
        gate.open.set()
        await ticks()
        scene.poller.check_time()
        assert scene.health.stalled_since_ms is None
        assert scene.health.fresh_ms == scene.clock()


async def test_the_health_has_the_skew_of_the_clocks(scene: AccountScene, account: Account) -> None:
    page = {"runs": [], "has_more": False}
    late = "Thu, 09 Oct 2025 09:53:20 GMT"  # an hour after our clock
    account.fail("benchmark_runs", lambda: ok(page, date=late))
    await scene.poll()
    assert scene.health.skew_ms == 3_600_000


# Internal errors


async def broken(*_: object, **_options: object) -> None:
    """Replaces code of ours by code that raises."""
    raise ZeroDivisionError


def test_an_internal_error_is_reported_and_becomes_a_named_error() -> None:
    reported: list[Exception] = []
    with (
        pytest.raises(InternalError, match=r"inside runloop-tui: ZeroDivisionError"),
        errors_reported(reported.append),
    ):
        raise ZeroDivisionError
    assert [type(error) for error in reported] == [ZeroDivisionError]


async def test_an_internal_error_with_one_run_leaves_the_list_fresh_and_is_reported(
    scene: AccountScene, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    account.start_run("bmr_1")
    scene.poller.show(Viewport("bmr_1", ("bmr_1",)))
    await scene.poll()
    monkeypatch.setattr(ScenarioRunReader, "read_live", broken)
    account.start_run("bmr_2")
    await scene.poll(6)
    assert "bmr_2" in scene.store.snapshot.by_id
    assert scene.health.failure is not None
    assert isinstance(scene.health.failure.error, InternalError)
    assert {type(error) for error in scene.errors} == {ZeroDivisionError}


async def test_an_internal_error_between_fetches_ends_the_poll_but_not_the_polling(
    scene: AccountScene, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    account.start_run("bmr_1")
    with monkeypatch.context() as patch:
        patch.setattr(Store, "release_scenario_runs", lambda *_, **__: 1 / 0)
        async with scene.running() as polling:
            await ticks()
            assert not polling.done()
            failure = scene.health.failure
            assert failure is not None
            assert isinstance(failure.error, InternalError)
            assert scene.health.next_try_ms is not None
            patch.undo()
            skip_ahead(asyncio.get_running_loop(), seconds=30.0)
            await ticks(200)
            assert scene.poller.health.failure is None
    assert len(scene.errors) == 1


async def test_after_an_internal_error_between_fetches_a_refresh_polls_at_once(
    scene: AccountScene, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    account.start_run("bmr_1")
    with monkeypatch.context() as patch:
        patch.setattr(Store, "release_scenario_runs", lambda *_, **__: 1 / 0)
        async with scene.running():
            await ticks()
            assert scene.health.failure is not None
            patch.undo()
            scene.poller.refresh()
            await ticks(200)
            assert scene.poller.health.failure is None
