"""The list of benchmark runs."""

from typing import TYPE_CHECKING

from runloop_tui.monitor.arrange import RUN_ORDERS, arrange_runs
from runloop_tui.monitor.snapshot import Snapshot
from runloop_tui.present.layout import Line, fits, row
from runloop_tui.present.runs import RUN_COLUMNS, run_card, run_cells, runs_title
from runloop_tui.present.units import Times
from runloop_tui.ui.messages import OlderRunsWanted
from runloop_tui.ui.widgets.pane_title import pane_title
from runloop_tui.ui.widgets.table_pane import TablePane
from runloop_tui.ui.widgets.virtual_table import MARGIN, VirtualTable

if TYPE_CHECKING:
    from collections.abc import Sequence


class RunsTable(VirtualTable):
    """A row for each run, or a card of two lines where a row has no room."""

    def __init__(self) -> None:
        super().__init__(id="runs-table")
        self.snapshot = Snapshot()
        self.now_ms = 0
        self.times = Times.ELAPSED
        self.is_going_to_end = False
        """The last of all runs is wanted, and those before it are still being read."""

    @property
    def row_height(self) -> int:
        """Two lines for cards."""
        return 1 if fits(RUN_COLUMNS, self.size.width - MARGIN) else 2

    def row_lines(self, row_id: str, width: int) -> "Sequence[Line]":
        """The run as a row, or as a card."""
        record = self.snapshot.by_id[row_id]
        if self.row_height == 1:
            cells = run_cells(record, self.now_ms, self.times)
            return (row(RUN_COLUMNS, cells, width),)
        return run_card(record, self.now_ms, self.times, width)

    def action_move_last(self) -> None:
        """Go to the last run that was read, and on to the very last as more are read."""
        super().action_move_last()
        self.is_going_to_end = self.snapshot.more_runs
        if self.is_going_to_end:
            self.post_message(OlderRunsWanted(to_the_end=True))


class RunsPane(TablePane):
    """The runs that were read, filtered and sorted as the person chose."""

    table: RunsTable

    def __init__(self) -> None:
        super().__init__(
            RunsTable(),
            RUN_COLUMNS,
            RUN_ORDERS,
            id="runs-pane",
            filter_hint="words, state:failed, benchmark:, name:",
        )

    def show(self, snapshot: Snapshot, now_ms: int, times: Times) -> None:
        """Show a snapshot."""
        table = self.table
        goes_on = table.is_going_to_end and table.cursor_id == (
            table.ids[-1] if table.ids else None
        )
        table.snapshot = snapshot
        self.tell_time(now_ms, times, repaint=False)
        self.rearrange()
        if snapshot.loaded:
            table.keep_row()
        table.is_going_to_end = goes_on and snapshot.more_runs
        if goes_on and table.ids:
            table.move_to(table.ids[-1])

    def tell_time(self, now_ms: int, times: Times, *, repaint: bool = True) -> None:
        """Let durations go on to this moment."""
        self.table.now_ms, self.table.times = now_ms, times
        if repaint:
            self.table.repaint_changed()

    def found_ids(self) -> list[str]:
        """The ids of the runs that pass the filter, in the chosen order."""
        records = self.table.snapshot.records
        found = arrange_runs(records, self.needle, self.order, self.table.now_ms)
        return [record.id for record in found]

    def nothing_found(self, *, is_typing: bool) -> str:
        """Whether older runs, which were not read, may pass."""
        snapshot = self.table.snapshot
        if not snapshot.more_runs:
            return super().nothing_found(is_typing=is_typing)
        further = ", ⏎ asks the server" if is_typing else " it"
        return f"None of {len(snapshot.records):,}: Esc clears{further}."

    def title_line(self, shown: int) -> Line:
        """How many runs are shown of how many, and how they are sorted."""
        snapshot = self.table.snapshot
        if not snapshot.loaded:
            return pane_title(1, "runs", "connecting…")
        if not snapshot.records:
            return pane_title(1, "runs", "there are none yet")
        by = self.order_words("newest first", "oldest first")
        return pane_title(1, runs_title(shown, snapshot), by)
