"""How many items a page is asked for, where the usual number of them makes an answer too large."""

from collections.abc import Mapping

_DIVISOR = 10
_TRIED_AGAIN_AFTER = 20
"""So many small pages later the usual number is asked for again: the items may have become smaller."""


class PageSizes:
    """Remembers, for each kind of thing, that its pages have to be small."""

    def __init__(self) -> None:
        self._small: dict[str, int] = {}
        """For how many more pages."""

    def query(self, noun: str, query: Mapping[str, str]) -> Mapping[str, str]:
        """The query to begin with."""
        left = self._small.get(noun, 0)
        smaller = self.smaller(query)
        if not left or smaller is None:
            return query
        self._small[noun] = left - 1
        return smaller

    def smaller(self, query: Mapping[str, str]) -> Mapping[str, str] | None:
        """The query for a tenth of the items; None where they are few already."""
        limit = int(query.get("limit", "1")) // _DIVISOR
        return {**query, "limit": str(limit)} if limit else None

    def was_too_large(self, noun: str) -> None:
        """A page of the usual size was too large, and a smaller one was not."""
        self._small[noun] = _TRIED_AGAIN_AFTER
