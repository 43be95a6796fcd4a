"""What is asked for, confirmed, carried out, and told."""

import logging
from typing import TYPE_CHECKING

from runloop_tui.monitor.actions import LateEnds
from runloop_tui.monitor.states import is_terminal
from runloop_tui.present.notifications import outcome_words
from runloop_tui.present.questions import action_question, logs_question
from runloop_tui.present.text import safe
from runloop_tui.ui.dialogs.confirm import ConfirmDialog
from runloop_tui.ui.notifications import LONG_TOAST_S

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from textual.app import App
    from textual.notifications import SeverityLevel

    from runloop_tui.api.models import BenchmarkRun, ScenarioRun
    from runloop_tui.monitor.actions import Ended, Outcome, Result
    from runloop_tui.present.questions import Target
    from runloop_tui.ui.connection import Connection

log = logging.getLogger(__name__)

_SEVERITIES: "dict[Result, SeverityLevel]" = {
    "done": "information",
    "refused": "error",
    "unknown": "warning",
    "repeated": "information",
}


class Errands:
    """Asks before each errand, and runs it only when the answer was yes.

    Args:
        app: where dialogs are shown and outcomes are told.
        connection: what carries errands out.
        downloads: the folder that downloads go to, to be shown.
        tell_ends: tells the ends that an outcome has left to tell.
    """

    def __init__(
        self,
        app: "App[None]",
        connection: "Connection",
        downloads: str,
        tell_ends: "Callable[[Iterable[Ended]], None]",
    ) -> None:
        self._app = app
        self._connection = connection
        self._downloads = downloads
        self._tell_ends = tell_ends
        self.end_news = LateEnds()
        """Which ends are to be told besides the outcomes."""

    async def act(self, targets: "tuple[Target, ...]") -> None:
        """Cancel or complete the targets, one after the other, each sent once."""
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
                self._tell(outcome, target.name)
            finally:
                self._tell_ends(self.end_news.conclude(intent, outcome))

    async def fetch_logs(self, things: "tuple[BenchmarkRun | ScenarioRun, ...]") -> None:
        """Start the downloads of the logs of these."""
        names = [safe(thing.name or thing.id) for thing in things]
        running = sum(not is_terminal(thing.state) for thing in things)
        question = logs_question(names, safe(self._downloads), running=running)
        if await self._app.push_screen_wait(ConfirmDialog(question, dangerous=False)):
            for thing in things:
                self._connection.fetch_logs(thing)

    def _tell(self, outcome: "Outcome", name: str) -> None:
        self._app.notify(
            outcome_words(outcome, name),
            severity=_SEVERITIES[outcome.result],
            timeout=LONG_TOAST_S,
            markup=False,
        )
