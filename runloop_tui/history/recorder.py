"""Write what changed between two snapshots, with the events that were noted, in one short transaction."""

from typing import TYPE_CHECKING, NamedTuple

from runloop_tui.history.rows import (
    RunRow,
    ScenarioRow,
    clean,
    clean_id,
    clean_ms,
    merge,
    merge_run,
    run_row,
    scenario_row,
)
from runloop_tui.history.schema import transaction, used_bytes
from runloop_tui.monitor.counts import Kind, is_error

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterator, Sequence

    from runloop_tui.api.models import FailureReason, ScenarioRun
    from runloop_tui.monitor.snapshot import RunRecord, Snapshot

    Fingerprint = Callable[["ScenarioRun", "FailureReason | None"], str]

_DAY_MS = 86_400_000
SAME_EVENT_MS = 2 * 60_000
"""Two equal events within this time are one that two instances noted."""

_RUNS_PER_PRUNING = 20
_KEPT_SHARE = 0.9
_LONGEST_EVENT = 1_000


class Limits(NamedTuple):
    """How much is kept."""

    keep_ms: int = 180 * _DAY_MS
    most_bytes: int = 200 * 1024 * 1024


class Event(NamedTuple):
    """Something that was announced."""

    at_ms: int
    kind: str
    """A word of the program, such as "run ended"."""
    run_id: str
    """"" where it is of no run."""
    text: str
    """One line, safe to display."""


class Difference(NamedTuple):
    """What changed of one run."""

    run: RunRow
    scenario_runs: "Sequence[ScenarioRow]"


def differences(
    old: "Snapshot", new: "Snapshot", fingerprint: "Fingerprint", now_ms: int
) -> "Iterator[Difference]":
    """Yield what differs between two snapshots; unchanged records and scenario runs are found by identity."""
    if new is old:
        return
    for record in new.records:
        before = old.by_id.get(record.id)
        if before is record or (before is not None and _facts(before) == _facts(record)):
            continue
        rows = [
            scenario_row(each, _reason(record, each, fingerprint), now_ms)
            for each in _changed(before, record)
        ]
        run = run_row(record, *_agent(record, new), now_ms)
        ends = [min(end, now_ms) for row in rows if (end := row.end_ms) is not None]
        yield Difference(run._replace(changed_ms=max(run.changed_ms, *ends, 0)), rows)


