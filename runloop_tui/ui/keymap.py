"""Every key of every screen, with the words that the footer, the help and the palette show for it."""

from dataclasses import dataclass

from textual.binding import Binding


@dataclass(frozen=True, slots=True)
class Key:
    """One binding and its words."""

    keys: str
    action: str
    label: str
    """For the footer; two words at most."""
    words: str
    """For the help and the palette; one line."""
    group: str
    shown_as: str = ""
    also: str = ""
    """Another key for the same action, for the help."""
    footer: bool = False
    changes: bool = False
    """Sends a request that changes something: disabled with --read-only."""
    everywhere: bool = False
    """A priority binding: works in dialogs too."""

    @property
    def binding(self) -> Binding:
        """The key as a Textual binding."""
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

_PANE_KEYS = (
    Key("s", "sort", "Sort", "Sort by the next column", LOOK, "s", footer=True),
    Key("S", "reverse", "Reverse", "Sort from the other end", LOOK, "S"),
    Key("z", "zoom", "Zoom", "Give the pane the whole screen, and back", LOOK, "z", footer=True),
    Key("t", "times", "Times", "Times: how long ago, local, UTC", LOOK, "t"),
    Key("p", "hold", "Hold order", "Hold the order of the rows still, or let it go", LOOK, "p"),
)
_STEP_KEYS = (
    Key("tab", "next_pane(1)", "Next pane", "Go to the next pane", MOVE, "Tab"),
    Key("shift+tab", "next_pane(-1)", "Pane before", "Go to the pane before", MOVE, "⇧Tab"),
)
"""The keys of every `PaneScreen`."""

