"""Bring the scenario runs of one run up to date with few requests.

A terminal scenario run does not change. So the first read is a sweep (the whole list), and each later one requests:

- the list in state `running`;
- those that were active and are missing there: by the list in state `scoring` from 3 on, else one by one, 8 at most;
- those that were scored, up to 6 times more, because their duration is set when they are completed;
- those in unknown states, by the list of that state, with every count;
- with every sixth poll (each read of a run that is not watched) the newest one and the server's count.

A sweep is repeated every 60 polls, where the count differs from what is held, where more than 8 are missing at once,
and where items could not be parsed; one that changed nothing is backed off.
"""

import math
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from runloop_tui.api.errors import NotFound, NotUnderstood, RunloopError
from runloop_tui.api.pagination import Page, each_page
from runloop_tui.monitor.back_off import RARELY, Backoff, concerns_all
from runloop_tui.monitor.concurrency import together

if TYPE_CHECKING:
    from runloop_tui.api.client import Client
    from runloop_tui.api.models import ScenarioRun
    from runloop_tui.monitor.health import Warnings
    from runloop_tui.monitor.schedule import Schedule
    from runloop_tui.monitor.store import Store

_SWEEP_PAGE = 250
_MOST_LOOK_UPS = 8
_LOOKS_AT_SCORED = 6
_POLLS_BETWEEN_SWEEPS = 60
_POLLS_AFTER_FAILED_SWEEP = 5
_POLLS_BETWEEN_COUNTS = 6
_FEWEST_FOR_LIST = 3
"""From so many on one list in state `scoring` costs fewer requests than single look-ups."""
_MOST_FINAL_SWEEPS = 3
_LISTED_STATES = frozenset({"running", "scoring"})
_MOST_UNKNOWN_STATES = 3
"""How many lists of unknown states are read at one count."""


@dataclass(frozen=True, slots=True)
class _FinalSweeps:
    """The run's state at its last sweep, and how many sweeps were made in it: an unknown state may not be the last."""

    state: str
    sweeps: int


