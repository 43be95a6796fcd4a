"""Thousands of scenario runs and thousands of runs: what is asked costs what is answered."""

from runloop_tui.demo import names
from runloop_tui.demo.plans import HOUR, BenchmarkPlan, RunPlan
from runloop_tui.demo.world import World
from tests.demo.asking import Asking
from tests.demo.clock import Clock
from tests.server import big_plan


async def test_a_run_of_five_thousand_scenarios_has_two_thousand_done(clock: Clock) -> None:
    asking = Asking(World(clock, plans=[big_plan()]))
    [run] = await asking.runs()
    scenario_runs = await asking.scenario_runs(run["id"])
    done = [each for each in scenario_runs if each["duration_ms"] is not None]
    assert len(done) == 2000
    assert 25 <= len(scenario_runs) - len(done) <= 30
    benchmark = await asking.get(f"/v1/benchmarks/{run['benchmark_id']}")
    assert len(set(benchmark["scenarioIds"])) == 5000


async def test_a_page_of_a_large_run_writes_only_what_it_shows(clock: Clock) -> None:
    world = World(clock, plans=[big_plan()])
    asking = Asking(world)
    [run] = list(world.runs())
    for query in ({}, {"state": "completed"}, {"include_total_count": "false"}):
        path = f"/v1/benchmark_runs/{run.id}/scenario_runs"
        page = await asking.get(path, limit=100, **query)
        assert len(page["runs"]) == 100
    assert len(run._printed) <= 200


async def test_five_thousand_runs_are_paged_without_laying_out_their_scenarios(
    clock: Clock,
) -> None:
    smoke = BenchmarkPlan("smoke", names.TERMINAL_BENCH_2[:4])
    plans = [RunPlan(f"run-{i}", smoke, starts_at_ms=-i * HOUR) for i in range(5000)]
    world = World(clock, plans=plans)
    asking = Asking(world)
    page = await asking.get("/v1/benchmark_runs", limit=100)
    assert (len(page["runs"]), page["total_count"], page["has_more"]) == (100, 5000, True)
    laid_out = sum("timelines" in run.__dict__ for run in world.runs())
    assert laid_out == 100
    last = page["runs"][-1]["id"]
    page = await asking.get("/v1/benchmark_runs", limit=5000, starting_after=last)
    assert (len(page["runs"]), page["has_more"]) == (4900, False)
