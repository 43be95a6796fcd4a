"""Runloop over HTTP: one method per operation.

Every method raises a `RunloopError` when it does not succeed. Reads are repeated after a pause
where that may help; what is sent with POST is sent exactly once.
"""

import asyncio
import logging
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from types import TracebackType
from typing import Self

import httpx

from runloop_tui.api.bodies import is_html, media_type
from runloop_tui.api.errors import NotUnderstood, RunloopError
from runloop_tui.api.exchange import BEGINNING_BYTES, Exchange, not_understood
from runloop_tui.api.models import Benchmark, BenchmarkRun, ScenarioRun
from runloop_tui.api.operations import Kind, path_to
from runloop_tui.api.paging import Page
from runloop_tui.api.reading import V, read_item, read_page
from runloop_tui.api.retry import Backoff
from runloop_tui.api.streams import LogStream

_LOGGER = logging.getLogger(__name__)

_RUNS = "/v1/benchmark_runs"
_SCENARIO_RUNS = "/v1/scenarios/runs"
_BENCHMARKS = "/v1/benchmarks"

_NO_ARCHIVES = {"text/html", "application/json"}


class Client:
    """Speaks to the Runloop at one base address with one key.

    Args:
        base_url: http or https, a host, and perhaps a port and a path.
        api_key: sent to that address's origin only; without one, requests go without it.
        now: the current moment in Unix ms, for the server's skew and dates to come back at.
        transport: in place of the network, for the demo and for tests.
        backoff: how reads are repeated.
        sleep: waits that many seconds.
        jitter: gives a number from 0 to 1.
        version: ours, for the User-Agent header.
        largest_body: the most bytes of JSON that one answer may have.
        longest_answer_s: the most seconds that one answer may take from beginning to end; does
            not bound downloads, which only must not pause for longer than 30 s.

    Raises:
        ValueError: when the base address is not a legal one; the text says why, without it.
    """

    def __init__(
        self,
        base_url: str,
        api_key: str | None,
        *,
        now: Callable[[], int],
        transport: httpx.AsyncBaseTransport | None = None,
        backoff: Backoff = Backoff(),  # noqa: B008 - it is frozen
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
        jitter: Callable[[], float] = random.random,
        version: str = "",
        largest_body: int = 64 * 1024 * 1024,
        longest_answer_s: float = 300.0,
    ) -> None:
        self._exchange = Exchange(
            base_url,
            api_key,
            now=now,
            transport=transport,
            version=version,
            largest_body=largest_body,
            longest_answer_s=longest_answer_s,
        )
        self._backoff = backoff
        self._sleep = sleep
        self._jitter = jitter

    def __repr__(self) -> str:
        """The address, without the key."""
        return f"<Client of {self._exchange.base}>"

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Close all connections; the client is of no use afterwards."""
        await self._exchange.aclose()

    @property
    def skew_ms(self) -> int:
        """The server's clock minus ours, in milliseconds; 0 until an answer has told."""
        return self._exchange.server_clock.skew_ms

    @property
    def requests_sent(self) -> int:
        """How many requests went out, repeated ones and failed ones included."""
        return self._exchange.requests_sent

    async def list_benchmark_runs(
        self,
        *,
        name: str | None = None,
        benchmark_id: str | None = None,
        state: str | None = None,
        search: str | None = None,
        limit: int | None = None,
        starting_after: str | None = None,
        include_total_count: bool = False,
    ) -> Page[BenchmarkRun]:
        """A page of benchmark runs (listBenchmarkRuns, GET /v1/benchmark_runs).

        `limit` is 20 when it is not given, and at most 5,000. `search` looks in ids and names; an
        older server ignores it.
        """
        query = _query(
            include_total_count,
            name=name,
            benchmark_id=benchmark_id,
            state=state,
            search=search,
            limit=limit,
            starting_after=starting_after,
        )
        raw = await self._read(Kind.LIST, _RUNS, query)
        return await read_page(BenchmarkRun, raw, of="benchmark runs")

    async def get_benchmark_run(self, run_id: str) -> BenchmarkRun:
        """One benchmark run (getBenchmarkRun, GET /v1/benchmark_runs/{id})."""
        raw = await self._read(Kind.ONE, path_to(_RUNS, run_id))
        return _only(BenchmarkRun, raw, Kind.ONE)

    async def cancel_benchmark_run(self, run_id: str) -> BenchmarkRun:
        """Cancel a run and its running scenarios (cancelBenchmarkRun, POST …/{id}/cancel)."""
        raw = await self._exchange.json(Kind.ACTION, path_to(_RUNS, run_id, "cancel"))
        return _only(BenchmarkRun, raw, Kind.ACTION)

    async def complete_benchmark_run(self, run_id: str) -> BenchmarkRun:
        """Declare a run completed (completeBenchmarkRun, POST …/{id}/complete)."""
        raw = await self._exchange.json(Kind.ACTION, path_to(_RUNS, run_id, "complete"))
        return _only(BenchmarkRun, raw, Kind.ACTION)

    def download_benchmark_run_logs(self, run_id: str) -> AbstractAsyncContextManager[LogStream]:
        """All logs of a run as a zip (downloadBenchmarkRunLogs, POST …/{id}/download_logs)."""
        return self._download(path_to(_RUNS, run_id, "download_logs"))

    async def list_scenario_runs(
        self,
        run_id: str,
        *,
        state: str | None = None,
        limit: int | None = None,
        starting_after: str | None = None,
        include_total_count: bool = False,
    ) -> Page[ScenarioRun]:
        """A page of a run's started scenario runs.

        listBenchmarkRunScenarioRuns, GET /v1/benchmark_runs/{id}/scenario_runs. `limit` is 20 when
        it is not given, and at most 5,000.
        """
        query = _query(include_total_count, state=state, limit=limit, starting_after=starting_after)
        raw = await self._read(Kind.PART, path_to(_RUNS, run_id, "scenario_runs"), query)
        return await read_page(ScenarioRun, raw, of="scenario runs")

    async def get_scenario_run(self, scenario_run_id: str) -> ScenarioRun:
        """One scenario run (getScenarioRun, GET /v1/scenarios/runs/{id})."""
        raw = await self._read(Kind.ONE, path_to(_SCENARIO_RUNS, scenario_run_id))
        return _only(ScenarioRun, raw, Kind.ONE)

    async def cancel_scenario_run(self, scenario_run_id: str) -> ScenarioRun:
        """Cancel a scenario run (cancelScenarioRun, POST /v1/scenarios/runs/{id}/cancel)."""
        path = path_to(_SCENARIO_RUNS, scenario_run_id, "cancel")
        return _only(ScenarioRun, await self._exchange.json(Kind.ACTION, path), Kind.ACTION)

    async def complete_scenario_run(self, scenario_run_id: str) -> ScenarioRun:
        """Complete a scenario run (completeScenarioRun, POST /v1/scenarios/runs/{id}/complete)."""
        path = path_to(_SCENARIO_RUNS, scenario_run_id, "complete")
        return _only(ScenarioRun, await self._exchange.json(Kind.ACTION, path), Kind.ACTION)

    def download_scenario_run_logs(
        self, scenario_run_id: str
    ) -> AbstractAsyncContextManager[LogStream]:
        """All logs of a scenario run as a zip (downloadScenarioRunLogs, POST …/download_logs)."""
        return self._download(path_to(_SCENARIO_RUNS, scenario_run_id, "download_logs"))

    async def get_benchmark(self, benchmark_id: str) -> Benchmark:
        """One benchmark with its scenarios (getBenchmark, GET /v1/benchmarks/{id})."""
        raw = await self._read(Kind.ONE, path_to(_BENCHMARKS, benchmark_id))
        return _only(Benchmark, raw, Kind.ONE)

    async def _read(self, kind: Kind, path: str, query: dict[str, str] | None = None) -> object:
        """The JSON of a GET, which is repeated for as long as that may help."""
        attempt = 1
        while True:
            try:
                return await self._exchange.json(kind, path, query)
            except RunloopError as error:
                if not error.worth_repeating:
                    raise
                pause_s = self._backoff.delay(
                    attempt, jitter=self._jitter(), retry_after_s=error.retry_after_s
                )
                if pause_s is None:
                    raise
            await self._sleep(pause_s)
            attempt += 1

    @asynccontextmanager
    async def _download(self, path: str) -> AsyncIterator[LogStream]:
        async with self._exchange.open(Kind.DOWNLOAD, path) as response:
            if media_type(response) in _NO_ARCHIVES:
                body = await self._exchange.read(response, Kind.DOWNLOAD, BEGINNING_BYTES)
                got = "a web page" if is_html(response, body) else "JSON"
                because = f"expected a zip archive, got {got}"
                raise not_understood(because, response, body, Kind.DOWNLOAD)
            yield LogStream(response)


def _query(include_total_count: bool, **parameters: str | int | None) -> dict[str, str]:  # noqa: FBT001 - always the first
    """Only what is set; whether to count is always said, because the server's default counts."""
    said = {name: str(value) for name, value in parameters.items() if value not in {None, ""}}
    said["include_total_count"] = "true" if include_total_count else "false"
    # Half a surrogate pair (typed or pasted) has no place in an address.
    return {name: value.encode(errors="replace").decode() for name, value in said.items()}


def _only(model: type[V], raw: object, kind: Kind) -> V:
    """The one thing that an answer is about.

    Raises:
        NotUnderstood: when it has no readable id; for fields that do not fit, the log has a line.
    """
    item, complaint = read_item(model, raw)
    if item is None:
        raise NotUnderstood(f"expected a {_NAMES[model]} with an id", may_have_arrived=kind.acts)
    if complaint is not None:
        _LOGGER.warning("%r", complaint)  # quoted, because it holds the server's words
    return item


_NAMES: dict[type, str] = {
    BenchmarkRun: "benchmark run",
    ScenarioRun: "scenario run",
    Benchmark: "benchmark",
}
