"""What is asked at which poll."""

import re

from runloop_tui.monitor.attention import Attention
from tests.api.scripted import NOW_MS, ok
from tests.monitor.account import Account
from tests.monitor.scene import AccountScene, ticks

FIRST_PAGE = "GET /v1/benchmark_runs?limit=100&include_total_count=true"
HEAD = "GET /v1/benchmark_runs?limit=20&include_total_count=true"
RUNNING = "GET /v1/benchmark_runs?state=running&limit=100&include_total_count=false"


def of_run(run_id: str) -> str:
    return f"/v1/benchmark_runs/{run_id}/scenario_runs"


def run_states(scene: AccountScene) -> dict[str, str]:
    return {record.id: record.run.state for record in scene.monitor.snapshot.records}


# The list of runs


async def test_an_empty_account_is_known_to_be_empty(scene: AccountScene, account: Account) -> None:
    assert not scene.monitor.snapshot.loaded
    await scene.poll()
    assert (scene.monitor.snapshot.loaded, scene.monitor.snapshot.records) == (True, ())
    assert (scene.monitor.snapshot.runs_in_all, scene.monitor.snapshot.more_runs) == (0, False)
    assert account.asked == [FIRST_PAGE]
    assert await scene.asked_in_a_poll() == [RUNNING]


async def test_the_list_is_handed_out_before_anything_else_is_asked(
    scene: AccountScene, account: Account
) -> None:
    account.start_run()
    gate = account.hold(of_run("bmr_1"))
    async with scene.running():
        await gate.reached.wait()
        assert run_states(scene) == {"bmr_1": "running"}
        assert scene.record().tally is None


async def test_a_new_run_appears_at_the_next_poll(scene: AccountScene, account: Account) -> None:
    await scene.poll()
    account.start_run("bmr_new")
    await scene.poll()
    assert run_states(scene) == {"bmr_new": "running"}


async def test_a_run_that_ended_is_noticed_by_a_look_at_it_and_read_to_its_end(
    scene: AccountScene, account: Account
) -> None:
    account.start_run()
    account.start_scenario_runs("scr_1")
    await scene.poll()
    account.move("bmr_1", "completed", score=0.5)
    account.score("scr_1", 0.5)
    asked = await scene.asked_in_a_poll()
    assert "GET /v1/benchmark_runs/bmr_1" in asked
    assert scene.record().run.score == 0.5
    counts = scene.record().tally
    assert counts is not None
    assert (counts.partial, counts.running) == (1, 0)


async def test_a_run_that_ended_is_never_asked_for_again(
    scene: AccountScene, account: Account
) -> None:
    account.start_run()
    account.start_scenario_runs("scr_1")
    scene.monitor.attend(Attention("bmr_1", ("bmr_1",)))
    await scene.poll()
    account.move("bmr_1", "completed")
    account.score("scr_1", 1.0)
    await scene.poll(2)
    mark = len(account.asked)
    await scene.poll(30)
    assert set(scene.asked_since(mark)) == {RUNNING, HEAD}


async def test_a_run_that_ended_while_its_scenario_runs_still_settle_is_read_until_they_have(
    scene: AccountScene, account: Account
) -> None:
    account.start_run()
    account.start_scenario_runs("scr_1")
    await scene.poll()
    account.move("bmr_1", "canceled")
    await scene.poll()
    account.move("scr_1", "canceled")
    await scene.poll()
    counts = scene.record().tally
    assert counts is not None
    assert (counts.canceled, counts.running) == (1, 0)
    mark = len(account.asked)
    await scene.poll(3)
    assert not any(of_run("bmr_1") in line for line in scene.asked_since(mark))


async def test_a_run_that_ended_is_read_until_what_was_scored_is_completed(
    scene: AccountScene, account: Account
) -> None:
    account.start_run()
    account.start_scenario_runs("scr_1")
    await scene.poll()
    account.move("bmr_1", "completed")
    account.move("scr_1", "scored")
    await scene.poll()
    account.score("scr_1", 1.0)
    await scene.poll()
    assert [each.state for each in scene.record().scenario_runs or ()] == ["completed"]


async def test_a_run_that_ended_with_a_scenario_run_that_never_settles_is_let_go(
    scene: AccountScene, account: Account
) -> None:
    account.start_run()
    account.start_scenario_runs("scr_1")
    await scene.poll()
    account.move("bmr_1", "failed")
    mark = len(account.asked)
    await scene.poll(20)
    assert sum(of_run("bmr_1") in line for line in scene.asked_since(mark)) == 3


