"""The poller's loop: it polls, publishes and rests; it can be woken and canceled at any moment."""

import asyncio

import pytest

from runloop_tui.monitor.schedule import Viewport
from tests.api.scripted import answer
from tests.monitor.account import Account
from tests.monitor.scene import AccountScene, ticks

LIST = "GET /v1/benchmark_runs?"
SCENARIOS = "/scenario_runs"


def lists(account: Account) -> int:
    return sum(LIST in line for line in account.requests)


async def test_it_polls_and_then_rests(scene: AccountScene, account: Account) -> None:
    async with scene.running():
        await ticks()
        assert lists(account) == 1
        await ticks(200)
        assert lists(account) == 1


async def test_it_polls_again_after_the_interval(account: Account, scene: AccountScene) -> None:
    loop = asyncio.get_running_loop()
    async with scene.running():
        await ticks()
        before = len(account.requests)
        skip_ahead(loop, seconds=4.0)
        await ticks()
        assert len(account.requests) == before
        skip_ahead(loop, seconds=1.0)
        await ticks()
        assert len(account.requests) == before + 1


def skip_ahead(loop: asyncio.AbstractEventLoop, *, seconds: float) -> None:
    """Let the loop's own clock jump, so that what was to come later is due now."""
    before = loop.time
    loop.time = lambda: before() + seconds  # type: ignore[method-assign]


async def test_a_refresh_ends_the_rest(scene: AccountScene, account: Account) -> None:
    async with scene.running():
        await ticks()
        scene.poller.refresh()
        await ticks()
        assert lists(account) == 2
        await ticks(200)
        assert lists(account) == 2


async def test_a_refresh_during_a_poll_causes_one_more(
    scene: AccountScene, account: Account
) -> None:
    gate = account.hold("GET /v1/benchmark_runs")
    async with scene.running():
        await gate.reached.wait()
        scene.poller.refresh()
        scene.poller.refresh()
        gate.open.set()
        await ticks()
        assert lists(account) == 2


async def test_a_refresh_ends_the_interval_after_an_error_too(
    scene: AccountScene, account: Account
) -> None:
    account.fail("benchmark_runs", lambda: answer(401))
    async with scene.running():
        await ticks()
        assert lists(account) == 1
        account.mend("benchmark_runs")
        scene.poller.refresh()
        await ticks()
        assert scene.store.snapshot.loaded


async def test_turning_to_a_run_reads_it_at_once_and_does_not_poll(
    scene: AccountScene, account: Account
) -> None:
    account.start_run(state="completed")
    async with scene.running():
        await ticks()
        assert account.requests_for(SCENARIOS) == []
        scene.poller.show(Viewport("bmr_1", ()))
        await ticks()
        assert len(account.requests_for(SCENARIOS)) == 1
        assert scene.record().tally is not None
        assert lists(account) == 1


async def test_scrolling_to_a_run_reads_its_counts_at_once(
    scene: AccountScene, account: Account
) -> None:
    account.start_run(state="completed")
    async with scene.running():
        await ticks()
        scene.poller.show(Viewport(None, ("bmr_1",)))
        await ticks()
        assert scene.record().tally is not None


async def test_showing_the_same_viewport_again_fetches_nothing(
    scene: AccountScene, account: Account
) -> None:
    account.start_run(state="completed")
    async with scene.running():
        scene.poller.show(Viewport("bmr_1", ("bmr_1",)))
        await ticks()
        before = len(account.requests)
        for _ in range(20):
            scene.poller.show(Viewport("bmr_1", ("bmr_1",)))
            await ticks(3)
        assert len(account.requests) == before


@pytest.mark.parametrize("status", [400, 403, 404, 500])
async def test_what_fails_in_the_rest_is_not_tried_again_in_the_same_rest(
    scene: AccountScene, account: Account, status: int
) -> None:
    for number in range(3):
        account.start_run(f"bmr_{number}", "completed", benchmark_id="bmd_1")
    account.fail(SCENARIOS, lambda: answer(status))
    account.fail("/v1/benchmarks/", lambda: answer(500))
    scene.poller.show(Viewport("bmr_1", ("bmr_0", "bmr_1", "bmr_2")))
    async with scene.running():
        await ticks(500)
        attempts = 2 if status == 500 else 1  # the client's own
        assert len(account.requests_for(SCENARIOS)) == attempts, "not of each run that is on screen"
        assert len(account.requests_for("/v1/benchmarks/")) == 2
        scene.poller.show(Viewport("bmr_1", ("bmr_2",)))
        await ticks(500)
        assert len(account.requests_for(SCENARIOS)) == attempts


async def test_retry_after_between_two_polls_delays_the_next_poll(
    scene: AccountScene, account: Account
) -> None:
    account.start_run(state="completed")
    account.fail(SCENARIOS, lambda: answer(429, retry_after="120"))
    async with scene.running():
        await ticks()
        scene.poller.show(Viewport("bmr_1", ("bmr_1",)))
        await ticks()
        assert scene.health.failure is not None
        assert scene.health.next_try_ms is not None
        assert scene.health.next_try_ms >= scene.clock() + 120_000
        before = len(account.requests)
        skip_ahead(asyncio.get_running_loop(), seconds=119.0)
        await ticks()
        assert len(account.requests) == before


