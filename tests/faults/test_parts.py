"""Failures of some of the requests: the rest goes on, and what was not said is not shown."""

from typing import TYPE_CHECKING

import httpx

from tests.faults.broken_answers import hides_the_newest_run, says
from tests.faults.rows import (
    AT_THE_START,
    OLD_DATA,
    ONE_BAD_ITEM,
    ONE_RUN_GONE,
    ONE_RUN_UNREADABLE,
    SLOW,
)
from tests.faults.server import serving
from tests.faults.watching import INTERVAL_S, KEY, Watching, watching

if TYPE_CHECKING:
    from tests.faults.server import Good, Line


def is_fresh(watcher: Watching) -> bool:
    return watcher.status.startswith("fresh")


async def test_before_the_first_answer_nothing_is_shown_that_was_not_received() -> None:
    async with watching(failure=AT_THE_START.answer) as watcher:
        await watcher.sees(*AT_THE_START.sees)
        for claim in ("nothing running", "0 running", "none yet", "no runs"):
            assert claim not in watcher.screen
        watcher.server.failure = None
        await watcher.lets_pass(5.25)
        await watcher.sees("fresh", "alpha", "5/12")


async def test_an_answer_that_is_long_in_coming_is_waited_for_and_the_stall_shown() -> None:
    async with watching() as watcher:
        watcher.server.failure = SLOW.answer
        sent = watcher.requests_sent
        await watcher.lets_pass(INTERVAL_S)
        await watcher.until(lambda: watcher.server.holding, "a request")
        await watcher.lets_pass(10.0)
        await watcher.sees(*SLOW.sees)
        assert "no answer for 1" in watcher.status, "ten seconds and the little that really passed"
        assert watcher.requests_sent == sent + 1, "nothing is requested twice"
        await watcher.lets_pass(2.0)
        await watcher.until(lambda: watcher.requests_sent > sent + 1, "an answer")
        watcher.server.failure = None
        await watcher.lets_pass(12.0)
        await watcher.until(lambda: is_fresh(watcher), "an end of the poll")


async def test_one_bad_item_never_costs_the_others() -> None:
    async with watching() as watcher:
        watcher.server.failure = ONE_BAD_ITEM.answer
        before = watcher.done("alpha")
        while watcher.done("alpha") == before:
            await watcher.lets_pass(INTERVAL_S)
        await watcher.lets_pass(INTERVAL_S)
        await watcher.sees(*ONE_BAD_ITEM.sees, watcher.done("alpha"))
        assert {"alpha", "beta", "gamma"} < set(watcher.rows)
        watcher.server.failure = None
        await watcher.lets_pass(13 * INTERVAL_S)
        await watcher.until(lambda: "not understood" not in watcher.status, "an end of warnings")


async def test_one_run_that_cannot_be_read_keeps_its_counts_and_costs_the_others_nothing() -> None:
    async with watching() as watcher:
        watcher.server.failure = ONE_RUN_UNREADABLE.answer
        for _ in range(4):
            lists, poll_ms = listed(watcher), watcher.next_try_ms
            await watcher.lets_pass_until(poll_ms)
            await watcher.sees(*ONE_RUN_UNREADABLE.sees, "5/12")
            assert listed(watcher) == lists + 1, "the list is requested as ever"
            assert watcher.next_try_ms <= poll_ms + 2 * INTERVAL_S * 1000
        watcher.server.failure = None
        await watcher.lets_pass(12 * INTERVAL_S)
        await watcher.sees("fresh", watcher.done("alpha"))


def listed(watcher: Watching) -> int:
    """How often the running ones were listed."""
    return sum("limit=100" in str(request.url.query) for request in watcher.server.requests)


async def test_one_run_that_is_not_found_is_said_to_be_gone_until_it_is_back() -> None:
    async with watching() as watcher:
        watcher.server.failure = hides_the_newest_run()
        await watcher.lets_pass(2 * INTERVAL_S)
        await watcher.sees(*ONE_RUN_GONE.sees)
        assert "gone" in watcher.row("alpha")
        assert watcher.rows == ["alpha", "beta", "gamma"]
        assert "nothing running" in watcher.screen
        watcher.server.failure = None
        await watcher.lets_pass(INTERVAL_S)
        await watcher.until(lambda: "running" in watcher.row("alpha"), "to see alpha running again")


async def test_old_data_after_new_brings_no_terminal_run_back() -> None:
    async with watching() as watcher:
        await watcher.lets_pass(720.0)
        await watcher.sees("fresh", "nothing running")
        assert "12/12" in watcher.row("alpha")
        watcher.world.now = lambda: watcher.time.clock() - 600_000
        assert watcher.run("alpha").state_at(watcher.world.now()) == "running"
        watcher.server.failure = without_date
        await watcher.lets_pass(7 * INTERVAL_S)
        await watcher.sees(*OLD_DATA.sees, "nothing running")
        assert "12/12" in watcher.row("alpha")
        assert "completed" in watcher.row("alpha")


async def without_date(_: httpx.Request, line: "Line", good: "Good") -> None:
    """A cache answers, and does not say since when it has it."""
    response = await good()
    del response.headers["Date"]
    await line.send(response)


async def test_the_token_stays_at_home_when_an_answer_leads_elsewhere() -> None:
    async with watching() as watcher, serving(httpx.MockTransport(_runs)) as elsewhere:
        there = f"http://127.0.0.1:{elsewhere.port}/v1/benchmark_runs"
        for status in (301, 302, 307, 308):
            watcher.server.failure = says(status, location=there)
            await watcher.lets_pass(60.0)
            await watcher.sees(f"got a redirect ({status})")
        at_home = watcher.server.requests[-1].headers
        assert at_home["Authorization"] == f"Bearer {KEY}"
        assert elsewhere.requests == []


def _runs(_: httpx.Request) -> httpx.Response:
    return httpx.Response(200, json={"runs": [], "has_more": False})
