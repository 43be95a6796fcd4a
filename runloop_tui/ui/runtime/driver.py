"""A Textual driver for slow and remote terminals: it never blocks on output, and survives bad input and EOF.

Textual's own writer blocks the event loop once thirty writes are queued. Its reader wakes up ten times a second,
spins on EOF, and ends the app with a traceback over a byte that is not UTF-8.
"""

import os
import selectors
import sys
import threading
import time
from codecs import getincrementaldecoder
from typing import TYPE_CHECKING, Any

from textual import events
from textual.message import Message

from runloop_tui.ui.runtime.flow_control import FlowControl
from runloop_tui.ui.runtime.textual_compat import (
    SYNC_END,
    SYNC_START,
    CompatDriver,
    XTermParser,
    report_error,
)
from runloop_tui.ui.runtime.writer import TerminalWriter

if TYPE_CHECKING:
    from textual.app import App

_CURSOR_POSITION_REQUEST = "\x1b[6n"
"""Device status report: every terminal answers it, in order with the rest of its input."""
_PIXEL_MOUSE_OFF = "\x1b[?1016l"
_FOCUS_REPORTS_OFF = "\x1b[?1004l"
_MAX_QUEUED = 4096
"""With more characters than this in the writer's queue, the terminal is behind even without a report."""
_READ_BYTES = 4096
_ESCAPE_TIMEOUTS_S = (0.06, 0.06, 0.06)
"""Waits after input: an escape sequence whose rest has not come within 0.1 s was the Escape key."""
_LAST_REPORT_S = 1.0
"""How long `disable_input` waits for the last report of a terminal that has sent one before."""
_FIRST_REPORT_S = 0.5
"""The same for a terminal that has sent none yet, but may be about to."""
_FIRST_REPORT_WITHIN_S = 1.0
"""A terminal that has sent no report within that time of the start will send none."""


