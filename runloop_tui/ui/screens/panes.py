"""The four panes of the main screen: which has the focus, and which has the screen to itself."""

from typing import TYPE_CHECKING, Literal, get_args

from runloop_tui.ui.widgets.detail_pane import DetailPane
from runloop_tui.ui.widgets.runs_pane import RunsPane
from runloop_tui.ui.widgets.scenarios_pane import ScenariosPane

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.widget import Widget

    from runloop_tui.ui.screens.table_screen import TableScreen
    from runloop_tui.ui.widgets.table_pane import TablePane

PaneName = Literal["runs", "detail", "scenarios", "inspector"]
_NAMES: tuple[PaneName, ...] = get_args(PaneName)


class Panes:
    """The panes, and the ways from one to another."""

    def __init__(self, screen: "TableScreen") -> None:
        self._screen = screen
        self.runs = RunsPane()
        self.detail = DetailPane(2, "run", id="detail-pane")
        self.scenarios = ScenariosPane()
        self.inspector = DetailPane(4, "scenario", id="inspector-pane")

    @property
    def focused(self) -> PaneName:
        """The pane that has the focus; the runs where none has."""
        focused = self._screen.focused
        for name in _NAMES:
            if focused is not None and self._pane(name) in focused.ancestors_with_self:
                return name
        return "runs"

    @property
    def concerns_runs(self) -> bool:
        """Keys that act concern runs here; elsewhere they concern scenario runs."""
        return self.focused in {"runs", "detail"}

    @property
    def table_pane(self) -> "TablePane":
        """The table that keys of tables concern: the focused one, else the nearest."""
        return self.runs if self.focused == "runs" else self.scenarios

    @property
    def lines_pane(self) -> DetailPane | None:
        """The pane of lines that has the focus, if one has."""
        panes = {"detail": self.detail, "inspector": self.inspector}
        return panes.get(self.focused)

    def open_filter(self) -> None:
        """Type what rows are filtered by, or lines searched for."""
        if self.lines_pane is not None:
            self.lines_pane.open_search()
        else:
            self.table_pane.open_filter()

    @property
    def focus_targets(self) -> "Iterable[Widget]":
        """What of each pane takes the focus."""
        return [self._target(name) for name in _NAMES]

    def focus(self, name: PaneName) -> None:
        """Go to a pane; one that has no place on this screen, or is hidden behind a zoom, is zoomed.

        Where the screen is too small for any pane, nothing is done.
        """
        if not self._screen.has_room:
            return
        is_hidden = self._zoomed is not None and self._zoomed != name
        target = self._target(name)
        if is_hidden:
            self._zoom(None)
        elif target.is_on_screen and target.size.height > 0:
            self._screen.set_focus(target)  # at once: the next key may have been typed already
            return
        self._screen.call_after_refresh(
            self._focus_shown, name
        )  # only then is it known who has room

    def step(self, by: int) -> None:
        """Go on by so many of the panes that are shown; on a very small screen none is."""
        shown = [name for name in _NAMES if self._target(name).size.height > 0]
        if not shown:
            return
        here = shown.index(self.focused) if self.focused in shown else 0
        self.focus(shown[(here + by) % len(shown)])

    def toggle_zoom(self) -> None:
        """Give the focused pane the whole screen, or give it back; nothing where no pane is shown."""
        if self._screen.has_room:
            self._zoom(None if self._zoomed else self.focused)

    def back(self) -> None:
        """Undo the nearest of: filter, zoom, marks, having left the runs."""
        if self.lines_pane is not None and self.lines_pane.clear_search():
            return
        pane = self.table_pane
        if pane.clear_filter():
            return
        if self._zoomed is not None:
            self._zoom(None)
            if self.focused in {"inspector", "detail"}:
                self.focus("scenarios")
        elif not pane.table.clear_marks():
            self.focus("scenarios" if self.focused == "inspector" else "runs")

    def _focus_shown(self, name: PaneName) -> None:
        target = self._target(name)
        if not target.is_on_screen or target.size.height == 0:
            self._zoom(name)
        target.focus()

    def _pane(self, name: PaneName) -> "Widget":
        panes: dict[PaneName, Widget] = {
            "runs": self.runs,
            "detail": self.detail,
            "scenarios": self.scenarios,
            "inspector": self.inspector,
        }
        return panes[name]

    def _target(self, name: PaneName) -> "Widget":
        """What of a pane takes the focus."""
        targets: dict[PaneName, Widget] = {
            "runs": self.runs.table,
            "detail": self.detail.view,
            "scenarios": self.scenarios.table,
            "inspector": self.inspector.view,
        }
        return targets[name]

    @property
    def _zoomed(self) -> PaneName | None:
        return next((name for name in _NAMES if self._screen.has_class(f"zoom-{name}")), None)

    def _zoom(self, name: PaneName | None) -> None:
        for pane in _NAMES:
            self._screen.set_class(pane == name, f"zoom-{pane}")
