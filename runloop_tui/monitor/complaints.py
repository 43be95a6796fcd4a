"""What could not be understood of the answers, kept for some polls: most things are not asked for at each."""

from collections.abc import Sequence

_POLLS_KEPT = 12
_MOST = 20


class Complaints:
    """The complaints of the last polls; each stands there once, and there are never many."""

    def __init__(self) -> None:
        self._last_heard: dict[str, int] = {}

    def hear(self, complaints: Sequence[str], poll: int) -> None:
        """Take in the complaints about an answer, as raw text."""
        for complaint in complaints:
            if complaint in self._last_heard or len(self._last_heard) < _MOST:
                self._last_heard[complaint] = poll

    def recent(self, poll: int) -> tuple[str, ...]:
        """Those that were heard lately; forgets the others."""
        self._last_heard = {
            text: heard for text, heard in self._last_heard.items() if heard > poll - _POLLS_KEPT
        }
        return tuple(self._last_heard)
