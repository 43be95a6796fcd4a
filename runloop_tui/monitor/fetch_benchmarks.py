"""Fetch benchmarks: how many scenarios one has, their names, and the lists from which a run can be started."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from runloop_tui.api.errors import Forbidden, NotFound, NotOffered, NotUnderstood, RunloopError
from runloop_tui.api.pagination import Page, each_page
from runloop_tui.monitor.back_off import Backoff
from runloop_tui.monitor.health import FetchKind, ReadFailure
from runloop_tui.monitor.schedule import Fetch, Schedule

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from runloop_tui.api.client import Client
    from runloop_tui.api.models import Benchmark, ScenarioDefinition
    from runloop_tui.monitor.health import Warnings
    from runloop_tui.monitor.store import Store

POLLS_UNTIL_REREAD = 60
"""After how many polls a 404, 403 or empty answer is requested again: a proxy may have sent it."""
_NAMES_PAGE = 100
"""Kept small: each name comes with the scenario's whole problem statement."""
_LIST_PAGE = 100


@dataclass(slots=True)
class _NamesRead:
    """The scenarios of a benchmark as far as they were read, page by page over several fetches."""

    stamp: int
    """That of the first request."""
    found: "dict[str, ScenarioDefinition]" = field(default_factory=dict)
    is_broken: bool = False
    """An item of a page could not be parsed."""


class BenchmarkFetcher:
    """Fetches the totals and the scenario names of the benchmarks on the screen, once for each benchmark.

    Args:
        client: sends getBenchmark and getBenchmarkScenarioDefinitions.
        store: takes totals and definitions in.
        schedule: numbers the polls, and knows what is on the screen.
        warnings: takes what could not be parsed.
    """

    def __init__(
        self, client: "Client", store: "Store", schedule: Schedule, warnings: "Warnings"
    ) -> None:
        self._client = client
        self._store = store
        self._schedule = schedule
        self._warnings = warnings
        self._unknown = Backoff()
        self._names: dict[str, _NamesRead] = {}

    def due(self) -> Iterator[Fetch]:
        """Yield nothing: a total is read along with the scenario runs that are counted against it."""
        return iter(())

    def total_of(self, run_id: str) -> Fetch | None:
        """Return the total that a run lacks, where it may be read."""
        benchmark_id = self._store.benchmark_without_total(run_id)
        if benchmark_id and self._is_due(fetch := Fetch(FetchKind.BENCHMARK, benchmark_id)):
            return fetch
        return None

    def _is_due(self, fetch: Fetch) -> bool:
        """Return whether a total or names that are not known may be read."""
        return self._unknown.is_due(fetch, self._schedule.poll) and self._schedule.is_due(fetch)

    def lacking(self) -> Fetch | None:
        """Return a total that a run on the screen lacks, else the names of what has not started in the watched run."""
        viewport = self._schedule.viewport
        for run_id in viewport.visible:
            if (fetch := self.total_of(run_id)) is not None:
                return fetch
        if viewport.watched:
            benchmark_id = self._store.benchmark_without_names(viewport.watched)
            if benchmark_id and self._is_due(fetch := Fetch(FetchKind.NAMES, benchmark_id)):
                return fetch
        return None

    def retry_now(self) -> None:
        """Make all that is backing off due."""
        self._unknown.retry_now()

    async def read(self, fetch: Fetch) -> None:
        """Read a benchmark's total, or the next page of its scenarios' names.

        Raises:
            NotUnderstood: its scenarios could not be read whole.
            RunloopError: it could not be read; what was read is kept.
        """
        if fetch.kind == FetchKind.BENCHMARK:
            await self._read_total(fetch)
        else:
            await self._read_names(fetch)

    async def _read_total(self, fetch: Fetch) -> None:
        """Read how many scenarios a benchmark has; after a 404 or 403, again in 60 polls."""
        stamp = self._store.stamp()
        try:
            benchmark = await self._client.get_benchmark(fetch.id)
        except (NotFound, Forbidden, NotOffered):
            total = None
        else:
            if "scenario_ids" in benchmark.incomplete:
                raise NotUnderstood("expected the scenarios of a benchmark, got others among them")
            self._warnings.hear([benchmark])
            total = len(benchmark.scenario_ids) or None
        if total is None:
            self._unknown.put_off(fetch, self._schedule.poll, POLLS_UNTIL_REREAD)
        self._store.learn_total(fetch.id, total, stamp)

    async def _read_names(self, fetch: Fetch) -> None:
        """Read the next page of names; after the last page the store takes them in."""
        if fetch.id not in self._names:
            self._names[fetch.id] = _NamesRead(self._store.stamp())
        read = self._names[fetch.id]
        try:
            page = await self._client.list_scenario_definitions(
                fetch.id, limit=_NAMES_PAGE, starting_after=next(reversed(read.found), None)
            )
        except (NotFound, Forbidden, NotOffered):
            read.found.clear()
            self._finish_names(fetch, read)
            return
        self._warnings.hear(page.items, page.warnings)
        read.is_broken = read.is_broken or page.unread > 0
        before = len(read.found)
        for definition in page.items:
            read.found.setdefault(definition.id, definition)
        if not page.has_more or len(read.found) == before:
            self._finish_names(fetch, read)

    def _finish_names(self, fetch: Fetch, read: _NamesRead) -> None:
        """Hand the names to the store; where there are none, or not all could be read, put the next read off."""
        found = read.found
        if not found or read.is_broken:
            pause = len(found) // _NAMES_PAGE + 1 if read.is_broken else POLLS_UNTIL_REREAD
            self._unknown.put_off(fetch, self._schedule.poll, pause)
            found = {}
        self._store.learn_definitions(fetch.id, tuple(found.values()), read.stamp)
        del self._names[fetch.id]


