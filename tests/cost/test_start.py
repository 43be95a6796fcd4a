"""Count the modules imported before the first frame: each is time in which a user sees nothing."""

import subprocess
import sys
from collections import Counter

import pytest

_START = """
import sys
from runloop_tui.wiring import options_of
from runloop_tui.clock import system_clock
from runloop_tui.config import Settings
from runloop_tui.ui.app import RunloopApp
RunloopApp(options_of(Settings(demo=True)), lambda feed: None, clock=system_clock)
print(*sys.modules)
"""

MOST_OF_OURS = 80
"""77 were imported when this was written: the margin is 3."""
MOST_IN_ALL = 495
"""465 on Python 3.11 with Textual 8.2.8: the margin covers other versions, and neither httpx (99) nor pydantic (49)."""


@pytest.fixture(scope="module")
def imported() -> Counter[str]:
    """The number of modules by top-level package, once the app was made in a new interpreter."""
    command = [sys.executable, "-c", _START]
    modules = subprocess.run(command, capture_output=True, check=True, text=True).stdout.split()
    return Counter(name.partition(".")[0] for name in modules)


def test_few_modules_are_imported_before_the_first_frame(imported: Counter[str]) -> None:
    """Protects the time from launch to the first frame.

    What the first frame does not show (the client with httpx and pydantic, humanize, the demo, dialogs, the jobs
    screen, archives) is imported after it, when it is first used. A count that is exceeded calls for a late import, or,
    where the first frame does need the module, for a higher number here.
    """
    assert imported["runloop_tui"] <= MOST_OF_OURS, imported
    assert imported.total() <= MOST_IN_ALL, imported
