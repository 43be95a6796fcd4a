"""Notifications: few toasts at a time, and a log of events to read later."""

from collections import deque
from typing import TYPE_CHECKING

from runloop_tui.present.notifications import Event, outage_ended, outage_started

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.app import App
    from textual.notifications import Notification, SeverityLevel

    from runloop_tui.monitor.health import Health
    from runloop_tui.present.layout import Tone

LONG_TOAST_S = 10.0
"""How long a toast is shown that should not be missed; it is kept in the event log too."""
_MAX_EVENTS = 500
_ROOMY_HEIGHT = 30
_TONES: "dict[SeverityLevel, Tone]" = {"error": "bad", "warning": "warn", "information": "plain"}


class EventLog:
    """The last events: notifications that should not be missed, and when data stopped and began to be fresh."""

    def __init__(self, now: "Callable[[], int]") -> None:
        self._now = now
        self._failing_since_ms: int | None = None
        self.entries: deque[Event] = deque(maxlen=_MAX_EVENTS)
        self._subscribers: list[Callable[[Event], None]] = []

    def subscribe(self, on_event: "Callable[[Event], None]") -> None:
        """Call `on_event` with each event from now on."""
        self._subscribers.append(on_event)

    def record(self, text: str, severity: "SeverityLevel", run_id: str = "") -> None:
        """Add an event of now; its text must be safe. `run_id` is the run that it is about, if any."""
        event = Event(self._now(), text, _TONES[severity], run_id)
        self.entries.append(event)
        for on_event in self._subscribers:
            on_event(event)

    def record_health(self, health: "Health") -> None:
        """Add an event when polling begins to fail, and when all data is fresh again."""
        if health.failure is not None and self._failing_since_ms is None:
            self._failing_since_ms = self._now()
            self.record(outage_started(health.failure), "warning")
        elif health.failure is None and self._failing_since_ms is not None and health.fresh_ms:
            lasted_ms = self._now() - self._failing_since_ms
            self._failing_since_ms = None
            self.record(outage_ended(lasted_ms), "information")


class Toasts:
    """Limits Textual's toasts to the newest: two, or one where they would cover a dialog or most of a table.

    Textual removes all toasts or none. A single one is removed here by letting its notification expire, which Textual
    checks whenever it shows toasts, and by removing its widget from the toast rack of each screen.
    """

    def __init__(self, app: "App[None]") -> None:
        self._app = app
        self._shown: list[Notification] = []

    def add(self, notification: "Notification") -> None:
        """Make room for a notification that Textual is about to show."""
        self._shown.append(notification)
        self._trim(arriving=1)

    def trim(self) -> None:
        """Remove the oldest toasts, down to what the size and the screen allow."""
        self._trim(arriving=0)

    def _trim(self, *, arriving: int) -> None:
        is_small = self._app.size.height < _ROOMY_HEIGHT or len(self._app.screen_stack) > 1
        keep = 1 if is_small else 2
        shown = [each for each in self._shown if not each.has_expired]
        for notification in shown[:-keep]:
            notification.timeout = 0.0
        self._shown = shown[-keep:]
        for screen in self._app.screen_stack:
            toasts = [*screen.query("ToastRack > *")]
            for toast in toasts[: max(0, len(toasts) - keep + arriving)]:
                toast.remove()
