"""How the scenario runs of a run are kept up to date, and what is requested for it."""

import pytest

from runloop_tui.api.errors import BadRequest, RateLimited
from runloop_tui.monitor.health import Warnings
from runloop_tui.monitor.scenario_run_reader import ScenarioRunReader
from runloop_tui.monitor.schedule import Schedule
from tests.api.scripted import answer
from tests.monitor.account import Account
from tests.monitor.scene import AccountScene

OF_RUN = "GET /v1/benchmark_runs/bmr_1/scenario_runs"
SWEEP = f"{OF_RUN}?limit=250&include_total_count=true"
COUNT = f"{OF_RUN}?limit=1&include_total_count=true"
RUNNING = f"{OF_RUN}?state=running&limit=250&include_total_count=false"
SCORING = f"{OF_RUN}?state=scoring&limit=250&include_total_count=false"
A_LOOK = sorted([COUNT, RUNNING])
"""At a run that is not watched, which is looked at so rarely that it is counted each time."""


class ReaderScene(AccountScene):
    """A scene in which one run's scenario runs are read without a poller."""

    def __init__(self) -> None:
        super().__init__()
        self.schedule = Schedule(self.store)
        warnings = Warnings(lambda: self.schedule.poll)
        self.reader = ScenarioRunReader(self.client, self.store, self.schedule, warnings)


@pytest.fixture(name="scene")
def _scene() -> ReaderScene:
    return ReaderScene()


def look_up(scenario_run_id: str) -> str:
    return f"GET /v1/scenarios/runs/{scenario_run_id}"


async def read(scene: ReaderScene, *, is_watched: bool = False) -> list[str]:
    """Read once; return the requests, sorted."""
    mark = len(scene.account.requests)
    scene.schedule.poll += 1
    await scene.reader.read_live("bmr_1", is_watched=is_watched)
    scene.store.publish()
    return sorted(scene.requests_since(mark))


async def watched(scene: ReaderScene, *ids: str) -> ReaderScene:
    """A run with these scenario runs that were swept once."""
    scene.account.start_run()
    scene.account.start_scenario_runs(*ids)
    await scene.poller.find_run("bmr_1")
    await read(scene)
    return scene


def states(scene: ReaderScene) -> dict[str, str]:
    return {each.id: each.state for each in scene.record().scenario_runs or ()}


async def test_first_all_is_read_once_and_then_only_what_is_active(
    scene: ReaderScene, account: Account
) -> None:
    account.start_run()
    account.start_scenario_runs("scr_1", "scr_2")
    account.score("scr_1", 1.0)
    await scene.poller.find_run("bmr_1")
    assert await read(scene) == [SWEEP]
    for _ in range(5):
        assert await read(scene) == A_LOOK


async def test_the_first_sweep_reads_every_page_and_publishes_as_they_come(
    scene: ReaderScene, account: Account
) -> None:
    account.start_run()
    account.start_scenario_runs(*(f"scr_{number}" for number in range(600)))
    await scene.poller.find_run("bmr_1")
    sent = await read(scene)
    assert len(sent) == 3
    seen = [
        (len(record.scenario_runs), record.all_read)
        for snapshot in scene.snapshots
        for record in snapshot.records
        if record.scenario_runs is not None
    ]
    assert seen == [(250, False), (500, False), (600, True)]


async def test_a_later_sweep_never_shows_less_than_was_known(
    scene: ReaderScene, account: Account
) -> None:
    await watched(scene, *(f"scr_{number}" for number in range(300)))
    del account.scenario_runs["bmr_1"]["scr_0"]
    before = len(scene.snapshots)
    assert SWEEP in await read(scene)
    held = [len(each.records[0].scenario_runs or ()) for each in scene.snapshots[before:]]
    assert held == [299]


async def test_a_watched_run_is_counted_now_and_then(scene: ReaderScene) -> None:
    await watched(scene, "scr_1")
    looks = [await read(scene, is_watched=True) for _ in range(14)]
    assert [number for number, sent in enumerate(looks) if COUNT in sent] == [0, 6, 12]
    assert [sent for sent in looks if COUNT not in sent] == [[RUNNING]] * 11


