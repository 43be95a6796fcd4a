"""Benchmarks: the totals of runs, the names of scenarios that have not started, and the lists to start a run from."""

import httpx
import pytest

from runloop_tui.api.errors import Forbidden
from runloop_tui.api.models import ScenarioDefinition
from runloop_tui.monitor.fetch_benchmarks import BenchmarkList, Benchmarks
from runloop_tui.monitor.schedule import Viewport
from tests.api.scripted import answer, ok
from tests.monitor.account import Account, Answer, Wire
from tests.monitor.scene import AccountScene, Scene, ticks


class BenchmarkAccount(Account):
    """An account that lists its benchmarks, and names their scenarios."""

    def __init__(self) -> None:
        super().__init__()
        self.own: list[Wire] = []
        self.public: list[Wire] = []

    def _answer(self, request: httpx.Request, line: str) -> Answer:
        answered = super()._answer(request, line)
        if not isinstance(answered, httpx.Response) or answered.status_code != 404:
            return answered
        match request.url.path.removeprefix("/v1/").split("/"):
            case ["benchmarks"]:
                return ok({"benchmarks": self.own, "has_more": False})
            case ["benchmarks", "list_public"]:
                return ok({"benchmarks": self.public, "has_more": False})
            case ["benchmarks", id_, "definitions"]:
                return self._definitions(self.benchmarks[id_], request.url.params)
        return answered

    def _definitions(self, ids: list[str], query: httpx.QueryParams) -> Answer:
        after = query.get("starting_after")
        rest = ids[ids.index(after) + 1 if after else 0 :]
        page = [{"id": id_, "name": f"name of {id_}"} for id_ in rest[:100]]
        return ok({"scenarios": page, "has_more": len(rest) > 100, "total_count": len(ids)})


class BenchmarkScene(Scene):
    """A scene over an account that lists its benchmarks."""

    def __init__(self) -> None:
        self.account = BenchmarkAccount()
        super().__init__(self.account)


def named_scene(*, scenarios: int) -> BenchmarkScene:
    """A watched live run, of whose scenarios two have started."""
    scene = BenchmarkScene()
    scene.account.benchmarks = {"bmd_1": [f"scn_{number}" for number in range(scenarios)]}
    scene.account.start_run(benchmark_id="bmd_1")
    scene.account.start_scenario_runs("scr_1", "scr_2")
    for number, id_ in enumerate(("scr_1", "scr_2")):
        scene.account.move(id_, "running", scenario_id=f"scn_{number}")
    scene.poller.show(Viewport("bmr_1", ("bmr_1",)))
    return scene


# Totals


async def test_the_total_is_fetched_once_for_each_benchmark(
    scene: AccountScene, account: Account
) -> None:
    account.benchmarks = {"bmd_1": ["scn_1", "scn_2", "scn_3"]}
    for number in range(3):
        account.start_run(f"bmr_{number}", benchmark_id="bmd_1")
    account.start_run("bmr_cold", "completed", benchmark_id="bmd_1")
    scene.poller.show(Viewport("bmr_0", tuple(account.runs)))
    await scene.poll(10)
    assert len(account.requests_for("/v1/benchmarks/bmd_1$")) == 1
    assert {record.total for record in scene.store.snapshot.records} == {3}


async def test_a_run_without_a_benchmark_has_no_total_and_none_is_fetched(
    scene: AccountScene, account: Account
) -> None:
    account.start_run()
    scene.poller.show(Viewport("bmr_1", ("bmr_1",)))
    await scene.poll(3)
    assert scene.record().total is None
    assert account.requests_for("/v1/benchmarks/") == []


async def test_a_benchmark_that_is_not_found_leaves_the_total_unknown_and_is_no_error(
    scene: AccountScene, account: Account
) -> None:
    account.start_run(benchmark_id="bmd_not_mine")
    scene.poller.show(Viewport("bmr_1", ("bmr_1",)))
    await scene.poll(5)
    assert (scene.record().total, scene.health.failure) == (None, None)
    assert len(account.requests_for("/v1/benchmarks/")) == 1


async def test_a_benchmark_without_scenarios_has_no_total(
    scene: AccountScene, account: Account
) -> None:
    account.benchmarks = {"bmd_1": []}
    account.start_run(benchmark_id="bmd_1")
    await scene.poll()
    assert scene.record().total is None


async def test_a_total_that_lands_after_one_that_was_requested_later_changes_nothing(
    scene: AccountScene, account: Account
) -> None:
    account.benchmarks = {"bmd_1": ["scn_1", "scn_2", "scn_3"]}
    account.start_run(benchmark_id="bmd_1")
    gate = account.hold("/v1/benchmarks/bmd_1$")
    async with scene.running():
        await gate.reached.wait()
        scene.store.learn_total("bmd_1", 4, scene.store.stamp())
        gate.open.set()
        await ticks()
    assert scene.record().total == 4


