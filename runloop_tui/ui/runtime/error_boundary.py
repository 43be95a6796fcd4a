"""The error boundary: an unexpected exception is logged and shown, and the app goes on.

Textual ends the app over an exception in a message handler, a timer, a worker or a render. Here the exception is
logged with its traceback and shown in one line. `textual_compat.route_errors_to_app` keeps the message loops running.
"""

import asyncio
import logging
import traceback
from collections import Counter
from collections.abc import Awaitable, Callable

from textual.worker import WorkerFailed

log = logging.getLogger(__name__)

_RESTART_AFTER_S = 5.0
_MAX_CAUSES = 8
_COUNTS_LOGGED = frozenset({1, 10, 100, 1_000, 10_000})


class ErrorBoundary:
    """Counts errors by type and place, so that one that repeats is shown once and does not fill the log.

    Args:
        show: shows a line of safe text.
    """

    def __init__(self, show: Callable[[str], None]) -> None:
        self._show = show
        self._counts: Counter[str] = Counter()

    def report(self, error: BaseException) -> None:
        """Log an error, and show it if it is the first of its kind."""
        if isinstance(error, WorkerFailed):
            error = error.error
        kind = f"{type(error).__name__} {_place(error)}"
        self._counts[kind] += 1
        count = self._counts[kind]
        if count in _COUNTS_LOGGED:
            log.error("caught %s, %d times so far:\n%s", kind, count, _trace(error))
        if count == 1:
            self._show(f"An error inside runloop-tui: {kind}. The rest goes on.")

    async def restart_on_error(self, work: Callable[[], Awaitable[None]]) -> None:
        """Run work until it returns or is canceled; start it again some seconds after an error."""
        while True:
            try:
                await work()
            except Exception as error:  # noqa: BLE001 - the error boundary
                self.report(error)
                await asyncio.sleep(_RESTART_AFTER_S)
            else:
                return


def _place(error: BaseException) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    if not frames:
        return "nowhere"
    return f"at {frames[-1].filename.rsplit('/', 1)[-1]}:{frames[-1].lineno}"


def _trace(error: BaseException | None) -> str:
    """Return the tracebacks from the first cause on, without messages and values, which may quote an answer."""
    traces: list[str] = []
    while error is not None and len(traces) < _MAX_CAUSES:
        frames = "".join(traceback.format_tb(error.__traceback__))
        traces.append(f"{frames}\n{type(error).__qualname__}")
        error = error.__cause__ or error.__context__
    return "\nwhich led to\n".join(reversed(traces))
