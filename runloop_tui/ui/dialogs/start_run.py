"""The form that starts a run: what it is to be started with. Nothing is sent from here."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Button, Static

from runloop_tui.monitor.start_run import StartRequest
from runloop_tui.present.start_form import Problem, Section, StartDraft, parse_draft
from runloop_tui.present.starting import benchmark_words
from runloop_tui.ui.dialogs.choose_benchmark import ChooseBenchmarkDialog
from runloop_tui.ui.messages import BenchmarksWanted
from runloop_tui.ui.widgets.form_input import LineInput, LinesInput
from runloop_tui.ui.widgets.required_fields import RequiredFields

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.widget import Widget
    from textual.widgets import Input

    from runloop_tui.api.models import Benchmark
    from runloop_tui.monitor.fetch_benchmarks import Benchmarks

_BENCHMARK_WIDTH = 44


@dataclass(frozen=True, slots=True)
class FormLeft:
    """The form was left with this in it."""

    draft: StartDraft
    request: StartRequest | None
    """What is to be sent; None where nothing is."""


class StartRunDialog(ModalScreen[FormLeft]):
    """Gives what was typed, and a request where all that is needed is there."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Not now"),
        # With priority: else what is typed fast after Tab, perhaps a secret, would go into the field before.
        Binding("tab", "app.focus_next", "Next field", priority=True),
        Binding("shift+tab", "app.focus_previous", "Field before", priority=True),
    ]
    AUTO_FOCUS = "#benchmark"

    def __init__(self, draft: StartDraft, notice: str) -> None:
        super().__init__()
        self._benchmark = draft.benchmark
        self._chooser: ChooseBenchmarkDialog | None = None
        self._notice = Static(Content(notice), classes="dialog-trouble")
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
        """What is in the way, the fields, the two ways on."""
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
        """Show what was chosen before."""
        await self._take(self._benchmark)

    # Data, downwards

    def show_benchmarks(self, benchmarks: "Benchmarks") -> None:
        """Show what can be chosen from by now."""
        if self._chooser is not None:
            self._chooser.show(benchmarks)

    @property
    def draft(self) -> StartDraft:
        """What is typed now."""
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
        """Choose a benchmark, review what would be sent, or leave."""
        event.stop()
        if event.button.id == "benchmark":
            self._open_chooser()
        elif event.button.id == "review":
            self._review()
        else:
            self.action_leave()

    def on_input_submitted(self, event: "Input.Submitted") -> None:
        """Go on to the next field."""
        event.stop()
        self.focus_next()

    def action_leave(self) -> None:
        """Leave; what was typed is kept."""
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
        self._complain(read)

    def _complain(self, problems: tuple[Problem, ...]) -> None:
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
