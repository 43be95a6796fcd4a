"""The screens of logs: what all of them share, what the viewers share, and the search in a viewer."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, ClassVar, NamedTuple, Protocol

from textual.binding import BindingType
from textual.screen import Screen
from textual.widgets import Input

from runloop_tui.logs.search import SearchQuery, line_after, line_before
from runloop_tui.present.log_view import LogPosition, SearchStatus, place_line
from runloop_tui.ui.keymap import VIEWER_KEYS
from runloop_tui.ui.widgets.bars import KeysFooter, LineBar
from runloop_tui.ui.widgets.inputs import AskInput
from runloop_tui.ui.widgets.log_view import LogView

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.widget import Widget

    from runloop_tui.present.layout import Line
    from runloop_tui.ui.keymap import Key


_SEARCH, _GO_TO = "search", "line"
_MOST_DIGITS = 18
"""Digits of a typed line number that are read."""


class LogScreen(Screen[None]):
    """A body over a status line and the keys; a subclass yields the body and writes the bars."""

    keys: "ClassVar[tuple[Key, ...]]" = ()

    def __init__(self) -> None:
        super().__init__(classes="logs")
        self._status = LineBar(classes="status-line")

    def compose(self) -> "ComposeResult":
        """Yield the body, the status line, the keys."""
        yield from self.body
        yield self._status
        yield KeysFooter()

    @property
    def body(self) -> "Iterable[Widget]":
        """The widgets above the status line."""
        raise NotImplementedError

    def show_bars(self) -> None:
        """Write the status line, and the bars of the body."""
        raise NotImplementedError

    def on_resize(self) -> None:
        """Fit the bars to the new width."""
        self.show_bars()

    def action_leave(self) -> None:
        """Leave; a download goes on."""
        self.dismiss()


class LogViewerScreen(LogScreen):
    """A log of any source: moving, searching, wrapping, following. A subclass provides its lines and searches them."""

    keys: "ClassVar[tuple[Key, ...]]" = VIEWER_KEYS
    BINDINGS: ClassVar[list[BindingType]] = [key.binding for key in VIEWER_KEYS]
    AUTO_FOCUS = "#log-view"

    def __init__(self) -> None:
        super().__init__()
        self.view = LogView()
        self.matches: Matches | None = None
        """The current search; a subclass sets it."""
        self._title_bar = LineBar(classes="title-bar")
        self._notice = LineBar()
        self._ask = AskInput()
        self._wanted = 0  # the step to the match to go to once it is found; 0 for none
        self._origin = 0
        self._has_wrapped = False

    @property
    def body(self) -> "Iterable[Widget]":
        """The title, the notice, the lines, the prompt."""
        return self._title_bar, self._notice, self.view, self._ask

    # For subclasses to override

    def title_line(self, width: int) -> "Line":
        """Return the title."""
        raise NotImplementedError

    def notice_line(self, width: int) -> "Line":
        """Return the warning; empty for none."""
        raise NotImplementedError

    def reading_line(self) -> "Line":
        """Return what is still to be read, or filtered out."""
        return ()

    def search(self, search_query: SearchQuery) -> None:
        """Start a search in place of the current one, and set `matches`."""
        raise NotImplementedError

    def end_search(self) -> None:
        """Stop the search."""
        self.matches = None

    # For subclasses to call

    def show_bars(self) -> None:
        """Write the title, the notice and the status line."""
        width = self.size.width
        notice = self.notice_line(width)
        self._notice.display = bool(notice)
        self._notice.say(notice)
        self._title_bar.say(self.title_line(width))
        self._say_place(self.view.place)

    def show_matches(self) -> None:
        """Go to the requested match if it is found by now, and write the progress of the search."""
        if self.matches is not None and self._wanted:
            found = jump(self.matches, self._origin, self._wanted)
            if found is not None:
                self._has_wrapped = found.has_wrapped
                self.view.go_to(found.line)
            if found is not None or self.matches.is_over:
                self._wanted = 0
        self._say_place(self.view.place)

    def _say_place(self, place: LogPosition) -> None:
        matches = self.matches
        found = None
        if matches is not None:
            found = finding(matches, self.view.here, has_wrapped=self._has_wrapped)
        self._status.say(place_line(place, found, self.size.width, self.reading_line()))

    # Events

    def on_log_view_moved(self, event: LogView.Moved) -> None:
        """Write the position."""
        self._say_place(event.place)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Search, or go to a line."""
        event.stop()
        self._leave_ask()
        if self._ask.what == _GO_TO:
            self._go_to(event.value)
        elif event.value:
            self.end_search()
            search_query = SearchQuery(event.value)
            self.view.mark(search_query)
            self.search(search_query)
            self._want(self.view.place.first - 1, 1)

    # Keys

    def action_find(self) -> None:
        """Prompt for the text to search for."""
        self._ask.ask(_SEARCH, "search; upper case counts where it is typed")

    def action_next_match(self, step: int) -> None:
        """Go to the next match, or to the one before."""
        if self.matches is None:
            self.action_find()
            return
        place, here = self.view.place, self.view.here
        if here is None or not place.first <= here <= place.last:
            here = place.first - 1 if step > 0 else place.last + 1
        self._want(here, step)

    def action_go_to(self) -> None:
        """Prompt for a line number."""
        self._ask.ask(_GO_TO, f"go to line, 1 to {self.view.place.lines:,}")

    def action_wrap(self) -> None:
        """Wrap long lines, or do not."""
        self.view.wrap(on=not self.view.place.wraps)

    def action_follow(self) -> None:
        """Follow the end, or do not."""
        self.view.follow(on=not self.view.place.follows)

    def action_back(self) -> None:
        """Leave the nearest of: prompt, search, log."""
        if self._ask.display:
            self._leave_ask()
        elif self.matches is not None:
            self.end_search()
            self.view.here = None
            self.view.mark(None)
            self.show_bars()
        else:
            self.dismiss()

    def _want(self, origin: int, step: int) -> None:
        self._origin, self._wanted, self._has_wrapped = origin, step, False
        self.show_matches()

    def _go_to(self, typed: str) -> None:
        number = typed.strip().replace(",", "")
        if number.isdecimal():
            line, lines = int(number[:_MOST_DIGITS]), self.view.place.lines
            if line > lines:
                self.notify(f"There are only {lines:,} lines so far.", markup=False, timeout=3)
            self.view.go_to(line - 1)
            self._say_place(self.view.place)
        elif number:
            self.notify("That is not the number of a line.", markup=False, timeout=3)

    def _leave_ask(self) -> None:
        self._ask.leave()
        self.set_focus(self.view)