class ScenarioRunReader:
    """Reads the scenario runs of one run at a time.

    Args:
        client: sends listScenarioRuns and getScenarioRun.
        store: takes the scenario runs in.
        schedule: numbers the polls.
        warnings: takes what could not be parsed.
    """

    def __init__(
        self, client: "Client", store: "Store", schedule: "Schedule", warnings: "Warnings"
    ) -> None:
        self._client = client
        self._store = store
        self._schedule = schedule
        self._warnings = warnings
        self._sweep_due: dict[str, int] = {}  # at which poll, by run
        self._counted: dict[str, int] = {}
        self._odd_counts: dict[str, int] = {}
        self._scored: dict[str, dict[str, int]] = {}
        self._final_sweeps: dict[str, _FinalSweeps] = {}
        self._unlisted: set[str] = set()
        self._rereads = Backoff()
        self._forced_sweeps = Backoff(RARELY)
        self._missed = Backoff(RARELY)

    async def read_live(self, run_id: str, *, is_watched: bool = True) -> None:
        """Bring the scenario runs of a live run up to date; a run that is not watched is counted each time.

        Raises:
            RunloopError: something could not be read; what was read is kept.
        """
        moving = self._store.active_ids(run_id)
        try:
            if run_id in self._unlisted:
                self._take_embedded(run_id)
            elif self._is_sweep_due(run_id):
                await self._sweep(run_id)
            else:
                is_count_due = not is_watched or self._is_count_due(run_id)
                moving |= await self._read_active(run_id, moving, is_count_due=is_count_due)
                if is_count_due:
                    self._counted[run_id] = self._schedule.poll
        finally:
            self._remember_scored(run_id, moving)

    def is_reread_due(self, run_id: str) -> bool:
        """Return whether a run with items that could not be parsed is due to be read again."""
        return self._store.has_unread(run_id) and self._rereads.is_due(run_id, self._schedule.poll)

    def retry_now(self) -> None:
        """Make all that is backing off due."""
        self._rereads.retry_now()
        self._forced_sweeps.retry_now()
        self._missed.retry_now()

    def _is_count_due(self, run_id: str) -> bool:
        """Return whether a count was due at some poll (each sixth, from the second on) since the last count."""
        newest = (self._schedule.poll - 1) // _POLLS_BETWEEN_COUNTS * _POLLS_BETWEEN_COUNTS + 1
        return self._counted.get(run_id, -1) < newest

    def _is_sweep_due(self, run_id: str) -> bool:
        if not self._store.has_swept(run_id) or self._schedule.poll > self._sweep_due[run_id]:
            return True
        if not self._store.has_unread(run_id):
            self._rereads.clear(run_id)
            return False
        return self._is_due_again(self._rereads, run_id)

    def _is_due_again(self, backoff: Backoff, run_id: str) -> bool:
        """Return whether a sweep of a run is due; if so, back the one after it off."""
        is_due = backoff.is_due(run_id, self._schedule.poll)
        if is_due:
            backoff.put_off(run_id, self._schedule.poll, at_least=self.pages_of(run_id))
        return is_due

    def pages_of(self, run_id: str) -> int:
        """Return how many pages a sweep of a run reads, as far as is known."""
        return max(1, math.ceil(self._store.started_count(run_id) / _SWEEP_PAGE))

    async def read_terminal(self, run_id: str) -> None:
        """Read all scenario runs of a terminal run; once, where none of them may still change.

        Raises:
            RunloopError: a page could not be read.
        """
        state = self._state(run_id)
        before = self._final_sweeps.get(run_id)
        await self._sweep(run_id)
        self._final_sweeps[run_id] = _FinalSweeps(
            state, before.sweeps + 1 if before and before.state == state else 1
        )

    def is_read_to_end(self, run_id: str) -> bool:
        """Return whether a terminal run need not be read again: all is read and terminal, or 3 sweeps were made."""
        closing = self._final_sweeps.get(run_id)
        if closing is None or closing.state != self._state(run_id):
            return False
        return closing.sweeps >= _MOST_FINAL_SWEEPS or not self._store.has_nonterminal(run_id)

    def _state(self, run_id: str) -> str:
        run = self._store.run(run_id)
        return run.state if run else ""

    async def _read_active(
        self, run_id: str, active_ids: set[str], *, is_count_due: bool
    ) -> set[str]:
        """Read what is running, and what was active and is not; return the ids that the lists held."""
        stamp = self._store.stamp()
        (running, unread), newest = await together(
            self._in_state(run_id, "running"),
            self._newest(run_id) if is_count_due else _nothing(),
        )
        self._warnings.hear(newest.items, newest.warnings)
        listed_ids = self._learn(run_id, [*newest.items, *running], stamp)
        if unread and not running:  # single look-ups of all would cost more than a sweep
            if self._is_due_again(self._rereads, run_id):
                await self._sweep(run_id)
            return listed_ids
        if len(self._in_listed_states(run_id, active_ids - listed_ids)) >= _FEWEST_FOR_LIST:
            listed_ids |= await self._read_state(run_id, "scoring")
        left = self._in_listed_states(run_id, active_ids - listed_ids)
        if is_count_due:
            for state in self._unknown_states(run_id, active_ids - listed_ids):
                listed_ids |= await self._read_state(run_id, state)
            left = active_ids - listed_ids
        are_many = len(left) > _MOST_LOOK_UPS
        if are_many or self._is_odd(run_id, newest.total_count):
            if self._is_due_again(self._forced_sweeps, run_id):
                await self._sweep(run_id)
                self._accept(run_id, newest.total_count)
                if not are_many or not left <= self._store.active_ids(run_id):
                    self._forced_sweeps.clear(run_id)
                return listed_ids
        else:
            self._forced_sweeps.clear(run_id)
        longest_unread = sorted(left, key=lambda id_: (self._store.last_heard(id_), id_))
        if not self._missed.is_due(run_id, self._schedule.poll):
            longest_unread = [id_ for id_ in longest_unread if id_ not in self._running(run_id)]
        left = set(longest_unread[:_MOST_LOOK_UPS])
        scored = [id_ for id_ in self._scored.get(run_id, {}) if id_ not in left]
        look_ups = [*sorted(left), *scored[: _MOST_LOOK_UPS - len(left)]]
        found = await together(*(self._look_up(run_id, id_) for id_ in look_ups))
        if left and left <= self._running(run_id):  # the running list misses some
            self._missed.put_off(run_id, self._schedule.poll)
        elif left:
            self._missed.clear(run_id)
        if not all(found) and self._is_due_again(self._rereads, run_id):
            await self._sweep(run_id)
        return listed_ids

    async def _read_state(self, run_id: str, state: str) -> set[str]:
        """Read the list of one state; return the ids that it held."""
        stamp = self._store.stamp()
        found, _ = await self._in_state(run_id, state)
        return self._learn(run_id, found, stamp)

    def _in_listed_states(self, run_id: str, ids: set[str]) -> set[str]:
        """Return those of `ids` in running or scoring: the states whose lists are read."""
        return {id_ for id_ in ids if self._scenario_state(run_id, id_) in _LISTED_STATES}

    def _running(self, run_id: str) -> set[str]:
        active = self._store.active_ids(run_id)
        return {id_ for id_ in active if self._scenario_state(run_id, id_) == "running"}

    def _unknown_states(self, run_id: str, ids: set[str]) -> list[str]:
        """Return the unknown states among `ids`, the most frequent first, where a list costs less than look-ups."""
        states = Counter(self._scenario_state(run_id, id_) for id_ in ids)
        return [
            state
            for state, number in states.most_common()
            if state and state not in _LISTED_STATES and number >= _FEWEST_FOR_LIST
        ][:_MOST_UNKNOWN_STATES]

    def _scenario_state(self, run_id: str, id_: str) -> str:
        scenario_run = self._store.scenario_run(run_id, id_)
        return scenario_run.state if scenario_run else ""

    async def _newest(self, run_id: str) -> "Page[ScenarioRun]":
        """Return the newest scenario run, and the server's count.

        Raises:
            NotUnderstood: scenario runs are counted, and none is listed.
        """
        page = await self._client.list_scenario_runs(run_id, limit=1, include_total_count=True)
        if page.total_count and not page.items:
            self._warnings.hear(page.items, page.warnings)
            raise NotUnderstood(f"expected one of {page.total_count:,} scenario runs, got none")
        return page

    def _learn(self, run_id: str, listed: "list[ScenarioRun]", stamp: int) -> set[str]:
        self._store.learn_scenario_runs(run_id, listed, stamp)
        return {scenario_run.id for scenario_run in listed}

    async def _sweep(self, run_id: str) -> None:
        """Read all scenario runs of a run; from an older server without that list, those that the run's view embeds."""
        try:
            await self._sweep_list(run_id)
        except NotFound:
            if not self._take_embedded(run_id):
                raise
            self._unlisted.add(run_id)

    def _take_embedded(self, run_id: str) -> bool:
        """Take in the scenario runs that an older server embeds in the run's view; return False where it has none."""
        run, stamp = self._store.run(run_id), self._store.embedded_stamp(run_id)
        if run is None or stamp is None:
            return False
        self._store.begin_sweep(run_id, stamp)
        embedded = run.embedded_scenario_runs
        self._store.learn_scenario_runs(run_id, embedded, stamp)
        self._store.end_sweep(run_id, {scenario_run.id for scenario_run in embedded}, stamp)
        self._sweep_due[run_id] = self._schedule.poll + _POLLS_BETWEEN_SWEEPS
        return True

    async def _sweep_list(self, run_id: str) -> None:
        """Read the list of scenario runs to its last page, publishing page by page the first time.

        Raises:
            NotUnderstood: the list is empty, although the server counts some, or some are known and it does not
                count; those that are known stay.
        """
        first = not self._store.has_swept(run_id)
        self._sweep_due[run_id] = self._schedule.poll + _POLLS_AFTER_FAILED_SWEEP
        stamp = self._store.begin_sweep(run_id)
        seen: set[str] = set()
        unread, total = 0, None
        async for page in each_page(
            lambda after: self._client.list_scenario_runs(
                run_id,
                limit=_SWEEP_PAGE,
                starting_after=after,
                include_total_count=after is None,
            )
        ):
            self._warnings.hear(page.items, page.warnings)
            self._store.learn_scenario_runs(run_id, page.items, stamp)
            seen.update(scenario_run.id for scenario_run in page.items)
            unread += page.unread
            total = page.total_count if total is None else total
            if first and page.has_more:
                self._store.publish()
        held = self._store.scenario_count(run_id)
        expected = held if total is None else total
        if expected and not seen and not unread:
            because = f"expected the scenario runs of a run that has {expected:,}, got none"
            raise NotUnderstood(because)
        self._store.end_sweep(run_id, seen, stamp, unread=unread, total=total)
        self._sweep_due[run_id] = self._schedule.poll + _POLLS_BETWEEN_SWEEPS

    async def _in_state(self, run_id: str, state: str) -> tuple[list["ScenarioRun"], int]:
        """Return all scenario runs in a state, and how many items could not be parsed.

        Of a server that ignores the filter only the first page is read, or each read would be a sweep.
        """
        found: list[ScenarioRun] = []
        unread = 0
        async for page in each_page(
            lambda after: self._client.list_scenario_runs(
                run_id, state=state, limit=_SWEEP_PAGE, starting_after=after
            )
        ):
            self._warnings.hear(page.items, page.warnings)
            found.extend(page.items)
            unread += page.unread
            if any(scenario_run.state not in {"", state} for scenario_run in page.items):
                break
        return found, unread

    async def _look_up(self, run_id: str, scenario_run_id: str) -> bool:
        """Read one scenario run; return False where it alone fails, so that the answers about others count."""
        stamp = self._store.stamp()
        try:
            scenario_run = await self._client.get_scenario_run(scenario_run_id)
        except RunloopError as error:
            if concerns_all(error):
                raise
            return False  # a sweep follows
        self._warnings.hear([scenario_run])
        self._store.learn_scenario_runs(run_id, [scenario_run], stamp)
        return True

    def _remember_scored(self, run_id: str, moved: set[str]) -> None:
        """Remember those of `moved` that are scored and not completed yet, for 6 reads: some never are completed."""
        before = self._scored.get(run_id, {})
        looks = {**dict.fromkeys(moved, 0), **{id_: number + 1 for id_, number in before.items()}}
        self._scored[run_id] = {
            id_: number
            for id_, number in looks.items()
            if number < _LOOKS_AT_SCORED and self._store.is_scored(run_id, id_)
        }

    def _is_odd(self, run_id: str, total_count: int | None) -> bool:
        """Return whether the server's count differs from what is held, by another number than after the last sweep."""
        if total_count is None:
            return False
        odd = total_count - self._store.started_count(run_id)
        return odd not in {0, self._odd_counts.get(run_id, 0)}

    def _accept(self, run_id: str, total_count: int | None) -> None:
        """Remember by how much the server's count differs from its own list, after a sweep: no reason for another."""
        if total_count is not None:
            self._odd_counts[run_id] = total_count - self._store.started_count(run_id)


async def _nothing() -> "Page[ScenarioRun]":
    return Page((), has_more=False)
