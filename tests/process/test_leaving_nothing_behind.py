"""Late answers of the terminal are not left to the shell."""

import signal

import pytest

from tests.process.answering_program import AnsweringProgram
from tests.process.demo_program import DemoProgram

CTRL_C, CTRL_Z = "\x03", "\x1a"


def assert_nothing_is_left(program: AnsweringProgram) -> None:
    """No answer was echoed or is left unread, and the modes of the terminal are restored."""
    assert b"^[" not in program.output
    assert program.left_to_the_shell == b""
    assert program.modes_left_on == set()
    assert b"Traceback" not in program.output


@pytest.mark.parametrize("answers_after_s", [0.0, 0.2], ids=["soon", "late"])
@pytest.mark.parametrize("seen", [b"\x1b[6n", b"4 running"], ids=["starting", "watching"])
@pytest.mark.parametrize("way", [CTRL_C, signal.SIGTERM], ids=["ctrl_c", "SIGTERM"])
def test_an_answer_that_is_on_its_way_is_waited_for(
    way: str | signal.Signals, seen: bytes, answers_after_s: float
) -> None:
    with AnsweringProgram(answers_after_s) as program:
        program.wait_for_output(seen)
        if isinstance(way, signal.Signals):
            program.send_signal(way)
        else:
            program.press(way)
        assert program.end_and_late_answers() == 0
        assert_nothing_is_left(program)


def test_after_much_was_written_the_last_answer_is_waited_for_too() -> None:
    with AnsweringProgram(0.2) as program:
        program.wait_for("4 running")
        program.press("z", "z", "j", "j", "q")
        assert program.end_and_late_answers() == 0
        assert_nothing_is_left(program)


def test_a_terminal_that_never_answers_is_left_at_once_and_all_the_same() -> None:
    with DemoProgram() as program:
        program.wait_for("4 running")
        program.press("q")
        assert program.wait_for_end() == 0
        assert program.modes_left_on == set()
