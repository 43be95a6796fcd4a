"""Fetch the scenario runs of benchmark runs: of the watched run at every poll, of other live ones at every sixth.

Which runs are due is decided here; how one run is brought up to date, in `scenario_run_reader`.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from runloop_tui.monitor.back_off import Backoff
from runloop_tui.monitor.health import FetchKind
from runloop_tui.monitor.scenario_run_reader import ScenarioRunReader
from runloop_tui.monitor.schedule import Fetch, Schedule

if TYPE_CHECKING:
    from runloop_tui.api.client import Client
    from runloop_tui.monitor.fetch_benchmarks import BenchmarkFetcher
    from runloop_tui.monitor.health import Warnings
    from runloop_tui.monitor.store import Store

_POLLS_BETWEEN = 6


class ScenarioRunFetcher:
    """Fetches the scenario runs of the runs that are due, spread over the polls.

    A run that was terminal when all its scenario runs were read is not read again.

    Args:
        client: sends listScenarioRuns and getScenarioRun.
        store: takes the scenario runs in.
        schedule: numbers the polls, and knows what is on the screen.
        warnings: takes what could not be parsed.
        benchmarks: says which totals are lacking.
    """

    def __init__(
        self,
        client: "Client",
        store: "Store",
        schedule: Schedule,
        warnings: "Warnings",
        *,
        benchmarks: "BenchmarkFetcher",
    ) -> None:
        self._benchmarks = benchmarks
        self._store = store
        self._schedule = schedule
        self._reader = ScenarioRunReader(client, store, schedule, warnings)
        self._places: dict[
            str, int
        ] = {}  # of the runs that were ever live, in the order of the polls at which they are due
        self._tracked: dict[str, None] = {}  # runs that were read while they were live
        self._read_at: dict[str, int] = {}  # the poll at which each of them was last read
        self._rereads = Backoff()
        self._uncounted_at = -1  # the poll at which the counts of a run could not be read

    # What is due

    def due(self) -> Iterator[Fetch]:
        """Yield the runs that are due, the watched one first at any moment, each after its benchmark's total."""
        schedule = self._schedule
        live_ids = self._store.live_ids()
        at_once: set[str | None] = {schedule.viewport.watched}
        at_once.update(schedule.viewport.visible if schedule.is_all_asked else ())
        at_once.update(id_ for id_ in live_ids if self._is_unread_or_failed(id_))
        due = self._due_runs(live_ids, at_once)
        while due:
            watched = schedule.viewport.watched
            run_id = watched if watched in due else next(iter(due))
            due.pop(run_id)
            if (total := self._benchmarks.total_of(run_id)) is not None:
                yield total
            yield Fetch(FetchKind.SCENARIO_RUNS, run_id)
            self._store.publish()

    def _is_unread_or_failed(self, run_id: str) -> bool:
        """Return whether the last read of a live run failed, or left items that could not be parsed and are due."""
        has_failed = self._schedule.failed.has_failed(Fetch(FetchKind.SCENARIO_RUNS, run_id))
        return has_failed or self._reader.is_reread_due(run_id)

    def _due_runs(self, live_ids: list[str], at_once: set[str | None]) -> dict[str, None]:
        """Return the runs that are due, in order: live ones at their poll or `at_once`, terminal ones until read whole.

        A live run is due at every sixth poll, each run at another one of the six, and stays due until it is read.
        """
        poll = self._schedule.poll
        for run_id in sorted(live_ids, key=self._started_ms):
            self._places.setdefault(run_id, len(self._places))
            self._read_at.setdefault(run_id, poll - 1)
            self._tracked[run_id] = None
        due: dict[str, None] = {}
        for run_id in live_ids:
            last_due = poll - (poll - self._places[run_id]) % _POLLS_BETWEEN
            if run_id in at_once or self._read_at[run_id] < last_due:
                due[run_id] = None
        due.update((run_id, None) for run_id in self._tracked if self._needs_final_sweep(run_id))
        return due

    def lacking(self) -> Fetch | None:
        """Return the watched or a compared run whose scenario runs are not held; else a visible one without counts.

        Of a terminal run, scenario runs that could not be parsed are read again, the run first that is due longest.
        The total of its benchmark is read before a run.
        """
        run_id = self._lacking_run()
        if run_id is None:
            return None
        return self._benchmarks.total_of(run_id) or Fetch(FetchKind.SCENARIO_RUNS, run_id)

    def _lacking_run(self) -> str | None:
        viewport = self._schedule.viewport
        visible = viewport.visible
        if self._uncounted_at == self._schedule.poll:
            visible = ()  # after one failed read the other visible runs wait
        for run_id in filter(None, (viewport.watched, *viewport.compared)):
            if not self._store.has_swept(run_id) and self._can_be_read(run_id):
                return run_id
            if self._is_reread_due(run_id):
                return run_id
        uncounted = (run_id for run_id in visible if not self._store.has_tally(run_id))
        lacking = next(filter(self._can_be_read, uncounted), None)
        if lacking is None:
            unread = filter(self._is_reread_due, visible)
            lacking = min(unread, key=self._rereads.next_poll, default=None)
        return lacking

    def _can_be_read(self, run_id: str) -> bool:
        is_there = self._store.knows_run(run_id) and not self._store.is_gone(run_id)
        return is_there and self._schedule.is_due(Fetch(FetchKind.SCENARIO_RUNS, run_id))

    def _is_reread_due(self, run_id: str) -> bool:
        is_unread = self._store.has_unread(run_id) and not self._store.is_live(run_id)
        is_due = self._rereads.is_due(run_id, self._schedule.poll)
        return is_unread and is_due and self._can_be_read(run_id)

    def retry_now(self) -> None:
        """Make all that is backing off due."""
        self._rereads.retry_now()
        self._reader.retry_now()

    def is_tracked(self, run_id: str) -> bool:
        """Return whether the run is still read: it is live, or was and its last scenario runs are not read yet."""
        is_live = self._store.is_live(run_id)
        return run_id in self._tracked and (is_live or self._needs_final_sweep(run_id))

    def pages_of(self, run_id: str) -> int:
        """Return how many pages the scenario runs of a run fill, as far as is known."""
        return self._reader.pages_of(run_id)

    def _needs_final_sweep(self, run_id: str) -> bool:
        """Return whether a run that was live is terminal, and its last scenario runs are not read yet."""
        return not (
            self._store.is_live(run_id)
            or self._store.is_gone(run_id)
            or self._reader.is_read_to_end(run_id)
        )

    def _started_ms(self, run_id: str) -> int:
        run = self._store.run(run_id)
        return (run.start_time_ms if run else None) or 0

    # What is read

    async def read(self, fetch: Fetch) -> None:
        """Read the scenario runs of a run: what may have changed of a live one, all of a terminal one.

        Raises:
            RunloopError: something could not be read; what was read is kept.
        """
        run_id, schedule = fetch.id, self._schedule
        was_unread = self._store.has_unread(run_id)
        try:
            if self._store.is_live(run_id):
                self._tracked[run_id] = None
                is_watched = run_id == schedule.viewport.watched and not schedule.is_all_asked
                await self._reader.read_live(run_id, is_watched=is_watched)
            else:
                await self._reader.read_terminal(run_id)
        finally:
            self._note_unread(run_id, was_unread=was_unread)
        self._read_at[run_id] = schedule.poll

    def _note_unread(self, run_id: str, *, was_unread: bool) -> None:
        is_unread = self._store.has_unread(run_id)
        if not self._store.has_tally(run_id) or (was_unread and is_unread):
            self._uncounted_at = self._schedule.poll
        if is_unread:
            pages = self.pages_of(run_id)
            self._rereads.put_off(run_id, self._schedule.poll, at_least=pages)
        else:
            self._rereads.clear(run_id)