async def test_few_that_are_in_scoring_are_looked_up_singly_at_each_look(
    scene: ReaderScene, account: Account
) -> None:
    await watched(scene, "scr_1", "scr_2")
    account.move("scr_1", "scoring")
    for _ in range(3):
        assert await read(scene) == [*A_LOOK, look_up("scr_1")]
        assert states(scene) == {"scr_2": "running", "scr_1": "scoring"}


async def test_more_that_are_in_scoring_are_read_as_a_list(
    scene: ReaderScene, account: Account
) -> None:
    ids = [f"scr_{number}" for number in range(20)]
    await watched(scene, "scr_left", *ids)
    for id_ in ids:
        account.move(id_, "scoring")
    account.score("scr_left", 1.0)
    assert await read(scene) == sorted([*A_LOOK, SCORING, look_up("scr_left")])
    assert await read(scene) == sorted([*A_LOOK, SCORING])
    assert set(states(scene).values()) == {"scoring", "completed"}


async def test_those_that_are_active_no_more_are_looked_up_singly_and_once(
    scene: ReaderScene, account: Account
) -> None:
    await watched(scene, "scr_1", "scr_2", "scr_3")
    account.score("scr_1", 1.0)
    account.move("scr_2", "failed")
    assert await read(scene) == [*A_LOOK, look_up("scr_1"), look_up("scr_2")]
    assert states(scene) == {"scr_3": "running", "scr_2": "failed", "scr_1": "completed"}
    assert await read(scene) == A_LOOK


async def test_a_scored_one_counts_as_finished_and_is_looked_up_until_it_is_completed(
    scene: ReaderScene, account: Account
) -> None:
    await watched(scene, "scr_1", "scr_2")
    account.move("scr_1", "scored", scoring_contract_result={"score": 0.5})
    for _ in range(3):
        assert await read(scene) == [*A_LOOK, look_up("scr_1")]
        counts = scene.record().tally
        assert counts is not None
        assert (counts.partial, counts.running) == (1, 1)
    account.score("scr_1", 0.5)
    assert await read(scene) == [*A_LOOK, look_up("scr_1")]
    assert states(scene)["scr_1"] == "completed"
    assert await read(scene) == A_LOOK


async def test_the_newest_one_that_was_scored_is_looked_at_too(
    scene: ReaderScene, account: Account
) -> None:
    await watched(scene, "scr_1", "scr_2")
    account.move("scr_2", "scored")
    assert await read(scene) == A_LOOK
    account.start_scenario_runs("scr_3")
    account.score("scr_2", 0.5)
    assert look_up("scr_2") in await read(scene)
    assert states(scene)["scr_2"] == "completed"


async def test_those_that_are_scored_and_never_completed_are_not_looked_at_for_ever(
    scene: ReaderScene, account: Account
) -> None:
    ids = [f"scr_{number}" for number in range(20)]
    await watched(scene, *ids)
    for id_ in ids[:8]:
        account.move(id_, "scored")
    number_of_looks = [len(await read(scene)) - len(A_LOOK) for _ in range(9)]
    assert number_of_looks == [
        9,
        8,
        8,
        8,
        8,
        8,
        8,
        0,
        0,
    ]  # at first the list of those in scoring too


async def test_those_that_were_scored_long_before_are_not_looked_at(
    scene: ReaderScene, account: Account
) -> None:
    account.start_run()
    account.start_scenario_runs(*(f"scr_{number}" for number in range(200)), state="scored")
    await scene.poller.find_run("bmr_1")
    await read(scene)
    assert await read(scene) == A_LOOK


@pytest.mark.parametrize(("left", "is_swept"), [(8, False), (9, True)])
async def test_more_than_eight_that_left_at_once_are_read_by_a_sweep(
    scene: ReaderScene, account: Account, left: int, *, is_swept: bool
) -> None:
    ids = [f"scr_{number}" for number in range(12)]
    await watched(scene, *ids)
    for id_ in ids[:left]:
        account.score(id_, 1.0)
    sent = await read(scene)
    assert (SWEEP in sent) is is_swept
    assert sum("/scenarios/runs/" in line for line in sent) == (0 if is_swept else left)
    assert list(states(scene).values()).count("completed") == left


async def test_one_that_starts_is_seen_at_the_next_look(
    scene: ReaderScene, account: Account
) -> None:
    await watched(scene, "scr_1")
    account.start_scenario_runs("scr_2")
    assert await read(scene) == A_LOOK
    assert states(scene) == {"scr_1": "running", "scr_2": "running"}


