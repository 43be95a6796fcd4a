"""Every key of the screens that show logs: the list of an archive's files, a file, a log that is still written."""

from runloop_tui.ui.keys import Key

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
"""In a file of an archive, and in the log of a devbox."""

LIVE_KEYS = (
    Key("s", "next_source", "Source", "Only the next source, then all", LIVE, "s", footer=True),
    Key("v", "next_level", "Level", "Only from the next level on", LIVE, "v", footer=True),
    Key("l", "open_archive", "Archive", "Its archive; so far, while it is running", LIVE, "l"),
    Key("r", "refresh", "Refresh", "Ask for the log now", LIVE, "r"),
)
"""Besides VIEWER_KEYS, in the log of a devbox."""

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
"""In the list of an archive's files."""

HELP_KEYS = (*VIEWER_KEYS, *LIVE_KEYS)
"""Those that the help tells of: the list of files has the keys of every table."""
