"""Ctrl+C during the start ends the program as quitting does: status 0, no traceback, the terminal restored."""

import signal

import pytest

from tests.process.demo_program import DemoProgram

IMPORT_TIMES = ("-X", "importtime")
"""Has the interpreter print each imported module, which shows how far the start has come."""
AS_MODULE = (*IMPORT_TIMES, "-m", "runloop_tui")
AS_COMMAND = (
    *IMPORT_TIMES,
    "-c",
    "import sys; from runloop_tui.entry import main; sys.exit(main())",
)


@pytest.mark.parametrize("python", [AS_MODULE, AS_COMMAND], ids=["module", "command"])
@pytest.mark.parametrize(
    "module",
    ["urllib.parse", "argparse", "runloop_tui.config", "asyncio", "textual.app"],
)
def test_ctrl_c_during_the_start_ends_it_quietly(module: str, python: tuple[str, ...]) -> None:
    with DemoProgram(python=python) as program:
        program.wait_for_output(f" {module}\r\n".encode())
        program.press("\x03")
        assert program.wait_for_end() == 0
        for word in (b"Traceback", b"KeyboardInterrupt", b"\x1b[?1049h"):
            assert word not in program.output
        assert program.is_cooked
        assert not program.leaves_processes


def test_ctrl_c_again_after_the_terminal_was_given_back_ends_it_quietly_too() -> None:
    with DemoProgram() as program:
        program.wait_for("4 running")
        program.press("q")
        program.wait_for_output(b"\x1b[?1049l")
        program.send_signal(signal.SIGINT)
        assert program.wait_for_end() == 0
        assert b"Traceback" not in program.output
        assert program.modes_left_on == set()
        assert program.is_cooked
