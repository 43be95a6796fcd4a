"""The scenario runs of the run under the cursor."""

from typing import TYPE_CHECKING

from runloop_tui.monitor.arrange import SCENARIO_FIELDS, SCENARIO_ORDERS, arrange_scenario_runs
from runloop_tui.monitor.counts import times_usual
from runloop_tui.monitor.query import Found, parse
from runloop_tui.monitor.states import NOT_STARTED
from runloop_tui.present.layout import Line, row
from runloop_tui.present.scenarios import (
    SCENARIO_COLUMNS,
    reason,
    scenario_cells,
    scenarios_title,
    shown_reason,
)
from runloop_tui.ui.widgets.pane_title import pane_title
from runloop_tui.ui.widgets.table_pane import TablePane
from runloop_tui.ui.widgets.virtual_table import VirtualTable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from runloop_tui.api.models import FailureReason, ScenarioDefinition, ScenarioRun
    from runloop_tui.monitor.snapshot import RunRecord


class ScenariosTable(VirtualTable):
    """A row for each scenario run."""

    def __init__(self) -> None:
        super().__init__(id="scenarios-table")
        self.scenario_runs: dict[str, ScenarioRun] = {}
        self.not_started: dict[str, ScenarioDefinition] = {}
        self.failures: Mapping[str, FailureReason] = {}
        self.under_way: Mapping[str, str] = {}
        self.usual_ms: int | None = None
        self.now_ms = 0

    def row_lines(self, row_id: str, width: int) -> "Sequence[Line]":
        """The scenario run, or the scenario that has not started, as a row."""
        if row_id in self.not_started:
            from runloop_tui.present.scenario_detail import not_started_cells

            return (row(SCENARIO_COLUMNS, not_started_cells(self.not_started[row_id]), width),)
        cells = scenario_cells(
            self.scenario_runs[row_id],
            self.now_ms,
            self.usual_ms,
            self.under_way.get(row_id, ""),
            self.failures.get(row_id),
        )
        return (row(SCENARIO_COLUMNS, cells, width),)


class ScenariosPane(TablePane):
    """All scenario runs of a run, problems first unless the person chose otherwise."""

    table: ScenariosTable

    def __init__(self) -> None:
        super().__init__(
            ScenariosTable(),
            SCENARIO_COLUMNS,
            SCENARIO_ORDERS,
            id="scenarios-pane",
            filter_hint="words, state:failed, reason:patch",
        )
        self._record: RunRecord | None = None
        self._reasons: dict[str, tuple[ScenarioRun, str]] = {}

    def show(self, record: "RunRecord | None", under_way: "Mapping[str, str]", now_ms: int) -> None:
        """Show the scenario runs of a run; another run begins at its first row."""
        before, self._record = self._record, record
        table = self.table
        table.now_ms, table.under_way = now_ms, under_way
        table.usual_ms = record.usual_ms if record else None
        held = (record.scenario_runs if record else None) or ()
        if before is None or held is not before.scenario_runs:
            table.scenario_runs = {scenario_run.id: scenario_run for scenario_run in held}
        waiting = record.not_started if record else ()
        if before is None or waiting is not before.not_started:
            table.not_started = {each.id: each for each in waiting}
        table.failures = record.job.failures if record and record.job else {}
        if before is None or record is None or before.job is not record.job:
            self._reasons.clear()
        is_other = before is None or record is None or before.id != record.id
        if is_other:
            self._reasons.clear()
            self.held = False
        self.rearrange()
        if is_other:
            table.begin_anew()
        if record is not None and record.all_read and record.scenario_runs is not None:
            table.keep_row()

    def tell_time(self, now_ms: int) -> None:
        """Let durations go on to this moment."""
        self.table.now_ms = now_ms
        self.table.repaint_changed()

    @property
    def highlighted(self) -> "ScenarioRun | None":
        """The scenario run under the cursor."""
        row_id = self.table.cursor_id
        return self.table.scenario_runs.get(row_id) if row_id is not None else None

    @property
    def highlighted_not_started(self) -> "ScenarioDefinition | None":
        """The scenario under the cursor, where it has not started."""
        row_id = self.table.cursor_id
        return self.table.not_started.get(row_id) if row_id is not None else None

    def found_ids(self) -> list[str]:
        """The ids of the scenario runs that pass the filter, in the chosen order; then what has not started."""
        found = arrange_scenario_runs(
            self.table.scenario_runs.values(),
            self.needle,
            self.order,
            reasons=self._reason,
            usual_ms=self.table.usual_ms,
            now_ms=self.table.now_ms,
            under_way=lambda row_id: self.table.under_way.get(row_id, ""),
        )
        query = parse(self.needle, SCENARIO_FIELDS)
        waiting = (
            each
            for each in self.table.not_started.values()
            if query.finds(Found((each.name, each.id), (NOT_STARTED,)))
        )
        return [*(scenario_run.id for scenario_run in found), *(each.id for each in waiting)]

    def title_line(self, shown: int) -> Line:
        """How many scenario runs are shown of how many, and how they are sorted."""
        if self._record is None:
            return pane_title(3, "scenarios")
        by = self.order_words("problems first", "problems last")
        return pane_title(3, scenarios_title(shown, self._record), by)

    def _reason(self, scenario_run: "ScenarioRun") -> str:
        """The reason that its row shows; why it did not pass is found once for each answer, for sorting asks often."""
        table = self.table
        factor = times_usual(scenario_run, table.usual_ms, table.now_ms)
        if factor is not None:
            return shown_reason(factor, "")
        known = self._reasons.get(scenario_run.id)
        if known is None or known[0] is not scenario_run:
            known = (scenario_run, reason(scenario_run, table.failures.get(scenario_run.id)))
            self._reasons[scenario_run.id] = known
        return known[1]
