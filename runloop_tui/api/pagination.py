"""Cursor pages: one page, a loop over all of them that always ends, and how many items to request."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from runloop_tui.api.errors import NotUnderstood

MOST_PAGES = 1_000
"""A list with more pages than this is taken for endless."""

_DIVISOR = 10
_SMALL_PAGES = 20
"""After so many small pages the usual limit is tried again: the items may have become smaller."""


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
    """How many items all pages have together; None when it was not requested or not readable."""
    warnings: tuple[str, ...] = ()
    """Warnings about what could not be parsed, one line each. Hold raw ids: sanitise before display."""
    unread: int = 0
    """How many items of the page could not be parsed at all."""


async def each_page(fetch: Callable[[str | None], Awaitable[Page[I]]]) -> AsyncIterator[Page[I]]:
    """Yield page after page; `fetch` is called with `starting_after`, at first None.

    The cursor is the last id that could be parsed. A page without a readable item is still yielded,
    because of its warnings.

    Raises:
        NotUnderstood: the list cannot be followed further: a page has no new id, or has `has_more`
            but no id at all, or there have been `MOST_PAGES` pages.
    """
    starting_after: str | None = None
    seen: set[str] = set()
    for _ in range(MOST_PAGES):
        page = await fetch(starting_after)
        ids = {item.id for item in page.items}
        if ids and ids <= seen:
            raise NotUnderstood("expected the next page, got one that was there before")
        if page.items or page.warnings or not page.has_more:
            yield page
        if not page.has_more:
            return
        if not ids:
            found = "none that could be read" if page.warnings else "none"
            raise NotUnderstood(f"expected items on a page that has more behind it, got {found}")
        seen |= ids
        starting_after = page.items[-1].id
    raise NotUnderstood(f"expected the list to end, got more than {MOST_PAGES:,} pages")


class PageSizes:
    """The limit of a list's pages, by resource: a tenth for a while after a response was too large."""

    def __init__(self) -> None:
        self._small: dict[str, int] = {}
        """The number of small pages that are left, by noun."""

    def query(self, noun: str, query: Mapping[str, str]) -> Mapping[str, str]:
        """Return the query to send first, and count a small page."""
        left = self._small.get(noun, 0)
        smaller = self.smaller(query)
        if not left or smaller is None:
            return query
        self._small[noun] = left - 1
        return smaller

    def smaller(self, query: Mapping[str, str]) -> Mapping[str, str] | None:
        """Return the query with a tenth of its limit; None when that would be less than one item."""
        limit = int(query.get("limit", "1")) // _DIVISOR
        return {**query, "limit": str(limit)} if limit else None

    def was_too_large(self, noun: str) -> None:
        """Use small pages from now on: a page of the usual size was too large, a smaller one was not."""
        self._small[noun] = _SMALL_PAGES
