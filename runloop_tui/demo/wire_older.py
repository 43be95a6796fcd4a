"""The view of a benchmark run as older servers write it: its scenarios stand inside."""

from runloop_tui.demo import wire
from runloop_tui.demo.courses import Course
from runloop_tui.demo.run import Run
from runloop_tui.demo.wire import Wire
from runloop_tui.demo.world import World

NOT_YET_TOLD = ("purpose", "environment_variables", "secrets_provided")
"""What the older view has no fields for."""


def benchmark_run(world: World, run: Run) -> Wire:
    """Write the older BenchmarkRunView.

    Every scenario stands in one of two lists: as an id among `pending_scenarios` until it has
    ended, then among `scenario_runs`, without a `scoringResult` if it never got a score.
    """
    now = world.now()
    benchmark = run.plan.benchmark
    ended = [course for course in run.courses if course.ended_ms <= now]
    over = {course.scenario for course in ended}
    view = wire.benchmark_run(world, run)
    return {
        **{field: value for field, value in view.items() if field not in NOT_YET_TOLD},
        "pending_scenarios": [
            world.scenario_id(benchmark, index)
            for index in range(run.plan.size)
            if index not in over
        ],
        "scenario_runs": [_scenario_run(world, run, course) for course in ended],
    }


def _scenario_run(world: World, run: Run, course: Course) -> Wire:
    score = course.score
    return {
        "scenario_id": world.scenario_id(run.plan.benchmark, course.scenario),
        "scenarioRunId": run.scenario_run_id(course.position),
        "scoringResult": None if score is None else wire.scoring(run, course, score),
    }
