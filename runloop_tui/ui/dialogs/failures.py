"""The failures of a run or a job in groups: to filter the scenarios to one, copy its ids, or download its logs."""

from typing import TYPE_CHECKING, ClassVar, NamedTuple

from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen

from runloop_tui.analysis.failures import FailureGroup, GroupOfAgents
from runloop_tui.present.failures import (
    NEVER_BEGUN,
    NOTHING_HELD,
    FailureView,
    agent_columns,
    agents_cells,
    copied_words,
    group_cells,
    group_columns,
    group_lines,
    notice_line,
    section_line,
    title_line,
)
from runloop_tui.present.layout import Line, Piece, header, row
from runloop_tui.present.text import safe
from runloop_tui.ui.keymap import FAILURE_HELP_KEYS, FAILURE_KEYS
from runloop_tui.ui.messages import CopyRequested, LogsRequested
from runloop_tui.ui.widgets.bars import KeysFooter, LineBar, PaneTitle
from runloop_tui.ui.widgets.lines_view import LinesView
from runloop_tui.ui.widgets.table_pane import Now
from runloop_tui.ui.widgets.virtual_table import MARGIN, VirtualTable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult

    from runloop_tui.present.layout import Column

_RULE_WIDTH = 4
_OF_A_GROUP = frozenset(key.action for key in FAILURE_HELP_KEYS)


class ChosenGroup(NamedTuple):
    """The group that the scenarios are filtered to."""

    run_id: str
    group: FailureGroup


