"""Two runs against each other: the difference above, a row for each scenario that changed; updated while it is open."""

import asyncio
from abc import abstractmethod
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen

from runloop_tui.analysis.attempts import attempts
from runloop_tui.analysis.compare import compare
from runloop_tui.present.compare import (
    CHANGE_COLUMNS,
    Change,
    Pair,
    change_cells,
    changes,
    comparison_lines,
    comparison_text,
    comparison_title,
)
from runloop_tui.present.layout import Piece, header, row
from runloop_tui.ui.messages import CopyRequested
from runloop_tui.ui.widgets.bars import KeysFooter, LineBar, PaneTitle
from runloop_tui.ui.widgets.lines_view import LinesView
from runloop_tui.ui.widgets.virtual_table import MARGIN, VirtualTable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from textual.app import ComposeResult
    from textual.widget import Widget

    from runloop_tui.analysis.compare import Comparison, Likeness
    from runloop_tui.api.models import ScenarioRun
    from runloop_tui.monitor.snapshot import RunRecord, Snapshot
    from runloop_tui.present.layout import Line
    from runloop_tui.ui.widgets.table_pane import Now

_MOST_AT_ONCE = 1_200
"""So many scenario runs are compared in one go, which takes about 10 ms; more of them in a thread."""
_LEAST_ROWS = 4


class Place(NamedTuple):
    """A scenario of a run, to go to."""

    run_id: str
    scenario_id: str


class Held(NamedTuple):
    """The scenario runs of the compared runs; of each run None until all were read."""

    of_runs: "tuple[tuple[ScenarioRun, ...] | None, ...]"
    both_terminal: bool = False

    def is_same(self, other: "Held | None") -> bool:
        """Return whether nothing has changed: the store keeps the tuples of what did not."""
        return (
            other is not None
            and self.both_terminal == other.both_terminal
            and len(self.of_runs) == len(other.of_runs)
            and all(one is two for one, two in zip(self.of_runs, other.of_runs, strict=True))
        )


class ComparingDialog(ModalScreen[Place | None]):
    """A table of scenarios of several runs, computed anew when their scenario runs change.

    Returns the scenario to go to; None where the dialog was left.

    Args:
        snapshot: what is known.
        now: the moment to show.
    """

    def __init__(self, snapshot: "Snapshot", now: "Now") -> None:
        super().__init__()
        self.snapshot = snapshot
        self.now = now
        self.title_bar = PaneTitle()
        self.status = LineBar(classes="status-line")
        """Why what is shown is not fresh; hidden while it is."""
        self.status.display = False
        self._write_status: Callable[[int], Line] | None = None
        self._held: Held | None = None
        self._is_laid_out = False
        self._is_computing = False

    # For subclasses

    table: VirtualTable

    @property
    @abstractmethod
    def run_ids(self) -> tuple[str, ...]:
        """The runs whose scenario runs are read while the dialog is open."""

    @property
    @abstractmethod
    def above(self) -> "Iterable[Widget]":
        """The widgets between the title and the table."""

    @abstractmethod
    def held(self) -> Held:
        """Return the scenario runs of the runs by the snapshot."""

    @abstractmethod
    def compute(self, held: Held) -> Any:  # noqa: ANN401 - what `take` takes
        """Return the figure; called in a thread where there are many scenario runs."""

    @abstractmethod
    def take(self, figure: Any) -> None:  # noqa: ANN401 - what `compute` returns
        """Take a new figure in."""

    @abstractmethod
    def draw(self) -> None:
        """Show all that is known."""

    # Data, downwards

    def compose(self) -> "ComposeResult":
        """Yield the title, the lines, the rows and the keys."""
        with Vertical(classes="dialog"):
            yield self.title_bar
            yield from self.above
            yield self.table
            yield self.status
        yield KeysFooter()

    def on_mount(self) -> None:
        """Show what is known after the first layout."""
        self.call_after_refresh(self._begin)

    def _begin(self) -> None:
        self._is_laid_out = True
        self._show()

    def on_resize(self) -> None:
        """Fit all to the new size."""
        if self._is_laid_out:
            self.call_after_refresh(self.draw)

    def show(
        self,
        snapshot: "Snapshot",
        now: "Now",
        write_status: "Callable[[int], Line] | None" = None,
    ) -> None:
        """Show a snapshot at a moment, and in a width the line that says why it is not fresh; None where it is."""
        self.snapshot, self.now, self._write_status = snapshot, now, write_status
        if self._is_laid_out:
            self._show()

    def _show(self) -> None:
        self._update()
        self.draw()
        self.status.display = self._write_status is not None
        if self._write_status is not None:
            self.status.say(self._write_status(self.title_bar.size.width))

    def _update(self) -> None:
        """Compute the figure, unless nothing has changed or a thread is at it."""
        held = self.held()
        if self._is_computing or held.is_same(self._held):
            return
        self._held = held
        if sum(len(each or ()) for each in held.of_runs) <= _MOST_AT_ONCE:
            self.take(self.compute(held))
        else:
            self._is_computing = True
            self.run_worker(self._compute(held))

    async def _compute(self, held: Held) -> None:
        try:
            figure = await asyncio.to_thread(self.compute, held)
        finally:
            self._is_computing = False
        self.take(figure)
        self._update()  # it may have changed meanwhile
        self.draw()


