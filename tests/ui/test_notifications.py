"""`e` lists the events since the start; toasts are few, and leave a dialog readable."""

from typing import TYPE_CHECKING

import httpx
import pytest
from textual.widgets._toast import ToastHolder

from runloop_tui.ui.dialogs.confirm import ConfirmDialog
from runloop_tui.ui.dialogs.events import EventsDialog
from runloop_tui.ui.notifications import LONG_TOAST_S
from tests.ui.log_scenes import until
from tests.ui.seeing import NARROW, WIDE
from tests.ui.stage import Stage
from tests.ui.worlds import BETA, FEW, stage_of

if TYPE_CHECKING:
    from textual.pilot import Pilot


def toasts(stage: Stage) -> list[str]:
    """The toasts that are shown, the oldest first."""
    shown = sorted(stage.app._notifications, key=lambda one: one.raised_at)
    return [one.message for one in shown]


async def events_opened(stage: Stage, pilot: "Pilot[None]") -> None:
    """Open the events, and wait until their lines are shown."""
    await pilot.press("e")
    dialog = stage.app.screen
    assert isinstance(dialog, EventsDialog)
    await until(pilot, lambda: "what happened" in stage.text(), "the events")


async def test_past_notifications_can_be_read_later() -> None:
    stage = stage_of(*FEW)
    async with stage.running(WIDE) as pilot:
        stage.app.notify("tb2 has ended", title="News", timeout=LONG_TOAST_S)
        stage.clock.advance(minutes=300)
        stage.app.notify("The disk is full", severity="error", timeout=LONG_TOAST_S)
        await events_opened(stage, pilot)
        text = stage.text()
        assert "2 events · newest first" in text
        assert text.index("The disk is full") < text.index("News: tb2 has ended")
        await pilot.press("escape")
        assert not isinstance(stage.app.screen, EventsDialog)


async def test_a_run_that_became_terminal_overnight_is_among_them() -> None:
    stage = stage_of(*FEW)
    async with stage.running(WIDE) as pilot:
        stage.clock.advance(minutes=720)
        await stage.poll(pilot)
        await events_opened(stage, pilot)
        assert "1 event ·" in stage.text()
        assert any("completed" in line for line in stage.text().split("\n") if "alpha" in line)


async def test_an_outage_is_listed_from_beginning_to_end_and_not_as_a_toast() -> None:
    stage = stage_of(BETA)
    async with stage.running(WIDE) as pilot:
        stage.requests.instead = lambda _: httpx.Response(503, text="down")
        for _ in range(3):
            await stage.poll(pilot)
            stage.clock.advance(minutes=30)
        stage.requests.instead = None
        await stage.poll(pilot)
        assert toasts(stage) == []
        await events_opened(stage, pilot)
        assert "2 events" in stage.text()
        assert "Could not read the list of runs: server error (503): down" in stage.text()
        assert "All is fresh again, after 1h 30m" in stage.text()


async def test_the_list_goes_on_while_it_is_open() -> None:
    stage = stage_of(*FEW)
    async with stage.running(WIDE) as pilot:
        await events_opened(stage, pilot)
        assert "Nothing has happened yet" in stage.text()
        stage.app.notify("tb2 has ended", timeout=LONG_TOAST_S)
        dialog = stage.app.screen
        assert isinstance(dialog, EventsDialog)
        dialog.show()
        await pilot.pause()
        assert "tb2 has ended" in stage.text()


@pytest.mark.parametrize(("size", "most"), [(NARROW, 1), (WIDE, 2)], ids=["80x24", "120x40"])
async def test_of_many_toasts_the_newest_are_shown(size: tuple[int, int], most: int) -> None:
    stage = stage_of(*FEW)
    async with stage.running(size, toasts=True) as pilot:
        for number in range(5):
            stage.app.notify(f"number {number}")
        await pilot.pause()
        assert toasts(stage) == [f"number {number}" for number in range(5)][-most:]
        assert "number 2" not in stage.text()


async def test_of_many_toasts_no_widget_is_left_but_those_shown() -> None:
    stage = stage_of(*FEW)
    async with stage.running(NARROW, toasts=True) as pilot:
        await pilot.press(*["percent_sign"] * 8)
        await pilot.pause()
        assert len(stage.app.screen.query(ToastHolder)) <= 2


async def test_a_toast_that_made_room_is_gone_from_the_screen_below_a_dialog_too() -> None:
    stage = stage_of(*FEW)
    async with stage.running(WIDE, toasts=True) as pilot:
        stage.app.notify("the older")
        stage.app.notify("second")
        await pilot.pause()
        assert "the older" in stage.text()
        await pilot.press("X")
        await pilot.pause()
        assert len(stage.main.query(ToastHolder)) == 1
        assert "the older" not in stage.text()
        await pilot.press("escape")
        await pilot.pause()
        assert toasts(stage) == ["second"]
        assert len(stage.main.query(ToastHolder)) == 1


async def test_small_things_are_no_events() -> None:
    stage = stage_of(*FEW)
    async with stage.running(WIDE) as pilot:
        await pilot.press("t", "y", "percent_sign")
        assert [*stage.app.event_log.entries] == []


async def test_a_question_that_opens_leaves_one_toast_at_most() -> None:
    stage = stage_of(*FEW)
    async with stage.running(WIDE, toasts=True) as pilot:
        stage.app.notify("first")
        stage.app.notify("second")
        await pilot.press("X")
        await pilot.pause()
        assert isinstance(stage.app.screen, ConfirmDialog)
        assert toasts(stage) == ["second"]
        assert stage.requests.posts == []


async def test_markup_in_notifications_stays_text() -> None:
    stage = stage_of(*FEW)
    async with stage.running(WIDE, toasts=True) as pilot:
        stage.app.notify("[b]bold[/x] [@click=app.quit]here[/]")
        await pilot.pause()
        assert "[b]bold[/x] [@click=app.quit]here[/]" in stage.text()
