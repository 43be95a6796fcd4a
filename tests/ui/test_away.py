"""While you were away: what changed is said in a line, listed with `e`, and leads to its run."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from textual.events import AppBlur, AppFocus

from runloop_tui.history.history import History
from runloop_tui.history.recorder import Event
from runloop_tui.monitor.snapshot import Snapshot
from runloop_tui.ui.controllers.history import HistoryController
from runloop_tui.ui.dialogs.events import EventsDialog
from tests.ui.log_scenes import until
from tests.ui.seeing import NARROW, ULTRA, WIDE, focused, no_dialog, run_under_cursor
from tests.ui.stage import Stage
from tests.ui.worlds import ALPHA, FEW, run_id, stage_of

if TYPE_CHECKING:
    from textual.pilot import Pilot


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "history.db"


def controller(stage: Stage) -> HistoryController:
    assert stage.app._history is not None
    return stage.app._history


def spoil(path: Path) -> None:
    path.write_bytes(b"no database" * 999)


def history(stage: Stage) -> History:
    found = controller(stage)._history
    assert found is not None
    return found


async def opened(stage: Stage, pilot: "Pilot[None]") -> None:
    """Wait until the first poll is recorded."""
    await until(pilot, lambda: controller(stage)._history is not None, "the history")


async def go_to(stage: Stage, pilot: "Pilot[None]", words: str) -> None:
    """Move the cursor of the dialog to the row that has these words."""
    dialog = stage.app.screen
    assert isinstance(dialog, EventsDialog)
    texts = {
        row_id: "".join(piece.text for piece in row.line)
        for row_id, row in dialog.table.rows.items()
    }
    (wanted,) = (row_id for row_id, text in texts.items() if words in text)
    await pilot.press(*["down"] * list(dialog.table.ids).index(wanted))
    assert dialog.table.cursor_id == wanted


async def test_the_morning_knows_the_night(path: Path, notified: list[str]) -> None:
    evening = stage_of(*FEW, history=path)
    async with evening.running(WIDE) as pilot:
        await opened(evening, pilot)
    clock, world = evening.clock, evening.world
    clock.advance(minutes=600)
    morning = Stage(clock=clock, world=world, history=path)
    async with morning.running(WIDE) as pilot:
        await opened(morning, pilot)
        await morning.poll(pilot)
        await until(pilot, lambda: bool(controller(morning).unseen), "what changed")
        (said,) = notified
        assert said.startswith("While you were away: since ")
        assert "(10h 00m)" in said
        assert "latest ended 62.5%, later ended 77.8%, 1 more run ended" in said
        assert said.endswith("e shows more")
        await pilot.press("e")
        await until(pilot, lambda: "(10h 00m)" in morning.text(), "the list")
        assert "alpha ended: completed" in morning.text()
        assert "not what was stuck" in morning.text()
        assert controller(morning).unseen >= {run_id(morning, "alpha"), run_id(morning, "later")}
        await go_to(morning, pilot, "alpha ended")
        await pilot.press("enter")
        await until(pilot, lambda: no_dialog(morning), "the runs screen")
        await until(pilot, lambda: run_under_cursor(morning) == "alpha", "the run")
        assert focused(morning) == "scenarios"
        assert controller(morning).unseen == frozenset()


async def test_a_key_after_a_while_brings_it(path: Path, notified: list[str]) -> None:
    stage = stage_of(ALPHA, history=path)
    async with stage.running(WIDE) as pilot:
        await opened(stage, pilot)
        stage.clock.advance(minutes=5)
        await stage.poll(pilot)
        await pilot.press("down")
        assert notified == []
        stage.clock.advance(minutes=20)
        await stage.poll(pilot)
        notified.clear()  # the end of the run
        await pilot.press("down")
        await until(pilot, lambda: bool(notified), "the line")
        assert notified[0].startswith("While you were away: since ")
        assert "(20m)" in notified[0]


async def test_the_return_of_the_focus_brings_it(path: Path, notified: list[str]) -> None:
    stage = stage_of(ALPHA, history=path)
    async with stage.running(WIDE) as pilot:
        await opened(stage, pilot)
        stage.app.post_message(AppBlur())
        stage.clock.advance(minutes=20)
        await stage.poll(pilot)
        notified.clear()
        stage.app.post_message(AppFocus())
        await until(pilot, lambda: bool(notified), "the line")
        assert "alpha ended" in notified[0]


async def test_an_event_about_a_run_leads_to_it(path: Path) -> None:
    stage = stage_of(*FEW, history=path)
    async with stage.running(WIDE) as pilot:
        await opened(stage, pilot)
        stage.clock.advance(minutes=14)
        await stage.poll(pilot)
        await pilot.press("e")
        await until(pilot, lambda: "alpha has ended" in stage.text(), "the event")
        await go_to(stage, pilot, "alpha has ended")
        await pilot.press("enter")
        await until(pilot, lambda: no_dialog(stage), "the runs screen")
        await until(pilot, lambda: run_under_cursor(stage) == "alpha", "the run")


async def test_a_line_about_no_run_leads_nowhere(path: Path) -> None:
    stage = stage_of(*FEW, history=path)
    async with stage.running(WIDE) as pilot:
        await opened(stage, pilot)
        await pilot.press("e")
        await until(pilot, lambda: "The history begins" in stage.text(), "the list")
        await pilot.press("enter", "space", "G", "enter")
        assert isinstance(stage.app.screen, EventsDialog)
        assert stage.app.screen.table.marks == frozenset()
        await pilot.press("escape")
        assert no_dialog(stage)


@pytest.mark.parametrize("size", [NARROW, WIDE, ULTRA], ids=["80x24", "120x40", "200x60"])
async def test_the_cursor_stays_on_its_event_when_another_comes(
    path: Path, size: tuple[int, int]
) -> None:
    stage = stage_of(*FEW, history=path)
    async with stage.running(size) as pilot:
        await opened(stage, pilot)
        for number in range(3):
            stage.app.notify(f"number {number}", timeout=60)
        await pilot.press("e")
        await until(pilot, lambda: "number 2" in stage.text(), "the events")
        dialog = stage.app.screen
        assert isinstance(dialog, EventsDialog)
        await pilot.press("down")
        here = dialog.table.cursor_id
        stage.app.event_log.record("one more", "information")
        dialog.show()
        await pilot.pause()
        assert dialog.table.cursor_id == here
        assert "".join(piece.text for piece in dialog.table.rows[here or ""].line).endswith(
            "number 1"
        )


async def test_a_broken_file_is_said_in_a_line_and_the_app_goes_on(
    path: Path, notified: list[str]
) -> None:
    spoil(path)
    stage = stage_of(*FEW, history=path)
    async with stage.running(WIDE) as pilot:
        await opened(stage, pilot)
        for _ in range(2):
            await stage.poll(pilot)
        assert notified == [
            "The history is broken: set aside as history.db.broken, and a new one begun. The app goes on."
        ]
        await pilot.press("down")
        assert run_under_cursor(stage) == "beta"


async def test_two_instances_share_the_file(path: Path) -> None:
    stage = stage_of(*FEW, history=path)
    async with stage.running(WIDE) as pilot:
        await opened(stage, pilot)
        assert stage.connection is not None
        assert stage.connection.open_history is not None
        other = await stage.connection.open_history()
        other.note(Event(stage.clock(), "plain", "", "of the other"))
        await other.record(Snapshot(), stage.app._snapshot, stage.clock())
        stage.app.notify("of this one", timeout=60)
        await stage.poll(pilot)
        await until(pilot, lambda: not history(stage)._events, "what this one writes")
        kept = {each.text for each in await other.events_since(0)}
        assert kept == {"of the other", "of this one"}
        assert (other.problem, history(stage).problem) == ("", "")
        await other.close(stage.clock())


async def test_without_a_history_nothing_is_kept_and_nothing_is_said(
    notified: list[str],
) -> None:
    stage = stage_of(ALPHA)
    async with stage.running(WIDE) as pilot:
        stage.clock.advance(minutes=60)
        await stage.poll(pilot)
        notified.clear()
        await pilot.press("e")
        await until(pilot, lambda: "what happened" in stage.text(), "the events")
        assert stage.app._history is None
        assert "since" not in stage.text()
        assert notified == []
