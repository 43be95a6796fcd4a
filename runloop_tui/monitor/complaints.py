"""What could not be understood of the answers, kept for some polls: most things are not asked for at each."""

from collections.abc import Callable, Sequence
from typing import Protocol

_POLLS_KEPT = 12
_MOST = 20


class Item(Protocol):
    """Something that was read, and what of it could not be."""

    @property
    def id(self) -> str:
        """The id by which it is read again."""
        ...

    @property
    def is_whole(self) -> bool:
        """Whether all of it could be read that what is shown rests on."""
        ...

    @property
    def complaint(self) -> str:
        """What of it could not be read, in words; "" where all could."""
        ...


Complain = Callable[[Sequence[Item], Sequence[str]], None]
"""Takes the items that could be read of an answer, and in words what could not."""


class Complaints:
    """The complaints of the last polls; each stands there once, and there are never many.

    A complaint about an item ends when the item is read without one; the others (items without a readable id)
    when `forget_unnamed` says that all was read.
    """

    def __init__(self) -> None:
        self._last_heard: dict[str, int] = {}
        self._about: dict[str, str] = {}

    def hear(self, items: Sequence[Item], complaints: Sequence[str], poll: int) -> bool:
        """Take in what could be read of an answer, and the complaints about it, as raw text.

        Returns whether something could not be read.
        """
        about = {item.complaint: item.id for item in items if item.complaint}
        if self._about:
            again = {item.id for item in items if not item.complaint}
            for text in [text for text, id_ in self._about.items() if id_ in again]:
                self._forget(text)
        for complaint in (*complaints, *about):
            if complaint in self._last_heard or len(self._last_heard) < _MOST:
                self._last_heard[complaint] = poll
                if complaint in about:
                    self._about[complaint] = about[complaint]
        return bool(complaints) or not all(item.is_whole for item in items)

    def forget_unnamed(self) -> None:
        """Drop the complaints about items of which no id is known, for all of them were read by now."""
        for text in self._last_heard.keys() - self._about.keys():
            self._forget(text)

    def recent(self, poll: int) -> tuple[str, ...]:
        """Those that were heard lately; forgets the others."""
        for text in [text for text, at in self._last_heard.items() if at <= poll - _POLLS_KEPT]:
            self._forget(text)
        return tuple(self._last_heard)

    def _forget(self, text: str) -> None:
        self._last_heard.pop(text, None)
        self._about.pop(text, None)
