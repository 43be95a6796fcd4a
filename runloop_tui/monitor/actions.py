"""Cancel, complete and score: sent once, then looked at.

While an action is under way its words lie over the truth as an overlay, which is never faked: the state on the
screen is the one the server last said. An outcome is done, refused or unknown, and the three are never confused.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from runloop_tui.api.errors import RunloopError
from runloop_tui.monitor.snapshot import RunEnded, ScenarioRunEnded, Snapshot
from runloop_tui.monitor.states import is_terminal

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from runloop_tui.api.client import Client
    from runloop_tui.api.models import BenchmarkRun, ScenarioRun
    from runloop_tui.monitor.snapshot import RunAppeared
    from runloop_tui.monitor.store import Store


Verb = Literal["cancel", "complete", "score"]
"""What can be asked for; only a scenario run can be scored."""
Result = Literal["done", "refused", "unknown", "repeated"]

_UNDER_WAY: dict[Verb, str] = {
    "cancel": "canceling…",
    "complete": "completing…",
    "score": "scoring…",
}


@dataclass(frozen=True, slots=True)
class Intent:
    """What was asked for, its target fixed at the moment the key was pressed."""

    verb: Verb
    run_id: str
    scenario_run_id: str | None = None
    """None where the target is the run itself."""

    @property
    def target_id(self) -> str:
        """The id of what is acted upon."""
        return self.scenario_run_id or self.run_id


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an intent."""

    intent: Intent
    result: Result
    """"repeated" where the same target had an action under way already and nothing was sent."""
    state: str = ""
    """The state that the server told last; "" where it told none."""
    error: RunloopError | None = None
    sent: bool = True
    """False where it was refused before anything was sent."""


class Actions:
    """Carries intents out, one at a time for each target.

    Args:
        client: sends them, and looks.
        store: what is learned goes there.
        refresh: polls soon.
        is_unreachable: tells whether the server could not be reached lately; then it is looked before anything is sent.
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
        """Send the request once, look at the target afresh, and say what became of it. Raises no RunloopError."""
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
        """In an outage: what speaks against sending this, after a look; None where nothing does."""
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
        """The state that the target is in now; "" where it cannot be asked."""
        try:
            return await self._look(intent)
        except RunloopError:  # the poll that follows will tell
            return ""

    async def _look(self, intent: Intent) -> str:
        stamp = self._store.stamp()
        seen = await self._ask_for(intent)
        self._learn(intent, seen, stamp)
        return seen.state

    async def _ask_for(self, intent: Intent) -> "BenchmarkRun | ScenarioRun":
        if intent.scenario_run_id is None:
            return await self._client.get_benchmark_run(intent.run_id)
        return await self._client.get_scenario_run(intent.scenario_run_id)

    def _learn(self, intent: Intent, seen: "BenchmarkRun | ScenarioRun", stamp: int) -> None:
        if intent.scenario_run_id is None:
            self._store.learn_run(seen, stamp)  # type: ignore[arg-type]  # the intent says which it is
        else:
            self._store.learn_scenario_runs(intent.run_id, [seen], stamp)  # type: ignore[list-item]


def _has_happened(verb: Verb, state: str) -> bool:
    """Tell whether a state shows that what was asked for took effect, though no answer said so."""
    return is_terminal(state) or (verb == "score" and state in {"scoring", "scored"})


Ended = RunEnded | ScenarioRunEnded


class LateEnds:
    """Follows the actions on runs and scenario runs, and decides which ends are told besides their outcomes."""

    def __init__(self) -> None:
        self._snapshot = Snapshot()
        self._under_way: set[str] = set()
        self._held: dict[str, RunEnded] = {}
        self._told: set[str] = set()
        self._awaited: dict[str, Intent] = {}

    def begin(self, intent: "Intent") -> None:
        """Hold back the end of a run until the outcome of this is known."""
        if intent.scenario_run_id is None:
            self._under_way.add(intent.run_id)

    def conclude(self, intent: "Intent", outcome: "Outcome | None") -> "Iterator[Ended]":
        """Take in an outcome that is told, None where there is none; gives the ends that it does not tell."""
        if outcome is not None and outcome.result == "repeated":
            return  # the outcome of what is under way is still to come
        tells_end = (
            outcome is not None and outcome.result == "done" and _is_over(intent, outcome.state)
        )
        if intent.scenario_run_id is None:
            self._under_way.discard(intent.run_id)
            held = self._held.pop(intent.run_id, None)
            if tells_end:
                self._told.add(intent.run_id)
            elif held is not None:
                yield held
        elif not tells_end and outcome is not None and outcome.result in {"done", "unknown"}:
            self._awaited[intent.scenario_run_id] = intent
            yield from self._awaited_ends()

    def news(
        self, changes: "Iterable[RunEnded | RunAppeared]", snapshot: Snapshot
    ) -> "Iterator[Ended]":
        """Of what led to this snapshot, the ends to tell now."""
        self._snapshot = snapshot
        for change in changes:
            if not isinstance(change, RunEnded) or change.record.id in self._told:
                continue
            if change.record.id in self._under_way:
                self._held[change.record.id] = change
            else:
                yield change
        yield from self._awaited_ends()

    def _awaited_ends(self) -> "Iterator[ScenarioRunEnded]":
        """The scenario runs whose end was awaited and has come."""
        for id_, intent in [*self._awaited.items()]:
            record = self._snapshot.by_id.get(intent.run_id)
            held = record.scenario_runs if record is not None else None
            found = next((each for each in held or () if each.id == id_), None)
            if record is not None and found is not None and _is_over(intent, found.state):
                del self._awaited[id_]
                yield ScenarioRunEnded(record, found)


def _is_over(intent: "Intent", state: str) -> bool:
    """Tell whether nothing more will come of an intent whose target is in this state."""
    return is_terminal(state) or (intent.verb == "score" and state == "scored")
