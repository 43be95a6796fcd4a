"""The app's border: an error that nobody expected ends what it met, never the app.

Textual ends the app over an exception in a message handler, a timer, a worker or a render, and stops the message
loop of the widget that it met. Here such an error is logged with its trace, told in one line, and the loop goes on.
"""

import asyncio
import logging
import traceback
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from rich.segment import Segment
from textual.message_pump import MessagePump
from textual.strip import Strip
from textual.widget import Widget
from textual.worker import WorkerFailed

if TYPE_CHECKING:
    from textual.geometry import Region
    from textual.message import Message

log = logging.getLogger(__name__)

_REST_AFTER_FAULT_S = 5.0
_MOST_CAUSES = 8
_COUNTS_LOGGED = frozenset({1, 10, 100, 1_000, 10_000})


class Border:
    """Remembers the errors that came to it, so that one that repeats is told once and does not fill the log.

    Args:
        tell: shows a line of safe text.
    """

    def __init__(self, tell: Callable[[str], None]) -> None:
        self._tell = tell
        self._met: Counter[str] = Counter()

    def caught(self, error: BaseException) -> None:
        """Log an error, and tell of it where it is the first of its kind."""
        if isinstance(error, WorkerFailed):
            error = error.error
        kind = f"{type(error).__name__} {_place(error)}"
        self._met[kind] += 1
        count = self._met[kind]
        if count in _COUNTS_LOGGED:
            log.error("caught %s, %d times so far:\n%s", kind, count, _trace(error))
        if count == 1:
            self._tell(f"An error inside runloop-tui: {kind}. The rest goes on.")

    async def keep(self, work: Callable[[], Awaitable[None]]) -> None:
        """Run work that should go on until canceled; begin it again after an error."""
        while True:
            try:
                await work()
            except Exception as error:  # noqa: BLE001 - this is the border
                self.caught(error)
                await asyncio.sleep(_REST_AFTER_FAULT_S)
            else:
                return


def _place(error: BaseException) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    if not frames:
        return "nowhere"
    return f"at {frames[-1].filename.rsplit('/', 1)[-1]}:{frames[-1].lineno}"


def _trace(error: BaseException | None) -> str:
    """The trace from the first cause on: places and kinds, no values and no messages, which may quote an answer."""
    told: list[str] = []
    while error is not None and len(told) < _MOST_CAUSES:
        frames = "".join(traceback.format_tb(error.__traceback__))
        told.append(f"{frames}\n{type(error).__qualname__}")
        error = error.__cause__ or error.__context__
    return "\nwhich led to\n".join(reversed(told))


def guard_textual() -> None:
    """Have Textual's message loops and painting hand their errors to the app, and go on.

    Textual has no other seam for it: each widget's loop ends after the first error, whatever the app makes of that.
    """
    if MessagePump._dispatch_message is _dispatch:  # noqa: SLF001 - see above
        return
    MessagePump._dispatch_message = _dispatch  # type: ignore[assignment,method-assign]  # noqa: SLF001
    Widget.render_lines = _render_lines  # type: ignore[assignment,method-assign]


_dispatch_of_textual = MessagePump._dispatch_message  # noqa: SLF001 - see guard_textual
_render_lines_of_textual = Widget.render_lines


async def _dispatch(pump: MessagePump, message: "Message") -> None:
    try:
        await _dispatch_of_textual(pump, message)
    except Exception as error:  # noqa: BLE001 - this is the border
        _hand_over(pump.app, error)


def _render_lines(widget: Widget, crop: "Region") -> list[Strip]:
    try:
        return _render_lines_of_textual(widget, crop)
    except Exception as error:  # noqa: BLE001 - this is the border
        _hand_over(widget.app, error)
        words = Strip([Segment("(this could not be shown)")]).adjust_cell_length(crop.width)
        return [words] + [Strip.blank(crop.width)] * (crop.height - 1)


def _hand_over(app: Any, error: Exception) -> None:  # noqa: ANN401 - of any type of app
    app._handle_exception(error)  # noqa: SLF001 - what Textual itself calls
