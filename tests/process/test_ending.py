"""Every signal and key that ends the program ends it in order, and restores the terminal."""

import signal

import pytest

from tests.process.demo_program import DemoProgram


def assert_nothing_is_left(program: DemoProgram) -> None:
    """The modes of the terminal are restored, and no process of the program is left."""
    assert program.modes_left_on == set()
    assert program.is_cooked
    assert b"Traceback" not in program.output
    assert not program.leaves_processes


@pytest.mark.parametrize(
    "number", [signal.SIGINT, signal.SIGQUIT, signal.SIGTERM, signal.SIGHUP], ids=lambda n: n.name
)
def test_a_signal_that_ends_programs_ends_it_in_order(number: signal.Signals) -> None:
    with DemoProgram() as program:
        program.wait_for("4 running")
        program.send_signal(number)
        assert program.wait_for_end() == 0
        assert_nothing_is_left(program)


def test_a_signal_at_the_very_start_leaves_the_terminal_as_it_was_too() -> None:
    with DemoProgram() as program:
        program.wait_for_output(b"\x1b[?1049h")
        program.send_signal(signal.SIGTERM)
        assert program.wait_for_end() == 0
        assert_nothing_is_left(program)


@pytest.mark.parametrize("key", ["q", "\x03"], ids=["q", "ctrl_c"])
def test_a_key_ends_it_and_it_says_that_the_runs_go_on(key: str) -> None:
    with DemoProgram() as program:
        program.wait_for("4 running")
        program.press(key)
        assert program.wait_for_end() == 0
        assert "4 runs go on" in program.text
        assert_nothing_is_left(program)


def test_ctrl_c_ends_it_while_a_filter_is_typed() -> None:
    with DemoProgram() as program:
        program.wait_for("4 running")
        program.press("/")
        program.wait_for("words, state:failed")
        program.press(*"nightly")
        program.wait_for("Keep it")
        program.press("\x03")
        assert program.wait_for_end() == 0
        assert_nothing_is_left(program)
