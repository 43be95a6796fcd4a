"""How long the server has left us without a word while we wait for one."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager


class Silence:
    """Begins when something is waited for, and anew with each piece that comes of any answer."""

    def __init__(self, now: Callable[[], int]) -> None:
        self._now = now
        self._waiting = 0
        self._last_heard_ms = 0

    @property
    def since_ms(self) -> int | None:
        """Since when (Unix ms); None while nothing is waited for."""
        return self._last_heard_ms if self._waiting else None

    @contextmanager
    def broken_by_an_answer(self, *, expected_soon: bool = True) -> Iterator[None]:
        """Wait for an answer inside; one that is not expected soon may be waited for in silence."""
        if not expected_soon:
            yield
            return
        if not self._waiting:
            self._last_heard_ms = self._now()
        self._waiting += 1
        try:
            yield
        finally:
            self._waiting -= 1
        self.end()

    def end(self) -> None:
        """Something was heard just now."""
        self._last_heard_ms = self._now()
