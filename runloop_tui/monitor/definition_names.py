"""Reads the names of a benchmark's scenarios, a page at a time, so that no poll waits for all of them."""

from typing import TYPE_CHECKING

from runloop_tui.api.errors import Forbidden, NotFound, NotOffered
from runloop_tui.monitor.postponing import Backoff
from runloop_tui.monitor.totals import POLLS_UNTIL_ASKED_AGAIN

if TYPE_CHECKING:
    from collections.abc import Callable

    from runloop_tui.api.client import Client
    from runloop_tui.api.models import ScenarioDefinition
    from runloop_tui.monitor.complaints import Complain
    from runloop_tui.monitor.ledger import Ledger

_PAGE = 100
"""Each comes with its whole problem statement."""


class DefinitionNames:
    """Learns the scenarios of benchmarks (getBenchmarkScenarioDefinitions), once for each."""

    def __init__(
        self,
        client: "Client",
        ledger: "Ledger",
        *,
        poll: "Callable[[], int]",
        complain: "Complain",
    ) -> None:
        self._client = client
        self._ledger = ledger
        self._poll = poll
        self._complain = complain
        self._unknown = Backoff()
        self._unread: set[str] = set()
        self._read: dict[str, dict[str, ScenarioDefinition]] = {}

    def is_due(self, benchmark_id: str) -> bool:
        """Return whether a benchmark of which no names are known may be asked for."""
        return self._unknown.is_due(benchmark_id, self._poll())

    def hurry(self) -> None:
        """Let all be due, because a person asks."""
        self._unknown.hurry()

    async def read_on(self, benchmark_id: str) -> None:
        """Read the next page; after the last the ledger knows them. Where the server has none, nobody does.

        Raises:
            RunloopError: the page could not be read; what was read is kept.
        """
        read = self._read.setdefault(benchmark_id, {})
        try:
            page = await self._client.list_scenario_definitions(
                benchmark_id, limit=_PAGE, starting_after=next(reversed(read), None)
            )
        except (NotFound, Forbidden, NotOffered):
            self._finish(benchmark_id, {})
            return
        self._complain(page.items, page.complaints)
        if page.unread:
            self._unread.add(benchmark_id)
        before = len(read)
        for definition in page.items:
            read.setdefault(definition.id, definition)
        if not page.has_more or len(read) == before:
            self._finish(benchmark_id, read)

    def _finish(self, benchmark_id: str, found: "dict[str, ScenarioDefinition]") -> None:
        if not found or benchmark_id in self._unread:
            is_broken = benchmark_id in self._unread
            pause = len(found) // _PAGE + 1 if is_broken else POLLS_UNTIL_ASKED_AGAIN
            self._unknown.put_off(benchmark_id, self._poll(), pause)
            self._unread.discard(benchmark_id)
            found = {}
        self._ledger.learn_definitions(benchmark_id, tuple(found.values()))
        self._read.pop(benchmark_id, None)
