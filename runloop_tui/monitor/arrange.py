"""Search, filter and sort the rows of all tables, by the values that are shown."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from runloop_tui.monitor.counts import elapsed_ms, is_error, outcome
from runloop_tui.monitor.query import Found, parse, parse_run_filter
from runloop_tui.monitor.states import job_run_word, job_word, run_word, scenario_word

if TYPE_CHECKING:
    from collections.abc import Collection

    from runloop_tui.api.models import BenchmarkJob, BenchmarkRun, ScenarioRun
    from runloop_tui.monitor.counts import Tally
    from runloop_tui.monitor.job_runs import JobRun, JobSum
    from runloop_tui.monitor.snapshot import RunRecord


_Row = TypeVar("_Row")

_HIGH_FIRST = frozenset(
    {"started", "created", "progress", "done", "score", "errors", "elapsed", "size"}
)
"""Orders that begin at their highest value: newest, most, best, longest, largest. All others begin at their lowest."""


@dataclass(frozen=True, slots=True)
class Order:
    """By which column rows are sorted, and whether from its other end."""

    key: str
    reverse: bool = False

    @property
    def descending(self) -> bool:
        """Whether values fall from the first row to the last."""
        return (self.key in _HIGH_FIRST) != self.reverse


RUN_ORDERS = ("started", "name", "state", "progress", "score", "errors", "elapsed")
"""The orders of the runs list; the first is the default, newest first."""
SCENARIO_ORDERS = ("problems", "state", "name", "score", "elapsed", "reason")
"""The orders of the scenario table; the first is the default."""
SCENARIO_FIELDS = ("state", "reason")
"""What can be typed as `field:value` to find scenarios."""

_PROBLEMS_FIRST = (
    "stuck",
    "error",
    "slow",
    "other",
    "unscored",
    "zero",
    "partial",
    "canceled",
    "running",
    "scoring",
    "passed",
)
_UNFINISHED = frozenset({"running", "scoring", "other"})
"""Only these can be stuck or slow."""
_PROBLEMS: dict[str, int] = {kind: rank for rank, kind in enumerate(_PROBLEMS_FIRST)}


def has_words(query: str, *texts: str | None) -> bool:
    """Return whether each word of `query` is in one of the texts, ignoring case."""
    text = "\n".join(filter(None, texts)).casefold()
    return all(word in text for word in query.casefold().split())


def in_order(rows: Iterable[_Row], value: Callable[[_Row], Any], order: Order) -> list[_Row]:
    """Sort rows by a value, stably; those without one (None) come last in both directions.

    The value of a state is whether it is terminal, then its word: what is live comes first, in every table.
    """
    known: list[tuple[Any, _Row]] = []
    unknown: list[_Row] = []
    for row in rows:
        found = value(row)
        if found is None:
            unknown.append(row)
        else:
            known.append((found, row))
    known.sort(key=lambda pair: pair[0], reverse=order.descending)
    return [*(row for _, row in known), *unknown]


def share_done(counts: "Tally | None", planned: int | None) -> float | None:
    """Return the share that is done, as the column `done` shows and sorts it; None where it is unknown."""
    return None if counts is None or not planned else counts.finished / planned


def arrange_runs(
    records: Sequence["RunRecord"], query: str, order: Order, now_ms: int
) -> list["RunRecord"]:
    """Filter and sort runs; equal ones newest first. A run is found by name, id, state, benchmark or metadata."""
    wanted = parse_run_filter(query)
    found = [record for record in records if wanted.holds_for(record.run, run_word(record))]
    values: dict[str, Callable[[RunRecord], Any]] = {
        "started": lambda record: record.run.start_time_ms,
        "name": lambda record: (record.run.name or record.id).casefold(),
        "state": lambda record: (not _is_live(record), run_word(record)),
        "progress": lambda record: share_done(record.counts, record.planned),
        "score": lambda record: record.score,
        "errors": lambda record: record.counts.error if record.counts else None,
        "elapsed": lambda record: run_elapsed_ms(record.run, now_ms),
    }
    found.sort(key=lambda record: (-(record.run.start_time_ms or 0), record.id))
    return in_order(found, values[order.key], order)


def arrange_scenario_runs(
    scenario_runs: Iterable["ScenarioRun"],
    query: str,
    order: Order,
    *,
    reasons: Callable[["ScenarioRun"], str],
    late: Mapping[str, str],
    now_ms: int,
    under_way: Callable[[str], str] = lambda _: "",
) -> list["ScenarioRun"]:
    """Filter and sort the scenario runs of a run; equal ones by name.

    One is found by name, ids, reason, or state: the word that is shown, the server's own, or "error".

    Args:
        scenario_runs: what is filtered and sorted.
        query: as it was typed.
        order: by which column.
        reasons: returns the failure reason that is shown.
        late: by id, the word of those that are stuck or slow.
        now_ms: now on the server's clock.
        under_way: returns the overlay of an action on an id.
    """

    def word(run: "ScenarioRun") -> str:
        return scenario_word(run, late=_late(run, late), under_way=under_way(run.id))

    def searched(run: "ScenarioRun") -> Found:
        names = (run.name, run.id, run.scenario_id)
        kind = "error" if is_error(run.state) else ""
        return Found(names, (word(run), run.state, kind), reasons(run))

    parsed = parse(query, SCENARIO_FIELDS)
    found = [run for run in scenario_runs if not query or parsed.finds(searched(run))]
    values: dict[str, Callable[[ScenarioRun], Any]] = {
        "problems": lambda run: _problem(run, late),
        "state": lambda run: (run.is_score_final, word(run)),
        "name": _name,
        "score": lambda run: run.score,
        "elapsed": lambda run: scenario_elapsed_ms(run, now_ms),
        "reason": lambda run: reasons(run).casefold() or None,
    }
    found.sort(key=lambda run: (_name(run), run.id))
    return in_order(found, values[order.key], order)


def run_elapsed_ms(run: "BenchmarkRun", now_ms: int) -> int | None:
    """Return how long a run took, or has been running, in ms; None where it is unknown."""
    return elapsed_ms(run.start_time_ms, run.duration_ms, now_ms, is_over=not run.is_live)


def scenario_elapsed_ms(run: "ScenarioRun", now_ms: int) -> int | None:
    """Return how long a scenario run took, or has been running, in ms; None where it is unknown."""
    return elapsed_ms(run.start_time_ms, run.duration_ms, now_ms, is_over=run.is_terminal)


def _is_live(record: "RunRecord") -> bool:
    return record.run.is_live and not record.gone


def _name(scenario_run: "ScenarioRun") -> str:
    return (scenario_run.name or scenario_run.scenario_id or scenario_run.id).casefold()


def _late(scenario_run: "ScenarioRun", late: Mapping[str, str]) -> str:
    """Return stuck or slow; "" for what is neither, or has ended since that was computed."""
    word = late.get(scenario_run.id, "")
    return word if word and outcome(scenario_run) in _UNFINISHED else ""


def is_problem(scenario_run: "ScenarioRun", late: Mapping[str, str]) -> bool:
    """Return whether a scenario run is stuck, slow or an error."""
    return bool(_late(scenario_run, late)) or is_error(scenario_run.state)


def _problem(scenario_run: "ScenarioRun", late: Mapping[str, str]) -> int:
    return _PROBLEMS[_late(scenario_run, late) or outcome(scenario_run)]


JOB_ORDERS = ("created", "name", "state", "progress")
"""The orders of the list of jobs; the first is the default, newest first."""
JOB_RUN_ORDERS = ("listed", "agent", "model", "state", "done", "score", "elapsed")
"""The orders of the runs of a job; the first, that of the job's spec, is the default."""


