"""The form that starts a run, and the list of benchmarks it opens. Neither sends a request."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Button, Static

from runloop_tui.monitor.fetch_benchmarks import Benchmarks
from runloop_tui.monitor.start_run import StartRequest
from runloop_tui.present.layout import row
from runloop_tui.present.start_form import Problem, Section, StartDraft, parse_draft
from runloop_tui.present.starting import (
    BENCHMARK_COLUMNS,
    arrange_benchmarks,
    benchmark_cells,
    benchmark_words,
    benchmarks_errors,
    benchmarks_title,
)
from runloop_tui.ui.messages import BenchmarksWanted
from runloop_tui.ui.widgets.bars import PaneTitle
from runloop_tui.ui.widgets.form_fields import LinesInput, RequiredFields
from runloop_tui.ui.widgets.inputs import LineInput
from runloop_tui.ui.widgets.virtual_table import VirtualTable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult
    from textual.widget import Widget
    from textual.widgets import Input

    from runloop_tui.api.models import Benchmark
    from runloop_tui.present.layout import Line


_BENCHMARK_WIDTH = 44


@dataclass(frozen=True, slots=True)
class FormLeft:
    """What the form was left with."""

    draft: StartDraft
    request: StartRequest | None
    """The request to review; None if the form was canceled."""


class StartRunDialog(ModalScreen[FormLeft]):
    """Returns what was typed, and a request if the form is complete and valid."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Not now"),
        # priority: else text typed fast after Tab, perhaps a secret, would go into the previous field
        Binding("tab", "app.focus_next", "Next field", priority=True),
        Binding("shift+tab", "app.focus_previous", "Field before", priority=True),
    ]
    AUTO_FOCUS = "#benchmark"

    def __init__(self, draft: StartDraft, notice: str) -> None:
        super().__init__()
        self._benchmark = draft.benchmark
        self._chooser: ChooseBenchmarkDialog | None = None
        self._notice = Static(Content(notice), classes="dialog-failure")
        self._notice.display = bool(notice)
        self._choose = Button(id="benchmark", compact=True)
        self._run_name = LineInput(draft.run_name, placeholder="none", id="run-name")
        self._purpose = LineInput(draft.purpose, placeholder="none", id="purpose")
        self._required = RequiredFields(draft.required_variables, draft.required_secrets)
        self._metadata = LinesInput(draft.metadata, placeholder="name=value", id="metadata")
        self._environment = LinesInput(
            draft.environment, placeholder="VARIABLE=value", veiled=True, id="environment"
        )
        self._secrets = LinesInput(
            draft.secrets, placeholder="VARIABLE=the name of your secret", id="secrets"
        )

    def compose(self) -> "ComposeResult":
        """Yield the notice, the fields, the two buttons."""
        with Vertical(classes="dialog"):
            yield Static(Content("Start a run"), classes="dialog-title")
            yield self._notice
            with VerticalScroll(can_focus=False):
                yield _row("Benchmark", self._choose)
                yield _row("Run name", self._run_name)
                yield _row("Purpose", self._purpose)
                yield self._required
                yield _row("Metadata", self._metadata)
                yield _row("Environment", self._environment)
                yield _row("Secrets", self._secrets)
            with Vertical(classes="dialog-foot"):
                with Horizontal(classes="dialog-buttons"):
                    yield Button(Content("Not now"), id="no")
                    yield Button(Content("Review…"), id="review", variant="primary")
                yield Static(
                    Content("Tab goes on · Esc leaves, and keeps what was typed"),
                    classes="dialog-hint",
                )

    async def on_mount(self) -> None:
        """Show the benchmark of the draft."""
        await self._take(self._benchmark)

    # Data, downwards

    def show_benchmarks(self, benchmarks: "Benchmarks") -> None:
        """Pass the benchmarks read so far on to the open list."""
        if self._chooser is not None:
            self._chooser.show(benchmarks)

    @property
    def draft(self) -> StartDraft:
        """The contents of the fields."""
        return StartDraft(
            benchmark=self._benchmark,
            run_name=self._run_name.value,
            purpose=self._purpose.value,
            metadata=self._metadata.text,
            environment=self._environment.text,
            secrets=self._secrets.text,
            required_variables=self._required.variables,
            required_secrets=self._required.secrets,
        )

    async def _take(self, benchmark: "Benchmark | None") -> None:
        self._benchmark = benchmark
        words = benchmark_words(benchmark, _BENCHMARK_WIDTH) if benchmark else "choose…"
        self._choose.label = Content(words)
        await self._required.ask_for(benchmark)

    # Keys and buttons

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Choose a benchmark, review the request, or leave."""
        event.stop()
        if event.button.id == "benchmark":
            self._open_chooser()
        elif event.button.id == "review":
            self._review()
        else:
            self.action_leave()

    def on_input_submitted(self, event: "Input.Submitted") -> None:
        """Focus the next field."""
        event.stop()
        self.focus_next()

    def action_leave(self) -> None:
        """Leave; the draft is kept."""
        self.dismiss(FormLeft(self.draft, None))

    def _open_chooser(self) -> None:
        async def take(chosen: "Benchmark | None") -> None:
            self._chooser = None
            if chosen is not None:
                await self._take(chosen)
                self._run_name.focus()

        self._chooser = ChooseBenchmarkDialog(self._benchmark)
        self.app.push_screen(self._chooser, take)
        self.post_message(BenchmarksWanted())

    def _review(self) -> None:
        read = parse_draft(self.draft)
        if isinstance(read, StartRequest):
            self.dismiss(FormLeft(self.draft, read))
            return
        self._show_problems(read)

    def _show_problems(self, problems: tuple[Problem, ...]) -> None:
        lines = "\n".join(f"! {problem.words}" for problem in problems)
        self._notice.update(Content(lines))
        self._notice.display = True
        self._field(problems[0].place).focus()

    def _field(self, place: Section) -> "Widget":
        fields: dict[Section, Widget] = {
            "benchmark": self._choose,
            "metadata": self._metadata,
            "environment": self._environment,
            "secrets": self._secrets,
            "required": self._required.first_empty or self._choose,
        }
        return fields[place]


def _row(label: str, field: "Widget") -> Horizontal:
    return Horizontal(Static(Content(label), classes="form-label"), field, classes="form-row")


class BenchmarksTable(VirtualTable, can_focus=False):
    """A row for each benchmark; the dialog moves its cursor while the search field has the focus."""

    def __init__(self) -> None:
        super().__init__(id="benchmarks-table")
        self.by_id: dict[str, Benchmark] = {}

    def row_lines(self, row_id: str, width: int) -> "Sequence[Line]":
        """Return the benchmark as a row."""
        return (row(BENCHMARK_COLUMNS, benchmark_cells(self.by_id[row_id]), width),)


class ChooseBenchmarkDialog(ModalScreen["Benchmark | None"]):
    """Returns the benchmark that was chosen, or None."""

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
        self._failure = Static(classes="dialog-failure")
        self.table = BenchmarksTable()

    def compose(self) -> "ComposeResult":
        """Yield the title, the search, the rows, the errors."""
        with Vertical(classes="dialog"):
            yield self._title
            yield self._search
            yield self.table
            yield self._failure
            yield Static(Content("↑ ↓ then Enter chooses · Esc goes back"), classes="dialog-hint")

    def show(self, benchmarks: Benchmarks) -> None:
        """Show the benchmarks read so far; called before or after mounting."""
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
        failure = benchmarks_errors(self._benchmarks)
        self._failure.display = bool(failure)
        self._failure.update(Content(failure))

    def on_mount(self) -> None:
        """Show the benchmarks read before mounting."""
        self._rearrange()
        if self._chosen is not None:
            self.table.move_to(self._chosen.id)

    def on_input_changed(self) -> None:
        """Search while the text is typed."""
        self._rearrange()

    def on_input_submitted(self, event: "Input.Submitted") -> None:
        """Choose the benchmark under the cursor."""
        event.stop()
        self.table.action_open()

    def on_virtual_table_opened(self, event: VirtualTable.Opened) -> None:
        """Return the benchmark."""
        event.stop()
        self.dismiss(self.table.by_id[event.row_id])

    def action_move(self, how: str, by: int) -> None:
        """Move the cursor of the table."""
        if how == "move":
            self.table.action_move(by)
        else:
            self.table.action_move_page(by)
