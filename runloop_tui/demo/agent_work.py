"""When the agent of a scenario run works: what its devbox logs and its archive tell of the same time."""

from runloop_tui.demo.courses import Course
from runloop_tui.demo.failures import failure_of
from runloop_tui.demo.ids import dice
from runloop_tui.demo.run import Run

SET_UP_AT_MOST_MS = 31_000
"""How long a devbox is set up at the most before its agent starts."""


def set_up_at_most_ms(planned: Course) -> int:
    """Say how long the set-up of a scenario run takes at the most: never more than half of its work."""
    return min(SET_UP_AT_MOST_MS, (_worked_until(planned) - planned.started_ms) // 2)


def hangs_at(run: Run, planned: Course) -> int | None:
    """Say when the agent calls a command that never comes back; None if it never does."""
    if planned.position not in run.plan.hung:
        return None
    share = dice("hangs", *run.key, planned.position).uniform(0.3, 0.6)
    return planned.started_ms + round(run.typical_ms * share)


def agent_works(run: Run, planned: Course) -> tuple[int, int] | None:
    """Say from when to when the agent works for certain, if nobody intervenes; None if it never starts.

    Args:
        run: The benchmark run.
        planned: The scenario run's course as it was laid out.
    """
    failure = failure_of(run, planned)
    if failure is not None and failure.is_in_set_up:
        return None
    until = hangs_at(run, planned) or _worked_until(planned)
    return planned.started_ms + set_up_at_most_ms(planned), until


def _worked_until(course: Course) -> int:
    return course.ended_ms if course.scoring_ms is None else course.scoring_ms
