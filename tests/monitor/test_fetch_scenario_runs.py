"""Of which runs the scenario runs are read at which poll, and of which between two polls."""

import asyncio

from runloop_tui.monitor.schedule import Viewport
from tests.api.scripted import answer
from tests.monitor.account import Account
from tests.monitor.scene import AccountScene, ticks


def of_run(run_id: str) -> str:
    return f"/v1/benchmark_runs/{run_id}/scenario_runs"


async def test_the_watched_run_is_read_first_and_at_every_poll(
    scene: AccountScene, account: Account
) -> None:
    for number in range(3):
        account.start_run(f"bmr_{number}")
    scene.poller.show(Viewport("bmr_0"))
    for _ in range(8):
        mark = len(account.requests)
        await scene.poll()
        of_runs = [line for line in scene.requests_since(mark) if "/scenario_runs" in line]
        assert of_run("bmr_0") in of_runs[0]


async def test_a_run_that_is_selected_during_a_poll_is_read_next(
    scene: AccountScene, account: Account
) -> None:
    for number in range(19):
        account.start_run(f"bmr_{number}")
    first, second, third, fourth = (f"bmr_{number}" for number in (18, 12, 6, 0))
    gate = account.hold(of_run(first))
    async with scene.running():
        await gate.reached.wait()
        scene.poller.show(Viewport(third))
        gate.open.set()
        await ticks()
    read = [line.split("/")[3] for line in account.requests_for("/scenario_runs")]
    assert read[:4] == [first, third, second, fourth]


async def test_other_live_runs_are_read_every_sixth_poll_not_all_at_once(
    scene: AccountScene, account: Account
) -> None:
    for number in range(12):
        account.start_run(f"bmr_{number}")
    for _ in range(3):
        read: list[str] = []
        for _ in range(6):
            mark = len(account.requests)
            await scene.poll()
            lines = scene.requests_since(mark)
            of_this = [f"bmr_{n}" for n in range(12) if any(of_run(f"bmr_{n}") in x for x in lines)]
            assert len(of_this) == 2
            read += of_this
        assert sorted(read) == sorted(account.runs)


async def test_a_live_run_whose_read_failed_is_read_at_the_next_poll_also_if_it_is_not_watched_any_more(
    scene: AccountScene, account: Account
) -> None:
    for run_id in ("bmr_0", "bmr_1"):
        account.start_run(run_id)
    scene.poller.show(Viewport("bmr_0"))
    await scene.poll(2)
    account.fail(of_run("bmr_0"), lambda: answer(500))
    await scene.poll()
    assert scene.health.failure is not None
    account.mend(of_run("bmr_0"))
    scene.poller.show(Viewport("bmr_1"))
    await scene.poll()
    assert scene.health.failure is None


async def test_a_refresh_during_a_poll_reads_all_visible_live_runs_at_the_next(
    scene: AccountScene, account: Account
) -> None:
    for number in range(4):
        account.start_run(f"bmr_{number}")
    scene.poller.show(Viewport("bmr_0", tuple(account.runs)))
    await scene.poll(2)
    gate = account.hold(of_run("bmr_0"))
    polling = asyncio.create_task(scene.poller.poll())
    await gate.reached.wait()
    scene.poller.refresh()
    gate.open.set()
    await polling
    mark = len(account.requests)
    await scene.poller.poll()
    sent = scene.requests_since(mark)
    assert all(any(of_run(run_id) in line for line in sent) for run_id in account.runs)


async def test_each_run_is_published_as_soon_as_it_was_read(
    scene: AccountScene, account: Account
) -> None:
    for number in range(12):
        account.start_run(f"bmr_{number}")
    await scene.poll(1)
    before = len(scene.snapshots)
    await scene.poller.poll()
    counted = [
        sum(record.tally is not None for record in snapshot.records)
        for snapshot in scene.snapshots[before:]
    ]
    assert counted == [3, 4]


async def test_all_live_runs_on_the_screen_are_read_at_one_poll(
    scene: AccountScene, account: Account
) -> None:
    for number in range(4):
        account.start_run(f"bmr_{number}")
    scene.poller.show(Viewport(None, tuple(account.runs)))
    await scene.poll()
    assert all(record.tally is not None for record in scene.store.snapshot.records)


