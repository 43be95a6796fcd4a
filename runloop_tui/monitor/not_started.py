"""The scenarios of a run that have not started, by name."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from runloop_tui.api.models import ScenarioDefinition
    from runloop_tui.monitor.snapshot import RunRecord


def not_started(
    record: "RunRecord", definitions: "Sequence[ScenarioDefinition]"
) -> "tuple[ScenarioDefinition, ...]":
    """Those of a benchmark's scenarios that have no scenario run in a run that was read whole.

    None at all where they are not as many as the counts say (a job of a part of the benchmark, a scenario that is
    tried again): then the number is told without names, and everything on the screen adds up.
    """
    tally = record.tally
    if tally is None or not record.all_read:
        return ()
    started = {scenario_run.scenario_id for scenario_run in record.scenario_runs or ()}
    waiting = tuple(each for each in definitions if each.id not in started)
    return waiting if len(waiting) == tally.not_started(record.planned) else ()
