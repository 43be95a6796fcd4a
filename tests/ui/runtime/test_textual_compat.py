"""The contract with Textual's private names: each exists, has its signature, and behaves as `textual_compat` relies on.

A failure here means that Textual has changed: read the new code, adapt `textual_compat.py`, and the version in it.
"""

import asyncio
import functools
import gc
import inspect
import os
import pty
import signal
import sys
import weakref
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from operator import attrgetter
from typing import TYPE_CHECKING, Any, cast

import pytest
import textual
from rich.console import Console
from rich.segment import Segment
from textual import _ansi_sequences, _compositor, _xterm_parser, events
from textual._styles_cache import StylesCache
from textual.app import App, ComposeResult
from textual.color import Color
from textual.driver import Driver
from textual.drivers.linux_driver import LinuxDriver
from textual.geometry import Region
from textual.message import Message
from textual.message_pump import MessagePump
from textual.screen import Screen
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets import Label, TextArea

from runloop_tui.ui.runtime import textual_compat as compat
from tests.terminal import PATIENCE_S

pytestmark = pytest.mark.frames

if TYPE_CHECKING:
    from textual.pilot import Pilot


def test_the_names_were_read_in_this_series_of_textual() -> None:
    assert textual.__version__.startswith("8.2.")
    assert "Read in Textual 8.2." in (compat.__doc__ or "")


SIGNATURES: list[tuple[Callable[..., object], str]] = [
    (App._handle_exception, "self error"),
    (App._print_error_renderables, "self"),
    (App._display, "self screen renderable"),
    (App._begin_update, "self"),
    (App._end_update, "self"),
    (compat._original_dispatch_message, "self message"),
    (compat._original_render_lines, "self crop"),
    (compat._original_get_inner_outer, "cls base_background background"),
    (Driver.__init__, "self app debug mouse size"),
    (LinuxDriver.__init__, "self app debug mouse size"),
    (LinuxDriver._get_terminal_size, "self"),
    (LinuxDriver._disable_mouse_support, "self"),
    (LinuxDriver.run_input_thread, "self"),
    (LinuxDriver.start_application_mode, "self"),
    (LinuxDriver.disable_input, "self"),
    (LinuxDriver.close, "self"),
    (LinuxDriver.write, "self data"),
    (Driver.flush, "self"),
    (Driver.process_message, "self message"),
    (_xterm_parser.XTermParser.__init__, "self debug"),
    (_xterm_parser.XTermParser.feed, "self data"),
    (_xterm_parser.XTermParser.tick, "self"),
    (_compositor.CompositorUpdate.render_segments, "self console"),
    (_compositor.LayoutUpdate.__init__, "self strips region"),
    (_compositor.ChopsUpdate.__init__, "self chops spans chop_ends"),
]


@pytest.mark.parametrize(
    ("function", "parameters"), SIGNATURES, ids=lambda each: getattr(each, "__qualname__", None)
)
def test_a_signature_is_as_it_was_read(function: Callable[..., object], parameters: str) -> None:
    assert [*inspect.signature(function).parameters] == parameters.split()


@pytest.mark.parametrize(
    "function", [App._handle_exception, App._print_error_renderables, App._display]
)
def test_an_overridden_method_is_no_coroutine(function: Callable[..., object]) -> None:
    assert not inspect.iscoroutinefunction(function)


def test_the_replaced_handler_of_messages_is_a_coroutine() -> None:
    assert inspect.iscoroutinefunction(compat._original_dispatch_message)


class Boom(Exception):  # noqa: N818 - a name for a test
    """An unexpected error."""


class Ping(Message):
    """Makes a widget raise, or counts."""

    def __init__(self, *, fails: bool) -> None:
        super().__init__()
        self.fails = fails


class Fragile(Widget):
    """A widget that raises on request."""

    def __init__(self) -> None:
        super().__init__()
        self.handled = 0
        self.unpaintable = False

    def on_ping(self, message: Ping) -> None:
        if message.fails:
            raise Boom
        self.handled += 1

    def render_line(self, y: int) -> Strip:
        if self.unpaintable:
            raise Boom
        return Strip([Segment("fine")]).adjust_cell_length(self.size.width)


class Hooked(compat.CompatApp):
    """An app that records what reaches the hooks."""

    def __init__(self) -> None:
        super().__init__()
        self.errors: list[Exception] = []
        self.frames: list[object] = []
        self.stderr_lost = 0
        self.drops = False
        self.fragile = Fragile()

    def compose(self) -> ComposeResult:
        yield self.fragile

    def handle_internal_error(self, error: Exception) -> None:
        self.errors.append(error)

    def handle_stderr_lost(self) -> None:
        self.stderr_lost += 1

    def filter_frame(self, frame: Any) -> Any:  # noqa: ANN401 - Textual's renderables
        self.frames.append(frame)
        return None if self.drops else frame

    def line(self, y: int) -> str:
        """What is on a line of the screen."""
        return self.screen._compositor.render_strips()[y].text