async def test_a_run_that_came_and_went_is_found_at_the_next_reading_of_the_newest(
    scene: AccountScene, account: Account
) -> None:
    account.start_run("bmr_old", "completed")
    await scene.poll()
    account.start_run("bmr_short", "failed")
    await scene.poll(5)
    assert "bmr_short" not in run_states(scene)
    assert HEAD in await scene.asked_in_a_poll()
    assert run_states(scene)["bmr_short"] == "failed"
    assert scene.monitor.snapshot.runs_in_all == 2


async def test_many_that_came_and_went_are_all_found_whatever_runs_among_them(
    scene: AccountScene, account: Account
) -> None:
    account.start_run("bmr_old", "completed")
    await scene.poll()
    for number in range(50):
        account.start_run(f"bmr_{number}", "running" if number in {45, 49} else "completed")
    await scene.poll(6)
    assert len(run_states(scene)) == 51


async def test_a_run_that_the_server_no_longer_knows_is_marked_gone_and_not_asked_for_again(
    scene: AccountScene, account: Account
) -> None:
    account.start_run()
    account.start_scenario_runs("scr_1")
    scene.monitor.attend(Attention("bmr_1", ("bmr_1",)))
    await scene.poll()
    del account.runs["bmr_1"]
    del account.scenario_runs["bmr_1"]
    await scene.poll()
    assert scene.record().gone
    assert scene.record().scenario_runs is not None
    assert scene.health.trouble is None
    mark = len(account.asked)
    await scene.poll(20)
    assert set(scene.asked_since(mark)) == {RUNNING, HEAD}
    assert scene.health.fresh_ms == scene.clock() - 5000


async def test_a_server_that_ignores_the_state_costs_no_walk_through_all_its_runs(
    scene: AccountScene, account: Account
) -> None:
    account.filters_by_state = False
    for number in range(1000):
        account.start_run(f"bmr_{number}", "completed")
    account.start_run("bmr_live")
    await scene.poll(2)
    account.move("bmr_live", "completed")
    mark = len(account.asked)
    await scene.poll()
    assert run_states(scene)["bmr_live"] == "completed"
    lists = [line for line in scene.asked_since(mark) if "benchmark_runs?" in line]
    assert lists == [RUNNING]


async def test_live_runs_that_the_list_leaves_out_are_looked_up_eight_at_a_time_in_turn(
    scene: AccountScene, account: Account
) -> None:
    for number in range(20):
        account.start_run(f"bmr_{number}")
    await scene.poll()
    for run in account.runs.values():
        run["state"] = "completed"
    for expected in (8, 16, 20):
        await scene.poll()
        assert list(run_states(scene).values()).count("completed") == expected


async def test_live_runs_that_the_list_always_leaves_out_are_each_looked_up_in_turn(
    scene: AccountScene, account: Account
) -> None:
    for number in range(20):
        account.start_run(f"bmr_{number}")
    await scene.poll()
    account.fail(r"state=running&limit=100", lambda: ok({"runs": [], "has_more": False}))
    mark = len(account.asked)
    await scene.poll(3)
    looks = [line for line in scene.asked_since(mark) if re.search(r"benchmark_runs/\w+$", line)]
    assert len(looks) == 24
    assert len(set(looks)) == 20


async def test_a_run_in_a_state_that_nobody_knows_is_looked_at_until_it_has_ended(
    scene: AccountScene, account: Account
) -> None:
    account.start_run()
    account.start_scenario_runs("scr_1")
    await scene.poll()
    for number in range(30):
        account.start_run(f"bmr_newer_{number}", "completed")
    account.move("bmr_1", "completing")
    await scene.poll(5)
    assert run_states(scene)["bmr_1"] == "completing"
    account.move("bmr_1", "completed")
    account.score("scr_1", 1.0)
    await scene.poll(7)
    assert run_states(scene)["bmr_1"] == "completed"
    counts = scene.record().tally
    assert counts is not None
    assert counts.passed == 1


async def test_a_run_that_goes_on_after_a_state_that_nobody_knows_is_followed_again(
    scene: AccountScene, account: Account
) -> None:
    account.start_run()
    account.start_scenario_runs("scr_1")
    scene.monitor.attend(Attention("bmr_1"))
    await scene.poll()
    account.move("bmr_1", "paused")
    await scene.poll(8)
    account.move("bmr_1", "running")
    account.score("scr_1", 1.0)
    await scene.poll()
    counts = scene.record().tally
    assert counts is not None
    assert counts.passed == 1


# Older runs


async def test_older_runs_are_read_page_by_page_as_they_are_wanted(
    scene: AccountScene, account: Account
) -> None:
    for number in range(250):
        account.start_run(f"bmr_{number}", "completed")
    await scene.poll()
    snapshot = scene.monitor.snapshot
    assert (len(snapshot.records), snapshot.runs_in_all, snapshot.more_runs) == (100, 250, True)
    for expected, more in ((200, True), (250, False)):
        scene.monitor.want_older()
        scene.monitor.want_older()
        await scene.rest()
        snapshot = scene.monitor.snapshot
        assert (len(snapshot.records), snapshot.more_runs) == (expected, more)
    mark = len(account.asked)
    scene.monitor.want_older()
    await scene.rest()
    assert scene.asked_since(mark) == []


