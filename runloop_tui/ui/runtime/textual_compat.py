"""Every private name of Textual that the app depends on, behind plainly named classes and functions.

Read in Textual 8.2.8. Each entry names the private names, why they are needed, and the public seam that would
replace them. `tests/ui/runtime/test_textual_compat.py` holds each to its signature and behaviour, and fails where
another file of the package uses a private name of Textual.
"""

# ruff: noqa: SLF001 - private names of Textual are what this file is for

from functools import lru_cache
from typing import TYPE_CHECKING, Any, TextIO

from rich.segment import Segment
from textual._ansi_sequences import SYNC_END, SYNC_START
from textual._compositor import ChopsUpdate, CompositorUpdate, LayoutUpdate
from textual._styles_cache import StylesCache
from textual._xterm_parser import XTermParser
from textual.app import App
from textual.drivers.linux_driver import LinuxDriver
from textual.message_pump import MessagePump
from textual.strip import Strip
from textual.style import Style
from textual.widget import Widget

if TYPE_CHECKING:
    import asyncio

    from rich.console import RenderableType
    from textual.color import Color
    from textual.driver import Driver
    from textual.geometry import Region
    from textual.message import Message
    from textual.screen import Screen

__all__ = [
    "SYNC_END",
    "SYNC_START",
    "ChopsUpdate",
    "CompatApp",
    "CompatDriver",
    "CompositorUpdate",
    "LayoutUpdate",
    "XTermParser",
    "driver_of",
    "drops_frames",
    "has_refresh_callbacks",
    "message_task",
    "report_error",
    "route_errors_to_app",
    "share_border_styles",
    "unwatch_theme",
]

# Names of private modules that are re-exported as they are
#
# SYNC_START, SYNC_END (textual._ansi_sequences): `App._display` passes them to `Driver.write` before and after each
#   frame; the driver joins what lies between into one write. Replaced by: a public "frame begins/ends" of the driver.
# ChopsUpdate, CompositorUpdate, LayoutUpdate (textual._compositor): the kinds of frame that `App._display` is given;
#   the frame diff reads `strips`, `region`, `chops` and `spans`. Replaced by: a diff of frames in Textual itself.
# XTermParser (textual._xterm_parser): maps input to events, by `feed` and `tick`; the driver reads input itself.
#   Replaced by: an input thread of Textual that survives EOF and undecodable bytes.

_RENDER_FAILED = "(this could not be shown)"


class CompatApp(App[None]):
    """Textual's app, with public hooks in place of the private methods that the base app overrides."""

    def handle_internal_error(self, error: Exception) -> None:
        """Handle an exception that was raised in a handler, timer, worker or render; the app goes on."""
        raise NotImplementedError

    def handle_stderr_lost(self) -> None:
        """Handle an OSError from printing error messages to stderr after the screen was left."""
        raise NotImplementedError

    def filter_frame(self, frame: "RenderableType | None") -> "RenderableType | None":
        """Return what to write of a frame; None to write nothing."""
        raise NotImplementedError

    def _handle_exception(self, error: Exception) -> None:
        """Keep the first error where `run_test` looks for it, and let the app go on.

        Private names: `App._handle_exception` (overridden), `App._exception`, `App._exception_event`.
        Why: Textual's own prints the traceback with the values of locals, and ends the app. `run_test` raises
        `_exception` at its end and `Pilot` waits for `_exception_event`, so tests still fail over the error.
        Replaced by: a public hook for unhandled exceptions that may keep the app running.
        """
        if self._exception is None:
            self._exception = error
            self._exception_event.set()
        self.handle_internal_error(error)

    def _print_error_renderables(self) -> None:
        """Print error messages after the screen was left; the terminal may be gone by then.

        Private name: `App._print_error_renderables` (overridden).
        Why: it writes to stderr without a guard, after which no code of the app runs.
        Replaced by: Textual catching OSError there.
        """
        try:
            super()._print_error_renderables()
        except OSError:
            self.handle_stderr_lost()

    def _display(self, screen: "Screen[object]", renderable: "RenderableType | None") -> None:
        """Write a frame, as far as `filter_frame` lets it pass.

        Private name: `App._display` (overridden).
        Why: it is the one place through which each frame passes before it is rendered to escape sequences.
        Replaced by: a public hook for frames, or a diff of frames in Textual itself.
        """
        super()._display(screen, self.filter_frame(renderable))


class CompatDriver(LinuxDriver):
    """Textual's driver for Linux and macOS, with its private attributes under plain names.

    Private names: `Driver._app`, `Driver._debug`, `Driver._mouse`, `Driver._size`, `LinuxDriver._file`,
    `LinuxDriver._key_thread`, `LinuxDriver._get_terminal_size`, `LinuxDriver._disable_mouse_support` (overridden).
    Why: a driver of one's own is given as `driver_class`, but the base class keeps all of its state private.
    Replaced by: public attributes of `Driver`.
    """

    def __init__(self, app: "App[Any]", **options: Any) -> None:  # noqa: ANN401 - passed on
        super().__init__(app, **options)
        # Rich takes 80x25 for the size where TERM is dumb. A first layout of another size than the terminal's leaves
        # two Resize events on their way, each of which makes Textual send the other one again, for ever.
        self._size = self._size or self._get_terminal_size()

    @property
    def target_app(self) -> "App[Any]":
        """The app that is sent the events."""
        return self._app

    @property
    def output(self) -> "TextIO | None":
        """Return the stream of the terminal; None where the process has no stderr."""
        return self._file

    @property
    def is_reading(self) -> bool:
        """Return True while the input thread runs."""
        return self._key_thread is not None and self._key_thread.is_alive()

    @property
    def uses_mouse(self) -> bool:
        """Return True if the app asked for mouse reports."""
        return self._mouse

    def new_parser(self) -> XTermParser:
        """Return a parser of terminal input."""
        return XTermParser(self._debug)

    def disable_mouse(self) -> None:
        """Switch mouse reports off."""
        self._disable_mouse_support()

    def mouse_disabled(self) -> None:
        """Write what else is to be switched off with the mouse reports."""

    def _disable_mouse_support(self) -> None:
        super()._disable_mouse_support()
        self.mouse_disabled()


