"""The frames on their way to the terminal: reduced to what differs, and held back while it is behind."""

from typing import TYPE_CHECKING

from textual._compositor import CompositorUpdate

from runloop_tui.ui.tty.driver import TerminalDriver
from runloop_tui.ui.tty.painted_screen import Changes, PaintedScreen

if TYPE_CHECKING:
    from rich.console import RenderableType
    from textual.app import App

_LONGEST_TICKS = 60
"""An answer that takes longer than a minute will not come: the line to the terminal was another one."""


class Frames:
    """What an app paints, on its way out. Held back, the app does all else meanwhile, and paints once after that."""

    def __init__(self, app: "App[None]") -> None:
        self._app = app
        self._painted = PaintedScreen()
        self._held_ticks: int | None = None
        self._has_lost = False

    def hold(self) -> None:
        """Paint nothing until released."""
        if self._held_ticks is None:
            self._held_ticks = 0
            self._app._begin_batch()  # noqa: SLF001 - batch_update() wants to be left where it was entered

    def release(self) -> None:
        """Paint what has changed."""
        if self._held_ticks is None:
            return
        self._held_ticks = None
        self._app._end_batch()  # noqa: SLF001 - see above
        if self._has_lost:
            self._has_lost = False
            self._app.screen.refresh()

    def repaint(self) -> None:
        """Write the whole screen: the terminal may show anything."""
        self._painted.forget()
        self._app.screen.refresh()

    def forget(self) -> None:
        """The terminal may show anything, and will be given a whole frame."""
        self._painted.forget()

    def reduced(self, frame: "RenderableType | None") -> "RenderableType | None":
        """What of a frame is to be written; None if nothing is."""
        app = self._app
        if frame is None or app.is_headless or not isinstance(frame, CompositorUpdate):
            return frame
        if app._batch_count:  # noqa: SLF001 - then Textual drops the frame, though it takes it for painted
            self._has_lost = self._held_ticks is not None
            return None
        changes = self._painted.changes(frame, app.console)
        if changes is None:
            return frame
        return Changes(changes) if changes else None

    def tick(self) -> None:
        """A second has passed."""
        if self._held_ticks is None:
            return
        self._held_ticks += 1
        driver = self._app._driver  # noqa: SLF001 - Textual has no other way to the terminal
        if not isinstance(driver, TerminalDriver):
            return
        if self._held_ticks > _LONGEST_TICKS:
            driver.expect_no_answers()
        if not driver.is_behind:  # it was suspended meanwhile, and begins anew
            self.release()
