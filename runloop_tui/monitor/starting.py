"""Starting a run: sent once, and never sent again before looking whether the first one arrived.

The answer to a start may get lost while the run was started all the same. Such an attempt stays open: before
anything is sent again, the list is read for a run like it that has started since.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from runloop_tui.api.errors import RunloopError
from runloop_tui.api.paging import each_page

if TYPE_CHECKING:
    from runloop_tui.api.client import Client
    from runloop_tui.api.models import BenchmarkRun
    from runloop_tui.monitor.ledger import Ledger

_CLOCKS_APART_MS = 10_000
"""How far what we take for the server's clock may be from it."""
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
    since_ms: int
    """No run of it can have started before this moment on the server's clock."""
    known: frozenset[str]
    """The runs that were there before it."""

    def may_have_led_to(self, run: "BenchmarkRun") -> bool:
        """Tell whether a run may be the one that was asked for."""
        wanted = self.request
        return (
            run.id not in self.known
            and run.benchmark_id == wanted.benchmark_id
            and wanted.run_name in {"", run.name}
            and wanted.metadata.items() <= run.metadata.items()
            and not self.is_older(run)
        )

    def is_older(self, run: "BenchmarkRun") -> bool:
        """Tell whether a run started before this was sent."""
        return run.start_time_ms is not None and run.start_time_ms < self.since_ms


StartResult = Literal["started", "found", "refused", "unknown"]


@dataclass(frozen=True, slots=True)
class StartOutcome:
    """What became of a start."""

    request: StartRequest
    """What was sent, perhaps earlier than what was asked for last."""
    result: StartResult
    """"found": a look at the list found a run like it; "unknown": it found none, or there was no look."""
    run: "BenchmarkRun | None" = None
    found: int = 0
    """How many runs like it have started since; `run` is the first of them."""
    error: RunloopError | None = None
    """Why there is no proper answer."""
    blind: RunloopError | None = None
    """Why the list could not be looked at; None where it was."""


class Starts:
    """Starts runs, one at a time, and remembers the attempt of which nobody knows what became of it.

    Args:
        client: what is asked.
        ledger: learns the new runs.
        now: the current moment in Unix ms, on our clock.
        known: the ids of all runs that were read so far.
        publish: hands out what the ledger has learned.
        refresh: has the rest looked at afresh.
    """

    def __init__(
        self,
        client: "Client",
        ledger: "Ledger",
        *,
        now: Callable[[], int],
        known: Callable[[], Collection[str]],
        publish: Callable[[], None],
        refresh: Callable[[], None],
    ) -> None:
        self._client = client
        self._ledger = ledger
        self._now = now
        self._known = known
        self._publish = publish
        self._refresh = refresh
        self._ours: set[str] = set()
        self._open: tuple[Attempt, RunloopError] | None = None

    @property
    def has_open_attempt(self) -> bool:
        """Whether there was a start of which it is unknown whether it arrived."""
        return self._open is not None

    async def perform(self, request: StartRequest) -> StartOutcome:
        """Start a run: sent once, or not at all where an open attempt may have led to one. Raises no RunloopError.

        Rests on startBenchmarkRun, and on listBenchmarkRuns where the answer is lost.
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
        attempt = self._attempt(request)
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
        self._learn(run, self._ledger.stamp())
        return StartOutcome(request, "started", run)

    def _attempt(self, request: StartRequest) -> Attempt:
        """This attempt; where the same was sent before in vain, as if it had been sent then."""
        if self._open is not None and self._open[0].request == request:
            return self._open[0]
        since_ms = self._now() + self._client.skew_ms - _CLOCKS_APART_MS
        return Attempt(request, since_ms, frozenset(self._known()) | self._ours)

    async def _look(self, attempt: Attempt, error: RunloopError) -> StartOutcome:
        """Read the list down to the moment of the attempt."""
        stamp = self._ledger.stamp()
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
        """The runs that the attempt may have led to, the newest first."""
        like_it: list[BenchmarkRun] = []
        async for page in each_page(
            lambda after: self._client.list_benchmark_runs(
                benchmark_id=attempt.request.benchmark_id, limit=_PAGE, starting_after=after
            )
        ):
            like_it.extend(run for run in page.items if attempt.may_have_led_to(run))
            if any(attempt.is_older(run) for run in page.items):
                break
        return like_it

    def _learn(self, run: "BenchmarkRun", stamp: int) -> None:
        self._ours.add(run.id)
        self._ledger.learn_run(run, stamp)
        self._publish()
        self._refresh()
