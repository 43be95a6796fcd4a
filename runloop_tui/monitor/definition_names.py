"""Reads the names of a benchmark's scenarios, a page at a time, so that no poll waits for all of them."""

from typing import TYPE_CHECKING

from runloop_tui.api.errors import Forbidden, NotFound, NotOffered

if TYPE_CHECKING:
    from runloop_tui.api.client import Client
    from runloop_tui.api.models import ScenarioDefinition
    from runloop_tui.monitor.ledger import Ledger

_PAGE = 100
"""Each comes with its whole problem statement."""


class DefinitionNames:
    """Learns the scenarios of benchmarks (getBenchmarkScenarioDefinitions), once for each."""

    def __init__(self, client: "Client", ledger: "Ledger") -> None:
        self._client = client
        self._ledger = ledger
        self._read: dict[str, dict[str, ScenarioDefinition]] = {}

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
        before = len(read)
        for definition in page.items:
            read.setdefault(definition.id, definition)
        if not page.has_more or len(read) == before:
            self._finish(benchmark_id, read)

    def _finish(self, benchmark_id: str, found: "dict[str, ScenarioDefinition]") -> None:
        self._ledger.learn_definitions(benchmark_id, tuple(found.values()))
        self._read.pop(benchmark_id, None)
