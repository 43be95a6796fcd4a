"""Writes to a terminal in a thread of its own, so that a slow one never holds up who writes."""

import os
import select
import threading
from collections import deque
from collections.abc import Callable

_CHUNK_BYTES = 1024
_LAST_WORDS_S = 2.0
"""So long the end waits for a terminal that takes nothing any more; one that takes little is waited for."""


class TerminalWriter(threading.Thread):
    """Takes texts in without ever blocking, and writes them in order.

    Args:
        descriptor: an open file descriptor of the terminal.
        encoding: what the terminal reads; what it cannot say becomes a question mark.
        on_drained: called in this thread whenever everything has been written.
        on_broken: called once in this thread when the terminal is gone; all that is written later is dropped.
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
        self._waiting = 0
        self._taken = 0
        self._stopped = False
        self._broken = False

    @property
    def waiting(self) -> int:
        """How many characters were taken in and not written yet."""
        return self._waiting

    def write(self, text: str) -> None:
        """Take in a text."""
        with self._changed:
            if not self._broken:
                self._texts.append(text)
                self._waiting += len(text)
                self._changed.notify()

    def stop(self) -> None:
        """Write what is left and end; a terminal that takes nothing is not waited for long."""
        with self._changed:
            self._stopped = True
            self._changed.notify()
        taken = -1
        while self.is_alive() and taken != self._taken:
            taken = self._taken
            self.join(_LAST_WORDS_S)

    def run(self) -> None:
        """Write until stopped, or until the terminal is gone."""
        while (text := self._next()) is not None:
            try:
                self._write_all(text.encode(self._encoding, "replace"))
            except OSError:
                self._break()
                return
            with self._changed:
                self._waiting -= len(text)
                is_drained = not self._texts
            if is_drained:
                self._on_drained()

    def _next(self) -> str | None:
        """Everything that waits, as one text; None at the end."""
        with self._changed:
            self._changed.wait_for(lambda: self._texts or self._stopped)
            text = "".join(self._texts)
            self._texts.clear()
        return text or None

    def _write_all(self, data: bytes) -> None:
        rest = memoryview(data)
        while rest:
            try:
                taken = os.write(self._descriptor, rest[:_CHUNK_BYTES])
            except BlockingIOError:  # somebody who shares the terminal has made it non-blocking
                select.select([], [self._descriptor], [])
            else:
                rest = rest[taken:]
                self._taken += taken

    def _break(self) -> None:
        with self._changed:
            self._broken = True
            self._texts.clear()
            self._waiting = 0
        self._on_broken()
