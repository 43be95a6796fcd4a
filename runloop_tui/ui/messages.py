"""The requests of the screens, as messages that only the app handles."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.message import Message

if TYPE_CHECKING:
    from runloop_tui.api.models import BenchmarkRun, ScenarioRun
    from runloop_tui.monitor.query import RunFilter
    from runloop_tui.monitor.schedule import JobsViewport, Viewport
    from runloop_tui.present.questions import Target


@dataclass
class ViewportMoved(Message):
    """Another run is selected, or other rows are on the screen."""

    viewport: "Viewport"


@dataclass
class OlderRunsWanted(Message):
    """The cursor is near the last run read so far, or `G` was pressed."""

    to_the_end: bool = False


@dataclass
class RunsWanted(Message):
    """A filter was submitted that may match runs not read yet."""

    wanted: "RunFilter"


@dataclass
class RefreshRequested(Message):
    """`r` was pressed: poll now."""


@dataclass
class ActionRequested(Message):
    """Cancel, complete or score the targets, after confirmation."""

    targets: tuple["Target", ...]


@dataclass
class StartRequested(Message):
    """Start a run, from the form and after confirmation."""


@dataclass
class BenchmarksWanted(Message):
    """The form opened the list of benchmarks."""


@dataclass
class LogsRequested(Message):
    """Download the archives of these, after confirmation."""

    things: tuple["BenchmarkRun | ScenarioRun", ...]


@dataclass
class RunLogsOpened(Message):
    """Open the archive of a run."""

    run: "BenchmarkRun"


@dataclass
class ScenarioLogsOpened(Message):
    """Open the logs of a scenario run."""

    scenario_run: "ScenarioRun"
    as_archive: bool = False
    """Its archive, even while it is running."""


@dataclass
class JobsRequested(Message):
    """Open the jobs screen."""

    job_id: str | None
    """The job to move the cursor to; None leaves it where it is."""


@dataclass
class JobsViewportMoved(Message):
    """Another job is selected, or other jobs are on the screen."""

    jobs: "JobsViewport"
    runs: "Viewport"
    """The runs of the selected job that are not terminal."""


@dataclass
class OlderJobsWanted(Message):
    """The cursor is near the last job read so far."""


class JobsLeft(Message):
    """The jobs screen was left."""


@dataclass
class JobRunOpened(Message):
    """Select a run of a job on the runs screen."""

    run_id: str


@dataclass
class CompareRequested(Message):
    """Compare two runs, or one with the run before on its benchmark."""

    run_ids: tuple[str, ...]


@dataclass
class JobCompareRequested(Message):
    """Compare the agents of a job."""

    job_id: str


@dataclass
class FailuresRequested(Message):
    """Show the failures of a run in groups."""

    run_id: str


@dataclass
class JobFailuresRequested(Message):
    """Show the failures of a job in groups, by agent."""

    job_id: str


@dataclass
class CopyRequested(Message):
    """Copy a safe text to the clipboard; `what` names it in the notification."""

    what: str
    text: str
    shown: str = ""
    """What the notification shows of a long text; "" shows all of it."""


@dataclass
class LinkRequested(Message):
    """Copy the link to the web page of a run or scenario run, or open it in a browser."""

    thing: "BenchmarkRun | ScenarioRun"
    open: bool
