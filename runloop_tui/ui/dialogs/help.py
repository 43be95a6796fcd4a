"""The help: every key, and the signs."""

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen

from runloop_tui.present.layout import Line, Piece
from runloop_tui.ui.keymap import (
    APP_KEYS,
    FAILURE_HELP_KEYS,
    FAILURES,
    GROUPS,
    JOB_HELP_KEYS,
    JOBS,
    LOG_GROUPS,
    LOG_HELP_KEYS,
    RUN_KEYS,
    TABLE_KEYS,
)
from runloop_tui.ui.widgets.bars import KeysFooter
from runloop_tui.ui.widgets.lines_view import LinesView

if TYPE_CHECKING:
    from textual.app import ComposeResult

_KEY_WIDTH = 16
_SIGNS: tuple[tuple[str, str], ...] = (
    ("✓ passed", "score 1"),
    ("◐ partial", "a score between 0 and 1"),
    ("✗ zero", "score 0: a wrong answer"),
    (
        "! failed, timeout",
        "an error of harness or sandbox; never a wrong answer",
    ),
    ("? stuck", "slow, and its devbox log has been silent for long"),
    ("◷ slow", "longer than its earlier runs, or than nearly all others"),
    ("⊘ canceled", "cut off"),
)


def help_lines(*, read_only: bool) -> list[Line]:
    """Return the lines of the help: the keys by group, then the signs."""
    lines: list[Line] = []
    for group in GROUPS:
        lines.append((Piece(group, "title"),))
        lines.extend(_entry(shown, words) for shown, words, of in TABLE_KEYS if of == group)
        lines.extend(
            _entry(f"{key.shown_as} {key.also}", key.words)
            for key in (*RUN_KEYS, *APP_KEYS)
            if key.group == group and not (read_only and key.changes)
        )
        lines.append(())
    lines.append((Piece(JOBS, "title"),))
    lines.append(_entry("⏎", "From a job to its runs, from one of them to it among all runs"))
    lines.extend(_entry(key.shown_as, key.words) for key in JOB_HELP_KEYS)
    lines.append(())
    lines.append((Piece(FAILURES, "title"),))
    lines.extend(_entry(key.shown_as, key.words) for key in FAILURE_HELP_KEYS)
    lines.append(())
    for group in LOG_GROUPS:
        lines.append((Piece(group, "title"),))
        lines.extend(_entry(key.shown_as, key.words) for key in LOG_HELP_KEYS if key.group == group)
        lines.append(())
    lines.append((Piece("Signs", "title"),))
    lines.extend(_entry(shown, words) for shown, words in _SIGNS)
    return lines


def _entry(shown: str, words: str) -> Line:
    return (Piece(f" {shown:<{_KEY_WIDTH}} ", "accent"), Piece(words))


class HelpDialog(ModalScreen[None]):
    """Shows the help."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,question_mark,f1", "dismiss", "Back", key_display="Esc"),
    ]

    def __init__(self, *, read_only: bool) -> None:
        super().__init__()
        self._read_only = read_only
        self._view = LinesView(id="help-view")

    def compose(self) -> "ComposeResult":
        """Yield the lines."""
        with Vertical(classes="dialog"):
            yield self._view
        yield KeysFooter()

    def on_mount(self) -> None:
        """Write the lines."""
        self._view.say(help_lines(read_only=self._read_only))
