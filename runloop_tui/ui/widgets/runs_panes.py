"""The panes of the runs screen: runs, the selected run, its scenario runs, the selected scenario run."""

from typing import TYPE_CHECKING

from runloop_tui.monitor.arrange import (
    RUN_ORDERS,
    SCENARIO_FIELDS,
    SCENARIO_ORDERS,
    arrange_runs,
    arrange_scenario_runs,
    is_problem,
)
from runloop_tui.monitor.counts import NOT_STARTED
from runloop_tui.monitor.query import Found, parse
from runloop_tui.present.layout import fits, row
from runloop_tui.present.runs import RUN_COLUMNS, run_card, run_cells, runs_title
from runloop_tui.present.scenarios import (
    SCENARIO_COLUMNS,
    reason,
    scenario_cells,
    scenarios_title,
    shown_reason,
)
from runloop_tui.ui.messages import OlderRunsWanted
from runloop_tui.ui.widgets.bars import pane_title
from runloop_tui.ui.widgets.detail_pane import DetailPane
from runloop_tui.ui.widgets.table_pane import Now, SnapshotPane, SnapshotTable
from runloop_tui.ui.widgets.virtual_table import MARGIN

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from runloop_tui.analysis.report import RunReport
    from runloop_tui.analysis.slow import Slow, Stuck
    from runloop_tui.api.models import FailureReason, ScenarioDefinition, ScenarioRun
    from runloop_tui.monitor.snapshot import RunRecord, Snapshot
    from runloop_tui.present.layout import Line

_PREVIEW_HEIGHT = 12
"""Lines of a pane below which a scenario run is shown as a preview, not in full."""


class RunsTable(SnapshotTable):
    """A row for each run, or a card of two lines where the columns do not fit."""

    def __init__(self) -> None:
        super().__init__(id="runs-table")
        self.is_going_to_end = False
        """The cursor follows the last row while older runs are being read."""

    @property
    def row_height(self) -> int:
        """Lines of a row: 2 for cards."""
        return 1 if fits(RUN_COLUMNS, self.size.width - MARGIN) else 2

    def row_lines(self, row_id: str, width: int) -> "Sequence[Line]":
        """Return the run as a row, or as a card."""
        record = self.snapshot.by_id[row_id]
        report, is_unseen = self.now.reports.get(row_id), row_id in self.now.unseen
        if self.row_height == 1:
            cells = run_cells(record, self.now.ms, self.now.times, report, is_unseen=is_unseen)
            return (row(RUN_COLUMNS, cells, width),)
        return run_card(record, self.now.ms, self.now.times, width, report, is_unseen=is_unseen)

    def action_move_last(self) -> None:
        """Go to the last run read so far, and on to the very last one as more are read."""
        super().action_move_last()
        self.is_going_to_end = self.snapshot.more_runs
        if self.is_going_to_end:
            self.post_message(OlderRunsWanted(to_the_end=True))


class RunsPane(SnapshotPane):
    """The runs read so far, filtered and sorted."""

    table: RunsTable

    def __init__(self) -> None:
        super().__init__(
            RunsTable(),
            RUN_COLUMNS,
            RUN_ORDERS,
            id="runs-pane",
            filter_hint="words, state:failed, benchmark:, name:",
        )

    @property
    def is_complete(self) -> bool:
        """Return True once the first page is read."""
        return self.table.snapshot.loaded

    def show(self, snapshot: "Snapshot", now: Now, subject: str | None = None) -> None:
        """Show a snapshot; keep the cursor on the last row while it goes to the end."""
        table = self.table
        last = table.ids[-1] if table.ids else None
        goes_on = table.is_going_to_end and table.cursor_id == last
        super().show(snapshot, now, subject)
        table.is_going_to_end = goes_on and snapshot.more_runs
        if goes_on and table.ids:
            table.move_to(table.ids[-1])

    def found_ids(self) -> list[str]:
        """Return the ids of the runs that match the filter, sorted."""
        records = self.table.snapshot.records
        found = arrange_runs(records, self.filter_text, self.order, self.table.now.ms)
        return [record.id for record in found]

    def nothing_found(self, *, is_typing: bool) -> str:
        """Return what to say of no match; mention the server where it has older runs."""
        snapshot = self.table.snapshot
        if not snapshot.more_runs:
            return super().nothing_found(is_typing=is_typing)
        further = ", ⏎ asks the server" if is_typing else " it"
        return f"None of {len(snapshot.records):,}: Esc clears{further}."

    def title_line(self, shown: int) -> "Line":
        """Return the counts and the order."""
        snapshot = self.table.snapshot
        if not snapshot.loaded:
            return pane_title(1, "runs", "connecting…")
        if not snapshot.records:
            return pane_title(1, "runs", "there are none yet")
        by = self.order_words("newest first", "oldest first")
        return pane_title(1, runs_title(shown, snapshot), by)


