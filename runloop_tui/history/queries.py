"""What is read from the history: earlier runs and durations, what happened since a moment, events, the list of runs."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, NamedTuple

from runloop_tui.api.states import TERMINAL_STATES, is_terminal
from runloop_tui.history.recorder import Event
from runloop_tui.history.rows import RunRow, ScenarioRow, clean_id, clean_ms
from runloop_tui.monitor.counts import Tally, is_error, timed_out

if TYPE_CHECKING:
    import sqlite3

_RUN = (
    "r.id, r.name, r.benchmark_id, r.agent, r.model, r.state, r.score, r.start_ms, r.duration_ms, r.total,"
    " r.changed_ms"
)
_SCENARIO_RUNS = (
    "SELECT s.id, w.text, o.state, o.kind, s.score, s.start + r.base_ms, s.duration, s.noticed + r.base_ms,"
    " coalesce(f.text, '')"
    " FROM {table} s JOIN runs r ON r.key = s.run JOIN words w ON w.key = s.scenario"
    " JOIN outcomes o ON o.key = s.outcome LEFT JOIN words f ON f.key = s.fingerprint WHERE s.run = ?"
)
_FAILURE_COLUMNS = (
    "(SELECT run, id, scenario, outcome, NULL AS score, start, duration, NULL AS noticed, fingerprint"
    " FROM first_failures)"
)
_RUNS_OF_BENCHMARK = 50
"""Durations are those of the latest so many runs of a benchmark: older ones say little, and cost as much to read."""

_MOST_EVENTS = 2_000


class PastScenario(NamedTuple):
    """The last attempt of one scenario in an earlier run."""

    score: float | None
    duration_ms: int | None
    state: str


class PastRun(NamedTuple):
    """An earlier run of the same benchmark."""

    run: RunRow
    scenarios: Mapping[str, PastScenario]
    """By scenario id."""


class RunSince(NamedTuple):
    """What changed of one run since a moment; ends are by the server, as far as it said them."""

    run: RunRow
    ended: bool
    """It became terminal since."""
    finished: int
    """How many scenario runs finished since, those with an error included; canceled ones are not."""
    canceled: int
    errors: Mapping[str, int]
    """How many of these are errors, by fingerprint; "" where that is unknown."""
    score_before: float | None
    """The score at that moment, errors as 0; None before the first."""
    score: float | None
    """The score now: the stored one, else that of its scenario runs."""


def runs_before(
    database: "sqlite3.Connection", account: int, run_id: str, *, most: int, any_agent: bool
) -> tuple[PastRun, ...]:
    """Return the terminal runs of the same benchmark, agent and model that started before a run, the latest first.

    None where the run is unknown, has no benchmark or no start.
    """
    found = database.execute(
        "SELECT benchmark_id, agent, model, start_ms FROM runs WHERE account = ? AND id = ?",
        (account, clean_id(run_id)),
    ).fetchone()
    if found is None or not found[0] or found[3] is None:
        return ()
    benchmark_id, agent, model, start_ms = found
    marks = ", ".join("?" for _ in TERMINAL_STATES)
    runs = database.execute(
        f"SELECT r.key, {_RUN} FROM runs r WHERE r.account = ? AND r.benchmark_id = ? AND r.start_ms < ?"  # noqa: S608
        f" AND r.state IN ({marks}) AND (? OR (r.agent = ? AND r.model = ?)) AND EXISTS"
        " (SELECT 1 FROM scenario_runs s WHERE s.run = r.key) ORDER BY r.start_ms DESC LIMIT ?",
        (account, benchmark_id, start_ms, *TERMINAL_STATES, any_agent, agent, model, most),
    ).fetchall()
    return tuple(PastRun(RunRow(*run), _by_scenario(database, key)) for key, *run in runs)


def past_run(database: "sqlite3.Connection", account: int, run_id: str) -> PastRun | None:
    """Return a run with its scenario runs; None where it is unknown, or none of these is kept."""
    found = database.execute(
        f"SELECT r.key, {_RUN} FROM runs r WHERE r.account = ? AND r.id = ?",  # noqa: S608
        (account, clean_id(run_id)),
    ).fetchone()
    if found is None:
        return None
    key, *run = found
    scenarios = _by_scenario(database, key)
    return PastRun(RunRow(*run), scenarios) if scenarios else None


def longest_durations(
    database: "sqlite3.Connection", account: int, benchmark_id: str, *, but_run_id: str
) -> dict[str, int]:
    """Return the longest duration (ms) of each scenario that got a score, in the latest 50 runs of a benchmark."""
    if not benchmark_id:
        return {}
    found = database.execute(
        "SELECT w.text, max(s.duration) FROM (SELECT key FROM runs WHERE account = ? AND benchmark_id = ? AND id <> ?"
        " ORDER BY start_ms DESC LIMIT ?) r JOIN scenario_runs s ON s.run = r.key JOIN words w ON w.key = s.scenario"
        " JOIN outcomes o ON o.key = s.outcome WHERE o.state IN ('scored', 'completed') AND s.duration IS NOT NULL"
        " GROUP BY s.scenario",
        (account, clean_id(benchmark_id), clean_id(but_run_id), _RUNS_OF_BENCHMARK),
    )
    return {scenario_id: longest for scenario_id, longest in found if scenario_id}


def scenario_rows(database: "sqlite3.Connection", account: int, run_id: str) -> list[ScenarioRow]:
    """Return all that is kept of a run's scenario runs, also of those that the server no longer lists."""
    key = _key_of(database, account, run_id)
    return [] if key is None else _scenario_rows(database, key)


