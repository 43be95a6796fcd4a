"""The scenario runs of one run, counted incrementally: a reading costs what has changed, not what is held."""

import math
from bisect import bisect_left, insort
from collections import Counter
from typing import TYPE_CHECKING

from runloop_tui.monitor.counts import Tally, counted_duration_ms, outcome, timed_out, usual_ms

if TYPE_CHECKING:
    from collections.abc import Iterable

    from runloop_tui.api.models import ScenarioRun


class RunIndex:
    """Holds scenario runs by id, and keeps their counts, durations and ends along with them."""

    def __init__(self) -> None:
        self._held: dict[str, ScenarioRun] = {}
        self._active: dict[str, ScenarioRun] = {}
        self._counts: Counter[str] = Counter()
        self._scores: dict[str, float] = {}
        self._durations: list[int] = []
        self._ends: list[int] = []
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
        if (duration := counted_duration_ms(scenario_run)) is not None:
            insort(self._durations, duration)
        if (end := _end_ms(scenario_run)) is not None:
            insort(self._ends, end)

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
        if (duration := counted_duration_ms(before)) is not None:
            del self._durations[bisect_left(self._durations, duration)]
        if (end := _end_ms(before)) is not None:
            del self._ends[bisect_left(self._ends, end)]

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

    @property
    def usual_ms(self) -> int | None:
        """The usual duration of one, in ms; None where too few were scored to say."""
        return usual_ms(self._durations)

    @property
    def ends(self) -> list[int]:
        """When those that are done ended (Unix ms, ascending), as far as that is known."""
        return self._ends


def _end_ms(scenario_run: "ScenarioRun") -> int | None:
    start, duration = scenario_run.start_time_ms, scenario_run.duration_ms
    if not scenario_run.is_score_final or start is None or duration is None:
        return None
    return start + duration