@asynccontextmanager
async def running(app: Hooked) -> AsyncIterator["Pilot[None]"]:
    """Run an app; the error that it survives is raised again at the end, by `run_test`."""
    pilot = None
    try:
        async with app.run_test(size=(40, 3)) as pilot:
            yield pilot
            assert isinstance(app._exception, Boom)
    except Boom:
        assert pilot is not None
    else:
        raise AssertionError("run_test has not raised the error of the app")


@pytest.fixture
def _originals(monkeypatch: pytest.MonkeyPatch) -> None:
    """Textual's own methods, whatever was replaced by tests before."""
    monkeypatch.setattr(MessagePump, "_dispatch_message", compat._original_dispatch_message)
    monkeypatch.setattr(Widget, "render_lines", compat._original_render_lines)
    monkeypatch.setattr(StylesCache, "get_inner_outer", compat._original_get_inner_outer)


# App


async def test_an_error_reaches_the_hook_and_run_test_and_the_app_goes_on() -> None:
    app = Hooked()
    async with running(app) as pilot:
        compat.report_error(app, Boom())
        is_set = attrgetter("_exception_event")(app).is_set()  # Textual's own cached property
        await pilot.press("x")
        assert app.return_code is None
    assert is_set
    assert [type(error) for error in app.errors] == [Boom]


async def test_an_error_in_a_callback_takes_the_same_way() -> None:
    app = Hooked()
    async with running(app) as pilot:
        compat.route_errors_to_app()
        app.call_next(raise_boom)
        await pilot.pause()
    assert [type(error) for error in app.errors] == [Boom]


def raise_boom() -> None:
    raise Boom


def test_textual_itself_still_ends_an_app_over_an_error() -> None:
    class Plain(App[None]):
        def on_mount(self) -> None:
            compat.report_error(self, Boom())

    app = Plain()
    app.run(headless=True)
    assert app.return_code == 1


async def test_a_lost_stderr_reaches_the_hook(monkeypatch: pytest.MonkeyPatch) -> None:
    class Lost(Console):
        def print(self, *_: object, **__: object) -> None:
            raise BrokenPipeError

    app = Hooked()
    async with app.run_test():
        monkeypatch.setattr(app, "error_console", Lost())
        app.exit(message="goodbye")
    assert app.stderr_lost == 1


async def test_every_frame_passes_the_filter() -> None:
    app = Hooked()
    async with app.run_test() as pilot:
        app.screen.refresh(layout=True)
        await pilot.pause()
        assert any(isinstance(frame, compat.LayoutUpdate) for frame in app.frames)
        app.frames.clear()
        app.fragile.refresh(Region(0, 0, 3, 1))
        await pilot.pause()
        assert [type(frame) for frame in app.frames] == [compat.ChopsUpdate]
        assert all(isinstance(frame, compat.CompositorUpdate) for frame in app.frames)


class Recording:
    """Takes what an app writes in the place of a driver."""

    is_inline = False
    is_headless = False

    def __init__(self) -> None:
        self.written: list[str] = []

    def write(self, data: str) -> None:
        self.written.append(data)

    def flush(self) -> None:
        self.written.append("<flush>")


