"""The writer never blocks, keeps the order of texts, and survives a closed terminal."""

import os
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest

from runloop_tui.ui.runtime.writer import TerminalWriter
from tests.terminal import PATIENCE_S

FAR_TOO_MUCH = 4 * 2**20
"""More bytes than a pipe buffers."""


@dataclass
class Line:
    """A pipe in the place of a terminal, with its writer."""

    reading: int
    writing: int
    drained: threading.Event = field(default_factory=threading.Event)
    broken: threading.Event = field(default_factory=threading.Event)

    def writer(self, encoding: str = "utf-8") -> TerminalWriter:
        writer = TerminalWriter(
            self.writing, encoding, on_drained=self.drained.set, on_broken=self.broken.set
        )
        writer.start()
        return writer

    def read(self, size: int) -> bytes:
        data = b""
        while len(data) < size:
            data += os.read(self.reading, size - len(data))
        return data


@pytest.fixture
def line() -> Iterator[Line]:
    reading, writing = os.pipe()
    yield Line(reading, writing)
    for descriptor in (reading, writing):
        with_suppressed(os.close, descriptor)


def with_suppressed(close: Callable[[int], None], descriptor: int) -> None:
    try:
        close(descriptor)
    except OSError:
        return


def test_texts_arrive_in_order(line: Line) -> None:
    writer = line.writer()
    for text in ("one ", "two ", "three"):
        writer.write(text)
    assert line.read(13) == b"one two three"
    writer.stop()
    assert not writer.is_alive()


def test_a_terminal_that_takes_nothing_does_not_block_write(line: Line) -> None:
    writer = line.writer()
    for _ in range(100):  # Textual's own writer blocks at the thirty-first
        writer.write("x" * (FAR_TOO_MUCH // 100))
    assert writer.queued > FAR_TOO_MUCH // 2
    assert not line.drained.is_set()
    line.read(FAR_TOO_MUCH // 100 * 100)
    assert line.drained.wait(PATIENCE_S)
    assert writer.queued == 0
    writer.stop()


def test_a_closed_terminal_is_reported_once_and_later_texts_are_dropped(line: Line) -> None:
    writer = line.writer()
    os.close(line.reading)
    writer.write("who reads this?")
    assert line.broken.wait(PATIENCE_S)
    writer.write("x" * FAR_TOO_MUCH)
    assert writer.queued == 0
    writer.stop()
    assert not writer.is_alive()


def test_on_a_non_blocking_pipe_nothing_is_lost(line: Line) -> None:
    os.set_blocking(line.writing, False)
    writer = line.writer()
    writer.write("x" * FAR_TOO_MUCH)
    assert line.read(FAR_TOO_MUCH) == b"x" * FAR_TOO_MUCH
    writer.stop()


def test_a_character_that_the_encoding_lacks_becomes_a_question_mark(line: Line) -> None:
    writer = line.writer("iso8859-1")
    writer.write("● café")
    assert line.read(6) == b"? caf\xe9"
    writer.stop()


def test_stop_gives_up_on_a_terminal_that_takes_nothing(
    line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("runloop_tui.ui.runtime.writer._STOP_TIMEOUT_S", 0.01)
    writer = line.writer()
    writer.write("x" * FAR_TOO_MUCH)
    writer.stop()
    assert writer.is_alive()
    line.read(FAR_TOO_MUCH)
    writer.join(PATIENCE_S)
    assert not writer.is_alive()


def test_stop_waits_for_a_terminal_that_takes_little_at_a_time(
    line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    portions = [FAR_TOO_MUCH // 64] * 64
    wait = threading.Thread.join

    def read_a_little_and_wait(writer: TerminalWriter, _: float) -> None:
        before = writer._bytes_written
        if portions:
            line.read(portions.pop())
        while writer.is_alive() and writer._bytes_written == before:
            wait(writer, 0.001)

    monkeypatch.setattr(TerminalWriter, "join", read_a_little_and_wait)
    writer = line.writer()
    writer.write("x" * FAR_TOO_MUCH)
    writer.stop()
    assert not writer.is_alive()
    assert writer.queued == 0