RUN_KEYS = (
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
    *_PANE_KEYS,
    Key("r", "refresh", "Refresh", "Ask Runloop now", LOOK, "r"),
    Key("1", "focus_pane('runs')", "Runs", "Go to the runs", MOVE, "1"),
    Key("2", "focus_pane('detail')", "Run", "Go to the run in full", MOVE, "2"),
    Key("3", "focus_pane('scenarios')", "Scenarios", "Go to the scenarios", MOVE, "3"),
    Key("4", "focus_pane('inspector')", "Scenario", "Go to the scenario in full", MOVE, "4"),
    *_STEP_KEYS,
    Key(
        "escape",
        "back",
        "Back",
        "Back: clears filter, zoom, marks; to the runs",
        MOVE,
        "Esc",
    ),
    Key(
        "equals_sign",
        "compare",
        "Compare",
        "Compare two marked runs, or one with the run before",
        LOOK,
        "=",
    ),
    Key(
        "exclamation_mark",
        "next_problem",
        "Next problem",
        "Go to the next scenario that is stuck, an error or slow",
        LOOK,
        "!",
    ),
    Key("l", "logs", "Logs", "Read the logs", LOOK, "l", footer=True),
    Key("f", "failures", "Failures", "Failures of the run, in groups", LOOK, "f"),
    Key("D", "download_logs", "Save", "Download logs (asks first)", ACT, "D", footer=True),
    Key("C", "complete", "Complete", "Complete (asks first)", ACT, "C", footer=True, changes=True),
    Key("E", "score", "Score", "Score a running scenario run (asks first)", ACT, "E", changes=True),
    Key("X", "cancel", "Cancel", "Cancel (asks first)", ACT, "X", footer=True, changes=True),
    Key("b", "jobs", "Jobs", "Go to the jobs; from a run, to its own", MOVE, "b"),
    Key("N", "start_run", "New run", "Start a run, from a form", ACT, "N", changes=True),
    Key("e", "app.events", "Events", "Show what has happened, also while you were away", LOOK, "e"),
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
"""The bindings of `VirtualTable`, for the help."""


JOBS = "In jobs"

JOB_KEYS = (
    Key("slash", "filter", "Filter", "Filter the rows", JOBS, "/", footer=True),
    *_PANE_KEYS,
    Key("r", "refresh", "Refresh", "Ask Runloop now", JOBS, "r", footer=True),
    Key("1", "focus_pane('jobs')", "Jobs", "Go to the jobs", JOBS, "1"),
    Key("2", "focus_pane('job')", "Job", "Go to the job in full", JOBS, "2"),
    Key("3", "focus_pane('job-runs')", "Runs", "Go to the runs of the job", JOBS, "3"),
    *_STEP_KEYS,
    Key("equals_sign", "compare", "Compare", "Compare the agents", JOBS, "=", footer=True),
    Key("f", "failures", "Failures", "Failures of the job, in groups by agent", JOBS, "f"),
    Key("y", "copy_id", "Copy id", "Copy the id of the job, or of its run", JOBS, "y"),
    Key(
        "escape",
        "back",
        "Back",
        "Back: clears filter and zoom; to the runs",
        JOBS,
        "Esc",
        footer=True,
    ),
    Key("b", "leave", "Runs", "Back to the runs", JOBS, "b"),
)
"""The keys of `JobsScreen`; ⏎ goes from a job to its runs, and from one of them to the runs screen."""

_JOB_HELP = {"compare", "failures", "copy_id", "leave"}
JOB_HELP_KEYS = tuple(key for key in JOB_KEYS if key.action in _JOB_HELP)
"""The keys that the help lists: the others are those of the runs screen."""


FAILURES = "In failures"

FAILURE_KEYS = (
    Key(
        "enter",
        "open_group",
        "Show them",
        "Show only its scenarios, in the table of the run",
        FAILURES,
        "⏎",
        footer=True,
    ),
    Key(
        "y", "copy_ids", "Copy ids", "Copy the ids of its scenario runs", FAILURES, "y", footer=True
    ),
    Key(
        "D",
        "download_logs",
        "Save logs",
        "Download the logs of its scenario runs (asks first)",
        FAILURES,
        "D",
        footer=True,
    ),
    Key("escape,q,f", "dismiss", "Back", "Back", FAILURES, "Esc", footer=True),
)
"""The keys of `FailuresDialog`."""

FAILURE_HELP_KEYS = FAILURE_KEYS[:-1]
"""The keys that the help lists."""


LOGS = "In logs"
LIVE = "In the log of a scenario that is running"
LOG_GROUPS = (LOGS, LIVE)

_BACK = Key(
    "escape",
    "back",
    "Back",
    "Back: leaves what is typed, the search, the log",
    LOGS,
    "Esc",
    footer=True,
)

VIEWER_KEYS = (
    Key("slash", "find", "Search", "Search: the words as they stand", LOGS, "/", footer=True),
    Key("n", "next_match(1)", "Next", "To the next match", LOGS, "n", footer=True),
    Key("N", "next_match(-1)", "Before", "To the match before", LOGS, "N", footer=True),
    Key("number_sign,ctrl+g", "go_to", "Line", "Go to a line", LOGS, "#", footer=True),
    Key("w", "wrap", "Wrap", "Long lines in several rows, or in one", LOGS, "w", footer=True),
    Key("f", "follow", "Follow", "Stay at the end while it grows", LOGS, "f", footer=True),
    _BACK,
    Key("q", "leave", "Leave", "Leave the log", LOGS, "q"),
)
"""The keys of `LogViewerScreen`."""

LIVE_KEYS = (
    Key("s", "next_source", "Source", "Only the next source, then all", LIVE, "s", footer=True),
    Key("v", "next_level", "Level", "Only from the next level on", LIVE, "v", footer=True),
    Key("l", "open_archive", "Archive", "Its archive; so far, while it is running", LIVE, "l"),
    Key("r", "refresh", "Refresh", "Ask for the log now", LIVE, "r"),
)
"""The keys of `LiveLogScreen`, besides `VIEWER_KEYS`."""

ARCHIVE_KEYS = (
    Key(
        "slash",
        "filter",
        "Filter",
        "Filter the files: all words must occur",
        LOGS,
        "/",
        footer=True,
    ),
    Key("s", "sort", "Sort", "Sort the files by the next column", LOGS, "s", footer=True),
    Key("S", "reverse", "Reverse", "Sort the files from the other end", LOGS, "S"),
    Key("y", "copy_path", "Copy path", "Copy the path of the archive", LOGS, "y", footer=True),
    Key("D", "save", "Save", "Download the archive (asks first)", LOGS, "D", footer=True),
    Key("r", "again", "Again", "Read again what has failed, or was still running", LOGS, "r"),
    _BACK,
    Key("q", "leave", "Leave", "Leave the logs", LOGS, "q"),
)
"""The keys of `ArchiveScreen`."""

LOG_HELP_KEYS = (*VIEWER_KEYS, *LIVE_KEYS)
"""The keys that the help lists: those of the archive are those of every table."""
