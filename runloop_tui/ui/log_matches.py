"""What a search has found in a log that is shown, and where to go from here."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from typing import NamedTuple, Protocol

from runloop_tui.logs.search import SearchQuery, line_after, line_before
from runloop_tui.present.log_view import SearchStatus


class Matches(Protocol):
    """A search that may still be going on, as `logs.search.Search` is."""

    @property
    def needle(self) -> SearchQuery:
        """What is searched for."""
        ...

    @property
    def found(self) -> Sequence[int]:
        """Numbers of the lines that match, ascending."""
        ...

    @property
    def is_over(self) -> bool:
        """All lines were looked at."""
        ...

    @property
    def is_full(self) -> bool:
        """It stopped because it has found too many."""
        ...

    @property
    def has_failed(self) -> bool:
        """An error that nobody expected has ended it."""
        ...

    @property
    def fraction(self) -> float:
        """How much was looked at, from 0 to 1."""
        ...


class RowMatches(NamedTuple):
    """The matches in rows that are held in memory: found at once."""

    needle: SearchQuery
    found: Sequence[int]
    is_over: bool = True
    is_full: bool = False
    has_failed: bool = False
    fraction: float = 1.0


def matches_in(texts: Iterable[str], needle: SearchQuery) -> RowMatches:
    """Search texts that are few enough to be looked at in one go."""
    return RowMatches(needle, [number for number, text in enumerate(texts) if needle.is_in(text)])


class Jump(NamedTuple):
    """A match to go to."""

    line: int
    has_wrapped: bool


def jump(matches: Matches, origin: int, step: int) -> Jump | None:
    """The next match behind a line, or before it where `step` is -1; round the end where all was looked at.

    None where there is none, or none yet.
    """
    if step < 0 and not matches.is_over:  # the nearest one before may still be found
        return None
    near = line_after if step > 0 else line_before
    line = near(matches.found, origin)
    if line is not None:
        return Jump(line, has_wrapped=False)
    if not matches.is_over or not matches.found:
        return None
    return Jump(matches.found[0 if step > 0 else -1], has_wrapped=True)


def finding(matches: Matches, here: int | None, *, has_wrapped: bool) -> SearchStatus:
    """How the search stands, with the match that is shown."""
    place = None
    if here is not None:
        index = bisect_left(matches.found, here)
        if index < len(matches.found) and matches.found[index] == here:
            place = index + 1
    return SearchStatus(
        words=matches.needle.words,
        found=len(matches.found),
        place=place,
        fraction=None if matches.is_over else matches.fraction,
        is_full=matches.is_full,
        has_failed=matches.has_failed,
        has_wrapped=has_wrapped,
    )
