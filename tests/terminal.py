"""Pseudo-terminals for tests and benchmarks: start a program in one, read its screen, press keys, see it end."""

import atexit
import errno
import fcntl
import os
import pty
import select
import shutil
import struct
import subprocess
import tempfile
import termios
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import Self

import pyte

KEYS = {
    "enter": "\r",
    "escape": "\x1b",
    "tab": "\t",
    "up": "\x1b[A",
    "down": "\x1b[B",
    "right": "\x1b[C",
    "left": "\x1b[D",
}
"""What keys with a name send; every other key sends itself."""

PATIENCE_S = 120.0
"""How long a slow machine may take before a test gives up; a test that passes never waits for it."""

_READ_BYTES = 65_536
_PRIVATE = 5  # pyte keeps the number of a private mode shifted by so many bits
_ALTERNATE_SCREEN = 1049 << _PRIVATE
_KITTY_POP = b"\x1b[<u"  # pyte does not know it, and would show a u

_OF_THE_TESTER = (
    "RUNLOOP_",
    "TEXTUAL",
    "COLUMNS",
    "LINES",
    "NO_COLOR",
    "FORCE_COLOR",
    "CI",
    "SSH_",
    "PYTHONDONTWRITEBYTECODE",
    "PYTHONUNBUFFERED",
    "PYTHONDEVMODE",
)


def environment(**variables: str) -> dict[str, str]:
    """The environment of a program in a terminal: the tester's, without what would change its looks or its work.

    Bytecode is written, as on a user's machine: a program that is compiled anew at each start takes half as long again.
    """
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(_OF_THE_TESTER)
    }
    terminal = {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8"}
    ours = {"NO_PROXY": "127.0.0.1", "XDG_STATE_HOME": _state_folder()}
    return kept | terminal | ours | variables


@cache
def _state_folder() -> str:
    """Return a folder in place of the tester's own for what programs keep, such as a history."""
    folder = tempfile.mkdtemp(prefix="runloop-tui-state-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


@dataclass(frozen=True, slots=True)
class InTerminal:
    """A program that runs in a pseudo-terminal.

    Attributes:
        program: its process, which leads a session of its own.
        ours: our end of the terminal.
        line_at_first: the terminal's attributes before the program started.
    """

    program: subprocess.Popen[bytes]
    ours: int
    line_at_first: list[object]

    def kill(self) -> None:
        """End the program if it has not ended yet."""
        self.program.kill()
        self.program.wait()


def start_in_terminal(
    command: Sequence[str],
    *,
    columns: int,
    rows: int,
    environ: Mapping[str, str] | None = None,
    cwd: Path | None = None,
) -> InTerminal:
    """Start a program in a new pseudo-terminal.

    Args:
        command: the program and its arguments.
        columns: the terminal's width, in cells.
        rows: its height, in cells.
        environ: the program's whole environment; `environment()` by default.
        cwd: the folder it starts in.
    """
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
    line_at_first = termios.tcgetattr(ours)
    try:
        program = subprocess.Popen(
            command,
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            env=environment() if environ is None else environ,
            cwd=cwd,
            start_new_session=True,
        )
    except BaseException:
        os.close(ours)
        raise
    finally:
        os.close(theirs)
    return InTerminal(program, ours, line_at_first)


class Terminal:
    """Runs a program in a pseudo-terminal, and shows what a person would see there.

    The program's output is read only while a test waits for something, so a test waits for what it
    wants to see. The waits block: where the program talks to a server on the test's own event loop,
    call them in a thread.

        with Terminal(["runloop-tui", "--demo"]) as terminal:
            terminal.wait_for("runs")
            terminal.press("q")
            assert terminal.wait_for_end() == 0

    Args:
        command: the program and its arguments.
        columns: the width, in cells.
        rows: the height, in cells.
        environ: its whole environment; `environment()` by default.
        cwd: the folder it starts in.
    """

    def __init__(
        self,
        command: Sequence[str],
        *,
        columns: int = 120,
        rows: int = 40,
        environ: Mapping[str, str] | None = None,
        cwd: Path | None = None,
    ) -> None:
        self.output = b""
        """All that the program has written, as it came."""
        self._screen = _Screen(columns, rows)
        self._stream = pyte.ByteStream(self._screen)
        self._modes_at_first = frozenset(self._screen.mode)
        self._in_terminal = start_in_terminal(
            command, columns=columns, rows=rows, environ=environ, cwd=cwd
        )
        self._program, self._ours = self._in_terminal.program, self._in_terminal.ours

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """End the program if it has not ended yet."""
        self._in_terminal.kill()
        os.close(self._ours)

    @property
    def text(self) -> str:
        """The lines of the screen, as far as the output was read."""
        return "\n".join(line.rstrip() for line in self._screen.display)

    @property
    def modes_left_on(self) -> set[int]:
        """The private modes (1049 is the alternate screen) that are not as they were at first."""
        return {mode >> _PRIVATE for mode in self._screen.mode ^ self._modes_at_first}

    @property
    def is_cooked(self) -> bool:
        """Whether lines are edited and echoed as they were before the program started."""
        return termios.tcgetattr(self._ours) == self._in_terminal.line_at_first

    def wait_for(self, words: str, *, within_s: float = PATIENCE_S) -> None:
        """Read until these words are on the screen.

        Raises:
            AssertionError: they did not come in time, or the program has ended without them.
        """
        deadline = time.monotonic() + within_s
        while words not in self.text:
            if not self._read(deadline):
                raise AssertionError(f"{words!r} is not on the screen:\n{self.text}")

    def press(self, *keys: str) -> None:
        """Press keys, one after the other."""
        for key in keys:
            os.write(self._ours, KEYS.get(key, key).encode())

    def resize(self, columns: int, rows: int) -> None:
        """Resize the terminal; the kernel sends SIGWINCH to the program where it is its controlling terminal."""
        self._screen.resize(rows, columns)
        self._screen.erase_in_display(2)  # what was there can be anywhere now
        fcntl.ioctl(self._ours, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def wait_for_end(self, *, within_s: float = PATIENCE_S) -> int:
        """Read until the program has ended, and give its exit status; negative is a signal.

        Raises:
            AssertionError: it did not end in time.
        """
        deadline = time.monotonic() + within_s
        while self._read(deadline):
            pass
        try:
            return self._program.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            raise AssertionError(f"the program goes on:\n{self.text}") from None

    def _read(self, deadline: float) -> bool:
        """Take in what the program writes next; False at its end, or at the deadline."""
        left = deadline - time.monotonic()
        if left <= 0 or not select.select([self._ours], [], [], left)[0]:
            return False
        try:
            data = os.read(self._ours, _READ_BYTES)
        except OSError as error:
            if error.errno != errno.EIO:  # on Linux: the other end is closed
                raise
            return False
        self.output += data
        self._stream.feed(data.replace(_KITTY_POP, b""))
        return bool(data)


class _Screen(pyte.Screen):
    """Clears, as terminals do, the alternate screen when it is left."""

    def reset_mode(self, *modes: int, **kwargs: object) -> None:
        was_alternate = _ALTERNATE_SCREEN in self.mode
        super().reset_mode(*modes, **kwargs)
        if was_alternate and _ALTERNATE_SCREEN not in self.mode:
            self.erase_in_display(2)
            self.cursor_position()
