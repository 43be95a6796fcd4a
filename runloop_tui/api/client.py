"""The client: one async method per operation.

Every method raises a `RunloopError` when it fails. Reads are retried where that may help; a POST is
sent exactly once. The `limit` of a list is 20 by default, and at most 5,000; `search` matches ids
and names, and older servers ignore it.
"""

import asyncio
import random
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager
from typing import Self

import httpx

from runloop_tui.api.calls import ONCE, Calls, LogStream
from runloop_tui.api.errors import BadRequest
from runloop_tui.api.models import (
    Benchmark,
    BenchmarkJob,
    BenchmarkRun,
    DevboxLog,
    ScenarioDefinition,
    ScenarioRun,
)
from runloop_tui.api.pagination import Page
from runloop_tui.api.paths import MB, Kind, RunPaths, list_query, path_to, start_run_body
from runloop_tui.api.redact import redacted_details
from runloop_tui.api.retry import Backoff
from runloop_tui.api.transport import Transport

_JOBS = "/v1/benchmark_jobs"
_BENCHMARKS = "/v1/benchmarks"
_SCENARIO_RUNS = "/v1/scenarios/runs"
_DEVBOXES = "/v1/devboxes"


class Client:
    """A client of the Runloop API at one base URL with one key.

    Args:
        base_url: http or https, a host, optionally a port and a path; no user, query or fragment.
        api_key: sent to the origin of `base_url` only; None for requests without authorisation.
        now: returns the current time in Unix ms; for the clock skew and for Retry-After dates.
        transport: replaces the network in the demo and in tests.
        backoff: how often reads are retried, and after which pauses.
        sleep: waits for a number of seconds.
        jitter: returns a number from 0 to 1.
        version: of this program, for the User-Agent header.
        max_body_bytes: the most bytes of JSON in a response, where that is less than the 8 MB of a
            page or the 32 MB of a single resource.
        response_timeout_s: the most seconds that a response may take from beginning to end; not for
            downloads, which only must not pause for longer than 30 s.

    Raises:
        ValueError: `base_url` cannot be parsed; the message does not repeat it.
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
        max_body_bytes: int = 32 * MB,
        response_timeout_s: float = 300.0,
    ) -> None:
        self._transport = Transport(
            base_url,
            api_key,
            now=now,
            transport=transport,
            version=version,
            max_body_bytes=max_body_bytes,
            response_timeout_s=response_timeout_s,
        )
        self._calls = Calls(self._transport, backoff=backoff, sleep=sleep, jitter=jitter)
        self._run_paths = RunPaths()

    def __repr__(self) -> str:
        """Return the base URL, without the key."""
        return f"<Client of {self._transport.base}>"

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    def prepare(self) -> None:
        """Read the certificates, so that the first request need not; blocking, call it in a thread."""
        self._transport.prepare()

    async def aclose(self) -> None:
        """Close all connections; the client cannot be used afterwards."""
        await self._transport.aclose()

    @property
    def skew_ms(self) -> int:
        """The server's clock minus the local one, in milliseconds; 0 until the first response."""
        return self._transport.server_clock.skew_ms

    @property
    def stalled_since_ms(self) -> int | None:
        """Since when requests have been waiting without a byte (Unix ms); None while none is waiting.

        Downloads are not counted: the server may take long to pack them.
        """
        return self._transport.stall.since_ms

    @property
    def requests_sent(self) -> int:
        """How many requests were sent, retries and failed ones included."""
        return self._transport.requests_sent

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
        """Fetch a page of benchmark runs (listBenchmarkRuns, GET /v1/benchmark_runs).

        Where runs are offered only at /v1/benchmarks/runs, as by older servers, that path is used
        for them from then on.
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
        """Fetch a benchmark run (getBenchmarkRun, GET /v1/benchmark_runs/{id})."""
        return await self._calls.one(BenchmarkRun, self._run_path(run_id), run_id)

    async def cancel_benchmark_run(self, run_id: str) -> BenchmarkRun:
        """Cancel a run and its running scenarios (cancelBenchmarkRun, POST …/{id}/cancel)."""
        return await self._calls.act(BenchmarkRun, self._run_path(run_id, "cancel"), id_=run_id)

    async def complete_benchmark_run(self, run_id: str) -> BenchmarkRun:
        """Complete a run (completeBenchmarkRun, POST …/{id}/complete)."""
        return await self._calls.act(BenchmarkRun, self._run_path(run_id, "complete"), id_=run_id)

    def download_benchmark_run_logs(self, run_id: str) -> AbstractAsyncContextManager[LogStream]:
        """Download all logs of a run (downloadBenchmarkRunLogs, POST …/{id}/download_logs)."""
        return self._calls.download(self._run_path(run_id, "download_logs"))

    async def list_scenario_runs(
        self,
        run_id: str,
        *,
        state: str | None = None,
        limit: int | None = None,
        starting_after: str | None = None,
        include_total_count: bool = False,
    ) -> Page[ScenarioRun]:
        """Fetch a page of a run's started scenario runs.

        listBenchmarkRunScenarioRuns, GET /v1/benchmark_runs/{id}/scenario_runs.
        """
        query = list_query(
            include_total_count, state=state, limit=limit, starting_after=starting_after
        )
        path = self._run_path(run_id, "scenario_runs")
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

        The body is `start_run_body` of the same arguments. The values of environment variables are
        masked in the `detail` of an error.

        Raises:
            BadRequest: `benchmark_id` is empty; nothing was sent.
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
        with redacted_details((environment_variables or {}).values()):
            return await self._calls.act(BenchmarkRun, f"{_BENCHMARKS}/start_run", body)

    def _run_path(self, run_id: str, part: str = "") -> str:
        return path_to(self._run_paths.resource, run_id, part)

    # Scenario runs

    async def get_scenario_run(self, scenario_run_id: str) -> ScenarioRun:
        """Fetch a scenario run (getScenarioRun, GET /v1/scenarios/runs/{id})."""
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
        """Score a scenario run (scoreScenarioRun, POST /v1/scenarios/runs/{id}/score)."""
        path = path_to(_SCENARIO_RUNS, scenario_run_id, "score")
        return await self._calls.act(ScenarioRun, path, id_=scenario_run_id)

    def download_scenario_run_logs(
        self, scenario_run_id: str
    ) -> AbstractAsyncContextManager[LogStream]:
        """Download all logs of a scenario run (downloadScenarioRunLogs, POST …/download_logs)."""
        return self._calls.download(path_to(_SCENARIO_RUNS, scenario_run_id, "download_logs"))

    async def get_devbox_logs(self, devbox_id: str) -> Page[DevboxLog]:
        """Fetch all log lines of a devbox so far, as one page (GET /v1/devboxes/{id}/logs).

        There is no cursor: each call returns all lines again, in the server's order.
        """
        path = path_to(_DEVBOXES, devbox_id, "logs")
        return await self._calls.unpaged(DevboxLog, path, under="logs")

    # Benchmarks

    async def get_benchmark(self, benchmark_id: str) -> Benchmark:
        """Fetch a benchmark with the ids of its scenarios (getBenchmark, GET /v1/benchmarks/{id})."""
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
        """Fetch a page of the account's own benchmarks (listBenchmarks, GET /v1/benchmarks)."""
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
        """Fetch a page of public benchmarks (listPublicBenchmarks, GET /v1/benchmarks/list_public).

        Older servers ignore `name` as well.
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
        """Fetch a page of a benchmark's scenario definitions.

        getBenchmarkScenarioDefinitions, GET /v1/benchmarks/{id}/definitions. Each has its whole
        problem statement in the response: request some hundreds at most.
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
        """Fetch a page of benchmark jobs (listBenchmarkJobs, GET /v1/benchmark_jobs).

        Each job has all its outcomes in it.
        """
        query = list_query(
            include_total_count,
            name=name,
            search=search,
            limit=limit,
            starting_after=starting_after,
        )
        # A job may have thousands of outcomes: yield to the event loop after each job.
        return await self._calls.page(BenchmarkJob, _JOBS, query, under="jobs", slice_of=1)

    async def get_benchmark_job(self, job_id: str) -> BenchmarkJob:
        """Fetch a benchmark job with its outcomes (getBenchmarkJob, GET /v1/benchmark_jobs/{id})."""
        return await self._calls.one(BenchmarkJob, path_to(_JOBS, job_id), job_id)
