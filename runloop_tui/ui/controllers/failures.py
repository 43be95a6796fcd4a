"""Failures in groups: keeps their dialog up to date while it is open, and filters the scenarios to a group."""

import asyncio
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from runloop_tui.analysis.attempts import attempts
from runloop_tui.analysis.failures import (
    FailureReader,
    Failures,
    GroupMembers,
    failures_of_outcome,
    groups_of_agents,
)
from runloop_tui.analysis.trend import span
from runloop_tui.monitor.job_runs import SideBySide
from runloop_tui.monitor.snapshot import Snapshot
from runloop_tui.present.failures import (
    BUCKETS,
    FailureView,
    RunFailures,
    filter_words,
)
from runloop_tui.present.jobs import job_name
from runloop_tui.present.runs import run_name
from runloop_tui.present.text import safe_name
from runloop_tui.ui.dialogs.failures import ChosenGroup, FailuresDialog

if TYPE_CHECKING:
    from collections.abc import Mapping

    from textual.app import App

    from runloop_tui.api.models import BenchmarkJob, BenchmarkOutcome, FailureReason, ScenarioRun
    from runloop_tui.monitor.job_runs import JobRun
    from runloop_tui.monitor.snapshot import RunRecord
    from runloop_tui.ui.controllers.jobs import JobsController
    from runloop_tui.ui.screens.pane_screen import PaneScreen
    from runloop_tui.ui.screens.runs import RunsScreen
    from runloop_tui.ui.widgets.runs_panes import ScenariosTable

_NONE: "Mapping[str, FailureReason]" = {}
_MOST_AT_ONCE = 300
"""Scenario runs that are grouped on the event loop; more are grouped in a thread."""


class _Source(NamedTuple):
    """What the failures of one run are read from; nothing is read again while all of it is the same."""

    run_id: str
    name: str
    start_ms: int | None
    scenario_runs: "tuple[ScenarioRun, ...] | None"
    failures: "Mapping[str, FailureReason]"
    outcome: "BenchmarkOutcome | None"
    is_whole: bool
    is_gone: bool
    has_started: bool


class GroupRows:
    """Shows only the scenario runs of a group, also those that come to be in it later.

    Args:
        chosen: the group.
        table: shows the scenario runs of its run, or will.
        members: says which are in it; None where they are those that the job's outcome lists.
    """

    def __init__(
        self, chosen: ChosenGroup, table: "ScenariosTable", members: GroupMembers | None
    ) -> None:
        self._chosen = chosen
        self._table = table
        self._members = members

    @property
    def subject(self) -> str:
        """The id of the run."""
        return self._chosen.run_id

    def kept(self, ids: list[str]) -> list[str]:
        """Return those of the rows that are in the group."""
        table = self._table
        found = frozenset(self._chosen.group.ids)
        if self._members is not None:
            found = self._members.ids(table.scenario_runs.values(), table.failures)
        return [row_id for row_id in ids if row_id in found]

    def words(self, shown: int, width: int) -> str:
        """Return the name of the group, and how many are shown."""
        return filter_words(self._chosen.group, shown, width)


