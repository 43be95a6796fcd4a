"""Keeps the scenario runs of a run up to date, asking for little.

A finished scenario run does not change. So after one full sweep only the active ones are asked for, by state; those
that left the answer are looked up singly; a count that disagrees, or many that left at once, cause another sweep.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from runloop_tui.api.paging import each_page
from runloop_tui.monitor.requests import together

if TYPE_CHECKING:
    from runloop_tui.api.client import Client
    from runloop_tui.api.models import ScenarioRun
    from runloop_tui.monitor.ledger import Ledger

_SWEEP_PAGE = 250
_MOST_LOOK_UPS = 8
_POLLS_BETWEEN_SWEEPS = 60
_MOST_CLOSING_SWEEPS = 3


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
        self._polls: dict[str, int] = {}
        self._disagreed: dict[str, tuple[int, int]] = {}
        self._closing_sweeps: dict[str, int] = {}

    async def sweep(self, run_id: str) -> None:
        """Read all scenario runs of a run, publishing page by page the first time.

        Raises:
            RunloopError: a page could not be read; what was read before it is kept.
        """
        first = not self._ledger.has_swept(run_id)
        stamp = self._ledger.stamp()
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
        self._polls[run_id] = 0

    async def follow(self, run_id: str) -> None:
        """Bring the scenario runs of a live run up to date.

        Raises:
            RunloopError: something could not be read; what was read is kept.
        """
        polls = self._polls.get(run_id, 0) + 1
        self._polls[run_id] = polls
        if not self._ledger.has_swept(run_id) or polls >= _POLLS_BETWEEN_SWEEPS:
            await self.sweep(run_id)
            return
        stamp = self._ledger.stamp()
        running, scoring, newest = await together(
            self._in_state(run_id, "running"),
            self._in_state(run_id, "scoring"),
            self._client.list_scenario_runs(run_id, limit=1, include_total_count=True),
        )
        self._complain(newest.complaints)
        heard_of = [*newest.items, *running, *scoring]
        left = self._ledger.active_ids(run_id) - {scenario_run.id for scenario_run in heard_of}
        self._ledger.learn_scenario_runs(run_id, heard_of, stamp)
        if len(left) > _MOST_LOOK_UPS or self._disagrees(run_id, newest.total_count):
            await self.sweep(run_id)
        else:
            await together(*(self._look_up(run_id, id_) for id_ in sorted(left)))

    async def close(self, run_id: str) -> None:
        """Read the scenario runs of an ended run for the last time.

        Raises:
            RunloopError: a page could not be read.
        """
        await self.sweep(run_id)
        self._closing_sweeps[run_id] = self._closing_sweeps.get(run_id, 0) + 1

    def is_closed(self, run_id: str) -> bool:
        """Tell whether an ended run needs no more asking: all is read, and nothing of it is still moving."""
        sweeps = self._closing_sweeps.get(run_id, 0)
        return sweeps > 0 and (
            sweeps >= _MOST_CLOSING_SWEEPS or not self._ledger.active_ids(run_id)
        )

    async def _in_state(self, run_id: str, state: str) -> list["ScenarioRun"]:
        found: list[ScenarioRun] = []
        async for page in each_page(
            lambda after: self._client.list_scenario_runs(
                run_id, state=state, limit=_SWEEP_PAGE, starting_after=after
            )
        ):
            self._complain(page.complaints)
            found.extend(page.items)
        return found

    async def _look_up(self, run_id: str, scenario_run_id: str) -> None:
        stamp = self._ledger.stamp()
        scenario_run = await self._client.get_scenario_run(scenario_run_id)
        self._ledger.learn_scenario_runs(run_id, [scenario_run], stamp)

    def _disagrees(self, run_id: str, total_count: int | None) -> bool:
        """Tell whether the server counts others than we hold, in a way that no sweep has looked into yet."""
        held = self._ledger.scenario_count(run_id)
        if total_count is None or total_count == held:
            return False
        if self._disagreed.get(run_id) == (total_count, held):
            return False
        self._disagreed[run_id] = (total_count, held)
        return True
