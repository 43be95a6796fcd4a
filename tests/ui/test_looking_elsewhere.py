"""Where the terminal says that it has lost the focus, nothing moves for the time's sake; what changes is shown."""

from textual import events

from tests.ui.seeing import WIDE
from tests.ui.stage import Stage
from tests.ui.worlds import FEW, stage_of


def seconds_pass(stage: Stage, seconds: int) -> None:
    """Let the clock and the app's ticks go on."""
    for _ in range(seconds):
        stage.clock.advance(s=1)
        stage.app._tick_if_seen()


def elapsed(stage: Stage) -> str:
    """The line of the run in full with its elapsed time."""
    return next(line for line in stage.text().split("\n") if "elapsed" in line)


async def test_time_does_not_advance_without_the_focus_but_not_for_long() -> None:
    stage = stage_of(*FEW)
    async with stage.running(WIDE) as pilot:
        before = elapsed(stage)
        stage.app.post_message(events.AppBlur())
        await pilot.pause()
        seconds_pass(stage, 20)  # the app's own timer may tick too
        await pilot.pause()
        assert elapsed(stage) == before
        seconds_pass(stage, 10)
        await pilot.pause()
        assert elapsed(stage) != before


async def test_with_the_focus_it_is_right_again_at_once() -> None:
    stage = stage_of(*FEW)
    async with stage.running(WIDE) as pilot:
        before = elapsed(stage)
        stage.app.post_message(events.AppBlur())
        await pilot.pause()
        seconds_pass(stage, 5)
        stage.app.post_message(events.AppFocus())
        await pilot.pause()
        assert elapsed(stage) != before


async def test_what_the_server_says_is_shown_all_the_same() -> None:
    stage = stage_of(*FEW)
    async with stage.running(WIDE) as pilot:
        stage.app.post_message(events.AppBlur())
        await pilot.pause()
        stage.clock.advance(minutes=720)
        await stage.poll(pilot)
        assert "✓ alpha" in stage.text()
