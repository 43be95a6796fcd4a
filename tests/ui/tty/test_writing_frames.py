"""A frame reaches the terminal in one piece: each piece wakes the thread that writes."""

import threading

from textual._ansi_sequences import SYNC_END, SYNC_START

from runloop_tui.ui.tty.driver import TerminalDriver
from runloop_tui.ui.tty.window import OutputWindow


class Taking:
    """Takes texts in the place of a writer."""

    waiting = 0

    def __init__(self) -> None:
        self.texts: list[str] = []

    def write(self, text: str) -> None:
        self.texts.append(text)


def driver_over(writer: Taking) -> TerminalDriver:
    """A driver of no terminal."""
    driver = TerminalDriver.__new__(TerminalDriver)
    driver._lock = threading.Lock()
    driver._window = OutputWindow()
    driver._writer = writer  # type: ignore[assignment]
    driver._frame = []
    return driver


def test_what_stands_between_the_marks_of_a_frame_is_handed_over_with_them() -> None:
    writer = Taking()
    driver = driver_over(writer)
    for text in (SYNC_START, "frame", SYNC_END, "title"):
        driver.write(text)
    assert writer.texts == [f"{SYNC_START}frame{SYNC_END}", "title"]


def test_all_of_it_counts_as_written() -> None:
    driver = driver_over(Taking())
    for text in (SYNC_START, "x" * 600, SYNC_END):
        driver.write(text)
    assert driver._window.wants_answer
