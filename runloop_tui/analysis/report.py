"""Everything that is computed about a run, cached until its facts change or some seconds pass.

The figures of a run of 5,000 scenarios take some 40 ms together, so `Reports.refresh` yields between them: keys are
handled meanwhile. All screens show the same report, so that no two of them differ.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from runloop_tui.analysis.attempts import attempts, in_order_of_end
from runloop_tui.analysis.collapse import collapses, current_collapse, standstill
from runloop_tui.analysis.compare import compare
from runloop_tui.analysis.durations import LONGEST_MS
from runloop_tui.analysis.end import end_of
from runloop_tui.analysis.forecast import forecast
from runloop_tui.analysis.slow import Slow, Stuck, slow_ones, stuck_ones
from runloop_tui.analysis.trend import span, trend
from runloop_tui.monitor.states import SLOW, STUCK

if TYPE_CHECKING:
    from runloop_tui.analysis.attempts import Attempt
    from runloop_tui.analysis.collapse import Collapse, Standstill
    from runloop_tui.analysis.compare import Comparison
    from runloop_tui.analysis.end import EndRange
    from runloop_tui.analysis.forecast import Forecast
    from runloop_tui.analysis.trend import Trend
    from runloop_tui.api.models import ScenarioRun
    from runloop_tui.monitor.snapshot import RunRecord, Snapshot

_FRESH_MS = 10_000
"""So long the report of a run holds whose facts did not change: only ages have."""
_SCORING_MS = 5 * 60_000
"""What scoring may take beyond an agent's time-out."""
_MOST_RETRIES = 8
_BUCKETS = 24
"""The intervals of the trend."""


@dataclass(frozen=True, slots=True)
class RunReport:
    """The figures of one run; each is None or empty where its formula is silent."""

    end: "EndRange | None" = None
    forecast: "Forecast | None" = None
    trend: "Trend | None" = None
    collapses: "tuple[Collapse, ...]" = ()
    """All episodes of the run, in their order."""
    is_live: bool = True
    """Whether the run goes on: a terminal run does not collapse any more."""
    standstill: "Standstill | None" = None
    slow: Mapping[str, Slow] = field(default_factory=dict)
    """By scenario-run id: those that take too long, the stuck ones among them; the highest factor first."""
    versus: "Comparison | None" = None
    """The run against the one before on its benchmark; None where there is none."""
    stuck: Mapping[str, Stuck] = field(default_factory=dict)
    """By scenario-run id: those of the slow ones that are silent too; the longest silence first."""

    @property
    def collapse(self) -> "Collapse | None":
        """The collapse that goes on; None without one, and in a terminal run."""
        return current_collapse(self.collapses) if self.is_live else None

    @property
    def late(self) -> dict[str, str]:
        """The word of each scenario run that is late, by its id: stuck or slow."""
        return {id_: STUCK if id_ in self.stuck else SLOW for id_ in self.slow}

    def late_of(self, scenario_run: "ScenarioRun") -> Slow | Stuck | None:
        """Return why a scenario run is stuck, else why it is slow; None where it is neither, or has ended since."""
        if scenario_run.is_score_final:
            return None
        return self.stuck.get(scenario_run.id) or self.slow.get(scenario_run.id)


NOTHING_EARLIER: Mapping[str, int] = MappingProxyType({})


class Known(NamedTuple):
    """What is known of a run besides its record."""

    earlier_ms: Mapping[str, int] = NOTHING_EARLIER
    """By scenario id: its longest duration in earlier runs of the benchmark."""
    before: "tuple[Attempt, ...]" = ()
    """The attempts of the run before on its benchmark; none where there is no such run."""


_NOTHING_KNOWN = Known()


class _Cached(NamedTuple):
    record: "RunRecord"
    silence: "_Silence"
    known: Known
    at_ms: int
    report: RunReport


