"""The demo as a process in a terminal, that tests send signals to."""

import os
import sys

from tests.terminal import Terminal, environment


class DemoProgram(Terminal):
    """The demo with its runs on the screen soon; its process can be told things."""

    def __init__(self, *flags: str, columns: int = 120, rows: int = 40, **variables: str) -> None:
        super().__init__(
            [sys.executable, "-m", "runloop_tui", "--demo", *flags],
            columns=columns,
            rows=rows,
            environ=environment(**variables),
        )

    def tell(self, number: int) -> None:
        """Send a signal to the process."""
        self._program.send_signal(number)

    @property
    def has_company(self) -> bool:
        """Whether any process of the program's own session is left."""
        try:
            os.killpg(self._program.pid, 0)
        except ProcessLookupError:
            return False
        return True