async def test_new_runs_do_not_move_the_place_from_which_older_ones_are_read(
    scene: AccountScene, account: Account
) -> None:
    for number in range(150):
        account.start_run(f"bmr_{number}", "completed")
    await scene.poll()
    for number in range(30):
        account.start_run(f"bmr_new_{number}", "completed")
    await scene.poll(6)
    scene.monitor.want_older()
    await scene.rest()
    assert len(scene.monitor.snapshot.records) == 180
    assert not scene.monitor.snapshot.more_runs


async def test_a_server_that_promises_more_and_repeats_itself_is_not_believed(
    scene: AccountScene, account: Account
) -> None:
    for number in range(101):
        account.start_run(f"bmr_{number}", "completed")
    await scene.poll()
    last = list(account.runs)[99]
    page = {"runs": [account.runs[last]], "has_more": True, "total_count": None}
    account.fail("starting_after", lambda: ok(page))
    scene.monitor.want_older()
    await scene.rest()
    assert not scene.monitor.snapshot.more_runs


# Whose scenario runs are read


async def test_the_watched_run_is_read_first_and_at_every_poll(
    scene: AccountScene, account: Account
) -> None:
    for number in range(3):
        account.start_run(f"bmr_{number}")
    scene.monitor.attend(Attention("bmr_0"))
    for _ in range(8):
        mark = len(account.asked)
        await scene.poll()
        of_runs = [line for line in scene.asked_since(mark) if "/scenario_runs" in line]
        assert of_run("bmr_0") in of_runs[0]


async def test_a_run_that_is_turned_to_during_a_poll_is_read_next(
    scene: AccountScene, account: Account
) -> None:
    for number in range(19):
        account.start_run(f"bmr_{number}")
    first, second, third, fourth = (f"bmr_{number}" for number in (18, 12, 6, 0))
    gate = account.hold(of_run(first))
    async with scene.running():
        await gate.reached.wait()
        scene.monitor.attend(Attention(third))
        gate.open.set()
        await ticks()
    read = [line.split("/")[3] for line in account.asked_for("/scenario_runs")]
    assert read[:4] == [first, third, second, fourth]


async def test_other_live_runs_are_read_every_sixth_poll_not_all_at_once(
    scene: AccountScene, account: Account
) -> None:
    for number in range(12):
        account.start_run(f"bmr_{number}")
    for _ in range(3):
        read: list[str] = []
        for _ in range(6):
            mark = len(account.asked)
            await scene.poll()
            lines = scene.asked_since(mark)
            of_this = [f"bmr_{n}" for n in range(12) if any(of_run(f"bmr_{n}") in x for x in lines)]
            assert len(of_this) == 2
            read += of_this
        assert sorted(read) == sorted(account.runs)


async def test_each_run_is_handed_out_as_soon_as_it_was_read(
    scene: AccountScene, account: Account
) -> None:
    for number in range(12):
        account.start_run(f"bmr_{number}")
    await scene.poll(1)
    before = len(scene.snapshots)
    await scene.monitor.poll()
    counted = [
        sum(record.tally is not None for record in snapshot.records)
        for snapshot in scene.snapshots[before:]
    ]
    assert counted == [3, 4]


async def test_live_runs_on_the_screen_do_not_wait_for_their_turn(
    scene: AccountScene, account: Account
) -> None:
    for number in range(4):
        account.start_run(f"bmr_{number}")
    scene.monitor.attend(Attention(None, tuple(account.runs)))
    await scene.poll()
    assert all(record.tally is not None for record in scene.monitor.snapshot.records)


async def test_ended_runs_on_the_screen_are_read_once_in_the_rest(
    scene: AccountScene, account: Account
) -> None:
    for number in range(4):
        account.start_run(f"bmr_{number}", "completed")
        account.start_scenario_runs(f"scr_{number}", run_id=f"bmr_{number}", state="failed")
    scene.monitor.attend(Attention(None, ("bmr_0", "bmr_1")))
    rest_s = await scene.monitor.poll()
    assert rest_s == 5.0
    assert scene.record("bmr_0").tally is None
    await scene.poll(10)
    for run_id, times in (("bmr_0", 1), ("bmr_1", 1), ("bmr_2", 0)):
        assert len(account.asked_for(of_run(run_id))) == times
    assert scene.record("bmr_1").tally is not None