class RunDetailPane(DetailPane):
    """A run in full."""

    def __init__(self) -> None:
        super().__init__(2, "run", id="detail-pane")

    def show(self, snapshot: "Snapshot", now: Now, run_id: str | None) -> None:
        """Show a run of the snapshot."""
        record = snapshot.by_id.get(run_id) if run_id is not None else None

        def write(width: int, _height: int) -> "list[Line]":
            if record is None:
                return []
            from runloop_tui.present.run_detail import run_detail

            return run_detail(record, now.ms, now.times, width, now.reports.get(record.id))

        self.show_lines(run_id, write)


class ScenariosTable(SnapshotTable):
    """A row for each scenario run, and for each scenario that has not started."""

    def __init__(self) -> None:
        super().__init__(id="scenarios-table")
        self.scenario_runs: dict[str, ScenarioRun] = {}
        self.not_started: dict[str, ScenarioDefinition] = {}
        self.failures: Mapping[str, FailureReason] = {}
        self.under_way: Mapping[str, str] = {}
        self.run_id: str | None = None

    @property
    def report(self) -> "RunReport | None":
        """The figures of the run; None until they are computed."""
        return self.now.reports.get(self.run_id) if self.run_id is not None else None

    def late_of(self, scenario_run: "ScenarioRun") -> "Slow | Stuck | None":
        """Return why a scenario run is slow or stuck; None where it is neither."""
        return self.report.late_of(scenario_run) if self.report else None

    def row_lines(self, row_id: str, width: int) -> "Sequence[Line]":
        """Return the row of a scenario run, or of a scenario that has not started."""
        if row_id in self.not_started:
            from runloop_tui.present.scenario_detail import not_started_cells

            return (row(SCENARIO_COLUMNS, not_started_cells(self.not_started[row_id]), width),)
        scenario_run = self.scenario_runs[row_id]
        cells = scenario_cells(
            scenario_run,
            self.now.ms,
            self.late_of(scenario_run),
            self.under_way.get(row_id, ""),
            self.failures.get(row_id),
        )
        return (row(SCENARIO_COLUMNS, cells, width),)


