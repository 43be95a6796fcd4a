"""An app that is left running for days: in a terminal that may be slow or go away, with errors that nobody expected."""

import asyncio
import os
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from textual.actions import SkipAction
from textual.app import App
from textual.binding import Binding, BindingType

from runloop_tui.interrupts import exit_on_sigint
from runloop_tui.ui.border import Border, guard_textual
from runloop_tui.ui.key_queue import KeyQueue
from runloop_tui.ui.style_cache import let_go_of_widgets
from runloop_tui.ui.telling import LONG_TOAST_S, Telling
from runloop_tui.ui.terminal import Terminal
from runloop_tui.ui.tty.driver import TerminalDriver
from runloop_tui.ui.tty.frames import Frames

if TYPE_CHECKING:
    from rich.console import RenderableType
    from textual.events import Event
    from textual.notifications import SeverityLevel
    from textual.screen import Screen

    from runloop_tui.clock import Clock
    from runloop_tui.ui.key_queue import Passed

_ENDINGS = (signal.SIGINT, signal.SIGQUIT, signal.SIGTERM, signal.SIGHUP)
"""Signals that ask a program to end: it does, in order."""
_TICK_S = 1.0
_TICKS_UNSEEN = 30
"""Where the terminal says that somebody works elsewhere, time goes on in steps of so many seconds."""


