"""What a request asks for: its query read strictly, and pages cut from what there is."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Generic, TypeVar

import httpx

DEFAULT_LIMIT = 20
MOST = 5000

T = TypeVar("T")


class Rejected(Exception):  # noqa: N818 - an answer with an error status, not a mistake in the program
    """The request gets an error status and a message."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message


@dataclass(frozen=True, slots=True)
class PageWish:
    """Which page of a list is asked for.

    Attributes:
        limit: How many items at most.
        starting_after: The id of the last item already known.
        wants_total: Whether to count all that match.
    """

    limit: int
    starting_after: str | None
    wants_total: bool


@dataclass(frozen=True, slots=True)
class Cut(Generic[T]):
    """A page: its items, whether there are more, and how many there are in all, if asked for."""

    items: list[T]
    has_more: bool
    total_count: int | None


def read_page_wish(query: httpx.QueryParams) -> PageWish:
    """Read limit, starting_after and include_total_count.

    Raises:
        Rejected: 400, if one of them makes no sense.
    """
    return PageWish(
        limit=_read_limit(query.get("limit")),
        starting_after=query.get("starting_after") or None,
        wants_total=_read_flag(query.get("include_total_count")),
    )


def cut(
    wish: PageWish,
    items_after: Callable[[str | None], Iterator[T]],
    is_wanted: Callable[[T], bool] = lambda _: True,
) -> Cut[T]:
    """Cut a page from items in their order.

    Args:
        wish: The page asked for.
        items_after: Gives the items after the one with an id, or all for None; KeyError if there
            is no such item.
        is_wanted: The filter that the items of the page and the total pass.

    Raises:
        Rejected: 400, if `starting_after` is no item of the list.
    """
    try:
        rest = filter(is_wanted, items_after(wish.starting_after))
        items = list(islice(rest, wish.limit))
        has_more = next(rest, None) is not None
        total = sum(1 for _ in filter(is_wanted, items_after(None))) if wish.wants_total else None
    except KeyError:
        message = f"starting_after: no such item: {wish.starting_after}"
        raise Rejected(400, message) from None
    return Cut(items, has_more, total)


def _read_limit(text: str | None) -> int:
    if not text:
        return DEFAULT_LIMIT
    if not (text.isascii() and text.isdigit()) or not 1 <= int(text[:9]) <= MOST:
        raise Rejected(400, f"limit must be a whole number from 1 to {MOST}")
    return int(text)


def _read_flag(text: str | None) -> bool:
    if text in {None, "", "true"}:
        return True
    if text == "false":
        return False
    raise Rejected(400, "include_total_count must be true or false")
