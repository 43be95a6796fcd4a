"""The logs of slow scenario runs: which are read at a poll, how many, and what an error about one does."""

import asyncio
from collections.abc import Callable

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from runloop_tui.monitor import fetch_log_activity
from runloop_tui.monitor.back_off import PollInterval
from runloop_tui.monitor.fetch_devbox_logs import DevboxLogFetcher
from runloop_tui.monitor.schedule import Viewport
from runloop_tui.monitor.snapshot import LogActivity
from runloop_tui.monitor.store import Store
from tests.api.scripted import NOW_MS, answer, ok
from tests.monitor.account import Account, Answer
from tests.monitor.making import MINUTE_MS, run, scenario_run
from tests.monitor.scene import AccountScene

LOGS = "/v1/devboxes/.*/logs"


def devbox(id_: str) -> str:
    return id_.replace("scr", "dbx")


def start(account: Account, *ids: str, run_id: str = "bmr_1") -> None:
    """Start a run whose scenario runs have run for 2 hours and last wrote 47 minutes ago."""
    account.start_run(run_id)
    account.start_scenario_runs(*ids, run_id=run_id)
    for id_ in ids:
        began = NOW_MS - 120 * MINUTE_MS
        account.move(id_, "running", devbox_id=devbox(id_), start_time_ms=began)
        for minutes in (100, 91, 47):
            account.log(devbox(id_), f"line of {id_}", at=NOW_MS - minutes * MINUTE_MS)


def suspect(scene: AccountScene, *ids: str) -> None:
    scene.poller.show(Viewport("bmr_1", ("bmr_1",)))
    scene.poller.suspect(ids)


def looks(scene: AccountScene, since: int = 0) -> list[str]:
    """Whose logs were requested, in order."""
    lines = (line.split("/") for line in scene.account.requests[since:] if "/devboxes/" in line)
    return [parts[-2].replace("dbx", "scr") for parts in lines]


async def looks_in(scene: AccountScene, polls: int) -> list[list[str]]:
    """Whose logs were requested at each of the next polls."""
    each = []
    for _ in range(polls):
        mark = len(scene.account.requests)
        await scene.poll()
        each.append(looks(scene, mark))
    return each


def known(scene: AccountScene) -> dict[str, LogActivity]:
    return dict(scene.store.snapshot.log_activity)


# What is learned


async def test_the_silence_of_a_suspect_is_read_from_its_devbox_log(
    scene: AccountScene, account: Account
) -> None:
    start(account, "scr_1", "scr_2")
    suspect(scene, "scr_1")
    await scene.poll()
    assert known(scene).keys() == {"scr_1"}
    found = known(scene)["scr_1"]
    assert found.silence_ms == 47 * MINUTE_MS
    assert found.longest_gap_ms == 44 * MINUTE_MS
    assert found.last_line == "line of scr_1"
    assert scene.store.snapshot.log_gaps == {}, "its log is not written to"


async def test_the_longest_silence_of_a_log_that_is_written_to_is_kept_for_its_run(
    scene: AccountScene, account: Account
) -> None:
    start(account, "scr_1", "scr_2")
    account.log("dbx_2", "works", at=NOW_MS)
    suspect(scene, "scr_1", "scr_2")
    await scene.poll()
    assert scene.store.snapshot.log_gaps == {"bmr_1": 47 * MINUTE_MS}
    account.score("scr_2", 1.0)
    await scene.poll()
    assert known(scene).keys() == {"scr_1"}
    assert scene.store.snapshot.log_gaps == {"bmr_1": 47 * MINUTE_MS}


async def test_a_line_that_is_written_ends_the_silence(
    scene: AccountScene, account: Account
) -> None:
    start(account, "scr_1")
    suspect(scene, "scr_1")
    await scene.poll()
    account.log("dbx_1", "goes on", at=NOW_MS + 30_000)
    await scene.poll(12)
    found = known(scene)["scr_1"]
    assert (found.last_ms, found.last_line) == (NOW_MS + 30_000, "goes on")


async def test_nothing_of_a_log_is_held_but_its_activity(
    scene: AccountScene, account: Account
) -> None:
    start(account, "scr_1")
    for second in range(5_000):
        account.log("dbx_1", "x" * 400, at=NOW_MS - 6_000_000 + second * 1_000)
    suspect(scene, "scr_1")
    await scene.poll()
    found = known(scene)["scr_1"]
    assert found.last_line == "x" * 200
    assert found.silence_ms == 1_001_000


