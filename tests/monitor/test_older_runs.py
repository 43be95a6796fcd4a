"""Older runs, page by page."""

from tests.api.scripted import ok
from tests.monitor.account import Account
from tests.monitor.scene import AccountScene


async def test_older_runs_are_read_page_by_page_as_they_are_wanted(
    scene: AccountScene, account: Account
) -> None:
    for number in range(250):
        account.start_run(f"bmr_{number}", "completed")
    await scene.poll()
    snapshot = scene.store.snapshot
    assert (len(snapshot.records), snapshot.runs_in_all, snapshot.more_runs) == (100, 250, True)
    for expected, more in ((200, True), (250, False)):
        scene.monitor.want_older()
        scene.monitor.want_older()
        await scene.rest()
        snapshot = scene.store.snapshot
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
    scene.monitor.want_older()
    await scene.rest()
    assert not scene.store.snapshot.more_runs