class ScenariosPane(SnapshotPane):
    """The scenario runs of the selected run, filtered and sorted: problems first by default."""

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
        self._reasons_of: str | None = None
        self._reasons: dict[str, tuple[ScenarioRun, str]] = {}

    def take(self, subject: str | None) -> None:
        """Read the scenario runs of a run from the snapshot; keep the mappings that did not change."""
        table, before = self.table, self._record
        record = table.snapshot.by_id.get(subject) if subject is not None else None
        self._record = record
        table.under_way = dict(table.snapshot.under_way)
        table.run_id = subject
        held = (record.scenario_runs if record else None) or ()
        if before is None or held is not before.scenario_runs:
            table.scenario_runs = {scenario_run.id: scenario_run for scenario_run in held}
        waiting = record.not_started if record else ()
        if before is None or waiting is not before.not_started:
            table.not_started = {each.id: each for each in waiting}
        table.failures = record.job.failures if record and record.job else {}
        is_same_job = before is not None and record is not None and before.job is record.job
        if not is_same_job or subject != self._reasons_of:
            self._reasons_of = subject
            self._reasons.clear()

    def is_affected(self, before: Now, now: Now) -> bool:
        """Return whether other scenario runs are stuck or slow than before."""
        if before.reports is now.reports or self.subject is None:
            return False
        was, now_is = before.reports.get(self.subject), now.reports.get(self.subject)
        return (was.late if was else {}) != (now_is.late if now_is else {})

    @property
    def is_complete(self) -> bool:
        """Return True once all scenario runs of the run are read."""
        record = self._record
        return record is not None and record.all_read and record.scenario_runs is not None

    @property
    def highlighted(self) -> "ScenarioRun | None":
        """The scenario run under the cursor."""
        row_id = self.table.cursor_id
        return self.table.scenario_runs.get(row_id) if row_id is not None else None

    @property
    def highlighted_not_started(self) -> "ScenarioDefinition | None":
        """The scenario under the cursor, if it has not started."""
        row_id = self.table.cursor_id
        return self.table.not_started.get(row_id) if row_id is not None else None

    @property
    def selected(self) -> "ScenarioRun | ScenarioDefinition | None":
        """What is under the cursor."""
        return self.highlighted_not_started or self.highlighted

    def found_ids(self) -> list[str]:
        """Return the ids of the scenario runs that match the filter, sorted; then of those not started."""
        table = self.table
        found = arrange_scenario_runs(
            table.scenario_runs.values(),
            self.filter_text,
            self.order,
            reasons=self._reason,
            late=table.report.late if table.report else {},
            now_ms=table.now.ms,
            under_way=lambda row_id: table.under_way.get(row_id, ""),
        )
        query = parse(self.filter_text, SCENARIO_FIELDS)
        waiting = (
            each
            for each in table.not_started.values()
            if query.finds(Found((each.name, each.id), (NOT_STARTED,)))
        )
        return [*(scenario_run.id for scenario_run in found), *(each.id for each in waiting)]

    def go_to_next_problem(self) -> bool:
        """Move the cursor to the next row that is stuck, an error or slow, round the end; return False without one."""
        table = self.table
        late = table.report.late if table.report else {}
        ids = table.ids
        here = ids.index(table.cursor_id) + 1 if table.cursor_id in ids else 0
        for row_id in (*ids[here:], *ids[:here]):
            scenario_run = table.scenario_runs.get(row_id)
            if scenario_run is not None and is_problem(scenario_run, late):
                table.move_to(row_id)
                return True
        return False

    def title_line(self, shown: int) -> "Line":
        """Return the counts and the order."""
        if self._record is None:
            return pane_title(3, "scenarios")
        by = self.order_words("problems first", "problems last")
        return pane_title(3, scenarios_title(shown, self._record), by)

    def _reason(self, scenario_run: "ScenarioRun") -> str:
        """Return the reason that the row shows, cached per answer: sorting reads it for every comparison."""
        table = self.table
        if (late := table.late_of(scenario_run)) is not None:
            return shown_reason(late, "")
        known = self._reasons.get(scenario_run.id)
        if known is None or known[0] is not scenario_run:
            known = (scenario_run, reason(scenario_run, table.failures.get(scenario_run.id)))
            self._reasons[scenario_run.id] = known
        return known[1]


class ScenarioDetailPane(DetailPane):
    """A scenario run in full, or as a preview in a low pane."""

    def __init__(self) -> None:
        super().__init__(4, "scenario", id="inspector-pane")

    def show(
        self,
        snapshot: "Snapshot",
        now: Now,
        run_id: str | None,
        selected: "ScenarioRun | ScenarioDefinition | None",
    ) -> None:
        """Show a scenario run of a run, or a scenario of it that has not started."""
        record = snapshot.by_id.get(run_id) if run_id is not None else None
        under_way = dict(snapshot.under_way)

        def write(width: int, height: int) -> "list[Line]":
            from runloop_tui.api.models import ScenarioDefinition
            from runloop_tui.present.scenario_detail import (
                not_started_lines,
                scenario_detail,
                scenario_preview,
            )

            if isinstance(selected, ScenarioDefinition):
                return not_started_lines(selected, width)
            if selected is None or record is None:
                return []
            report, words = now.reports.get(record.id), under_way.get(selected.id, "")
            late = report.late_of(selected) if report else None
            failure = record.job.failures.get(selected.id) if record.job else None
            if height < _PREVIEW_HEIGHT:
                return scenario_preview(
                    selected,
                    now.ms,
                    now.times,
                    width,
                    height,
                    late=late,
                    under_way=words,
                    failure=failure,
                )
            return scenario_detail(
                selected,
                now.ms,
                now.times,
                width,
                late=late,
                under_way=words,
                failure=failure,
            )

        self.show_lines(selected.id if selected else None, write)
