"""How far a terminal is behind what was written to it, told by its answers to a query that it reaches in order."""

from collections import deque

_MOST_UNREAD = 4096
"""A terminal that has more than this ahead of it is behind: at 2 KB/s a key is seen two seconds later."""
_ASKED_AFTER = 512
"""So much is written before the terminal is asked again where it is."""


class OutputWindow:
    """Counts what was written, and what of it the terminal has said to have reached; in characters.

    A terminal that has never answered is taken to keep up: there is no way to know.
    """

    def __init__(self) -> None:
        self._written = 0
        self._reached = 0
        self._asked: deque[int] = deque()
        self._answers = False

    @property
    def is_behind(self) -> bool:
        """Tell whether more should wait until the terminal has caught up."""
        return self._answers and self._written - self._reached > _MOST_UNREAD

    @property
    def answers(self) -> bool:
        """Tell whether the terminal is known to answer."""
        return self._answers

    @property
    def has_asked(self) -> bool:
        """Tell whether there is a query that was not answered yet."""
        return bool(self._asked)

    @property
    def wants_answer(self) -> bool:
        """Tell whether enough was written since the last query for another."""
        last = self._asked[-1] if self._asked else self._reached
        return self._written - last >= _ASKED_AFTER

    def wrote(self, characters: int) -> None:
        """So much was handed to the terminal."""
        self._written += characters

    def asked(self) -> None:
        """A query was written after all that was written so far."""
        self._asked.append(self._written)

    def answered(self) -> None:
        """The terminal has reached the oldest query that it had not answered."""
        self._answers = True
        if self._asked:
            self._reached = self._asked.popleft()

    def forget(self) -> None:
        """Expect no more answers: they were lost, or the terminal has changed behind the line."""
        self._asked.clear()
        self._reached = self._written
        self._answers = False
