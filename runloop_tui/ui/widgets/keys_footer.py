"""The keys that can be pressed now, at the bottom of a screen."""

from typing import TYPE_CHECKING

from textual.widgets import Footer

if TYPE_CHECKING:
    from textual.screen import Screen


class KeysFooter(Footer):
    """Textual's footer, made anew only when it would show other keys: it is told of each move of the focus."""

    def __init__(self) -> None:
        super().__init__(show_command_palette=False, compact=True)
        self._shown: object = None

    def bindings_changed(self, screen: "Screen[object]") -> None:
        """Show the keys of what has the focus now, if they are others."""
        shown = [
            (active.binding, active.enabled)
            for active in screen.active_bindings.values()
            if active.binding.show
        ]
        if shown == self._shown or not screen.app.app_focus:
            return
        self._shown = shown
        super().bindings_changed(screen)
