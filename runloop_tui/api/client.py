"""Runloop over HTTP: one method per operation.

Every method raises a `RunloopError` when it does not succeed. Reads are repeated after a pause
where that may help; what is sent with POST is sent exactly once.
"""

import asyncio
import random
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager
from types import TracebackType
from typing import Self

import httpx

from runloop_tui.api.calls import ONCE, Calls
from runloop_tui.api.echoes import without_echoes
from runloop_tui.api.errors import BadRequest
from runloop_tui.api.exchange import Exchange
from runloop_tui.api.models import (
    Benchmark,
    BenchmarkJob,
    BenchmarkRun,
    DevboxLog,
    ScenarioDefinition,
    ScenarioRun,
)
from runloop_tui.api.operations import MB, Kind, list_query, path_to
from runloop_tui.api.paging import Page
from runloop_tui.api.retry import Backoff
from runloop_tui.api.run_paths import RunPaths
from runloop_tui.api.run_start import start_run_body
from runloop_tui.api.streams import LogStream

_JOBS = "/v1/benchmark_jobs"
_BENCHMARKS = "/v1/benchmarks"
_SCENARIO_RUNS = "/v1/scenarios/runs"
_DEVBOXES = "/v1/devboxes"


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
        largest_body: the most bytes of JSON that one answer may have, where that is less than the
            8 MB of a list or the 32 MB of a single view.
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
        largest_body: int = 32 * MB,
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
        self._calls = Calls(self._exchange, backoff=backoff, sleep=sleep, jitter=jitter)
        self._run_paths = RunPaths()

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

    def prepare(self) -> None:
        """Do what the first request would otherwise have to wait for; to be called in a thread."""
        self._exchange.prepare()

    async def aclose(self) -> None:
        """Close all connections; the client is of no use afterwards."""
        await self._exchange.aclose()

    @property
    def skew_ms(self) -> int:
        """The server's clock minus ours, in milliseconds; 0 until an answer has told."""
        return self._exchange.server_clock.skew_ms

    @property
    def silent_since_ms(self) -> int | None:
        """Since when we wait without hearing anything (Unix ms); None while nothing is waited for.

        Downloads are not counted: the server may take its time to pack them.
        """
        return self._exchange.silence.since_ms

    @property
    def requests_sent(self) -> int:
        """How many requests went out, repeated ones and failed ones included."""
        return self._exchange.requests_sent

    # Benchmark runs

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
        older server ignores it. Where a server offers runs only at the older /v1/benchmarks/runs,
        this finds it out, and everything about runs is asked for there from then on.
        """
        query = list_query(
            include_total_count,
            name=name,
            benchmark_id=benchmark_id,
            state=state,
            search=search,
            limit=limit,
            starting_after=starting_after,
        )
        return await self._run_paths.find(
            lambda path: self._calls.page(BenchmarkRun, path, query),
            lambda path: self._calls.page(BenchmarkRun, path, query, backoff=ONCE),
        )

    async def get_benchmark_run(self, run_id: str) -> BenchmarkRun:
        """One benchmark run (getBenchmarkRun, GET /v1/benchmark_runs/{id})."""
        return await self._calls.one(BenchmarkRun, self._path_to_run(run_id), run_id)

    async def cancel_benchmark_run(self, run_id: str) -> BenchmarkRun:
        """Cancel a run and its running scenarios (cancelBenchmarkRun, POST …/{id}/cancel)."""
        return await self._calls.act(BenchmarkRun, self._path_to_run(run_id, "cancel"), id_=run_id)

    async def complete_benchmark_run(self, run_id: str) -> BenchmarkRun:
        """Declare a run completed (completeBenchmarkRun, POST …/{id}/complete)."""
        return await self._calls.act(
            BenchmarkRun, self._path_to_run(run_id, "complete"), id_=run_id
        )

    def download_benchmark_run_logs(self, run_id: str) -> AbstractAsyncContextManager[LogStream]:
        """All logs of a run as a zip (downloadBenchmarkRunLogs, POST …/{id}/download_logs)."""
        return self._calls.download(self._path_to_run(run_id, "download_logs"))

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
        query = list_query(
            include_total_count, state=state, limit=limit, starting_after=starting_after
        )
        path = self._path_to_run(run_id, "scenario_runs")
        return await self._calls.page(ScenarioRun, path, query, kind=Kind.PART)

    async def start_benchmark_run(
        self,
        benchmark_id: str,
        *,
        run_name: str = "",
        metadata: Mapping[str, str] | None = None,
        purpose: str = "",
        environment_variables: Mapping[str, str] | None = None,
        secrets: Mapping[str, str] | None = None,
    ) -> BenchmarkRun:
        """Start a run (startBenchmarkRun, POST /v1/benchmarks/start_run), exactly once.

        What is sent is `start_run_body` of the same arguments. In the words of a refusal, the
        values of environment variables are masked.

        Raises:
            BadRequest: without a request, when there is no benchmark id.
        """
        if not benchmark_id:
            raise BadRequest("this is no id")
        body = start_run_body(
            benchmark_id,
            run_name=run_name,
            metadata=metadata,
            purpose=purpose,
            environment_variables=environment_variables,
            secrets=secrets,
        )
        with without_echoes((environment_variables or {}).values()):
            return await self._calls.act(BenchmarkRun, f"{_BENCHMARKS}/start_run", body)

    def _path_to_run(self, run_id: str, part: str = "") -> str:
        return path_to(self._run_paths.resource, run_id, part)

    # Scenario runs

    async def get_scenario_run(self, scenario_run_id: str) -> ScenarioRun:
        """One scenario run (getScenarioRun, GET /v1/scenarios/runs/{id})."""
        return await self._calls.one(
            ScenarioRun, path_to(_SCENARIO_RUNS, scenario_run_id), scenario_run_id
        )

    async def cancel_scenario_run(self, scenario_run_id: str) -> ScenarioRun:
        """Cancel a scenario run (cancelScenarioRun, POST /v1/scenarios/runs/{id}/cancel)."""
        path = path_to(_SCENARIO_RUNS, scenario_run_id, "cancel")
        return await self._calls.act(ScenarioRun, path, id_=scenario_run_id)

    async def complete_scenario_run(self, scenario_run_id: str) -> ScenarioRun:
        """Complete a scenario run (completeScenarioRun, POST /v1/scenarios/runs/{id}/complete)."""
        path = path_to(_SCENARIO_RUNS, scenario_run_id, "complete")
        return await self._calls.act(ScenarioRun, path, id_=scenario_run_id)

    async def score_scenario_run(self, scenario_run_id: str) -> ScenarioRun:
        """Have a scenario run scored (scoreScenarioRun, POST /v1/scenarios/runs/{id}/score)."""
        path = path_to(_SCENARIO_RUNS, scenario_run_id, "score")
        return await self._calls.act(ScenarioRun, path, id_=scenario_run_id)

    def download_scenario_run_logs(
        self, scenario_run_id: str
    ) -> AbstractAsyncContextManager[LogStream]:
        """All logs of a scenario run as a zip (downloadScenarioRunLogs, POST …/download_logs)."""
        return self._calls.download(path_to(_SCENARIO_RUNS, scenario_run_id, "download_logs"))

    async def get_devbox_logs(self, devbox_id: str) -> Page[DevboxLog]:
        """All that a devbox has logged so far, on one page (GET /v1/devboxes/{id}/logs).

        There is no cursor: each call gives everything again, in the server's order.
        """
        path = path_to(_DEVBOXES, devbox_id, "logs")
        return await self._calls.whole_list(DevboxLog, path, under="logs")

    # Benchmarks

    async def get_benchmark(self, benchmark_id: str) -> Benchmark:
        """One benchmark with its scenarios (getBenchmark, GET /v1/benchmarks/{id})."""
        return await self._calls.one(Benchmark, path_to(_BENCHMARKS, benchmark_id), benchmark_id)

    async def list_benchmarks(
        self,
        *,
        name: str | None = None,
        search: str | None = None,
        limit: int | None = None,
        starting_after: str | None = None,
        include_total_count: bool = False,
    ) -> Page[Benchmark]:
        """A page of the account's own benchmarks (listBenchmarks, GET /v1/benchmarks).

        `limit` is 20 when it is not given, and at most 5,000. `search` looks in ids and names; an
        older server ignores it.
        """
        query = list_query(
            include_total_count,
            name=name,
            search=search,
            limit=limit,
            starting_after=starting_after,
        )
        return await self._calls.page(Benchmark, _BENCHMARKS, query, under="benchmarks")

    async def list_public_benchmarks(
        self,
        *,
        name: str | None = None,
        search: str | None = None,
        limit: int | None = None,
        starting_after: str | None = None,
        include_total_count: bool = False,
    ) -> Page[Benchmark]:
        """A page of everyone's benchmarks (listPublicBenchmarks, GET /v1/benchmarks/list_public).

        `limit` is 20 when it is not given, and at most 5,000. An older server ignores `name` and
        `search`.
        """
        query = list_query(
            include_total_count,
            name=name,
            search=search,
            limit=limit,
            starting_after=starting_after,
        )
        path = f"{_BENCHMARKS}/list_public"
        return await self._calls.page(Benchmark, path, query, under="benchmarks")

    async def list_scenario_definitions(
        self, benchmark_id: str, *, limit: int | None = None, starting_after: str | None = None
    ) -> Page[ScenarioDefinition]:
        """A page of the names of a benchmark's scenarios.

        getBenchmarkScenarioDefinitions, GET /v1/benchmarks/{id}/definitions. `limit` is 20 when it
        is not given, and at most 5,000; each comes with its whole problem statement, so ask for
        some hundreds at most.
        """
        query = list_query(None, limit=limit, starting_after=starting_after)
        path = path_to(_BENCHMARKS, benchmark_id, "definitions")
        return await self._calls.page(
            ScenarioDefinition, path, query, kind=Kind.PART, under="scenarios"
        )

    # Benchmark jobs

    async def list_benchmark_jobs(
        self,
        *,
        name: str | None = None,
        search: str | None = None,
        limit: int | None = None,
        starting_after: str | None = None,
        include_total_count: bool = False,
    ) -> Page[BenchmarkJob]:
        """A page of benchmark jobs (listBenchmarkJobs, GET /v1/benchmark_jobs).

        `limit` is 20 when it is not given, and at most 5,000; each job comes with all its outcomes.
        `search` looks in ids and names; an older server ignores it.
        """
        query = list_query(
            include_total_count,
            name=name,
            search=search,
            limit=limit,
            starting_after=starting_after,
        )
        # Each job may hold thousands of outcomes: let others run after each.
        return await self._calls.page(BenchmarkJob, _JOBS, query, under="jobs", slice_of=1)

    async def get_benchmark_job(self, job_id: str) -> BenchmarkJob:
        """One benchmark job with its outcomes (getBenchmarkJob, GET /v1/benchmark_jobs/{id})."""
        return await self._calls.one(BenchmarkJob, path_to(_JOBS, job_id), job_id)