async def test_a_next_try_that_the_machine_slept_through_is_made_at_once(
    scene: AccountScene, account: Account
) -> None:
    account.fail("benchmark_runs", lambda: answer(429, retry_after="90"))
    async with scene.running():
        await ticks()
        account.mend("benchmark_runs")
        scene.clock.advance(s=90)
        scene.poller.check_time()
        await ticks()
        assert lists(account) == 1, "it may come by itself at any moment"
        scene.clock.advance(s=3600)
        scene.poller.check_time()
        await ticks()
        assert lists(account) == 2


async def test_a_tick_without_errors_fetches_nothing(scene: AccountScene, account: Account) -> None:
    async with scene.running():
        await ticks()
        before = len(account.requests)
        for _ in range(5):
            scene.clock.advance(s=1)
            scene.poller.check_time()
            await ticks()
        assert len(account.requests) == before


async def test_while_all_requests_have_to_wait_none_is_sent_whatever_the_viewport(
    scene: AccountScene, account: Account
) -> None:
    account.start_run(state="completed")
    async with scene.running():
        await ticks()
        account.fail("benchmark_runs", lambda: answer(401))
        scene.poller.refresh()
        await ticks()
        before = len(account.requests)
        scene.poller.show(Viewport("bmr_1", ("bmr_1",)))
        await ticks()
        assert len(account.requests) == before


async def test_a_canceled_loop_ends_at_whatever_it_is_waiting_for() -> None:
    whole = AccountScene()
    populate(whole)
    async with whole.running():
        await ticks(300)
    assert whole.record().all_read
    number = len(whole.account.requests)
    assert number >= 10
    for answered in range(number):
        scene = AccountScene()
        populate(scene)
        scene.account.answers_left = answered
        task = asyncio.create_task(scene.poller.run())
        await ticks(300)
        assert len(scene.account.requests) > answered
        task.cancel()
        await ticks()
        assert task.cancelled()
        assert asyncio.all_tasks() == {asyncio.current_task()}


def populate(scene: AccountScene) -> None:
    """Enough that each kind of request is made in the first poll and its rest."""
    account = scene.account
    account.benchmarks = {"bmd_1": ["scn_1"]}
    for number in range(120):
        account.start_run(f"bmr_cold_{number}", "completed")
    account.start_run("bmr_1", benchmark_id="bmd_1")
    account.start_scenario_runs(*(f"scr_{number}" for number in range(300)))
    visible = ("bmr_1", "bmr_cold_119", "bmr_cold_118")
    scene.poller.show(Viewport("bmr_1", visible))
    scene.poller.refresh()


async def test_a_canceled_loop_can_be_started_again(scene: AccountScene, account: Account) -> None:
    account.start_run()
    gate = account.hold(SCENARIOS)
    async with scene.running():
        await gate.reached.wait()
    account.start_scenario_runs("scr_1")
    async with scene.running():
        scene.poller.show(Viewport("bmr_1"))
        scene.poller.refresh()
        await ticks()
        assert scene.record().tally is not None


# Requests that hang


async def test_a_manual_refresh_cancels_a_request_that_hangs(
    scene: AccountScene, account: Account
) -> None:
    gate = account.hold("GET /v1/benchmark_runs")
    async with scene.running():
        await gate.reached.wait()
        scene.clock.advance(ms=2_000)
        scene.poller.refresh()
        await ticks()
        assert lists(account) == 2
        assert scene.store.snapshot.loaded
        await ticks(200)
        assert lists(account) == 2, "the one that was given up is not polled for again"


async def test_a_request_that_hangs_between_two_polls_is_given_up_too(
    scene: AccountScene, account: Account
) -> None:
    account.start_run(state="completed")
    gate = account.hold(SCENARIOS)
    async with scene.running():
        await ticks()
        scene.poller.show(Viewport("bmr_1"))
        await gate.reached.wait()
        scene.clock.advance(ms=2_000)
        scene.poller.refresh()
        await ticks()
        assert scene.record().tally is not None


async def test_a_request_that_was_only_just_sent_is_waited_for(
    scene: AccountScene, account: Account
) -> None:
    gate = account.hold("GET /v1/benchmark_runs")
    async with scene.running():
        await gate.reached.wait()
        scene.clock.advance(ms=500)
        scene.poller.refresh()
        await ticks()
        assert lists(account) == 1
        gate.open.set()
        await ticks()
        assert lists(account) == 2


async def test_the_loop_ends_while_a_request_hangs(scene: AccountScene, account: Account) -> None:
    gate = account.hold("GET /v1/benchmark_runs")
    async with scene.running() as task:
        await gate.reached.wait()
        task.cancel()
        await ticks()
        assert task.cancelled()


# Clocks that differ


# Equal snapshots


async def test_while_nothing_changes_nothing_is_published(
    scene: AccountScene, account: Account
) -> None:
    account.start_run()
    account.start_scenario_runs("scr_1")
    scene.poller.show(Viewport("bmr_1", ("bmr_1",)))
    await scene.poll(2)
    published = len(scene.snapshots)
    await scene.poll(10)
    assert len(scene.snapshots) == published
