"""Ids, paths and links: to the clipboard, to a browser, and always to the screen as well."""

from typing import TYPE_CHECKING

from runloop_tui.present.links import run_link, scenario_run_link
from runloop_tui.present.text import first_lines, safe
from runloop_tui.ui.notifications import LONG_TOAST_S

if TYPE_CHECKING:
    from textual.app import App

    from runloop_tui.api.models import BenchmarkRun, ScenarioRun
    from runloop_tui.monitor.snapshot import Snapshot
    from runloop_tui.ui.connection import Options
    from runloop_tui.ui.runtime.terminal import Terminal


class ClipboardController:
    """Copies and opens. Not every terminal supports OSC 52, so the text is shown too."""

    def __init__(self, app: "App[None]", terminal: "Terminal") -> None:
        self._app = app
        self._terminal = terminal

    def copy(self, what: str, text: str, shown: str = "") -> None:
        """Copy a safe text, and notify what it is; `shown` stands for one that is too long for a notification."""
        self._app.copy_to_clipboard(text)
        self._app.notify(shown or first_lines(text), title=f"Copied the {what}", markup=False)

    def link(
        self,
        thing: "BenchmarkRun | ScenarioRun",
        snapshot: "Snapshot",
        options: "Options",
        *,
        in_browser: bool,
    ) -> None:
        """Copy the link to the web page of a run or scenario run, or open it where there is a browser."""
        if options.platform is None:
            where = "the demo" if options.demo else safe(options.server)
            self._app.notify(f"No web page is known for {where}.", markup=False)
            return
        if thing.id in snapshot.by_id:
            link = run_link(options.platform, snapshot.by_id[thing.id].run)
        else:
            link = scenario_run_link(options.platform, thing)  # type: ignore[arg-type]  # no run has this id
        if not in_browser:
            self.copy("link", link)
        elif self._terminal.open_browser(link):
            self._app.notify(link, title="Opened in the browser", markup=False)
        else:
            self._app.notify(
                link, title="No browser here; the page is", timeout=LONG_TOAST_S, markup=False
            )
