"""Keys and pasted text that arrive in one read: each acts on what the one before has led to."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from textual._xterm_parser import XTermParser
from textual.widgets import Input

from runloop_tui.ui.dialogs.help import HelpDialog
from runloop_tui.ui.runtime.base_app import BaseApp
from runloop_tui.ui.screens.archive import ArchiveScreen
from runloop_tui.ui.screens.entry import EntryScreen
from runloop_tui.ui.screens.jobs import JobsScreen
from runloop_tui.ui.screens.live_log import LiveLogScreen
from tests.ui.log_scenes import (
    DevboxLog,
    archive_opened,
    entry_opened,
    live_opened,
    numbered,
    stage_with_archive,
    until,
    zipped,
)
from tests.ui.seeing import NARROW, WIDE, focused, run_under_cursor, title
from tests.ui.worlds import FEW, MANY, TWO_LIVE, stage_of

if TYPE_CHECKING:
    from textual.pilot import Pilot

    from tests.ui.stage import Stage


def paste(text: str) -> str:
    """Return what a terminal sends for pasted text."""
    return f"\x1b[200~{text}\x1b[201~"


def read_at_once(stage: "Stage", text: str) -> None:
    """Post all keys of a text to the app before the first is handled."""
    for message in XTermParser().feed(text):
        stage.app.post_message(message)


async def typed_at_once(
    stage: "Stage", pilot: "Pilot[None]", text: str, holds: Callable[[], object]
) -> None:
    """Post a text, and wait for a condition."""
    read_at_once(stage, text)
    await until(pilot, holds, f"what {text!r} leads to")


def value(stage: "Stage") -> str:
    """The text of the focused field."""
    field = stage.app.focused
    return field.value if isinstance(field, Input) else ""


@pytest.mark.parametrize("size", [NARROW, WIDE], ids=str)
@pytest.mark.parametrize("way", ["", "2", "3", "4", "z", "b\r", "3z2"])
@pytest.mark.parametrize("text", ["codex", paste("codex")], ids=["typed", "pasted"])
async def test_text_behind_a_slash_lands_in_the_field(
    size: tuple[int, int], way: str, text: str
) -> None:
    stage = stage_of(*FEW)
    async with stage.running(size) as pilot:
        await typed_at_once(stage, pilot, f"{way}/{text}", lambda: value(stage) == "codex")


@pytest.mark.parametrize("keys", ["/log 7\r", f"/{paste('log 7')}\r"], ids=["typed", "pasted"])
async def test_text_behind_a_slash_lands_in_the_field_of_the_files(
    tmp_path: Path, keys: str
) -> None:
    stage = stage_with_archive(tmp_path, zipped(("a.log", b"a"), ("log 7", b"b")))
    async with stage.running() as pilot:
        screen = await archive_opened(stage, pilot)
        assert isinstance(screen, ArchiveScreen)
        await typed_at_once(stage, pilot, keys, lambda: screen.pane.filter_text == "log 7")


async def test_what_is_searched_for_and_gone_to_in_a_log_is_read_from_one_write(
    tmp_path: Path,
) -> None:
    stage = stage_with_archive(tmp_path, zipped(("a.log", numbered(500))))
    async with stage.running() as pilot:
        screen = await entry_opened(stage, pilot)
        assert isinstance(screen, EntryScreen)
        await typed_at_once(stage, pilot, "#400\r", lambda: screen.view.place.first > 300)
        await typed_at_once(stage, pilot, "/line 17 \r", lambda: screen.view.here == 16)


async def test_what_is_searched_for_in_a_log_that_grows_is_read_from_one_write() -> None:
    stage = stage_of(*FEW)
    log = DevboxLog(stage)
    log.write(*(f"message {number}" for number in range(300)))
    async with stage.running() as pilot:
        screen = await live_opened(stage, pilot)
        assert isinstance(screen, LiveLogScreen)
        await typed_at_once(stage, pilot, "/message 77\r", lambda: screen.view.here == 77)


async def test_the_form_of_a_run_and_its_benchmarks_take_what_is_typed_in_one_write() -> None:
    stage = stage_of(*FEW)
    async with stage.running() as pilot:
        await typed_at_once(stage, pilot, "N\rmini", lambda: value(stage) == "mini")
        await until(pilot, lambda: "mini" in stage.text(), "the benchmarks")
        await typed_at_once(stage, pilot, "\rnightly", lambda: value(stage) == "nightly")
        await typed_at_once(stage, pilot, "\ttest run", lambda: value(stage) == "test run")


async def test_the_palette_takes_what_is_typed_in_one_write() -> None:
    stage = stage_of(*FEW)
    async with stage.running() as pilot:
        await typed_at_once(stage, pilot, ":theme", lambda: value(stage) == "theme")


async def test_keys_behind_one_that_goes_to_another_screen_concern_that_screen() -> None:
    stage = stage_of(*TWO_LIVE)
    async with stage.running() as pilot:
        await typed_at_once(stage, pilot, "bz", lambda: isinstance(stage.app.screen, JobsScreen))
        await until(pilot, lambda: stage.app.screen.has_class("zoom-jobs"), "a zoomed pane")
        assert not stage.main.has_class("zoom-runs")


async def test_enter_behind_a_key_that_asks_gives_the_harmless_answer() -> None:
    stage = stage_of(*FEW)
    async with stage.running() as pilot:
        read_at_once(stage, "X\r")
        await stage.settle(pilot)
        await until(pilot, lambda: len(stage.app.screen_stack) == 1, "no question")
        assert focused(stage) == "runs"
        assert stage.requests.posts == []


async def test_a_question_in_one_write_concerns_the_row_that_was_gone_to() -> None:
    stage = stage_of(*TWO_LIVE)
    async with stage.running() as pilot:
        read_at_once(stage, "jX")
        await until(pilot, lambda: len(stage.app.screen_stack) == 2, "a question")
        assert run_under_cursor(stage) in stage.text()
        assert f"the run {run_under_cursor(stage)}?" in stage.text()


async def test_each_key_of_a_burst_counts() -> None:
    stage = stage_of(*MANY)
    async with stage.running() as pilot:
        read_at_once(stage, "j" * 20 + "k" * 4 + "/past-1")
        await until(pilot, lambda: value(stage) == "past-1", "the filter")
        assert "filter: past-1" in title(stage.main.runs)
        await pilot.press("escape")
        assert run_under_cursor(stage) == "past-16"


async def test_a_long_text_that_is_not_marked_as_pasted_arrives_whole() -> None:
    stage = stage_of(*FEW)
    text = "".join(chr(ord("a") + number % 26) for number in range(2_000))
    async with stage.running() as pilot:
        await typed_at_once(stage, pilot, f"/{text}", lambda: value(stage) == text)


async def test_a_key_is_taken_even_where_the_one_before_it_never_takes_effect(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("runloop_tui.ui.runtime.key_queue._EFFECT_TIMEOUT_S", 0.01)
    monkeypatch.setattr(BaseApp, "on_queue_marker", lambda _app, _message: None)
    stage = stage_of(*FEW)
    async with stage.running() as pilot:
        read_at_once(stage, "jj?")
        await until(pilot, lambda: isinstance(stage.app.screen, HelpDialog), "the help")
        assert run_under_cursor(stage) == "gamma"


async def test_keys_behind_the_one_that_quits_are_dropped() -> None:
    stage = stage_of(*FEW)
    async with stage.running() as pilot:
        read_at_once(stage, "qjj/X?")
        await pilot.pause()
    assert stage.app.return_code == 0


async def test_a_key_behind_the_one_that_closes_a_dialog_waits_for_no_time_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("runloop_tui.ui.runtime.key_queue._EFFECT_TIMEOUT_S", 1e9)
    stage = stage_of(*FEW)
    async with stage.running() as pilot:
        await pilot.press("X", "escape", "question_mark", "q", "N", "escape", "question_mark")
        assert isinstance(stage.app.screen, HelpDialog)
