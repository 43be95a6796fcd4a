"""Cursor pages, and a walk through all of them that ends whatever the server says."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from runloop_tui.api.errors import NotUnderstood

MOST_PAGES = 1_000
"""A walk that is longer than this is taken for an endless one."""


class Identified(Protocol):
    """Anything that a cursor can point at."""

    @property
    def id(self) -> str:
        """The id that `starting_after` takes."""
        ...


T = TypeVar("T")
I = TypeVar("I", bound=Identified)  # noqa: E741 - I for identified


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """One page of a list, in the server's order."""

    items: tuple[T, ...]
    has_more: bool
    total_count: int | None = None
    """How many there are on all pages; None when it was not asked for or not said."""
    complaints: tuple[str, ...] = ()
    """What could not be understood, line by line. Holds raw ids: make it safe before showing it."""
    unread: int = 0
    """How many items stand on the page that could not be read at all."""


async def each_page(fetch: Callable[[str | None], Awaitable[Page[I]]]) -> AsyncIterator[Page[I]]:
    """Yield page after page; `fetch` is given `starting_after`, at first None.

    The cursor is the last id that could be read. A page without a readable item is still yielded,
    because it carries complaints.

    Raises:
        NotUnderstood: when the walk cannot go on: a page brings no new id, or promises more but has
            no id at all, or there have been `MOST_PAGES` of them.
    """
    starting_after: str | None = None
    seen: set[str] = set()
    for _ in range(MOST_PAGES):
        page = await fetch(starting_after)
        ids = {item.id for item in page.items}
        if ids and ids <= seen:
            raise NotUnderstood("expected the next page, got one that was there before")
        if page.items or page.complaints or not page.has_more:
            yield page
        if not page.has_more:
            return
        if not ids:
            found = "none that could be read" if page.complaints else "none"
            raise NotUnderstood(f"expected items on a page that has more behind it, got {found}")
        seen |= ids
        starting_after = page.items[-1].id
    raise NotUnderstood(f"expected the list to end, got more than {MOST_PAGES:,} pages")
