"""What the caller passes to the app: the connection, so that `ui` never imports HTTP, and the options."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from runloop_tui.api.models import BenchmarkRun, ScenarioRun
    from runloop_tui.history.history import History
    from runloop_tui.logs.downloads import Download, Downloads
    from runloop_tui.logs.limits import Limits
    from runloop_tui.monitor.actions import Actions
    from runloop_tui.monitor.fetch_benchmarks import BenchmarkList
    from runloop_tui.monitor.fetch_devbox_logs import DevboxLogFetcher
    from runloop_tui.monitor.health import Health
    from runloop_tui.monitor.poller import Poller
    from runloop_tui.monitor.snapshot import Snapshot
    from runloop_tui.monitor.start_run import Starts
    from runloop_tui.monitor.store import Store


@dataclass(frozen=True, slots=True)
class Feed:
    """The callbacks of the app, called on the event loop."""

    on_snapshot: Callable[["Snapshot"], None]
    on_health: Callable[["Health"], None]
    on_download: Callable[["Download"], None]
    on_fault: Callable[[Exception], None]
    """An internal error that did not end the poller."""


@dataclass(frozen=True, slots=True)
class Connection:
    """The services that the controllers use."""

    store: "Store"
    monitor: "Poller"
    actions: "Actions"
    starts: "Starts"
    benchmarks: "BenchmarkList"
    downloads: "Downloads"
    limits: "Limits"
    """How much disk space an unpacked log may take."""
    fetch_logs: "Callable[[BenchmarkRun | ScenarioRun], Download]"
    """Start the download of the archive of a run or scenario run."""
    read_logs: "Callable[[BenchmarkRun | ScenarioRun], Download]"
    """Return a finished download of the archive, else start one that is deleted when the app exits."""
    follow_devbox: "Callable[[str], DevboxLogFetcher]"
    """Create the poller of a devbox log; it sends no request before `run`."""
    open_history: "Callable[[], Awaitable[History]] | None"
    """Open the history; None where none is kept."""
    close: Callable[[], Awaitable[None]]


Connect = Callable[[Feed], Connection]
"""Create the connection. Called in a thread after the first paint: its imports take long."""


DEMO_SERVER = "a made-up account"
"""The name of the server that the demo shows."""


@dataclass(frozen=True, slots=True)
class Options:
    """The settings that the screens need; none of them is a secret."""

    server: str
    """The host name, for the title bar."""
    platform: str | None = None
    """The base address of the web platform; None if the server has none."""
    address: str = ""
    """The base address of the API, as configured."""
    address_source: str = ""
    """The flag or variable that set the address; "" for the default."""
    key_source: str = ""
    """The flag or variable that set the key."""
    demo: bool = False
    interval_s: float = 5.0
    run_id: str | None = None
    job_id: str | None = None
    read_only: bool = False
    bell: bool = False
    title: bool = False
    theme: Literal["dark", "light"] = "dark"
    downloads: str = ""
    """The folder of downloads, to be shown."""
    without_key: bool = False
    """There is no API key: the app offers the demo."""
