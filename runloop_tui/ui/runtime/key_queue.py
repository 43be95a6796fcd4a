"""A queue that hands keys and pasted text to the app one at a time.

Textual forwards a key to the widget that has the focus when the key arrives. Several keys that arrive in one read, as
from a batching SSH client or `tmux send-keys`, would all go to the same widget, even behind a key that moves the
focus or opens a screen. Here the next key waits until the one before has taken effect.
"""

import asyncio
from collections import deque
from typing import TYPE_CHECKING

from textual import events
from textual.message import Message
from textual.widgets import Input, TextArea

from runloop_tui.ui.runtime.textual_compat import (
    drops_frames,
    has_refresh_callbacks,
    message_task,
)

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from textual.app import App
    from textual.message_pump import MessagePump

_EFFECT_TIMEOUT_S = 0.5
"""After this long the next key is forwarded in any case: a key may have started something that takes long."""
_MAX_ROUNDS = 8
_MIN_ROUNDS = 2
"""A message of the first round, such as a moved cursor, may lead to one more."""
_URGENT_KEY = "ctrl+c"


class QueueMarker(Message):
    """Bubbles from a widget to the app, behind all messages that the widget and its ancestors had queued."""

    def __init__(self) -> None:
        super().__init__()
        self.at_app: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def reach_app(self) -> None:
        """Resolve `at_app`."""
        if not self.at_app.done():
            self.at_app.set_result(None)


class KeyQueue:
    """Holds back keys and pasted text while the key before them is being handled.

    Args:
        app: calls `QueueMarker.reach_app` for each marker that reaches it.
        forward: Textual's handler of events that have just arrived.
    """

    def __init__(
        self, app: "App[None]", forward: "Callable[[events.Event], Awaitable[None]]"
    ) -> None:
        self._app = app
        self._forward = forward
        self._queue: deque[events.Key | events.Paste] = deque()
        self._drain: asyncio.Task[None] | None = None
        self._is_closed = False

    def defers(self, event: events.Event) -> bool:
        """Return True if an event must not be handled now; the queue forwards it later, or drops it once closed."""
        if not isinstance(event, (events.Key, events.Paste)) or event.is_forwarded:
            return False
        if self._is_closed:
            return True
        if self._drain is None or (isinstance(event, events.Key) and event.key == _URGENT_KEY):
            return False
        self._queue.append(event)
        return True

    def forwarded(self, event: events.Event) -> None:
        """Hold back later keys until this event has taken effect; call it once the app has forwarded the event."""
        is_typed = isinstance(event, (events.Key, events.Paste))
        if self._is_closed or not is_typed:
            return
        if self._drain is None and not self._is_text(event):
            self._drain = asyncio.create_task(self._forward_queue(), name="forward keys")

    def close(self) -> None:
        """Drop what is queued and all that comes: the app ends."""
        self._is_closed = True
        self._queue.clear()
        if self._drain is not None:
            self._drain.cancel()

    def _is_text(self, event: events.Event) -> bool:
        """Return True for text typed into a field: it moves no focus, so later keys need not wait for it."""
        if not isinstance(self._app.focused, (Input, TextArea)):
            return False
        return isinstance(event, events.Paste) or (
            isinstance(event, events.Key) and event.is_printable
        )

    async def _forward_queue(self) -> None:
        try:
            await self._wait_for_effect()
            while self._queue:
                event = self._queue.popleft()
                self._app.call_next(self._forward, event)  # ahead of the app's message queue
                if not self._is_text(event):
                    await self._wait_for_effect()
                elif not self._queue:  # keys of the same read may still be in the app's queue
                    await self._pass_through(self._app)
        finally:
            self._drain = None

    async def _wait_for_effect(self) -> None:
        """Wait until the last key and the messages that it led to are handled."""
        try:
            async with asyncio.timeout(_EFFECT_TIMEOUT_S):
                await self._pass_through(self._app)
                for number in range(_MAX_ROUNDS):
                    before = self._focus
                    await self._pass_through(self._app.focused or self._app.screen)
                    await self._wait_for_layout()
                    if self._focus == before and number + 1 >= _MIN_ROUNDS:
                        return
        except TimeoutError:
            return

    @property
    def _focus(self) -> tuple[object, object]:
        return self._app.screen, self._app.focused

    async def _pass_through(self, pump: "MessagePump") -> None:
        """Wait until a widget and its ancestors have handled their queued messages, or the widget is removed."""
        marker = QueueMarker()
        if pump.post_message(marker):
            ends = [marker.at_app, message_task(pump)]
            await asyncio.wait([end for end in ends if end], return_when=asyncio.FIRST_COMPLETED)
        await asyncio.sleep(0)  # workers that were started take their first step

    async def _wait_for_layout(self) -> None:
        """Wait for the callbacks that run after the next layout, if there are any."""
        screen = self._app.screen
        if has_refresh_callbacks(screen) and not drops_frames(self._app):
            laid_out = asyncio.Event()
            if screen.call_after_refresh(laid_out.set):
                await laid_out.wait()
