"""The driver: no input ends the reading, and a frame reaches the terminal in one piece."""

import os
import sys
import threading

from textual._ansi_sequences import SYNC_END, SYNC_START
from textual._xterm_parser import XTermParser

from runloop_tui.ui.runtime.driver import TerminalDriver
from runloop_tui.ui.runtime.flow_control import FlowControl
from tests.terminal import Terminal


def test_bytes_that_are_no_utf_8_and_broken_sequences_are_survived() -> None:
    with Terminal([sys.executable, "-m", "runloop_tui", "--demo"]) as terminal:
        terminal.wait_for("4 running")
        for typed in (b"\xff\xfe\xc3", b"\x1b[>9999;9y", b"\x1b[<0;0;0", b"\x1b[1;1", b"\x00\x1d"):
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


def test_after_an_error_of_the_parser_a_new_one_goes_on() -> None:
    reported: list[Exception] = []

    class App:
        def _handle_exception(self, error: Exception) -> None:
            reported.append(error)

        def call_later(self, call: object, *args: object) -> None:
            call(*args)  # type: ignore[operator]

    driver = TerminalDriver.__new__(TerminalDriver)
    driver._app = App()  # type: ignore[assignment]
    driver._debug = False
    broken = Broken()
    fresh = driver._feed(broken, "x")
    assert fresh is not broken
    assert [type(error) for error in reported] == [ValueError]


class FakeWriter:
    """Takes texts in the place of a writer."""

    queued = 0

    def __init__(self) -> None:
        self.texts: list[str] = []

    def write(self, text: str) -> None:
        self.texts.append(text)


def driver_over(writer: FakeWriter) -> TerminalDriver:
    """A driver without a terminal."""
    driver = TerminalDriver.__new__(TerminalDriver)
    driver._lock = threading.Lock()
    driver._flow = FlowControl()
    driver._writer = writer  # type: ignore[assignment]
    driver._frame_parts = []
    return driver


def test_a_frame_is_queued_in_one_piece_with_its_sync_marks() -> None:
    writer = FakeWriter()
    driver = driver_over(writer)
    for text in (SYNC_START, "frame", SYNC_END, "title"):
        driver.write(text)
    assert writer.texts == [f"{SYNC_START}frame{SYNC_END}", "title"]


def test_all_of_a_frame_counts_as_written() -> None:
    driver = driver_over(FakeWriter())
    for text in (SYNC_START, "x" * 600, SYNC_END):
        driver.write(text)
    assert driver._flow.wants_request
