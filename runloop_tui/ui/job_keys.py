"""Every key of the screen of jobs."""

from runloop_tui.ui.keys import Key

JOBS = "In jobs"

JOB_KEYS = (
    Key("slash", "filter", "Filter", "Filter the rows", JOBS, "/", footer=True),
    Key("s", "sort", "Sort", "Sort by the next column", JOBS, "s", footer=True),
    Key("S", "reverse", "Reverse", "Sort from the other end", JOBS, "S"),
    Key("z", "zoom", "Zoom", "Give the pane the whole screen, and back", JOBS, "z", footer=True),
    Key("t", "times", "Times", "Times: how long ago, local, UTC", JOBS, "t"),
    Key("p", "hold", "Hold order", "Hold the order of the rows still, or let it go", JOBS, "p"),
    Key("r", "refresh", "Refresh", "Ask Runloop now", JOBS, "r", footer=True),
    Key("1", "focus_pane('jobs')", "Jobs", "Go to the jobs", JOBS, "1"),
    Key("2", "focus_pane('job')", "Job", "Go to the job in full", JOBS, "2"),
    Key("3", "focus_pane('job-runs')", "Runs", "Go to the runs of the job", JOBS, "3"),
    Key("tab", "next_pane(1)", "Next pane", "Go to the next pane", JOBS, "Tab"),
    Key("shift+tab", "next_pane(-1)", "Pane before", "Go to the pane before", JOBS, "⇧Tab"),
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
"""Besides those of tables: ⏎ goes from a job to its runs, and from one of them to it among all runs."""

HELP_KEYS = tuple(key for key in JOB_KEYS if key.action in {"copy_id", "leave"})
"""Those that the help tells of: the others are as on the screen of runs."""
