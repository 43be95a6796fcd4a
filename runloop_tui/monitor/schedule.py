"""Whose turn it is: the watched run at every poll, other live ones more rarely, those that ended until all is read."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from runloop_tui.monitor.health import What
from runloop_tui.monitor.states import is_terminal

if TYPE_CHECKING:
    from collections.abc import Collection

    from runloop_tui.monitor.back_off import Backoff, FailedFetches
    from runloop_tui.monitor.fetch_benchmarks import DefinitionNames, Totals
    from runloop_tui.monitor.fetch_scenario_runs import ScenarioRunFetcher
    from runloop_tui.monitor.store import Store


_POLLS_BETWEEN = 6


class Schedule:
    """Gives each run that was ever seen live its turn, spread over the polls."""

    def __init__(self, ledger: "Store", follower: "ScenarioRunFetcher") -> None:
        self._ledger = ledger
        self._follower = follower
        self._places: dict[str, int] = {}

    def to_read(self, at_once: "Collection[str | None]", poll: int) -> dict[str, None]:
        """The runs whose scenario runs are to be read at this poll, in order; of `at_once` all that are live."""
        due: dict[str, None] = {}
        live_ids = self._ledger.live_ids()
        for run_id in sorted(live_ids, key=self._started_ms):
            self._places.setdefault(run_id, len(self._places))
        for run_id in live_ids:
            if run_id in at_once or self._is_turn_of(run_id, poll):
                due[run_id] = None
        due.update((run_id, None) for run_id in self._places if self._has_to_be_closed(run_id))
        return due

    def to_look_up(self, poll: int) -> list[str]:
        """The runs that were live and are now in a state that nobody knows: no list tells when they end."""
        return [
            id_ for id_ in self._places if self._is_unclear(id_) and self._is_turn_of(id_, poll)
        ]

    def is_followed(self, run_id: str) -> bool:
        """Tell whether the run gets turns at all."""
        return run_id in self._places and (
            self._ledger.is_live(run_id) or self._has_to_be_closed(run_id)
        )

    def _started_ms(self, run_id: str) -> int:
        run = self._ledger.run(run_id)
        return (run.start_time_ms if run else None) or 0

    def _is_turn_of(self, run_id: str, poll: int) -> bool:
        return (poll - self._places[run_id]) % _POLLS_BETWEEN == 0

    def _has_to_be_closed(self, run_id: str) -> bool:
        """Tell whether a run that was live has ended, and was not read to the end yet."""
        return not (
            self._ledger.is_live(run_id)
            or self._ledger.is_gone(run_id)
            or self._follower.is_closed(run_id)
        )

    def _is_unclear(self, run_id: str) -> bool:
        run = self._ledger.run(run_id)
        return run is not None and not (
            run.is_live or is_terminal(run.state) or self._ledger.is_gone(run_id)
        )


def run_to_count(
    attention: "Viewport", ledger: "Store", postponed: "FailedFetches", poll: int, rereads: "Backoff"
) -> str | None:
    """The watched run, if its scenario runs are not held; else one on screen whose counts are unknown.

    Of an ended run, scenario runs that could not be read are read again, put off by `rereads`, the one first that
    is due the longest.
    """

    def can_be_read(run_id: str) -> bool:
        is_there = ledger.knows_run(run_id) and not ledger.is_gone(run_id)
        return is_there and postponed.is_due((What.SCENARIO_RUNS, run_id), poll)

    def is_reread_due(run_id: str) -> bool:
        is_unread = ledger.has_unread(run_id) and not ledger.is_live(run_id)
        return is_unread and rereads.is_due(run_id, poll)

    watched = attention.watched
    is_lacking = watched and (not ledger.has_swept(watched) or is_reread_due(watched))
    if watched and is_lacking and can_be_read(watched):
        return watched
    uncounted = (run_id for run_id in attention.visible if not ledger.has_tally(run_id))
    lacking = next(filter(can_be_read, uncounted), None)
    if lacking is not None:
        return lacking
    unread = [id_ for id_ in attention.visible if is_reread_due(id_) and can_be_read(id_)]
    return min(unread, key=rereads.next_poll, default=None)


def benchmark_to_read(
    attention: "Viewport", ledger: "Store", postponed: "FailedFetches", poll: int, totals: "Totals"
) -> str | None:
    """The benchmark of a run on screen that could not be read along with the run's scenario runs."""
    lacking = (ledger.benchmark_to_ask(run_id) for run_id in attention.visible)
    due = (id_ for id_ in lacking if id_ and totals.is_due(id_))
    return next((id_ for id_ in due if postponed.is_due((What.BENCHMARK, id_), poll)), None)


def definitions_to_read(
    attention: "Viewport",
    ledger: "Store",
    postponed: "FailedFetches",
    poll: int,
    names: "DefinitionNames",
) -> str | None:
    """The benchmark that tells the names of what has not started in the watched run, where they are not known."""
    id_ = ledger.definitions_to_ask(attention.watched) if attention.watched else None
    is_due = id_ and names.is_due(id_) and postponed.is_due((What.NAMES, id_), poll)
    return id_ if is_due else None


@dataclass(frozen=True, slots=True)
class Viewport:
    """What is on the screen."""

    watched: str | None = None
    """The run whose scenario runs are on the screen."""
    visible: tuple[str, ...] = ()
    """The runs whose rows are on the screen."""