class Matches(Protocol):
    """A search that may be in progress, as `logs.search.Search` is."""

    @property
    def search_query(self) -> SearchQuery:
        """The text searched for."""
        ...

    @property
    def found(self) -> Sequence[int]:
        """The numbers of the matching lines, ascending."""
        ...

    @property
    def is_over(self) -> bool:
        """All lines are searched."""
        ...

    @property
    def is_full(self) -> bool:
        """It stopped at the limit of matches."""
        ...

    @property
    def has_failed(self) -> bool:
        """An internal error ended it."""
        ...

    @property
    def fraction(self) -> float:
        """The part of the log that is searched, from 0 to 1."""
        ...


class RowMatches(NamedTuple):
    """The matches in rows in memory, found in one pass."""

    search_query: SearchQuery
    found: Sequence[int]
    is_over: bool = True
    is_full: bool = False
    has_failed: bool = False
    fraction: float = 1.0


def matches_in(texts: Iterable[str], search_query: SearchQuery) -> RowMatches:
    """Search rows in memory."""
    return RowMatches(
        search_query, [number for number, text in enumerate(texts) if search_query.is_in(text)]
    )


class Jump(NamedTuple):
    """A match to go to."""

    line: int
    has_wrapped: bool


def jump(matches: Matches, origin: int, step: int) -> Jump | None:
    """Return the next match after a line, or before it if `step` is -1; wrap around once all lines are searched.

    Return None if there is none, or none yet.
    """
    if step < 0 and not matches.is_over:  # the nearest one before may not be found yet
        return None
    near = line_after if step > 0 else line_before
    line = near(matches.found, origin)
    if line is not None:
        return Jump(line, has_wrapped=False)
    if not matches.is_over or not matches.found:
        return None
    return Jump(matches.found[0 if step > 0 else -1], has_wrapped=True)


def finding(matches: Matches, here: int | None, *, has_wrapped: bool) -> SearchStatus:
    """Return the progress of the search, and the position of the match shown."""
    place = None
    if here is not None:
        index = bisect_left(matches.found, here)
        if index < len(matches.found) and matches.found[index] == here:
            place = index + 1
    return SearchStatus(
        words=matches.search_query.words,
        found=len(matches.found),
        place=place,
        fraction=None if matches.is_over else matches.fraction,
        is_full=matches.is_full,
        has_failed=matches.has_failed,
        has_wrapped=has_wrapped,
    )
