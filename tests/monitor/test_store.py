"""How answers replace each other, and what snapshots are made of them."""

import pytest

from runloop_tui.api.models import ScenarioDefinition, ScenarioRun
from runloop_tui.monitor.counts import Tally
from runloop_tui.monitor.snapshot import RunRecord
from runloop_tui.monitor.store import Store
from tests.monitor.making import run, scenario_run


@pytest.fixture
def store() -> Store:
    return Store()


def sweep(store: Store, *scenario_runs: ScenarioRun, run_id: str = "bmr_1") -> None:
    stamp = store.begin_sweep(run_id)
    store.learn_scenario_runs(run_id, scenario_runs, stamp)
    store.end_sweep(run_id, {each.id for each in scenario_runs}, stamp)


def learn(store: Store, *scenario_runs: ScenarioRun, stamp: int | None = None) -> None:
    store.learn_scenario_runs("bmr_1", scenario_runs, store.stamp() if stamp is None else stamp)


def record(store: Store, run_id: str = "bmr_1") -> RunRecord:
    return store.snapshot_now().by_id[run_id]


def states(store: Store) -> dict[str, str]:
    return {each.id: each.state for each in record(store).scenario_runs or ()}


# Which of two answers holds


def test_of_two_answers_on_a_run_the_one_sent_later_holds(store: Store) -> None:
    early, late = store.stamp(), store.stamp()
    store.learn_run(run(name="new"), late)
    store.learn_run(run(name="old"), early)
    assert record(store).run.name == "new"


def test_of_two_answers_on_a_scenario_run_the_one_sent_later_holds(store: Store) -> None:
    store.learn_run(run(), store.stamp())
    sweep(store, scenario_run("scr_1", "running"))
    early, late = store.stamp(), store.stamp()
    learn(store, scenario_run("scr_1", "scoring"), stamp=late)
    learn(store, scenario_run("scr_1", "running"), stamp=early)
    assert states(store) == {"scr_1": "scoring"}


def test_an_answer_that_says_nothing_new_is_still_the_newest(store: Store) -> None:
    store.learn_run(run(), store.stamp())
    sweep(store, scenario_run("scr_1", "scoring"))
    early, late = store.stamp(), store.stamp()
    learn(store, scenario_run("scr_1", "scoring"), stamp=late)
    learn(store, scenario_run("scr_1", "running"), stamp=early)
    assert states(store) == {"scr_1": "scoring"}


@pytest.mark.parametrize("state", ["completed", "canceled", "failed"])
def test_a_terminal_run_stays_terminal(store: Store, state: str) -> None:
    store.learn_run(run(state=state), store.stamp())
    for other in ("running", "hibernating", ""):
        store.learn_run(run(state=other), store.stamp())
    assert record(store).run.state == state
    assert store.live_ids() == []


@pytest.mark.parametrize("state", ["completed", "canceled", "failed", "timeout"])
def test_a_terminal_scenario_run_stays_terminal(store: Store, state: str) -> None:
    store.learn_run(run(), store.stamp())
    sweep(store, scenario_run("scr_1", state))
    for other in ("running", "scored", "hibernating", ""):
        learn(store, scenario_run("scr_1", other))
    assert states(store) == {"scr_1": state}


@pytest.mark.parametrize("state", ["hibernating", ""])
def test_an_unknown_state_is_not_terminal(store: Store, state: str) -> None:
    store.learn_run(run(state=state), store.stamp())
    assert store.live_ids() == []
    store.learn_run(run(state="running"), store.stamp())
    assert store.live_ids() == ["bmr_1"]


def test_a_terminal_state_can_still_be_corrected(store: Store) -> None:
    store.learn_run(run(state="completed"), store.stamp())
    store.learn_run(run(state="completed", score=0.5), store.stamp())
    assert record(store).run.score == 0.5


# Runs that are gone


def test_a_run_that_the_server_no_longer_knows_is_shown_and_not_live(store: Store) -> None:
    store.learn_run(run(), store.stamp())
    store.mark_gone("bmr_1", store.stamp())
    assert record(store).gone
    assert store.snapshot_now().live == ()
    assert store.live_ids() == []


def test_a_gone_run_that_is_heard_of_again_is_back(store: Store) -> None:
    store.learn_run(run(), store.stamp())
    store.mark_gone("bmr_1", store.stamp())
    store.learn_run(run(), store.stamp())
    assert not record(store).gone
    assert store.live_ids() == ["bmr_1"]


def test_a_look_that_missed_a_run_does_not_undo_what_was_learned_since(store: Store) -> None:
    early = store.stamp()
    store.learn_run(run(), store.stamp())
    store.mark_gone("bmr_1", early)
    assert not record(store).gone


# Sweeps and eviction


