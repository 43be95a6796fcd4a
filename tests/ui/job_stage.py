"""An account with a job of three agents: one finished, one failed in set-up, one running; and a terminal job."""

from dataclasses import replace

from runloop_tui.demo.plans import HOUR, MINUTE, JobPlan, OutcomeMix
from runloop_tui.demo.world import World
from runloop_tui.ui.screens.jobs import JobsScreen
from tests.demo.clock import Clock
from tests.ui.stage import Stage
from tests.ui.worlds import ALPHA, TASKS

MIX = OutcomeMix(passed=0.4, partial=0.2, failed=0.15, timeout=0.1)
DONE = replace(
    ALPHA,
    name="done",
    agent="codex",
    model="gpt-5-codex",
    done_initially=None,
    starts_at_ms=-2 * HOUR,
    mix=MIX,
)
BROKEN = replace(
    DONE,
    name="broken",
    agent="opencode",
    model="qwen3-coder-480b",
    starts_at_ms=-HOUR,
    fate="failed",
    cut_off_ms=90_000,
    typical_ms=40 * MINUTE,
    mix=OutcomeMix(passed=0.0, partial=0.0, failed=1.0, timeout=0.0),
)
LONE = replace(ALPHA, name="lone")
"""A live run of no job."""
OLD = replace(DONE, name="old", starts_at_ms=-9 * HOUR, is_linked=False)

MATRIX = JobPlan(
    "matrix",
    -3 * HOUR,
    (DONE, BROKEN, ALPHA),
    attempts=1,
    environment_variables={"TOKEN": "hunter2"},
)
YESTERDAY = JobPlan("yesterday", -10 * HOUR, (OLD,), source="scenarios")


def job_stage(*, jobs: tuple[JobPlan, ...] = (MATRIX, YESTERDAY), **options: object) -> Stage:
    """An app over that account."""
    clock = Clock()
    world = World(clock, plans=(ALPHA, DONE, BROKEN, LONE, OLD), jobs=jobs)
    return Stage(clock=clock, world=world, **options)  # type: ignore[arg-type]


def job_id(stage: Stage, name: str) -> str:
    """The id of the job with this name."""
    return next(job.id for job in stage.world.jobs() if job.plan.name == name)


def jobs_screen(stage: Stage) -> JobsScreen:
    """The screen of jobs, which must be on top."""
    screen = stage.app.screen
    assert isinstance(screen, JobsScreen)
    return screen


def shown_job(stage: Stage) -> str:
    """The name of the job under the cursor."""
    job = jobs_screen(stage).jobs.highlighted
    assert job is not None
    return job.name


def job_names(stage: Stage) -> list[str]:
    """The names of the jobs, in the order of their rows."""
    table = jobs_screen(stage).jobs.table
    return [table.snapshot.jobs.by_id[row_id].name for row_id in table.ids]


def run_rows(stage: Stage) -> list[list[str]]:
    """The rows of the job's runs, as words."""
    table = jobs_screen(stage).runs.table
    return [
        "".join(piece.text for piece in table.row_lines(row_id, 110)[0]).split()
        for row_id in table.ids
    ]


TASK_COUNT = len(TASKS.scenarios)