class GroupsTable(VirtualTable):
    """A row for each group, under a line for the errors and one for the wrong answers, which the cursor skips."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "open", "Show them", show=True, key_display="⏎"),
    ]
    """Another word for the footer than in other tables."""

    def __init__(self) -> None:
        super().__init__(id="groups-table")
        self.view = FailureView("")
        self.now = Now()
        self.groups: dict[str, FailureGroup | GroupOfAgents] = {}
        self._sections: dict[str, Line] = {}

    def show(self, view: FailureView, now: Now) -> None:
        """Show the groups; the cursor stays on its group."""
        self.now = now
        if view is self.view:
            self.repaint_changed()
            return
        self.view = view
        self.groups, self._sections = {}, {}
        ids: list[str] = []
        for is_error in (True, False):
            of_kind = [group for group in view.groups if group.is_error == is_error]
            if not of_kind:
                continue
            section = f"section {is_error}"
            self._sections[section] = section_line(of_kind)
            ids.append(section)
            for group in of_kind:
                row_id = f"group {is_error} {group.fingerprint}"
                self.groups[row_id] = group
                ids.append(row_id)
        self.set_rows(ids)

    @property
    def columns(self) -> "tuple[Column, ...]":
        """The columns for the width of the table."""
        width = self.size.width - MARGIN
        return agent_columns(self.view.runs, width) if self.view.is_job else group_columns(width)

    @property
    def highlighted(self) -> "FailureGroup | GroupOfAgents | None":
        """The group under the cursor."""
        return self.groups.get(self.cursor_id or "")

    def row_lines(self, row_id: str, width: int) -> "Sequence[Line]":
        """Return the row of a group, or the line above a section."""
        if row_id in self._sections:
            return (self._sections[row_id],)
        group, columns = self.groups[row_id], self.columns
        if isinstance(group, GroupOfAgents):
            cells = agents_cells(group, columns)
        else:
            cells = group_cells(group, self.now.ms, self.now.times.zone, columns)
        return (row(columns, cells, width),)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        """Disable the key that opens a group while there is none."""
        return action != "open" or self.highlighted is not None

    def action_mark(self) -> None:
        """Mark nothing: the keys act on the group under the cursor."""

    def is_heading(self, row_id: str) -> bool:
        """Return True for the line above a section."""
        return row_id in self._sections


class FailuresDialog(ModalScreen[ChosenGroup | None]):
    """Shows the groups, and below them the one under the cursor in full; returns the one that was chosen."""

    keys = FAILURE_KEYS
    BINDINGS: ClassVar[list[BindingType]] = [key.binding for key in FAILURE_KEYS]
    AUTO_FOCUS = "#groups-table"

    def __init__(self, now: Now) -> None:
        super().__init__()
        self.table = GroupsTable()
        self.full = LinesView(id="group-view")
        self._title = PaneTitle()
        self._notice = LineBar(classes="groups-notice")
        self._columns = LineBar(classes="column-titles")
        self._rule = PaneTitle()
        self._rule.say((Piece("in full", "muted"),))
        self._latest = FailureView(""), now
        self._is_empty = True

    def compose(self) -> "ComposeResult":
        """Yield the title, the notice, the groups, and the group in full."""
        with Vertical(classes="dialog"):
            yield self._title
            yield self._notice
            yield self._columns
            yield self.table
            with Vertical(classes="group-in-full"):
                yield self._rule
                yield self.full
        yield KeysFooter()

    def on_mount(self) -> None:
        """Show the groups after the first layout."""
        self.call_after_refresh(self._show_latest)

    def on_resize(self) -> None:
        """Fit the lines to the new width."""
        self.call_after_refresh(self._show_latest)

    def show(self, view: FailureView, now: Now) -> None:
        """Show the groups at a moment."""
        self._latest = view, now
        if self.is_mounted:
            self._show_latest()

    def _show_latest(self) -> None:
        self.table.show(*self._latest)
        self._show_bars()

    def _show_bars(self) -> None:
        view, table = self.table.view, self.table
        self._title.say(title_line(view, max(1, self._title.size.width - _RULE_WIDTH)))
        notice = notice_line(view, max(1, self._title.size.width - MARGIN))
        self._notice.display = bool(notice)
        self._notice.say((Piece(" " * MARGIN), *notice))
        self._columns.display = bool(view.groups)
        titles = header(table.columns, table.size.width - MARGIN, "", descending=False)
        self._columns.say((Piece(" " * MARGIN), *titles))
        self._show_group()

    def _show_group(self) -> None:
        group, now = self.table.highlighted, self.table.now
        self._rule.display = group is not None
        width = max(1, self.full.size.width - 1)
        lines: list[Line] = []
        if group is not None:
            lines = group_lines(self.table.view, group, now.ms, now.times.zone, width)
        self.full.say(lines)
        if (group is None) != self._is_empty:
            self._is_empty = group is None
            self.refresh_bindings()

    def on_virtual_table_highlighted(self) -> None:
        """Show the group under the cursor in full."""
        self.full.scroll_home(animate=False, immediate=True)
        self._show_group()

    # Keys

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        """Disable the keys of a group while there is none."""
        return action not in _OF_A_GROUP or self.table.highlighted is not None

    def on_virtual_table_opened(self) -> None:
        """Return the group; of a job, that of the agent with the most."""
        runs = zip(self.table.view.runs, self._groups, strict=False)
        found = [
            ChosenGroup(run.run_id, each)
            for run, each in runs
            if run.run_id and each is not None and each.ids
        ]
        if found:
            self.dismiss(max(found, key=lambda each: len(each.group.ids)))
        else:
            self.notify(NEVER_BEGUN, markup=False)

    @property
    def _groups(self) -> tuple[FailureGroup | None, ...]:
        """The group under the cursor in each of the runs."""
        group = self.table.highlighted
        return group.by_agent if isinstance(group, GroupOfAgents) else (group,)

    @property
    def _ids(self) -> tuple[str, ...]:
        """The ids of the scenario runs of the group, over all runs."""
        return tuple(id_ for each in self._groups if each is not None for id_ in each.ids)

    def action_open_group(self) -> None:
        """Open the group under the cursor, from the group in full too."""
        self.table.action_open()

    def action_copy_ids(self) -> None:
        """Copy the ids of the scenario runs of the group."""
        if ids := self._ids:
            self.post_message(CopyRequested(copied_words(len(ids)), "\n".join(map(safe, ids))))
        else:
            self.notify(NEVER_BEGUN, markup=False)

    def action_download_logs(self) -> None:
        """Request the logs of the scenario runs of the group."""
        held, ids = self.table.view.scenario_runs, self._ids
        if found := tuple(held[id_] for id_ in ids if id_ in held):
            self.post_message(LogsRequested(found))
        else:
            self.notify(NOTHING_HELD if ids else NEVER_BEGUN, markup=False)
