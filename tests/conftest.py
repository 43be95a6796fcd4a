"""What all tests share: the time zone, a cache folder, the lanes, and a cheap headless Textual."""

import atexit
import gc
import os
import shutil
import tempfile
import time
from collections import defaultdict
from pathlib import Path

import pytest
from hypothesis import settings

from tests.headless import drop_frames, share_parsed_styles, sleep_in_pauses

os.environ["TZ"] = "UTC"
time.tzset()

_CACHE = tempfile.mkdtemp(prefix="runloop-tui-tests-")
os.environ["XDG_CACHE_HOME"] = os.environ["XDG_STATE_HOME"] = _CACHE
os.environ.pop(
    "PYTHONDONTWRITEBYTECODE", None
)  # else each program that a test starts compiles all its modules
atexit.register(shutil.rmtree, _CACHE, ignore_errors=True)

_PROPERTIES = settings(deadline=None, derandomize=True, database=None)
settings.register_profile("fast", _PROPERTIES, max_examples=50)
settings.register_profile("deep", _PROPERTIES, max_examples=1_000, derandomize=False)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "fast"))

_TESTS = Path(__file__).parent

_SLOW = (
    "cost/test_requests.py",
    "cost/test_rendering.py",
    "end_to_end",
    "faults",
    "fuzz",
    "hostile_bytes",
    "packaging/test_wheel.py",
    "process",
    "simulations",
    "snapshots",
    "soak",
    "ui/test_hostile_text.py",
    "monitor/test_whole_story.py",
    "ui/runtime/test_driver.py",
    "ui/runtime/test_redraw.py",
    "ui/runtime/test_slow_terminal.py",
)
"""The slow lane: processes, terminals, sockets, minutes of simulated time, pictures, accounts of 5,000."""

_VARIANTS_ARE_SLOW = ("demo/test_consistency.py", "monitor/test_true_answers.py", "ui")
"""Where only the first of a test's parameter sets is in the fast lane: each fills an account, or starts an app."""

_APPS = "ui"
_CHEAP = "ui/runtime"
_APPS_IN_CHEAP = ("ui/runtime/test_key_queue.py",)
_FAST_IN_A_FILE = 1
"""So many of each file of UI tests, the first ones, are in the fast lane: each starts an app, 0.3 s of CPU."""

_LONG = ("soak", "fuzz", "packaging", "ui/runtime/test_slow_terminal.py", "faults", "cost")
"""What is run first, so that no worker begins a long test when the others have nothing left to do."""

_WITH_TEXTUAL = ("cost", "snapshots", "ui")
"""Where apps are run headless."""


def _is_in(path: Path, places: tuple[str, ...]) -> bool:
    return any(path.is_relative_to(_TESTS / place) for place in places)


def pytest_configure() -> None:
    """Check that the lists above name what is there.

    Raises:
        UsageError: a folder or file was moved; move it in the list too.
    """
    for place in (
        *_SLOW,
        *_VARIANTS_ARE_SLOW,
        _APPS,
        _CHEAP,
        *_APPS_IN_CHEAP,
        *_LONG,
        *_WITH_TEXTUAL,
    ):
        if not (_TESTS / place).exists():
            raise pytest.UsageError(f"tests/conftest.py names tests/{place}, which is not there")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Assign the lanes by folder and file."""
    tests_of_file: dict[Path, set[str]] = defaultdict(set)
    for item in items:
        tests, test = tests_of_file[item.path], item.nodeid.partition("[")[0]
        is_variant = test in tests and _is_in(item.path, _VARIANTS_ARE_SLOW)
        tests.add(test)
        is_cheap = _is_in(item.path, (_CHEAP,)) and not _is_in(item.path, _APPS_IN_CHEAP)
        starts_app = _is_in(item.path, (_APPS,)) and not is_cheap
        is_further = starts_app and len(tests) > _FAST_IN_A_FILE
        if is_variant or is_further or _is_in(item.path, _SLOW):
            item.add_marker(pytest.mark.slow)
    items.sort(key=lambda item: not (item.get_closest_marker("slow") and _is_in(item.path, _LONG)))


def pytest_collection_finish() -> None:
    """Keep the garbage collector from going through what stays until the end: modules and collected tests."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 100)


@pytest.fixture(autouse=True)
def _cheap_textual(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if not _is_in(request.path, _WITH_TEXTUAL):
        return
    share_parsed_styles(monkeypatch)
    if request.node.get_closest_marker("frames"):
        return
    drop_frames(monkeypatch)
    sleep_in_pauses(monkeypatch)
