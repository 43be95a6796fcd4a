"""Failed reads: the data stays, the health says why, and polling recovers by itself."""

from collections.abc import Callable

import httpx
import pytest

from runloop_tui.api.errors import (
    BadRequest,
    BrokenOff,
    Forbidden,
    NoAnswer,
    NoConnection,
    NotAuthorised,
    NotFound,
    NotOffered,
    NotUnderstood,
    RateLimited,
    RunloopError,
    ServerError,
)
from runloop_tui.monitor.schedule import Viewport
from tests.api.scripted import answer
from tests.monitor.account import Account, Answer
from tests.monitor.scene import AccountScene

RUNNING_LIST = r"benchmark_runs\?state=running"
ANY_LIST = r"/v1/benchmark_runs\?"
OF_RUN_1 = "/benchmark_runs/bmr_1/scenario_runs"

BadAnswer = Callable[[], Answer]

BAD_ANSWERS: list[tuple[BadAnswer, type[RunloopError], float]] = [
    (lambda: answer(401), NotAuthorised, 60.0),
    (lambda: answer(403), Forbidden, 60.0),
    (lambda: answer(404), NotOffered, 60.0),
    (lambda: answer(410), NotOffered, 60.0),
    (lambda: answer(400), BadRequest, 5.0),
    (lambda: answer(429), RateLimited, 5.0),
    (lambda: answer(429, retry_after="90"), RateLimited, 90.0),
    (lambda: answer(500), ServerError, 5.0),
    (lambda: answer(503, retry_after="30"), ServerError, 30.0),
    (lambda: answer(200, b"<html>hello</html>"), NotUnderstood, 5.0),
    (lambda: httpx.ReadTimeout("slow"), NoAnswer, 5.0),
    (lambda: httpx.ConnectError("refused"), NoConnection, 5.0),
    (lambda: httpx.ReadError("reset"), BrokenOff, 5.0),
]
NAMES = [f"{number} {kind.__name__}" for number, (_, kind, _) in enumerate(BAD_ANSWERS)]


async def live(scene: AccountScene, *run_ids: str) -> None:
    """Live runs that were all read, the first of them watched."""
    for run_id in run_ids:
        scene.account.start_run(run_id)
        scene.account.start_scenario_runs(f"scr_of_{run_id}", run_id=run_id)
    scene.poller.show(Viewport(run_ids[0], run_ids))
    await scene.poll(2)
    assert scene.health.failure is None


async def until_due(scene: AccountScene, run_id: str) -> None:
    """Poll until the scenario runs of a run that is not watched are due at the next poll."""
    mark = len(scene.account.requests)
    while not any(f"/{run_id}/scenario_runs" in line for line in scene.requests_since(mark)):
        await scene.poll()
    await scene.poll(5)


def failure(scene: AccountScene) -> tuple[str, type[RunloopError]] | None:
    found = scene.health.failure
    return (found.what, type(found.error)) if found else None


def passed(scene: AccountScene, run_id: str) -> int:
    counts = scene.record(run_id).tally
    assert counts is not None
    return counts.passed


# The list of runs


@pytest.mark.parametrize(("bad_answer", "kind", "rest_s"), BAD_ANSWERS, ids=NAMES)
async def test_a_list_that_cannot_be_read_keeps_the_data_says_why_and_backs_off(
    scene: AccountScene,
    account: Account,
    bad_answer: BadAnswer,
    kind: type[RunloopError],
    rest_s: float,
) -> None:
    await live(scene, "bmr_1")
    before, fresh_ms = scene.store.snapshot, scene.health.fresh_ms
    account.fail("benchmark_runs", bad_answer)
    assert await scene.poll() == pytest.approx(rest_s, rel=0.06)
    assert scene.store.snapshot is before
    assert failure(scene) == ("the list of runs", kind)
    assert scene.health.fresh_ms == fresh_ms