async def test_terminal_runs_on_the_screen_are_read_once_between_two_polls(
    scene: AccountScene, account: Account
) -> None:
    for number in range(4):
        account.start_run(f"bmr_{number}", "completed")
        account.start_scenario_runs(f"scr_{number}", run_id=f"bmr_{number}", state="failed")
    scene.poller.show(Viewport(None, ("bmr_0", "bmr_1")))
    rest_s = await scene.poller.poll()
    assert rest_s == 5.0
    assert scene.record("bmr_0").tally is None
    await scene.poll(10)
    for run_id, times in (("bmr_0", 1), ("bmr_1", 1), ("bmr_2", 0)):
        assert len(account.requests_for(of_run(run_id))) == times
    assert scene.record("bmr_1").tally is not None


async def test_a_terminal_run_that_is_selected_is_read_before_the_others_on_the_screen(
    scene: AccountScene, account: Account
) -> None:
    for number in range(4):
        account.start_run(f"bmr_{number}", "completed")
    scene.poller.show(Viewport("bmr_2", tuple(account.runs)))
    await scene.poll()
    first = next(line for line in account.requests if "/scenario_runs" in line)
    assert of_run("bmr_2") in first


async def test_a_terminal_run_whose_scenario_runs_were_evicted_is_read_again_when_it_is_selected(
    scene: AccountScene, account: Account
) -> None:
    ids = [f"bmr_{number}" for number in range(12)]
    for run_id in ids:
        account.start_run(run_id, "completed")
    scene.poller.show(Viewport(None, tuple(ids)))
    await scene.poll(2)
    evicted = next(id_ for id_ in ids if scene.record(id_).scenario_runs is None)
    assert len(account.requests_for(of_run(evicted))) == 1
    scene.poller.show(Viewport(evicted, tuple(ids)))
    await scene.poll(3)
    assert scene.record(evicted).scenario_runs is not None
    assert len(account.requests_for(of_run(evicted))) == 2


async def test_a_watched_run_that_is_not_in_the_store_is_not_fetched(
    scene: AccountScene, account: Account
) -> None:
    scene.poller.show(Viewport("bmr_nowhere", ("bmr_nowhere",)))
    await scene.poll(3)
    assert account.requests_for("bmr_nowhere") == []


async def test_a_gone_run_that_was_never_read_is_not_fetched_when_it_is_selected(
    scene: AccountScene, account: Account
) -> None:
    account.start_run("bmr_1")
    account.start_run("bmr_2")
    await scene.poll()
    del account.runs["bmr_1"]
    await scene.poll(6)
    assert scene.record("bmr_1").gone
    scene.poller.show(Viewport("bmr_1", ("bmr_1",)))
    mark = len(account.requests)
    await scene.poll(6)
    assert not any(of_run("bmr_1") in line for line in scene.requests_since(mark))


# Runs that are compared


async def test_compared_runs_that_are_not_held_are_read_at_once_and_terminal_ones_only_once(
    scene: AccountScene, account: Account
) -> None:
    account.start_run("bmr_old", "completed")
    account.start_scenario_runs("scr_1", run_id="bmr_old", state="completed")
    account.start_run("bmr_new", "completed")
    async with scene.running():
        await ticks()
        scene.poller.show(Viewport("bmr_new", compared=("bmr_new", "bmr_old")))
        await ticks()
        assert scene.record("bmr_old").scenario_runs is not None
    await scene.poll(3)
    assert len(account.requests_for(of_run("bmr_old"))) == 1


async def test_the_scenario_runs_of_compared_runs_are_not_released(
    scene: AccountScene, account: Account
) -> None:
    for number in range(12):
        account.start_run(f"bmr_{number}", "completed")
    await scene.poll()
    for number in range(12):
        scene.poller.show(Viewport(f"bmr_{number}", compared=("bmr_0",)))
        await scene.poller.read_lacking()
        await scene.poll()
    held = [
        number for number in range(12) if scene.record(f"bmr_{number}").scenario_runs is not None
    ]
    assert 0 in held
    assert 1 not in held
    scene.poller.show(Viewport("bmr_11"))
    await scene.poll()
    assert scene.record("bmr_0").scenario_runs is None
