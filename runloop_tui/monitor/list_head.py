"""The list head: how far a list was read from its newest item down without a gap.

An id that is known from elsewhere (a look-up, a search) says nothing of its neighbours in the list.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

from runloop_tui.api.pagination import Identified, each_page

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable

    from runloop_tui.api.pagination import Page


class Listed(Identified, Protocol):
    """An item of a list: it has an id, and says whether it could be parsed whole."""

    @property
    def is_whole(self) -> bool:
        """Whether all essential fields could be parsed."""
        ...


T = TypeVar("T", bound=Listed)


@dataclass(frozen=True, slots=True)
class Walk(Generic[T]):
    """What was read from the newest item down."""

    items: tuple[T, ...]
    unread: int
    """How many items could not be parsed, or were counted and not listed."""
    total: int | None
    """How many items the list has in all; None where the server did not say."""
    has_more: bool


class ListHead:
    """The ids of a list from the newest down to the oldest that was read, without a gap.

    "Known" is not "nothing between": only what follows in the head is known to follow in the list.
    """

    def __init__(self) -> None:
        self._ids: dict[str, None] = {}
        self._older: int | None = None
        self.more = False
        """There are older items that were not read."""
        self.has_holes = False
        """Some items in it could not be parsed."""

    def __len__(self) -> int:
        return len(self._ids)

    @property
    def oldest(self) -> str | None:
        """The cursor (`starting_after`) of the next older page."""
        return next(reversed(self._ids), None)

    def extend(self, page: "Page[T]") -> None:
        """Take in the page that follows the oldest item."""
        before = len(self._ids)
        self._ids.update((item.id, None) for item in page.items)
        self.more = page.has_more and len(self._ids) > before
        if page.unread or not all(item.is_whole for item in page.items):
            self.has_holes = True
        if page.total_count is not None:
            self._older = page.total_count - len(self._ids)
        elif self._older is not None:
            self._older -= len(self._ids) - before

    def drop(self, ids: "Iterable[str]") -> None:
        """Take items out that the server no longer has, so that none of them becomes a cursor."""
        for id_ in ids:
            self._ids.pop(id_, None)

    async def walk(
        self,
        fetch: "Callable[[str | None], Awaitable[Page[T]]]",
        learn: "Callable[[Page[T]], None]",
        *,
        to_oldest: bool = False,
    ) -> Walk[T]:
        """Read from the newest down to the first page that meets the head, or reaches its oldest item.

        Raises:
            RunloopError: a page could not be read; the head is as before.
        """
        found: list[T] = []
        unread, total, has_more = 0, None, False
        async for page in each_page(fetch):
            learn(page)
            found += page.items
            unread += page.unread
            total = page.total_count if page.total_count is not None else total
            has_more = page.has_more
            if self._ends(found, page, to_oldest=to_oldest):
                break
        if not has_more and total is not None:  # the list has ended before all that it counts came
            unread = max(unread, total - len(found))
        return Walk(tuple(found), unread, total, has_more)

    def _ends(self, found: "list[T]", page: "Page[T]", *, to_oldest: bool) -> bool:
        if not to_oldest:
            return any(item.id in self._ids for item in page.items)
        if any(item.id == self.oldest for item in page.items):
            return True
        has_met = any(item.id in self._ids for item in found)  # the oldest itself may be gone
        return has_met and bool(page.items) and page.items[-1].id not in self._ids

    def join(self, walk: "Walk[T]") -> list[str]:
        """Take in a walk; return the ids of the part of the head that was read again, and that the list no longer has.

        Where an item could not be parsed no id is returned: it may be one of them.
        """
        found = {item.id: None for item in walk.items}
        held = list(self._ids)
        met = max((number for number, id_ in enumerate(held) if id_ in found), default=-1)
        is_whole = not walk.has_more
        again = held if is_whole else held[: met + 1]
        below = [] if is_whole else held[met + 1 :]
        missing = [id_ for id_ in again if id_ not in found]
        kept = missing if walk.unread else []
        self._ids = {**found, **dict.fromkeys([*kept, *below])}
        if is_whole:
            self.more = False
        if walk.unread or not all(item.is_whole for item in walk.items):
            self.has_holes = True
        elif is_whole or met == len(held) - 1:
            self.has_holes = False
        return [] if walk.unread else missing

    def is_miscounted(self, total: int | None) -> bool:
        """Return whether the list has grown or shrunk below its head, and remember its new length."""
        if total is None:
            return False
        older, self._older = self._older, total - len(self._ids)
        return older is not None and self._older != older
