"""What is shown of a run is the last readable answer about it, whatever comes in between."""

from collections.abc import Callable

import pytest

from runloop_tui.api.errors import NotUnderstood, ServerError
from runloop_tui.monitor.schedule import Viewport
from runloop_tui.monitor.store import Store
from tests.api.scripted import answer
from tests.monitor.account import Account, Wire
from tests.monitor.making import run, scenario_run
from tests.monitor.scene import AccountScene, ticks

PAGE = r"scenario_runs\?limit=250"


async def half_finished(scene: AccountScene, *, scenarios: int = 10) -> AccountScene:
    """A live run, on screen, half of whose scenario runs have passed."""
    scene.account.start_run()
    ids = [f"scr_{number}" for number in range(scenarios)]
    scene.account.start_scenario_runs(*ids)
    for id_ in ids[: scenarios // 2]:
        scene.account.score(id_, 1.0)
    scene.poller.show(Viewport("bmr_1", ("bmr_1",)))
    await scene.poll(2)
    return scene


def counts(scene: AccountScene) -> tuple[int, int, int, int]:
    """Passed, running, not understood, started."""
    tally = scene.record().tally
    assert tally is not None
    return tally.passed, tally.running, tally.unread, tally.started


def is_well(scene: AccountScene) -> bool:
    """Whether no failure is reported."""
    return scene.health.failure is None


# The list of runs


async def test_runs_between_two_pages_are_read_whatever_runs_among_them(
    scene: AccountScene, account: Account
) -> None:
    account.start_run("bmr_old", "completed")
    await scene.poll()
    for number in range(5):
        account.start_run(f"bmr_short_{number}", "failed")
    account.start_run("bmr_live")
    await scene.poll()  # learned by itself: nothing is known of the runs below it
    for number in range(19):
        account.start_run(f"bmr_new_{number}", "completed")
    await scene.poll(6)
    assert len(scene.store.snapshot.records) == len(account.runs) == 26


async def test_a_page_of_the_newest_that_fails_leaves_no_run_out(
    scene: AccountScene, account: Account
) -> None:
    account.start_run("bmr_old", "completed")
    await scene.poll()
    for number in range(50):
        account.start_run(f"bmr_{number}", "completed")
    account.fail(r"limit=20&starting_after=bmr_30", lambda: answer(500))
    await scene.poll(6)
    account.mend(r"limit=20&starting_after=bmr_30")
    await scene.poll(12)
    assert len(scene.store.snapshot.records) == 51


async def test_runs_that_could_not_be_read_at_first_are_read_later(
    scene: AccountScene, account: Account
) -> None:
    for number in range(60):
        account.start_run(f"bmr_{number}", "completed")
    broken = account.runs["bmr_20"]
    account.runs["bmr_20"] = {"id": 7}
    await scene.poll()
    assert len(scene.store.snapshot.records) == 59
    account.runs["bmr_20"] = broken
    await scene.poll(2)
    assert len(scene.store.snapshot.records) == 60


@pytest.mark.parametrize("removed", ["bmr_1", "bmr_59", "bmr_60", "bmr_99"])
async def test_a_run_removed_at_the_server_is_marked_gone(
    scene: AccountScene, account: Account, removed: str
) -> None:
    for number in range(100):
        account.start_run(f"bmr_{number}", "completed")
    await scene.poll(2)
    del account.runs[removed]
    await scene.poll(12)
    assert [record.id for record in scene.store.snapshot.records if record.gone] == [removed]
    assert scene.health.failure is None


async def test_a_run_that_the_list_hides_and_a_look_up_finds_is_not_gone(
    scene: AccountScene, account: Account
) -> None:
    for number in range(3):
        account.start_run(f"bmr_{number}", "completed")
    await scene.poll(2)
    hidden = account.runs.pop("bmr_1")
    account.fail("benchmark_runs/bmr_1$", lambda: answer(200, hidden))
    await scene.poll(12)
    assert not scene.record("bmr_1").gone
    assert len(account.requests_for("GET /v1/benchmark_runs/bmr_1$")) == 1


async def test_a_page_that_could_not_be_read_whole_makes_no_run_gone(
    scene: AccountScene, account: Account
) -> None:
    for number in range(3):
        account.start_run(f"bmr_{number}", "completed")
    await scene.poll(2)
    account.runs["bmr_1"] = {"id": None}
    await scene.poll(12)
    assert not any(record.gone for record in scene.store.snapshot.records)
    assert account.requests_for("benchmark_runs/bmr_1$") == []


async def test_older_runs_are_read_on_where_the_last_one_read_is_gone(
    scene: AccountScene, account: Account
) -> None:
    for number in range(150):
        account.start_run(f"bmr_{number}", "completed")
    await scene.poll(2)
    del account.runs["bmr_50"]  # the cursor behind which the older runs are
    await scene.poll(12)
    scene.poller.want_older()
    await scene.poll()
    known = [record for record in scene.store.snapshot.records if not record.gone]
    assert len(known) == 149
    assert scene.health.failure is None


# Broken answers about scenario runs


@pytest.mark.parametrize(
    "page",
    [
        {"runs": None, "has_more": False},
        {"runs": [], "has_more": False},
        {"runs": [], "has_more": False, "total_count": 10},
        {"runs": None, "has_more": False, "total_count": 10},
        {"runs": [None] * 10, "has_more": False},
        {"runs": "?", "has_more": False},
        {"runs": [{"id": 7}] * 10, "has_more": False, "total_count": 10},
        {"runs": [{"id": f"scr_{n}", "state": None} for n in range(10)], "has_more": False},
        {"runs": [{"id": f"scr_{n}"} for n in range(10)], "has_more": False},
        {
            "runs": [{"id": f"scr_{n}", "state": 4} for n in range(9)],
            "has_more": False,
            "total_count": 10,
        },
    ],
)
async def test_a_broken_sweep_costs_no_count(
    scene: AccountScene, account: Account, page: Wire
) -> None:
    await half_finished(scene)
    before = counts(scene)
    await scene.poll(60)  # the next look is a sweep
    account.fail(PAGE, lambda: answer(200, page))
    await scene.poll(8)
    assert len(account.requests_for(PAGE)) >= 2
    assert counts(scene) == before == (5, 5, 0, 10)
    account.mend(PAGE)
    scene.poller.refresh()
    account.score("scr_5", 1.0)
    await scene.poll(2)
    assert counts(scene) == (6, 4, 0, 10)
    assert scene.health.failure is None


async def test_what_could_not_be_read_is_counted_as_that_and_not_as_not_started(
    scene: AccountScene, account: Account
) -> None:
    account.benchmarks = {"bmd_1": [f"scn_{number}" for number in range(12)]}
    account.start_run(benchmark_id="bmd_1")
    account.start_scenario_runs(*(f"scr_{number}" for number in range(10)))
    held = account.scenario_runs["bmr_1"]
    good = {id_: held[id_] for id_ in ("scr_3", "scr_4", "scr_5")}
    held.update({id_: {"id": None} for id_ in good})
    scene.poller.show(Viewport("bmr_1", ("bmr_1",)))
    await scene.poll(2)
    assert counts(scene) == (0, 7, 3, 10)
    tally = scene.record().tally
    assert tally is not None
    assert tally.not_started(scene.record().planned) == 2
    held.update(good)
    scene.poller.refresh()
    await scene.poll(2)
    assert counts(scene) == (0, 10, 0, 10)


async def test_scenario_runs_of_a_terminal_run_that_could_not_be_read_are_read_again(
    scene: AccountScene, account: Account
) -> None:
    account.start_run(state="completed")
    account.start_scenario_runs("scr_1", "scr_2", state="failed")
    good = account.scenario_runs["bmr_1"]["scr_1"]
    account.scenario_runs["bmr_1"]["scr_1"] = {"id": 1}
    scene.poller.show(Viewport("bmr_1", ("bmr_1",)))
    await scene.poll(3)
    assert counts(scene) == (0, 0, 1, 2)
    account.scenario_runs["bmr_1"]["scr_1"] = good
    await scene.poll(12)
    assert counts(scene) == (0, 0, 0, 2)
    mark = len(account.requests)
    await scene.poll(12)
    assert not any("scenario_runs" in line for line in scene.requests_since(mark))


async def test_an_answer_without_a_state_leaves_the_state_as_it_was() -> None:
    store = Store()
    store.learn_run(run(state="completed", score=0.5), store.stamp())
    store.learn_run(run(state=""), store.stamp())
    store.learn_run(run().model_validate({"id": "bmr_1"}), store.stamp())
    held = store.run("bmr_1")
    assert held is not None
    assert (held.state, held.score) == ("completed", 0.5)


async def test_a_look_up_that_answers_with_another_id_makes_no_new_run(
    scene: AccountScene, account: Account
) -> None:
    account.start_run("bmr_1")
    await scene.poll()
    account.move("bmr_1", "completed")
    account.fail("benchmark_runs/bmr_1$", lambda: answer(200, {"id": "bmr_9", "state": "running"}))
    await scene.poll()
    assert [record.id for record in scene.store.snapshot.records] == ["bmr_1"]
    assert scene.health.failure is not None
    assert isinstance(scene.health.failure.error, NotUnderstood)


async def test_what_an_older_server_embeds_is_as_old_as_the_answer_that_held_it() -> None:
    store = Store()
    old = store.stamp()
    embedded = [{"scenario_id": "scn_1", "id": "scr_1", "state": "running"}]
    store.learn_run(run(pending_scenarios=[], scenario_runs=embedded), old)
    store.begin_sweep("bmr_1")
    store.learn_scenario_runs("bmr_1", [scenario_run("scr_1", "scoring")], store.stamp())
    assert store.embedded_stamp("bmr_1") == old
    held = store.run("bmr_1")
    assert held is not None
    store.learn_scenario_runs("bmr_1", held.embedded_scenario_runs, old)
    kept = store.scenario_run("bmr_1", "scr_1")
    assert kept is not None
    assert kept.state == "scoring"


# Errors that are cleared


@pytest.mark.parametrize(
    "bad_answer",
    [
        lambda: answer(500),
        lambda: answer(200, {"id": 7}),
        lambda: answer(200, b"<html>"),
        lambda: answer(200, b" " * (65 * 1024 * 1024)),
    ],
    ids=["500", "shape", "html", "too long"],
)
async def test_a_run_that_the_list_has_again_is_no_error_any_more(
    scene: AccountScene, account: Account, bad_answer: Callable[[], object]
) -> None:
    account.start_run("bmr_1")
    await scene.poll()
    hidden = account.runs.pop("bmr_1")
    account.fail("benchmark_runs/bmr_1$", bad_answer)  # type: ignore[arg-type]
    await scene.poll(2)
    assert not is_well(scene)
    account.runs["bmr_1"] = hidden
    await scene.poll()
    assert is_well(scene)
    mark = len(account.requests)
    await scene.poll(12)
    assert is_well(scene)
    assert not any("benchmark_runs/bmr_1?" in line for line in scene.requests_since(mark))


# What it costs


@pytest.mark.parametrize("number", [60, 600])
async def test_an_unknown_state_costs_no_sweep_at_each_poll(
    scene: AccountScene, account: Account, number: int
) -> None:
    account.start_run()
    account.start_scenario_runs(*(f"scr_{n}" for n in range(number)), state="queued")
    scene.poller.show(Viewport("bmr_1", ("bmr_1",)))
    await scene.poll(2)
    mark = len(account.requests)
    await scene.poll(12)
    sent = scene.requests_since(mark)
    assert not [line for line in sent if "scenario_runs?limit=250" in line]
    pages = [line for line in sent if "state=queued" in line]
    assert len(pages) == 2 * -(-number // 250)
    for n in range(number):
        account.score(f"scr_{n}", 1.0)
    await scene.poll(8)
    assert counts(scene) == (number, 0, 0, number)


BROKEN: list[tuple[str, Callable[[], object]]] = [
    (pattern, bad_answer)
    for pattern in ("/v1/benchmark_runs[?]", "/scenario_runs", "/scenarios/runs/", "/v1/bench")
    for bad_answer in (
        lambda: answer(200, {"runs": "?"}),
        lambda: answer(200, {"runs": [], "has_more": False, "total_count": 7}),
        lambda: answer(200, {"runs": None, "has_more": True}),
        lambda: answer(200, {"runs": [{"id": 7}], "has_more": False}),
        lambda: answer(200, {"runs": [{"id": "odd", "state": "odd"}], "has_more": False}),
        lambda: answer(200, {"runs": [{"id": "odd", "state": "running"}], "has_more": True}),
        lambda: answer(200, {"id": "odd"}),
        lambda: answer(200, ["?"]),
        lambda: answer(200, b"<html>"),
        lambda: answer(500),
        lambda: answer(404),
    )
]


@pytest.mark.parametrize(
    ("pattern", "bad_answer"), BROKEN, ids=[f"{p}-{i % 11}" for i, (p, _) in enumerate(BROKEN)]
)
async def test_no_bad_answer_costs_more_than_twice_the_healthy_rate(
    pattern: str, bad_answer: Callable[[], object]
) -> None:
    async def requests(*, broken: bool, from_the_start: bool = False) -> int:
        scene = AccountScene()
        for number in range(30):
            scene.account.start_run(f"bmr_{number}", "running" if number < 4 else "completed")
            ids = [f"scr_{number}_{n}" for n in range(40)]
            scene.account.start_scenario_runs(*ids, run_id=f"bmr_{number}")
        visible = tuple(scene.account.runs)[:20]
        scene.poller.show(Viewport("bmr_0", visible))
        if not from_the_start:
            await scene.poll(3)
        if broken:
            scene.account.fail(pattern, bad_answer)  # type: ignore[arg-type]
        sent, at = len(scene.account.requests), scene.clock()
        while scene.clock() - at < 60_000:
            await scene.poll()
            await ticks(2)
            scene.account.score(f"scr_0_{(scene.clock() // 5_000) % 40}", 1.0)
        return len(scene.account.requests) - sent

    healthy = await requests(broken=False)
    assert await requests(broken=True) <= 2 * healthy
    assert await requests(broken=True, from_the_start=True) <= 2 * healthy


async def test_a_look_up_that_still_fails_is_reported(
    scene: AccountScene, account: Account
) -> None:
    account.start_run("bmr_1")
    await scene.poll()
    account.runs.pop("bmr_1")
    account.fail("benchmark_runs/bmr_1$", lambda: answer(500))
    await scene.poll(3)
    assert scene.health.failure is not None
    assert isinstance(scene.health.failure.error, ServerError)


# Benchmarks


async def test_a_benchmark_that_could_not_be_read_is_fetched_again(
    scene: AccountScene, account: Account
) -> None:
    account.start_run(benchmark_id="bmd_1")
    scene.poller.show(Viewport("bmr_1", ("bmr_1",)))
    await scene.poll(60)
    assert scene.record().total is None
    assert len(account.requests_for("/v1/benchmarks/bmd_1$")) == 1
    account.benchmarks = {"bmd_1": ["scn_1", "scn_2"]}
    await scene.poll(2)
    assert scene.record().total == 2


async def test_a_benchmark_whose_scenarios_break_is_not_counted_short(
    scene: AccountScene, account: Account
) -> None:
    account.start_run(benchmark_id="bmd_1")
    scene.poller.show(Viewport("bmr_1", ("bmr_1",)))
    broken = {"id": "bmd_1", "scenarioIds": ["scn_1", None, {"id": "scn_3"}]}
    account.fail("/v1/benchmarks/bmd_1$", lambda: answer(200, broken))
    await scene.poll()
    assert scene.record().total is None
    assert not is_well(scene)
    account.mend("/v1/benchmarks/bmd_1$")
    account.benchmarks = {"bmd_1": ["scn_1", "scn_2", "scn_3"]}
    await scene.poll(2)
    assert scene.record().total == 3
    assert is_well(scene)


async def test_what_of_jobs_benchmarks_and_names_could_not_be_read_is_reported(
    scene: AccountScene, account: Account
) -> None:
    account.put_job(name=["?"], in_progress=({"benchmark_run_id": "bmr_9", "state": 4},))
    account.start_run(benchmark_id="bmd_1")
    account.fail(
        "/v1/benchmarks/bmd_1$",
        lambda: answer(200, {"id": "bmd_1", "name": [], "scenarioIds": ["scn_1"]}),
    )
    account.fail(
        "/v1/benchmarks/bmd_1/definitions",
        lambda: answer(200, {"scenarios": [{"id": "scn_1", "name": ["?"]}]}),
    )
    scene.poller.show(Viewport("bmr_1", ("bmr_1",)))
    await scene.poll(2)
    reported = " ".join(scene.health.warnings)
    assert "bmj_1 not understood" in reported
    assert "name of bmd_1 not understood" in reported
    assert "name of scn_1 not understood" in reported
