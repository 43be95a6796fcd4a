"""Snapshots of one or more runs, and a history in a folder of the test."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from runloop_tui.api.models import BenchmarkJob, BenchmarkRun, FailureReason, ScenarioRun
from runloop_tui.history.history import History
from runloop_tui.history.recorder import Difference, Limits
from runloop_tui.history.rows import RunRow, ScenarioRow
from runloop_tui.history.schema import account_key
from runloop_tui.monitor.snapshot import JobOfRun, Jobs, RunRecord, Snapshot
from tests.api.scripted import NOW_MS
from tests.monitor.making import HOUR_MS, a_finished, run

ACCOUNT = account_key("https://api.runloop.test")
EMPTY = Snapshot()


def reason_type(_: ScenarioRun, reason: FailureReason | None) -> str:
    """A fingerprint: the type of the exception."""
    return reason.exception_type if reason else ""


async def opened(path: Path, limits: Limits | None = None) -> History:
    """A history of the one account."""
    return await History.open(path, ACCOUNT, fingerprint=reason_type, limits=limits or Limits())


def record(of: BenchmarkRun, *scenario_runs: ScenarioRun, job: JobOfRun | None = None) -> RunRecord:
    """A run of which all scenario runs were read."""
    return RunRecord(of, scenario_runs=scenario_runs, all_read=True, job=job)


def snapshot(*records: RunRecord, jobs: Sequence[BenchmarkJob] = ()) -> Snapshot:
    """All that is known at one moment."""
    return Snapshot(records, loaded=True, jobs=Jobs(tuple(jobs)))


def a_run(
    id_: str = "bmr_1", *, hours_ago: float = 1, state: str = "running", **fields: object
) -> BenchmarkRun:
    """A run of the benchmark bmd_1."""
    start = NOW_MS - int(hours_ago * HOUR_MS)
    return run(id_, state, start_time_ms=start, **{"benchmark_id": "bmd_1", **fields})


def a_scored(number: int, *, minutes_ago: float = 1, **fields: object) -> ScenarioRun:
    """A scenario run of the scenario of this number that got a score."""
    id_ = str(fields.pop("id_", f"scr_{number}"))
    wire: dict[str, Any] = {"scenario_id": f"scn_{number}", **fields}
    return a_finished(id_, minutes_ago=minutes_ago, **wire)


def an_error(number: int, *, minutes_ago: float = 1, **fields: object) -> ScenarioRun:
    """A scenario run of the scenario of this number that failed."""
    given = {"state": "failed", "score": None, **fields}
    return a_scored(number, minutes_ago=minutes_ago, **given)


def row(id_: str = "scr_1", state: str = "running", start_ms: int | None = 1_000) -> ScenarioRow:
    """A scenario run as it is kept."""
    kinds = {"failed": "error", "timeout": "error", "scored": "passed", "completed": "passed"}
    kind = kinds.get(state, state)
    score = 1.0 if kind == "passed" else None
    return ScenarioRow(id_, "scn_1", state, kind, score, start_ms, None, None, "")  # type: ignore[arg-type]


def difference(id_: str, *rows: ScenarioRow, changed_ms: int = NOW_MS) -> Difference:
    """A change of a running run."""
    run_row = RunRow(id_, "", "bmd_1", "", "", "running", None, changed_ms, None, None, changed_ms)
    return Difference(run_row, rows)
