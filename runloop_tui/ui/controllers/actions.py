"""Cancels, completes and scores: confirmed in a dialog, sent once, and the outcome notified."""

import logging
from typing import TYPE_CHECKING

from runloop_tui.monitor.end_news import EndNews
from runloop_tui.present.questions import action_question
from runloop_tui.present.troubles import outcome_words
from runloop_tui.ui.dialogs.confirm import ConfirmDialog
from runloop_tui.ui.telling import LONG_TOAST_S

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from textual.app import App
    from textual.notifications import SeverityLevel

    from runloop_tui.monitor.actions import Outcome, Result
    from runloop_tui.monitor.end_news import Ended
    from runloop_tui.present.questions import Target
    from runloop_tui.ui.connection import Connection

log = logging.getLogger(__name__)

_SEVERITIES: "dict[Result, SeverityLevel]" = {
    "done": "information",
    "refused": "error",
    "unknown": "warning",
    "repeated": "information",
}


class ActionController:
    """Performs actions after the person has confirmed them.

    Args:
        app: shows dialogs and notifications.
        connection: performs the actions.
        notify_ends: announces ends that the outcome of an action does not cover.
    """

    def __init__(
        self,
        app: "App[None]",
        connection: "Connection",
        notify_ends: "Callable[[Iterable[Ended]], None]",
    ) -> None:
        self._app = app
        self._connection = connection
        self._notify_ends = notify_ends
        self.end_news = EndNews()
        """Selects the ends to announce besides outcomes."""

    async def act(self, targets: "tuple[Target, ...]") -> None:
        """Confirm, then perform the actions one after the other, each sent once."""
        question = action_question(targets)
        if not await self._app.push_screen_wait(ConfirmDialog(question, dangerous=True)):
            return
        for target in targets:
            intent = target.intent
            log.info("%s asked for %s", intent.verb, intent.target_id.encode("unicode_escape"))
            self.end_news.begin(intent)
            outcome: Outcome | None = None
            try:
                outcome = await self._connection.actions.perform(intent)
                self._notify(outcome, target.name)
            finally:
                self._notify_ends(self.end_news.conclude(intent, outcome))

    def _notify(self, outcome: "Outcome", name: str) -> None:
        self._app.notify(
            outcome_words(outcome, name),
            severity=_SEVERITIES[outcome.result],
            timeout=LONG_TOAST_S,
            markup=False,
        )
