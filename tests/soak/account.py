"""An account that always has a live run of 500 scenarios: where one ends, the next has begun."""

from runloop_tui.demo import names
from runloop_tui.demo.plans import MINUTE, BenchmarkPlan, RunPlan
from runloop_tui.demo.world import World
from tests.demo.clock import Clock

POLL_MS = 5_000
_FIVE_HUNDRED = BenchmarkPlan("five hundred", names.swe_bench_verified())
_ENDED = 10
_LASTS_MS = 500 // 30 * 12 * MINUTE


def account(clock: Clock, polls: int) -> World:
    """An account for so many polls; 30 scenarios run at once, and one ends every 24 s.

    Enough runs are terminal before, for the app to hold of terminal runs all that it ever will.
    """
    starts = range(-_ENDED * _LASTS_MS - _LASTS_MS // 2, polls * POLL_MS, _LASTS_MS)
    plans = [
        RunPlan(f"nightly-{n:02}", _FIVE_HUNDRED, start, concurrency=30, typical_ms=12 * MINUTE)
        for n, start in enumerate(starts)
    ]
    world = World(clock, plans=plans)
    for run in world._runs:  # laid out now, so that the world holds as much now as at the end
        assert run.starts
        assert len(run.positions) == len(run.devboxes)
        for timeline in run.timelines:
            run.scorer_results(timeline)
    return world
