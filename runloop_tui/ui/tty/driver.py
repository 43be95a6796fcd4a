"""Textual's driver, for a terminal far away: it never blocks on one that is slow, and ends with one that is gone.

Textual's own writer holds up the event loop once thirty writes wait; its reader asks ten times a second whether it is
to end, spins when the input has ended, and ends the app with a traceback over a byte that is not UTF-8.
"""

import os
import selectors
import sys
import threading
import time
from codecs import getincrementaldecoder
from typing import TYPE_CHECKING, Any

from textual import events
from textual._ansi_sequences import SYNC_END, SYNC_START
from textual._xterm_parser import XTermParser
from textual.drivers.linux_driver import LinuxDriver
from textual.message import Message

from runloop_tui.ui.tty.window import OutputWindow
from runloop_tui.ui.tty.writer import TerminalWriter

if TYPE_CHECKING:
    from textual.app import App

_WHERE_ARE_YOU = "\x1b[6n"
"""Asks for the position of the cursor: every terminal answers that, when it comes to it."""
_PIXEL_MOUSE_OFF = "\x1b[?1016l"
_MOST_WAITING = 4096
_READ_BYTES = 4096
_ESCAPE_LOOKS = (0.06, 0.06, 0.06)
"""Waits after a byte, in seconds: the rest of an escape sequence did not come within 0.1 s, so it was the key."""
_LAST_ANSWER_S = 1.0
"""So long the last answer of a terminal that answers is waited for."""
_FIRST_ANSWER_S = 0.5
"""So long the answer of one that has not had the time yet to answer at all."""
_YOUNG_S = 1.0
"""A terminal that has not answered within that long never will."""
_FOCUS_REPORTS_OFF = "\x1b[?1004l"


