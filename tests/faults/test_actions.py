"""Cancels under failures: sent once or not at all, and their outcome is notified."""

from tests.faults.broken_answers import ignores_actions
from tests.faults.rows import (
    CUT_OFF,
    LOST_AND_OUT_OF_SIGHT,
    LOST_BUT_DONE,
    PRESSED_TWICE,
    SENT_DURING_STALL,
    TERMINAL_MEANWHILE,
)
from tests.faults.watching import INTERVAL_S, Watching, watching
from tests.ui.test_actions import CONFIRM


def cancel_of(watcher: Watching, name: str) -> str:
    return f"/v1/benchmark_runs/{watcher.run(name).id}/cancel"


async def cancel(watcher: Watching) -> None:
    """Ask for the run under the cursor to be canceled, and say yes."""
    await watcher.pilot.press("X", *CONFIRM)


async def test_an_answer_that_is_lost_is_made_up_for_by_a_look(notified: list[str]) -> None:
    async with watching() as watcher:
        watcher.server.failure = LOST_BUT_DONE.answer
        await cancel(watcher)
        await watcher.until(lambda: notified, "an outcome")
        assert notified == [*LOST_BUT_DONE.sees]
        await watcher.lets_pass(2 * INTERVAL_S)
        await watcher.sees("⊘ canceled", "nothing running")
        assert watcher.server.posts == [cancel_of(watcher, "alpha")]
        assert len(notified) == 1, "a requested end is not notified again"


async def test_where_no_look_is_possible_it_is_unknown_until_the_next_try(
    notified: list[str],
) -> None:
    async with watching() as watcher:
        watcher.server.failure = LOST_AND_OUT_OF_SIGHT.answer
        await cancel(watcher)
        await watcher.until(lambda: notified, "an outcome")
        assert notified == [" ".join(LOST_AND_OUT_OF_SIGHT.sees)]
        await watcher.sees("● alpha", "! the connection broke off")
        assert "canceling…" not in watcher.screen
        watcher.server.failure = None
        await watcher.lets_pass(5.25)
        await watcher.sees("fresh", "⊘ canceled")
        assert notified[1].startswith("alpha has ended: canceled")
        assert watcher.server.posts == [cancel_of(watcher, "alpha")]


async def test_pressed_twice_it_is_sent_once(notified: list[str]) -> None:
    async with watching() as watcher:
        watcher.server.failure = PRESSED_TWICE.answer
        await cancel(watcher)
        await watcher.until(lambda: watcher.server.posts, "a cancel")
        await watcher.sees("canceling…")
        await cancel(watcher)
        await watcher.until(lambda: notified, "an outcome")
        assert notified == [*PRESSED_TWICE.sees]
        await watcher.lets_pass(4.0)
        await watcher.until(lambda: len(notified) == 2, "the other outcome")
        assert notified[1] == "alpha is canceled."
        assert watcher.server.posts == [cancel_of(watcher, "alpha")]


async def test_during_an_outage_it_is_refused_before_it_is_sent_and_works_after_it(
    notified: list[str],
) -> None:
    async with watching() as watcher:
        await watcher.server.refuse()
        await watcher.lets_pass(INTERVAL_S)
        await watcher.sees("! no connection: the host refused")
        await cancel(watcher)
        await watcher.until(lambda: notified, "an outcome")
        assert notified == [" ".join(CUT_OFF.sees)]
        await watcher.server.listen()
        assert "! no connection" in watcher.status
        await cancel(watcher)
        await watcher.until(lambda: len(notified) == 2, "an outcome")
        assert notified[1] == "alpha is canceled."
        assert watcher.server.posts == [cancel_of(watcher, "alpha")]


async def test_nothing_is_sent_during_a_stall(notified: list[str]) -> None:
    async with watching() as watcher:
        watcher.server.failure = SENT_DURING_STALL.answer
        await watcher.lets_pass_until(watcher.next_try_ms)
        await watcher.until(lambda: watcher.server.holding, "a request")
        await watcher.lets_pass(4.0)
        await watcher.sees("no answer for")
        await cancel(watcher)
        await watcher.until(lambda: watcher.server.holding == 2, "a look")
        await watcher.sees("canceling…")
        await watcher.lets_pass(31.0)
        await watcher.until(lambda: notified, "an outcome")
        assert notified == [" ".join(SENT_DURING_STALL.sees)]
        assert watcher.server.posts == []


async def test_a_run_that_became_terminal_meanwhile_is_reported_so_and_nothing_is_sent_again(
    notified: list[str],
) -> None:
    async with watching() as watcher:
        await watcher.pilot.press("X")
        watcher.world.complete_run(watcher.run("alpha"))
        await watcher.pilot.press(*CONFIRM)
        await watcher.until(lambda: notified, "an outcome")
        assert all(words in notified[0] for words in TERMINAL_MEANWHILE.sees)
        await watcher.sees("✓ completed")
        await watcher.pilot.press("X")
        await watcher.until(lambda: len(notified) > 1, "an answer")
        assert watcher.server.posts == [cancel_of(watcher, "alpha")]


async def test_a_complete_is_treated_no_otherwise(notified: list[str]) -> None:
    async with watching() as watcher:
        watcher.server.failure = ignores_actions()
        await watcher.pilot.press("C", *CONFIRM)
        await watcher.until(lambda: notified, "an outcome")
        assert len(notified) == 1
        assert notified[0].startswith("alpha: it is unknown whether it was completed")
        assert "At a fresh look it is running." in notified[0]
        await watcher.lets_pass(2 * INTERVAL_S)
        await watcher.sees("fresh", "● alpha")
        alpha = watcher.run("alpha").id
        assert watcher.server.posts == [f"/v1/benchmark_runs/{alpha}/complete"]
