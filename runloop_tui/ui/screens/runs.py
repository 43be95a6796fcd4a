"""The runs: their list, the selected run in full, its scenario runs, the selected scenario run in full."""

from functools import partial
from typing import TYPE_CHECKING, ClassVar

from runloop_tui.monitor.schedule import Viewport
from runloop_tui.present.text import safe
from runloop_tui.ui.keymap import RUN_KEYS
from runloop_tui.ui.messages import (
    ActionRequested,
    CompareRequested,
    CopyRequested,
    FailuresRequested,
    JobsRequested,
    LinkRequested,
    LogsRequested,
    OlderRunsWanted,
    RunLogsOpened,
    RunsWanted,
    ScenarioLogsOpened,
    StartRequested,
    ViewportMoved,
)
from runloop_tui.ui.screens.pane_screen import Pane, PaneScreen
from runloop_tui.ui.widgets.bars import LineBar
from runloop_tui.ui.widgets.runs_panes import (
    RunDetailPane,
    RunsPane,
    ScenarioDetailPane,
    ScenariosPane,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from textual.binding import BindingType

    from runloop_tui.analysis.report import RunReport
    from runloop_tui.api.models import BenchmarkRun, ScenarioRun
    from runloop_tui.monitor.actions import Verb
    from runloop_tui.monitor.health import Health
    from runloop_tui.monitor.snapshot import RunRecord, Snapshot
    from runloop_tui.present.layout import Line
    from runloop_tui.present.questions import Target
    from runloop_tui.ui.connection import Options
    from runloop_tui.ui.dialogs.start_panel import StartPanel
    from runloop_tui.ui.widgets.table_pane import TablePane
    from runloop_tui.ui.widgets.virtual_table import VirtualTable

_ROWS_BEFORE_END = 20
"""Request older runs when the cursor is this near the last row."""
_OF_SCREEN = frozenset(key.action.partition("(")[0] for key in RUN_KEYS) | {"next_match"}
_CHANGING = frozenset(key.action for key in RUN_KEYS if key.changes)
_WITHOUT_DATA = frozenset({"refresh", "app.events", "app.downloads"})
_WITHOUT_RUNS = _WITHOUT_DATA | {"start_run", "jobs"}
"""The actions that are available while a panel stands in for the panes: before the first data, and without runs."""


class RunsScreen(PaneScreen):
    """The first screen of the app."""

    BINDINGS: ClassVar[list["BindingType"]] = [key.binding for key in RUN_KEYS]
    AUTO_FOCUS = "#runs-table"

    def __init__(self, options: "Options") -> None:
        super().__init__(options)
        self.runs = RunsPane()
        self.detail = RunDetailPane()
        self.scenarios = ScenariosPane()
        self.inspector = ScenarioDetailPane()
        self.panes = {
            "runs": Pane(self.runs, table="runs", back="runs"),
            "detail": Pane(self.detail, table="scenarios", back="runs", unzoomed="scenarios"),
            "scenarios": Pane(self.scenarios, table="scenarios", back="runs"),
            "inspector": Pane(
                self.inspector, table="scenarios", back="scenarios", unzoomed="scenarios"
            ),
        }
        self.transfers = LineBar(classes="transfers")
        self.transfers.display = False
        self._panel: StartPanel | None = None

    @property
    def extra_bars(self) -> "Iterable[LineBar]":
        """The downloads in progress."""
        return (self.transfers,)

    # Data, downwards

    def show(
        self,
        snapshot: "Snapshot",
        health: "Health",
        local_ms: int,
        reports: "Mapping[str, RunReport]",
        unseen: frozenset[str],
    ) -> None:
        """Show a snapshot, or a panel that says why there are no runs."""
        super().show(snapshot, health, local_ms, reports, unseen)
        self._show_panel()

    def show_panes(self) -> None:
        """Show the runs, and what belongs to the selected one."""
        self.runs.show(self._snapshot, self.now)
        self._show_run()

    @property
    def record(self) -> "RunRecord | None":
        """The run under the cursor."""
        row_id = self.runs.table.cursor_id
        return self._snapshot.by_id.get(row_id) if row_id is not None else None

    def _show_run(self) -> None:
        run_id = self.record.id if self.record else None
        self.scenarios.show(self._snapshot, self.now, run_id)
        self.detail.show(self._snapshot, self.now, run_id)
        self._show_scenario()

    def _show_scenario(self) -> None:
        run_id = self.record.id if self.record else None
        self.inspector.show(self._snapshot, self.now, run_id, self.scenarios.selected)

    def _show_panel(self) -> None:
        """Show the panel in place of the panes while they have nothing to show, and remove it afterwards."""
        write = self._panel_lines
        if write is None:
            if self._panel is not None:
                self._panel.remove()
                self._panel = None
                self.remove_class("no-data")
                self.set_focus(self.runs.table)
                self.refresh_bindings()
            return
        if self._panel is None:
            from runloop_tui.ui.dialogs.start_panel import StartPanel

            self._panel = StartPanel()
            self.mount(self._panel, after=self.query_one(".panes"))
            self.add_class("no-data")
            self.refresh_bindings()
        self._panel.say(write)

    @property
    def _panel_lines(self) -> "Callable[[int], list[Line]] | None":
        """Writes the panel for a width; None where there is data, or the first answer is still awaited."""
        snapshot, health = self._snapshot, self._health
        is_waiting = health.failure is None and health.stalled_since_ms is None
        if snapshot.records or (not snapshot.loaded and is_waiting):
            return None
        from runloop_tui.present.no_data import Endpoint, empty_account_lines, no_data_lines

        options = self.options
        tried = Endpoint(options.address, options.address_source, options.key_source)
        if snapshot.loaded:
            return partial(empty_account_lines, tried, read_only=options.read_only)
        return partial(no_data_lines, health, tried, self._local_ms)

    # The cursor

    def select_run(self, run_id: str) -> None:
        """Move the cursor to a run and focus its scenarios."""
        self.runs.clear_filter()
        self.runs.table.move_to(run_id)
        if self.runs.table.cursor_id == run_id:
            self.set_focus(self.scenarios.table)

    def select_scenario(self, run_id: str, scenario_id: str) -> None:
        """Move the cursors to a run and to its last scenario run of a scenario, and focus that."""
        self.select_run(run_id)
        self._show_run()
        self.scenarios.clear_filter()
        of_scenario = [
            each
            for each in self.scenarios.table.scenario_runs.values()
            if each.scenario_id == scenario_id
        ]
        if self.runs.table.cursor_id == run_id and of_scenario:
            last = max(of_scenario, key=lambda each: each.start_time_ms or 0)
            self.scenarios.table.move_to(last.id)

    def point_at_run(self, run_id: str) -> None:
        """Move the cursor to a run and keep the focus on the list."""
        self.select_run(run_id)
        self.action_focus_pane("runs")

    @property
    def viewport(self) -> Viewport:
        """The run under the cursor, and the runs on the screen: they are polled first."""
        table = self.runs.table
        return Viewport(table.cursor_id, table.visible_ids, compared=self.compared)

    def on_virtual_table_highlighted(self, event: "VirtualTable.Highlighted") -> None:
        """Show the row under the cursor in full."""
        if event.table is self.runs.table:
            self._show_run()
            self.post_message(ViewportMoved(self.viewport))
            near_end = event.table.is_near_end(event.row_id, _ROWS_BEFORE_END)
            if near_end and self._snapshot.more_runs and not self.runs.filter_text:
                self.post_message(OlderRunsWanted())
        elif event.table is self.scenarios.table:
            self._show_scenario()
            self.scenarios.show_titles()

    def on_virtual_table_scrolled(self, event: "VirtualTable.Scrolled") -> None:
        """Report which runs are on the screen now."""
        if event.table is self.runs.table:
            self.post_message(ViewportMoved(self.viewport))

    def on_virtual_table_opened(self, event: "VirtualTable.Opened") -> None:
        """Focus the scenarios of the run, or the scenario in full."""
        if event.table is self.runs.table:
            self.action_focus_pane("scenarios")
        elif event.table is self.scenarios.table:
            self.action_focus_pane("inspector")

    def on_table_pane_filter_kept(self, event: "TablePane.FilterKept") -> None:
        """Request runs that the filter may match among those that were not read."""
        if event.pane is self.runs and self.runs.filter_text:
            from runloop_tui.monitor.query import parse_run_filter
            from runloop_tui.monitor.states import GONE

            wanted = parse_run_filter(self.runs.filter_text)
            if wanted.state != GONE:  # the server returns no such run
                self.post_message(RunsWanted(wanted))

    # Keys that look

    def action_next_match(self) -> None:
        """Go to the next line that matches the search."""
        if self.lines_pane is not None:
            self.lines_pane.next_match()

    def action_next_problem(self) -> None:
        """Move the cursor to the next scenario run that is stuck, an error or slow; after the last to the first."""
        if self.scenarios.go_to_next_problem():
            self.set_focus(self.scenarios.table)
        else:
            self.notify("No scenario is stuck, slow or an error.", markup=False)

    def action_jobs(self) -> None:
        """Open the jobs, with the cursor on the job of the selected run."""
        job = self.record.job if self.record else None
        self.post_message(JobsRequested(job.job_id if job else None))

    def action_compare(self) -> None:
        """Compare the marked runs, if there are two or more; else the run under the cursor with the run before."""
        table = self.runs.table
        run_ids = table.chosen if len(table.marks) > 1 else (table.cursor_id,)
        self.post_message(CompareRequested(tuple(filter(None, run_ids))))

    def action_logs(self) -> None:
        """Open the logs of the selected run or scenario run."""
        record, scenario_run = self.record, self.scenarios.highlighted
        if self._targets_runs:
            if record is not None:
                self.post_message(RunLogsOpened(record.run))
        elif scenario_run is not None:
            self.post_message(ScenarioLogsOpened(scenario_run))
        elif self.scenarios.table.cursor_id is not None:
            self.notify("It has not started, so there is no log yet.", markup=False)

    def action_failures(self) -> None:
        """Show the failures of the selected run in groups."""
        if self.record is not None:
            self.post_message(FailuresRequested(self.record.id))

    def action_copy_id(self) -> None:
        """Copy the ids of the targets."""
        if things := self._targets:
            ids = "\n".join(safe(thing.id) for thing in things)
            self.post_message(CopyRequested("id" if len(things) == 1 else "ids", ids))

    def action_copy_link(self) -> None:
        """Copy the link to the web page of the first target."""
        if things := self._targets:
            self.post_message(LinkRequested(things[0], open=False))

    def action_open_link(self) -> None:
        """Open the web page of the first target."""
        if things := self._targets:
            self.post_message(LinkRequested(things[0], open=True))

    # Keys that act

    def action_start_run(self) -> None:
        """Open the form that starts a run."""
        self.post_message(StartRequested())

    def action_download_logs(self) -> None:
        """Request the logs of the targets."""
        if things := self._targets:
            self.post_message(LogsRequested(things))

    def action_cancel(self) -> None:
        """Request that the targets are canceled."""
        self._request_action("cancel")

    def action_complete(self) -> None:
        """Request that the targets are completed."""
        self._request_action("complete")

    def action_score(self) -> None:
        """Request that the targets are scored."""
        self._request_action("score")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        """Disable the keys that change something with --read-only, and those of the panes without data."""
        if self._panel is not None:
            left = _WITHOUT_RUNS if self._snapshot.loaded else _WITHOUT_DATA
            if action in _OF_SCREEN - left:
                return False
        return not (self.options.read_only and action in _CHANGING)

    # Targets: the marked rows, else the row under the cursor, when the key is pressed

    @property
    def _targets_runs(self) -> bool:
        """Return True where keys act on runs, False where they act on scenario runs."""
        return self.focused_pane in {"runs", "detail"}

    @property
    def _targets(self) -> "tuple[BenchmarkRun | ScenarioRun, ...]":
        if self._targets_runs:
            return tuple(self._snapshot.by_id[run_id].run for run_id in self.runs.table.chosen)
        scenario_runs = self.scenarios.table.scenario_runs
        chosen = self.scenarios.table.chosen
        return tuple(scenario_runs[row_id] for row_id in chosen if row_id in scenario_runs)

    def _request_action(self, verb: "Verb") -> None:
        if not self._targets:
            return
        found = tuple(self._targets_of(verb))
        if found:
            self.post_message(ActionRequested(found))
        else:
            from runloop_tui.present.questions import nothing_to_change

            self.notify(nothing_to_change(verb), markup=False)

    def _targets_of(self, verb: "Verb") -> "Iterator[Target]":
        """Yield the targets that the action can still change."""
        from runloop_tui.monitor.actions import Intent
        from runloop_tui.present.questions import Target
        from runloop_tui.present.runs import run_name
        from runloop_tui.present.scenarios import scenario_name

        record = self.record
        for thing in self._targets:
            of = self._snapshot.by_id.get(thing.id)
            if of is not None:
                if of.run.is_live and verb != "score":  # a run's score is a mean: nothing to score
                    yield Target(Intent(verb, of.id), run_name(of.run), of)
                continue
            scenario_run = self.scenarios.table.scenario_runs[thing.id]
            if record is not None and _can_change(scenario_run, verb):
                yield Target(Intent(verb, record.id, thing.id), scenario_name(scenario_run), record)


def _can_change(scenario_run: "ScenarioRun", verb: "Verb") -> bool:
    return scenario_run.state == "running" if verb == "score" else not scenario_run.is_terminal