# What has not started


async def test_the_scenarios_that_have_not_started_are_named() -> None:
    scene = named_scene(scenarios=4)
    await scene.poll()
    assert [each.name for each in scene.record().not_started] == ["name of scn_2", "name of scn_3"]
    assert len(scene.record().not_started) == 2


async def test_names_are_fetched_once_for_each_benchmark_page_by_page() -> None:
    scene = named_scene(scenarios=250)
    await scene.poll(5)
    sent = scene.account.requests_for("/definitions")
    assert len(sent) == 3
    assert len(scene.record().not_started) == 248


async def test_a_scenario_that_starts_is_no_longer_among_those_that_have_not() -> None:
    scene = named_scene(scenarios=4)
    await scene.poll()
    scene.account.start_scenario_runs("scr_3")
    scene.account.move("scr_3", "running", scenario_id="scn_3")
    await scene.poll(2)
    assert [each.id for each in scene.record().not_started] == ["scn_2"]


async def test_names_that_do_not_make_up_the_number_are_not_shown() -> None:
    scene = named_scene(scenarios=4)
    scene.account.move("scr_2", "running", scenario_id="scn_elsewhere")
    await scene.poll()
    assert scene.record().not_started == ()


async def test_a_server_that_names_no_scenarios_is_tried_once(scene: AccountScene) -> None:
    scene.account.benchmarks = {"bmd_1": ["scn_1", "scn_2"]}
    scene.account.start_run(benchmark_id="bmd_1")
    scene.poller.show(Viewport("bmr_1", ("bmr_1",)))
    await scene.poll(5)
    assert len(scene.account.requests_for("/definitions")) == 1
    assert scene.health.failure is None


async def test_names_are_not_fetched_where_all_have_started_or_the_run_is_not_watched() -> None:
    scene = named_scene(scenarios=2)
    await scene.poll(3)
    assert scene.account.requests_for("/definitions") == []
    other = named_scene(scenarios=9)
    other.poller.show(Viewport(None, ("bmr_1",)))
    await other.poll(8)
    assert other.account.requests_for("/definitions") == []


async def test_names_that_land_after_those_that_were_requested_later_change_nothing() -> None:
    scene = named_scene(scenarios=3)
    gate = scene.account.hold("/definitions")
    async with scene.running():
        await gate.reached.wait()
        later = (ScenarioDefinition(id="scn_2", name="later"),)
        scene.store.learn_definitions("bmd_1", later, scene.store.stamp())
        gate.open.set()
        await ticks()
    assert [each.name for each in scene.record().not_started] == ["later"]


# The lists from which a run is started


async def read(benchmarks: BenchmarkList) -> list[Benchmarks]:
    return [each async for each in benchmarks.read()]


@pytest.fixture
def listing() -> BenchmarkScene:
    return BenchmarkScene()


async def test_the_accounts_benchmarks_come_first_then_the_public_ones_each_once(
    listing: BenchmarkScene,
) -> None:
    listing.account.own = [{"id": "bmd_1", "name": "mine"}, {"id": "bmd_2", "name": "both"}]
    listing.account.public = [{"id": "bmd_2", "name": "both"}, {"id": "bmd_3", "is_public": True}]
    seen = await read(BenchmarkList(listing.client))
    assert [[each.id for each in step.items] for step in seen] == [
        [],
        ["bmd_1", "bmd_2"],
        ["bmd_1", "bmd_2", "bmd_3"],
        ["bmd_1", "bmd_2", "bmd_3"],
    ]
    assert [step.whole for step in seen] == [False, False, False, True]


async def test_where_one_of_the_lists_fails_the_other_is_read_and_the_error_reported(
    listing: BenchmarkScene,
) -> None:
    listing.account.own = [{"id": "bmd_1"}]
    listing.account.fail("list_public", lambda: answer(403))
    last = (await read(BenchmarkList(listing.client)))[-1]
    assert [each.id for each in last.items] == ["bmd_1"]
    assert [(each.what, type(each.error)) for each in last.failures] == [
        ("the public benchmarks", Forbidden)
    ]


async def test_what_was_read_before_stays_while_it_is_read_anew_and_where_that_fails(
    listing: BenchmarkScene,
) -> None:
    listing.account.own = [{"id": "bmd_1"}, {"id": "bmd_2"}]
    benchmarks = BenchmarkList(listing.client)
    await read(benchmarks)
    listing.account.fail("/v1/benchmarks", lambda: answer(403))
    assert {len(each.items) for each in await read(benchmarks)} == {2}
    listing.account.mend("/v1/benchmarks")
    listing.account.own = [{"id": "bmd_2"}]
    assert [each.id for each in (await read(benchmarks))[-1].items] == ["bmd_2"]
