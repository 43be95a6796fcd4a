"""Each formula is as often right as it claims, on simulated runs: the same ones every time."""

from random import Random

import pytest

from runloop_tui.analysis.end import end_of
from runloop_tui.analysis.slow import Slow, slow_ones, stuck_ones
from tests.simulations.cover import (
    STAGES,
    false_slow,
    of_end,
    of_forecast,
    of_forecast_hard_last,
)
from tests.simulations.simulated_run import LIMIT_MS, MINUTE_MS, Link, SimulatedRun, World

LINKS: tuple[Link, ...] = ("none", "fast pass", "fast fail")


def at_least(claim: float, runs: int) -> float:
    """The cover that as many runs have in 997 of 1,000 tries if the claim is true."""
    return claim - 3 * float((claim * (1 - claim) / runs) ** 0.5)


# The final score: 95 of 100


@pytest.mark.parametrize("done", STAGES)
@pytest.mark.parametrize(("total", "slots", "runs"), [(500, 50, 80), (89, 10, 200)])
def test_the_final_score_lies_within_the_forecast(
    total: int, slots: int, runs: int, done: float
) -> None:
    for link in LINKS:
        found = of_forecast(World(total, slots, link), done, range(runs))
        assert found.given == runs
        assert found.cover >= at_least(0.95, runs), link


def test_the_forecast_narrows_as_the_run_goes_on() -> None:
    widths = [of_forecast(World(500, 50), done, range(10)).width for done in STAGES]
    assert widths == sorted(widths, reverse=True)
    assert widths[0] > 0.4
    assert widths[2] < 0.15
    assert widths[-1] < 0.05


@pytest.mark.parametrize(("total", "slots", "runs"), [(500, 50, 40), (89, 10, 100)])
def test_with_a_run_before_the_order_of_the_starts_does_not_matter(
    total: int, slots: int, runs: int
) -> None:
    world, half = World(total, slots), 0.5
    with_it = of_forecast_hard_last(world, half, range(runs), with_baseline=True)
    without = of_forecast_hard_last(world, half, range(runs), with_baseline=False)
    assert with_it.cover >= at_least(0.95, runs)
    assert without.cover < 0.5, "so the simulation shows what the run before is needed for"


# The end: 99 of 100 with a known limit


@pytest.mark.parametrize(("total", "slots"), [(500, 50), (89, 10), (500, 10), (89, 64)])
def test_a_run_ends_within_the_range_and_never_in_the_past(total: int, slots: int) -> None:
    runs = 50
    found = [of_end(World(total, slots), done, range(runs), LIMIT_MS) for done in STAGES]
    assert sum(each.given for each in found) == runs * len(STAGES)
    within = sum(each.within for each in found)
    assert within / (runs * len(STAGES)) >= at_least(0.99, runs * len(STAGES))
    assert found[1].high < 2.7, "a quarter done: the latest end is not absurdly late"


def test_without_a_known_limit_the_range_holds_where_there_is_one() -> None:
    runs = 60
    covers = [of_end(World(300, 32), done, range(runs), None) for done in STAGES]
    assert [each.given for each in covers[:2]] == [0, 0]
    assert all(each.given >= 0.75 * runs for each in covers[2:])
    given = sum(each.given for each in covers)
    assert sum(each.within for each in covers) / given >= at_least(0.97, given)


def test_without_a_known_limit_there_is_no_upper_end_where_all_start_at_once() -> None:
    assert all(of_end(World(89, 64), done, range(20), None).given == 0 for done in STAGES)


def test_what_is_said_of_the_end_at_any_moment_of_200_runs_is_true() -> None:
    wrong = said = 0
    for seed in range(200):
        total, slots = ((500, 50), (300, 32), (200, 20), (89, 10))[seed % 4]
        run = World(total, slots, errors=0.05).run(seed)
        start, random = run.scenarios[0].start_ms, Random(seed)
        for now in (random.randrange(start, run.end_ms) for _ in range(10)):
            found = end_of(run.attempts(now), total, now, LIMIT_MS)
            if found is not None:
                assert found.low_ms >= now
                said += 1
                wrong += not found.low_ms <= run.end_ms <= (found.high_ms or run.end_ms)
    assert said > 1800
    assert wrong / said <= 0.01


# Slow and stuck


@pytest.mark.parametrize("sigma", [0.6, 0.9, 1.2])
def test_healthy_scenarios_are_hardly_ever_slow_however_long_their_tail(sigma: float) -> None:
    flagged, number = false_slow(World(200, 20, sigma=sigma, limit_ms=None), range(8))
    assert flagged / number <= 0.003


def flagged(run: SimulatedRun, *, until: int) -> tuple[dict[str, Slow], set[str]]:
    """What was ever slow, and ever stuck, looked at every 2 minutes. Healthy ones write every 9 minutes at least."""
    slow: dict[str, Slow] = {}
    stuck: set[str] = set()
    dead = {f"scr_{each.scenario_id}" for each in run.scenarios if each.duration_ms > LIMIT_MS}
    for now in range(run.scenarios[0].start_ms, until, 2 * MINUTE_MS):
        found = slow_ones(run.attempts(now), now, limit_ms=LIMIT_MS)
        silence = {
            each.attempt.id: each.age_ms - MINUTE_MS
            if each.attempt.id in dead
            else now % (9 * MINUTE_MS)
            for each in found
        }
        slow |= {each.attempt.id: each for each in found}
        stuck |= {each.attempt.id for each in stuck_ones(found, silence, 9 * MINUTE_MS)}
    return slow, stuck


def test_a_run_with_scattered_errors_has_nothing_stuck_over_its_whole_life() -> None:
    run = World(500, 50, errors=0.05).run(1)
    assert 15 <= sum(each.score is None for each in run.scenarios) <= 35
    slow, stuck = flagged(run, until=run.end_ms)
    assert stuck == set()
    assert len(slow) <= 2


def test_exactly_the_dead_sandboxes_are_stuck() -> None:
    run = World(500, 50, errors=0.05, dead=3).run(1)
    dead = {f"scr_{each.scenario_id}" for each in run.scenarios if each.duration_ms > LIMIT_MS}
    assert len(dead) == 3
    healthy_end = max(each.end_ms for each in run.scenarios if each.duration_ms <= LIMIT_MS)
    slow, stuck = flagged(run, until=healthy_end)
    assert stuck == dead
    assert {slow[each].evidence for each in dead} == {"limit"}
