"""What is imported before the first paint: each module more is a delay that somebody sees."""

import subprocess
import sys

_START = """
import sys
from runloop_tui.__main__ import options_of
from runloop_tui.clock import system_clock
from runloop_tui.settings import Settings
from runloop_tui.ui.app import RunloopApp
RunloopApp(options_of(Settings(demo=True)), lambda feed: None, clock=system_clock)
print(*sys.modules)
"""

LATER = {
    "httpx",
    "pydantic",
    "humanize",
    "zipfile",
    "runloop_tui.api.client",
    "runloop_tui.api.models",
    "runloop_tui.demo",
    "runloop_tui.monitor.job_runs",
    "runloop_tui.monitor.polling",
    "runloop_tui.present.detail",
    "runloop_tui.present.inspector",
    "runloop_tui.present.questions",
    "runloop_tui.ui.dialogs.confirm",
    "runloop_tui.ui.dialogs.help",
    "runloop_tui.ui.controllers.actions",
    "runloop_tui.ui.controllers.jobs",
    "runloop_tui.ui.screens.jobs",
    "runloop_tui.ui.controllers.start_run",
}
"""What has time until there is something on the screen."""

ALLOWED = {
    "": {
        "__main__", "addresses", "clock", "flag_values", "interrupts", "log_file", "settings",
    },
    "api": {"errors", "redact"},
    "logs": {"limits"},
    "monitor": {
        "attention", "faults", "filters", "health", "jobs", "progress", "query", "reach",
        "run_filter", "snapshot", "states",
    },
    "present": {
        "accounting", "cells", "columns", "flow", "links", "numbers", "overview", "runs",
        "scenarios", "states", "text", "times", "told", "troubles",
    },
    "ui": {
        "app", "border", "key_queue", "keys", "lasting_app", "messages", "options", "painting", "sharing",
        "style_cache", "stylesheets", "telling", "terminal", "themes",
    },
    "ui.screens": {"main", "panes", "table_screen"},
    "ui.tty": {"driver", "frames", "painted_screen", "pens", "window", "writer"},
    "ui.widgets": {
        "detail_pane", "filter_input", "keys_footer", "line_bar", "lines_view", "pane_title",
        "runs_pane", "scenarios_pane", "table_pane", "virtual_table",
    },
}  # fmt: skip
"""Of ours, by room."""


def imported() -> set[str]:
    """All modules that are there once the app was made, in an interpreter of its own."""
    command = [sys.executable, "-c", _START]
    return set(subprocess.run(command, capture_output=True, check=True, text=True).stdout.split())


def test_before_the_first_paint_only_what_it_needs_is_imported() -> None:
    modules = imported()
    assert modules & LATER == set()
    rooms = {"runloop_tui", *(f"runloop_tui.{room}" for room in ALLOWED if room)}
    allowed = rooms | {
        ".".join(filter(None, ("runloop_tui", room, name)))
        for room, names in ALLOWED.items()
        for name in names
    }
    assert {name for name in modules if name.startswith("runloop_tui")} <= allowed
    assert "runloop_tui.ui.screens.runs" in modules
