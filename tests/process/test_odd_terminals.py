"""Terminals and environments of every kind: it starts, can be read, and ends in order."""

import pytest

from tests.process.demo_program import DemoProgram
from tests.terminal import environment

LATIN_1 = {
    "LC_ALL": "C",
    "PYTHONUTF8": "0",
    "PYTHONCOERCECLOCALE": "0",
    "PYTHONIOENCODING": "latin-1",
}
ENVIRONMENTS = (
    {"TERM": "dumb", "COLORTERM": ""},
    {"TERM": "linux", "COLORTERM": ""},
    {"TERM": "screen", "COLORTERM": ""},
    {"TERM": "tmux-256color"},
    {"NO_COLOR": "1"},
    LATIN_1,
    {"HOME": "/nonexistent"},
    {"HOME": "/proc"},
)


def assert_it_can_be_read_and_left(program: DemoProgram) -> None:
    """The runs come, q ends it with status 0, and the terminal is as it was."""
    program.wait_for("running")
    program.press("q")
    assert program.wait_for_end() == 0
    assert program.modes_left_on == set()
    assert program.is_cooked
    assert b"Traceback" not in program.output


@pytest.mark.parametrize("variables", ENVIRONMENTS, ids=lambda some: "-".join(some.values()))
def test_it_runs_in_this_environment(variables: dict[str, str]) -> None:
    with DemoProgram(environ=environment(**variables)) as program:
        assert_it_can_be_read_and_left(program)


def test_it_runs_without_a_home() -> None:
    environ = {name: value for name, value in environment().items() if name != "HOME"}
    with DemoProgram(environ=environ) as program:
        assert_it_can_be_read_and_left(program)


def test_without_the_mouse_no_mode_of_it_is_ever_set() -> None:
    with DemoProgram("--no-mouse") as program:
        assert_it_can_be_read_and_left(program)
    for mode in (1000, 1003, 1006, 1015, 1016):
        assert b"\x1b[?%dh" % mode not in program.output


@pytest.mark.parametrize(("columns", "rows"), [(10, 5), (400, 100)], ids=str)
def test_it_runs_at_this_size(columns: int, rows: int) -> None:
    with DemoProgram(columns=columns, rows=rows) as program:
        assert_it_can_be_read_and_left(program)


def test_a_storm_of_resizes_ends_with_a_screen_of_the_last_size() -> None:
    with DemoProgram() as program:
        program.wait_for("4 running")
        for step in range(50):
            program.resize(20 + 3 * step, 8 + step % 40)
        program.resize(100, 30)
        program.wait_for("q Quit")  # the last of the keys, at the very bottom
        assert "q Quit" in program.text.splitlines()[29]
        assert_it_can_be_read_and_left(program)