def first_failures(
    database: "sqlite3.Connection", account: int, run_id: str
) -> dict[str, ScenarioRow]:
    """Return the first failure of each scenario of a run that failed and was tried again, by scenario id.

    The later attempt has the same scenario run id, or is another scenario run of the same scenario.
    """
    key = _key_of(database, account, run_id)
    if key is None:
        return {}
    retried = _scenario_rows(database, key, _FAILURE_COLUMNS)
    attempts: dict[str, list[ScenarioRow]] = {}
    for row in _scenario_rows(database, key):
        attempts.setdefault(row.scenario_id, []).append(row)
    for rows in attempts.values():
        retried += [row for row in _in_order(rows)[:-1] if is_error(row.state)]
    return {row.scenario_id: row for row in reversed(_in_order(retried)) if row.scenario_id}


def since(database: "sqlite3.Connection", account: int, moment_ms: int) -> tuple[RunSince, ...]:
    """Return what changed since a moment (Unix ms), run by run, the latest first; none without a change."""
    moment_ms = clean_ms(moment_ms)
    runs = database.execute(
        f"SELECT r.key, {_RUN} FROM runs r WHERE r.account = ? AND r.changed_ms >= ? ORDER BY r.changed_ms DESC",  # noqa: S608
        (account, moment_ms),
    ).fetchall()
    return tuple(
        _run_since(RunRow(*run), _scenario_rows(database, key), moment_ms) for key, *run in runs
    )


def events_since(database: "sqlite3.Connection", account: int, moment_ms: int) -> tuple[Event, ...]:
    """Return the events at or after a moment (Unix ms), the earliest first; of more than 2,000 the latest."""
    found = database.execute(
        "SELECT at_ms, kind, run_id, text FROM events WHERE account = ? AND at_ms >= ?"
        " ORDER BY at_ms DESC, key DESC LIMIT ?",
        (account, clean_ms(moment_ms), _MOST_EVENTS),
    ).fetchall()
    return tuple(Event(*each) for each in reversed(found))


def latest_runs(
    database: "sqlite3.Connection", account: int | None, most: int
) -> list[tuple[RunRow, int]]:
    """Return the runs of an account, or of all, with their numbers of scenario runs, the latest first."""
    found = database.execute(
        f"SELECT (SELECT count(*) FROM scenario_runs s WHERE s.run = r.key), {_RUN} FROM runs r"  # noqa: S608
        " WHERE ?1 IS NULL OR r.account = ?1 ORDER BY r.changed_ms DESC LIMIT ?2",
        (account, most),
    )
    return [(RunRow(*run), number) for number, *run in found]


def tally(rows: Iterable[ScenarioRow]) -> Tally:
    """Count scenario runs that are kept, by outcome."""
    rows = list(rows)
    counts: Counter[str] = Counter(row.kind for row in rows)
    scores = (row.score or 0.0 for row in rows if row.kind in {"passed", "partial", "zero"})
    return Tally(
        **counts,
        timed_out=sum(timed_out(row.state) for row in rows),
        score_sum=sum(scores),
    )


def _run_since(run: RunRow, rows: list[ScenarioRow], moment_ms: int) -> RunSince:
    ended = [(end, row) for row in rows if (end := row.end_ms) is not None]
    new = [row for end, row in ended if end >= moment_ms]
    counts = tally(new)
    run_end = run.end_ms
    if run_end is None and is_terminal(run.state):
        run_end = run.changed_ms
    return RunSince(
        run=run,
        ended=run_end is not None and run_end >= moment_ms,
        finished=counts.finished,
        canceled=counts.canceled,
        errors=Counter(row.fingerprint for row in new if row.kind == "error"),
        score_before=tally(row for end, row in ended if end < moment_ms).score,
        score=run.score if run.score is not None else tally(rows).score,
    )


def _by_scenario(database: "sqlite3.Connection", key: int) -> dict[str, PastScenario]:
    rows = _in_order(_scenario_rows(database, key))
    return {
        row.scenario_id: PastScenario(row.score, row.duration_ms, row.state)
        for row in rows
        if row.scenario_id
    }


def _in_order(rows: list[ScenarioRow]) -> list[ScenarioRow]:
    return sorted(rows, key=lambda row: (row.start_ms or 0, row.id))


def _scenario_rows(
    database: "sqlite3.Connection", key: int, table: str = "scenario_runs"
) -> list[ScenarioRow]:
    found = database.execute(_SCENARIO_RUNS.format(table=table), (key,))
    return [ScenarioRow(*row) for row in found]


def _key_of(database: "sqlite3.Connection", account: int, run_id: str) -> int | None:
    found = database.execute(
        "SELECT key FROM runs WHERE account = ? AND id = ?", (account, clean_id(run_id))
    ).fetchone()
    return None if found is None else int(found[0])
