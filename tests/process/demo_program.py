"""The demo as a process in a pseudo-terminal, for tests that send signals or close the terminal."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from tests.terminal import PATIENCE_S, Terminal, environment

_OWNS_TERMINAL = """
import fcntl, os, signal, sys, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
if sys.argv[1] == "ignore":
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
os.execvp(sys.argv[2], sys.argv[2:])
"""
"""Make the terminal the controlling one, as a shell does, so that the kernel sends SIGHUP when it is closed."""
_LOOK_S = 0.02
"""How long output is read between two looks at the state of the process."""


class DemoProgram(Terminal):
    """The demo in a terminal of its own.

    Args:
        flags: more of the command line.
        columns: the width, in cells.
        rows: the height, in cells.
        environ: its whole environment; `environment()` by default.
        ignores_hang_up: start it with SIGHUP ignored, as `nohup` does.
        python: arguments of the interpreter, before the flags of the program.
    """

    def __init__(
        self,
        *flags: str,
        columns: int = 120,
        rows: int = 40,
        environ: Mapping[str, str] | None = None,
        ignores_hang_up: bool = False,
        python: Sequence[str] = ("-m", "runloop_tui"),
    ) -> None:
        on_hang_up = "ignore" if ignores_hang_up else "default"
        program = [sys.executable, *python, "--demo", *flags]
        super().__init__(
            [sys.executable, "-c", _OWNS_TERMINAL, on_hang_up, *program],
            columns=columns,
            rows=rows,
            environ=environment() if environ is None else environ,
        )
        self._is_open = True

    def __exit__(self, *_: object) -> None:
        """Kill the program if it still runs, and close the terminal."""
        self._program.kill()
        self._program.wait()
        self.hang_up()

    def read_until(self, is_so: Callable[[], bool]) -> None:
        """Read output until a condition holds; it is checked after each read."""
        deadline = time.monotonic() + PATIENCE_S
        while not is_so():
            assert self._read(deadline), self.text

    def wait_for_output(self, sequence: bytes) -> None:
        """Read until the program has written a sequence of bytes."""
        self.read_until(lambda: sequence in self.output)

    def send_signal(self, number: int) -> None:
        """Send a signal to the process."""
        self._program.send_signal(number)

    def wait_until_stopped(self) -> None:
        """Read until the process is stopped, and its output is read to the end."""
        deadline = time.monotonic() + PATIENCE_S
        while self._state != "T":
            self._read(min(deadline, time.monotonic() + _LOOK_S))
            assert time.monotonic() < deadline, "the program still runs"
        while self._read(time.monotonic() + _LOOK_S):
            pass

    @property
    def _state(self) -> str:
        status = Path(f"/proc/{self._program.pid}/stat").read_text()
        return status.rpartition(")")[2].split()[0]

    def hang_up(self) -> None:
        """Close the terminal, as a terminal emulator does when its window is closed."""
        if self._is_open:
            self._is_open = False
            os.close(self._ours)

    def wait_without_terminal(self) -> int:
        """Wait until the program exits, and return its exit status.

        Raises:
            AssertionError: it still runs.
        """
        try:
            return self._program.wait(PATIENCE_S)
        except subprocess.TimeoutExpired:
            raise AssertionError("the program still runs without a terminal") from None

    @property
    def leaves_processes(self) -> bool:
        """Return True if a process of the program's own process group still runs."""
        try:
            os.killpg(self._program.pid, 0)
        except ProcessLookupError:
            return False
        return True
