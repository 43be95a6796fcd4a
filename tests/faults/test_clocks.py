"""Clocks that differ, jump, or stop while the machine sleeps."""

import pytest

from tests.faults.broken_answers import says
from tests.faults.rows import CLOCK_SET, CLOCKS_DIFFER, SLEPT
from tests.faults.watching import INTERVAL_S, Watching, watching

HOUR_S = 3_600.0
HOUR_MS = 3_600_000


def sleep(watcher: Watching, seconds: float) -> None:
    """The machine sleeps: its clock goes on, nothing else does; then the app is drawn again."""
    watcher.time.sleep_through(seconds)
    watcher.app._tick()


@pytest.mark.parametrize(("hours", "now"), [(5, "19:13"), (-5, "09:13")])
async def test_a_clock_that_is_hours_off_makes_nothing_hours_older(hours: int, now: str) -> None:
    async with watching(clocks_differ_ms=lambda: hours * HOUR_MS) as watcher:
        await watcher.sees(*CLOCKS_DIFFER.sees)
        assert "11m" in watcher.row("alpha")
        assert "stuck" not in watcher.screen
        assert watcher.screen.split("\n")[0].strip().endswith(now)
        assert watcher.status.startswith(f"fresh {now}"), "one clock on the whole screen"


async def test_a_clock_that_is_set_while_the_app_runs_is_seen_through_at_the_next_poll() -> None:
    differ_ms = 0
    async with watching(clocks_differ_ms=lambda: differ_ms) as watcher:
        for forward_ms in (5 * HOUR_MS, -5 * HOUR_MS):
            differ_ms -= forward_ms
            sleep(watcher, forward_ms / 1000)
            await a_poll_comes_within_the_interval(watcher)
            await watcher.sees(*CLOCK_SET.sees)
            assert "11m" in watcher.row("alpha")
            assert watcher.fresh_ms > watcher.time.clock() - INTERVAL_S * 1000


async def a_poll_comes_within_the_interval(watcher: Watching) -> None:
    sent = len(watcher.server.requests)
    await watcher.lets_pass(INTERVAL_S)
    await watcher.until(lambda: len(watcher.server.requests) > sent, "a poll")
    await watcher.settle()


async def test_after_an_hour_of_sleep_it_shows_the_age_of_all_and_polls_at_once(
    notified: list[str],
) -> None:
    async with watching() as watcher:
        await watcher.server.refuse()  # what was connected is so no more
        await watcher.server.listen()
        sleep(watcher, HOUR_S)
        assert all(words in watcher.status for words in SLEPT.sees)
        await watcher.until(lambda: watcher.status.startswith("fresh"), "a poll")
        await watcher.sees("✓ completed", "12/12", "nothing running")
        assert len(notified) == 1
        assert notified[0].startswith("alpha has ended: completed")


async def test_a_try_that_was_put_off_does_not_wait_for_as_long_again_after_a_sleep() -> None:
    async with watching() as watcher:
        watcher.server.failure = says(429, retry_after="840")
        await watcher.lets_pass(INTERVAL_S)
        await watcher.sees("! rate limited (429)", "next try in 14m")
        watcher.server.failure = None
        sleep(watcher, HOUR_S)
        await watcher.until(lambda: watcher.status.startswith("fresh"), "a poll")


@pytest.mark.parametrize(("wish", "words"), [("1800", "30m"), ("1e9", "11574d")])
async def test_a_long_retry_after_is_capped_at_15_minutes_and_shown(wish: str, words: str) -> None:
    async with watching() as watcher:
        watcher.server.failure = says(429, retry_after=wish)
        await watcher.lets_pass(INTERVAL_S)
        await watcher.sees("! rate limited (429)", "next try in", f"(the server wants {words})")
        assert 14 * 60_000 < watcher.next_try_ms - watcher.time.clock() <= 15 * 60_000
        watcher.server.failure = None
        await watcher.lets_pass(15 * 60 + 1)
        await watcher.until(lambda: watcher.status.startswith("fresh"), "a poll")