def scenario_runs_of(record: "RunRecord | None") -> "tuple[ScenarioRun, ...] | None":
    """Return the scenario runs of a run; None unless all were read and are held."""
    return record.scenario_runs if record is not None and record.all_read else None


class ChangesTable(VirtualTable):
    """A row for each scenario that changed."""

    def __init__(self) -> None:
        super().__init__(id="changes-table")
        self.changes: dict[str, Change] = {}
        self.is_significant = False

    def row_lines(self, row_id: str, width: int) -> "Sequence[Line]":
        """Return the change as a row."""
        cells = change_cells(self.changes[row_id], is_significant=self.is_significant)
        return (row(CHANGE_COLUMNS, cells, width),)

    def action_mark(self) -> None:
        """Do nothing: no action takes several changes."""


class CompareDialog(ComparingDialog):
    """Compares a run with its baseline; ⏎ goes to a scenario in the run, `y` copies all as text.

    Args:
        snapshot: what is known.
        now: the moment to show.
        newer_id: the run.
        older_id: its baseline.
        like: how the baseline was found; None where a person chose both.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "copy", "Copy as text"),
        Binding("escape,q,equals_sign", "dismiss", "Back", key_display="Esc"),
    ]

    table: ChangesTable

    def __init__(
        self,
        snapshot: "Snapshot",
        now: "Now",
        *,
        newer_id: str,
        older_id: str,
        like: "Likeness | None",
    ) -> None:
        super().__init__(snapshot, now)
        self.table = ChangesTable()
        self.view = LinesView(id="comparison-view")
        self.view.can_focus = False
        self._titles = LineBar(classes="column-titles")
        self._newer_id = newer_id
        self._older_id = older_id
        self._like = like
        self._comparison: Comparison | None = None

    @property
    def run_ids(self) -> tuple[str, ...]:
        """Both runs."""
        return self._newer_id, self._older_id

    @property
    def above(self) -> "Iterable[Widget]":
        """The difference in words, and the titles of the columns."""
        return self.view, self._titles

    @property
    def pair(self) -> Pair:
        """Both runs by the snapshot, and their comparison."""
        newer, older = (self.snapshot.by_id[run_id] for run_id in self.run_ids)
        return Pair(newer, older, self._like, self._comparison)

    def held(self) -> Held:
        """Return the scenario runs of the baseline and of the run."""
        pair = self.pair
        of_runs = (scenario_runs_of(pair.older), scenario_runs_of(pair.newer))
        return Held(of_runs, pair.both_terminal)

    def compute(self, held: Held) -> "Comparison | None":
        """Compare the scenario runs; None while those of a run are lacking."""
        older, newer = held.of_runs
        if older is None or newer is None:
            return None
        return compare(attempts(older), attempts(newer), both_terminal=held.both_terminal)

    def take(self, figure: "Comparison | None") -> None:
        """Make a row for each change."""
        self._comparison = figure
        found = changes(figure) if figure else ()
        self.table.is_significant = figure is not None and figure.is_significant
        self.table.changes = {change.flip.scenario_id: change for change in found}
        self.table.set_rows([*self.table.changes])

    def draw(self) -> None:
        """Show the difference, as high as the rows leave room, and the rows."""
        pair = self.pair
        self.title_bar.say(comparison_title(pair))
        lines = comparison_lines(pair, self.now.ms, self.now.times, self.table.size.width)
        self.view.styles.height = min(len(lines), max(1, self.size.height - 5 - _LEAST_ROWS))
        self.view.say(lines)
        width = self.table.size.width - MARGIN
        titles = header(CHANGE_COLUMNS, width, "", descending=False) if self.table.changes else ()
        self._titles.say((Piece(" " * MARGIN), *titles))
        self.table.repaint_changed()

    def on_virtual_table_opened(self, event: VirtualTable.Opened) -> None:
        """Go to the scenario in the newer run."""
        self.dismiss(Place(self._newer_id, event.row_id))

    def action_copy(self) -> None:
        """Copy the comparison as Markdown."""
        pair = self.pair
        shown = "".join(piece.text for piece in comparison_title(pair))
        text = comparison_text(pair, self.now.ms)
        self.post_message(CopyRequested("comparison as Markdown", text, shown))
