"""The demo as a process of its terminal, that tests send signals to and take the terminal from."""

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
if sys.argv[1] == "deaf":
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
os.execvp(sys.argv[2], sys.argv[2:])
"""
"""A shell's part: the terminal is the controlling one, so that the kernel tells the program when it hangs up."""
_LOOK_S = 0.02
"""So long is read before one looks again whether the process has stopped."""


class DemoProgram(Terminal):
    """The demo in a terminal of its own.

    Args:
        flags: more of the command line.
        columns: the width, in cells.
        rows: the height, in cells.
        environ: its whole environment; `environment()` by default.
        ignores_hang_up: start it as `nohup` does.
        python: what the interpreter is told, before the flags of the program.
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
        hearing = "deaf" if ignores_hang_up else "hearing"
        program = [sys.executable, *python, "--demo", *flags]
        super().__init__(
            [sys.executable, "-c", _OWNS_TERMINAL, hearing, *program],
            columns=columns,
            rows=rows,
            environ=environment() if environ is None else environ,
        )
        self._is_open = True

    def __exit__(self, *_: object) -> None:
        """End the program if it has not ended yet."""
        self._program.kill()
        self._program.wait()
        self.hang_up()

    def read_until(self, is_so: Callable[[], bool]) -> None:
        """Read until something is so; asked whenever something was written."""
        deadline = time.monotonic() + PATIENCE_S
        while not is_so():
            assert self._read(deadline), self.text

    def wait_for_output(self, sequence: bytes) -> None:
        """Read until the program has written this."""
        self.read_until(lambda: sequence in self.output)

    def tell(self, number: int) -> None:
        """Send a signal to the process."""
        self._program.send_signal(number)

    def wait_until_stopped(self) -> None:
        """Read until the process is stopped, and has written all that it does before."""
        deadline = time.monotonic() + PATIENCE_S
        while self._state != "T":
            self._read(min(deadline, time.monotonic() + _LOOK_S))
            assert time.monotonic() < deadline, "the program goes on"
        while self._read(time.monotonic() + _LOOK_S):
            pass

    @property
    def _state(self) -> str:
        status = Path(f"/proc/{self._program.pid}/stat").read_text()
        return status.rpartition(")")[2].split()[0]

    def hang_up(self) -> None:
        """Close the terminal, as when its window is closed."""
        if self._is_open:
            self._is_open = False
            os.close(self._ours)

    def wait_without_terminal(self) -> int:
        """Wait until the program has ended by itself, and give its exit status.

        Raises:
            AssertionError: it goes on.
        """
        try:
            return self._program.wait(PATIENCE_S)
        except subprocess.TimeoutExpired:
            raise AssertionError("the program goes on without a terminal") from None

    @property
    def has_company(self) -> bool:
        """Whether any process of the program's own group is left."""
        try:
            os.killpg(self._program.pid, 0)
        except ProcessLookupError:
            return False
        return True