# Which are read, and when


async def test_without_suspects_no_log_is_read(scene: AccountScene, account: Account) -> None:
    start(account, "scr_1", "scr_2")
    suspect(scene)
    await scene.poll(13)
    assert looks(scene) == []


async def test_a_new_suspect_is_read_in_the_rest_between_two_polls(
    scene: AccountScene, account: Account
) -> None:
    start(account, "scr_1")
    suspect(scene)
    await scene.poll()
    suspect(scene, "scr_1")
    await scene.rest()
    assert looks(scene) == ["scr_1"]
    assert known(scene).keys() == {"scr_1"}


async def test_at_most_two_logs_are_read_in_a_poll_and_the_rest_after_it(
    scene: AccountScene, account: Account
) -> None:
    ids = [f"scr_{number}" for number in range(1, 6)]
    start(account, *ids)
    suspect(scene, *ids)
    assert await looks_in(scene, 4) == [["scr_1", "scr_2"], ["scr_3", "scr_4"], ["scr_5"], []]


async def test_each_is_read_again_after_a_minute(scene: AccountScene, account: Account) -> None:
    start(account, "scr_1")
    suspect(scene, "scr_1")
    assert await looks_in(scene, 14) == [["scr_1"], *[[]] * 11, ["scr_1"], []]


async def test_where_the_interval_is_a_minute_or_more_each_is_read_at_every_poll() -> None:
    scene = AccountScene(interval_s=90.0)
    start(scene.account, "scr_1")
    suspect(scene, "scr_1")
    assert await looks_in(scene, 3) == [["scr_1"]] * 3


async def test_more_suspects_than_a_minute_has_room_for_take_turns(
    scene: AccountScene, account: Account
) -> None:
    ids = [f"scr_{number:02}" for number in range(30)]
    start(account, *ids)
    suspect(scene, *ids)
    twice = [id_ for each in await looks_in(scene, 30) for id_ in each]
    assert twice == [*ids, *ids]


async def test_what_is_done_or_has_no_devbox_is_not_read(
    scene: AccountScene, account: Account
) -> None:
    start(account, "scr_done", "scr_scored", "scr_without", "scr_1")
    account.score("scr_done", 0.0)
    account.move("scr_scored", "scored", scoring_contract_result={"score": 1.0})
    account.move("scr_without", "running", devbox_id=None)
    suspect(scene, "scr_done", "scr_scored", "scr_without", "scr_unknown", "scr_1", "scr_1")
    await scene.poll(13)
    assert looks(scene) == ["scr_1", "scr_1"]


async def test_what_is_done_is_not_read_again_and_dropped(
    scene: AccountScene, account: Account
) -> None:
    start(account, "scr_1", "scr_2")
    suspect(scene, "scr_1", "scr_2")
    await scene.poll()
    account.score("scr_1", 1.0)
    await scene.poll(13)
    assert looks(scene) == ["scr_1", "scr_2", "scr_2"]
    assert known(scene).keys() == {"scr_2"}


async def test_nothing_is_kept_of_a_run_that_has_ended(
    scene: AccountScene, account: Account
) -> None:
    start(account, "scr_1")
    account.log("dbx_1", "works", at=NOW_MS)
    suspect(scene, "scr_1")
    await scene.poll()
    assert scene.store.snapshot.log_gaps
    account.score("scr_1", 1.0)
    account.move("bmr_1", "completed")
    await scene.poll(2)
    assert (known(scene), dict(scene.store.snapshot.log_gaps)) == ({}, {})


def follow(scene: AccountScene, devbox_id: str) -> DevboxLogFetcher:
    """Let the poller read a log that is on the screen, once an hour."""
    log = DevboxLogFetcher(
        devbox_id,
        scene.client.get_devbox_logs,
        PollInterval(3_600),
        now=scene.clock,
        jitter=lambda: 0.5,
    )
    scene.poller.follow_log(log)
    return log


async def test_a_log_that_is_followed_on_the_screen_is_not_requested_a_second_time(
    scene: AccountScene, account: Account
) -> None:
    start(account, "scr_1", "scr_2", "scr_3")
    follow(scene, "dbx_1")
    suspect(scene, "scr_1", "scr_2", "scr_3")
    assert await looks_in(scene, 1) == [["scr_1", "scr_2", "scr_3"]], "the first by the screen"
    assert known(scene)["scr_1"].silence_ms == 47 * MINUTE_MS


