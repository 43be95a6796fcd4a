"""The one screen: runs, the run in full, its scenario runs, the scenario run in full."""

from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType
from textual.containers import Container, Vertical

from runloop_tui.monitor.schedule import Viewport
from runloop_tui.monitor.snapshot import Snapshot
from runloop_tui.present.text import safe
from runloop_tui.ui.keys import SCREEN_KEYS
from runloop_tui.ui.messages import (
    ActionRequested,
    AttentionMoved,
    CopyRequested,
    JobsRequested,
    LinkRequested,
    LogsRequested,
    OlderRunsWanted,
    RunLogsOpened,
    RunsWanted,
    ScenarioLogsOpened,
    StartRequested,
)
from runloop_tui.ui.screens.panes import Panes
from runloop_tui.ui.screens.table_screen import TableScreen
from runloop_tui.ui.widgets.keys_footer import KeysFooter
from runloop_tui.ui.widgets.line_bar import LineBar
from runloop_tui.ui.widgets.lines_view import LinesView
from runloop_tui.ui.widgets.table_pane import TablePane
from runloop_tui.ui.widgets.virtual_table import VirtualTable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from textual.app import ComposeResult
    from textual.widget import Widget

    from runloop_tui.api.models import BenchmarkRun, ScenarioRun
    from runloop_tui.monitor.actions import Verb
    from runloop_tui.monitor.health import Health
    from runloop_tui.monitor.snapshot import RunRecord
    from runloop_tui.present.layout import Line
    from runloop_tui.ui.options import Options
    from runloop_tui.ui.screens.panes import PaneName
    from runloop_tui.ui.widgets.start_panel import StartPanel

_PREVIEW_HEIGHT = 12
"""In a pane lower than this the scenario run is shown in a few lines."""
_ROWS_BEFORE_END = 20
"""Older runs are asked for when the cursor is this near the last one."""
_OF_SCREEN = frozenset(key.action.partition("(")[0] for key in SCREEN_KEYS) | {"next_match"}
_WITHOUT_DATA = frozenset({"refresh", "app.events", "app.downloads"})
_WITHOUT_RUNS = _WITHOUT_DATA | {"start_run", "jobs"}
"""The keys that there are while the panes have nothing to show: before all data, and in an empty account."""