def test_a_sweep_drops_what_is_there_no_more(store: Store) -> None:
    store.learn_run(run(), store.stamp())
    sweep(store, scenario_run("scr_1"), scenario_run("scr_2"))
    sweep(store, scenario_run("scr_2"))
    assert states(store) == {"scr_2": "running"}
    assert store.scenario_count("bmr_1") == 1


def test_a_sweep_keeps_what_was_learned_while_it_ran(store: Store) -> None:
    store.learn_run(run(), store.stamp())
    stamp = store.begin_sweep("bmr_1")
    learn(store, scenario_run("scr_new"))
    store.end_sweep("bmr_1", set(), stamp)
    assert states(store) == {"scr_new": "running"}


def test_until_the_first_sweep_ends_not_all_is_read(store: Store) -> None:
    store.learn_run(run(), store.stamp())
    assert record(store).tally is None
    stamp = store.begin_sweep("bmr_1")
    learn(store, scenario_run("scr_1"), stamp=stamp)
    assert (record(store).all_read, record(store).tally) == (False, Tally(running=1))
    assert not store.has_tally("bmr_1")
    store.end_sweep("bmr_1", {"scr_1"}, stamp)
    assert record(store).all_read
    assert store.has_tally("bmr_1")


def test_one_scenario_run_of_a_run_that_was_never_read_is_not_taken_for_all(
    store: Store,
) -> None:
    store.learn_run(run(), store.stamp())
    learn(store, scenario_run("scr_1"))
    assert (record(store).tally, record(store).scenario_runs) == (None, None)


def test_evicted_scenario_runs_leave_their_counts(store: Store) -> None:
    ids = [f"bmr_{number}" for number in range(10)]
    for id_ in ids:
        store.learn_run(run(id_, "completed"), store.stamp())
        sweep(store, scenario_run(f"{id_}_1", "completed", 1.0), run_id=id_)
    store.release_scenario_runs(keep=[])
    held = [id_ for id_ in ids if record(store, id_).scenario_runs is not None]
    assert held == ids[2:]
    assert {record(store, id_).tally for id_ in ids} == {Tally(passed=1, score_sum=1.0)}
    assert all(store.has_tally(id_) and record(store, id_).all_read for id_ in ids)
    assert not store.has_swept("bmr_0")


def test_the_scenario_runs_that_were_read_last_and_those_that_are_needed_are_held(
    store: Store,
) -> None:
    ids = [f"bmr_{number}" for number in range(12)]
    for id_ in ids:
        store.learn_run(run(id_, "running" if id_ == "bmr_3" else "completed"), store.stamp())
        sweep(store, run_id=id_)
    sweep(store, run_id="bmr_1")
    store.release_scenario_runs(keep=["bmr_0"])
    evicted = [id_ for id_ in ids if not store.has_swept(id_)]
    assert evicted == ["bmr_2", "bmr_4"]


def test_while_evicted_scenario_runs_are_read_again_their_counts_hold(store: Store) -> None:
    for number in range(9):
        store.learn_run(run(f"bmr_{number}", "completed"), store.stamp())
        held = [scenario_run(f"scr_{number}_{n}", "completed", 1.0) for n in range(2)]
        sweep(store, *held, run_id=f"bmr_{number}")
    store.release_scenario_runs(keep=[])
    stamp = store.begin_sweep("bmr_0")
    first = scenario_run("scr_0_0", "completed", 0.0)
    store.learn_scenario_runs("bmr_0", [first], stamp)
    again = record(store, "bmr_0")
    assert (again.tally, again.all_read) == (Tally(passed=2, score_sum=2.0), False)
    store.end_sweep("bmr_0", {"scr_0_0"}, stamp)
    assert record(store, "bmr_0").tally == Tally(zero=1)


def test_an_answer_about_evicted_scenario_runs_does_not_restore_them(store: Store) -> None:
    for number in range(9):
        store.learn_run(run(f"bmr_{number}", "completed"), store.stamp())
        sweep(store, scenario_run(f"scr_{number}", "completed", 1.0), run_id=f"bmr_{number}")
    store.release_scenario_runs(keep=[])
    store.learn_scenario_runs("bmr_0", [scenario_run("scr_x", "failed")], store.stamp())
    assert record(store, "bmr_0").tally == Tally(passed=1, score_sum=1.0)


# Totals


def test_a_total_is_that_of_all_runs_of_the_benchmark(store: Store) -> None:
    for id_, benchmark_id in (("bmr_1", "bmd_1"), ("bmr_2", "bmd_1"), ("bmr_3", "bmd_2")):
        store.learn_run(run(id_, benchmark_id=benchmark_id), store.stamp())
    store.snapshot_now()
    assert store.benchmark_without_total("bmr_1") == "bmd_1"
    store.learn_total("bmd_1", 500, store.stamp())
    assert [each.total for each in store.snapshot_now().records] == [500, 500, None]
    assert store.benchmark_without_total("bmr_2") is None
    assert store.benchmark_without_total("bmr_3") == "bmd_2"


