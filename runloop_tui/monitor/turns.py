"""Whose turn it is: the watched run at every poll, other live ones more rarely, those that ended until all is read."""

from typing import TYPE_CHECKING

from runloop_tui.monitor.states import has_ended

if TYPE_CHECKING:
    from collections.abc import Collection

    from runloop_tui.monitor.following import Follower
    from runloop_tui.monitor.ledger import Ledger

_POLLS_BETWEEN = 6


class Turns:
    """Gives each run that was ever seen live its turn, spread over the polls."""

    def __init__(self, ledger: "Ledger", follower: "Follower") -> None:
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
            run.is_live or has_ended(run.state) or self._ledger.is_gone(run_id)
        )
