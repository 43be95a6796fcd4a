"""Each fault because of which nothing can be read: the app runs healthy, into it, and out of it again."""

import pytest

from tests.faults.rows import OUTAGES, Outage
from tests.faults.server import Fault
from tests.faults.watching import INTERVAL_S, Watching, watching

_SHORTLY_S = 2.0
"""So long before a try nothing may be asked."""


@pytest.mark.parametrize("row", OUTAGES, ids=lambda row: row.fault)
async def test_the_data_stays_the_status_tells_and_it_recovers_at_the_next_try(row: Outage) -> None:
    async with watching() as watcher:
        for form in row.answers.values() or [None]:
            await begin(row, form, watcher)
            await stays_and_is_told(row, watcher)
            await asks_no_more_than_the_backoff_allows(row, watcher)
            await end(row, watcher)
            await recovers(row, watcher)


async def begin(row: Outage, form: Fault | None, watcher: Watching) -> None:
    watcher.server.fault = form
    if row.begin is not None:
        await row.begin(watcher.server)


async def end(row: Outage, watcher: Watching) -> None:
    watcher.server.fault = None
    if row.end is not None:
        await row.end(watcher.server)


async def stays_and_is_told(row: Outage, watcher: Watching) -> None:
    """At the next poll, all that was known stays, with its age, and the fault is told beside it."""
    before, asked = watcher.connection.monitor.snapshot, watcher.requests_sent
    rows, fresh_ms = watcher.rows, watcher.fresh_ms
    await watcher.lets_pass(INTERVAL_S + row.takes_s)
    await watcher.sees(*row.sees)
    assert watcher.requests_sent == asked + row.asked
    assert watcher.connection.monitor.snapshot == before, "nothing was said, and nothing changes"
    assert watcher.rows == rows
    age_s = (watcher.time.clock() - fresh_ms) // 1000
    assert f"{age_s}s old" in watcher.status
    assert watcher.fresh_ms == fresh_ms


async def asks_no_more_than_the_backoff_allows(row: Outage, watcher: Watching) -> None:
    """Not before the next try; and after that not for longer."""
    asked = watcher.requests_sent
    await watcher.lets_pass(row.rests_s[0] - _SHORTLY_S)
    assert watcher.requests_sent == asked
    await watcher.lets_pass(_SHORTLY_S + row.takes_s)
    assert watcher.requests_sent == asked + row.asked
    await watcher.lets_pass(row.rests_s[1] - _SHORTLY_S)
    assert watcher.requests_sent == asked + row.asked
    assert row.sees[0] in watcher.screen


async def recovers(row: Outage, watcher: Watching) -> None:
    """By itself, at the next try."""
    await watcher.lets_pass(_SHORTLY_S)
    await watcher.until(lambda: watcher.status.startswith("fresh"), "recovery")
    assert watcher.fresh_ms == watcher.time.clock()
    assert watcher.rows == ["alpha", "beta", "gamma"]
    assert row.sees[0] not in watcher.screen
