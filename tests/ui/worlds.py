"""Small accounts in which every row is known; an app over them starts in half the time of the default one."""

from runloop_tui.demo import names
from runloop_tui.demo.plans import HOUR, MINUTE, BenchmarkPlan, RunPlan
from runloop_tui.demo.world import World
from tests.demo.clock import Clock
from tests.ui.stage import Stage

TASKS = BenchmarkPlan("mini", names.TERMINAL_BENCH_2[:12])
SIX_TASKS = BenchmarkPlan("mini of six", TASKS.scenarios[:6])
TWO_TASKS = BenchmarkPlan("mini of two", TASKS.scenarios[:2])
ONE_TASK = BenchmarkPlan("mini of one", TASKS.scenarios[:1])

ALPHA = RunPlan("alpha", TASKS, done_initially=5, concurrency=4)
"""Live: five of its twelve scenarios are done, three are running; it ends after 710 s."""
BETA = RunPlan("beta", TASKS, starts_at_ms=-2 * HOUR)
"""Ended two hours ago, completed, with one error."""
GAMMA = RunPlan("gamma", TASKS, starts_at_ms=-3 * HOUR, fate="failed", cut_off_ms=5 * MINUTE)
"""Failed three hours ago."""
LATER = RunPlan("later", SIX_TASKS, starts_at_ms=2 * MINUTE, concurrency=2)
"""Starts two minutes after the world's birth."""
LATEST = RunPlan("latest", SIX_TASKS, starts_at_ms=3 * MINUTE, concurrency=2)
"""Starts three minutes after the world's birth."""
TWIN = RunPlan("twin", TASKS, done_initially=4, concurrency=4)
"""Live, as ALPHA is."""

FEW = (ALPHA, BETA, GAMMA, LATER, LATEST)
TWO_LIVE = (ALPHA, TWIN, BETA)
MANY = (
    ALPHA,
    *(
        RunPlan(f"past-{number:02}", TWO_TASKS, starts_at_ms=-number * HOUR)
        for number in range(1, 31)
    ),
)
"""One live run above thirty short terminal ones."""

MORE_THAN_A_PAGE = tuple(
    RunPlan(f"past-{number:03}", ONE_TASK, starts_at_ms=-number * HOUR) for number in range(1, 106)
)
"""Five runs more than are read at first."""

RUNNING_IN_ALPHA = ("build-cython-ext", "chess-best-move", "cobol-modernization")
ZERO_IN_ALPHA = ("build-pmars", "build-pov-ray", "cancel-async-tasks")
PASSED_IN_ALPHA = ("adaptive-rejection-sampler", "code-from-image")
PROBLEMS_FIRST_IN_ALPHA = [*ZERO_IN_ALPHA, *RUNNING_IN_ALPHA, *PASSED_IN_ALPHA]


def stage_of(*plans: RunPlan, **options: object) -> Stage:
    """An app over an account with these runs; `options` are those of a Stage."""
    clock = Clock()
    return Stage(clock=clock, world=World(clock, plans=plans), **options)  # type: ignore[arg-type]


def run_id(stage: Stage, name: str | None) -> str:
    """The id of the run with this name."""
    return next(run.id for run in stage.world.runs() if run.plan.name == name)


def scenario_run_id(stage: Stage, run_name: str, name: str) -> str:
    """The id of the scenario run with this name in a run."""
    run = stage.world.run(run_id(stage, run_name))
    return next(
        run.scenario_run_id(timeline.position)
        for timeline in run.timelines
        if run.scenario_name(timeline) == name
    )
