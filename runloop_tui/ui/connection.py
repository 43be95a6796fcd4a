"""What the app talks to once it is connected; made by the caller, so that screens never meet HTTP."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from runloop_tui.api.models import BenchmarkRun, ScenarioRun
    from runloop_tui.logs.downloads import Download, Downloads
    from runloop_tui.logs.limits import Limits
    from runloop_tui.monitor.actions import Actions
    from runloop_tui.monitor.fetch_benchmarks import BenchmarkList
    from runloop_tui.monitor.fetch_devbox_logs import DevboxLogFetcher
    from runloop_tui.monitor.health import Health
    from runloop_tui.monitor.poller import Poller
    from runloop_tui.monitor.snapshot import Snapshot
    from runloop_tui.monitor.start_run import Starts


@dataclass(frozen=True, slots=True)
class Feed:
    """Where news goes: called on the event loop."""

    on_snapshot: Callable[["Snapshot"], None]
    on_health: Callable[["Health"], None]
    on_download: Callable[["Download"], None]
    on_fault: Callable[[Exception], None]
    """An error of ours, which was survived."""


@dataclass(frozen=True, slots=True)
class Connection:
    """The running parts behind the screens."""

    monitor: "Poller"
    actions: "Actions"
    starts: "Starts"
    benchmarks: "BenchmarkList"
    downloads: "Downloads"
    limits: "Limits"
    """How much of the disk an unpacked log may take."""
    fetch_logs: "Callable[[BenchmarkRun | ScenarioRun], Download]"
    """Starts the download of the logs of a run or scenario run."""
    read_logs: "Callable[[BenchmarkRun | ScenarioRun], Download]"
    """Gives the download that holds its logs for good, else starts one that goes with the app."""
    follow_devbox: "Callable[[str], DevboxLogFetcher]"
    """Makes what follows the log of a devbox; nothing is asked before it runs."""
    close: Callable[[], Awaitable[None]]


Connect = Callable[[Feed], Connection]
"""Makes the connection. Called in a thread, after the first paint: importing what it needs takes a while."""
