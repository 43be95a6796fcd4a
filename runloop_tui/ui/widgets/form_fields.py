"""Fields of the start form: lines of name=value, and a field for each variable and secret of a benchmark."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from rich.text import Text
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Static, TextArea

from runloop_tui.present.text import UNKNOWN_MARK, cut, safe
from runloop_tui.ui.runtime.textual_compat import unwatch_theme
from runloop_tui.ui.widgets.inputs import LineInput, VeiledInput

if TYPE_CHECKING:
    from textual import events
    from textual.widget import Widget

    from runloop_tui.api.models import Benchmark


_VEIL = "•"


class LinesInput(TextArea):
    """Lines of name=value; if `veiled`, the value of a line is masked unless the cursor is on it."""

    def __init__(
        self,
        text: str = "",
        *,
        placeholder: str = "",
        veiled: bool = False,
        id: str | None = None,  # noqa: A002 - Textual's name
    ) -> None:
        super().__init__(
            text,
            placeholder=placeholder,
            id=id,
            soft_wrap=False,
            compact=True,
            highlight_cursor_line=False,
        )
        self._veiled = veiled
        self.cursor_blink = False

    def on_unmount(self) -> None:
        """Stop watching the theme: Textual never removes the watcher, which would keep what was typed in memory."""
        unwatch_theme(self.app, self)

    def get_line(self, line_index: int) -> Text:
        """Return the line to paint: one character for each, so that the cursor's column is right."""
        line = self.document.get_line(line_index)
        shown = line if line.isascii() and line.isprintable() else "".join(map(_shown, line))
        if self._veiled and not (self.has_focus and line_index == self.cursor_location[0]):
            name, equals, value = shown.partition("=")
            # without an = it may be a secret that was pasted alone
            shown = f"{name}={_VEIL * len(value)}" if equals else _VEIL * len(shown)
        return Text(shown, end="", no_wrap=True)

    def on_text_area_selection_changed(self) -> None:
        """Repaint: the cursor may be on another line."""
        if self._veiled:
            self.notify_style_update()
            self.refresh()

    def on_blur(self, event: "events.Blur") -> None:  # noqa: ARG002 - Textual's
        """Mask all values."""
        self.notify_style_update()
        self.refresh()


def _shown(character: str) -> str:
    if character == "\t" or safe(character) == character:
        return character
    return UNKNOWN_MARK


_LABEL_WIDTH = 24


class RequiredFields(Vertical):
    """A field for each variable and secret that a benchmark requires; keeps values that the next one requires too."""

    def __init__(self, variables: Mapping[str, str], secrets: Mapping[str, str]) -> None:
        super().__init__()
        self._typed_variables = dict(variables)
        self._typed_secrets = dict(secrets)
        self._variables: dict[str, VeiledInput] = {}
        self._secrets: dict[str, LineInput] = {}

    @property
    def variables(self) -> dict[str, str]:
        """The values, by the names of the variables."""
        return {name: field.value for name, field in self._variables.items()}

    @property
    def secrets(self) -> dict[str, str]:
        """The names of the account's secrets, by the names that the benchmark requires."""
        return {name: field.value.strip() for name, field in self._secrets.items()}

    @property
    def first_empty(self) -> "Widget | None":
        """The first empty field."""
        fields = (*self._variables.values(), *self._secrets.values())
        return next((field for field in fields if not field.value), None)

    async def ask_for(self, benchmark: "Benchmark | None") -> None:
        """Replace the fields by those of a benchmark."""
        self._typed_variables |= self.variables
        self._typed_secrets |= self.secrets
        variables = dict.fromkeys(benchmark.required_environment_variables if benchmark else ())
        secrets = dict.fromkeys(benchmark.required_secret_names if benchmark else ())
        self._variables = {
            name: VeiledInput(self._typed_variables.get(name, ""), placeholder="its value")
            for name in variables
        }
        self._secrets = {
            name: LineInput(
                self._typed_secrets.get(name, ""), placeholder="the name of your secret"
            )
            for name in secrets
        }
        await self.remove_children()
        if variables or secrets:
            await self.mount(
                Static(Content("The benchmark requires"), classes="form-heading"),
                *(_row(name, "variable", field) for name, field in self._variables.items()),
                *(_row(name, "secret", field) for name, field in self._secrets.items()),
            )


def _row(name: str, kind: str, field: LineInput) -> Horizontal:
    return Horizontal(
        Static(Content(cut(safe(name), _LABEL_WIDTH)), classes="form-name"),
        Static(Content(kind), classes="form-kind"),
        field,
        classes="form-row",
    )
