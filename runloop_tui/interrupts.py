"""SIGINT while the app does not handle it: before it has the terminal, and after it has restored it.

Imports next to nothing, because it takes effect before the slow imports.
"""

import os
import signal


def exit_on_sigint(status: int = 0) -> None:
    """Let SIGINT end the process at once with this exit status, without a KeyboardInterrupt.

    The terminal must be in its original mode, and nothing left to be written. Where SIGINT is ignored, as under
    `nohup` and after `&` in a shell script, it stays ignored.
    """
    if signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:
        signal.signal(signal.SIGINT, lambda *_: os._exit(status))
