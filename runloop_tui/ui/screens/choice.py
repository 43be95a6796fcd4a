"""What the person has chosen to act upon: the marked rows, else the one under the cursor, at this moment."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from runloop_tui.monitor.actions import Intent
from runloop_tui.present.questions import Target
from runloop_tui.present.runs import run_name
from runloop_tui.present.scenarios import scenario_name

if TYPE_CHECKING:
    from runloop_tui.api.models import BenchmarkRun, ScenarioRun
    from runloop_tui.monitor.actions import Verb
    from runloop_tui.monitor.snapshot import RunRecord, Snapshot
    from runloop_tui.ui.screens.panes import Panes


def chosen(panes: "Panes", snapshot: "Snapshot") -> "tuple[BenchmarkRun | ScenarioRun, ...]":
    """The runs or scenario runs that a key concerns."""
    if panes.concerns_runs:
        return tuple(snapshot.by_id[run_id].run for run_id in panes.runs.table.chosen)
    table = panes.scenarios.table
    return tuple(
        table.scenario_runs[row_id] for row_id in table.chosen if row_id in table.scenario_runs
    )


def targets(
    verb: "Verb", panes: "Panes", snapshot: "Snapshot", record: "RunRecord | None"
) -> Iterator[Target]:
    """Of what is chosen, all that the verb can still change; `record` is the run under the cursor."""
    if panes.concerns_runs:
        if verb == "score":  # a run's score is the mean of what its scenario runs have
            return
        for run_id in panes.runs.table.chosen:
            its_record = snapshot.by_id[run_id]
            if its_record.run.is_live:
                yield Target(Intent(verb, run_id), run_name(its_record.run), its_record)
        return
    table = panes.scenarios.table
    for row_id in table.chosen if record else ():
        scenario_run = table.scenario_runs.get(row_id)
        if record is not None and scenario_run is not None and _is_open(scenario_run, verb):
            yield Target(Intent(verb, record.id, row_id), scenario_name(scenario_run), record)


def _is_open(scenario_run: "ScenarioRun", verb: "Verb") -> bool:
    """Tell whether a verb can still change a scenario run."""
    return scenario_run.state == "running" if verb == "score" else not scenario_run.is_terminal
