"""Arguments → settings → app, and the exit status."""

if __name__ == "__main__":  # before what takes long to import
    from runloop_tui.interrupts import exit_on_sigint

    exit_on_sigint()

import gc
import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from runloop_tui.clock import system_clock
from runloop_tui.config import SettingsError, parse
from runloop_tui.log_file import start_logging
from runloop_tui.wiring import connection, options_of

if TYPE_CHECKING:
    from runloop_tui.ui.connection import Connection, Feed

_USAGE_ERROR = 2
_GARBAGE_THRESHOLDS = (2_000, 20, 200)
"""By Python's own, all that is held is looked through again and again while thousands are read: a stop each time."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the app; the exit status is 2 where it was called in a way that it cannot be."""
    gc.disable()  # what is imported stays: looking for garbage among it only delays the first paint
    argv = sys.argv[1:] if argv is None else argv
    try:
        if argv[:1] == ["history"]:
            from runloop_tui.history_command import run_history_command

            return run_history_command(argv[1:], os.environ, system_clock())
        settings = parse(argv, os.environ)
    except SettingsError as error:
        return _complain(str(error))
    if not (sys.stdin.isatty() and sys.stdout.isatty() and sys.stderr.isatty()):
        return _complain("this is a screen for people: it needs a terminal, not a pipe or a file")
    try:
        start_logging(settings.log_file, settings.log_level)
    except OSError as error:
        return _complain(f"the log file cannot be written: {error.strerror}")
    from runloop_tui.ui.app import RunloopApp  # Textual, after the flags were found to be good

    def connect(feed: "Feed") -> "Connection":
        connected = connection(settings, feed, system_clock)
        gc.freeze()
        gc.set_threshold(*_GARBAGE_THRESHOLDS)
        gc.enable()
        return connected

    app = RunloopApp(options_of(settings), connect, clock=system_clock)
    app.run(mouse=settings.mouse)
    return app.return_code or 0


def _complain(line: str) -> int:
    sys.stderr.write(f"runloop-tui: {line}\n")
    return _USAGE_ERROR


if __name__ == "__main__":
    sys.exit(main())
