"""Each failure because of which nothing can be read: the app runs healthy, into it, and out of it again."""

import pytest

from runloop_tui.present.units import brief
from tests.faults.outages import OUTAGES
from tests.faults.row import Outage
from tests.faults.server import Failure
from tests.faults.watching import Watching, watching

_SHORTLY_MS = 2_000
"""So long before a try nothing may be requested."""


@pytest.mark.parametrize("row", OUTAGES, ids=lambda row: row.failure)
async def test_the_data_stays_the_status_shows_the_failure_and_it_recovers_at_the_next_try(
    row: Outage,
) -> None:
    async with watching() as watcher:
        for form in row.answers.values() or [None]:
            await begin(row, form, watcher)
            await stays_and_is_shown(row, watcher)
            await requests_no_more_than_the_backoff_allows(row, watcher)
            await end(row, watcher)
            await recovers(row, watcher)


async def begin(row: Outage, form: Failure | None, watcher: Watching) -> None:
    watcher.server.failure = form
    if row.begin is not None:
        await row.begin(watcher.server)


async def end(row: Outage, watcher: Watching) -> None:
    watcher.server.failure = None
    if row.end is not None:
        await row.end(watcher.server)


async def stays_and_is_shown(row: Outage, watcher: Watching) -> None:
    """At the next poll, all that was known stays, with its age, and the failure is shown beside it."""
    before, sent = watcher.snapshot, watcher.requests_sent
    rows, fresh_ms = watcher.rows, watcher.fresh_ms
    await watcher.lets_pass_until(watcher.next_try_ms)
    await watcher.lets_pass(row.takes_s)
    await watcher.sees(*row.sees)
    assert watcher.requests_sent == sent + row.requests
    assert watcher.snapshot == before, "nothing was said, and nothing changes"
    assert watcher.rows == rows
    assert watcher.fresh_ms == fresh_ms
    watcher.app._tick()
    now_ms = watcher.time.clock()
    assert f"next try in {brief(watcher.next_try_ms - now_ms)}  " in watcher.status
    assert f", {brief(now_ms - fresh_ms)} old" in watcher.status


async def requests_no_more_than_the_backoff_allows(row: Outage, watcher: Watching) -> None:
    """Not before the next try; and after that not for longer."""
    first_s, second_s = row.rests_s
    await rests(first_s, watcher)
    sent = watcher.requests_sent
    await watcher.lets_pass_until(watcher.next_try_ms)
    await watcher.lets_pass(row.takes_s)
    await watcher.until(lambda: watcher.requests_sent == sent + row.requests, "the next try")
    await watcher.settle()
    await rests(second_s, watcher)
    assert watcher.requests_sent == sent + row.requests
    assert row.sees[0] in watcher.screen


async def rests(seconds: float, watcher: Watching) -> None:
    """For that long nothing is requested."""
    sent = watcher.requests_sent
    assert seconds - 1 < (watcher.next_try_ms - watcher.time.clock()) / 1000 <= seconds
    await watcher.lets_pass_until(watcher.next_try_ms - _SHORTLY_MS)
    assert watcher.requests_sent == sent


async def recovers(row: Outage, watcher: Watching) -> None:
    """By itself, at the next try."""
    await watcher.lets_pass_until(watcher.next_try_ms)
    await watcher.until(lambda: watcher.status.startswith("fresh"), "recovery")
    assert watcher.rows == ["alpha", "beta", "gamma"]
    assert row.sees[0] not in watcher.screen
