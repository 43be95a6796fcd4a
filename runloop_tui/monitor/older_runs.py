"""The runs that were not read at first: what of them a person wants, and reading it."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from runloop_tui.monitor.run_filter import RunFilter

if TYPE_CHECKING:
    from runloop_tui.monitor.ledger import Ledger
    from runloop_tui.monitor.runs_list import RunsList


class OlderRuns:
    """Remembers what was asked for until it is read."""

    def __init__(self, ledger: "Ledger", runs: "RunsList", *, publish: Callable[[], None]) -> None:
        self._ledger = ledger
        self._runs = runs
        self._publish = publish
        self._to_the_end = False
        self._wanted: RunFilter | None = None
        self.is_asked = False
        """The next page of them, or all, is to be read."""

    @property
    def is_search_asked(self) -> bool:
        """Tell whether the server is to be asked for what a filter wants."""
        return self._wanted is not None

    def want(self, *, to_the_end: bool) -> bool:
        """Ask for the next page, or for all; False where that is no news, or there are none."""
        if not self._ledger.more_runs or (self.is_asked and not to_the_end):
            return False
        self.is_asked = True
        self._to_the_end = self._to_the_end or to_the_end
        return True

    def want_found(self, wanted: RunFilter) -> bool:
        """Ask for what a filter wants, in place of what the last one did; False where all runs were read."""
        if not self._ledger.more_runs or wanted == RunFilter():
            return False
        self._wanted = wanted
        return True

    async def read(self, _: str) -> None:
        """Read what was asked for.

        Raises:
            RunloopError: a page could not be read; it is still asked for.
        """
        if self._to_the_end:
            await self._runs.read_to_the_end(self._publish)
        else:
            await self._runs.read_older()
        self.is_asked = self._to_the_end = False

    async def find(self, _: str) -> None:
        """Find what the filter wants, once.

        Raises:
            RunloopError: the server could not be asked.
        """
        wanted, self._wanted = self._wanted, None
        if wanted is not None:
            await self._runs.find(wanted)
