"""Ctrl+Z restores the terminal for the shell, and `fg` brings the whole screen back."""

import signal
from pathlib import Path

import pytest

from tests.process.demo_program import DemoProgram

MOUSE = {1000, 1003, 1006, 1015}
OURS = MOUSE | {7, 25, 1004, 1049, 2004}
"""Modes of the terminal that the app changes while it runs."""
CTRL_Z = "\x1a"
POLL = "/v1/benchmark_runs"


def assert_the_shell_has_the_terminal(program: DemoProgram) -> None:
    """The modes of the terminal are restored, and the app's screen is left."""
    assert program.modes_left_on == set()
    assert program.is_cooked
    assert program.text.strip() == ""


@pytest.mark.parametrize("way", ["ctrl_z", "signal"])
def test_stopped_the_terminal_is_the_shells_and_continued_all_is_back_and_polled(
    way: str, tmp_path: Path
) -> None:
    log = tmp_path / "tui.log"
    flags = ("--interval", "1", "--log-file", str(log), "--log-level", "debug")
    with DemoProgram(*flags) as program:
        program.wait_for("4 running")
        if way == "signal":
            program.send_signal(signal.SIGTSTP)
        else:
            program.press(CTRL_Z)
        program.wait_until_stopped()
        assert_the_shell_has_the_terminal(program)
        sent = log.read_text().count(POLL)
        program.send_signal(signal.SIGCONT)
        program.wait_for("4 running")
        assert program.modes_left_on == OURS
        assert not program.is_cooked
        program.read_until(lambda: log.read_text().count(POLL) > sent + 1)
        program.press("q")
        assert program.wait_for_end() == 0
        assert program.modes_left_on == set()


def test_it_is_suspended_in_a_dialog_too() -> None:
    with DemoProgram() as program:
        program.wait_for("4 running")
        program.press("?")
        program.wait_for("Move by a row")
        program.press(CTRL_Z)
        program.wait_until_stopped()
        assert_the_shell_has_the_terminal(program)
        program.send_signal(signal.SIGCONT)
        program.wait_for("Move by a row")
        program.press("\x03")
        assert program.wait_for_end() == 0


def test_a_mouse_that_was_left_to_the_terminal_stays_there_after_a_pause() -> None:
    with DemoProgram() as program:
        program.wait_for("4 running")
        program.press("%")
        program.wait_for("The mouse is the terminal's")
        program.press(CTRL_Z)
        program.wait_until_stopped()
        program.send_signal(signal.SIGCONT)
        program.wait_for("4 running")
        program.press("?")
        program.wait_for("Move by a row")
        assert program.modes_left_on == OURS - MOUSE
        program.press("\x03")
        assert program.wait_for_end() == 0


def test_a_terminal_that_reports_the_mouse_by_pixels_is_left_without_that_too() -> None:
    with DemoProgram() as program:
        program.wait_for("4 running")
        program.press("\x1b[?2048;2$y")  # the report of a terminal with in-band resizes
        program.read_until(lambda: 1016 in program.modes_left_on)
        program.press(CTRL_Z)
        program.wait_until_stopped()
        assert_the_shell_has_the_terminal(program)
        program.send_signal(signal.SIGCONT)
        program.wait_for("4 running")
        program.press("q")
        assert program.wait_for_end() == 0
        assert program.modes_left_on == set()
