"""The snapshot: everything known at one moment, immutable, replaced whole; and the difference of two.

When the data was fetched is not part of it (see `health`): two equal snapshots show the same screen.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from runloop_tui.api.states import is_terminal
from runloop_tui.monitor.counts import Tally

if TYPE_CHECKING:
    from collections.abc import Iterator

    from runloop_tui.api.models import (
        BenchmarkJob,
        BenchmarkRun,
        FailureReason,
        ScenarioDefinition,
        ScenarioRun,
    )
    from runloop_tui.monitor.health import ReadFailure


@dataclass(frozen=True, slots=True)
class JobOfRun:
    """What its job says about a benchmark run."""

    job_id: str
    total: int | None = None
    """How many scenarios the run has in all; None where the job does not say."""
    failures: Mapping[str, "FailureReason"] = field(default_factory=dict)
    """By scenario run: why it failed, once the run is terminal."""
    has_outcome: bool = False
    """The job says how the run ended."""
    never_started: "Tally | None" = None
    """Of that outcome, what failed or was canceled before there was a scenario run; None where nothing was."""
    score: float | None = None
    """The score by that outcome, errors as 0; None where there is none."""


@dataclass(frozen=True)
class Jobs:
    """The jobs that were read so far, newest first, and how many more the server has."""

    items: tuple["BenchmarkJob", ...] = ()
    in_all: int | None = None
    """How many jobs the server has in all; None where it did not say."""
    more: bool = False
    """There are older jobs that were not read yet."""
    loaded: bool = False
    """The first answer is in: an empty list means that there are no jobs."""
    offered: bool = True
    """False once the server has said that it knows of no jobs."""
    gone: frozenset[str] = frozenset()
    """The ids of jobs that the server no longer knows."""
    gone_runs: frozenset[str] = frozenset()
    """The ids of runs of jobs that the server no longer knows, or never did."""
    failure: "ReadFailure | None" = None
    """Why jobs could not be read at the last try."""

    @cached_property
    def by_id(self) -> dict[str, "BenchmarkJob"]:
        """The jobs by id."""
        return {job.id: job for job in self.items}


@dataclass(frozen=True, slots=True)
class LogActivity:
    """When the devbox log of a scenario run was written to. All moments are Unix ms on the server's clock."""

    last_ms: int | None
    """The moment of its last line; None where no line has one."""
    longest_gap_ms: int | None
    """The longest time between two lines since its start, so a silence that ended; None where that is unknown."""
    last_line: str
    """The end of that last line's entry, 200 characters at most; raw text from outside, without known secrets."""
    read_ms: int
    """When it was read last, without an error."""
    first_ms: int | None = None
    """The moment of the first line that was read."""

    @property
    def silence_ms(self) -> int | None:
        """How long the log had been silent when it was read last; None where that is unknown.

        It does not grow with the clock: while the log cannot be read, nothing is known of its silence.
        """
        return None if self.last_ms is None else max(0, self.read_ms - self.last_ms)


@dataclass(frozen=True, slots=True)
class RunRecord:
    """One benchmark run and what has been learned about it."""

    run: "BenchmarkRun"
    total: int | None = None
    """How many scenarios there are in all; None where it is unknown."""
    tally: Tally | None = None
    """None until its scenario runs were read."""
    active: tuple["ScenarioRun", ...] = ()
    """Those of its scenario runs that are not done."""
    scenario_runs: tuple["ScenarioRun", ...] | None = None
    """All that have started, in the order in which they were learned; None where they are not held."""
    all_read: bool = False
    """False while only the first pages of its scenario runs were read."""
    under_way: str = ""
    """The overlay of an action under way, such as "canceling…"; "" without one."""
    gone: bool = False
    """The server no longer knows this run."""
    job: "JobOfRun | None" = None
    """What its job says about it; None where no job of it is known."""
    not_started: tuple["ScenarioDefinition", ...] = ()
    """The scenarios of a live run that have not started; none where their names do not make up their number."""

    @property
    def id(self) -> str:
        """The run's id."""
        return self.run.id

    @property
    def planned(self) -> int | None:
        """The total, but never less than what is counted; None where it is unknown."""
        counts = self.counts or self.tally
        return (
            self.total if self.total is None or counts is None else max(self.total, counts.started)
        )

    @property
    def counts(self) -> Tally | None:
        """The counts that are shown, sorted and filtered by; None until all its scenario runs were read once.

        Those of the first pages alone would pass for those of the run. What its job says to have ended before there
        was a scenario run is counted as well.
        """
        if self.tally is None or not self.all_read:
            return None
        more = self.job.never_started if self.job else None
        return self.tally if more is None else self.tally + more

    @property
    def score(self) -> float | None:
        """The score of the run, everywhere: the server's final one, else our own; None where there is none.

        Our own comes from the counts; of a run that was not read, from what its job says of its end.
        """
        if self.run.score is not None:
            return self.run.score
        if self.counts is not None:
            return self.counts.score
        return self.job.score if self.job else None


@dataclass(frozen=True)
class Snapshot:
    """All runs that were read so far, and how many more the server has."""

    records: tuple[RunRecord, ...] = ()
    runs_in_all: int | None = None
    """How many runs the server has in all; None where it did not say."""
    more_runs: bool = False
    """There are older runs that were not read yet."""
    loaded: bool = False
    """The first answer is in: an empty list means that there are no runs."""
    under_way: tuple[tuple[str, str], ...] = ()
    """(id of a run or scenario run, overlay) of the actions under way."""
    jobs: Jobs = field(default_factory=Jobs)
    """The benchmark jobs that were read so far."""
    log_activity: Mapping[str, LogActivity] = field(default_factory=dict)
    """By active scenario run: when its devbox log was written to, where that was read."""
    log_gaps: Mapping[str, int] = field(default_factory=dict)
    """By live run: the longest silence, in ms, in those of its devbox logs that are being written to."""

    @cached_property
    def by_id(self) -> dict[str, RunRecord]:
        """The records by run id."""
        return {record.id: record for record in self.records}

    @cached_property
    def live(self) -> tuple[RunRecord, ...]:
        """The records of the runs that are running."""
        return tuple(record for record in self.records if record.run.is_live and not record.gone)


@dataclass(frozen=True, slots=True)
class RunEnded:
    """A run has reached a terminal state."""

    record: "RunRecord"


@dataclass(frozen=True, slots=True)
class ScenarioRunEnded:
    """A scenario run that was acted upon is terminal, or has the requested score."""

    record: "RunRecord"
    """The run it belongs to."""
    scenario_run: "ScenarioRun"


@dataclass(frozen=True, slots=True)
class RunAppeared:
    """A running run is listed that was unknown before."""

    record: "RunRecord"


def changes(old: "Snapshot", new: "Snapshot") -> "Iterator[RunEnded | RunAppeared]":
    """Yield the changes that are worth a notification; none after the first load."""
    if not old.loaded:
        return
    for record in new.records:
        before = old.by_id.get(record.id)
        if before is record:
            continue
        if before is None:
            if record.run.is_live:
                yield RunAppeared(record)
        elif is_terminal(record.run.state) and not is_terminal(before.run.state):
            yield RunEnded(record)