class MainScreen(TableScreen):
    """Takes snapshots down to its panes, and what the person asks up as messages."""

    BINDINGS: ClassVar[list[BindingType]] = [key.binding for key in SCREEN_KEYS]
    AUTO_FOCUS = "#runs-table"

    def __init__(self, options: "Options") -> None:
        super().__init__(
            options,
            title_bar=LineBar(id="title-bar"),
            status=LineBar(id="status-line"),
            tiny=LinesView(id="tiny"),
        )
        self.transfers = LineBar(id="transfers")
        self._panel: StartPanel | None = None
        self.panes = Panes(self)
        self.runs, self.detail = self.panes.runs, self.panes.detail
        self.scenarios, self.inspector = self.panes.scenarios, self.panes.inspector

    def compose(self) -> "ComposeResult":
        """The title, the panes, what is under way, the status, the keys."""
        yield self._title_bar
        with Container(id="main"):
            yield self.runs
            with Vertical(id="beside"):
                yield self.detail
                yield self.scenarios
                yield self.inspector
        yield self._tiny
        yield self.transfers
        yield self._status
        yield KeysFooter()

    def on_mount(self) -> None:
        """Nothing is transferred yet."""
        self.transfers.display = False

    # Data, downwards

    @property
    def record(self) -> "RunRecord | None":
        """The run under the cursor."""
        row_id = self.runs.table.cursor_id
        return self._snapshot.by_id.get(row_id) if row_id is not None else None

    def show(self, snapshot: Snapshot, local_ms: int) -> None:
        """Show a snapshot; `local_ms` is now on this machine's clock."""
        self._snapshot, self._local_ms = snapshot, local_ms
        self.runs.show(snapshot, self._now_ms, self._times)
        self._show_scenarios()
        self._show_details()
        self._show_bars()
        self._show_panel()

    def show_health(self, health: "Health", local_ms: int) -> None:
        """Show how fresh the data is, or why there is none."""
        super().show_health(health, local_ms)
        self._show_panel()

    def tell_time(self, local_ms: int) -> None:
        """Let all that ticks go on to this moment."""
        self._local_ms = local_ms
        self.runs.tell_time(self._now_ms, self._times)
        self.scenarios.tell_time(self._now_ms)
        self._show_details()
        self._show_bars()
        self._show_panel()

    def select_run(self, run_id: str) -> None:
        """Put the cursor on a run and open it."""
        self.runs.clear_filter()
        self.runs.table.move_to(run_id)
        if self.runs.table.cursor_id == run_id:
            self.set_focus(self.scenarios.table)

    def point_at_run(self, run_id: str) -> None:
        """Put the cursor on a run in the list, and stay there."""
        self.select_run(run_id)
        self.action_focus_pane("runs")

    def _show_scenarios(self) -> None:
        self.scenarios.show(self.record, dict(self._snapshot.under_way), self._now_ms)

    def _show_details(self) -> None:
        record, now, times = self.record, self._now_ms, self._times

        def write_run(width: int, _height: int) -> "list[Line]":
            if record is None:
                return []
            from runloop_tui.present.run_detail import run_detail

            return run_detail(record, now, times, width)

        self.detail.show(record.id if record else None, write_run)
        self._show_inspector()

    def _show_inspector(self) -> None:
        record, now, times = self.record, self._now_ms, self._times
        scenario_run, waiting = self.scenarios.highlighted, self.scenarios.highlighted_not_started
        under_way = dict(self._snapshot.under_way)

        def write_scenario(width: int, height: int) -> "list[Line]":
            from runloop_tui.present.scenario_detail import (
                not_started_lines,
                scenario_detail,
                scenario_preview,
            )

            if waiting is not None:
                return not_started_lines(waiting, width)
            if scenario_run is None or record is None:
                return []
            usual, words = record.usual_ms, under_way.get(scenario_run.id, "")
            failure = record.job.failures.get(scenario_run.id) if record.job else None
            if height < _PREVIEW_HEIGHT:
                return scenario_preview(
                    scenario_run,
                    now,
                    times,
                    width,
                    height,
                    usual_ms=usual,
                    under_way=words,
                    failure=failure,
                )
            return scenario_detail(
                scenario_run, now, times, width, usual_ms=usual, under_way=words, failure=failure
            )

        self.inspector.show(self.scenarios.table.cursor_id, write_scenario)

    def _show_panel(self) -> None:
        """Say in place of the panes why there is nothing in them; take that away as soon as there is."""
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
            from runloop_tui.ui.widgets.start_panel import StartPanel

            self._panel = StartPanel()
            self.mount(self._panel, after="#main")
            self.add_class("no-data")
            self.refresh_bindings()
        self._panel.say(write)

    @property
    def _panel_lines(self) -> "Callable[[int], list[Line]] | None":
        """What the panel says for a width; None where there is data, or it may still come."""
        snapshot, health, now = self._snapshot, self._health, self._local_ms
        is_waiting = health.trouble is None and health.stalled_since_ms is None
        if snapshot.records or (not snapshot.loaded and is_waiting):
            return None
        from runloop_tui.present.no_data import Endpoint, empty_account_lines, no_data_lines

        options = self.options
        tried = Endpoint(options.address, options.address_source, options.key_source)
        if snapshot.loaded:
            return partial(empty_account_lines, tried, read_only=options.read_only)
        return partial(no_data_lines, health, tried, now)

    # Movements

    def on_virtual_table_highlighted(self, event: VirtualTable.Highlighted) -> None:
        """Show in full what the cursor stands on now."""
        if event.table is self.runs.table:
            self._show_scenarios()
            self._show_details()
            self._tell_attention()
            rows = self.runs.table.ids
            near_end = event.row_id is not None and event.row_id in rows[-_ROWS_BEFORE_END:]
            if near_end and self._snapshot.more_runs and not self.runs.needle:
                self.post_message(OlderRunsWanted())
        elif event.table is self.scenarios.table:
            self._show_inspector()
            self.scenarios.show_titles()

    def on_table_pane_filter_kept(self, event: TablePane.FilterKept) -> None:
        """Runs that were not read may pass the filter too."""
        if event.pane is self.runs and self.runs.needle:
            from runloop_tui.monitor.query import parse_run_filter
            from runloop_tui.monitor.states import GONE

            wanted = parse_run_filter(self.runs.needle)
            if wanted.state != GONE:  # no server knows what it does not know any more
                self.post_message(RunsWanted(wanted))

    def on_virtual_table_scrolled(self, event: VirtualTable.Scrolled) -> None:
        """Other runs are on the screen."""
        if event.table is self.runs.table:
            self._tell_attention()

    def on_virtual_table_opened(self, event: VirtualTable.Opened) -> None:
        """From the run to its scenario runs, from there to one in full."""
        if event.table is self.runs.table:
            self.action_focus_pane("scenarios")
        elif event.table is self.scenarios.table:
            self.action_focus_pane("inspector")

    @property
    def attention(self) -> Viewport:
        """What is looked at now."""
        return Viewport(self.runs.table.cursor_id, self.runs.table.visible_ids)

    def _tell_attention(self) -> None:
        self.post_message(AttentionMoved(self.attention))

    # Keys that look

    @property
    def _focus_targets(self) -> "Iterable[Widget]":
        return self.panes.focus_targets

    @property
    def _table_pane(self) -> TablePane:
        return self.panes.table_pane

    def action_filter(self) -> None:
        """Type a filter for the rows of the pane, or words to search for in its lines."""
        self.panes.open_filter()

    def action_next_match(self) -> None:
        """Go to the next line that was searched for."""
        if self.panes.lines_pane is not None:
            self.panes.lines_pane.next_match()

    def action_zoom(self) -> None:
        """Give the focused pane the whole screen, or give it back."""
        self.panes.toggle_zoom()

    def action_focus_pane(self, name: "PaneName") -> None:
        """Go to a pane."""
        self.panes.focus(name)

    def action_next_pane(self) -> None:
        """Go to the next pane."""
        self.panes.step(1)

    def action_previous_pane(self) -> None:
        """Go to the pane before."""
        self.panes.step(-1)

    def action_back(self) -> None:
        """Undo the nearest of: filter, zoom, marks, having left the runs."""
        self.panes.back()

    # Keys that act: the targets are those under the cursor, or marked, at this moment

    def action_cancel(self) -> None:
        """Ask to cancel."""
        self._request_action("cancel")

    def action_complete(self) -> None:
        """Ask to complete."""
        self._request_action("complete")

    def action_start_run(self) -> None:
        """Ask for the form that starts a run."""
        self.post_message(StartRequested())

    def action_jobs(self) -> None:
        """Go to the jobs, and there to that of the run under the cursor."""
        job = self.record.job if self.record else None
        self.post_message(JobsRequested(job.job_id if job else None))

    def action_logs(self) -> None:
        """Read the logs of what the cursor stands on."""
        record, scenario_run = self.record, self.scenarios.highlighted
        if self.panes.concerns_runs:
            if record is not None:
                self.post_message(RunLogsOpened(record.run))
        elif scenario_run is not None:
            self.post_message(ScenarioLogsOpened(scenario_run))
        elif self.scenarios.table.cursor_id is not None:
            self.notify("It has not started, so there is no log yet.", markup=False)

    def action_score(self) -> None:
        """Ask to score a scenario run."""
        self._request_action("score")

    def action_download_logs(self) -> None:
        """Ask for logs."""
        if things := self._chosen:
            self.post_message(LogsRequested(things))

    def action_copy_id(self) -> None:
        """Copy the ids."""
        if things := self._chosen:
            ids = "\n".join(safe(thing.id) for thing in things)
            self.post_message(CopyRequested("id" if len(things) == 1 else "ids", ids))

    def action_copy_link(self) -> None:
        """Copy the link to the web page."""
        if things := self._chosen:
            self.post_message(LinkRequested(things[0], open=False))

    def action_open_link(self) -> None:
        """Open the web page."""
        if things := self._chosen:
            self.post_message(LinkRequested(things[0], open=True))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        """Read-only means that the keys which change something are not there; without data, those of the panes."""
        if self._panel is not None:
            left = _WITHOUT_RUNS if self._snapshot.loaded else _WITHOUT_DATA
            if action in _OF_SCREEN - left:
                return False
        changing = {key.action for key in SCREEN_KEYS if key.changes}
        return not (self.options.read_only and action in changing)

    @property
    def _chosen(self) -> "tuple[BenchmarkRun | ScenarioRun, ...]":
        from runloop_tui.ui.screens.choice import chosen

        return chosen(self.panes, self._snapshot)

    def _request_action(self, verb: "Verb") -> None:
        if not self._chosen:
            return
        from runloop_tui.ui.screens.choice import targets

        found = tuple(targets(verb, self.panes, self._snapshot, self.record))
        if found:
            self.post_message(ActionRequested(found))
        else:
            from runloop_tui.present.questions import nothing_to_change

            self.notify(nothing_to_change(verb), markup=False)
