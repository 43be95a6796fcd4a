"""The help, the palette and the footer: every key, its command, a click on it; with --read-only none that changes."""

import inspect
from typing import Any

import pytest
from textual.binding import Binding
from textual.command import CommandPalette
from textual.widgets import OptionList

from runloop_tui.ui.app import RunloopApp
from runloop_tui.ui.dialogs.confirm import ConfirmDialog
from runloop_tui.ui.dialogs.help import HelpDialog
from runloop_tui.ui.keymap import APP_KEYS, RUN_KEYS, TABLE_KEYS
from runloop_tui.ui.screens.runs import RunsScreen
from runloop_tui.ui.widgets.bars import KeysFooter
from runloop_tui.ui.widgets.virtual_table import VirtualTable
from tests.ui.seeing import NARROW, WIDE, focused, no_dialog
from tests.ui.stage import Stage
from tests.ui.transports import until
from tests.ui.worlds import ALPHA, FEW, stage_of

SIGNS = {
    "exclamation_mark": "!",
    "up": "↑",
    "down": "↓",
    "pageup": "PgUp",
    "pagedown": "PgDn",
    "home": "Home",
    "end": "End",
    "space": "Space",
    "enter": "⏎",
    "escape": "Esc",
    "tab": "Tab",
    "shift+tab": "⇧Tab",
    "ctrl+l": "Ctrl+L",
    "ctrl+z": "Ctrl+Z",
    "slash": "/",
    "equals_sign": "=",
    "question_mark": "?",
    "colon": ":",
    "percent_sign": "%",
    "f1": "F1",
    "ctrl+p": "Ctrl+P",
}
"""How the keys that are no letters and digits are written."""


def _keys_of(kind: type[RunsScreen | RunloopApp | VirtualTable]) -> list[str]:
    bindings = [binding for binding in kind.BINDINGS if isinstance(binding, Binding)]
    return [key for binding in bindings for key in binding.key.split(",")]


def _help(stage: "Stage") -> str:
    assert isinstance(stage.app.screen, HelpDialog)
    return stage.app.screen._view.text


@pytest.mark.parametrize(("size", "key"), [(NARROW, "question_mark"), (WIDE, "f1")], ids=str)
async def test_every_key_is_in_the_help_with_its_words(size: tuple[int, int], key: str) -> None:
    stage = stage_of(ALPHA)
    async with stage.running(size) as pilot:
        await pilot.press(key)
        lines = _help(stage).split("\n")
        for known in (*RUN_KEYS, *APP_KEYS):
            assert any(known.shown_as in line and known.words in line for line in lines), known
        for shown, words, _ in TABLE_KEYS:
            assert any(shown in line and words in line for line in lines), words
        written = " ".join(lines).split()
        for kind in (RunsScreen, RunloopApp, VirtualTable):
            missing = [key for key in _keys_of(kind) if SIGNS.get(key, key) not in written]
            assert missing == [], f"{kind.__name__} has keys that the help does not name"


async def test_the_help_is_scrolled_and_left_by_its_keys_and_leaves_the_app_running() -> None:
    stage = stage_of(ALPHA)
    async with stage.running(NARROW) as pilot:
        for out in ("escape", "q", "question_mark", "f1"):
            await pilot.press("question_mark")
            assert not no_dialog(stage)
            await pilot.press(out)
            assert no_dialog(stage), out
        await pilot.press("question_mark", "G")
        assert "⊘ canceled" in _help(stage)
        assert stage.app._exit is False
        assert stage.requests.posts == []


