"""Starts a run: form, review, one POST, outcome."""

import logging
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any

from runloop_tui.present.start_form import StartDraft
from runloop_tui.present.starting import look_again_question, start_words, wait_words
from runloop_tui.ui.dialogs.confirm import ConfirmDialog
from runloop_tui.ui.dialogs.review_start import WaitingDialog
from runloop_tui.ui.notifications import LONG_TOAST_S

if TYPE_CHECKING:
    from textual.app import App

    from runloop_tui.monitor.start_run import StartOutcome, StartRequest
    from runloop_tui.ui.connection import Connection
    from runloop_tui.ui.dialogs.start_run import FormLeft, StartRunDialog

log = logging.getLogger(__name__)


class StartController:
    """Runs one start at a time; keeps what was typed until a run was started.

    Args:
        app: shows dialogs and notifications.
        connection: starts runs and lists benchmarks.
        select: moves the cursor to the started run.
    """

    def __init__(
        self, app: "App[None]", connection: "Connection", select: Callable[[str], None]
    ) -> None:
        self._app = app
        self._starts = connection.starts
        self._benchmarks = connection.benchmarks
        self._select = select
        self._draft = StartDraft()
        self._failed: StartOutcome | None = None
        self._form: StartRunDialog | None = None
        self._is_busy = False

    async def start(self) -> None:
        """Open the form, unless a start is in progress."""
        if self._is_busy:
            self._app.notify("A start is under way; its outcome will be shown.", markup=False)
            return
        self._is_busy = True
        try:
            await self._run_dialogs()
        finally:
            self._is_busy = False

    async def read_benchmarks(self) -> None:
        """Read the benchmarks into the open form, page by page."""
        async for benchmarks in self._benchmarks.read():
            if self._form is not None:
                self._form.show_benchmarks(benchmarks)

    async def _run_dialogs(self) -> None:
        """Go from dialog to dialog until a run is started or the form is left."""
        if self._starts.has_open_attempt and not await self._look():
            return
        while True:
            if self._failed is not None and self._failed.blind is not None:
                question = look_again_question(self._failed)
                again = await self._app.push_screen_wait(ConfirmDialog(question, dangerous=False))
                if not again or not await self._look():
                    return
                continue
            left = await self._fill_in()
            if left.request is None:
                return
            if await self._review(left) and not await self._send(left.request):
                return

    async def _fill_in(self) -> "FormLeft":
        """Show the form with the draft, and keep what it was left with."""
        from runloop_tui.ui.dialogs.start_run import StartRunDialog  # importing TextArea takes long

        self._form = StartRunDialog(self._draft, start_words(self._failed) if self._failed else "")
        left = await self._app.push_screen_wait(self._form)
        self._form = None
        self._draft = left.draft
        return left

    async def _review(self, left: "FormLeft") -> bool:
        from runloop_tui.ui.dialogs.review_start import ReviewStartDialog

        if left.request is None or left.draft.benchmark is None:
            return False
        dialog = ReviewStartDialog(left.request, left.draft.benchmark)
        return await self._app.push_screen_wait(dialog)

    async def _send(self, request: "StartRequest") -> bool:
        """Send the request. Return True if the form should be shown again."""
        log.info("start asked for of %s", request.benchmark_id.encode("unicode_escape"))
        return await self._wait(wait_words(request), self._starts.perform(request), request)

    async def _look(self) -> bool:
        """Look for the run of the last attempt. Return True if the form should be shown again."""
        return await self._wait(wait_words(None), self._starts.look_again(), None)

    async def _wait(
        self,
        words: str,
        asking: "Coroutine[Any, Any, StartOutcome]",
        request: "StartRequest | None",
    ) -> bool:
        dialog = WaitingDialog(words)
        await self._app.push_screen(dialog)
        outcome = await asking
        await dialog.close()
        log.info("start: %s", outcome.result)
        if outcome.run is not None:
            if request is None or request == outcome.request:
                self._draft = StartDraft()
            self._failed = None
            self._notify(start_words(outcome), outcome)
            self._select(outcome.run.id)
            return False
        self._failed = outcome
        if dialog.was_left:
            kept = "What was typed is kept: N opens the form again."
            self._notify(f"{start_words(outcome)} {kept}", outcome)
        return not dialog.was_left

    def _notify(self, words: str, outcome: "StartOutcome") -> None:
        good = outcome.result == "started"
        self._app.notify(
            words,
            severity="information" if good else "warning",
            timeout=LONG_TOAST_S,
            markup=False,
        )
