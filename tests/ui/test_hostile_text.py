"""Whatever the server says, nothing of it drives the terminal or the markup."""

import httpx

from tests.ui.held_back import until
from tests.ui.hostile_wire import HOSTILE, assert_harmless, hostile_rewrite
from tests.ui.rewritten import Wire, rewrite_answers
from tests.ui.seeing import NARROW, WIDE, status
from tests.ui.worlds import FEW, stage_of


async def test_hostile_names_and_outputs_are_shown_as_text_in_every_pane_and_dialog(
    told: list[str],
) -> None:
    stage = stage_of(*FEW)
    rewrite_answers(stage, hostile_rewrite())
    async with stage.running(WIDE, toasts=True) as pilot:
        for key in ("1", "2", "3", "4"):
            await pilot.press(key)
            assert_harmless(stage, told)
        for run in ("j", "j", "k"):
            await pilot.press("1", run, "3", "G")
            await stage.settle(pilot)
            assert_harmless(stage, told)
        await pilot.press("1", "g")
        for keys in (("X",), ("C",), ("D",), ("3", "D"), ("1", "space", "space", "X")):
            await pilot.press(*keys)
            assert len(stage.app.screen_stack) == 2
            assert_harmless(stage, told)
            await pilot.press("escape")
        stage.clock.advance(s=800)
        await stage.poll(pilot)  # a run with a hostile name has ended: a toast
        assert any("has ended" in message for message in told)
        assert_harmless(stage, told)
        await pilot.press("e")
        assert len(stage.app.screen_stack) == 2
        assert "has ended" in stage.text()
        assert_harmless(stage, told)


async def test_markup_in_names_is_shown_letter_by_letter(told: list[str]) -> None:
    stage = stage_of(*FEW)

    def rewrite(view: Wire) -> None:
        if view.get("name") == "alpha":
            view["name"] = "[bold]a[/x]"

    rewrite_answers(stage, rewrite)
    async with stage.running(NARROW, toasts=True) as pilot:
        assert "[bold]a[/x]" in stage.text()
        await pilot.press("X")
        assert "Cancel the run [bold]a[/x]?" in stage.text()
        await pilot.press("right", "enter")
        await until(pilot, lambda: "[bold]a[/x] is canceled." in stage.text())
        assert "[bold]a[/x] is canceled." in told[0]


async def test_a_hostile_error_is_shown_as_text(told: list[str]) -> None:
    stage = stage_of(*FEW)
    async with stage.running(NARROW) as pilot:
        for text in HOSTILE:
            stage.requests.instead = lambda _, text=text: httpx.Response(
                500, json={"message": text}
            )
            await stage.poll(pilot)
            assert "server error (500)" in status(stage)
            assert_harmless(stage, told)


async def test_a_hostile_filter_is_only_a_filter() -> None:
    stage = stage_of(*FEW)
    async with stage.running(NARROW) as pilot:
        await pilot.press("slash")
        stage.main.runs._filter.value = "[/x]\x1b[2J\n漢"
        await pilot.press("enter")
        assert_harmless(stage, [])
        assert "filter: [/x]" in stage.text()