async def test_a_frame_is_written_between_sync_marks_and_none_is_not_written(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    app, driver = Hooked(), Recording()
    async with app.run_test():
        frame = compat.LayoutUpdate([[Strip([Segment("frame")])]], Region(0, 0, 5, 1))
        with monkeypatch.context() as patch:
            patch.setattr(app, "_driver", driver)
            patch.setattr(app, "_sync_available", True)
            patch.setattr(type(app), "is_headless", False)
            app._display(app.screen, frame)
            first, *_, last = [*driver.written]
            body = "".join(driver.written)
            driver.written.clear()
            app.drops = True
            app._display(app.screen, frame)
            assert "".join(driver.written).replace("<flush>", "") == ""
    assert (first, last) == (compat.SYNC_START, "<flush>")
    assert body.endswith(f"{compat.SYNC_END}<flush>")
    assert "frame" in body
    assert (_ansi_sequences.SYNC_START, _ansi_sequences.SYNC_END) == ("\x1b[?2026h", "\x1b[?2026l")


# Frames and input


def test_frames_hold_what_the_diff_reads() -> None:
    strip, region = Strip([Segment("abc")]), Region(0, 0, 3, 1)
    layout = compat.LayoutUpdate([[strip]], region)
    assert (layout.strips, layout.region) == ([[strip]], region)
    chops: list[dict[int, Strip | None]] = [{0: strip}]
    update = compat.ChopsUpdate(chops, [(0, 0, 3)], [[3]])
    assert (update.chops, update.spans) == (chops, [(0, 0, 3)])
    assert isinstance(layout, compat.CompositorUpdate)
    assert isinstance(update, compat.CompositorUpdate)


def test_the_parser_maps_input_to_events() -> None:
    parser = compat.XTermParser()
    (key,) = parser.feed("a")
    assert isinstance(key, events.Key)
    assert key.key == "a"
    (report,) = parser.feed("\x1b[3;7R")
    assert isinstance(report, events.CursorPosition)
    assert [*parser.tick()] == []


async def test_the_parser_recognizes_the_escape_key_by_its_timeout() -> None:
    parser = compat.XTermParser()
    assert [*parser.feed("\x1b")] == []
    found: list[Message] = []
    async with asyncio.timeout(PATIENCE_S):
        while not found:
            await asyncio.sleep(0.02)
            found += parser.tick()
    assert cast("events.Key", found[0]).key == "escape"


# Driver


class Mouseless(compat.CompatDriver):
    """A driver that records the hook for mouse reports."""

    disabled = 0

    def mouse_disabled(self) -> None:
        self.disabled += 1


@pytest.fixture
def _streams(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A pseudo-terminal as stdin and stderr, and the handlers of signals as they were."""
    numbers = (signal.SIGTSTP, signal.SIGCONT, signal.SIGWINCH, signal.SIGTTOU, signal.SIGTTIN)
    handlers = {number: signal.getsignal(number) for number in numbers}
    ours, theirs = pty.openpty()
    with (
        os.fdopen(os.dup(theirs), "r") as stdin,
        os.fdopen(os.dup(theirs), "w", encoding="utf-8") as stderr,
    ):
        monkeypatch.setattr(sys, "__stdin__", stdin)
        monkeypatch.setattr(sys, "__stderr__", stderr)
        yield
    for number, handler in handlers.items():
        signal.signal(number, handler)
    for descriptor in (ours, theirs):
        os.close(descriptor)


@pytest.mark.usefixtures("_streams")
async def test_the_attributes_of_a_driver_are_those_of_its_start() -> None:
    app = Hooked()
    driver = Mouseless(app)
    assert driver.target_app is app
    assert driver.output is sys.__stderr__
    assert driver.uses_mouse
    assert not Mouseless(app, mouse=False).uses_mouse
    assert driver._size == driver._get_terminal_size()
    assert Mouseless(app, size=(7, 3))._size == (7, 3)
    assert isinstance(driver.new_parser(), compat.XTermParser)


@pytest.mark.usefixtures("_streams")
async def test_a_driver_reads_until_its_input_is_disabled_and_switches_the_mouse_off() -> None:
    driver = Mouseless(Hooked())
    before = driver.is_reading
    driver.start_application_mode()  # type: ignore[no-untyped-call]
    try:
        meanwhile = driver.is_reading
        driver.disable_mouse()
        disabled = driver.disabled
    finally:
        driver.disable_input()
        driver.close()
    assert (before, meanwhile, driver.is_reading) == (False, True, False)
    assert (disabled, driver.disabled) == (1, 2), (
        "Textual switches the mouse off by the overridden method"
    )


async def test_the_driver_of_an_app_is_known_while_it_runs() -> None:
    app = Hooked()
    assert compat.driver_of(app) is None
    async with app.run_test():
        assert isinstance(compat.driver_of(app), Driver)


# Waiting for an app


async def test_callbacks_after_a_refresh_wait_on_the_screen_for_it() -> None:
    app = Hooked()
    called = asyncio.Event()
    async with app.run_test() as pilot:
        await pilot.pause()
        assert not compat.has_refresh_callbacks(app.screen)
        app.screen.refresh(layout=True)
        app.screen.call_after_refresh(called.set)
        waited = False
        async with asyncio.timeout(PATIENCE_S):
            while not called.is_set():
                waited = waited or compat.has_refresh_callbacks(app.screen)
                await asyncio.sleep(0)
        assert waited
        assert not compat.has_refresh_callbacks(app.screen)


async def test_a_frame_in_a_batch_is_not_written(monkeypatch: pytest.MonkeyPatch) -> None:
    app, driver = Hooked(), Recording()
    async with app.run_test():
        assert not compat.drops_frames(app)
        with monkeypatch.context() as patch, app.batch_update():
            assert compat.drops_frames(app)
            patch.setattr(app, "_driver", driver)
            patch.setattr(type(app), "is_headless", False)
            app._display(app.screen, compat.LayoutUpdate([], Region(0, 0, 0, 0)))
            assert driver.written == []
        assert not compat.drops_frames(app)


async def test_the_task_of_a_widget_ends_with_it_and_an_app_that_does_not_run_has_none() -> None:
    app = Hooked()
    assert compat.message_task(app) is None
    async with app.run_test():
        task = compat.message_task(app.fragile)
        assert task is not None
        assert not task.done()
        await app.fragile.remove()
        await asyncio.wait_for(task, PATIENCE_S)


async def test_an_app_keeps_what_watched_its_theme_until_it_is_unwatched() -> None:
    app = Hooked()
    async with app.run_test():
        area, other = TextArea(), TextArea()
        await app.mount(area, other)
        await area.remove()
        assert area in watchers_of_theme(app), "still needed: Textual keeps a removed watcher"
        compat.unwatch_theme(app, area)
        assert area not in watchers_of_theme(app)
        assert other in watchers_of_theme(app)


def watchers_of_theme(app: App[None]) -> list[object]:
    """The widgets that watch the theme of an app."""
    watchers: dict[str, list[tuple[object, object]]] = getattr(app, "__watchers")
    return [widget for widget, _ in watchers["theme"]]


async def test_unwatching_an_app_that_nothing_watches_is_harmless() -> None:
    app = Hooked()
    async with app.run_test():
        compat.unwatch_theme(app, app.fragile)


# Replaced methods


@pytest.mark.usefixtures("_originals")
async def test_a_widget_whose_handler_raised_handles_the_next_message() -> None:
    compat.route_errors_to_app()
    compat.route_errors_to_app()
    app = Hooked()
    async with running(app) as pilot:
        app.fragile.post_message(Ping(fails=True))
        app.fragile.post_message(Ping(fails=False))
        await pilot.pause()
        assert app.fragile.handled == 1
    assert [type(error) for error in app.errors] == [Boom]


@pytest.mark.usefixtures("_originals")
async def test_textual_itself_still_ends_the_loop_of_such_a_widget() -> None:
    app = Hooked()
    async with running(app):
        task = compat.message_task(app.fragile)
        assert task is not None
        app.fragile.post_message(Ping(fails=True))
        await asyncio.wait_for(task, PATIENCE_S)
        assert app.fragile.handled == 0


@pytest.mark.usefixtures("_originals")
async def test_a_widget_that_cannot_be_rendered_shows_a_notice_of_its_size() -> None:
    compat.route_errors_to_app()
    app = Hooked()
    async with running(app) as pilot:
        assert app.line(0).startswith("fine")
        app.fragile.unpaintable = True
        app.fragile.refresh()
        await pilot.pause()
        assert app.line(0).startswith("(this could not be shown)")
        assert app.line(1).strip() == ""


@pytest.mark.usefixtures("_originals")
def test_shared_border_styles_are_those_of_textual() -> None:
    cache = StylesCache()
    colors = [Color.parse(each) for each in ("red", "#12345680", "transparent")]
    pairs = [(base, over) for base in colors for over in colors]
    before = [cache.get_inner_outer(*pair) for pair in pairs]
    compat.share_border_styles()
    assert [cache.get_inner_outer(*pair) for pair in pairs] == before


@pytest.mark.usefixtures("_originals")
@pytest.mark.parametrize("shared", [True, False], ids=["shared", "Textual's own"])
def test_only_shared_border_styles_let_go_of_a_cache(shared: bool) -> None:
    if shared:
        compat.share_border_styles()
    else:
        assert isinstance(compat._original_get_inner_outer, functools._lru_cache_wrapper)
    cache = StylesCache()
    cache.get_inner_outer(Color.parse("red"), Color.parse("blue"))
    kept = weakref.ref(cache)
    del cache
    gc.collect()
    assert (kept() is None) is shared, "no longer needed if Textual's own lets go"


async def test_the_replaced_methods_are_called_by_a_running_app(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Replacing a method that Textual calls no more would change nothing, silently."""
    calls: set[str] = set()

    def spy(owner: type, name: str) -> None:
        original = getattr(owner, name)

        def call(*args: Any) -> Any:  # noqa: ANN401 - passed on
            calls.add(name)
            return original(*args)

        monkeypatch.setattr(owner, name, call)

    spy(MessagePump, "_dispatch_message")
    spy(Widget, "render_lines")
    spy(StylesCache, "get_inner_outer")
    app: App[None] = App()
    async with app.run_test() as pilot:
        await app.mount(Label("text"))
        await pilot.pause()
    assert calls == {"_dispatch_message", "render_lines", "get_inner_outer"}


async def test_a_screen_has_the_attribute_that_is_read() -> None:
    assert Screen()._callbacks == []