@dataclass(frozen=True, slots=True)
class Benchmarks:
    """The benchmarks that were read so far, the account's own first."""

    items: tuple["Benchmark", ...] = ()
    whole: bool = False
    """Both lists were read, but for those that `failures` names."""
    failures: tuple[ReadFailure, ...] = ()
    warnings: tuple[str, ...] = field(default=(), repr=False)
    """What could not be parsed; raw text."""


class BenchmarkList:
    """Reads both lists of benchmarks to their last page."""

    def __init__(self, client: "Client") -> None:
        self._client = client
        self._known: dict[str, Benchmark] = {}

    async def read(self) -> "AsyncIterator[Benchmarks]":
        """Yield what is known after each page; what was read before stays until all was read. Raises no RunloopError.

        Calls listBenchmarks and listPublicBenchmarks; where one of them fails, the other is read all the same.
        """
        found: dict[str, Benchmark] = {}
        failures: list[ReadFailure] = []
        warnings: list[str] = []
        yield Benchmarks(tuple(self._known.values()))
        for what, request in (
            ("the account's benchmarks", self._client.list_benchmarks),
            ("the public benchmarks", self._client.list_public_benchmarks),
        ):
            try:
                async for page in each_page(_pages(request)):
                    for benchmark in page.items:
                        found.setdefault(benchmark.id, benchmark)
                    warnings.extend(page.warnings)
                    yield Benchmarks(tuple((self._known | found).values()))
            except RunloopError as error:
                failures.append(ReadFailure(what, error))
        self._known = self._known | found if failures else found
        yield Benchmarks(
            tuple(self._known.values()),
            whole=True,
            failures=tuple(failures),
            warnings=tuple(warnings),
        )


def _pages(
    request: "Callable[..., Awaitable[Page[Benchmark]]]",
) -> "Callable[[str | None], Awaitable[Page[Benchmark]]]":
    return lambda after: request(limit=_LIST_PAGE, starting_after=after)
