"""Keys and pasted text, handed to the app one at a time.

Textual forwards a key to the widget that has the focus when the key arrives. Where several arrive in one read, as
from a batching SSH client or `tmux send-keys`, that is the same widget for all of them: what follows a key that moves
the focus or opens a screen would miss it. Here the next key waits until the one before has taken effect.
"""

import asyncio
from collections import deque
from typing import TYPE_CHECKING

from textual import events
from textual.message import Message
from textual.widgets import Input, TextArea

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from textual.app import App
    from textual.message_pump import MessagePump

_LONGEST_EFFECT_S = 0.5
"""After this long the next key is handed over in any case: a key may have begun something that takes long."""
_MOST_ROUNDS = 8
_LEAST_ROUNDS = 2
"""A message of the first round, such as that the cursor has moved, may lead to one more."""
_URGENT = "ctrl+c"


class Passed(Message):
    """Bubble from a widget to the app, behind all that the widget and its ancestors were sent before."""

    def __init__(self) -> None:
        super().__init__()
        self.at_the_app: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def arrive(self) -> None:
        """It is at the app."""
        if not self.at_the_app.done():
            self.at_the_app.set_result(None)


class KeyQueue:
    """Holds back keys and pasted text while the key before them is being handled.

    Args:
        app: calls `Passed.arrive` for each `Passed` that reaches it.
        forward: Textual's way to handle an event that has just arrived.
    """

    def __init__(
        self, app: "App[None]", forward: "Callable[[events.Event], Awaitable[None]]"
    ) -> None:
        self._app = app
        self._forward = forward
        self._waiting: deque[events.Key | events.Paste] = deque()
        self._task: asyncio.Task[None] | None = None
        self._is_closed = False

    def holds(self, event: events.Event) -> bool:
        """Return True where an event must wait; it is forwarded when its turn has come."""
        if not isinstance(event, (events.Key, events.Paste)) or event.is_forwarded:
            return False
        if self._is_closed:
            return True
        if self._task is None or (isinstance(event, events.Key) and event.key == _URGENT):
            return False
        self._waiting.append(event)
        return True

    def handed_over(self, event: events.Event) -> None:
        """Let others wait until this event has taken effect; call it once the app has forwarded the event."""
        is_typed = isinstance(event, (events.Key, events.Paste))
        if self._is_closed or not is_typed:
            return
        if self._task is None and not self._is_text(event):
            self._task = asyncio.create_task(self._hand_over_others(), name="hand over keys")

    def close(self) -> None:
        """Drop what waits, and all that comes: the app ends."""
        self._is_closed = True
        self._waiting.clear()
        if self._task is not None:
            self._task.cancel()

    def _is_text(self, event: events.Event) -> bool:
        """Return True for what is typed into a field: it moves no focus, so nothing needs to wait for it."""
        if not isinstance(self._app.focused, (Input, TextArea)):
            return False
        return isinstance(event, events.Paste) or (
            isinstance(event, events.Key) and event.is_printable
        )

    async def _hand_over_others(self) -> None:
        try:
            await self._take_effect()
            while self._waiting:
                event = self._waiting.popleft()
                self._app.call_next(self._forward, event)  # in the app's turn, before its queue
                if not self._is_text(event):
                    await self._take_effect()
                elif not self._waiting:  # what was read with it may still be in the app's queue
                    await self._pass_through(self._app)
        finally:
            self._task = None

    async def _take_effect(self) -> None:
        """Wait until the last key was handled, and what it has posted as well."""
        try:
            async with asyncio.timeout(_LONGEST_EFFECT_S):
                await self._pass_through(self._app)
                for number in range(_MOST_ROUNDS):
                    before = self._place
                    await self._pass_through(self._app.focused or self._app.screen)
                    await self._lay_out()
                    if self._place == before and number + 1 >= _LEAST_ROUNDS:
                        return
        except TimeoutError:
            return

    @property
    def _place(self) -> tuple[object, object]:
        return self._app.screen, self._app.focused

    async def _pass_through(self, pump: "MessagePump") -> None:
        """Wait until a widget and all its ancestors have handled what they were sent, or the widget is removed."""
        passed = Passed()
        if pump.post_message(passed):
            ends = [passed.at_the_app, pump._task]  # noqa: SLF001 - Textual does not tell
            await asyncio.wait([end for end in ends if end], return_when=asyncio.FIRST_COMPLETED)
        await asyncio.sleep(0)  # workers that were begun take their first step

    async def _lay_out(self) -> None:
        """Wait for what is to be done after the next layout, if anything is."""
        screen = self._app.screen
        if screen._callbacks and not self._app._batch_count:  # noqa: SLF001 - Textual does not tell
            laid_out = asyncio.Event()
            if screen.call_after_refresh(laid_out.set):
                await laid_out.wait()