def test_a_run_without_a_benchmark_has_no_total_to_fetch(store: Store) -> None:
    store.learn_run(run(benchmark_id="bmd_1"), store.stamp())
    store.learn_total("bmd_1", None, store.stamp())
    assert store.benchmark_without_total("bmr_1") == "bmd_1"
    store.learn_run(run("bmr_2"), store.stamp())
    assert store.benchmark_without_total("bmr_2") is None


def test_of_two_answers_on_a_total_the_one_sent_later_holds(store: Store) -> None:
    store.learn_run(run(benchmark_id="bmd_1"), store.stamp())
    earlier, later = store.stamp(), store.stamp()
    store.learn_total("bmd_1", 500, later)
    store.learn_total("bmd_1", 400, earlier)
    assert record(store).total == 500


def test_of_two_answers_on_names_the_one_sent_later_holds(store: Store) -> None:
    store.learn_run(run(benchmark_id="bmd_1"), store.stamp())
    store.learn_total("bmd_1", 1, store.stamp())
    sweep(store)
    earlier, later = store.stamp(), store.stamp()
    store.learn_definitions("bmd_1", (ScenarioDefinition(id="scn_1", name="new"),), later)
    store.learn_definitions("bmd_1", (ScenarioDefinition(id="scn_1", name="old"),), earlier)
    assert [each.name for each in record(store).not_started] == ["new"]


# Snapshots


def test_snapshots_are_equal_and_their_records_the_same_when_nothing_changed(
    store: Store,
) -> None:
    store.learn_run(run(), store.stamp())
    sweep(store, scenario_run("scr_1"), scenario_run("scr_2", "completed", 1.0))
    before = store.snapshot_now()
    store.learn_run(run(), store.stamp())
    sweep(store, scenario_run("scr_1"), scenario_run("scr_2", "completed", 1.0))
    after = store.snapshot_now()
    assert after == before
    assert after.records[0] is before.records[0]


def test_what_did_not_change_is_the_same_object_in_the_next_snapshot(store: Store) -> None:
    store.learn_run(run("bmr_1"), store.stamp())
    store.learn_run(run("bmr_2"), store.stamp())
    sweep(store, scenario_run("scr_1"), scenario_run("scr_2"))
    before = store.snapshot_now()
    learn(store, scenario_run("scr_1"), scenario_run("scr_2", "scoring"))
    after = store.snapshot_now()
    assert after.by_id["bmr_2"] is before.by_id["bmr_2"]
    old, new = before.by_id["bmr_1"].scenario_runs, after.by_id["bmr_1"].scenario_runs
    assert old is not None
    assert new is not None
    assert new[0] is old[0]
    assert new[1] is not old[1]
    assert after.by_id["bmr_1"].active == new


def test_records_and_scenario_runs_are_in_the_order_in_which_they_were_learned(
    store: Store,
) -> None:
    ids = [f"bmr_{number * 37 % 101}" for number in range(50)]
    for id_ in ids:
        store.learn_run(run(id_), store.stamp())
    assert [each.id for each in store.snapshot_now().records] == ids
    store.learn_run(run(ids[7], "completed"), store.stamp())
    assert [each.id for each in store.snapshot_now().records] == ids


def test_a_snapshot_that_was_published_never_changes(store: Store) -> None:
    store.learn_run(run(), store.stamp())
    sweep(store, scenario_run("scr_1"))
    before = store.snapshot_now()
    learn(store, scenario_run("scr_1", "completed", 1.0), scenario_run("scr_2"))
    store.learn_run(run(state="completed"), store.stamp())
    store.snapshot_now()
    [old] = before.records
    assert old.run.state == "running"
    assert old.scenario_runs == (scenario_run("scr_1"),)
    assert old.tally == Tally(running=1)


def test_an_action_under_way_is_shown_instead_of_the_state_until_it_ends(store: Store) -> None:
    store.learn_run(run(), store.stamp())
    store.begin("bmr_1", "canceling…", "bmr_1")
    store.begin("scr_1", "completing…", "bmr_1")
    snapshot = store.snapshot_now()
    assert snapshot.by_id["bmr_1"].under_way == "canceling…"
    assert snapshot.by_id["bmr_1"].run.state == "running"
    assert dict(snapshot.under_way)["scr_1"] == "completing…"
    store.end("bmr_1", "bmr_1")
    store.end("scr_1", "bmr_1")
    assert store.snapshot_now().under_way == ()
    assert record(store).under_way == ""