async def test_the_silence_in_a_followed_log_lasts_until_it_was_read(
    scene: AccountScene, account: Account
) -> None:
    start(account, "scr_1")
    follow(scene, "dbx_1")
    suspect(scene, "scr_1")
    await scene.poll(13)
    assert looks(scene) == ["scr_1"]
    assert known(scene)["scr_1"].silence_ms == 47 * MINUTE_MS


async def test_a_followed_log_that_cannot_be_read_any_more_is_requested_like_others(
    scene: AccountScene, account: Account
) -> None:
    start(account, "scr_1")
    log = follow(scene, "dbx_1")
    suspect(scene, "scr_1")
    await scene.poll()
    account.fail(LOGS, lambda: answer(404))
    log.retry_now()
    await scene.poll(11)
    account.mend(LOGS)
    await scene.poll()
    assert looks(scene) == ["scr_1"] * 3
    assert known(scene)["scr_1"].silence_ms == 48 * MINUTE_MS


# Snapshots


async def test_a_snapshot_is_published_only_when_a_log_was_read(
    scene: AccountScene, account: Account
) -> None:
    start(account, "scr_1")
    suspect(scene, "scr_1")
    await scene.poll(2)
    before, published = scene.store.snapshot, len(scene.snapshots)
    await scene.poll(5)
    assert scene.store.snapshot is before
    assert len(scene.snapshots) == published


# Errors


@pytest.mark.parametrize("status", [404, 403, 500])
async def test_a_log_that_cannot_be_read_is_tried_once_a_minute_and_leaves_all_else_fresh(
    scene: AccountScene, account: Account, status: int
) -> None:
    start(account, "scr_1", "scr_2")
    account.fail("/devboxes/dbx_1/", lambda: answer(status))
    suspect(scene, "scr_1", "scr_2")
    await scene.poll(12)
    tries = 2 if status == 500 else 1  # the client sends a read again after a 5xx
    assert looks(scene) == [*["scr_1"] * tries, "scr_2"]
    assert known(scene).keys() == {"scr_2"}
    assert {health.failure for health in scene.healths} == {None}
    assert {health.warnings for health in scene.healths} == {()}
    assert scene.health.fresh_ms == scene.clock() - 5_000


async def test_after_an_error_no_other_log_is_read_in_the_same_poll(
    scene: AccountScene, account: Account
) -> None:
    start(account, "scr_1", "scr_2")
    account.fail("/devboxes/dbx_1/", lambda: answer(404))
    suspect(scene, "scr_1", "scr_2")
    assert await looks_in(scene, 2) == [["scr_1"], ["scr_2"]]


async def test_an_error_keeps_what_was_known(scene: AccountScene, account: Account) -> None:
    start(account, "scr_1")
    suspect(scene, "scr_1")
    await scene.poll()
    before = known(scene)
    account.fail(LOGS, lambda: answer(404))
    await scene.poll(20)
    assert known(scene) == before, "its silence does not grow while it cannot be read"


@pytest.mark.parametrize(
    ("bad", "polls"),
    [
        (lambda: httpx.Response(429, headers={"Retry-After": "120"}), 25),
        (lambda: httpx.Response(410), 12),
        (lambda: httpx.Response(401), 12),
        (lambda: httpx.ConnectError("refused"), 12),
    ],
)
async def test_after_an_error_that_would_halt_all_only_logs_wait_for_as_long_as_the_server_wants(
    scene: AccountScene, account: Account, bad: Callable[[], Answer], polls: int
) -> None:
    start(account, "scr_1", "scr_2")
    account.fail(LOGS, bad)
    suspect(scene, "scr_1", "scr_2")
    await scene.poll()
    account.mend(LOGS)
    mark = len(account.requests)
    await scene.poll(polls - 1)
    assert looks(scene, mark) == []
    await scene.poll(1)
    assert looks(scene, mark) == ["scr_2", "scr_1"]
    assert {health.failure for health in scene.healths} == {None}


async def test_a_log_that_takes_too_long_is_given_up(
    scene: AccountScene, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetch_log_activity, "LONGEST_READ_S", 0.0)
    start(account, "scr_1")
    account.hold(LOGS)
    suspect(scene, "scr_1")
    await scene.poll()
    assert known(scene) == {}
    assert scene.health.failure is None
    monkeypatch.undo()
    await scene.poll(12)
    assert known(scene).keys() == {"scr_1"}


