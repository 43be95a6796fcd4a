"""The log of a running devbox, polled while it is on the screen."""

from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType

from runloop_tui.present.devbox_logs import (
    LiveFilter,
    LiveRow,
    filter_words,
    live_line,
    live_notice,
    live_rows,
    live_title,
    sources_of,
)
from runloop_tui.present.scenarios import scenario_name
from runloop_tui.present.states import scenario_state_sign
from runloop_tui.ui.keymap import LIVE_KEYS, VIEWER_KEYS
from runloop_tui.ui.messages import ScenarioLogsOpened
from runloop_tui.ui.screens.log_screen import LogViewerScreen, matches_in

if TYPE_CHECKING:
    from runloop_tui.api.models import ScenarioRun
    from runloop_tui.logs.search import SearchQuery
    from runloop_tui.monitor.fetch_devbox_logs import DevboxLine, DevboxLogFetcher
    from runloop_tui.present.layout import Line
    from runloop_tui.ui.keymap import Key

_TICK_S = 1.0


class LiveLogScreen(LogViewerScreen):
    """Polls until the screen is left or the scenario run is terminal."""

    keys: "ClassVar[tuple[Key, ...]]" = (*VIEWER_KEYS, *LIVE_KEYS)
    BINDINGS: ClassVar[list[BindingType]] = [key.binding for key in LIVE_KEYS]

    def __init__(self, scenario_run: "ScenarioRun", live: "DevboxLogFetcher") -> None:
        super().__init__()
        self.scenario_run = scenario_run
        self.live = live
        self.filtered_by = LiveFilter()
        self.rows: list[LiveRow] = []
        self._taken: list[DevboxLine] = []

    def on_mount(self) -> None:
        """Show each look of the poller, and the age of the last line every second."""
        self.view.follow(on=True)
        self.set_interval(_TICK_S, self.show_bars)
        self.show_bars()
        self.live.subscribe(self._show_new)
        if self.live.is_loaded:  # the first look may be faster than the screen
            self._show_new()

    def on_unmount(self) -> None:
        """Let the poller read the log no more."""
        self.live.close()

    def show(self, scenario_run: "ScenarioRun") -> None:
        """Show the state of the scenario run; stop polling once it is terminal."""
        before, self.scenario_run = self.scenario_run, scenario_run
        if scenario_run.is_terminal and not before.is_terminal:
            self.live.finish()
        self.show_bars()

    def title_line(self, width: int) -> "Line":
        """Return whose log it is, and the age of its last line."""
        scenario_run = self.scenario_run
        sign, is_over = scenario_state_sign(scenario_run), scenario_run.is_terminal
        return live_title(scenario_name(scenario_run), sign, self.live, width, is_over=is_over)

    def notice_line(self, width: int) -> "Line":
        """Return why polling fails, or that the scenario run is terminal."""
        ended = scenario_state_sign(self.scenario_run) if self.scenario_run.is_terminal else None
        return live_notice(self.live, width, ended=ended)

    def reading_line(self) -> "Line":
        """Return the current filter."""
        return filter_words(self.filtered_by)

    def search(self, search_query: "SearchQuery") -> None:
        """Search the rows shown."""
        self.matches = matches_in((row.text for row in self.rows), search_query)

    def _show_new(self) -> None:
        """Show the lines of the latest poll."""
        live = self.live
        if live.lines is not self._taken:
            is_longer = live.kept == len(self._taken)
            if not is_longer:
                self.rows = []
            same = len(self.rows)
            start = live.kept if is_longer else 0
            gaps = frozenset(live.gaps)
            self.rows += live_rows(live.lines[start:], self.filtered_by, gaps, first=start)
            self._taken = live.lines
            self._show_rows(same)
        self.show_bars()

    def _filter(self, by: LiveFilter) -> None:
        self.filtered_by = by
        self.rows = list(live_rows(self.live.lines, by, frozenset(self.live.gaps)))
        self._taken = self.live.lines
        self.view.here = None
        self._show_rows(0)
        self.show_bars()

    def _show_rows(self, same: int) -> None:
        self.view.show(len(self.rows), self._line, same=same)
        if self.matches is not None:
            self.search(self.matches.search_query)
        self.show_matches()

    def _line(self, number: int) -> "Line":
        return live_line(self.rows[number])

    # Keys

    def action_next_source(self) -> None:
        """Show only the next source, or all."""
        self._filter(self.filtered_by.next_source(sources_of(self.live.lines)))

    def action_next_level(self) -> None:
        """Show only lines of the next level and above."""
        self._filter(self.filtered_by.next_level())

    def action_refresh(self) -> None:
        """Poll now."""
        self.live.refresh()

    def action_open_archive(self) -> None:
        """Open the archive: final if the scenario run is terminal, else its contents so far."""
        self.post_message(ScenarioLogsOpened(self.scenario_run, as_archive=True))
