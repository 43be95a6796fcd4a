"""Flow control: how far the terminal lags behind what was written, and frames held back while it does.

The terminal is sent a cursor-position request (CSI 6n) now and then. It handles its input in order, so each report
that comes back shows that it has read everything written before that request.
"""

from collections import deque
from contextlib import ExitStack
from typing import TYPE_CHECKING, Protocol

from runloop_tui.ui.runtime.frame_diff import DiffUpdate, FrameDiff
from runloop_tui.ui.runtime.textual_compat import CompositorUpdate, drops_frames

if TYPE_CHECKING:
    from rich.console import RenderableType
    from textual.app import App

_MAX_UNREAD = 4096
"""A terminal with more unread characters than this is behind: at 2 KB/s a key is answered two seconds later."""
_REQUEST_EVERY = 512
"""Characters written between two cursor-position requests."""
_MAX_HELD_S = 60
"""A report that takes longer is lost: a detached session was attached to another terminal, for example."""


class FlowControl:
    """Counts the characters that were written, and those that the terminal has confirmed.

    A terminal that has never sent a report is taken to keep up.
    """

    def __init__(self) -> None:
        self._written = 0
        self._confirmed = 0
        self._requests: deque[int] = deque()
        self._answers = False

    @property
    def is_behind(self) -> bool:
        """Return True while more characters are unread than should be."""
        return self._answers and self._written - self._confirmed > _MAX_UNREAD

    @property
    def answers(self) -> bool:
        """Return True if the terminal has sent a report."""
        return self._answers

    @property
    def has_open_requests(self) -> bool:
        """Return True while a request has no report yet."""
        return bool(self._requests)

    @property
    def wants_request(self) -> bool:
        """Return True if enough was written since the last request for another one."""
        last = self._requests[-1] if self._requests else self._confirmed
        return self._written - last >= _REQUEST_EVERY

    def wrote(self, characters: int) -> None:
        """Count characters that were handed to the terminal."""
        self._written += characters

    def requested(self) -> None:
        """Note a request, sent after all that was written so far."""
        self._requests.append(self._written)

    def confirmed(self) -> None:
        """Note a report: it answers the oldest open request."""
        self._answers = True
        if self._requests:
            self._confirmed = self._requests.popleft()

    def reset(self) -> None:
        """Drop the open requests, and take the terminal for one that keeps up until it reports again."""
        self._requests.clear()
        self._confirmed = self._written
        self._answers = False


class Lagging(Protocol):
    """What `FrameOutput` needs of a driver."""

    @property
    def is_behind(self) -> bool:
        """Return True while the terminal should be given no more."""
        ...

    def expect_no_reports(self) -> None:
        """Stop waiting for reports."""
        ...


class FrameOutput:
    """FrameOutput on their way to the terminal: reduced to what differs, and held back while it is behind.

    While frames are held the app does all else, and paints once when they are released.
    """

    def __init__(self, app: "App[None]") -> None:
        self._app = app
        self._diff = FrameDiff()
        self._batch = ExitStack()
        self._held_s: int | None = None
        self._dropped_frame = False

    def hold(self) -> None:
        """Paint nothing until `release`."""
        if self._held_s is None:
            self._held_s = 0
            self._batch.enter_context(self._app.batch_update())

    def release(self) -> None:
        """Paint what has changed since `hold`."""
        if self._held_s is None:
            return
        self._held_s = None
        self._batch.close()
        if self._dropped_frame:
            self._dropped_frame = False
            self._app.screen.refresh()

    def repaint(self) -> None:
        """Write the whole screen, whatever the terminal shows."""
        self._diff.clear()
        self._app.screen.refresh()

    def invalidate(self) -> None:
        """Write the next frame whole: the terminal may show anything."""
        self._diff.clear()

    def reduce(self, frame: "RenderableType | None") -> "RenderableType | None":
        """Return what is to be written of a frame; None if nothing is."""
        app = self._app
        if frame is None or app.is_headless or not isinstance(frame, CompositorUpdate):
            return frame
        if drops_frames(app):
            self._dropped_frame = self._held_s is not None
            return None
        sequence = self._diff.update(frame, app.console)
        if sequence is None:
            return frame
        return DiffUpdate(sequence) if sequence else None

    def tick(self, driver: Lagging | None) -> None:
        """Count a second. Release after a suspend, and give up on reports that do not come."""
        if self._held_s is None:
            return
        self._held_s += 1
        if driver is None:
            return
        if self._held_s > _MAX_HELD_S:
            driver.expect_no_reports()
        if not driver.is_behind:  # it was suspended meanwhile, and has begun anew
            self.release()
