"""Records what polls have read, shows what changed since a person last looked, and keeps what earlier runs say at hand.

The file is opened after the first poll. It is read and written in a thread; what is not read yet is empty.
"""

import asyncio
from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from runloop_tui.monitor.snapshot import Snapshot, changes
from runloop_tui.present.notifications import Event
from runloop_tui.ui.notifications import LONG_TOAST_S

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from runloop_tui.clock import Clock
    from runloop_tui.history.history import History
    from runloop_tui.history.queries import PastRun
    from runloop_tui.monitor.health import Health
    from runloop_tui.present.away import Away, Episode
    from runloop_tui.present.layout import Tone
    from runloop_tui.ui.runtime.base_app import BaseApp

AWAY_MS = 15 * 60_000
"""After this long without a key, a click or the focus, a person was away."""

_TOAST_S = LONG_TOAST_S - 1
"""Not among the events: it is about them."""
_SEEN_MS = 2_000
"""A run that was under the cursor for this long has been seen."""
_MOST_SKEW_MS = 24 * 3_600_000
"""A clock of the server that differs by more is not believed: by it, all that is kept could be too old."""
_MOST_RUNS_HELD = 64
_LOOKS_AGAIN = 3
"""After so many polls what was on the screen first has been read, one after the other."""
_NOTHING: "Final[Mapping[str, int]]" = MappingProxyType({})
_TONES: "dict[str, Tone]" = {"bad": "bad", "warn": "warn"}
"""The tones of events, which are kept as their kind."""


