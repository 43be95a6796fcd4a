"""Nothing that is typed, in whatever bytes, ends the reading."""

import os
import sys

from textual._xterm_parser import XTermParser

from runloop_tui.ui.tty.driver import TerminalDriver
from tests.terminal import Terminal


def test_bytes_that_are_no_utf_8_and_broken_sequences_are_survived() -> None:
    with Terminal([sys.executable, "-m", "runloop_tui", "--demo"]) as terminal:
        terminal.wait_for("3 running")
        for typed in (b"\xff\xfe\xc3", b"\x1b[>9999;9y", b"\x1b[<0;0;0", b"\x1b[1;1R", b"\x00\x1d"):
            os.write(terminal._ours, typed)
        terminal.press("?")
        terminal.wait_for("Go to the runs")
        terminal.press("escape")
        terminal.wait_for("newest first")
        terminal.press("q")
        assert terminal.wait_for_end() == 0


class Broken(XTermParser):
    """A parser that fails at everything."""

    def feed(self, data: str) -> list[object]:  # type: ignore[override]
        raise ValueError(data)


def test_after_an_error_of_the_parser_a_fresh_one_goes_on() -> None:
    told: list[Exception] = []

    class App:
        def _handle_exception(self, error: Exception) -> None:
            told.append(error)

        def call_later(self, call: object, error: Exception) -> None:
            self._handle_exception(error)

    driver = TerminalDriver.__new__(TerminalDriver)
    driver._app = App()  # type: ignore[assignment]
    driver._debug = False
    broken = Broken()
    fresh = driver._parsed(broken, "x")
    assert fresh is not broken
    assert [type(error) for error in told] == [ValueError]
