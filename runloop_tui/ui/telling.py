"""What is told in passing: few toasts at a time, and a list of all that was told for who was not looking."""

from collections import deque
from typing import TYPE_CHECKING

from runloop_tui.present.notifications import Event, outage_ended, outage_started

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.app import App
    from textual.notifications import SeverityLevel

    from runloop_tui.monitor.health import Health
    from runloop_tui.present.layout import Tone

LONG_TOAST_S = 10.0
"""How long a toast stays that a person should not miss; it can be read later as well."""
_MOST_KEPT = 500
_ROOMY_HEIGHT = 30
_TONES: "dict[SeverityLevel, Tone]" = {"error": "bad", "warning": "warn", "information": "plain"}


class Telling:
    """Remembers what was told, and when the data stopped and began again to be fresh."""

    def __init__(self, app: "App[None]", now: "Callable[[], int]") -> None:
        self._app = app
        self._now = now
        self._trouble_since_ms: int | None = None
        self.told: deque[Event] = deque(maxlen=_MOST_KEPT)

    def remember(self, text: str, severity: "SeverityLevel") -> None:
        """Keep a safe text that is told now."""
        self.told.append(Event(self._now(), text, _TONES[severity]))

    def make_room(self) -> None:
        """Take the oldest toasts off: two at most are shown, and one where they would cover a question or a table."""
        is_small = self._app.size.height < _ROOMY_HEIGHT or len(self._app.screen_stack) > 1
        shown = sorted(self._app._notifications, key=lambda one: one.raised_at)  # noqa: SLF001
        for toast in shown[: -1 if is_small else -2]:
            self._app._unnotify(toast, refresh=False)  # noqa: SLF001 - Textual takes off all or none
        self._take_off_holders()
        self._app._refresh_notifications()  # noqa: SLF001 - see above

    def _take_off_holders(self) -> None:
        """Take off what toasts stood in: Textual leaves it there when it takes off a toast."""
        from textual.widgets._toast import ToastHolder, ToastRack  # the first paint has none

        current = {
            ToastRack._toast_id(one)  # noqa: SLF001 - the same name as Textual gives
            for one in self._app._notifications  # noqa: SLF001 - see make_room
        }
        for screen in self._app.screen_stack:
            for holder in screen.query(ToastHolder):
                if holder.id not in current:
                    holder.remove()

    def hear(self, health: "Health") -> None:
        """Keep when reading began to fail, and when all was fresh again."""
        if health.trouble is not None and self._trouble_since_ms is None:
            self._trouble_since_ms = self._now()
            self.remember(outage_started(health.trouble), "warning")
        elif health.trouble is None and self._trouble_since_ms is not None and health.fresh_ms:
            lasted_ms = self._now() - self._trouble_since_ms
            self._trouble_since_ms = None
            self.remember(outage_ended(lasted_ms), "information")
