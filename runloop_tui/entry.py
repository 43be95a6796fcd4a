"""The command `runloop-tui`: first of all, before anything large is imported, Ctrl+C is made to end it quietly."""

from runloop_tui.interrupts import end_quietly


def main() -> int:
    """Run the app; gives the exit status."""
    end_quietly()
    from runloop_tui.__main__ import main as run

    return run()
