"""Cancels under faults: sent once or not at all, and what became of them is told."""

from tests.faults.broken_answers import ignores_actions
from tests.faults.rows import (
    CUT_OFF,
    ENDED_MEANWHILE,
    LOST_AND_OUT_OF_SIGHT,
    LOST_BUT_DONE,
    PRESSED_TWICE,
    SENT_INTO_SILENCE,
)
from tests.faults.watching import INTERVAL_S, Watching, watching
from tests.ui.test_actions import CONFIRM


def cancel_of(watcher: Watching, name: str) -> str:
    return f"/v1/benchmark_runs/{watcher.run(name).id}/cancel"


async def cancel(watcher: Watching) -> None:
    """Ask for the run under the cursor to be canceled, and say yes."""
    await watcher.pilot.press("X", *CONFIRM)


async def test_an_answer_that_is_lost_is_made_up_for_by_a_look(told: list[str]) -> None:
    async with watching() as watcher:
        watcher.server.fault = LOST_BUT_DONE.answer
        await cancel(watcher)
        await watcher.until(lambda: told, "an outcome")
        assert told == [*LOST_BUT_DONE.sees]
        await watcher.lets_pass(2 * INTERVAL_S)
        await watcher.sees("⊘ canceled", "nothing running")
        assert watcher.server.posts == [cancel_of(watcher, "alpha")]
        assert len(told) == 1, "an end that was asked for is no news"


async def test_where_no_look_is_possible_it_is_unknown_until_the_next_try_tells(
    told: list[str],
) -> None:
    async with watching() as watcher:
        watcher.server.fault = LOST_AND_OUT_OF_SIGHT.answer
        await cancel(watcher)
        await watcher.until(lambda: told, "an outcome")
        assert told == [" ".join(LOST_AND_OUT_OF_SIGHT.sees)]
        await watcher.sees("● alpha", "! the connection broke off")
        assert "canceling…" not in watcher.screen
        watcher.server.fault = None
        await watcher.lets_pass(5.25)
        await watcher.sees("fresh", "⊘ canceled")
        assert told[1].startswith("alpha has ended: canceled")
        assert watcher.server.posts == [cancel_of(watcher, "alpha")]


async def test_pressed_twice_it_is_sent_once(told: list[str]) -> None:
    async with watching() as watcher:
        watcher.server.fault = PRESSED_TWICE.answer
        await cancel(watcher)
        await watcher.until(lambda: watcher.server.posts, "a cancel")
        await watcher.sees("canceling…")
        await cancel(watcher)
        await watcher.until(lambda: told, "an outcome")
        assert told == [*PRESSED_TWICE.sees]
        await watcher.lets_pass(4.0)
        await watcher.until(lambda: len(told) == 2, "the other outcome")
        assert told[1] == "alpha is canceled."
        assert watcher.server.posts == [cancel_of(watcher, "alpha")]


async def test_during_an_outage_it_is_refused_before_it_is_sent_and_works_after_it(
    told: list[str],
) -> None:
    async with watching() as watcher:
        await watcher.server.refuse()
        await watcher.lets_pass(INTERVAL_S)
        await watcher.sees("! no connection: the host refused")
        await cancel(watcher)
        await watcher.until(lambda: told, "an outcome")
        assert told == [" ".join(CUT_OFF.sees)]
        await watcher.server.listen()
        assert "! no connection" in watcher.status
        await cancel(watcher)
        await watcher.until(lambda: len(told) == 2, "an outcome")
        assert told[1] == "alpha is canceled."
        assert watcher.server.posts == [cancel_of(watcher, "alpha")]


async def test_nothing_is_sent_into_a_silence(told: list[str]) -> None:
    async with watching() as watcher:
        watcher.server.fault = SENT_INTO_SILENCE.answer
        await watcher.lets_pass_until(watcher.next_try_ms)
        await watcher.until(lambda: watcher.server.holding, "a request")
        await watcher.lets_pass(4.0)
        await watcher.sees("no answer for")
        await cancel(watcher)
        await watcher.until(lambda: watcher.server.holding == 2, "a look")
        await watcher.sees("canceling…")
        await watcher.lets_pass(31.0)
        await watcher.until(lambda: told, "an outcome")
        assert told == [" ".join(SENT_INTO_SILENCE.sees)]
        assert watcher.server.posts == []


async def test_a_run_that_ended_meanwhile_is_said_to_have_ended_and_nothing_is_sent_again(
    told: list[str],
) -> None:
    async with watching() as watcher:
        await watcher.pilot.press("X")
        watcher.world.complete_run(watcher.run("alpha"))
        await watcher.pilot.press(*CONFIRM)
        await watcher.until(lambda: told, "an outcome")
        assert all(words in told[0] for words in ENDED_MEANWHILE.sees)
        await watcher.sees("✓ completed")
        await watcher.pilot.press("X")
        await watcher.until(lambda: len(told) > 1, "an answer")
        assert watcher.server.posts == [cancel_of(watcher, "alpha")]


async def test_a_complete_is_treated_no_otherwise(told: list[str]) -> None:
    async with watching() as watcher:
        watcher.server.fault = ignores_actions()
        await watcher.pilot.press("C", *CONFIRM)
        await watcher.until(lambda: told, "an outcome")
        assert len(told) == 1
        assert told[0].startswith("alpha: it is unknown whether it was completed")
        assert "At a fresh look it is running." in told[0]
        await watcher.lets_pass(2 * INTERVAL_S)
        await watcher.sees("fresh", "● alpha")
        alpha = watcher.run("alpha").id
        assert watcher.server.posts == [f"/v1/benchmark_runs/{alpha}/complete"]
