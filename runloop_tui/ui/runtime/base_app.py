"""The base of the app: signals, ticks, keys, notifications, unexpected errors and output to the terminal.

The app runs for days, in a terminal that may be slow or go away. What it shows is up to the subclass.
"""

import asyncio
import os
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from textual.actions import SkipAction
from textual.binding import Binding, BindingType
from textual.events import Key, MouseDown, MouseScrollDown, MouseScrollUp, Paste

from runloop_tui.interrupts import exit_on_sigint
from runloop_tui.ui.notifications import LONG_TOAST_S, EventLog, Toasts
from runloop_tui.ui.runtime.driver import TerminalDriver
from runloop_tui.ui.runtime.error_boundary import ErrorBoundary
from runloop_tui.ui.runtime.flow_control import FrameOutput
from runloop_tui.ui.runtime.key_queue import KeyQueue
from runloop_tui.ui.runtime.terminal import Terminal
from runloop_tui.ui.runtime.textual_compat import (
    CompatApp,
    driver_of,
    route_errors_to_app,
    share_border_styles,
)

if TYPE_CHECKING:
    from rich.console import RenderableType
    from textual.app import App
    from textual.events import Event
    from textual.notifications import Notify, SeverityLevel

    from runloop_tui.clock import Clock
    from runloop_tui.ui.runtime.key_queue import QueueMarker

_EXIT_SIGNALS = (signal.SIGINT, signal.SIGQUIT, signal.SIGTERM, signal.SIGHUP)
"""Signals on which the app exits as by a key."""
_ACTS = (Key, Paste, MouseDown, MouseScrollDown, MouseScrollUp)
"""The events that say that a person is at the terminal."""
_TICK_S = 1.0
_TICKS_UNFOCUSED = 30
"""While the terminal reports that it has no focus, the time is shown once in so many ticks."""


