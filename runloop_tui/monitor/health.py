"""How fresh the data is, and what is wrong when it is not."""

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from runloop_tui.api.errors import RunloopError


class What(StrEnum):
    """What can be asked for, in words that follow "could not read"."""

    LIST = "the list of runs"
    OLDER = "older runs"
    FOUND = "the runs that the filter wants"
    RUN = "a run"
    SCENARIO_RUNS = "the scenario runs of a run"
    BENCHMARK = "a benchmark"
    NAMES = "the names of a benchmark's scenarios"
    JOBS = "the list of jobs"
    JOB = "a job"


@dataclass(frozen=True, slots=True)
class Trouble:
    """What could not be asked, and why."""

    what: str
    """What was asked for, such as "the list of runs"."""
    error: "RunloopError"
    polls: int = 1
    """At which poll from now it is asked for again; 1 is the next."""


@dataclass(frozen=True, slots=True)
class Health:
    """The state of the polling after its last try."""

    fresh_ms: int | None = None
    """When the last complete poll ended (our clock); None before the first."""
    trouble: Trouble | None = None
    """Why the data is not whole and fresh; None where it is."""
    next_try_ms: int | None = None
    """When the next poll is due; None while one is under way."""
    stalled_since_ms: int | None = None
    """Since when we wait without hearing anything; None while an answer is not long in coming."""
    skew_ms: int = 0
    """The server's clock minus ours."""
    complaints: tuple[str, ...] = ()
    """What of the answers of the last polls could not be understood; raw text."""
