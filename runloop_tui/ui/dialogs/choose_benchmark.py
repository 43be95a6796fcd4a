"""The benchmark to start a run of, chosen from a list that is searched while one types."""

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from runloop_tui.monitor.fetch_benchmarks import Benchmarks
from runloop_tui.present.layout import row
from runloop_tui.present.starting import (
    BENCHMARK_COLUMNS,
    arrange_benchmarks,
    benchmark_cells,
    benchmarks_errors,
    benchmarks_title,
)
from runloop_tui.ui.widgets.form_input import LineInput
from runloop_tui.ui.widgets.pane_title import PaneTitle
from runloop_tui.ui.widgets.virtual_table import VirtualTable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult
    from textual.widgets import Input

    from runloop_tui.api.models import Benchmark
    from runloop_tui.present.layout import Line


class BenchmarksTable(VirtualTable, can_focus=False):
    """A row for each benchmark; the keys come from the search above it."""

    def __init__(self) -> None:
        super().__init__(id="benchmarks-table")
        self.by_id: dict[str, Benchmark] = {}

    def row_lines(self, row_id: str, width: int) -> "Sequence[Line]":
        """The benchmark's row."""
        return (row(BENCHMARK_COLUMNS, benchmark_cells(self.by_id[row_id]), width),)


class ChooseBenchmarkDialog(ModalScreen["Benchmark | None"]):
    """Gives the benchmark that was chosen, or None."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(None)", "Back"),
        Binding("up", "move('move', -1)", "Up"),
        Binding("down", "move('move', 1)", "Down"),
        Binding("pageup", "move('move_page', -1)", "Page up"),
        Binding("pagedown", "move('move_page', 1)", "Page down"),
    ]
    AUTO_FOCUS = "#benchmark-search"

    def __init__(self, chosen: "Benchmark | None") -> None:
        super().__init__()
        self._chosen = chosen
        self._benchmarks = Benchmarks()
        self._title = PaneTitle()
        self._search = LineInput(placeholder="words that all must occur", id="benchmark-search")
        self._trouble = Static(classes="dialog-trouble")
        self.table = BenchmarksTable()

    def compose(self) -> "ComposeResult":
        """The search, the rows, what could not be read."""
        with Vertical(classes="dialog"):
            yield self._title
            yield self._search
            yield self.table
            yield self._trouble
            yield Static(Content("↑ ↓ then Enter chooses · Esc goes back"), classes="dialog-hint")

    def show(self, benchmarks: Benchmarks) -> None:
        """Show what was read by now; it may come before there is a screen to show it on."""
        first = not self._benchmarks.items
        self._benchmarks = benchmarks
        if self.is_mounted:
            self._rearrange()
            if first and self._chosen is not None:
                self.table.move_to(self._chosen.id)

    def _rearrange(self) -> None:
        found = arrange_benchmarks(self._benchmarks.items, self._search.value)
        self.table.by_id = {each.id: each for each in self._benchmarks.items}
        self.table.set_rows([each.id for each in found])
        self._title.say(benchmarks_title(len(found), self._benchmarks))
        trouble = benchmarks_errors(self._benchmarks)
        self._trouble.display = bool(trouble)
        self._trouble.update(Content(trouble))

    def on_mount(self) -> None:
        """Show what was read before this was on the screen."""
        self._rearrange()
        if self._chosen is not None:
            self.table.move_to(self._chosen.id)

    def on_input_changed(self) -> None:
        """Search while it is typed."""
        self._rearrange()

    def on_input_submitted(self, event: "Input.Submitted") -> None:
        """Choose what the cursor stands on."""
        event.stop()
        self.table.action_open()

    def on_virtual_table_opened(self, event: VirtualTable.Opened) -> None:
        """Choose it."""
        event.stop()
        self.dismiss(self.table.by_id[event.row_id])

    def action_move(self, how: str, by: int) -> None:
        """Move the cursor of the table."""
        if how == "move":
            self.table.action_move(by)
        else:
            self.table.action_move_page(by)