def arrange_jobs(
    jobs: "Iterable[BenchmarkJob]",
    query: str,
    order: Order,
    *,
    sums: "Callable[[BenchmarkJob], JobSum]",
    gone: "Collection[str]" = (),
) -> "list[BenchmarkJob]":
    """Filter and sort jobs; equal ones newest first. `gone` are the ids that the server no longer knows.

    One is found by name, id, state, benchmark, agents or models.
    """

    def word(job: "BenchmarkJob") -> str:
        return job_word(job, gone=job.id in gone)

    parsed = parse(query)
    found = [job for job in jobs if not query or parsed.finds(Found(_job_names(job), (word(job),)))]
    values: dict[str, Callable[[BenchmarkJob], Any]] = {
        "created": lambda job: job.create_time_ms,
        "name": lambda job: (job.name or job.id).casefold(),
        "state": lambda job: (job.is_terminal or job.id in gone, word(job)),
        "progress": lambda job: _share(sums(job)),
    }
    found.sort(key=lambda job: (-(job.create_time_ms or 0), job.id))
    return in_order(found, values[order.key], order)


def arrange_job_runs(
    runs: "Sequence[JobRun]", query: str, order: Order, now_ms: int
) -> "list[JobRun]":
    """Filter the runs of a job by agent, model, state or id, and sort them; equal ones as they are listed."""
    parsed = parse(query)
    found = [
        run
        for run in runs
        if not query
        or parsed.finds(Found((run.agent, run.model, run.run_id), (job_run_word(run),)))
    ]
    places = {run.key: place for place, run in enumerate(runs)}
    values: dict[str, Callable[[JobRun], Any]] = {
        "listed": lambda run: places[run.key],
        "agent": lambda run: (run.agent or run.run_id).casefold(),
        "model": lambda run: run.model.casefold() or None,
        "state": lambda run: (run.is_terminal, job_run_word(run)),
        "done": lambda run: share_done(run.counts, run.planned),
        "score": lambda run: run.score,
        "elapsed": lambda run: job_run_elapsed_ms(run, now_ms),
    }
    return in_order(found, values[order.key], order)


def job_run_elapsed_ms(run: "JobRun", now_ms: int) -> int | None:
    """Return the elapsed time of a run of a job, in ms; None where it is unknown."""
    return elapsed_ms(run.start_ms, run.duration_ms, now_ms, is_over=run.is_terminal)


def _job_names(job: "BenchmarkJob") -> "tuple[str, ...]":
    source, spec = job.job_source, job.job_spec
    agents = spec.agent_configs if spec else ()
    return (
        job.name,
        job.id,
        *((source.type, source.benchmark_name, source.benchmark_id) if source else ()),
        *(word for agent in agents for word in (agent.name, agent.model_name)),
    )


def _share(together: "JobSum") -> float | None:
    return share_done(together.counts, together.total)
