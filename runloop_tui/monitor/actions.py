"""Cancel, complete and score: each request is sent once, then its target is read again.

While an action is under way an overlay ("canceling…") is shown over the target's state, which stays the one that the
server last sent. The outcome is done, refused or unknown.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from runloop_tui.api.errors import RunloopError
from runloop_tui.api.states import is_terminal
from runloop_tui.monitor.snapshot import RunEnded, ScenarioRunEnded, Snapshot

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from runloop_tui.api.client import Client
    from runloop_tui.api.models import BenchmarkRun, ScenarioRun
    from runloop_tui.monitor.snapshot import RunAppeared
    from runloop_tui.monitor.store import Store


Verb = Literal["cancel", "complete", "score"]
"""The kinds of actions; only a scenario run can be scored."""
Result = Literal["done", "refused", "unknown", "repeated"]

_UNDER_WAY: dict[Verb, str] = {
    "cancel": "canceling…",
    "complete": "completing…",
    "score": "scoring…",
}


@dataclass(frozen=True, slots=True)
class Intent:
    """A requested action, its target fixed at the moment the key was pressed."""

    verb: Verb
    run_id: str
    scenario_run_id: str | None = None
    """None where the target is the run itself."""

    @property
    def target_id(self) -> str:
        """The id of the run or scenario run."""
        return self.scenario_run_id or self.run_id


@dataclass(frozen=True, slots=True)
class Outcome:
    """The outcome of an intent."""

    intent: Intent
    result: Result
    """"repeated": the target had an action under way already, and nothing was sent."""
    state: str = ""
    """The state of the target by the last answer; "" where there was none."""
    error: RunloopError | None = None
    sent: bool = True
    """False where it was refused before anything was sent."""


class Actions:
    """Carries intents out, one at a time for each target.

    Args:
        client: sends the actions, and reads their targets.
        store: takes the answers in.
        refresh: makes the poller poll now.
        is_unreachable: returns whether the last poll was halted; the target is then read before anything is sent.
    """

    def __init__(
        self,
        client: "Client",
        store: "Store",
        *,
        refresh: Callable[[], None],
        is_unreachable: Callable[[], bool] = lambda: False,
    ) -> None:
        self._client = client
        self._store = store
        self._refresh = refresh
        self._is_cut_off = is_unreachable

    async def perform(self, intent: Intent) -> Outcome:
        """Send the request once, read the target again, and return the outcome. Raises no RunloopError."""
        if self._store.is_under_way(intent.target_id):
            return Outcome(intent, "repeated")
        if is_terminal(state := self._known_state(intent)):  # it ended while others were acted upon
            return Outcome(intent, "refused", state, sent=False)
        self._store.begin(intent.target_id, _UNDER_WAY[intent.verb], intent.run_id)
        self._store.publish()
        try:
            return await self._refusal(intent) or await self._send_and_look(intent)
        finally:
            self._store.end(intent.target_id, intent.run_id)
            self._store.publish()
            self._refresh()

    async def _refusal(self, intent: Intent) -> Outcome | None:
        """Read the target first in an outage; return why nothing is sent, or None where it can be."""
        if not self._is_cut_off():
            return None
        try:
            state = await self._look(intent)
        except RunloopError as error:
            return Outcome(intent, "refused", error=error, sent=False)
        return Outcome(intent, "refused", state, sent=False) if is_terminal(state) else None

    def _known_state(self, intent: Intent) -> str:
        known: BenchmarkRun | ScenarioRun | None = self._store.run(intent.run_id)
        if intent.scenario_run_id is not None:
            known = self._store.scenario_run(intent.run_id, intent.scenario_run_id)
        return known.state if known else ""

    async def _send_and_look(self, intent: Intent) -> Outcome:
        answered = ""
        error: RunloopError | None = None
        try:
            answer = await self._request(intent)(intent.target_id)
        except RunloopError as failed:
            error = failed
        else:
            answered = answer.state
            self._learn(intent, answer, self._store.stamp())
        state = await self._state_now(intent)
        if error is None:
            return Outcome(intent, "done", state or answered)
        if not error.may_have_arrived:
            return Outcome(intent, "refused", state, error)
        return Outcome(
            intent, "done" if _has_happened(intent.verb, state) else "unknown", state, error
        )

    def _request(self, intent: Intent) -> "Callable[[str], Awaitable[BenchmarkRun | ScenarioRun]]":
        if intent.scenario_run_id is None:
            if intent.verb == "cancel":
                return self._client.cancel_benchmark_run
            return self._client.complete_benchmark_run
        return {
            "cancel": self._client.cancel_scenario_run,
            "complete": self._client.complete_scenario_run,
            "score": self._client.score_scenario_run,
        }[intent.verb]

    async def _state_now(self, intent: Intent) -> str:
        """Return the state that the target is in now; "" where it cannot be read."""
        try:
            return await self._look(intent)
        except RunloopError:  # the next poll brings it
            return ""

    async def _look(self, intent: Intent) -> str:
        stamp = self._store.stamp()
        seen = await self._read(intent)
        self._learn(intent, seen, stamp)
        return seen.state

    async def _read(self, intent: Intent) -> "BenchmarkRun | ScenarioRun":
        if intent.scenario_run_id is None:
            return await self._client.get_benchmark_run(intent.run_id)
        return await self._client.get_scenario_run(intent.scenario_run_id)

    def _learn(self, intent: Intent, seen: "BenchmarkRun | ScenarioRun", stamp: int) -> None:
        if intent.scenario_run_id is None:
            self._store.learn_run(seen, stamp)  # type: ignore[arg-type]  # the intent says which it is
        else:
            self._store.learn_scenario_runs(intent.run_id, [seen], stamp)  # type: ignore[list-item]


def _has_happened(verb: Verb, state: str) -> bool:
    """Return whether a state shows that the action took effect, though its own answer was lost."""
    return is_terminal(state) or (verb == "score" and state in {"scoring", "scored"})


Ended = RunEnded | ScenarioRunEnded


class LateEnds:
    """Decides which ends of runs and scenario runs are notified, besides the outcomes of actions on them.

    The end of a run is held back while an action on it is under way, and dropped where the outcome says it. A cancel
    that was accepted and takes effect later still has its end notified.
    """

    def __init__(self) -> None:
        self._snapshot = Snapshot()
        self._under_way: set[str] = set()
        self._held: dict[str, RunEnded] = {}
        self._said: set[str] = set()
        self._awaited: dict[str, Intent] = {}

    def begin(self, intent: "Intent") -> None:
        """Hold back the end of a run until the outcome of this is known."""
        if intent.scenario_run_id is None:
            self._under_way.add(intent.run_id)

    def conclude(self, intent: "Intent", outcome: "Outcome | None") -> "Iterator[Ended]":
        """Take in the outcome of an action, None where there is none; yield the ends that it does not say."""
        if outcome is not None and outcome.result == "repeated":
            return  # the outcome of what is under way is still to come
        says_end = (
            outcome is not None and outcome.result == "done" and _is_over(intent, outcome.state)
        )
        if intent.scenario_run_id is None:
            self._under_way.discard(intent.run_id)
            held = self._held.pop(intent.run_id, None)
            if says_end:
                self._said.add(intent.run_id)
            elif held is not None:
                yield held
        elif not says_end and outcome is not None and outcome.result in {"done", "unknown"}:
            self._awaited[intent.scenario_run_id] = intent
            yield from self._awaited_ends()

    def news(
        self, changes: "Iterable[RunEnded | RunAppeared]", snapshot: Snapshot
    ) -> "Iterator[Ended]":
        """Yield the ends to notify now, of the changes that led to this snapshot."""
        self._snapshot = snapshot
        for change in changes:
            if not isinstance(change, RunEnded) or change.record.id in self._said:
                continue
            if change.record.id in self._under_way:
                self._held[change.record.id] = change
            else:
                yield change
        yield from self._awaited_ends()

    def _awaited_ends(self) -> "Iterator[ScenarioRunEnded]":
        """Yield the scenario runs whose end was awaited and has come."""
        for id_, intent in [*self._awaited.items()]:
            record = self._snapshot.by_id.get(intent.run_id)
            held = record.scenario_runs if record is not None else None
            found = next((each for each in held or () if each.id == id_), None)
            if record is not None and found is not None and _is_over(intent, found.state):
                del self._awaited[id_]
                yield ScenarioRunEnded(record, found)


def _is_over(intent: "Intent", state: str) -> bool:
    """Return whether this state of its target is the last that an intent can lead to."""
    return is_terminal(state) or (intent.verb == "score" and state == "scored")
