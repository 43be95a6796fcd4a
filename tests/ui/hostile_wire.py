"""What a hostile server puts into its texts, and what must be true of the screen all the same."""

import re
from collections.abc import Callable, Iterable
from itertools import cycle
from typing import TYPE_CHECKING

from rich.cells import cell_len

from tests.ui.transports import Wire

if TYPE_CHECKING:
    from tests.ui.stage import Stage

HOSTILE = (
    "\x1b[2J\x1b[31mred",
    "[bold]not bold[/bold]",
    "[/x] unmatched",
    "[@click=app.quit]click[/]",
    "\x1b]52;c;ZXZpbA==\x07clipboard",
    "\x9d0;title\x9c",
    "two\nlines\r\nand\rmore\u2028more",
    "漢字の名前" * 20,
    "\u202eright to left\u202c",
    "🏳️‍🌈👩🏽‍🚀 é̵̲̳̺̹͛",
    "x" * 10_000,
    "\x00\x07\x08\t\x7f",
    "$(rm -rf /) `id` %s {0}",
)
_DRIVES_A_TERMINAL = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufe00-\ufe0f]"
)
_TEXTS = frozenset(
    {
        *("purpose", "output", "scoring_function_name", "message", "cmd", "shell_name", "source"),
        *("level", "agent_name", "model_name", "description", "attribution", "exception_type"),
        *("exception_message", "failure_reason", "scenario_name", "benchmark_name"),
    }
)
_LABELS = frozenset({"metadata", "environment_variables", "secrets_provided", "kwargs", "secrets"})
_NAMED = ("start_time_ms", "scenarioIds", "job_spec", "agent_id")
"""Where one of these is shown, the thing has a name that is shown."""


def hostile_rewrite() -> Callable[[Wire], None]:
    """Puts something hostile in the place of every text that is not an id or a state."""
    texts, names = cycle(HOSTILE), dict[str, str]()

    def rewrite(view: Wire) -> None:
        for key in _TEXTS & view.keys():
            if isinstance(view[key], str):
                view[key] = next(texts)
        if any(mark in view for mark in _NAMED):  # it keeps the name that it was given
            view["name"] = names.setdefault(str(view.get("id")), next(texts))
        for key in _LABELS & view.keys():
            view[key] = {next(texts): next(texts)}

    return rewrite


def drives_a_terminal(text: str) -> bool:
    """Return whether a text holds anything that a terminal would act upon, line breaks aside."""
    return _DRIVES_A_TERMINAL.search(text) is not None


def assert_harmless(stage: "Stage", notified: Iterable[str]) -> None:
    """Fail unless the screen, the toasts and the clipboard hold only what is shown, within the width."""
    text = stage.text()
    assert not drives_a_terminal(text)
    width = stage.app.size.width
    assert all(cell_len(line) <= width for line in text.split("\n"))
    assert not any(map(drives_a_terminal, notified))
    assert not drives_a_terminal(stage.app.clipboard)