async def test_the_newest_is_seen_even_when_it_is_terminal_already(
    scene: ReaderScene, account: Account
) -> None:
    await watched(scene, "scr_1")
    account.start_scenario_runs("scr_2", state="failed")
    assert await read(scene) == A_LOOK
    assert states(scene)["scr_2"] == "failed"


async def test_some_that_came_and_went_between_two_looks_are_found_by_the_count(
    scene: ReaderScene, account: Account
) -> None:
    await watched(scene, "scr_1")
    account.start_scenario_runs("scr_2", "scr_3", state="failed")
    assert await read(scene) == sorted([*A_LOOK, SWEEP])
    assert len(states(scene)) == 3
    assert await read(scene) == A_LOOK


async def test_a_count_that_always_disagrees_causes_one_sweep_and_not_one_at_each_look(
    scene: ReaderScene, account: Account
) -> None:
    await watched(scene, "scr_1")
    account.miscounts_by = 2
    assert SWEEP in await read(scene)
    for number in range(5):
        account.start_scenario_runs(f"scr_new_{number}")
        assert await read(scene) == A_LOOK
    account.miscounts_by = 3
    assert SWEEP in await read(scene)
    assert await read(scene) == A_LOOK


async def test_a_server_that_does_not_count_is_swept_only_now_and_then(
    scene: ReaderScene, account: Account
) -> None:
    await watched(scene, "scr_1")
    uncounted = answer(200, {"runs": [], "has_more": False, "total_count": None})
    account.fail("limit=1&", lambda: uncounted)
    looks = [SWEEP in await read(scene) for _ in range(130)]
    assert [number for number, is_sweep in enumerate(looks, start=1) if is_sweep] == [61, 122]


async def test_one_that_is_gone_is_dropped_by_a_sweep_and_costs_the_others_nothing(
    scene: ReaderScene, account: Account
) -> None:
    await watched(scene, "scr_1", "scr_2", "scr_3")
    del account.scenario_runs["bmr_1"]["scr_1"]
    account.score("scr_2", 1.0)
    await read(scene)
    assert states(scene) == {"scr_3": "running", "scr_2": "completed"}
    assert await read(scene) == A_LOOK


async def test_one_that_cannot_be_looked_up_is_learned_from_a_sweep(
    scene: ReaderScene, account: Account
) -> None:
    await watched(scene, "scr_1", "scr_2")
    account.fail("/scenarios/runs/scr_1", lambda: answer(500))
    account.score("scr_1", 1.0)
    account.score("scr_2", 0.0)
    assert SWEEP in await read(scene)
    assert states(scene) == {"scr_1": "completed", "scr_2": "completed"}


async def test_nothing_is_sent_after_a_look_up_that_gets_retry_after(
    scene: ReaderScene, account: Account
) -> None:
    await watched(scene, "scr_1", "scr_2")
    account.fail("/scenarios/runs/", lambda: answer(429, retry_after="60"))
    account.score("scr_1", 1.0)
    mark = len(account.requests)
    with pytest.raises(RateLimited):
        await read(scene)
    assert sorted(scene.requests_since(mark)) == [*A_LOOK, look_up("scr_1")]


async def test_a_server_that_ignores_the_state_filter_is_read_all_the_same(
    scene: ReaderScene, account: Account
) -> None:
    account.filters_by_state = False
    ids = [f"scr_{number}" for number in range(600)]
    await watched(scene, *ids)
    for id_ in ids[:590]:
        account.score(id_, 1.0)
    await read(scene)
    assert list(states(scene).values()).count("completed") == 590
    account.score("scr_595", 1.0)
    assert len(await read(scene)) <= 4  # not all pages for each state
    assert states(scene)["scr_595"] == "completed"


async def test_a_periodic_sweep_that_fails_is_not_tried_at_each_look(
    scene: ReaderScene, account: Account
) -> None:
    await watched(scene, "scr_1")
    for _ in range(60):
        await read(scene)
    account.fail(r"scenario_runs\?limit=250", lambda: answer(400))
    for _ in range(2):
        with pytest.raises(BadRequest):
            await read(scene)
        for _ in range(5):
            assert await read(scene) == A_LOOK
