"""A thread that writes to the terminal, so that a slow terminal never blocks the event loop."""

import os
import select
import threading
from collections import deque
from collections.abc import Callable

_CHUNK_BYTES = 1024
_STOP_TIMEOUT_S = 2.0
"""`stop` returns once the terminal has taken nothing for that long."""


class TerminalWriter(threading.Thread):
    """Queues texts without blocking, and writes them in order.

    Args:
        descriptor: an open file descriptor of the terminal.
        encoding: the terminal's; characters that it lacks are written as question marks.
        on_drained: called in this thread whenever everything has been written.
        on_broken: called once in this thread on a write error such as EPIPE or EIO; later texts are dropped.
    """

    def __init__(
        self,
        descriptor: int,
        encoding: str,
        *,
        on_drained: Callable[[], None],
        on_broken: Callable[[], None],
    ) -> None:
        super().__init__(name="terminal-writer", daemon=True)
        self._descriptor = descriptor
        self._encoding = encoding
        self._on_drained = on_drained
        self._on_broken = on_broken
        self._texts: deque[str] = deque()
        self._changed = threading.Condition()
        self._queued = 0
        self._bytes_written = 0
        self._stopped = False
        self._broken = False

    @property
    def queued(self) -> int:
        """Return how many characters are queued and not written yet."""
        return self._queued

    def write(self, text: str) -> None:
        """Queue a text."""
        with self._changed:
            if not self._broken:
                self._texts.append(text)
                self._queued += len(text)
                self._changed.notify()

    def stop(self) -> None:
        """Write what is queued and end the thread; give up on a terminal that takes nothing any more."""
        with self._changed:
            self._stopped = True
            self._changed.notify()
        written = -1
        while self.is_alive() and written != self._bytes_written:
            written = self._bytes_written
            self.join(_STOP_TIMEOUT_S)

    def run(self) -> None:
        """Write until `stop`, or until a write fails."""
        while (text := self._next()) is not None:
            try:
                self._write_all(text.encode(self._encoding, "replace"))
            except OSError:
                self._break()
                return
            with self._changed:
                self._queued -= len(text)
                is_drained = not self._texts
            if is_drained:
                self._on_drained()

    def _next(self) -> str | None:
        """Wait for texts and return all that are queued as one; None after `stop`."""
        with self._changed:
            self._changed.wait_for(lambda: self._texts or self._stopped)
            text = "".join(self._texts)
            self._texts.clear()
        return text or None

    def _write_all(self, data: bytes) -> None:
        rest = memoryview(data)
        while rest:
            try:
                count = os.write(self._descriptor, rest[:_CHUNK_BYTES])
            except BlockingIOError:  # another process has set O_NONBLOCK on the shared terminal
                select.select([], [self._descriptor], [])
            else:
                rest = rest[count:]
                self._bytes_written += count

    def _break(self) -> None:
        with self._changed:
            self._broken = True
            self._texts.clear()
            self._queued = 0
        self._on_broken()
