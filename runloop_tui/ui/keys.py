"""Every key of the main screen: what it does, in words that the footer, the help and the palette share."""

from dataclasses import dataclass

from textual.binding import Binding


@dataclass(frozen=True, slots=True)
class Key:
    """One binding and its words."""

    keys: str
    action: str
    label: str
    """Two words at most, for the footer."""
    words: str
    """A line for the help and the palette."""
    group: str
    shown_as: str = ""
    also: str = ""
    """Another key that does the same, for the help."""
    footer: bool = False
    changes: bool = False
    """Changes something at Runloop: not there with --read-only."""
    everywhere: bool = False
    """Works in dialogs too."""

    @property
    def binding(self) -> Binding:
        """It as Textual's binding."""
        return Binding(
            self.keys,
            self.action,
            self.label,
            show=self.footer,
            key_display=self.shown_as or None,
            priority=self.everywhere,
        )


MOVE, LOOK, ACT, APP = "Move", "Look", "Act", "App"
GROUPS = (MOVE, LOOK, ACT, APP)

SCREEN_KEYS = (
    Key(
        "slash",
        "filter",
        "Filter",
        "Filter the rows: words, state:failed, …",
        LOOK,
        "/",
        footer=True,
    ),
    Key(
        "n",
        "next_match",
        "Next match",
        "In a pane of lines, / searches: to the next match",
        LOOK,
        "n",
    ),
    Key("s", "sort", "Sort", "Sort by the next column", LOOK, "s", footer=True),
    Key("S", "reverse", "Reverse", "Sort from the other end", LOOK, "S"),
    Key("z", "zoom", "Zoom", "Give the pane the whole screen, and back", LOOK, "z", footer=True),
    Key("t", "times", "Times", "Times: how long ago, local, UTC", LOOK, "t"),
    Key("p", "hold", "Hold order", "Hold the order of the rows still, or let it go", LOOK, "p"),
    Key("r", "refresh", "Refresh", "Ask Runloop now", LOOK, "r"),
    Key("1", "focus_pane('runs')", "Runs", "Go to the runs", MOVE, "1"),
    Key("2", "focus_pane('detail')", "Run", "Go to the run in full", MOVE, "2"),
    Key("3", "focus_pane('scenarios')", "Scenarios", "Go to the scenarios", MOVE, "3"),
    Key("4", "focus_pane('inspector')", "Scenario", "Go to the scenario in full", MOVE, "4"),
    Key("tab", "next_pane", "Next pane", "Go to the next pane", MOVE, "Tab"),
    Key("shift+tab", "previous_pane", "Pane before", "Go to the pane before", MOVE, "⇧Tab"),
    Key(
        "escape",
        "back",
        "Back",
        "Back: clears filter, zoom, marks; to the runs",
        MOVE,
        "Esc",
    ),
    Key("l", "logs", "Logs", "Read the logs", LOOK, "l", footer=True),
    Key("D", "download_logs", "Save", "Download logs (asks first)", ACT, "D", footer=True),
    Key("C", "complete", "Complete", "Complete (asks first)", ACT, "C", footer=True, changes=True),
    Key("E", "score", "Score", "Score a running scenario run (asks first)", ACT, "E", changes=True),
    Key("X", "cancel", "Cancel", "Cancel (asks first)", ACT, "X", footer=True, changes=True),
    Key("b", "jobs", "Jobs", "Go to the jobs; from a run, to its own", MOVE, "b"),
    Key("N", "start_run", "New run", "Start a run, from a form", ACT, "N", changes=True),
    Key("e", "app.events", "Events", "Show what has happened since the start", LOOK, "e"),
    Key("d", "app.downloads", "Downloads", "Show the downloads", ACT, "d"),
    Key("y", "copy_id", "Copy id", "Copy the id", ACT, "y"),
    Key("Y", "copy_link", "Copy link", "Copy the link to the web page", ACT, "Y"),
    Key("o", "open_link", "Open link", "Open the web page, or show its link", ACT, "o"),
)

APP_KEYS = (
    Key("question_mark,f1", "help", "Help", "Show this help", APP, "?", "F1", footer=True),
    Key(
        "colon,ctrl+p",
        "command_palette",
        "Commands",
        "All commands, to search and run",
        APP,
        ":",
        "Ctrl+P",
    ),
    Key(
        "percent_sign",
        "mouse",
        "Mouse",
        "Mouse off, to select text, and on again",
        APP,
        "%",
    ),
    Key("ctrl+l", "redraw", "Redraw", "Draw the whole screen anew", APP, "Ctrl+L"),
    Key(
        "ctrl+z",
        "suspend_process",
        "Suspend",
        "Suspend; fg brings it back",
        APP,
        "Ctrl+Z",
        everywhere=True,
    ),
    Key("q", "quit", "Quit", "Quit; the runs go on", APP, "q", "Ctrl+C", footer=True),
)

TABLE_KEYS = (
    ("↑ ↓  j k", "Move by a row", MOVE),
    ("PgUp PgDn", "Move by a page", MOVE),
    ("g G  Home End", "To the first, to the last", MOVE),
    ("⏎", "Open the run's scenarios; there, one in full", MOVE),
    ("Space", "Mark the row: actions concern all marked", ACT),
)
"""Keys of the tables themselves, for the help."""
