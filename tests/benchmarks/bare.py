"""The least that a Textual app can be: what start-up is compared with."""

from textual.app import App, ComposeResult
from textual.widgets import Static


class Bare(App[None]):
    """Says one word."""

    def compose(self) -> ComposeResult:
        """The word."""
        yield Static("connecting")


if __name__ == "__main__":
    Bare().run()
