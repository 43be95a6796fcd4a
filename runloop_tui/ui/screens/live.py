"""The log of a devbox that is at work, followed as it grows."""

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
from runloop_tui.ui.log_keys import LIVE_KEYS, VIEWER_KEYS
from runloop_tui.ui.log_matches import matches_in
from runloop_tui.ui.messages import ScenarioLogsOpened
from runloop_tui.ui.runtime.base_app import BaseApp
from runloop_tui.ui.screens.viewer import ViewerScreen

if TYPE_CHECKING:
    from runloop_tui.api.models import ScenarioRun
    from runloop_tui.logs.search import SearchQuery
    from runloop_tui.monitor.fetch_devbox_logs import DevboxLine, DevboxLogFetcher
    from runloop_tui.present.layout import Line
    from runloop_tui.ui.keys import Key

_TICK_S = 1.0


class LiveScreen(ViewerScreen):
    """Polls as long as it is on the screen, and until the scenario run has ended."""

    keys: "ClassVar[tuple[Key, ...]]" = (*VIEWER_KEYS, *LIVE_KEYS)
    BINDINGS: ClassVar[list[BindingType]] = [key.binding for key in LIVE_KEYS]

    def __init__(self, scenario_run: "ScenarioRun", live: "DevboxLogFetcher") -> None:
        super().__init__()
        self.scenario_run = scenario_run
        self.live = live
        self.holding = LiveFilter()
        self.rows: list[LiveRow] = []
        self._taken: list[DevboxLine] = []

    def on_mount(self) -> None:
        """Follow it, its last line growing older by the second."""
        self.view.follow(on=True)
        self.set_interval(_TICK_S, self.show_bars)
        self.show_bars()
        if isinstance(self.app, BaseApp):  # which begins it again after an unexpected error
            self.run_worker(
                self.app.error_boundary.restart_on_error(lambda: self.live.run(self._show))
            )

    def look_at(self, scenario_run: "ScenarioRun") -> None:
        """Take in how the scenario run stands now."""
        before, self.scenario_run = self.scenario_run, scenario_run
        if scenario_run.is_terminal and not before.is_terminal:
            self.live.finish()
        self.show_bars()

    def title_line(self, width: int) -> "Line":
        """Whose log, and how old its last line is."""
        scenario_run = self.scenario_run
        sign, is_over = scenario_state_sign(scenario_run), scenario_run.is_terminal
        return live_title(scenario_name(scenario_run), sign, self.live, width, is_over=is_over)

    def notice_line(self, width: int) -> "Line":
        """What is wrong, or that it has ended."""
        ended = scenario_state_sign(self.scenario_run) if self.scenario_run.is_terminal else None
        return live_notice(self.live, width, ended=ended)

    def reading_line(self) -> "Line":
        """The filter that holds."""
        return filter_words(self.holding)

    def search(self, needle: "SearchQuery") -> None:
        """Search the lines that are shown."""
        self.matches = matches_in((row.text for row in self.rows), needle)

    def _show(self) -> None:
        """Take in what a look has brought."""
        live = self.live
        if live.lines is not self._taken:
            is_longer = live.kept == len(self._taken)
            if not is_longer:
                self.rows = []
            same = len(self.rows)
            start = live.kept if is_longer else 0
            gaps = frozenset(live.gaps)
            self.rows += live_rows(live.lines[start:], self.holding, gaps, first=start)
            self._taken = live.lines
            self._show_rows(same)
        self.show_bars()

    def _filter(self, holding: LiveFilter) -> None:
        self.holding = holding
        self.rows = list(live_rows(self.live.lines, holding, frozenset(self.live.gaps)))
        self._taken = self.live.lines
        self.view.here = None
        self._show_rows(0)
        self.show_bars()

    def _show_rows(self, same: int) -> None:
        self.view.show(len(self.rows), self._line, same=same)
        if self.matches is not None:
            self.search(self.matches.needle)
        self.show_matches()

    def _line(self, number: int) -> "Line":
        return live_line(self.rows[number])

    # Keys

    def action_next_source(self) -> None:
        """Show only the next source, or all."""
        self._filter(self.holding.next_source(sources_of(self.live.lines)))

    def action_next_level(self) -> None:
        """Show only from the next level on."""
        self._filter(self.holding.next_level())

    def action_refresh(self) -> None:
        """Ask for the log now."""
        self.live.refresh()

    def action_open_archive(self) -> None:
        """Show the archive: whole where the scenario run has ended, else what there is so far."""
        self.post_message(ScenarioLogsOpened(self.scenario_run, as_archive=True))
