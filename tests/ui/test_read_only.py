"""With --read-only nothing can be changed, and nothing says that it could."""

from runloop_tui.ui.dialogs.help import HelpDialog
from runloop_tui.ui.keymap import SCREEN_KEYS
from tests.ui.seeing import WIDE, no_dialog
from tests.ui.worlds import FEW, stage_of

CHANGING = [key for key in SCREEN_KEYS if key.changes]


async def test_read_only_takes_the_actions_out_of_footer_help_palette_and_keyboard(
    told: list[str],
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
        assert told == []
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