class HistoryController:
    """Owns the history of the app.

    Args:
        app: shows notifications, and has the event log.
        open_history: opens the file.
        clock: returns Unix ms on this machine's clock.
        on_change: called when something else is to be shown: `unseen`, or what earlier runs say.
    """

    def __init__(
        self,
        app: "BaseApp",
        open_history: "Callable[[], Awaitable[History]]",
        clock: "Clock",
        on_change: "Callable[[], None]",
    ) -> None:
        self.unseen: frozenset[str] = frozenset()
        """The ids of the runs that changed since a person last looked."""
        self.away: Away | None = None
        """What changed while a person was away for the last time; None where nothing did."""
        self.begins_now = False
        """The history was begun with this start of the app."""
        self._app = app
        self._open = open_history
        self._clock = clock
        self._on_change = on_change
        self._started_ms = self._acted_ms = clock()
        self._skew_ms = 0
        self._is_polling = True
        self._latest = Snapshot()
        self._opening: asyncio.Task[History] | None = None
        self._history: History | None = None
        self._said: set[str] = set()
        self._away_since_ms: int | None = None
        self._looks_left = 0
        self._events: tuple[Event, ...] = ()
        self._pointed: tuple[str | None, int] = (None, 0)
        self._durations: dict[str, Mapping[str, int]] = {}
        self._runs: dict[tuple[str, str], PastRun | None] = {}
        self._wanted: list[tuple[str, str]] = []
        self._answered: set[tuple[str, str]] = set()
        self._is_reading = False

    # What earlier runs say

    def earlier_ms(self, benchmark_id: str) -> Mapping[str, int]:
        """Return the longest duration (ms) of each scenario id in the runs of a benchmark, as far as it was read.

        Only of scenario runs that got a score. The same object while nothing changed; empty before it was read.
        """
        if benchmark_id:
            self._want("durations", benchmark_id)
        return self._durations.get(benchmark_id, _NOTHING)

    def run_before(self, run_id: str) -> "PastRun | None":
        """Return the last terminal run before a run, of the same benchmark, agent and model, as far as it was read."""
        return self._past("before", run_id)

    def past_run(self, run_id: str) -> "PastRun | None":
        """Return a run with its scenario runs, as far as it was read."""
        return self._past("run", run_id)

    def _past(self, what: str, run_id: str) -> "PastRun | None":
        self._want(what, run_id)
        return self._runs.get((what, run_id))

    # What happened

    @property
    def earlier_events(self) -> tuple[Event, ...]:
        """The events since a person last looked that are not in the event log: of earlier starts, other instances."""
        return self._events

    def close_panel(self) -> None:
        """Take it that all that changed has been seen."""
        self._looks_left = 0
        self._set_unseen(frozenset())

    def pointed_at(self, run_id: str | None) -> None:
        """Take it that a run has been seen once it was under the cursor for 2 s; called about once a second."""
        before, since_ms = self._pointed
        if run_id != before:
            self._pointed = run_id, self._clock()
        elif run_id in self.unseen and self._clock() - since_ms >= _SEEN_MS:
            self._set_unseen(self.unseen - {run_id})

    def person_acted(self) -> None:
        """Take note of a key, a click or the focus; after 15 minutes without one, tell what changed."""
        now, before = self._clock(), self._acted_ms
        self._acted_ms = now
        if self._history is None:
            return
        looked_ms = self._history.last_looked_ms
        self._history.mark_looked(now + self._skew_ms)
        if looked_ms is not None:  # perhaps in another instance
            before = max(before, looked_ms - self._skew_ms)
        if now - before >= AWAY_MS:
            self._app.run_worker(self._begin_looking_back(before + self._skew_ms))

    # What polls have read

    def health_changed(self, snapshot: "Snapshot", health: "Health") -> None:
        """Record what a poll has read once it has ended; the first one opens the file."""
        was_polling, self._is_polling = self._is_polling, health.next_try_ms is None
        if self._is_polling or not was_polling or not snapshot.loaded:
            return
        self._skew_ms = health.skew_ms if abs(health.skew_ms) <= _MOST_SKEW_MS else 0
        before, self._latest = self._latest, snapshot
        if self._opening is None:
            self._opening = asyncio.create_task(_opened(self._open), name="open the history")
            self._app.run_worker(self._begin(self._opening))
        elif self._history is not None:
            self._app.run_worker(self._record(self._history, before, snapshot))

    async def close(self) -> None:
        """Write what waits, and close the file."""
        if self._opening is None:
            return
        await asyncio.wait([self._opening])
        if not self._opening.cancelled() and self._opening.exception() is None:
            await self._opening.result().close(self._now)

    @property
    def _now(self) -> int:
        """Unix ms on the server's clock, as all that is kept."""
        return self._clock() + self._skew_ms

    async def _begin(self, opening: "asyncio.Task[History]") -> None:
        """Record the first poll, then tell what changed since the last look, then remove what is kept too long."""
        history = await asyncio.shield(opening)
        looked_ms = history.last_looked_ms
        self.begins_now = looked_ms is None and not history.problem
        log = self._app.event_log
        for event in log.entries:
            self._note(history, event)
        log.subscribe(lambda event: self._note(history, event))
        history.mark_looked(self._acted_ms + self._skew_ms)
        snapshot = self._latest
        await history.record(Snapshot(), snapshot, self._now)
        self._say_problem(history)
        self._history = history
        if looked_ms is not None and self._acted_ms + self._skew_ms - looked_ms >= AWAY_MS:
            self._look_again(looked_ms)  # the first poll has read what is on the screen only
        await history.prune(self._now)
        await self._read_wanted(history)

    async def _record(self, history: "History", before: "Snapshot", snapshot: "Snapshot") -> None:
        await history.record(before, snapshot, self._now)
        self._say_problem(history)
        if self._away_since_ms is not None and self._looks_left > 0:
            self._looks_left -= 1
            await self._look_back(self._away_since_ms)
        if _says_more_of_earlier_runs(before, snapshot):
            self._answered.clear()
        await self._read_wanted(history)

    def _note(self, history: "History", event: Event) -> None:
        from runloop_tui.history.recorder import Event as Kept

        at_ms = event.at_ms + self._skew_ms
        history.note(Kept(at_ms, event.tone, event.run_id, event.text))

    def _say_problem(self, history: "History") -> None:
        """Say what is wrong with the file, each thing once."""
        problem = history.problem
        if problem and problem not in self._said:
            from runloop_tui.present.away import history_problem

            self._said.add(problem)
            self._app.notify(history_problem(problem), severity="warning", timeout=LONG_TOAST_S)

    # What changed while a person was away

    async def _begin_looking_back(self, since_ms: int) -> None:
        """Tell what changed since a moment; the list goes on for some polls, with what these read."""
        self._look_again(since_ms)
        await self._look_back(since_ms)

    def _look_again(self, since_ms: int) -> None:
        self.away, self._away_since_ms, self._looks_left = None, since_ms, _LOOKS_AGAIN

    async def _look_back(self, since_ms: int) -> None:
        if self._history is None:
            return
        from runloop_tui.present.away import Away, away_text, changed_runs

        found = changed_runs(await self._history.since(since_ms), since_ms)
        self._events = self._unknown_events(await self._history.events_since(since_ms))
        if not found:
            return
        ids = frozenset(each.run.id for each in found)
        listed = frozenset(each.run.id for each in self.away.runs) if self.away else frozenset()
        collapses = await asyncio.to_thread(_collapses_since, self._latest, ids, since_ms)
        is_first, now = self.away is None, self._now
        self.away = Away(
            since_ms=since_ms,
            until_ms=now if self.away is None else self.away.until_ms,
            runs=found,
            collapses=collapses,
            is_before_start=since_ms < self._started_ms + self._skew_ms,
            more_runs=self._latest.more_runs,
        )
        self._set_unseen(self.unseen | (ids - listed))
        if is_first:
            words = f"{away_text(self.away)} · e shows more"
            self._app.notify(words, title="While you were away", timeout=_TOAST_S)

    def _unknown_events(self, kept: "tuple[tuple[int, str, str, str], ...]") -> tuple[Event, ...]:
        """Return the events that are kept and not in the event log."""
        from runloop_tui.history.recorder import SAME_EVENT_MS

        own: dict[str, list[int]] = {}
        for event in self._app.event_log.entries:
            own.setdefault(event.text, []).append(event.at_ms)
        found = []
        for at_ms, kind, run_id, text in kept:
            event = Event(at_ms - self._skew_ms, text, _TONES.get(kind, "plain"), run_id)
            if all(abs(event.at_ms - each) > SAME_EVENT_MS for each in own.get(text, ())):
                found.append(event)
        return tuple(found)

    def _set_unseen(self, unseen: frozenset[str]) -> None:
        if unseen != self.unseen:
            self.unseen = unseen
            self._on_change()

    # Reading what earlier runs say

    def _want(self, what: str, id_: str) -> None:
        key = (what, id_)
        if key in self._answered or key in self._wanted:
            return
        self._wanted.append(key)
        del self._wanted[:-_MOST_RUNS_HELD]
        if self._history is not None and not self._is_reading:
            self._app.run_worker(self._read_wanted(self._history))

    async def _read_wanted(self, history: "History") -> None:
        if self._is_reading:
            return
        self._is_reading = True
        try:
            while self._wanted:
                await self._read(history, *self._wanted[-1])
        finally:
            self._is_reading = False

    async def _read(self, history: "History", what: str, id_: str) -> None:
        if what == "durations":
            durations = await history.longest_durations(id_)
            changed = durations != self._durations.get(id_, {})
            if changed:
                self._durations[id_] = MappingProxyType(durations)
        else:
            if what == "run":
                found = await history.past_run(id_)
            else:
                found = next(iter(await history.runs_before(id_)), None)
            changed = found != self._runs.get((what, id_))
            if changed:
                self._runs[what, id_] = found
                while len(self._runs) > _MOST_RUNS_HELD:
                    oldest = next(iter(self._runs))
                    del self._runs[oldest]
                    self._answered.discard(oldest)
        self._answered.add((what, id_))
        if (what, id_) in self._wanted:
            self._wanted.remove((what, id_))
        if changed:
            self._on_change()


