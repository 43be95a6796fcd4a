"""A log on the whole screen, whatever it comes from: moving, searching, wrapping, following."""

from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType
from textual.screen import Screen
from textual.widgets import Input

from runloop_tui.logs.search import SearchQuery
from runloop_tui.present.log_view import LogPosition, place_line
from runloop_tui.ui.log_keys import VIEWER_KEYS
from runloop_tui.ui.log_matches import Matches, finding, jump
from runloop_tui.ui.widgets.ask_input import AskInput
from runloop_tui.ui.widgets.keys_footer import KeysFooter
from runloop_tui.ui.widgets.line_bar import LineBar
from runloop_tui.ui.widgets.log_view import LogView

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from runloop_tui.present.layout import Line
    from runloop_tui.ui.keys import Key

_SEARCH, _GO_TO = "search", "line"


class ViewerScreen(Screen[None]):
    """What all viewers of logs have in common; a subclass says what is read, and searches it."""

    keys: "ClassVar[tuple[Key, ...]]" = VIEWER_KEYS
    BINDINGS: ClassVar[list[BindingType]] = [key.binding for key in VIEWER_KEYS]
    AUTO_FOCUS = "#log-view"

    def __init__(self) -> None:
        super().__init__(classes="logs")
        self.view = LogView()
        self.matches: Matches | None = None
        """The search that holds; a subclass sets it."""
        self._title_bar = LineBar(classes="logs-title")
        self._notice = LineBar(classes="logs-notice")
        self._status = LineBar(classes="logs-status")
        self._ask = AskInput()
        self._wanted = 0  # the step to a match that is still to be found
        self._origin = 0
        self._has_wrapped = False

    def compose(self) -> "ComposeResult":
        """What it is, what is wrong, the lines, the place."""
        yield self._title_bar
        yield self._notice
        yield self.view
        yield self._ask
        yield self._status
        yield KeysFooter()

    # What a subclass says

    def title_line(self, width: int) -> "Line":
        """Which log this is."""
        raise NotImplementedError

    def notice_line(self, width: int) -> "Line":
        """What is wrong with it; empty where nothing is."""
        raise NotImplementedError

    def reading_line(self) -> "Line":
        """What of it is still to come, or left out."""
        return ()

    def search(self, needle: SearchQuery) -> None:
        """Begin to search, in place of any search before; sets `matches`."""
        raise NotImplementedError

    def end_search(self) -> None:
        """Stop searching."""
        self.matches = None

    # What a subclass uses

    def show_bars(self) -> None:
        """Write what stands above and below the lines."""
        width = self.size.width
        notice = self.notice_line(width)
        self._notice.display = bool(notice)
        self._notice.say(notice)
        self._title_bar.say(self.title_line(width))
        self._say_place(self.view.place)

    def show_matches(self) -> None:
        """Go to the match that was waited for, if it is there now, and say how the search stands."""
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
        """Say where it stands now."""
        self._say_place(event.place)

    def on_resize(self) -> None:
        """Fit the bars to the new width."""
        self.show_bars()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Search, or go to a line."""
        event.stop()
        self._leave_ask()
        if self._ask.what == _GO_TO:
            self._go_to(event.value)
        elif event.value:
            self.end_search()
            needle = SearchQuery(event.value)
            self.view.mark(needle)
            self.search(needle)
            self._want(self.view.place.first - 1, 1)

    # Keys

    def action_find(self) -> None:
        """Ask what to search for."""
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
        """Ask for a line."""
        self._ask.ask(_GO_TO, f"go to line, 1 to {self.view.place.lines:,}")

    def action_wrap(self) -> None:
        """Show long lines in several rows, or in one."""
        self.view.wrap(on=not self.view.place.wraps)

    def action_follow(self) -> None:
        """Stay at the end while it grows, or stay here."""
        self.view.follow(on=not self.view.place.follows)

    def action_back(self) -> None:
        """Leave the nearest of: what is being typed, the search, the log."""
        if self._ask.display:
            self._leave_ask()
        elif self.matches is not None:
            self.end_search()
            self.view.here = None
            self.view.mark(None)
            self.show_bars()
        else:
            self.dismiss()

    def action_leave(self) -> None:
        """Leave the log."""
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


_MOST_DIGITS = 18
