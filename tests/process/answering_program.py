"""The demo in a terminal that answers queries, early or late, and is read by a shell afterwards."""

import array
import fcntl
import os
import re
import select
import struct
import termios
import time

from tests.process.demo_program import DemoProgram
from tests.terminal import PATIENCE_S

_ANSWERS = {
    b"\x1b[6n": b"\x1b[1;1R",
    b"\x1b[?2026$p": b"\x1b[?2026;2$y",
    b"\x1b[?2048$p": b"\x1b[?2048;0$y",
}
_QUERY = re.compile(b"|".join(re.escape(query) for query in _ANSWERS))
_NUMBER_OF_TERMINAL = 0x80045430  # TIOCGPTN
_AFTER_THE_LAST_S = 0.1
_LOOK_S = 0.02


class AnsweringProgram(DemoProgram):
    """A terminal that answers each query after a delay in seconds."""

    def __init__(self, answers_after_s: float, *flags: str) -> None:
        super().__init__(*flags)
        self._after_s = answers_after_s
        self._due: list[tuple[float, bytes]] = []
        number = struct.unpack("I", fcntl.ioctl(self._ours, _NUMBER_OF_TERMINAL, bytes(4)))[0]
        self._shells = os.open(f"/dev/pts/{number}", os.O_RDWR | os.O_NOCTTY)

    def __exit__(self, *how: object) -> None:
        """Kill the program, and close the terminal and the shell's end of it."""
        super().__exit__(*how)
        os.close(self._shells)

    def end_and_late_answers(self) -> int:
        """Read until the program has exited and every answer was sent; return the exit status."""
        self.read_until_end()
        while self._due:
            self._read(time.monotonic() + self._after_s + _AFTER_THE_LAST_S)
        self._read(time.monotonic() + _AFTER_THE_LAST_S)
        return self._program.wait()

    def read_until_end(self) -> None:
        """Read until the program has exited."""
        deadline = time.monotonic() + PATIENCE_S
        while self._program.poll() is None:
            self._read(time.monotonic() + _LOOK_S)
            assert time.monotonic() < deadline, "the program still runs"

    @property
    def left_to_the_shell(self) -> bytes:
        """Return the input that the program has not read."""
        attributes = termios.tcgetattr(self._shells)
        attributes[3] &= ~termios.ICANON
        termios.tcsetattr(self._shells, termios.TCSANOW, attributes)
        waiting = array.array("i", [0])
        fcntl.ioctl(self._shells, termios.FIONREAD, waiting)
        return os.read(self._shells, waiting[0]) if waiting[0] else b""

    def _read(self, deadline: float) -> bool:
        while True:
            now = time.monotonic()
            while self._due and self._due[0][0] <= now:
                os.write(self._ours, self._due.pop(0)[1])
            if now >= deadline:
                return False
            until = min([deadline, *(moment for moment, _ in self._due[:1])])
            if select.select([self._ours], [], [], max(0.0, until - now))[0]:
                break
        before = len(self.output)
        has_read = super()._read(deadline)
        due = time.monotonic() + self._after_s
        for query in _QUERY.findall(self.output[before:]):
            self._due.append((due, _ANSWERS[query]))
        return has_read
