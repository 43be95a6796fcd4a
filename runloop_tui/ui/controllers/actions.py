"""Cancels, completes and scores: confirmed in a dialog, sent once, the outcome and later the end notified."""

import logging
from typing import TYPE_CHECKING

from runloop_tui.monitor.actions import LateEnds
from runloop_tui.monitor.snapshot import RunEnded, changes
from runloop_tui.present.notifications import (
    outcome_words,
    run_ended_message,
    scenario_ended_message,
)
from runloop_tui.present.questions import action_question
from runloop_tui.ui.dialogs.confirm import ConfirmDialog
from runloop_tui.ui.notifications import LONG_TOAST_S

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from textual.notifications import SeverityLevel

    from runloop_tui.analysis.end import EndRange
    from runloop_tui.monitor.actions import Ended, Outcome, Result
    from runloop_tui.monitor.snapshot import Snapshot
    from runloop_tui.present.questions import Target
    from runloop_tui.ui.connection import Connection
    from runloop_tui.ui.runtime.base_app import BaseApp

log = logging.getLogger(__name__)

_SEVERITIES: "dict[Result, SeverityLevel]" = {
    "done": "information",
    "refused": "error",
    "unknown": "warning",
    "repeated": "information",
}


class ActionController:
    """Performs actions after the person has confirmed them, and announces ends.

    Args:
        app: shows dialogs and notifications.
        connection: performs the actions.
        bell: ring the terminal bell when a run ends.
    """

    def __init__(self, app: "BaseApp", connection: "Connection", *, bell: bool) -> None:
        self._app = app
        self._connection = connection
        self._bell = bell
        self._end_news = LateEnds()

    async def act(
        self, targets: "tuple[Target, ...]", now_ms: int, ends: "Mapping[str, EndRange]"
    ) -> None:
        """Confirm, then perform the actions one after the other, each sent once.

        The question says what is lost: `now_ms` is now by the server, `ends` when runs end by themselves.
        """
        question = action_question(targets, now_ms, ends)
        if not await self._app.push_screen_wait(ConfirmDialog(question, dangerous=True)):
            return
        for target in targets:
            intent = target.intent
            log.info("%s asked for %s", intent.verb, intent.target_id.encode("unicode_escape"))
            self._end_news.begin(intent)
            outcome: Outcome | None = None
            try:
                outcome = await self._connection.actions.perform(intent)
                self._notify(outcome, target.name)
            finally:
                self._notify_ends(self._end_news.conclude(intent, outcome))

    def announce(self, before: "Snapshot", snapshot: "Snapshot") -> None:
        """Notify the runs and scenario runs that became terminal, unless the outcome of an action covers them."""
        self._notify_ends(self._end_news.news(changes(before, snapshot), snapshot))

    def _notify_ends(self, ends: "Iterable[Ended]") -> None:
        for end in ends:
            if isinstance(end, RunEnded):
                words, bad = run_ended_message(end.record), end.record.run.state == "failed"
                if self._bell:
                    self._app.bell()
            else:
                words, bad = scenario_ended_message(end.record, end.scenario_run), False
            severity: SeverityLevel = "warning" if bad else "information"
            self._app.notify(words, severity=severity, timeout=LONG_TOAST_S, run_id=end.record.id)

    def _notify(self, outcome: "Outcome", name: str) -> None:
        self._app.notify(
            outcome_words(outcome, name),
            severity=_SEVERITIES[outcome.result],
            timeout=LONG_TOAST_S,
            markup=False,
        )
