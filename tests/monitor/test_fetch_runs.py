"""The list of runs: what is requested, what is noticed, and older runs page by page."""

import re

from runloop_tui.monitor.schedule import Viewport
from tests.api.scripted import ok
from tests.monitor.account import Account
from tests.monitor.scene import AccountScene

FIRST_PAGE = "GET /v1/benchmark_runs?limit=100&include_total_count=true"
JOBS = "GET /v1/benchmark_jobs?limit=20&include_total_count=true"
HEAD_OF_JOBS = "GET /v1/benchmark_jobs?limit=3&include_total_count=true"
HEAD = "GET /v1/benchmark_runs?limit=20&include_total_count=true"
RUNNING = "GET /v1/benchmark_runs?state=running&limit=100&include_total_count=false"


def of_run(run_id: str) -> str:
    return f"/v1/benchmark_runs/{run_id}/scenario_runs"


def run_states(scene: AccountScene) -> dict[str, str]:
    return {record.id: record.run.state for record in scene.store.snapshot.records}


# The list of runs


async def test_an_empty_account_is_known_to_be_empty(scene: AccountScene, account: Account) -> None:
    assert not scene.store.snapshot.loaded
    await scene.poll()
    assert (scene.store.snapshot.loaded, scene.store.snapshot.records) == (True, ())
    assert (scene.store.snapshot.runs_in_all, scene.store.snapshot.more_runs) == (0, False)
    assert account.requests == [FIRST_PAGE, JOBS]
    assert await scene.requests_in_a_poll() == [RUNNING]


