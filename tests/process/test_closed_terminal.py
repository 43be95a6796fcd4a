"""The terminal is closed: the program exits in order, with SIGHUP or on EOF alone."""

from pathlib import Path

import pytest

from tests.process.demo_program import DemoProgram


@pytest.mark.parametrize("ignores_hang_up", [False, True], ids=["SIGHUP", "EOF"])
@pytest.mark.parametrize("seen", [b"\x1b[?1049h", b"4 running"], ids=["starting", "watching"])
def test_it_ends_when_the_terminal_is_closed(
    seen: bytes, ignores_hang_up: bool, tmp_path: Path
) -> None:
    log = tmp_path / "tui.log"
    flags = ("--log-file", str(log), "--log-level", "debug")
    with DemoProgram(*flags, ignores_hang_up=ignores_hang_up) as program:
        program.wait_for_output(seen)
        program.hang_up()
        assert program.wait_without_terminal() == 0
        assert not program.leaves_processes
    assert "Traceback" not in log.read_text()


def test_an_exit_message_that_cannot_be_written_is_no_error() -> None:
    with DemoProgram(ignores_hang_up=True) as program:
        program.wait_for("4 running")
        program.press("q")
        program.wait_for_output(
            b"\x1b[?25h"
        )  # the screen is left, the exit message not written yet
        program.hang_up()
        assert program.wait_without_terminal() == 0