class LastingApp(App[None]):
    """Textual's app, with a border for errors, a calm way to tell things, and a driver that waits for nobody."""

    HORIZONTAL_BREAKPOINTS = [(0, "-slim"), (48, "-broad")]  # noqa: RUF012 - Textual's
    VERTICAL_BREAKPOINTS = [(0, "-lowest"), (11, "-low"), (18, "-high")]  # noqa: RUF012 - Textual's
    """Classes of dialogs by the room that they have; the screens of tables have their own."""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+c", "interrupt", show=False, priority=True, system=True)
    ]

    def __init__(self, clock: "Clock", *, css_path: "list[Any]") -> None:
        guard_textual()
        let_go_of_widgets()
        super().__init__(driver_class=TerminalDriver, css_path=css_path)
        self.animation_level = "none"  # what moves by itself costs bytes, and is not calm
        self._clock = clock
        self._frames = Frames(self)
        self._keys = KeyQueue(self, super().on_event)
        self.border = Border(self._tell_fault)
        self.telling = Telling(self, clock)
        self.terminal = Terminal(self)
        self._ticks_unseen: int | None = None
        self._hears_signals = False
        self.has_begun = False
        """Something is on the screen; an error before that ends the app."""

    def on_load(self) -> None:
        """Hear what the system says to a process and its event loop, before anything is done to the terminal."""
        if not self.is_headless:
            loop = asyncio.get_running_loop()
            loop.set_exception_handler(self._on_stray_error)
            for number in _ENDINGS:
                loop.add_signal_handler(number, self.exit)
            self._hears_signals = True

    async def run_async(self, **how: Any) -> Any:  # noqa: ANN401 - passed on
        """Run; whoever presses Ctrl+C once the terminal is given back ends the process at once."""
        try:
            return await super().run_async(**how)
        finally:
            if self._hears_signals:
                self._stop_listening()

    def _stop_listening(self) -> None:
        """Take the handlers of signals off the loop, which would leave Python's own for SIGINT when it is closed."""
        loop = asyncio.get_running_loop()
        signal.pthread_sigmask(signal.SIG_BLOCK, _ENDINGS)
        try:
            for number in _ENDINGS:
                loop.remove_signal_handler(number)
            exit_on_sigint(self.return_code or 0)
        finally:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, _ENDINGS)

    def on_mount(self) -> None:
        """Let time pass."""
        self.app_resume_signal.subscribe(self, self._repaint)
        self.set_interval(_TICK_S, self._tick_if_seen)

    async def on_unmount(self) -> None:
        """Leave the terminal as it was."""
        self.terminal.restore()

    # Time

    def _tick(self) -> None:
        """A second has passed, or more where nobody looks: show the time. For subclasses."""

    def _tick_if_seen(self) -> None:
        self._frames.tick()
        if self._ticks_unseen is not None:
            self._ticks_unseen += 1
            if self._ticks_unseen % _TICKS_UNSEEN:
                return
        self._tick()

    def on_app_blur(self) -> None:
        """The terminal has lost the focus: what only ticks may stand still, what changes is still shown."""
        self._ticks_unseen = 0

    def on_app_focus(self) -> None:
        """Somebody looks again."""
        self._ticks_unseen = None
        self._tick()

    # What is told in passing

    def notify(
        self,
        message: str,
        *,
        title: str = "",
        severity: "SeverityLevel" = "information",
        timeout: float | None = None,
        markup: bool = False,
    ) -> None:
        """Show a safe text in a toast, never as markup; one that nobody should miss is kept among the events."""
        if timeout is not None and timeout >= LONG_TOAST_S:
            self.telling.remember(f"{title}: {message}" if title else message, severity)
        super().notify(message, title=title, severity=severity, timeout=timeout, markup=markup)
        self.call_later(
            self.telling.make_room
        )  # when Textual, which posts itself a message, has it

    def push_screen(self, *args: Any, **named: Any) -> Any:  # noqa: ANN401 - Textual's own three forms
        """Go to a screen, which toasts should leave readable."""
        going = super().push_screen(*args, **named)
        self.telling.make_room()
        return going

    def action_events(self) -> None:
        """Show what has happened since the start."""
        from runloop_tui.ui.dialogs.events import EventsDialog

        self.push_screen(EventsDialog(self.telling.told, self._clock))

    def action_mouse(self) -> None:
        """Give the mouse to the terminal, or take it back."""
        if self.terminal.toggle_mouse():
            self.notify("The mouse is the app's again.")
        else:
            self.notify("The mouse is the terminal's: text can be selected. % takes it back.")

    # Keys

    async def on_event(self, event: "Event") -> None:
        """Take keys one at a time, whatever came with them in one read."""
        if self._keys.holds(event):
            return
        await super().on_event(event)
        self._keys.handed_over(event)

    def exit(self, *args: Any, **named: Any) -> None:  # noqa: ANN401 - passed on
        """Leave, and drop the keys that were typed behind the one that leaves."""
        self._keys.close()
        super().exit(*args, **named)

    def on_passed(self, message: "Passed") -> None:
        """All that was sent before it was handled."""
        message.arrive()

    # Errors that nobody expected

    def _handle_exception(self, error: Exception) -> None:
        """Textual's way to end the app over an error: it goes on, unless it could not even begin."""
        if self._exception is None:
            self._exception = error
            self._exception_event.set()
        self.border.caught(error)
        if not self.has_begun:
            self.exit(return_code=1, message=f"runloop-tui could not start: {type(error).__name__}")

    def _on_stray_error(self, _: object, context: dict[str, Any]) -> None:
        error = context.get("exception")
        self.border.caught(error or RuntimeError(str(context.get("message"))))

    def _tell_fault(self, words: str) -> None:
        if self.has_begun:
            self.notify(words, severity="error", timeout=LONG_TOAST_S)

    # The terminal

    def _print_error_renderables(self) -> None:
        """Textual's way to say the last words, after the screen is left; the terminal may be gone by then."""
        try:
            super()._print_error_renderables()
        except OSError:
            # What Python still holds for it would fail once more at its end, and spoil the exit status.
            with Path(os.devnull).open("w") as nowhere:
                os.dup2(nowhere.fileno(), sys.stderr.fileno())

    def on_terminal_driver_fell_behind(self) -> None:
        """Paint no more for now: what changes meanwhile is painted once, when the terminal has caught up."""
        self._frames.hold()

    def on_terminal_driver_caught_up(self) -> None:
        """Paint again."""
        self._frames.release()

    def on_terminal_driver_closed(self) -> None:
        """Nobody can see or type anything any more."""
        self.exit()

    def on_resize(self) -> None:
        """A terminal of another size has moved or lost what stood on it."""
        self._frames.forget()

    async def action_interrupt(self) -> None:
        """Quit, wherever one is, unless there is a selection that Textual would copy."""
        selected = getattr(self.focused, "selected_text", "") or self.screen.get_selected_text()
        if selected:
            raise SkipAction
        await self.action_quit()

    def action_redraw(self) -> None:
        """Write the whole screen anew: something else has written to the terminal."""
        self._frames.repaint()

    def _repaint(self, _: "App[None]") -> None:
        self.terminal.resume()
        self._frames.repaint()

    def _display(self, screen: "Screen[object]", renderable: "RenderableType | None") -> None:
        """Textual's way to the terminal: of a frame, let through what differs from the one before."""
        super()._display(screen, self._frames.reduced(renderable))