async def test_the_list_is_published_before_anything_else_is_fetched(
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


async def test_a_run_that_became_terminal_is_noticed_by_a_look_up_and_read_to_its_end(
    scene: AccountScene, account: Account
) -> None:
    account.start_run()
    account.start_scenario_runs("scr_1")
    await scene.poll()
    account.move("bmr_1", "completed", score=0.5)
    account.score("scr_1", 0.5)
    sent = await scene.requests_in_a_poll()
    assert "GET /v1/benchmark_runs/bmr_1" in sent
    assert scene.record().run.score == 0.5
    counts = scene.record().tally
    assert counts is not None
    assert (counts.partial, counts.running) == (1, 0)


async def test_a_terminal_run_is_never_fetched_again(scene: AccountScene, account: Account) -> None:
    account.start_run()
    account.start_scenario_runs("scr_1")
    scene.poller.show(Viewport("bmr_1", ("bmr_1",)))
    await scene.poll()
    account.move("bmr_1", "completed")
    account.score("scr_1", 1.0)
    await scene.poll(2)
    mark = len(account.requests)
    await scene.poll(30)
    assert set(scene.requests_since(mark)) == {RUNNING, HEAD, HEAD_OF_JOBS}


async def test_a_terminal_run_is_read_until_its_scenario_runs_are_terminal(
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
    mark = len(account.requests)
    await scene.poll(3)
    assert not any(of_run("bmr_1") in line for line in scene.requests_since(mark))


async def test_a_terminal_run_is_read_until_its_scored_scenario_runs_are_completed(
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


async def test_a_terminal_run_with_a_scenario_run_that_is_never_terminal_is_let_go(
    scene: AccountScene, account: Account
) -> None:
    account.start_run()
    account.start_scenario_runs("scr_1")
    await scene.poll()
    account.move("bmr_1", "failed")
    mark = len(account.requests)
    await scene.poll(20)
    assert sum(of_run("bmr_1") in line for line in scene.requests_since(mark)) == 3


async def test_a_run_that_came_and_went_is_found_at_the_next_reading_of_the_newest(
    scene: AccountScene, account: Account
) -> None:
    account.start_run("bmr_old", "completed")
    await scene.poll()
    account.start_run("bmr_short", "failed")
    await scene.poll(5)
    assert "bmr_short" not in run_states(scene)
    assert HEAD in await scene.requests_in_a_poll()
    assert run_states(scene)["bmr_short"] == "failed"
    assert scene.store.snapshot.runs_in_all == 2


async def test_many_that_came_and_went_are_all_found_whatever_runs_among_them(
    scene: AccountScene, account: Account
) -> None:
    account.start_run("bmr_old", "completed")
    await scene.poll()
    for number in range(50):
        account.start_run(f"bmr_{number}", "running" if number in {45, 49} else "completed")
    await scene.poll(6)
    assert len(run_states(scene)) == 51


async def test_a_run_that_is_not_found_any_more_is_marked_gone_and_not_fetched_again(
    scene: AccountScene, account: Account
) -> None:
    account.start_run()
    account.start_scenario_runs("scr_1")
    scene.poller.show(Viewport("bmr_1", ("bmr_1",)))
    await scene.poll()
    del account.runs["bmr_1"]
    del account.scenario_runs["bmr_1"]
    await scene.poll()
    assert scene.record().gone
    assert scene.record().scenario_runs is not None
    assert scene.health.failure is None
    mark = len(account.requests)
    await scene.poll(20)
    assert set(scene.requests_since(mark)) == {RUNNING, HEAD, HEAD_OF_JOBS}
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
    mark = len(account.requests)
    await scene.poll()
    assert run_states(scene)["bmr_live"] == "completed"
    lists = [line for line in scene.requests_since(mark) if "benchmark_runs?" in line]
    assert lists == [RUNNING]


async def test_live_runs_that_the_list_leaves_out_are_looked_up_eight_at_a_time_in_rotation(
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


async def test_live_runs_that_the_list_always_leaves_out_are_each_looked_up_in_rotation(
    scene: AccountScene, account: Account
) -> None:
    for number in range(20):
        account.start_run(f"bmr_{number}")
    await scene.poll()
    account.fail(r"state=running&limit=100", lambda: ok({"runs": [], "has_more": False}))
    mark = len(account.requests)
    await scene.poll(3)
    looks = [line for line in scene.requests_since(mark) if re.search(r"benchmark_runs/\w+$", line)]
    assert len(looks) == 24
    assert len(set(looks)) == 20


async def test_a_run_in_an_unknown_state_is_looked_up_until_it_is_terminal(
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


async def test_a_run_that_goes_on_after_an_unknown_state_is_read_again(
    scene: AccountScene, account: Account
) -> None:
    account.start_run()
    account.start_scenario_runs("scr_1")
    scene.poller.show(Viewport("bmr_1"))
    await scene.poll()
    account.move("bmr_1", "paused")
    await scene.poll(8)
    account.move("bmr_1", "running")
    account.score("scr_1", 1.0)
    await scene.poll()
    counts = scene.record().tally
    assert counts is not None
    assert counts.passed == 1


# A run that is fetched by its id


async def test_a_run_that_is_not_in_the_list_is_found_by_its_id(
    scene: AccountScene, account: Account
) -> None:
    account.start_run("bmr_very_old", "completed")
    for number in range(100):
        account.start_run(f"bmr_{number}", "completed")
    await scene.poll()
    assert "bmr_very_old" not in run_states(scene)
    await scene.poller.find_run("bmr_very_old")
    assert run_states(scene)["bmr_very_old"] == "completed"
    mark = len(account.requests)
    await scene.poller.find_run("bmr_very_old")
    assert scene.requests_since(mark) == []


async def test_the_scenario_runs_of_a_live_run_that_was_found_by_its_id_are_read(
    scene: AccountScene, account: Account
) -> None:
    account.start_run("bmr_1")
    account.start_scenario_runs("scr_1")
    await scene.poller.find_run("bmr_1")
    scene.poller.show(Viewport("bmr_1"))
    await scene.poll(2)
    account.score("scr_1", 1.0)
    await scene.poll()
    assert [each.state for each in scene.record().scenario_runs or ()] == ["completed"]


# Older runs


async def test_older_runs_are_read_page_by_page_as_they_are_wanted(
    scene: AccountScene, account: Account
) -> None:
    for number in range(250):
        account.start_run(f"bmr_{number}", "completed")
    await scene.poll()
    snapshot = scene.store.snapshot
    assert (len(snapshot.records), snapshot.runs_in_all, snapshot.more_runs) == (100, 250, True)
    for expected, more in ((200, True), (250, False)):
        scene.poller.want_older()
        scene.poller.want_older()
        await scene.rest()
        snapshot = scene.store.snapshot
        assert (len(snapshot.records), snapshot.more_runs) == (expected, more)
    mark = len(account.requests)
    scene.poller.want_older()
    await scene.rest()
    assert scene.requests_since(mark) == []


async def test_new_runs_do_not_move_the_place_from_which_older_ones_are_read(
    scene: AccountScene, account: Account
) -> None:
    for number in range(150):
        account.start_run(f"bmr_{number}", "completed")
    await scene.poll()
    for number in range(30):
        account.start_run(f"bmr_new_{number}", "completed")
    await scene.poll(6)
    scene.poller.want_older()
    await scene.rest()
    assert len(scene.store.snapshot.records) == 180
    assert not scene.store.snapshot.more_runs


async def test_a_server_that_promises_more_and_repeats_itself_is_not_believed(
    scene: AccountScene, account: Account
) -> None:
    for number in range(101):
        account.start_run(f"bmr_{number}", "completed")
    await scene.poll()
    last = list(account.runs)[99]
    page = {"runs": [account.runs[last]], "has_more": True, "total_count": None}
    account.fail("starting_after", lambda: ok(page))
    scene.poller.want_older()
    await scene.rest()
    assert not scene.store.snapshot.more_runs
