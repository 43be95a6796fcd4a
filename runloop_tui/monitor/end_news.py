"""Which ends are news: every one, but those that the outcome of an action has told already.

A server may accept a cancel and carry it out later. The end is then told when it comes, as any other. While an action
on a run is under way, the run's end is held back: only the outcome shows whether it tells that end.
"""

from typing import TYPE_CHECKING

from runloop_tui.monitor.changes import RunEnded, ScenarioRunEnded
from runloop_tui.monitor.snapshot import Snapshot
from runloop_tui.monitor.states import has_ended

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from runloop_tui.monitor.actions import Intent, Outcome
    from runloop_tui.monitor.changes import RunAppeared

Ended = RunEnded | ScenarioRunEnded


class EndNews:
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
    return has_ended(state) or (intent.verb == "score" and state == "scored")