class TerminalDriver(LinuxDriver):
    """Tells the app when the terminal falls behind, has caught up, or is gone."""

    class FellBehind(Message, bubble=False):
        """The terminal has more to show than it should be given."""

    class CaughtUp(Message, bubble=False):
        """The terminal has shown nearly all that it was given."""

    class Closed(Message, bubble=False):
        """There is no terminal any more."""

    def __init__(self, app: "App[Any]", **how: Any) -> None:  # noqa: ANN401 - passed on
        super().__init__(app, **how)
        # Rich takes 80x25 for the size where TERM is dumb. A first layout of another size than the terminal's leaves
        # two Resize events on their way, each of which makes Textual send the other one again, for ever.
        self._size = self._size or self._get_terminal_size()
        self.exit_event = self._end = _Waking()
        self._lock = threading.Lock()
        self._window = OutputWindow()
        self._no_answer_due = threading.Event()
        self._no_answer_due.set()
        self._writer: TerminalWriter | None = None
        self._started = 0.0
        self._is_behind = False
        self._frame: list[str] = []

    # Output

    def start_application_mode(self) -> None:
        """Begin to write, and ask the terminal at once whether it answers."""
        self._window = OutputWindow()
        self._is_behind = False
        stream = self._file or sys.stderr
        self._writer = TerminalWriter(
            stream.fileno(),
            stream.encoding,
            on_drained=self._review,
            on_broken=self._tell_closed,
        )
        self._writer.start()
        self._started = time.monotonic()
        super().start_application_mode()  # type: ignore[no-untyped-call]
        self._ask()

    def write(self, data: str) -> None:
        """Hand something to the terminal, without waiting for it; a frame with its marks in one piece."""
        with self._lock:
            if data == SYNC_START or self._frame:
                self._frame.append(data)
                if data != SYNC_END:
                    return
                data = "".join(self._frame)
                self._frame.clear()
            self._window.wrote(len(data))
        if self._writer is not None:
            self._writer.write(data)

    def flush(self) -> None:
        """A frame is whole: ask where the terminal is, if it was given much."""
        if self._window.wants_answer:
            self._ask()
        self._review()

    def close(self) -> None:
        """Write what is left."""
        super().close()
        if self._writer is not None:
            self._writer.stop()

    def _disable_mouse_support(self) -> None:
        """Turn off the mode that Textual forgets as well, whether the app ends or is suspended."""
        super()._disable_mouse_support()
        if self._mouse:
            self.write(_PIXEL_MOUSE_OFF)

    @property
    def is_behind(self) -> bool:
        """Tell whether the terminal should be given no more for now."""
        return self._is_behind

    def expect_no_answers(self) -> None:
        """Hold nothing back for an answer that does not come, unless the writer itself is stuck."""
        with self._lock:
            self._window.forget()
        self._review()

    def _ask(self) -> None:
        if self.input_tty and self._writer is not None:
            with self._lock:  # first: the answer may be there before this goes on
                self._window.asked()
                self._note_due()
            self._writer.write(_WHERE_ARE_YOU)

    def _review(self) -> None:
        """Tell the app when the terminal falls behind, or has caught up. Called in all three threads."""
        with self._lock:
            waiting = self._writer.waiting if self._writer is not None else 0
            is_behind = self._window.is_behind or waiting > _MOST_WAITING
            if is_behind == self._is_behind:
                return
            self._is_behind = is_behind
        self._app.post_message(self.FellBehind() if is_behind else self.CaughtUp())

    def _note_due(self) -> None:
        if self._window.has_asked:
            self._no_answer_due.clear()
        else:
            self._no_answer_due.set()

    def _tell_closed(self) -> None:
        self._app.post_message(self.Closed())

    # Input

    def process_message(self, message: Message) -> None:
        """Keep the terminal's answers; all else is for the app."""
        if isinstance(message, events.CursorPosition):
            with self._lock:
                self._window.answered()
                self._note_due()
            self._review()
        else:
            super().process_message(message)

    def disable_input(self) -> None:
        """End reading; what the terminal still has to say must not end up in the shell that comes next.

        It reports nothing by itself any more, and is asked once more: with that answer all others have come.
        """
        if self._key_thread is not None and self._key_thread.is_alive() and self._may_answer:
            self._disable_mouse_support()
            self.write(_FOCUS_REPORTS_OFF)
            self._ask()
            self._no_answer_due.wait(_LAST_ANSWER_S if self._window.answers else _FIRST_ANSWER_S)
        super().disable_input()

    @property
    def _may_answer(self) -> bool:
        """Tell whether the terminal answers, or has not had the time yet to show that it does."""
        return self._window.answers or time.monotonic() - self._started < _YOUNG_S

    def run_input_thread(self) -> None:
        """Read keys until told to end, or until the terminal is gone. Waits without waking up."""
        parser = XTermParser(self._debug)
        decode = getincrementaldecoder("utf-8")("replace").decode
        looks: list[float] = []
        with selectors.SelectSelector() as selector:  # on macOS the others know no terminals
            selector.register(self.fileno, selectors.EVENT_READ)
            selector.register(self._end, selectors.EVENT_READ)
            while not self._end.is_set():
                ready = selector.select(looks.pop() if looks else None)
                if any(key.fileobj == self.fileno for key, _ in ready):
                    data = self._read()
                    if data == b"":
                        self._tell_closed()
                        return
                    if text := decode(data or b""):  # the parser takes an empty text for the end
                        looks = [*_ESCAPE_LOOKS]
                        parser = self._parsed(parser, text)
                for message in parser.tick():
                    self.process_message(message)

    def _parsed(self, parser: XTermParser, text: str) -> XTermParser:
        """Pass on what was typed; gives the parser to go on with, a fresh one after an error."""
        try:
            for message in parser.feed(text):
                self.process_message(message)
        except Exception as error:  # noqa: BLE001 - nothing that is typed may end the reading
            self._app.call_later(self._app._handle_exception, error)  # noqa: SLF001 - the app's border
            return XTermParser(self._debug)
        return parser

    def _read(self) -> bytes | None:
        """What was typed; empty at the end of input, None where another process was faster."""
        try:
            return os.read(self.fileno, _READ_BYTES)
        except BlockingIOError:
            return None
        except OSError:
            return b""


class _Waking(threading.Event):
    """An event that a selector can wait for."""

    def __init__(self) -> None:
        super().__init__()
        self._ours, self._theirs = os.pipe()

    def fileno(self) -> int:
        return self._ours

    def set(self) -> None:
        if not self.is_set():
            super().set()
            os.write(self._theirs, b".")

    def clear(self) -> None:
        if self.is_set():
            super().clear()
            os.read(self._ours, 1)
