"""Ctrl+L writes the whole screen, whatever was written over it."""

import sys
import time

from tests.terminal import PATIENCE_S, Terminal


def test_text_of_another_program_is_overwritten() -> None:
    with Terminal([sys.executable, "-m", "runloop_tui", "--demo"]) as terminal:
        terminal.wait_for("4 running")
        terminal.wait_for("tb2-nightly-codex")
        terminal._stream.feed(b"\x1b[1;1H" + b"garbage from elsewhere \r\n" * 39)
        assert terminal.text.count("garbage") == 39
        terminal.press("\x0c")
        while "garbage" in terminal.text:
            assert terminal._read(time.monotonic() + PATIENCE_S)
        assert "tb2-nightly-codex" in terminal.text
        terminal.press("q")
        assert terminal.wait_for_end() == 0