def driver_of(app: "App[Any]") -> "Driver | None":
    """Return the driver of a running app.

    Private name: `App._driver`.
    Why: window title, mouse modes and flow control have no other way to the terminal.
    Replaced by: a public `App.driver`.
    """
    return app._driver


def drops_frames(app: "App[Any]") -> bool:
    """Return True inside `App.batch_update`, where no layout is made and `App._display` drops frames.

    Private name: `App._batch_count`.
    Why: Textual takes a dropped frame for rendered, so its content has to be rendered again; and callbacks after a
    refresh then run without one, so the key queue has nothing to wait for.
    Replaced by: a public property of the app.
    """
    return app._batch_count > 0


def has_refresh_callbacks(screen: "Screen[Any]") -> bool:
    """Return True if callbacks of `call_after_refresh` wait for the next refresh of the screen.

    Private name: `Screen._callbacks`.
    Why: what a key leads to may wait there (focus after a layout), and the next key has to come after it.
    Replaced by: a public way to wait until a screen is idle, as `Pilot.pause` does in tests.
    """
    return bool(screen._callbacks)


def message_task(pump: MessagePump) -> "asyncio.Task[None] | None":
    """Return the task of a message loop; None where it has none, such as an app's.

    Private name: `MessagePump._task`.
    Why: a widget may be removed before it handles a message, and its task ends then. The public `MessagePump.task`
    asserts that there is a task.
    Replaced by: `MessagePump.task` returning None.
    """
    return pump._task


def report_error(app: "App[Any]", error: Exception) -> None:
    """Hand an exception to the app as Textual does for unhandled ones.

    Private name: `App._handle_exception`.
    Why: `CompatApp` and Textual share this one way; of any other app it ends it, as it should.
    Replaced by: a public hook for unhandled exceptions.
    """
    app._handle_exception(error)


def unwatch_theme(app: "App[Any]", widget: Widget) -> None:
    """Have an app let go of a removed widget that watched its theme.

    Private name: the attribute `__watchers` that `textual.reactive` sets on a watched object.
    Why: `TextArea` watches `App.theme`. The list keeps closed widgets, with their text, until the theme changes.
    Replaced by: an `unwatch`, or Textual dropping the watchers of a widget when it is removed.
    """
    watchers: dict[str, list[tuple[object, object]]] = getattr(app, "__watchers", {})
    watchers["theme"] = [each for each in watchers.get("theme", ()) if each[0] is not widget]


# Methods of Textual that are replaced


def route_errors_to_app() -> None:
    """Have message loops and rendering hand exceptions to the app and go on. May be called more than once.

    Private name: `MessagePump._dispatch_message` (replaced); the public `Widget.render_lines` is replaced with it.
    Why: each widget has a message loop of its own, which ends after the first exception, whatever the app makes of
    it; a widget whose rendering raises would raise again with each frame.
    Replaced by: an error handler of Textual that may tell the loop to go on, and one for a failed render.
    """
    MessagePump._dispatch_message = _dispatch_message  # type: ignore[method-assign,assignment]
    Widget.render_lines = _render_lines  # type: ignore[method-assign,assignment]


_original_dispatch_message = MessagePump._dispatch_message
_original_render_lines = Widget.render_lines


async def _dispatch_message(pump: MessagePump, message: "Message") -> None:
    try:
        await _original_dispatch_message(pump, message)
    except Exception as error:  # noqa: BLE001 - the error boundary
        report_error(pump.app, error)


def _render_lines(widget: Widget, crop: "Region") -> list[Strip]:
    try:
        return _original_render_lines(widget, crop)
    except Exception as error:  # noqa: BLE001 - the error boundary
        report_error(widget.app, error)
        notice = Strip([Segment(_RENDER_FAILED)]).adjust_cell_length(crop.width)
        return [notice] + [Strip.blank(crop.width)] * (crop.height - 1)


def share_border_styles() -> None:
    """Have the styles around a widget's content cached by their colours alone. May be called more than once.

    Private name: `textual._styles_cache.StylesCache.get_inner_outer` (replaced).
    Why: it is a method under `functools.lru_cache`, so the cache holds up to 1,024 `StylesCache` objects, and with
    them widgets that were removed.
    Replaced by: Textual caching it without `self`.
    """
    StylesCache.get_inner_outer = _get_inner_outer  # type: ignore[method-assign,assignment]


_original_get_inner_outer = StylesCache.get_inner_outer


@lru_cache(maxsize=1024)
def _inner_and_outer(base_background: "Color", background: "Color") -> tuple[Style, Style]:
    return Style(background=base_background + background), Style(background=base_background)


def _get_inner_outer(
    _: StylesCache, base_background: "Color", background: "Color"
) -> tuple[Style, Style]:
    return _inner_and_outer(base_background, background)
