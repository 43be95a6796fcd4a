"""The entry point of the command `runloop-tui`: handles SIGINT before the slow imports begin."""

from runloop_tui.interrupts import exit_on_sigint


def main() -> int:
    """Run the app and return the exit status."""
    exit_on_sigint()
    from runloop_tui.__main__ import main as run

    return run()
