"""What the screen asks of the app, as small messages; the app alone acts on them."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.message import Message

if TYPE_CHECKING:
    from runloop_tui.api.models import BenchmarkRun, ScenarioRun
    from runloop_tui.monitor.fetch_jobs import JobsViewport
    from runloop_tui.monitor.query import RunFilter
    from runloop_tui.monitor.schedule import Viewport
    from runloop_tui.present.questions import Target


@dataclass
class AttentionMoved(Message):
    """The person looks at another run, or other rows are on the screen."""

    attention: "Viewport"


@dataclass
class OlderRunsWanted(Message):
    """The cursor nears the end of the runs that were read, or goes to the very last."""

    to_the_end: bool = False


@dataclass
class RunsWanted(Message):
    """Runs that a filter wants may stand further back than those that were read."""

    wanted: "RunFilter"


@dataclass
class RefreshRequested(Message):
    """The data is wanted now, not at the next poll."""


@dataclass
class ActionRequested(Message):
    """Targets are to be canceled or completed, once the person has confirmed it."""

    targets: tuple["Target", ...]


@dataclass
class StartRequested(Message):
    """A run is to be started, once the person has filled in the form and confirmed it."""


@dataclass
class BenchmarksWanted(Message):
    """The form has a benchmark to be chosen."""


@dataclass
class LogsRequested(Message):
    """The logs of these are to be downloaded, once the person has confirmed it."""

    things: tuple["BenchmarkRun | ScenarioRun", ...]


@dataclass
class RunLogsOpened(Message):
    """The logs of a run are to be read."""

    run: "BenchmarkRun"


@dataclass
class ScenarioLogsOpened(Message):
    """The logs of a scenario run are to be read."""

    scenario_run: "ScenarioRun"
    as_archive: bool = False
    """From its archive, even while it is running."""


@dataclass
class JobsRequested(Message):
    """The jobs are to be shown."""

    job_id: str | None
    """The one to stand on: that of the run under the cursor, where it is known."""


@dataclass
class JobsAttentionMoved(Message):
    """The person looks at another job, or other jobs are on the screen."""

    attention: "JobsViewport"
    runs: "Viewport"
    """The runs whose counts are shown with it."""


@dataclass
class OlderJobsWanted(Message):
    """The cursor nears the end of the jobs that were read."""


class JobsLeft(Message):
    """The jobs are no longer on the screen."""


@dataclass
class JobRunOpened(Message):
    """A benchmark run of a job is to be shown among the runs."""

    run_id: str


@dataclass
class CopyRequested(Message):
    """A text is wanted in the clipboard. `text` is safe; `what` says what it is."""

    what: str
    text: str


@dataclass
class LinkRequested(Message):
    """The web page of a run or scenario run is to be copied, or opened."""

    thing: "BenchmarkRun | ScenarioRun"
    open: bool