class Reports:
    """Computes the reports of the runs of a snapshot, and keeps them."""

    def __init__(self) -> None:
        self._cached: dict[str, _Cached] = {}
        self.by_id: Mapping[str, RunReport] = {}
        """By run id; replaced whole when a report changes."""

    def refresh(
        self, snapshot: "Snapshot", now_ms: int, known: Mapping[str, Known] | None = None
    ) -> Iterator[None]:
        """Bring the reports up to a snapshot at a moment; yield after each figure. `by_id` is set at the end.

        Only runs whose scenario runs are held have one.
        """
        held = [record for record in snapshot.records if record.scenario_runs is not None]
        reports: dict[str, RunReport] = {}
        for record in held:
            about = (known or {}).get(record.id, _NOTHING_KNOWN)
            silence = _silence(record, snapshot)
            before = self._cached.get(record.id)
            if before is None or not _holds(before, record, silence, about, now_ms):
                steps = _steps(record, silence, about, now_ms, limit_of(record, snapshot))
                while (report := next(steps)) is None:
                    yield
                if before is not None and before.report == report:
                    report = before.report
                self._cached[record.id] = _Cached(record, silence, about, now_ms, report)
            reports[record.id] = self._cached[record.id].report
        for run_id in self._cached.keys() - reports.keys():
            del self._cached[run_id]
        if not _are_same(reports, self.by_id):
            self.by_id = reports


def limit_of(record: "RunRecord", snapshot: "Snapshot") -> int | None:
    """Return the longest that a scenario run of a run may take by its job, in ms; None where the job does not say."""
    job = snapshot.jobs.by_id.get(record.job.job_id) if record.job else None
    spec = job.job_spec if job else None
    if spec is None:
        return None
    seconds = [each.timeout_seconds for each in spec.agent_configs]
    known = [each for each in seconds if each is not None and each > 0]
    if not known or len(known) < len(seconds):
        return None
    settings = spec.orchestrator_config
    factor = max(1.0, (settings.timeout_multiplier if settings else None) or 1.0)
    attempts_more = max(1, (settings.n_attempts if settings else None) or 1) - 1
    longest = max(known) * factor ** min(_MOST_RETRIES, attempts_more) * 1000 + _SCORING_MS
    return int(longest) if longest <= LONGEST_MS else None


class _Silence(NamedTuple):
    """How long the devbox logs of the active scenario runs of a run have been silent, in ms."""

    by_id: Mapping[str, int | None]
    """Only of those whose logs were read: the slow ones."""
    longest_ended_ms: int | None
    """The longest silence after which one of them wrote again; None where there was none."""


def _silence(record: "RunRecord", snapshot: "Snapshot") -> _Silence:
    activity = snapshot.log_activity
    by_id = {each.id: activity[each.id].silence_ms for each in record.active if each.id in activity}
    return _Silence(by_id, snapshot.log_gaps.get(record.id))


def _holds(
    before: _Cached,
    record: "RunRecord",
    silence: _Silence,
    known: Known,
    now_ms: int,
) -> bool:
    """Return whether a report still holds: of a terminal run always, of a live one for some seconds."""
    is_same = before.record is record and before.known is known and before.silence == silence
    return is_same and (not record.run.is_live or 0 <= now_ms - before.at_ms < _FRESH_MS)


def _are_same(now: Mapping[str, RunReport], before: Mapping[str, RunReport]) -> bool:
    return now.keys() == before.keys() and all(now[id_] is before[id_] for id_ in now)


def _steps(
    record: "RunRecord", silence: _Silence, known: Known, now_ms: int, limit_ms: int | None
) -> "Iterator[RunReport | None]":
    """Yield None after each figure, then the report."""
    of = attempts(record.scenario_runs or ())
    finished = in_order_of_end(of)
    yield None
    over = span(of, record.run.start_time_ms, now_ms)
    course = trend(finished, over, now_ms, _BUCKETS) if over else None
    yield None
    episodes = tuple(collapses(finished))
    yield None
    is_live = record.run.is_live and not record.gone
    versus = compare(known.before, of, both_terminal=not is_live) if known.before else None
    yield None
    if not is_live or not record.all_read:
        yield RunReport(trend=course, collapses=episodes, is_live=is_live, versus=versus)
        return
    end = end_of(of, record.planned, now_ms, limit_ms)
    yield None
    baseline = {each.scenario_id: each.value for each in known.before}
    score = forecast(of, record.planned, now_ms, baseline or None)
    yield None
    slow = slow_ones(of, now_ms, earlier_ms=known.earlier_ms, limit_ms=limit_ms)
    yield None
    stuck = stuck_ones(slow, silence.by_id, silence.longest_ended_ms)
    still = standstill(of, finished, end.slots if end else 1, now_ms)
    yield RunReport(
        end=end,
        forecast=score,
        trend=course,
        collapses=episodes,
        standstill=still,
        versus=versus,
        slow={each.attempt.id: each for each in slow},
        stuck={each.attempt.id: each for each in stuck},
    )