class TerminalDriver(CompatDriver):
    """Sends the app a message when the terminal falls behind, has caught up, or is closed."""

    class FellBehind(Message, bubble=False):
        """The terminal lags; frames should be held back."""

    class CaughtUp(Message, bubble=False):
        """The terminal has read nearly all that was written."""

    class Closed(Message, bubble=False):
        """Reading met EOF or an error, or writing failed: there is no terminal any more."""

    def __init__(self, app: "App[Any]", **options: Any) -> None:  # noqa: ANN401 - passed on
        super().__init__(app, **options)
        self.exit_event = self._stop_reading = _SelectableEvent()
        self._lock = threading.Lock()
        self._flow = FlowControl()
        self._no_open_requests = threading.Event()
        self._no_open_requests.set()
        self._writer: TerminalWriter | None = None
        self._started_at = 0.0
        self._is_behind = False
        self._frame_parts: list[str] = []

    # Output

    def start_application_mode(self) -> None:
        """Start the writer, switch the terminal's modes, and request a first report."""
        self._flow = FlowControl()
        self._is_behind = False
        stream = self.output or sys.stderr
        self._writer = TerminalWriter(
            stream.fileno(),
            stream.encoding,
            on_drained=self._check_lag,
            on_broken=self._post_closed,
        )
        self._writer.start()
        self._started_at = time.monotonic()
        super().start_application_mode()  # type: ignore[no-untyped-call]
        self._request_report()

    def write(self, data: str) -> None:
        """Queue a text for the terminal, without blocking; a frame with its sync marks is queued in one piece."""
        with self._lock:
            if data == SYNC_START or self._frame_parts:
                self._frame_parts.append(data)
                if data != SYNC_END:
                    return
                data = "".join(self._frame_parts)
                self._frame_parts.clear()
            self._flow.wrote(len(data))
        if self._writer is not None:
            self._writer.write(data)

    def flush(self) -> None:
        """Request a report if enough was written since the last one; Textual calls this after each frame."""
        if self._flow.wants_request:
            self._request_report()
        self._check_lag()

    def close(self) -> None:
        """Write what is queued, and end the writer."""
        super().close()
        if self._writer is not None:
            self._writer.stop()

    def mouse_disabled(self) -> None:
        """Switch off the pixel mode too, which Textual leaves on at the end and at a suspend."""
        if self.uses_mouse:
            self.write(_PIXEL_MOUSE_OFF)

    @property
    def is_behind(self) -> bool:
        """Return True while the terminal should be given no more frames."""
        return self._is_behind

    def expect_no_reports(self) -> None:
        """Stop waiting for reports, which were lost; the writer's queue still counts."""
        with self._lock:
            self._flow.reset()
        self._check_lag()

    def _request_report(self) -> None:
        if self.input_tty and self._writer is not None:
            with self._lock:  # before the request is written: its report may come at once
                self._flow.requested()
                self._note_open_requests()
            self._writer.write(_CURSOR_POSITION_REQUEST)

    def _check_lag(self) -> None:
        """Post `FellBehind` or `CaughtUp` on a change. Called in the main, the input and the writer thread."""
        with self._lock:
            queued = self._writer.queued if self._writer is not None else 0
            is_behind = self._flow.is_behind or queued > _MAX_QUEUED
            if is_behind == self._is_behind:
                return
            self._is_behind = is_behind
        self.target_app.post_message(self.FellBehind() if is_behind else self.CaughtUp())

    def _note_open_requests(self) -> None:
        if self._flow.has_open_requests:
            self._no_open_requests.clear()
        else:
            self._no_open_requests.set()

    def _post_closed(self) -> None:
        self.target_app.post_message(self.Closed())

    # Input

    def process_message(self, message: Message) -> None:
        """Take cursor-position reports, and pass all other events to the app."""
        if isinstance(message, events.CursorPosition):
            with self._lock:
                self._flow.confirmed()
                self._note_open_requests()
            self._check_lag()
        else:
            super().process_message(message)

    def disable_input(self) -> None:
        """Stop reading, after a last report: what the terminal sends later would be typed into the shell.

        Mouse and focus reports are switched off first; the answers to all queries come before the last report.
        """
        if self.is_reading and self._may_report:
            self.disable_mouse()
            self.write(_FOCUS_REPORTS_OFF)
            self._request_report()
            self._no_open_requests.wait(_LAST_REPORT_S if self._flow.answers else _FIRST_REPORT_S)
        super().disable_input()

    @property
    def _may_report(self) -> bool:
        """Return True if the terminal has sent a report, or may still send its first one."""
        is_young = time.monotonic() - self._started_at < _FIRST_REPORT_WITHIN_S
        return self._flow.answers or is_young

    def run_input_thread(self) -> None:
        """Read input until `exit_event` is set or reading ends; waits without polling."""
        parser = self.new_parser()
        decode = getincrementaldecoder("utf-8")("replace").decode
        timeouts: list[float] = []
        with selectors.SelectSelector() as selector:  # on macOS the other selectors fail on a tty
            selector.register(self.fileno, selectors.EVENT_READ)
            selector.register(self._stop_reading, selectors.EVENT_READ)
            while not self._stop_reading.is_set():
                ready = selector.select(timeouts.pop() if timeouts else None)
                if any(key.fileobj == self.fileno for key, _ in ready):
                    data = self._read()
                    if data == b"":
                        self._post_closed()
                        return
                    if text := decode(data or b""):  # the parser takes an empty text for EOF
                        timeouts = [*_ESCAPE_TIMEOUTS_S]
                        parser = self._feed(parser, text)
                for message in parser.tick():
                    self.process_message(message)

    def _feed(self, parser: XTermParser, text: str) -> XTermParser:
        """Parse input and process its events; return the parser to go on with, a new one after an error."""
        try:
            for message in parser.feed(text):
                self.process_message(message)
        except Exception as error:  # noqa: BLE001 - no input may end the input thread
            self.target_app.call_later(report_error, self.target_app, error)
            return self.new_parser()
        return parser

    def _read(self) -> bytes | None:
        """Return input; empty on EOF or EIO, None if another process has read it first."""
        try:
            return os.read(self.fileno, _READ_BYTES)
        except BlockingIOError:
            return None
        except OSError:
            return b""


class _SelectableEvent(threading.Event):
    """An event that a selector can wait for."""

    def __init__(self) -> None:
        super().__init__()
        self._read_end, self._write_end = os.pipe()

    def fileno(self) -> int:
        return self._read_end

    def set(self) -> None:
        if not self.is_set():
            super().set()
            os.write(self._write_end, b".")

    def clear(self) -> None:
        if self.is_set():
            super().clear()
            os.read(self._read_end, 1)
