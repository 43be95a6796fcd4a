"""`%` leaves the mouse to the terminal; a browser is opened only where the user sees it."""

import pytest

from runloop_tui.ui.runtime.terminal import Terminal
from tests.ui.seeing import NARROW
from tests.ui.worlds import FEW, stage_of


async def test_percent_gives_the_mouse_to_the_terminal_and_takes_it_back(
    notified: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[str] = []
    monkeypatch.setattr(Terminal, "_write", lambda _, sequence: written.append(sequence))
    stage = stage_of(*FEW)
    async with stage.running(NARROW) as pilot:
        await pilot.press("percent_sign")
        assert "\x1b[?1000l" in written[-1]
        assert "text can be selected" in notified[-1]
        await pilot.press("percent_sign")
        assert "\x1b[?1000h" in written[-1]
        assert "again" in notified[-1]