@pytest.mark.parametrize(("bad_answer", "kind", "rest_s"), BAD_ANSWERS, ids=NAMES)
async def test_it_recovers_by_itself_at_the_next_poll_that_goes_well(
    scene: AccountScene,
    account: Account,
    bad_answer: BadAnswer,
    kind: type[RunloopError],
    rest_s: float,
) -> None:
    await live(scene, "bmr_1")
    account.fail("benchmark_runs", bad_answer)
    await scene.poll(3)
    account.mend("benchmark_runs")
    account.score("scr_of_bmr_1", 1.0)
    now = scene.clock()
    assert await scene.poll() == 5.0
    assert (scene.health.failure, scene.health.fresh_ms) == (None, now)
    assert passed(scene, "bmr_1") == 1


@pytest.mark.parametrize(("bad_answer", "kind", "rest_s"), BAD_ANSWERS, ids=NAMES)
async def test_before_the_first_answer_an_error_is_not_an_empty_account(
    scene: AccountScene,
    account: Account,
    bad_answer: BadAnswer,
    kind: type[RunloopError],
    rest_s: float,
) -> None:
    account.fail("benchmark_runs", bad_answer)
    await scene.poll()
    assert not scene.store.snapshot.loaded
    assert (scene.health.fresh_ms, failure(scene)) == (None, ("the list of runs", kind))


async def test_the_rests_grow_while_it_lasts_and_are_short_again_afterwards(
    scene: AccountScene, account: Account
) -> None:
    await live(scene, "bmr_1")
    account.fail(ANY_LIST, lambda: httpx.ConnectError("refused"))
    rests = [await scene.poll() for _ in range(6)]
    assert rests == pytest.approx([5.25, 10.5, 21.0, 42.0, 63.0, 63.0])
    account.mend(ANY_LIST)
    assert await scene.poll() == 5.0
    account.fail(ANY_LIST, lambda: httpx.ConnectError("refused"))
    assert await scene.poll() == pytest.approx(5.25)


async def test_nothing_else_is_fetched_while_the_list_cannot_be_read(
    scene: AccountScene, account: Account
) -> None:
    await live(scene, "bmr_1", "bmr_2")
    account.fail(RUNNING_LIST, lambda: answer(401))
    assert set(await scene.requests_in_a_poll()) == {
        "GET /v1/benchmark_runs?state=running&limit=100&include_total_count=false"
    }


@pytest.mark.parametrize("retry_after", ["3", "90"])
async def test_retry_after_is_reported_at_once_and_sets_the_interval(
    scene: AccountScene, account: Account, retry_after: str
) -> None:
    await live(scene, "bmr_1")
    account.fail(RUNNING_LIST, lambda: answer(429, retry_after=retry_after))
    mark = len(account.requests)
    rest_s = await scene.poll()
    assert scene.slept == []
    assert len(scene.requests_since(mark)) == 1
    assert failure(scene) == ("the list of runs", RateLimited)
    assert float(retry_after) <= rest_s <= max(float(retry_after), 5.0) * 1.1


# One run alone


@pytest.mark.parametrize(
    ("bad_answer", "kind"),
    [
        (lambda: answer(400), BadRequest),
        (lambda: answer(403), Forbidden),
        (lambda: answer(404), NotFound),
        (lambda: answer(500), ServerError),
        (lambda: answer(200, b"<html>"), NotUnderstood),
        (lambda: answer(200, {"runs": "?"}), NotUnderstood),
    ],
)
async def test_one_run_that_fails_neither_stops_nor_slows_the_others(
    scene: AccountScene, account: Account, bad_answer: BadAnswer, kind: type[RunloopError]
) -> None:
    await live(scene, "bmr_1", "bmr_2")
    account.fail(OF_RUN_1, bad_answer)
    account.score("scr_of_bmr_2", 1.0)
    rests = [await scene.poll() for _ in range(7)]
    assert rests == [5.0] * 7
    assert passed(scene, "bmr_2") == 1
    assert scene.record("bmr_1").scenario_runs is not None
    assert failure(scene) == ("the scenario runs of a run", kind)


