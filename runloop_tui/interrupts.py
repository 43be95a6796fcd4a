"""Ctrl+C while nobody listens for it: before the app has the terminal, and after it has given it back."""

import os
import signal


def end_quietly(status: int = 0) -> None:
    """From now on let SIGINT end the process at once with this exit status, in place of a KeyboardInterrupt.

    The terminal must be as it was found, and nothing may be left to be written. Where SIGINT is ignored, as `nohup` and
    `&` of a shell script have it, it stays so.
    """
    if signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:
        signal.signal(signal.SIGINT, lambda *_: os._exit(status))
