"""The footer names the keys of what has the focus; a click presses one."""

from runloop_tui.ui.dialogs.confirm import ConfirmDialog
from runloop_tui.ui.dialogs.help import HelpDialog
from runloop_tui.ui.widgets.bars import KeysFooter
from tests.ui.seeing import NARROW
from tests.ui.stage import Stage
from tests.ui.worlds import FEW, stage_of


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