async def _opened(open_history: "Callable[[], Awaitable[History]]") -> "History":
    return await open_history()


def _collapses_since(
    snapshot: "Snapshot", run_ids: frozenset[str], since_ms: int
) -> "dict[str, tuple[Episode, ...]]":
    """Return the collapses that began since a moment, of these runs, where their scenario runs are held."""
    from runloop_tui.analysis.attempts import attempts, in_order_of_end
    from runloop_tui.analysis.collapse import collapses
    from runloop_tui.present.away import Episode

    found: dict[str, tuple[Episode, ...]] = {}
    for run_id in run_ids:
        record = snapshot.by_id.get(run_id)
        if record is None or not record.scenario_runs:
            continue
        episodes = collapses(in_order_of_end(attempts(record.scenario_runs)))
        since = [each for each in episodes if (each.end_ms or since_ms) >= since_ms]
        if since:
            found[run_id] = tuple(Episode(each.start_ms, each.end_ms) for each in since)
    return found


def _says_more_of_earlier_runs(before: "Snapshot", snapshot: "Snapshot") -> bool:
    """Return whether there are other runs, a run has ended, or the scenario runs of a terminal one were read."""
    if len(before.records) != len(snapshot.records) or any(changes(before, snapshot)):
        return True
    return any(
        record.scenario_runs is not None
        and not record.run.is_live
        and _were_not_held(record.id, before)
        for record in snapshot.records
    )


def _were_not_held(run_id: str, snapshot: "Snapshot") -> bool:
    record = snapshot.by_id.get(run_id)
    return record is None or record.scenario_runs is None
