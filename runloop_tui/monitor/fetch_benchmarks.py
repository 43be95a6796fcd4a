"""How many scenarios a benchmark has: what its runs will come to in all."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from runloop_tui.api.errors import Forbidden, NotFound, NotOffered, NotUnderstood, RunloopError
from runloop_tui.api.paging import Page, each_page
from runloop_tui.monitor.back_off import Backoff
from runloop_tui.monitor.health import Trouble

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from runloop_tui.api.client import Client
    from runloop_tui.api.models import Benchmark, ScenarioDefinition
    from runloop_tui.monitor.health import Complain
    from runloop_tui.monitor.store import Store


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
        ledger: "Store",
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


_PAGE = 100
"""Each comes with its whole problem statement."""


class DefinitionNames:
    """Learns the scenarios of benchmarks (getBenchmarkScenarioDefinitions), once for each."""

    def __init__(
        self,
        client: "Client",
        ledger: "Store",
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


_LIST_PAGE = 100


@dataclass(frozen=True, slots=True)
class Benchmarks:
    """The benchmarks that were read so far, the account's own first."""

    items: tuple["Benchmark", ...] = ()
    whole: bool = False
    """All has been read, but for what `troubles` names."""
    troubles: tuple[Trouble, ...] = ()
    complaints: tuple[str, ...] = field(default=(), repr=False)
    """What could not be understood; raw text."""


class BenchmarkFetcher:
    """Reads both lists of benchmarks to their ends."""

    def __init__(self, client: "Client") -> None:
        self._client = client
        self._known: dict[str, Benchmark] = {}

    async def read(self) -> "AsyncIterator[Benchmarks]":
        """Give what is known after each page; what was read before stays until all was read. Raises no RunloopError.

        Rests on listBenchmarks and listPublicBenchmarks; where one of them fails, the other is read all the same.
        """
        found: dict[str, Benchmark] = {}
        troubles: list[Trouble] = []
        complaints: list[str] = []
        yield Benchmarks(tuple(self._known.values()))
        for what, ask in (
            ("the account's benchmarks", self._client.list_benchmarks),
            ("the public benchmarks", self._client.list_public_benchmarks),
        ):
            try:
                async for page in each_page(_pages(ask)):
                    for benchmark in page.items:
                        found.setdefault(benchmark.id, benchmark)
                    complaints.extend(page.complaints)
                    yield Benchmarks(tuple((self._known | found).values()))
            except RunloopError as error:
                troubles.append(Trouble(what, error))
        self._known = self._known | found if troubles else found
        yield Benchmarks(
            tuple(self._known.values()),
            whole=True,
            troubles=tuple(troubles),
            complaints=tuple(complaints),
        )


def _pages(
    ask: "Callable[..., Awaitable[Page[Benchmark]]]",
) -> "Callable[[str | None], Awaitable[Page[Benchmark]]]":
    return lambda after: ask(limit=_LIST_PAGE, starting_after=after)