class FailuresController:
    """Owns the dialog of failures.

    Args:
        app: shows the dialog.
        runs: has the scenarios that are filtered to a group.
        jobs: leaves the jobs for a run.
    """

    def __init__(self, app: "App[None]", runs: "RunsScreen", jobs: "JobsController") -> None:
        self._app = app
        self._runs = runs
        self._jobs = jobs
        self._side_by_side = SideBySide()
        self._snapshot = Snapshot()
        self._readers: dict[str, FailureReader] = {}
        self._dialog: FailuresDialog | None = None
        self._screen: PaneScreen = runs
        self._about = ""
        self._is_job = False
        self._view = FailureView("")
        self._read_from: tuple[_Source, ...] | None = None
        self._is_reading = False

    # Data, downwards

    def show(self, snapshot: "Snapshot") -> None:
        """Pass a snapshot on to the dialog if it is open."""
        self._snapshot = snapshot
        if self._dialog is not None and self._dialog.is_attached:
            self._update()

    # Requests, upwards

    def open_run(self, run_id: str) -> None:
        """Show the failures of a run."""
        self._open(run_id, self._runs, is_job=False)

    def open_job(self, job_id: str) -> None:
        """Show the failures of a job by agent, over the screen of jobs."""
        self._open(job_id, self._jobs.screen or self._runs, is_job=True)

    def _open(self, about: str, screen: "PaneScreen", *, is_job: bool) -> None:
        self._about, self._screen, self._is_job = about, screen, is_job
        self._view, self._read_from = FailureView(self._name), None
        self._dialog = FailuresDialog(screen.now)
        self._update()
        self._app.push_screen(self._dialog, self._filter)

    def _filter(self, chosen: ChosenGroup | None) -> None:
        """Filter the scenarios to the group that the dialog returned; from a job, go to the run first."""
        self._dialog = None
        if chosen is None:
            return
        members = None
        for source in self._read_from or ():
            if source.run_id == chosen.run_id and source.scenario_runs is not None:
                members = GroupMembers(chosen.group, source.scenario_runs, source.failures)
        pane = self._runs.scenarios
        pane.show_only(GroupRows(chosen, pane.table, members))
        if self._is_job:
            self._app.run_worker(self._jobs.go_to_run(chosen.run_id))
        else:
            self._runs.action_focus_pane("scenarios")

    # What is shown

    @property
    def _name(self) -> str:
        if self._is_job:
            job = self._snapshot.jobs.by_id.get(self._about)
            return job_name(job) if job else safe_name(self._about)
        record = self._snapshot.by_id.get(self._about)
        return run_name(record.run) if record else safe_name(self._about)

    def _update(self) -> None:
        """Show the groups; read them again where something has changed, in a thread where that takes long."""
        sources = self._sources()
        if not _same(sources, self._read_from):
            if sum(len(each.scenario_runs or ()) for each in sources) <= _MOST_AT_ONCE:
                self._view = self._read(sources, self._screen.now.ms)
                self._read_from = sources
            elif not self._is_reading:
                self._is_reading = True
                self._app.run_worker(self._read_in_thread())
        if self._dialog is not None:
            self._dialog.show(self._view, self._screen.now)

    async def _read_in_thread(self) -> None:
        """Read until nothing has changed meanwhile."""
        try:
            while not _same(sources := self._sources(), self._read_from):
                about = self._about
                view = await asyncio.to_thread(self._read, sources, self._screen.now.ms)
                if self._dialog is None:
                    return
                if about == self._about:
                    self._view, self._read_from = view, sources
                    self._dialog.show(view, self._screen.now)
        finally:
            self._is_reading = False

    def _read(self, sources: tuple[_Source, ...], now_ms: int) -> FailureView:
        """Return what is shown of the sources."""
        self._readers = {
            each.run_id: self._readers.get(each.run_id) or FailureReader() for each in sources
        }
        runs = tuple(self._read_run(each, now_ms) for each in sources)
        held = {run.id: run for each in sources for run in each.scenario_runs or ()}
        found = [run.failures or Failures() for run in runs]
        groups = groups_of_agents(found) if self._is_job else (*found[0].errors, *found[0].wrong)
        return FailureView(self._name, self._is_job, runs, groups, held)

    def _read_run(self, source: _Source, now_ms: int) -> RunFailures:
        failures: Failures | None = None
        is_outcome = source.scenario_runs is None and source.outcome is not None
        if source.scenario_runs is not None:
            over = span(attempts(source.scenario_runs), source.start_ms, now_ms)
            failures = self._readers[source.run_id].groups(
                source.scenario_runs, source.failures, over, BUCKETS, source.outcome
            )
        elif source.outcome is not None:
            failures = failures_of_outcome(source.outcome)
        elif not source.has_started:
            failures = Failures()
        return RunFailures(
            run_id=source.run_id,
            name=source.name,
            failures=failures,
            is_whole=source.is_whole,
            is_gone=source.is_gone,
            is_outcome=is_outcome,
        )

    def _sources(self) -> tuple[_Source, ...]:
        snapshot = self._snapshot
        if not self._is_job:
            record = snapshot.by_id.get(self._about)
            job = snapshot.jobs.by_id.get(record.job.job_id) if record and record.job else None
            return (_source(self._about, "", record, job),)
        job = snapshot.jobs.by_id.get(self._about)
        if job is None:
            return ()
        runs = self._side_by_side.of(job, snapshot)
        agents = Counter(run.agent for run in runs)
        return tuple(
            _source(
                run.run_id,
                _agent_name(run, is_one_of_several=agents[run.agent] > 1),
                snapshot.by_id.get(run.run_id),
                job,
                run,
            )
            for run in runs
        )


def _source(
    run_id: str,
    name: str,
    record: "RunRecord | None",
    job: "BenchmarkJob | None",
    job_run: "JobRun | None" = None,
) -> _Source:
    outcomes = [
        each for each in (job.benchmark_outcomes if job else ()) if each.benchmark_run_id == run_id
    ]
    return _Source(
        run_id=run_id,
        name=name,
        start_ms=record.run.start_time_ms if record else None,
        scenario_runs=record.scenario_runs if record else None,
        failures=record.job.failures if record and record.job else _NONE,
        outcome=outcomes[-1] if outcomes else None,
        is_whole=record.all_read if record else True,
        is_gone=record.gone if record else bool(job_run and job_run.is_gone),
        has_started=bool(run_id),
    )


def _agent_name(run: "JobRun", *, is_one_of_several: bool) -> str:
    """Return the agent of a run; its model where several have that agent."""
    names = (run.model, run.agent) if is_one_of_several else (run.agent, run.model)
    return safe_name(*names, run.run_id)


def _same(one: tuple[_Source, ...], other: tuple[_Source, ...] | None) -> bool:
    """Return whether both were read from the same objects."""
    if other is None or len(one) != len(other):
        return False
    return all(
        a is b or (isinstance(a, str | int) and a == b)
        for before, after in zip(one, other, strict=True)
        for a, b in zip(before, after, strict=True)
    )