async def test_each_command_of_the_palette_does_what_its_key_does(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    done: list[tuple[str, tuple[Any, ...]]] = []
    for kind in (RunsScreen, RunloopApp):
        for name in {key.action.split("(")[0].removeprefix("app.") for key in RUN_KEYS + APP_KEYS}:
            if not inspect.isfunction(getattr(kind, f"action_{name}", None)):
                continue

            def note(self: object, *arguments: object, name: str = name) -> None:
                done.append((name, arguments))

            monkeypatch.setattr(kind, f"action_{name}", note)
    stage = stage_of(ALPHA)
    async with stage.running(NARROW) as pilot:
        commands = {
            command.title: command for command in stage.app.get_system_commands(stage.app.screen)
        }
        for key in (*RUN_KEYS, *APP_KEYS):
            done.clear()
            await pilot.press(key.keys.split(",")[0])
            assert len(done) == 1, key
            by_key = done.pop()
            if key.action == "command_palette":
                continue
            assert key.shown_as in str(commands[key.words].help)
            commands[key.words].callback()
            await pilot.pause()
            assert done == [by_key], key


async def test_the_palette_finds_a_command_by_its_words_and_runs_it() -> None:
    stage = stage_of(ALPHA)
    async with stage.running(NARROW) as pilot:
        await pilot.press("ctrl+p")
        assert isinstance(stage.app.screen, CommandPalette)
        await pilot.press("escape")
        assert no_dialog(stage)
        await pilot.press("colon")
        palette = stage.app.screen
        assert isinstance(palette, CommandPalette)
        await pilot.press(*"scenarios")
        found = palette.query_one(OptionList)
        await until(pilot, lambda: found.option_count and "Go to the scenarios" in stage.text())
        await pilot.press("enter")
        await until(pilot, lambda: no_dialog(stage) and focused(stage) == "scenarios")


async def test_the_theme_goes_from_dark_to_light_and_back() -> None:
    stage = stage_of(ALPHA)
    async with stage.running(NARROW) as pilot:
        command = next(
            command
            for command in stage.app.get_system_commands(stage.app.screen)
            if "Theme" in command.title
        )
        seen = [stage.app.current_theme.dark]
        for _ in range(2):
            command.callback()
            await pilot.pause()
            seen.append(stage.app.current_theme.dark)
        assert seen == [True, False, True]
        assert "alpha" in stage.text()


def footer(stage: Stage) -> KeysFooter:
    return stage.app.screen.query_one(KeysFooter)


async def test_it_names_the_keys_of_the_screen_and_of_what_has_the_focus() -> None:
    stage = stage_of(*FEW)
    async with stage.running(NARROW) as pilot:
        assert footer(stage).text.startswith("⏎ Open / Filter s Sort")
        await pilot.press("slash")
        await pilot.pause()
        assert footer(stage).text.startswith("⏎ Keep it Esc Clear it")
        await pilot.press("escape", "question_mark")
        await pilot.pause()
        assert footer(stage).text == "Esc Back "


async def test_a_click_presses_the_key_that_is_named_there() -> None:
    stage = stage_of(*FEW)
    async with stage.running(NARROW) as pilot:
        at = footer(stage).text.index("Help")
        await pilot.click(KeysFooter, offset=(at, 0))
        await pilot.pause()
        assert isinstance(stage.app.screen, HelpDialog)


async def test_a_click_on_a_key_that_acts_still_asks_first() -> None:
    stage = stage_of(*FEW)
    async with stage.running(NARROW) as pilot:
        await pilot.click(KeysFooter, offset=(footer(stage).text.index("Cancel"), 0))
        await pilot.pause()
        assert isinstance(stage.app.screen, ConfirmDialog)
        assert stage.requests.posts == []


async def test_a_click_beside_the_keys_does_nothing() -> None:
    stage = stage_of(*FEW)
    async with stage.running((120, 40)) as pilot:
        await pilot.click(KeysFooter, offset=(110, 0))
        await pilot.pause()
        assert stage.app.screen is stage.main


CHANGING = [key for key in RUN_KEYS if key.changes]


async def test_read_only_takes_the_actions_out_of_footer_help_palette_and_keyboard(
    notified: list[str],
) -> None:
    stage = stage_of(*FEW, read_only=True)
    async with stage.running(WIDE) as pilot:
        assert {key.action for key in CHANGING} == {"complete", "cancel", "score", "start_run"}
        assert "READ-ONLY" in stage.text()
        footer = stage.text().split("\n")[-1]
        assert "Sort" in footer
        assert "Cancel" not in footer
        assert "Complete" not in footer
        commands = [command.title for command in stage.app.get_system_commands(stage.app.screen)]
        await pilot.press("X", "C", "E", "N", "3", "X", "C", "E", "N")
        assert no_dialog(stage)
        assert notified == []
        await pilot.press("question_mark")
        assert isinstance(stage.app.screen, HelpDialog)
        help_text = stage.app.screen._view.text
        for key in CHANGING:
            assert key.words not in commands
            assert key.words not in help_text
        assert stage.requests.posts == []


async def test_without_read_only_they_are_all_there() -> None:
    stage = stage_of(*FEW)
    async with stage.running(WIDE):
        footer = stage.text().split("\n")[-1]
        assert "Cancel" in footer
        assert "Complete" in footer
        commands = [command.title for command in stage.app.get_system_commands(stage.app.screen)]
        assert all(key.words in commands for key in CHANGING)
