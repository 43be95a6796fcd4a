"""How many scenarios a benchmark has: what its runs will come to in all."""

from typing import TYPE_CHECKING

from runloop_tui.api.errors import Forbidden, NotFound, NotOffered, NotUnderstood
from runloop_tui.monitor.postponing import Backoff

if TYPE_CHECKING:
    from collections.abc import Callable

    from runloop_tui.api.client import Client
    from runloop_tui.monitor.complaints import Complain
    from runloop_tui.monitor.ledger import Ledger

POLLS_UNTIL_ASKED_AGAIN = 60
"""What the server has not is asked for again after so many polls: it may have been a fault on the way."""


class Totals:
    """Asks for benchmarks, and learns how many scenarios they have.

    Args:
        client: asks getBenchmark.
        ledger: what it learns totals into.
        poll: gives the number of the current poll.
        complain: takes what of an answer could be understood, and what could not.
    """

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

    def is_due(self, benchmark_id: str) -> bool:
        """Return whether a benchmark of which no total is known may be asked for."""
        return self._unknown.is_due(benchmark_id, self._poll())

    def hurry(self) -> None:
        """Let all be due, because a person asks."""
        self._unknown.hurry()

    async def read(self, benchmark_id: str) -> None:
        """Ask for a benchmark. Where it is not to be had, its total is unknown, and it is asked for later again.

        Raises:
            NotUnderstood: its scenarios could not be read whole.
            RunloopError: it could not be asked for.
        """
        try:
            benchmark = await self._client.get_benchmark(benchmark_id)
        except (NotFound, Forbidden, NotOffered):
            total = None
        else:
            if "scenario_ids" in benchmark.incomplete:
                raise NotUnderstood("expected the scenarios of a benchmark, got others among them")
            self._complain([benchmark], ())
            total = len(benchmark.scenario_ids) or None
        if total is None:
            self._unknown.put_off(benchmark_id, self._poll(), POLLS_UNTIL_ASKED_AGAIN)
        self._ledger.learn_total(benchmark_id, total)
