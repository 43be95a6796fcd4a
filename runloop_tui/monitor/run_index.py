"""The scenario runs of one run, counted incrementally: a reading costs what has changed, not what is held."""

import math
from collections import Counter
from typing import TYPE_CHECKING

from runloop_tui.monitor.counts import Tally, outcome, timed_out

if TYPE_CHECKING:
    from collections.abc import Iterable

    from runloop_tui.api.models import ScenarioRun


class RunIndex:
    """Holds scenario runs by id, and keeps their counts along with them."""

    def __init__(self) -> None:
        self._held: dict[str, ScenarioRun] = {}
        self._active: dict[str, ScenarioRun] = {}
        self._counts: Counter[str] = Counter()
        self._scores: dict[str, float] = {}
        self._broken: set[str] = set()
        self._in_order: tuple[ScenarioRun, ...] | None = ()
        self.all_read = False
        """All pages were read once."""
        self.unread = 0
        """How many are listed by the server beyond those that are held: they could not be parsed."""
        self.has_holes = False
        """Items could not be parsed in the last sweep; they may be among those that are held."""

    def __len__(self) -> int:
        return len(self._held)

    def get(self, id_: str) -> "ScenarioRun | None":
        """Return the scenario run with this id, if it is held."""
        return self._held.get(id_)

    def put(self, scenario_run: "ScenarioRun") -> None:
        """Hold a scenario run, in the place of what was held under its id."""
        id_ = scenario_run.id
        if id_ not in self._held:
            self.unread = max(0, self.unread - 1)
        self._count_out(id_)
        self._held[id_] = scenario_run
        self._in_order = None
        if not scenario_run.is_whole:
            self._broken.add(id_)
        kind = outcome(scenario_run)
        self._counts[kind] += 1
        self._counts["timed_out"] += timed_out(scenario_run.state)
        if kind in {"passed", "partial", "zero"} and scenario_run.score is not None:
            self._scores[id_] = scenario_run.score
        if scenario_run.is_score_final:
            self._active.pop(id_, None)
        else:
            self._active[id_] = scenario_run

    @property
    def is_whole(self) -> bool:
        """Whether all that the server lists could be read."""
        return not self.unread and not self.has_holes and not self._broken

    def keep_only(self, ids: "Iterable[str]") -> None:
        """Drop all others."""
        for id_ in self._held.keys() - set(ids):
            self._count_out(id_)
            del self._held[id_]
            self._active.pop(id_, None)
            self._in_order = None

    def _count_out(self, id_: str) -> None:
        before = self._held.get(id_)
        if before is None:
            return
        self._broken.discard(id_)
        self._counts[outcome(before)] -= 1
        self._counts["timed_out"] -= timed_out(before.state)
        self._scores.pop(id_, None)

    @property
    def scenario_runs(self) -> "tuple[ScenarioRun, ...]":
        """All, in the order in which they were first put; the same object until something changes."""
        if self._in_order is None:
            self._in_order = tuple(self._held.values())
        return self._in_order

    @property
    def ids(self) -> "Iterable[str]":
        """The ids of all."""
        return self._held.keys()

    @property
    def active(self) -> "tuple[ScenarioRun, ...]":
        """Those that are not done."""
        return tuple(self._active.values())

    @property
    def tally(self) -> Tally:
        """All, by what became of them."""
        unread = self.unread
        return Tally(**self._counts, unread=unread, score_sum=math.fsum(self._scores.values()))
