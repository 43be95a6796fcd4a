"""What a poll asks besides, and when it hands nothing out."""

from runloop_tui.monitor.schedule import Viewport
from tests.api.scripted import NOW_MS
from tests.monitor.account import Account
from tests.monitor.scene import AccountScene

# Totals


async def test_the_total_is_asked_once_for_each_benchmark(
    scene: AccountScene, account: Account
) -> None:
    account.benchmarks = {"bmd_1": ["scn_1", "scn_2", "scn_3"]}
    for number in range(3):
        account.start_run(f"bmr_{number}", benchmark_id="bmd_1")
    account.start_run("bmr_cold", "completed", benchmark_id="bmd_1")
    scene.monitor.show(Viewport("bmr_0", tuple(account.runs)))
    await scene.poll(10)
    assert len(account.asked_for("/v1/benchmarks/bmd_1$")) == 1
    assert {record.total for record in scene.store.snapshot.records} == {3}


async def test_a_run_without_a_benchmark_has_no_total_and_none_is_asked_for(
    scene: AccountScene, account: Account
) -> None:
    account.start_run()
    scene.monitor.show(Viewport("bmr_1", ("bmr_1",)))
    await scene.poll(3)
    assert scene.record().total is None
    assert account.asked_for("/v1/benchmarks/") == []


async def test_a_benchmark_that_is_not_to_be_had_leaves_the_total_unknown_and_is_no_trouble(
    scene: AccountScene, account: Account
) -> None:
    account.start_run(benchmark_id="bmd_not_mine")
    scene.monitor.show(Viewport("bmr_1", ("bmr_1",)))
    await scene.poll(5)
    assert (scene.record().total, scene.health.trouble) == (None, None)
    assert len(account.asked_for("/v1/benchmarks/")) == 1


async def test_a_benchmark_without_scenarios_tells_no_total(
    scene: AccountScene, account: Account
) -> None:
    account.benchmarks = {"bmd_1": []}
    account.start_run(benchmark_id="bmd_1")
    await scene.poll()
    assert scene.record().total is None


# Clocks that differ


async def test_the_pace_is_reckoned_on_the_clock_of_the_server(
    scene: AccountScene, account: Account
) -> None:
    account.benchmarks = {"bmd_1": [f"scn_{number}" for number in range(20)]}
    account.start_run(benchmark_id="bmd_1")
    account.start_scenario_runs(*(f"scr_{number}" for number in range(10)))
    for number in range(10):
        account.score(f"scr_{number}", 1.0)
    scene.clock.advance(minutes=-24 * 60)  # ours is a day behind
    account.dated = "Thu, 09 Oct 2025 08:53:20 GMT"
    scene.monitor.show(Viewport("bmr_1"))
    await scene.poll(2)
    pace = scene.record().pace
    assert pace is not None
    assert pace.earliest_ms > NOW_MS


# Equal snapshots


async def test_while_nothing_changes_nothing_is_handed_out(
    scene: AccountScene, account: Account
) -> None:
    account.start_run()
    account.start_scenario_runs("scr_1")
    scene.monitor.show(Viewport("bmr_1", ("bmr_1",)))
    await scene.poll(2)
    handed_out = len(scene.snapshots)
    await scene.poll(10)
    assert len(scene.snapshots) == handed_out