async def test_logs_that_take_long_to_arrive_take_up_a_tenth_of_the_time(
    scene: AccountScene, account: Account
) -> None:
    start(account, "scr_1", "scr_2")

    def slowly() -> httpx.Response:
        scene.clock.advance(ms=2_000)
        return ok({"logs": account.devbox_logs["dbx_1"]})

    account.fail(LOGS, slowly)
    suspect(scene, "scr_1", "scr_2")
    assert await looks_in(scene, 6) == [["scr_1"], [], [], [], ["scr_2"], []]


async def test_a_refresh_tries_a_log_again_that_could_not_be_read(
    scene: AccountScene, account: Account
) -> None:
    start(account, "scr_1", "scr_2")
    account.fail("/devboxes/dbx_1/", lambda: answer(404))
    suspect(scene, "scr_1", "scr_2")
    await scene.poll(2)
    account.mend("/devboxes/dbx_1/")
    mark = len(account.requests)
    scene.poller.refresh()
    await scene.poll()
    assert looks(scene, mark) == ["scr_1"]


async def test_an_error_of_our_own_is_reported_and_concerns_only_the_log(
    scene: AccountScene, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    start(account, "scr_1")
    monkeypatch.setattr(fetch_log_activity, "log_activity", lambda *_, **__: 1 / 0)
    suspect(scene, "scr_1")
    await scene.poll(2)
    assert [type(error) for error in scene.errors] == [ZeroDivisionError]
    assert scene.health.failure is None


@pytest.mark.parametrize(
    "logs",
    [
        None,
        [],
        [None, 7, "text", {}, {"timestamp_ms": "soon"}, {"timestamp_ms": -1}],
        [{"timestamp_ms": 10**30, "message": ["a"]}, {"timestamp_ms": 1.5, "source": 3}],
    ],
)
async def test_a_log_without_a_readable_moment_tells_nothing_and_warns_of_nothing(
    scene: AccountScene, account: Account, logs: object
) -> None:
    start(account, "scr_1")
    account.fail(LOGS, lambda: ok({"logs": logs}))
    suspect(scene, "scr_1")
    await scene.poll()
    assert known(scene)["scr_1"].silence_ms is None
    assert scene.health.warnings == ()
    assert scene.errors == []


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["timestamp_ms", "message", "source", "cmd", "exit_code"]), inner
        )
    ),
    max_leaves=8,
)


@given(logs=json_values)
def test_whatever_is_answered_ends_no_poll(logs: object) -> None:
    async def polled() -> AccountScene:
        scene = AccountScene()
        start(scene.account, "scr_1")
        scene.account.fail(LOGS, lambda: ok({"logs": logs}))
        suspect(scene, "scr_1")
        await scene.poll()
        return scene

    scene = asyncio.run(polled())
    assert scene.errors == []
    assert scene.health.failure is None
    assert all(
        each.longest_gap_ms is None or each.longest_gap_ms >= 0 for each in known(scene).values()
    )


# The store


@pytest.fixture
def store() -> Store:
    store = Store()
    store.learn_run(run(), store.stamp())
    stamp = store.begin_sweep("bmr_1")
    store.learn_scenario_runs("bmr_1", [scenario_run("scr_1")], stamp)
    store.end_sweep("bmr_1", {"scr_1"}, stamp)
    return store


def activity(last_ms: int) -> LogActivity:
    return LogActivity(last_ms, None, "", NOW_MS, last_ms)


def test_of_two_answers_on_a_log_the_one_sent_later_holds(store: Store) -> None:
    early, late = store.stamp(), store.stamp()
    store.learn_log_activity("scr_1", activity(20), late)
    store.learn_log_activity("scr_1", activity(30), early)
    assert store.snapshot_now().log_activity["scr_1"].last_ms == 20


def test_an_answer_that_arrives_after_the_end_is_dropped(store: Store) -> None:
    stamp = store.stamp()
    store.learn_scenario_runs("bmr_1", [scenario_run("scr_1", "completed")], store.stamp())
    store.learn_log_activity("scr_1", activity(20), stamp)
    assert store.snapshot_now().log_activity == {}


def test_an_answer_about_an_unknown_scenario_run_is_dropped(store: Store) -> None:
    store.learn_log_activity("scr_unknown", activity(20), store.stamp())
    assert store.snapshot_now().log_activity == {}


def test_two_snapshots_without_a_read_between_are_equal_and_share_what_is_known(
    store: Store,
) -> None:
    store.learn_log_activity("scr_1", activity(20), store.stamp())
    first, second = store.snapshot_now(), store.snapshot_now()
    assert first.log_activity is second.log_activity
    assert first == second
