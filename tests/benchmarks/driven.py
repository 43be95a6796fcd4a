"""A program in a pseudo-terminal that is drained at all times, with a stamp on every byte that it wrote."""

import os
import select
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.terminal import environment, start_in_terminal

COLUMNS, ROWS = 120, 40
_READ_BYTES = 65_536
_PATIENCE_S = 60.0
_SYNC_QUERY = b"\x1b[?2026$p"
_HAS_SYNC = b"\x1b[?2026;2$y"
_READS_PER_SECOND = 20


@dataclass(frozen=True, slots=True)
class Memory:
    """What a process holds, in MB: resident, and its share of what it has in common with others."""

    rss_mb: float
    pss_mb: float


class Driven:
    """Runs a program and measures it. Moments are those of `time.monotonic`.

    Args:
        command: the program and its arguments.
        bytes_per_s: how much the terminal takes in a second; None takes all at once.
    """

    def __init__(self, command: Sequence[str], *, bytes_per_s: int | None = None) -> None:
        self._chunks: list[tuple[float, int]] = []
        self._output = bytearray()
        self._changed = threading.Condition()
        self._bytes_per_s = bytes_per_s
        self.started = time.monotonic()
        self._in_terminal = start_in_terminal(
            command,
            columns=COLUMNS,
            rows=ROWS,
            environ=environment(RUNLOOP_API_KEY="ak_of_the_benchmarks"),
        )
        self._program, self._ours = self._in_terminal.program, self._in_terminal.ours
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

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
        self._reader.join()
        os.close(self._ours)

    @property
    def written(self) -> int:
        """How many bytes came so far."""
        return len(self._output)

    @property
    def cpu_s(self) -> float:
        """The processor time that the program has used so far, ended threads included."""
        return time.clock_gettime((~self._program.pid << 3) | 2)  # Linux's clock of a process

    @property
    def memory(self) -> Memory:
        """What it holds now."""
        rollup = Path(f"/proc/{self._program.pid}/smaps_rollup").read_text("ascii")
        sizes = dict(line.split(":", 1) for line in rollup.splitlines()[1:])
        rss, pss = (int(sizes[name].split()[0]) / 1024 for name in ("Rss", "Pss"))
        return Memory(rss, pss)

    def press(self, keys: str) -> float:
        """Send keys as they travel; gives the moment at which they were sent."""
        moment = time.monotonic()
        os.write(self._ours, keys.encode())
        return moment

    def wait_for(self, words: str, *, after: int = 0, within_s: float = _PATIENCE_S) -> float:
        """The moment at which the words were written, looked for behind the first `after` bytes.

        Raises:
            AssertionError: they did not come.
        """
        wanted = words.encode()
        deadline = time.monotonic() + within_s
        with self._changed:
            while (place := self._output.find(wanted, after)) < 0:
                left = deadline - time.monotonic()
                if left <= 0 or not self._changed.wait(left):
                    raise AssertionError(f"{words!r} was not written: {self._output[-2000:]!r}")
            return self._moment_of(place + len(wanted))

    def wait_for_output(self, *, after: int, within_s: float = 2.0) -> float | None:
        """The moment of the first byte behind the first `after`; None where none comes."""
        with self._changed:
            if not self._changed.wait_for(lambda: len(self._output) > after, within_s):
                return None
            return self._moment_of(after + 1)

    def wait_until_quiet(self, quiet_s: float, *, within_s: float = _PATIENCE_S) -> float:
        """Wait until nothing was written for so long; gives the moment of the last byte."""
        deadline = time.monotonic() + within_s
        with self._changed:
            while time.monotonic() < deadline:
                last = self._chunks[-1][0] if self._chunks else self.started
                left = last + quiet_s - time.monotonic()
                if left <= 0:
                    return last
                self._changed.wait(left)
        raise AssertionError("its output never pauses")

    def quit(self) -> None:
        """Press q, and wait for the end."""
        self.press("q")
        self._program.wait(_PATIENCE_S)

    def _moment_of(self, size: int) -> float:
        return next(moment for moment, end in self._chunks if end >= size)

    def _read(self) -> None:
        at_once = self._bytes_per_s // _READS_PER_SECOND if self._bytes_per_s else _READ_BYTES
        while True:
            select.select([self._ours], [], [])
            try:
                data = os.read(self._ours, at_once)
            except OSError:  # so Linux says that the program has ended
                return
            moment = time.monotonic()
            with self._changed:
                before = max(0, len(self._output) - len(_SYNC_QUERY))
                self._output += data
                self._chunks.append((moment, len(self._output)))
                self._changed.notify_all()
            self._answer(before)
            if self._bytes_per_s:
                time.sleep(len(data) / self._bytes_per_s)

    def _answer(self, before: int) -> None:
        """Answer as terminals do that can hold a frame back until it is whole."""
        if _SYNC_QUERY in self._output[before:]:
            os.write(self._ours, _HAS_SYNC)