async def test_one_run_that_fails_is_tried_at_every_second_poll_and_stays_an_error_throughout(
    scene: AccountScene, account: Account
) -> None:
    await live(scene, "bmr_1")
    fresh_ms = scene.health.fresh_ms
    account.fail(OF_RUN_1, lambda: answer(400))
    tried = []
    for number in range(12):
        mark = len(account.requests)
        await scene.poll()
        if any(OF_RUN_1 in line for line in scene.requests_since(mark)):
            tried.append(number)
        assert failure(scene) == ("the scenario runs of a run", BadRequest)
        assert scene.health.fresh_ms == fresh_ms
    assert tried == [0, 1, 3, 5, 7, 9, 11]


async def test_the_error_of_one_run_says_at_which_poll_it_is_tried_again(
    scene: AccountScene, account: Account
) -> None:
    await live(scene, "bmr_1")
    account.fail(OF_RUN_1, lambda: answer(400))
    reported = []
    for _ in range(8):
        await scene.poll()
        assert scene.health.failure is not None
        reported.append(scene.health.failure.polls)
    assert reported == [1, 2, 1, 2, 1, 2, 1, 2]


async def test_one_run_that_failed_recovers_and_everything_is_fresh_again(
    scene: AccountScene, account: Account
) -> None:
    await live(scene, "bmr_1")
    account.fail(OF_RUN_1, lambda: answer(500))
    await scene.poll(2)
    account.mend(OF_RUN_1)
    account.score("scr_of_bmr_1", 1.0)
    await scene.poll(2)
    assert passed(scene, "bmr_1") == 1
    assert scene.health.failure is None


async def test_a_manual_refresh_reads_what_was_backed_off(
    scene: AccountScene, account: Account
) -> None:
    await live(scene, "bmr_1")
    account.fail(OF_RUN_1, lambda: answer(400))
    await scene.poll(8)
    account.mend(OF_RUN_1)
    scene.poller.refresh()
    await scene.poller.poll()
    assert scene.health.failure is None


@pytest.mark.parametrize(
    ("bad_answer", "rest_s"),
    [
        (lambda: answer(401), 60.0),
        (lambda: answer(429, retry_after="120"), 120.0),
        (lambda: answer(503, retry_after="120"), 120.0),
        (lambda: httpx.ConnectError("refused"), 5.0),
        (lambda: httpx.ReadTimeout("slow"), 5.0),
    ],
    ids=["key revoked", "rate limited", "overloaded", "no connection", "too slow"],
)
async def test_what_concerns_all_stops_the_poll_at_once(
    scene: AccountScene, account: Account, bad_answer: BadAnswer, rest_s: float
) -> None:
    await live(scene, "bmr_1", "bmr_2")
    await until_due(scene, "bmr_2")
    account.fail(OF_RUN_1, bad_answer)
    mark = len(account.requests)
    assert await scene.poll() == pytest.approx(rest_s, rel=0.06)
    assert not any("/bmr_2/scenario_runs" in line for line in scene.requests_since(mark))


async def test_an_error_of_all_requests_is_shown_before_an_error_of_one_run(
    scene: AccountScene, account: Account
) -> None:
    await live(scene, "bmr_1", "bmr_2")
    await until_due(scene, "bmr_2")
    account.fail("/benchmark_runs/bmr_2/scenario_runs", lambda: answer(401))
    account.fail(OF_RUN_1, lambda: answer(400))
    await scene.poll()
    assert failure(scene) == ("the scenario runs of a run", NotAuthorised)


async def test_a_run_that_is_always_too_slow_does_not_delay_the_others(
    scene: AccountScene, account: Account
) -> None:
    await live(scene, "bmr_1", "bmr_2")
    account.fail(OF_RUN_1, lambda: httpx.ReadTimeout("slow"))
    account.score("scr_of_bmr_2", 1.0)
    await scene.poll(12)
    assert passed(scene, "bmr_2") == 1


async def test_a_run_that_left_the_list_and_cannot_be_looked_up_costs_the_others_nothing(
    scene: AccountScene, account: Account
) -> None:
    await live(scene, "bmr_1", "bmr_2")
    account.move("bmr_1", "completed")
    account.fail(r"benchmark_runs/bmr_1$", lambda: answer(500))
    account.score("scr_of_bmr_2", 1.0)
    scene.poller.show(Viewport("bmr_2"))
    await scene.poll(3)
    assert passed(scene, "bmr_2") == 1
    assert scene.record("bmr_1").run.state == "running"
    assert failure(scene) == ("a run", ServerError)
    account.mend(r"benchmark_runs/bmr_1$")
    await scene.poll(12)
    assert (scene.record("bmr_1").run.state, scene.health.failure) == ("completed", None)


