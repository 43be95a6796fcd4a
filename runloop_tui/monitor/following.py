"""Keeps the scenario runs of a run up to date, asking for little.

A finished scenario run does not change. So after one full sweep only those are asked for that are running; those that
left the answer are looked up singly, where they are not so many that the list of those in scoring is cheaper, and if
they were only scored, a few times more, because their duration comes with their completion. Now and then they are
counted: a count that disagrees, or many that left at once, cause another sweep.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from runloop_tui.api.errors import NotFound, RunloopError
from runloop_tui.api.paging import Page, each_page
from runloop_tui.monitor.reach import concerns_all
from runloop_tui.monitor.requests import together

if TYPE_CHECKING:
    from runloop_tui.api.client import Client
    from runloop_tui.api.models import ScenarioRun
    from runloop_tui.monitor.ledger import Ledger

_SWEEP_PAGE = 250
_MOST_LOOK_UPS = 8
_LOOKS_AT_SCORED = 6
_LOOKS_BETWEEN_SWEEPS = 60
_LOOKS_BETWEEN_COUNTS = 6
_FEWEST_FOR_LIST = 3
"""So many that left cost more requests singly than with the list of those in scoring, where some of them stand."""
_MOST_CLOSING_SWEEPS = 3


@dataclass(frozen=True, slots=True)
class _Closing:
    """The run's state when it was read to the end, and how often it was: a state may turn out not to be the last."""

    state: str
    sweeps: int


