"""`/` in a pane of lines searches them: what a scorer said, or a run's fields."""

from tests.ui.seeing import NARROW, focused
from tests.ui.worlds import FEW, stage_of

_TO_ONE_IN_FULL = ("3", "home", "4")


async def test_words_are_found_in_an_output_whatever_the_case_and_n_goes_round() -> None:
    stage = stage_of(*FEW)
    async with stage.running(NARROW) as pilot:
        await pilot.press(*_TO_ONE_IN_FULL, "slash", *"DEVBOX")
        assert "search: DEVBOX, 1 of 1" in stage.text()
        await pilot.press("ctrl+u", *"e", "enter")
        assert focused(stage) == "inspector"
        text = stage.text()
        number = int(text.split("1 of ")[1].split(",")[0])
        assert number > 2
        await pilot.press("n")
        assert f"2 of {number}" in stage.text()
        await pilot.press(*["n"] * (number - 1))
        assert f"1 of {number}" in stage.text()


async def test_what_does_not_stand_there_is_said_and_escape_clears_first() -> None:
    stage = stage_of(*FEW)
    async with stage.running(NARROW) as pilot:
        await pilot.press(*_TO_ONE_IN_FULL, "slash", *"xyzzy", "enter")
        assert "no match" in stage.text()
        await pilot.press("escape")
        assert "search:" not in stage.text()
        assert focused(stage) == "inspector"
        await pilot.press("escape")
        assert focused(stage) == "scenarios"


async def test_a_match_below_the_screen_is_brought_on_it() -> None:
    stage = stage_of(*FEW)
    async with stage.running((80, 18)) as pilot:
        await pilot.press(*_TO_ONE_IN_FULL)
        view = stage.main.inspector.view
        last = view.find("")[-1]
        assert last >= view.size.height
        name = view.text.split("\n")[last].split()[0]
        await pilot.press("slash", *name, "enter", *["n"] * (len(view.find(name)) - 1))
        assert view.scroll_offset.y > 0
