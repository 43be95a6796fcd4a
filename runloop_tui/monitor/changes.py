"""What happened between two snapshots."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from runloop_tui.monitor.states import has_ended

if TYPE_CHECKING:
    from collections.abc import Iterator

    from runloop_tui.api.models import ScenarioRun
    from runloop_tui.monitor.snapshot import RunRecord, Snapshot


@dataclass(frozen=True, slots=True)
class RunEnded:
    """A run that had not ended has ended, in a state that is known to be final."""

    record: "RunRecord"


@dataclass(frozen=True, slots=True)
class ScenarioRunEnded:
    """A scenario run that was acted upon has ended, or has the score that was asked for."""

    record: "RunRecord"
    """The run it belongs to."""
    scenario_run: "ScenarioRun"


@dataclass(frozen=True, slots=True)
class RunAppeared:
    """A run is running that was not there before."""

    record: "RunRecord"


def changes(old: "Snapshot", new: "Snapshot") -> "Iterator[RunEnded | RunAppeared]":
    """Say what a person would want to be told; the first load is no news."""
    if not old.loaded:
        return
    for record in new.records:
        before = old.by_id.get(record.id)
        if before is record:
            continue
        if before is None:
            if record.run.is_live:
                yield RunAppeared(record)
        elif has_ended(record.run.state) and not has_ended(before.run.state):
            yield RunEnded(record)
