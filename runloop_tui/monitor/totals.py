"""How many scenarios a benchmark has: what its runs will come to in all."""

from typing import TYPE_CHECKING

from runloop_tui.api.errors import Forbidden, NotFound, NotOffered

if TYPE_CHECKING:
    from runloop_tui.api.client import Client
    from runloop_tui.monitor.ledger import Ledger


class Totals:
    """Asks for benchmarks, and learns how many scenarios they have."""

    def __init__(self, client: "Client", ledger: "Ledger") -> None:
        self._client = client
        self._ledger = ledger

    async def read(self, benchmark_id: str) -> None:
        """Ask for a benchmark. Where it is not to be had, nobody tells how many there are, and that is learned.

        Raises:
            RunloopError: it could not be asked for.
        """
        try:
            benchmark = await self._client.get_benchmark(benchmark_id)
        except (NotFound, Forbidden, NotOffered):
            self._ledger.learn_total(benchmark_id, None)
        else:
            self._ledger.learn_total(benchmark_id, len(benchmark.scenario_ids) or None)