class Follower:
    """Follows the scenario runs of the runs that the monitor names."""

    def __init__(
        self,
        client: "Client",
        ledger: "Ledger",
        *,
        publish: Callable[[], None],
        complain: Callable[[tuple[str, ...]], None],
    ) -> None:
        self._client = client
        self._ledger = ledger
        self._publish = publish
        self._complain = complain
        self._looks: dict[str, int] = {}
        self._odd_counts: dict[str, int] = {}
        self._scored: dict[str, dict[str, int]] = {}
        self._closings: dict[str, _Closing] = {}
        self._unlisted: set[str] = set()

    async def follow(self, run_id: str, *, is_watched: bool = True) -> None:
        """Bring the scenario runs of a live run up to date; those of one that is not watched are counted each time.

        Raises:
            RunloopError: something could not be read; what was read is kept.
        """
        self._looks[run_id] = self._looks.get(run_id, 0) + 1
        moving = self._ledger.active_ids(run_id)
        if run_id in self._unlisted:
            self._take_embedded(run_id)
        elif not self._ledger.has_swept(run_id) or self._looks[run_id] > _LOOKS_BETWEEN_SWEEPS:
            await self._sweep(run_id)
        else:
            is_count_due = not is_watched or self._looks[run_id] % _LOOKS_BETWEEN_COUNTS == 1
            moving |= await self._look(run_id, moving, is_count_due=is_count_due)
        self._note_scored(run_id, moving)

    async def close(self, run_id: str) -> None:
        """Read the scenario runs of an ended run for the last time.

        Raises:
            NotFound: the server has none of this run any more; it will not have them later either.
            RunloopError: a page could not be read.
        """
        state = self._state(run_id)
        before = self._closings.get(run_id)
        sweeps = before.sweeps + 1 if before and before.state == state else 1
        try:
            await self._sweep(run_id)
        except NotFound:
            self._closings[run_id] = _Closing(state, _MOST_CLOSING_SWEEPS)
            raise
        self._closings[run_id] = _Closing(state, sweeps)

    def is_closed(self, run_id: str) -> bool:
        """Tell whether a run that is not live needs no more asking: all is read, and nothing of it still moves."""
        closing = self._closings.get(run_id)
        if closing is None or closing.state != self._state(run_id):
            return False
        return closing.sweeps >= _MOST_CLOSING_SWEEPS or not self._ledger.has_unsettled(run_id)

    def _state(self, run_id: str) -> str:
        run = self._ledger.run(run_id)
        return run.state if run else ""

    async def _look(self, run_id: str, active_ids: set[str], *, is_count_due: bool) -> set[str]:
        """Ask for what is running and for what was active; gives the ids of those that were heard of in lists."""
        stamp = self._ledger.stamp()
        running, newest = await together(
            self._in_state(run_id, "running"),
            self._newest(run_id) if is_count_due else _nothing(),
        )
        self._complain(newest.complaints)
        heard_ids = self._learn(run_id, [*newest.items, *running], stamp)
        if len(active_ids - heard_ids) >= _FEWEST_FOR_LIST:
            stamp = self._ledger.stamp()
            heard_ids |= self._learn(run_id, await self._in_state(run_id, "scoring"), stamp)
        left = active_ids - heard_ids
        if len(left) > _MOST_LOOK_UPS or self._is_odd(run_id, newest.total_count):
            await self._sweep(run_id)
            self._accept(run_id, newest.total_count)
        else:
            scored = [id_ for id_ in self._scored.get(run_id, {}) if id_ not in left]
            look_ups = [*sorted(left), *scored[: _MOST_LOOK_UPS - len(left)]]
            if not all(await together(*(self._look_up(run_id, id_) for id_ in look_ups))):
                await self._sweep(run_id)
        return heard_ids

    async def _newest(self, run_id: str) -> "Page[ScenarioRun]":
        """The newest, and how many there are."""
        return await self._client.list_scenario_runs(run_id, limit=1, include_total_count=True)

    def _learn(self, run_id: str, heard_of: "list[ScenarioRun]", stamp: int) -> set[str]:
        self._ledger.learn_scenario_runs(run_id, heard_of, stamp)
        return {scenario_run.id for scenario_run in heard_of}

    async def _sweep(self, run_id: str) -> None:
        """Read all scenario runs of a run; where an older server has no list of them, they stand in the run's view."""
        try:
            await self._sweep_list(run_id)
        except NotFound:
            if not self._take_embedded(run_id):
                raise
            self._unlisted.add(run_id)

    def _take_embedded(self, run_id: str) -> bool:
        """Take the scenario runs that an older server's view of the run holds; False where it holds none."""
        run = self._ledger.run(run_id)
        if run is None or (run.pending_scenarios is None and not run.embedded_scenario_runs):
            return False
        stamp = self._ledger.begin_sweep(run_id)
        embedded = run.embedded_scenario_runs
        self._ledger.learn_scenario_runs(run_id, embedded, stamp)
        self._ledger.end_sweep(run_id, {scenario_run.id for scenario_run in embedded}, stamp)
        return True

    async def _sweep_list(self, run_id: str) -> None:
        """Read the list of scenario runs to its end, publishing page by page the first time."""
        self._looks[run_id] = 0
        first = not self._ledger.has_swept(run_id)
        stamp = self._ledger.begin_sweep(run_id)
        seen: set[str] = set()
        async for page in each_page(
            lambda after: self._client.list_scenario_runs(
                run_id, limit=_SWEEP_PAGE, starting_after=after
            )
        ):
            self._complain(page.complaints)
            self._ledger.learn_scenario_runs(run_id, page.items, stamp)
            seen.update(scenario_run.id for scenario_run in page.items)
            if first and page.has_more:
                self._publish()
        self._ledger.end_sweep(run_id, seen, stamp)

    async def _in_state(self, run_id: str, state: str) -> list["ScenarioRun"]:
        """All in a state; of a server that does not filter only the first page, or each look would be a sweep."""
        found: list[ScenarioRun] = []
        async for page in each_page(
            lambda after: self._client.list_scenario_runs(
                run_id, state=state, limit=_SWEEP_PAGE, starting_after=after
            )
        ):
            self._complain(page.complaints)
            found.extend(page.items)
            if any(scenario_run.state != state for scenario_run in page.items):
                break
        return found

    async def _look_up(self, run_id: str, scenario_run_id: str) -> bool:
        """Ask for one scenario run; False where it alone fails, which must not cost the others their answers."""
        stamp = self._ledger.stamp()
        try:
            scenario_run = await self._client.get_scenario_run(scenario_run_id)
        except RunloopError as error:
            if concerns_all(error):
                raise
            return False  # a sweep tells what has become of it
        self._ledger.learn_scenario_runs(run_id, [scenario_run], stamp)
        return True

    def _note_scored(self, run_id: str, moved: set[str]) -> None:
        """Remember those of `moved` that were scored and have yet to be completed, which some never are."""
        before = self._scored.get(run_id, {})
        looks = {**dict.fromkeys(moved, 0), **{id_: number + 1 for id_, number in before.items()}}
        self._scored[run_id] = {
            id_: number
            for id_, number in looks.items()
            if number < _LOOKS_AT_SCORED and self._ledger.is_scored(run_id, id_)
        }

    def _is_odd(self, run_id: str, total_count: int | None) -> bool:
        """Tell whether the server counts others than we hold, in a way that no sweep has looked into yet."""
        if total_count is None:
            return False
        odd = total_count - self._ledger.scenario_count(run_id)
        return odd not in {0, self._odd_counts.get(run_id, 0)}

    def _accept(self, run_id: str, total_count: int | None) -> None:
        """After a sweep: by so many the server's count differs from its own list, and so be it."""
        if total_count is not None:
            self._odd_counts[run_id] = total_count - self._ledger.scenario_count(run_id)


async def _nothing() -> "Page[ScenarioRun]":
    return Page((), has_more=False)
