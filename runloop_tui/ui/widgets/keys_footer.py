"""The keys that can be pressed now, at the bottom of a screen."""

from typing import TYPE_CHECKING, NamedTuple

from runloop_tui.present.layout import Piece, line_width
from runloop_tui.ui.widgets.line_bar import LineBar

if TYPE_CHECKING:
    from textual import events
    from textual.screen import Screen


class _Named(NamedTuple):
    """A key as it is pressed and as it is written, what it does, and whether it can be pressed now."""

    key: str
    written: str
    label: str
    is_enabled: bool

    @property
    def pieces(self) -> tuple[Piece, Piece]:
        """How it is shown, with a blank behind it."""
        return (
            Piece(self.written, "title" if self.is_enabled else "muted"),
            Piece(f" {self.label} ", "plain" if self.is_enabled else "muted"),
        )


class KeysFooter(LineBar):
    """Names the keys of what has the focus, on one line; a click presses one.

    Textual's footer is a widget for each key, made anew at each move of the focus.
    """

    def __init__(self) -> None:
        super().__init__()
        self._named: list[_Named] = []

    def on_mount(self) -> None:
        """Hear when other keys can be pressed."""
        self.screen.bindings_updated_signal.subscribe(self, self._name_keys)

    def on_unmount(self) -> None:
        """Hear of it no more."""
        self.screen.bindings_updated_signal.unsubscribe(self)

    def on_click(self, event: "events.Click") -> None:
        """Press the key that was clicked."""
        right = 0
        for named in self._named:
            right += line_width(named.pieces)
            if event.x < right:
                if named.is_enabled:
                    self.app.simulate_key(named.key)
                return

    def _name_keys(self, screen: "Screen[object]") -> None:
        by_action: dict[str, _Named] = {}
        for active in screen.active_bindings.values():
            binding = active.binding
            if binding.show and binding.action not in by_action:
                written = self.app.get_key_display(binding)
                by_action[binding.action] = _Named(
                    binding.key, written, binding.description, active.enabled
                )
        self._named = [*by_action.values()]
        self.say(tuple(piece for named in self._named for piece in named.pieces))
