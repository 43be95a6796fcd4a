"""The failure matrix: each failure, what is on the screen while it lasts, and how it is recovered from.

The table in README.md is written from here.
"""

from tests.faults import broken_answers as broken
from tests.faults.outages import OUTAGES, listen, refuse
from tests.faults.row import Row

_NEXT_POLL = "at the next poll (5 s)"

AT_THE_START = Row(
    "any of these before the first answer",
    ("what to do", "! server error (500)", "no data yet"),
    "at the next try (5 s, 11 s, 21 s, … 1 min)",
    answers={"": broken.says(500)},
)
SLOW = Row(
    "answers that take 12 s each",
    ("no answer for", "data of"),
    "when they come",
    answers={"": broken.slow(12.0)},
)
ONE_BAD_ITEM = Row(
    "one bad item among good ones",
    ("fresh", "a benchmark run that is no object not understood, and 2 more"),
    "within two polls (10 s); the others are fresh all the while",
    answers={"": broken.spoils_lists()},
)
ONE_RUN_UNREADABLE = Row(
    "the scenario runs of one run cannot be read (500)",
    ("! the scenario runs of a run: server error (500)",),
    "within two polls (10 s); the list is fresh all the while",
    answers={"": broken.no_scenario_runs()},
)
ONE_RUN_GONE = Row(
    "404 of one run",
    ("? gone", "fresh"),
    _NEXT_POLL,
)
OLD_DATA = Row(
    "a server that serves old data after new",
    ("✓ completed", "fresh"),
    "terminal runs stay terminal",
)
CLOCKS_DIFFER = Row(
    "a clock that is hours off",
    ("fresh", "11m"),
    "elapsed times and clock times are the server's from the first answer on",
)
CLOCK_SET = Row(
    "a clock that is set, by hours, while the app runs",
    ("fresh", "11m"),
    _NEXT_POLL,
)
SLEPT = Row(
    "a laptop that slept for an hour",
    ("next try now", "1h 00m old"),
    "a second after it wakes",
)
LOST_BUT_DONE = Row(
    "a cancel whose answer is lost, though it was done",
    ("alpha has ended: canceled. The answer was lost, but a fresh look says so.",),
    "at once, by looking; it is sent once",
    answers={"": broken.loses_answers_to_actions()},
)
LOST_AND_OUT_OF_SIGHT = Row(
    "a cancel whose answer is lost, and no look is possible",
    (
        "alpha: it is unknown whether it was canceled (the connection broke off).",
        "It could not be looked at either. Look again before you repeat this.",
    ),
    "at the next try, which reports: alpha has ended: canceled",
    answers={"": broken.loses_all_answers},
)
PRESSED_TWICE = Row(
    "a cancel that is requested twice",
    ("alpha: this is under way already; nothing was sent again.",),
    "it is sent once",
    answers={"": broken.slow_actions(4.0)},
)
CUT_OFF = Row(
    "a cancel during an outage",
    (
        "alpha was not canceled: no connection: the host refused. Nothing was sent.",
        "Check the network and the base address (RUNLOOP_BASE_URL).",
    ),
    "as soon as a look succeeds, whatever the status line still says",
    begin=refuse,
    end=listen,
)
SENT_DURING_STALL = Row(
    "a cancel while no answer comes",
    (
        "alpha was not canceled: timed out: no answer in time. Nothing was sent.",
        "The server is slow, or the network is. Wait a little and look again.",
    ),
    "as soon as a look succeeds",
    answers={"": broken.stalled},
)
TERMINAL_MEANWHILE = Row(
    "a cancel of a run that became terminal meanwhile",
    (
        "alpha was not canceled: request refused (400)",
        "It has ended already: completed.",
    ),
    "at once, by looking; requested again, nothing is sent",
)

ROWS: list[Row] = [
    *OUTAGES,
    AT_THE_START,
    SLOW,
    ONE_BAD_ITEM,
    ONE_RUN_UNREADABLE,
    ONE_RUN_GONE,
    OLD_DATA,
    CLOCKS_DIFFER,
    CLOCK_SET,
    SLEPT,
    LOST_BUT_DONE,
    LOST_AND_OUT_OF_SIGHT,
    PRESSED_TWICE,
    CUT_OFF,
    SENT_DURING_STALL,
    TERMINAL_MEANWHILE,
]
"""The whole matrix."""
