"""Timelines over hours: events at short intervals, in a consistent order."""

from itertools import pairwise

from runloop_tui.demo.plans import HOUR
from runloop_tui.demo.run import Run
from runloop_tui.demo.world import World
from tests.demo.clock import ORIGIN_MS, Clock

WATCH_MS = 6 * HOUR
STATE_ORDER = ["running", "scoring", "scored", "completed"]


def runs_of_a_long_watch() -> list[Run]:
    clock = Clock()
    world = World(clock)
    clock.advance(ms=WATCH_MS)
    return list(world.runs())


def events_of(run: Run) -> list[int]:
    """Return the times of all events of a run."""
    moments = {run.start_ms, run.ended_ms}
    for timeline in run.timelines:
        moments |= {timeline.started_ms, timeline.ended_ms}
        moments |= {time for time in (timeline.scoring_ms, timeline.scored_ms) if time is not None}
    return sorted(moments)


def during_the_watch(moments: list[int]) -> list[int]:
    inside = [moment for moment in moments if ORIGIN_MS <= moment <= ORIGIN_MS + WATCH_MS]
    return [ORIGIN_MS, *inside, ORIGIN_MS + WATCH_MS]


def test_something_happens_every_few_seconds_for_hours() -> None:
    moments = during_the_watch(
        sorted({m for run in runs_of_a_long_watch() for m in events_of(run)})
    )
    gaps = [after - before for before, after in pairwise(moments)]
    assert max(gaps) <= 10_000
    assert sum(gaps) / len(gaps) <= 4_000


def test_in_each_live_run_something_happens_at_least_every_ten_seconds() -> None:
    for run in runs_of_a_long_watch():
        if run.ended_ms > ORIGIN_MS:
            moments = [m for m in events_of(run) if ORIGIN_MS <= m <= run.ended_ms]
            assert max(after - before for before, after in pairwise(moments)) <= 10_000


def test_a_small_run_appears_after_three_minutes_and_ends_by_itself() -> None:
    clock = Clock()
    world = World(clock)
    known = {run.id for run in world.runs()}
    clock.advance(minutes=2, s=59)
    assert {run.id for run in world.runs()} == known
    clock.advance(s=1)
    [new_run] = [run for run in world.runs() if run.id not in known]
    assert 5 <= len(new_run.timelines) <= 10
    assert new_run.state_at(clock()) == "running"
    clock.advance(minutes=5)
    assert new_run.state_at(clock()) == "completed"


def test_new_runs_keep_coming_and_stay_few() -> None:
    clock = Clock()
    world = World(clock)
    for _ in range(24 * 12):
        clock.advance(minutes=5)
        live = [run for run in world.runs() if run.state_at(clock()) == "running"]
        assert 1 <= len(live) <= 7


def test_a_scenario_run_only_ever_moves_forward() -> None:
    clock = Clock()
    world = World(clock)
    run = next(run for run in world.runs() if run.plan.name == "tb2-nightly-codex")
    before: dict[int, str] = {}
    while run.state_at(clock()) == "running":
        clock.advance(s=3)
        for timeline in run.newest_first(clock()):
            state = timeline.state_at(clock())
            earlier = before.get(timeline.position, "running")
            if earlier != state:
                assert earlier in STATE_ORDER[:-1]
                if state in STATE_ORDER:
                    assert STATE_ORDER.index(state) > STATE_ORDER.index(earlier)
                else:
                    assert earlier == "running"
            before[timeline.position] = state
    assert len(before) == 89
    assert set(before.values()) <= {"completed", "failed", "timeout"}


def test_no_more_scenarios_run_at_once_than_the_run_may() -> None:
    for run in runs_of_a_long_watch():
        for moment in events_of(run)[:: max(1, len(run.timelines) // 20)]:
            active = sum(timeline.ended_ms > moment for timeline in run.newest_first(moment))
            assert active <= run.plan.concurrency


def test_scenarios_take_minutes() -> None:
    clock = Clock()
    run = next(run for run in World(clock).runs() if run.plan.name == "swe-lite-mini-swe-agent")
    lengths = sorted(timeline.ended_ms - timeline.started_ms for timeline in run.timelines)
    assert 10 * 60_000 < lengths[len(lengths) // 2] < 30 * 60_000
    assert lengths[0] > 10_000


def test_a_run_completes_by_itself_with_the_mean_of_all_its_scores() -> None:
    clock = Clock()
    world = World(clock)
    run = next(run for run in world.runs() if run.plan.name == "swe-verified-claude-code")
    clock.now_ms = max(timeline.ended_ms for timeline in run.timelines)
    assert run.state_at(clock()) == "running"
    clock.advance(s=10)
    assert run.state_at(clock()) == "completed"
    scores = [timeline.score_at(clock()) or 0.0 for timeline in run.timelines]
    assert len(scores) == 500
    assert run.final_score == round(sum(scores) / 500, 6)


def test_hung_scenarios_hold_their_run_until_they_time_out() -> None:
    run = next(r for r in World(Clock()).runs() if r.plan.name == "swe-verified-claude-code")
    last = sorted(run.timelines, key=lambda timeline: timeline.ended_ms)[-2:]
    assert [timeline.end for timeline in last] == ["timeout"] * 2
    assert [timeline.position for timeline in last] == list(run.plan.hung)
