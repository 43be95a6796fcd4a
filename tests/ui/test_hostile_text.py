"""Whatever the server says, nothing of it drives the terminal or the markup."""

import re
from collections.abc import Callable
from itertools import cycle

import httpx
import pytest
from rich.cells import cell_len

from tests.ui.held_back import until
from tests.ui.rewritten import Wire, rewrite_answers
from tests.ui.seeing import NARROW, WIDE, status
from tests.ui.stage import Stage
from tests.ui.worlds import FEW, stage_of

HOSTILE = (
    "\x1b[2J\x1b[31mred",
    "[bold]not bold[/bold]",
    "[/x] unmatched",
    "[@click=app.quit]click[/]",
    "\x1b]52;c;ZXZpbA==\x07clipboard",
    "\x9d0;title\x9c",
    "two\nlines\r\nand\rmore\u2028more",
    "漢字の名前" * 20,
    "\u202eright to left\u202c",
    "🏳️‍🌈👩🏽‍🚀 é̵̲̳̺̹͛",
    "x" * 10_000,
    "\x00\x07\x08\t\x7f",
    "$(rm -rf /) `id` %s {0}",
)
DRIVES_A_TERMINAL = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069]"
)


@pytest.fixture
def make_hostile() -> Callable[[Wire], None]:
    """Puts something hostile in the place of every text that is not an id or a state."""
    texts, names = cycle(HOSTILE), dict[str, str]()

    def rewrite(view: Wire) -> None:
        for key in ("purpose", "output", "scoring_function_name"):
            if isinstance(view.get(key), str):
                view[key] = next(texts)
        if "start_time_ms" in view:  # a run or a scenario run, which keeps the name it was given
            view["name"] = names.setdefault(view["id"], next(texts))
            for key in ("metadata", "environment_variables", "secrets_provided"):
                view[key] = {view["name"]: view["name"]}

    return rewrite


def _assert_harmless(stage: Stage, told: list[str]) -> None:
    text = stage.text()
    assert DRIVES_A_TERMINAL.search(text) is None
    width = stage.app.size.width
    assert all(cell_len(line) <= width for line in text.split("\n"))
    assert not any(DRIVES_A_TERMINAL.search(message) for message in told)
    assert DRIVES_A_TERMINAL.search(stage.app.clipboard) is None


async def test_hostile_names_and_outputs_are_shown_as_text_in_every_pane_and_dialog(
    make_hostile: Callable[[Wire], None], told: list[str]
) -> None:
    stage = stage_of(*FEW)
    rewrite_answers(stage, make_hostile)
    async with stage.running(WIDE, toasts=True) as pilot:
        for key in ("1", "2", "3", "4"):
            await pilot.press(key)
            _assert_harmless(stage, told)
        for run in ("j", "j", "k"):
            await pilot.press("1", run, "3", "G")
            await stage.settle(pilot)
            _assert_harmless(stage, told)
        await pilot.press("1", "g")
        for keys in (("X",), ("C",), ("D",), ("3", "D"), ("1", "space", "space", "X")):
            await pilot.press(*keys)
            assert len(stage.app.screen_stack) == 2
            _assert_harmless(stage, told)
            await pilot.press("escape")
        stage.clock.advance(s=800)
        await stage.poll(pilot)  # a run with a hostile name has ended: a toast
        assert any("has ended" in message for message in told)
        _assert_harmless(stage, told)


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
            _assert_harmless(stage, told)


async def test_a_hostile_filter_is_only_a_filter() -> None:
    stage = stage_of(*FEW)
    async with stage.running(NARROW) as pilot:
        await pilot.press("slash")
        stage.main.runs._filter.value = "[/x]\x1b[2J\n漢"
        await pilot.press("enter")
        _assert_harmless(stage, [])
        assert "filter: [/x]" in stage.text()