async def test_a_terminal_run_that_cannot_be_read_to_its_end_is_tried_again(
    scene: AccountScene, account: Account
) -> None:
    await live(scene, "bmr_1")
    account.move("bmr_1", "completed")
    account.score("scr_of_bmr_1", 1.0)
    account.fail(OF_RUN_1, lambda: answer(500))
    await scene.poll(3)
    assert failure(scene) == ("the scenario runs of a run", ServerError)
    account.mend(OF_RUN_1)
    await scene.poll(4)
    assert passed(scene, "bmr_1") == 1
    assert scene.health.failure is None


async def test_a_terminal_run_whose_scenario_runs_are_not_found_is_fetched_ever_more_rarely(
    scene: AccountScene, account: Account
) -> None:
    await live(scene, "bmr_1", "bmr_2")
    scene.poller.show(Viewport("bmr_2", ("bmr_1", "bmr_2")))
    account.move("bmr_1", "completed")
    account.fail(OF_RUN_1, lambda: answer(404))
    await scene.poll()
    assert failure(scene) == ("the scenario runs of a run", NotFound)
    mark = len(account.requests)
    await scene.poll(27)
    assert sum(OF_RUN_1 in line for line in scene.requests_since(mark)) == 5
    account.mend(OF_RUN_1)
    await scene.poll(12)
    assert scene.health.failure is None


async def test_a_benchmark_that_fails_does_not_keep_the_scenario_runs_from_being_read(
    scene: AccountScene, account: Account
) -> None:
    account.start_run(benchmark_id="bmd_1")
    account.start_scenario_runs("scr_1")
    account.benchmarks = {"bmd_1": ["scn_1"]}
    account.fail("/v1/benchmarks/", lambda: answer(500))
    scene.poller.show(Viewport("bmr_1", ("bmr_1",)))
    await scene.poll()
    assert scene.record().tally is not None
    assert failure(scene) == ("a benchmark", ServerError)
    account.mend("/v1/benchmarks/")
    await scene.poll(2)
    assert (scene.record().total, scene.health.failure) == (1, None)


async def test_the_benchmark_of_a_visible_terminal_run_is_fetched_again_where_it_failed(
    scene: AccountScene, account: Account
) -> None:
    account.start_run(state="completed", benchmark_id="bmd_1")
    account.benchmarks = {"bmd_1": ["scn_1"]}
    account.fail("/v1/benchmarks/", lambda: answer(500))
    scene.poller.show(Viewport(None, ("bmr_1",)))
    await scene.poll()
    account.mend("/v1/benchmarks/")
    await scene.poll(2)
    assert scene.record().total == 1
    assert len(account.requests_for("/scenario_runs")) == 1


async def test_a_watched_terminal_run_that_cannot_be_read_is_an_error_as_long_as_it_is_watched(
    scene: AccountScene, account: Account
) -> None:
    account.start_run(state="completed")
    account.fail(OF_RUN_1, lambda: answer(403))
    scene.poller.show(Viewport("bmr_1", ("bmr_1",)))
    await scene.poll(6)
    assert failure(scene) == ("the scenario runs of a run", Forbidden)
    assert len(account.requests_for(OF_RUN_1)) == 3
    scene.poller.show(Viewport(None, ()))
    await scene.poll(1)
    assert scene.health.failure is None


async def test_older_runs_that_could_not_be_read_are_read_later(
    scene: AccountScene, account: Account
) -> None:
    for number in range(150):
        account.start_run(f"bmr_{number}", "completed")
    await scene.poll()
    account.fail("starting_after", lambda: answer(500))
    scene.poller.want_older()
    await scene.rest()
    assert failure(scene) == ("older runs", ServerError)
    assert len(scene.store.snapshot.records) == 100
    account.mend("starting_after")
    await scene.poll()
    assert len(scene.store.snapshot.records) == 150
    assert scene.health.failure is None