class Recorder:
    """Writes to one account of an open database.

    Args:
        database: as opened by `open_database`.
        account: the key of `account_key`.
        limits: what is older or more is removed while writing.
    """

    def __init__(self, database: "sqlite3.Connection", account: str, limits: Limits) -> None:
        self._database = database
        self._limits = limits
        self._words: dict[str, int] = {}
        self._outcomes: dict[tuple[str, str], int] = {}
        self.account, self.looked_ms = self._find_account(account)

    def write(
        self,
        changed: "Sequence[Difference]",
        events: "Sequence[Event]",
        looked_ms: int | None,
        now_ms: int,
    ) -> None:
        """Write all in one transaction; none where there is nothing to write.

        Raises:
            sqlite3.Error: nothing of it was written.
        """
        oldest_ms = now_ms - self._limits.keep_ms
        changed = [each for each in changed if each.run.changed_ms >= oldest_ms]
        if not changed and not events and looked_ms is None:
            return
        with transaction(self._database):
            self._words.clear()  # another instance may have removed some
            self._outcomes.clear()
            for each in changed:
                self._put(each)
            for event in events:
                self._add_event(event)
            if looked_ms is not None:
                self._look(looked_ms)
            prune_some(self._database, self._limits, now_ms)

    def _put(self, changed: Difference) -> None:
        key, base_ms = self._put_run(changed.run)
        for row in changed.scenario_runs:
            stored = self._stored(key, base_ms, row.id)
            if stored is None:
                self._put_scenario_run(key, base_ms, row)
                continue
            merged = merge(stored, row)
            if merged.row != stored:
                self._put_scenario_run(key, base_ms, merged.row)
            if merged.failure is not None:
                self._put_failure(key, base_ms, merged.failure)

    def _put_run(self, row: RunRow) -> tuple[int, int]:
        """Insert or update a run; return its key and its base."""
        found = self._database.execute(
            "SELECT key, base_ms, id, name, benchmark_id, agent, model, state, score, start_ms, duration_ms, total,"
            " changed_ms FROM runs WHERE account = ? AND id = ?",
            (self.account, row.id),
        ).fetchone()
        if found is None:
            base_ms = row.changed_ms if row.start_ms is None else row.start_ms
            written = self._database.execute(
                "INSERT INTO runs (account, base_ms, id, name, benchmark_id, agent, model, state, score, start_ms,"
                " duration_ms, total, changed_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (self.account, base_ms, *row),
            )
            return int(written.lastrowid or 0), base_ms
        key, base_ms, stored = found[0], found[1], RunRow(*found[2:])
        merged = merge_run(stored, row)
        if merged != stored:
            self._database.execute(
                "UPDATE runs SET id = ?, name = ?, benchmark_id = ?, agent = ?, model = ?, state = ?, score = ?,"
                " start_ms = ?, duration_ms = ?, total = ?, changed_ms = ? WHERE key = ?",
                (*merged, key),
            )
        return key, base_ms

    def _stored(self, run: int, base_ms: int, id_: str) -> ScenarioRow | None:
        found = self._database.execute(
            "SELECT s.id, w.text, o.state, o.kind, s.score, s.start + ?, s.duration, s.noticed + ?,"
            " coalesce(f.text, '')"
            " FROM scenario_runs s JOIN words w ON w.key = s.scenario JOIN outcomes o ON o.key = s.outcome"
            " LEFT JOIN words f ON f.key = s.fingerprint WHERE s.run = ? AND s.id = ?",
            (base_ms, base_ms, run, id_),
        ).fetchone()
        return None if found is None else ScenarioRow(*found)

    def _put_scenario_run(self, run: int, base_ms: int, row: ScenarioRow) -> None:
        self._database.execute(
            "INSERT OR REPLACE INTO scenario_runs VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                run,
                row.id,
                self._word(row.scenario_id),
                self._outcome(row.state, row.kind),
                row.score,
                _minus(row.start_ms, base_ms),
                row.duration_ms,
                _minus(row.noticed_ms, base_ms),
                self._word(row.fingerprint) if row.fingerprint else None,
            ),
        )

    def _put_failure(self, run: int, base_ms: int, row: ScenarioRow) -> None:
        self._database.execute(
            "INSERT INTO first_failures VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (run, id) DO UPDATE SET"
            " scenario = excluded.scenario, outcome = excluded.outcome, start = excluded.start,"
            " duration = excluded.duration, fingerprint = excluded.fingerprint WHERE excluded.start < start",
            (
                run,
                row.id,
                self._word(row.scenario_id),
                self._outcome(row.state, row.kind),
                _minus(row.start_ms, base_ms),
                row.duration_ms,
                self._word(row.fingerprint) if row.fingerprint else None,
            ),
        )

    def _add_event(self, event: Event) -> None:
        at_ms, kind, run_id = clean_ms(event.at_ms), clean(event.kind), clean_id(event.run_id)
        text = clean(event.text, _LONGEST_EVENT)
        self._database.execute(
            "INSERT INTO events (account, at_ms, kind, run_id, text) SELECT ?1, ?2, ?3, ?4, ?5 WHERE NOT EXISTS"
            " (SELECT 1 FROM events WHERE account = ?1 AND at_ms BETWEEN ?2 - ?6 AND ?2 + ?6"
            " AND kind = ?3 AND run_id = ?4 AND text = ?5)",
            (self.account, at_ms, kind, run_id, text, SAME_EVENT_MS),
        )

    def _look(self, looked_ms: int) -> None:
        self._database.execute(
            "UPDATE accounts SET looked_ms = max(coalesce(looked_ms, 0), ?) WHERE key = ?",
            (clean_ms(looked_ms), self.account),
        )
        _, self.looked_ms = self._database.execute(
            "SELECT key, looked_ms FROM accounts WHERE key = ?", (self.account,)
        ).fetchone()

    def _word(self, text: str) -> int:
        key = self._words.get(text)
        if key is None:
            key = self._words[text] = self._key_of("words", {"text": text})
        return key

    def _outcome(self, state: str, kind: Kind) -> int:
        key = self._outcomes.get((state, kind))
        if key is None:
            key = self._outcomes[state, kind] = self._key_of(
                "outcomes", {"state": state, "kind": kind}
            )
        return key

    def _key_of(self, table: str, values: dict[str, str]) -> int:
        names = tuple(values)
        where = " AND ".join(f"{name} = ?" for name in names)
        select = f"SELECT key FROM {table} WHERE {where}"  # noqa: S608 - names of the program
        found = self._database.execute(select, tuple(values.values())).fetchone()
        if found is not None:
            return int(found[0])
        marks = ", ".join("?" for _ in names)
        insert = f"INSERT INTO {table} ({', '.join(names)}) VALUES ({marks})"  # noqa: S608
        return int(self._database.execute(insert, tuple(values.values())).lastrowid or 0)

    def _find_account(self, account: str) -> tuple[int, int | None]:
        select = "SELECT key, looked_ms FROM accounts WHERE account = ?"
        found = self._database.execute(select, (account,)).fetchone()
        if found is None:
            with transaction(self._database):
                self._database.execute(
                    "INSERT OR IGNORE INTO accounts (account) VALUES (?)", (account,)
                )
                found = self._database.execute(select, (account,)).fetchone()
        return found[0], found[1]


