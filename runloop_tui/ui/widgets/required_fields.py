"""A field for each variable and each secret that a benchmark requires."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Static

from runloop_tui.present.text import cut, safe
from runloop_tui.ui.widgets.form_input import LineInput, VeiledInput

if TYPE_CHECKING:
    from textual.widget import Widget

    from runloop_tui.api.models import Benchmark

_LABEL_WIDTH = 24


class RequiredFields(Vertical):
    """Asks for what a benchmark requires, by name; what was typed stays where another requires it too."""

    def __init__(self, variables: Mapping[str, str], secrets: Mapping[str, str]) -> None:
        super().__init__()
        self._typed_variables = dict(variables)
        self._typed_secrets = dict(secrets)
        self._variables: dict[str, VeiledInput] = {}
        self._secrets: dict[str, LineInput] = {}

    @property
    def variables(self) -> dict[str, str]:
        """The values that were typed, by the names of the variables."""
        return {name: field.value for name, field in self._variables.items()}

    @property
    def secrets(self) -> dict[str, str]:
        """The names of secrets that were typed, by the names that the benchmark gives them."""
        return {name: field.value.strip() for name, field in self._secrets.items()}

    @property
    def first_empty(self) -> "Widget | None":
        """The first field without a value."""
        fields = (*self._variables.values(), *self._secrets.values())
        return next((field for field in fields if not field.value), None)

    async def ask_for(self, benchmark: "Benchmark | None") -> None:
        """Show the fields of a benchmark in place of those before."""
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
