"""Start a run: the request is sent once, and never again before a look whether the first one arrived.

The answer to a start may be lost although the run was started. Such an attempt stays open: before anything is sent
again, the list is read for a matching run that was not listed before. Which runs were listed before is read right
before the start is sent, so no clock is involved, neither ours nor the server's.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Literal

from runloop_tui.api.errors import NotUnderstood, RunloopError
from runloop_tui.api.pagination import each_page

if TYPE_CHECKING:
    from runloop_tui.api.client import Client
    from runloop_tui.api.models import BenchmarkRun
    from runloop_tui.api.pagination import Page
    from runloop_tui.monitor.store import Store

_PAGE = 100


@dataclass(frozen=True, slots=True)
class StartRequest:
    """What a run is to be started with (StartBenchmarkRunParameters); "" and empty are not sent."""

    benchmark_id: str
    run_name: str = ""
    metadata: Mapping[str, str] = field(default_factory=dict)
    purpose: str = ""
    environment_variables: Mapping[str, str] = field(default_factory=dict, repr=False)
    """May hold secrets: show the names, mask the values."""
    secrets: Mapping[str, str] = field(default_factory=dict)
    """Names of variables to the names of the account's secrets."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """A start that was sent."""

    request: StartRequest
    known: frozenset[str]
    """The runs that were listed before it."""
    warnings: frozenset[str]
    """What of the list could not be parsed before it."""

    def may_have_led_to(self, run: "BenchmarkRun") -> bool:
        """Return whether a run may have been started by this attempt, whatever its start time."""
        wanted = self.request
        return (
            run.id not in self.known
            and run.benchmark_id == wanted.benchmark_id
            and wanted.run_name in {"", run.name}
        )


StartResult = Literal["started", "found", "refused", "unknown"]


@dataclass(frozen=True, slots=True)
class StartOutcome:
    """The outcome of a start."""

    request: StartRequest
    """What was sent; by an open attempt, perhaps an earlier request than the last one."""
    result: StartResult
    """"found": a look at the list found a run like it; "unknown": it found none, or there was no look."""
    run: "BenchmarkRun | None" = None
    found: int = 0
    """How many runs like it have started since; `run` is the first of them."""
    error: RunloopError | None = None
    """Why there is no proper answer."""
    blind: RunloopError | None = None
    """Why the list could not be read; None where it was."""
    sent: bool = True
    """False where it was refused before anything was sent, since the list could not be read."""


class Starts:
    """Starts runs, one at a time, and remembers an open attempt: one whose outcome is unknown.

    Args:
        client: sends startBenchmarkRun and listBenchmarkRuns.
        store: takes the new runs in.
        refresh: makes the poller poll now.
    """

    def __init__(
        self,
        client: "Client",
        store: "Store",
        *,
        refresh: Callable[[], None],
    ) -> None:
        self._client = client
        self._store = store
        self._refresh = refresh
        self._ours: set[str] = set()
        self._open: tuple[Attempt, RunloopError] | None = None

    @property
    def has_open_attempt(self) -> bool:
        """Whether a start was sent of which it is unknown whether it arrived."""
        return self._open is not None

    async def perform(self, request: StartRequest) -> StartOutcome:
        """Start a run: sent once, or not at all where an open attempt may have led to one. Raises no RunloopError.

        Calls listBenchmarkRuns, startBenchmarkRun, and listBenchmarkRuns again where the answer is lost. Where the
        list cannot be read, nothing is sent: the outcome could not be determined later.
        """
        if self._open is not None:
            seen = await self.look_again()
            if seen.result == "found" or seen.blind is not None:
                return seen
        return await self._send(request)

    async def look_again(self) -> StartOutcome:
        """Look whether the open attempt has led to a run by now. Raises no RunloopError.

        Raises:
            LookupError: there is no open attempt.
        """
        if self._open is None:
            raise LookupError("no attempt is open")
        attempt, error = self._open
        return await self._look(attempt, error)

    async def _send(self, request: StartRequest) -> StartOutcome:
        try:
            attempt = await self._attempt(request)
        except RunloopError as error:
            return StartOutcome(request, "refused", error=error, sent=False)
        try:
            run = await self._client.start_benchmark_run(
                request.benchmark_id,
                run_name=request.run_name,
                metadata=request.metadata,
                purpose=request.purpose,
                environment_variables=request.environment_variables,
                secrets=request.secrets,
            )
        except RunloopError as error:
            if not error.may_have_arrived:
                return StartOutcome(request, "refused", error=error)
            self._open = (attempt, error)
            return await self._look(attempt, error)
        self._open = None
        self._learn(run, self._store.stamp())
        return StartOutcome(request, "started", run)

    async def _attempt(self, request: StartRequest) -> Attempt:
        """Return a new attempt, or the open one where the same request was sent before.

        Raises:
            RunloopError: the list could not be read.
        """
        if self._open is not None and self._open[0].request == request:
            return self._open[0]
        page = await self._page(request, None)
        listed = frozenset(run.id for run in page.items)
        return Attempt(
            request,
            listed | frozenset(self._store.snapshot.by_id) | self._ours,
            frozenset(page.warnings),
        )

    async def _look(self, attempt: Attempt, error: RunloopError) -> StartOutcome:
        """Read the list down to a run that was there before the attempt."""
        stamp = self._store.stamp()
        try:
            like_it = await self._runs_like_it(attempt)
        except RunloopError as blind:
            return StartOutcome(attempt.request, "unknown", error=error, blind=blind)
        if not like_it:
            return StartOutcome(attempt.request, "unknown", error=error)
        self._open = None
        for run in like_it:
            self._learn(run, stamp)
        return StartOutcome(attempt.request, "found", like_it[-1], len(like_it), error)

    async def _runs_like_it(self, attempt: Attempt) -> "list[BenchmarkRun]":
        """Return the runs that the attempt may have led to, the newest first.

        Raises:
            RunloopError: the list could not be read, or none was found and it may be an item that was not parsed.
        """
        like_it: list[BenchmarkRun] = []
        is_whole = True
        async for page in each_page(partial(self._page, attempt.request)):
            like_it.extend(run for run in page.items if attempt.may_have_led_to(run))
            is_whole = is_whole and attempt.warnings.issuperset(page.warnings)
            if any(run.id in attempt.known for run in page.items):
                break
        if not like_it and not is_whole:
            raise NotUnderstood("expected a list of runs, got one that can be read only in part")
        return like_it

    async def _page(self, request: StartRequest, after: str | None) -> "Page[BenchmarkRun]":
        """Return a page of the runs of the benchmark, the newest first."""
        return await self._client.list_benchmark_runs(
            benchmark_id=request.benchmark_id, limit=_PAGE, starting_after=after
        )

    def _learn(self, run: "BenchmarkRun", stamp: int) -> None:
        self._ours.add(run.id)
        self._store.learn_run(run, stamp)
        self._store.publish()
        self._refresh()