async def test_an_ended_run_that_is_turned_to_is_read_before_the_others_on_the_screen(
    scene: AccountScene, account: Account
) -> None:
    for number in range(4):
        account.start_run(f"bmr_{number}", "completed")
    scene.monitor.attend(Attention("bmr_2", tuple(account.runs)))
    await scene.poll()
    first = next(line for line in account.asked if "/scenario_runs" in line)
    assert of_run("bmr_2") in first


async def test_an_ended_run_whose_books_were_closed_is_read_again_when_it_is_turned_to(
    scene: AccountScene, account: Account
) -> None:
    ids = [f"bmr_{number}" for number in range(12)]
    for run_id in ids:
        account.start_run(run_id, "completed")
    scene.monitor.attend(Attention(None, tuple(ids)))
    await scene.poll(2)
    closed = next(id_ for id_ in ids if scene.record(id_).scenario_runs is None)
    assert len(account.asked_for(of_run(closed))) == 1
    scene.monitor.attend(Attention(closed, tuple(ids)))
    await scene.poll(3)
    assert scene.record(closed).scenario_runs is not None
    assert len(account.asked_for(of_run(closed))) == 2


async def test_a_watched_run_that_nobody_knows_is_not_asked_for(
    scene: AccountScene, account: Account
) -> None:
    scene.monitor.attend(Attention("bmr_nowhere", ("bmr_nowhere",)))
    await scene.poll(3)
    assert account.asked_for("bmr_nowhere") == []


async def test_a_gone_run_that_was_never_read_is_not_asked_for_when_it_is_turned_to(
    scene: AccountScene, account: Account
) -> None:
    account.start_run("bmr_1")
    account.start_run("bmr_2")
    await scene.poll()
    del account.runs["bmr_1"]
    await scene.monitor._runs.look_up("bmr_1")
    scene.monitor.attend(Attention("bmr_1", ("bmr_1",)))
    mark = len(account.asked)
    await scene.poll(6)
    assert not any(of_run("bmr_1") in line for line in scene.asked_since(mark))


# Totals


async def test_the_total_is_asked_once_for_each_benchmark(
    scene: AccountScene, account: Account
) -> None:
    account.benchmarks = {"bmd_1": ["scn_1", "scn_2", "scn_3"]}
    for number in range(3):
        account.start_run(f"bmr_{number}", benchmark_id="bmd_1")
    account.start_run("bmr_cold", "completed", benchmark_id="bmd_1")
    scene.monitor.attend(Attention("bmr_0", tuple(account.runs)))
    await scene.poll(10)
    assert len(account.asked_for("/v1/benchmarks/bmd_1$")) == 1
    assert {record.total for record in scene.monitor.snapshot.records} == {3}


async def test_a_run_without_a_benchmark_has_no_total_and_none_is_asked_for(
    scene: AccountScene, account: Account
) -> None:
    account.start_run()
    scene.monitor.attend(Attention("bmr_1", ("bmr_1",)))
    await scene.poll(3)
    assert scene.record().total is None
    assert account.asked_for("/v1/benchmarks/") == []


async def test_a_benchmark_that_is_not_to_be_had_leaves_the_total_unknown_and_is_no_trouble(
    scene: AccountScene, account: Account
) -> None:
    account.start_run(benchmark_id="bmd_not_mine")
    scene.monitor.attend(Attention("bmr_1", ("bmr_1",)))
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


# A run that is asked for by its id


async def test_a_run_that_is_not_in_the_list_is_found_by_its_id(
    scene: AccountScene, account: Account
) -> None:
    account.start_run("bmr_very_old", "completed")
    for number in range(100):
        account.start_run(f"bmr_{number}", "completed")
    await scene.poll()
    assert "bmr_very_old" not in run_states(scene)
    await scene.monitor.find_run("bmr_very_old")
    assert run_states(scene)["bmr_very_old"] == "completed"
    mark = len(account.asked)
    await scene.monitor.find_run("bmr_very_old")
    assert scene.asked_since(mark) == []


async def test_a_live_run_that_was_found_by_its_id_is_followed(
    scene: AccountScene, account: Account
) -> None:
    account.start_run("bmr_1")
    account.start_scenario_runs("scr_1")
    await scene.monitor.find_run("bmr_1")
    scene.monitor.attend(Attention("bmr_1"))
    await scene.poll(2)
    account.score("scr_1", 1.0)
    await scene.poll()
    assert [each.state for each in scene.record().scenario_runs or ()] == ["completed"]


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
    scene.monitor.attend(Attention("bmr_1"))
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
    scene.monitor.attend(Attention("bmr_1", ("bmr_1",)))
    await scene.poll(2)
    handed_out = len(scene.snapshots)
    await scene.poll(10)
    assert len(scene.snapshots) == handed_out