class BaseApp(CompatApp):
    """A Textual app with an error boundary, few toasts, one key at a time, and a driver that never blocks."""

    HORIZONTAL_BREAKPOINTS = [(0, "-slim"), (48, "-broad")]  # noqa: RUF012 - Textual's
    VERTICAL_BREAKPOINTS = [(0, "-lowest"), (11, "-low"), (18, "-high")]  # noqa: RUF012 - Textual's
    """Classes of dialogs by size; the screens with tables have their own."""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+c", "interrupt", show=False, priority=True, system=True)
    ]

    def __init__(self, clock: "Clock", *, css_path: "list[Any]") -> None:
        route_errors_to_app()
        share_border_styles()
        super().__init__(driver_class=TerminalDriver, css_path=css_path)
        self.animation_level = "none"  # animations cost bytes on a slow line
        self._clock = clock
        self._frames = FrameOutput(self)
        self._keys = KeyQueue(self, super().on_event)
        self._toasts = Toasts(self)
        self.error_boundary = ErrorBoundary(self._show_internal_error)
        self.event_log = EventLog(clock)
        self.terminal = Terminal(self)
        self._ticks_unfocused: int | None = None
        self._handles_signals = False
        self.has_begun = False
        """True once something is on the screen; an error before that ends the app."""

    # Start and end

    def on_load(self) -> None:
        """Install handlers for signals and for errors of the event loop, before the terminal's modes are changed."""
        if not self.is_headless:
            loop = asyncio.get_running_loop()
            loop.set_exception_handler(self._on_loop_error)
            for number in _EXIT_SIGNALS:
                loop.add_signal_handler(number, self.exit)
            self._handles_signals = True

    async def run_async(self, **options: Any) -> Any:  # noqa: ANN401 - passed on
        """Run; once the terminal is restored, an exit signal ends the process at once."""
        try:
            return await super().run_async(**options)
        finally:
            if self._handles_signals:
                self._remove_signal_handlers()

    def _remove_signal_handlers(self) -> None:
        """Remove the handlers from the loop, which would restore Python's own for SIGINT when it is closed."""
        loop = asyncio.get_running_loop()
        signal.pthread_sigmask(signal.SIG_BLOCK, _EXIT_SIGNALS)
        try:
            for number in _EXIT_SIGNALS:
                loop.remove_signal_handler(number)
            exit_on_sigint(self.return_code or 0)
        finally:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, _EXIT_SIGNALS)

    def on_mount(self) -> None:
        """Start the ticks."""
        self.app_resume_signal.subscribe(self, self._repaint)
        self.set_interval(_TICK_S, self._tick_if_seen)

    async def on_unmount(self) -> None:
        """Restore the window title."""
        self.terminal.restore()

    async def action_interrupt(self) -> None:
        """Quit from any screen, unless text is selected: Textual copies that."""
        selected = getattr(self.focused, "selected_text", "") or self.screen.get_selected_text()
        if selected:
            raise SkipAction
        await self.action_quit()

    def exit(self, *args: Any, **named: Any) -> None:  # noqa: ANN401 - passed on
        """Exit, and drop the keys that were typed after the one that exits."""
        self._keys.close()
        super().exit(*args, **named)

    # Time

    def _tick(self) -> None:
        """Show the current time; called each second, less often while the terminal has no focus. For subclasses."""

    def _tick_if_seen(self) -> None:
        driver = driver_of(self)
        self._frames.tick(driver if isinstance(driver, TerminalDriver) else None)
        if self._ticks_unfocused is not None:
            self._ticks_unfocused += 1
            if self._ticks_unfocused % _TICKS_UNFOCUSED:
                return
        self._tick()

    def person_acted(self) -> None:
        """Take note that a person is here: a key, the mouse, the focus comes back. For subclasses."""

    def on_app_blur(self) -> None:
        """Tick less often: the terminal has reported that it lost the focus."""
        self._ticks_unfocused = 0

    def on_app_focus(self) -> None:
        """Tick each second again."""
        self._ticks_unfocused = None
        self.person_acted()
        self._tick()

    # Notifications

    def notify(
        self,
        message: str,
        *,
        title: str = "",
        severity: "SeverityLevel" = "information",
        timeout: float | None = None,
        markup: bool = False,
        run_id: str = "",
    ) -> None:
        """Show a safe text in a toast, without markup by default; one shown for long is kept in the event log.

        `run_id` is the run that it is about, if any: the list of events leads there.
        """
        if timeout is not None and timeout >= LONG_TOAST_S:
            self.event_log.record(f"{title}: {message}" if title else message, severity, run_id)
        super().notify(message, title=title, severity=severity, timeout=timeout, markup=markup)

    def on_notify(self, message: "Notify") -> None:
        """Remove the toasts that the new one has no room beside, before Textual shows it."""
        self._toasts.add(message.notification)

    def push_screen(self, *args: Any, **named: Any) -> Any:  # noqa: ANN401 - Textual's own three forms
        """Go to a screen, and remove the toasts that would cover it."""
        pushed = super().push_screen(*args, **named)
        self._toasts.trim()
        return pushed

    def action_mouse(self) -> None:
        """Switch mouse reports off, so that the terminal selects text, or on again."""
        if self.terminal.toggle_mouse():
            self.notify("The mouse is the app's again.")
        else:
            self.notify("The mouse is the terminal's: text can be selected. % takes it back.")

    # Keys

    async def on_event(self, event: "Event") -> None:
        """Handle keys one at a time, even if several came in one read."""
        if isinstance(event, _ACTS) and not event.is_forwarded:
            self.person_acted()
        if self._keys.defers(event):
            return
        await super().on_event(event)
        self._keys.forwarded(event)

    def on_queue_marker(self, message: "QueueMarker") -> None:
        """Confirm that the messages sent before this one were handled."""
        message.reach_app()

    # InternalError errors

    def handle_internal_error(self, error: Exception) -> None:
        """Report an unexpected error and go on; exit if nothing is on the screen yet."""
        self.error_boundary.report(error)
        if not self.has_begun:
            self.exit(return_code=1, message=f"runloop-tui could not start: {type(error).__name__}")

    def _on_loop_error(self, _: object, context: dict[str, Any]) -> None:
        error = context.get("exception")
        self.error_boundary.report(error or RuntimeError(str(context.get("message"))))

    def _show_internal_error(self, words: str) -> None:
        if self.has_begun:
            self.notify(words, severity="error", timeout=LONG_TOAST_S)

    def handle_stderr_lost(self) -> None:
        """Redirect stderr to /dev/null: its unwritten buffer would fail again at exit, and change the exit status."""
        with Path(os.devnull).open("w") as devnull:
            os.dup2(devnull.fileno(), sys.stderr.fileno())

    # Output to the terminal

    def filter_frame(self, frame: "RenderableType | None") -> "RenderableType | None":
        """Return what differs from the previous frame; None while frames are held back."""
        return self._frames.reduce(frame)

    def on_terminal_driver_fell_behind(self) -> None:
        """Hold frames back: changes are rendered at once when the terminal has caught up."""
        self._frames.hold()

    def on_terminal_driver_caught_up(self) -> None:
        """Paint again."""
        self._frames.release()

    def on_terminal_driver_closed(self) -> None:
        """Exit: there is no terminal any more."""
        self.exit()

    def on_resize(self) -> None:
        """Write the next frame whole: a resize may move or clear what the terminal shows."""
        self._frames.invalidate()

    def action_redraw(self) -> None:
        """Write the whole screen: another program may have written over it."""
        self._frames.repaint()

    def _repaint(self, _: "App[None]") -> None:
        self.terminal.resume()
        self._frames.repaint()