def prune_some(database: "sqlite3.Connection", limits: Limits, now_ms: int) -> bool:
    """Remove up to 20 of the oldest runs beyond the limits, and old events; return whether there may be more.

    Call it in a transaction. `now_ms` is by this machine's clock. Beyond the size, runs go until 90 % of it are left.
    """
    oldest_ms = now_ms - limits.keep_ms
    database.execute("DELETE FROM events WHERE at_ms < ?", (oldest_ms,))
    too_large = used_bytes(database) > limits.most_bytes
    keys = database.execute(
        "SELECT key FROM runs WHERE ? OR changed_ms < ? ORDER BY changed_ms LIMIT ?",
        (too_large, oldest_ms, _RUNS_PER_PRUNING),
    ).fetchall()
    for table, column in (("scenario_runs", "run"), ("first_failures", "run"), ("runs", "key")):
        database.executemany(f"DELETE FROM {table} WHERE {column} = ?", keys)  # noqa: S608 - names of the program
    return bool(keys)


def prune_all(database: "sqlite3.Connection", limits: Limits, now_ms: int) -> int:
    """Remove all beyond the limits in short transactions, return the freed space to the disk; return how many runs."""
    count = "SELECT count(*) FROM runs"
    before = database.execute(count).fetchone()[0]
    smaller = limits._replace(most_bytes=int(limits.most_bytes * _KEPT_SHARE))
    goal = smaller if used_bytes(database) > limits.most_bytes else limits
    more = True
    while more:
        with transaction(database):
            more = prune_some(database, goal, now_ms)
    removed = int(before - database.execute(count).fetchone()[0])
    if removed or used_bytes(database) > limits.most_bytes:
        with transaction(database):
            database.execute(
                "DELETE FROM words WHERE key NOT IN (SELECT scenario FROM scenario_runs"
                " UNION SELECT scenario FROM first_failures"
                " UNION SELECT fingerprint FROM scenario_runs WHERE fingerprint IS NOT NULL"
                " UNION SELECT fingerprint FROM first_failures WHERE fingerprint IS NOT NULL)"
            )
            if used_bytes(database) > limits.most_bytes:  # no run is left: the events are too many
                database.execute("DELETE FROM events")
        database.executescript("PRAGMA incremental_vacuum")  # `execute` frees one page only
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    return removed


def _facts(record: "RunRecord") -> tuple[object, ...]:
    """Return what is kept of a record, cheap to compare: what did not change is the same object."""
    scenario_runs, job = record.scenario_runs, record.job
    return id(record.run), id(scenario_runs), id(job), record.planned, record.score


def _changed(before: "RunRecord | None", record: "RunRecord") -> "list[ScenarioRun]":
    """Return the scenario runs that changed, and those whose failure reason did."""
    held = {each.id: each for each in (before.scenario_runs if before else None) or ()}
    known = before.job.failures if before and before.job else {}
    reasons = record.job.failures if record.job else {}
    return [
        each
        for each in record.scenario_runs or ()
        if held.get(each.id) is not each
        or (is_error(each.state) and known.get(each.id) != reasons.get(each.id))
    ]


def _reason(record: "RunRecord", scenario_run: "ScenarioRun", fingerprint: "Fingerprint") -> str:
    if not is_error(scenario_run.state):
        return ""
    return fingerprint(
        scenario_run, record.job.failures.get(scenario_run.id) if record.job else None
    )


def _agent(record: "RunRecord", snapshot: "Snapshot") -> tuple[str, str]:
    """Return the agent and the model of a run by its job; "" where no job says them."""
    job = snapshot.jobs.by_id.get(record.job.job_id) if record.job else None
    if job is None:
        return "", ""
    for ended in job.benchmark_outcomes:
        if ended.benchmark_run_id == record.id:
            return ended.agent_name, ended.model_name
    for going in job.in_progress_runs:
        config = going.agent_config
        if going.benchmark_run_id == record.id and config is not None:
            return config.name or config.agent_id or config.type, config.model_name
    return "", ""


def _minus(moment: int | None, base_ms: int) -> int | None:
    return None if moment is None else moment - base_ms
