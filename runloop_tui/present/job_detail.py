"""The detail of a benchmark job: accounting over all its runs, warnings about the counts, its source and spec."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from runloop_tui.monitor.counts import NOT_STARTED
from runloop_tui.monitor.job_runs import sum_of
from runloop_tui.present.accounting import accounting, cut_off, done_line
from runloop_tui.present.jobs import job_name, job_run_name
from runloop_tui.present.layout import (
    MASK,
    Line,
    Piece,
    Tone,
    cut_line,
    labelled,
    labelled_environment,
    labelled_pairs,
)
from runloop_tui.present.states import heading, job_sign
from runloop_tui.present.text import cut, safe
from runloop_tui.present.units import SECOND, Times, ago, duration, full_moment, plural, size

if TYPE_CHECKING:
    from runloop_tui.api.models import AgentConfig, BenchmarkJob, JobSource, JobSpec
    from runloop_tui.monitor.job_runs import JobRun, JobSum

_LONGEST_NAME = 40
_MOST_AGENTS = 30
_MOST_NOTES = 30


def job_detail(
    job: "BenchmarkJob",
    runs: "Sequence[JobRun]",
    now_ms: int,
    times: Times,
    width: int,
    *,
    gone: bool,
) -> list[Line]:
    """Return the lines of the detail pane, none wider than `width`; `gone`: the server no longer knows the job."""
    sums = sum_of(runs)
    return [
        heading(job_name(job), job_sign(job, gone=gone), width),
        *_progress(job, runs, sums, width),
        *_failure(job, width),
        *_warnings(runs, width, gone=gone),
        *_created(job, now_ms, times, width),
        *_source(job.job_source, width),
        *_spec(job.job_spec, width),
        *labelled("id", safe(job.id), width),
    ]


def job_accounting(sums: "JobSum", width: int) -> list[Line]:
    """Return the sum over all runs that are read, which adds up to the total, or says that the total is unknown."""
    rest = "not read or not started" if sums.not_read else "not started"
    return accounting(sums.counts, sums.total, width, rest=rest)


def _progress(
    job: "BenchmarkJob", runs: "Sequence[JobRun]", sums: "JobSum", width: int
) -> Iterator[Line]:
    if not runs:
        words = "It has no runs." if job.is_terminal else "It has no runs yet."
        yield cut_line((Piece(words, "muted"),), width)
        return
    counts, total = sums.counts, sums.total
    over = f" in {plural(len(runs), 'run')}"
    if total is None:
        unknown = Piece(f"{cut_off(counts)}, total unknown", "warn")
        yield cut_line((Piece(f"{counts.finished} done{over}", "strong"), unknown), width)
    else:
        tone: Tone = "muted" if job.is_terminal else "live"
        yield done_line(counts, total, width, over=over, tone=tone)
    yield from job_accounting(sums, width)


def _failure(job: "BenchmarkJob", width: int) -> Iterator[Line]:
    if job.failure_reason:
        yield from labelled("failed", safe(job.failure_reason), width, tone="bad")


def _warnings(runs: "Sequence[JobRun]", width: int, *, gone: bool) -> Iterator[Line]:
    """Yield a note for each inconsistency between the counts of the runs, and that the job is gone."""
    if gone:
        words = "The server no longer knows this job; below is what it last said."
        yield cut_line((Piece(words, "bad"),), width)
    notes = [
        f"{cut(job_run_name(run), _LONGEST_NAME)}: {note}"
        for run in runs
        for note in counts_warnings(run)
    ]
    for note in notes[:_MOST_NOTES]:
        yield from labelled("note", note, width, tone="warn")
    if len(notes) > _MOST_NOTES:
        more = f"and {plural(len(notes) - _MOST_NOTES, 'note')} more"
        yield from labelled("", more, width, tone="muted")


def counts_warnings(run: "JobRun") -> list[str]:
    """Return warnings about the counts of a run, where they are incomplete or contradict each other."""
    warnings: list[str] = []
    if run.is_gone:
        warnings.append("the server no longer knows this run")
    elif run.counts is None:
        warnings.append("its scenario runs are not read yet, the sum is without them")
    if not run.run_id and run.state != NOT_STARTED:
        warnings.append("the server does not name this run")
    if run.without_run:
        outcomes = plural(run.without_run, "outcome")
        warnings.append(f"{outcomes} without a scenario run: ended before there was one")
    if run.contradicts_its_counts:
        warnings.append(
            "the server's counts differ from its list of outcomes, the larger are shown"
        )
    if run.beyond_total:
        warnings.append(f"{run.beyond_total} more have started than the job names")
    if run.is_terminal and run.not_started:
        warnings.append(f"{plural(run.not_started, 'scenario')} without an outcome")
    return warnings


def _created(job: "BenchmarkJob", now_ms: int, times: Times, width: int) -> Iterator[Line]:
    at = job.create_time_ms
    when = "not said" if at is None else f"{ago(at, now_ms)}, {full_moment(at, times.zone)}"
    yield from labelled("created", when, width)


def _source(source: "JobSource | None", width: int) -> Iterator[Line]:
    yield from labelled("source", _source_words(source), width)


def _source_words(source: "JobSource | None") -> str:
    """Return the kind of source; of a YAML only its size, since it may hold secrets."""
    if source is None:
        return "not said"
    if source.type == "harbor":
        yaml = source.inline_yaml
        lines = plural(len(yaml.splitlines()), "line")
        return f"Harbor YAML, {lines}, {size(len(yaml.encode(errors='replace')))}, not shown"
    if source.type == "benchmark":
        named = safe(source.benchmark_name).strip()
        return f"benchmark {named}  {safe(source.benchmark_id)}".rstrip()
    if source.type == "scenarios":
        return plural(len(source.scenario_ids), "scenario")
    return safe(source.type) or "not said"


def _spec(spec: "JobSpec | None", width: int) -> Iterator[Line]:
    if spec is None:
        yield from labelled("spec", "not worked out", width)
        return
    if spec.scenario_ids:
        yield from labelled("scenarios", f"{len(spec.scenario_ids)} for each agent", width)
    config = spec.orchestrator_config
    if config is not None:
        for label, words in (
            ("at once", _counted(config.n_concurrent_trials, "trial")),
            ("attempts", _counted(config.n_attempts, "retry", "retries")),
            ("time-outs", _factor(config.timeout_multiplier)),
            ("quiet", "yes" if config.quiet else ""),
        ):
            if words:
                yield from labelled(label, words, width)
    for index, agent in enumerate(spec.agent_configs[:_MOST_AGENTS]):
        yield from labelled("" if index else "agents", _agent_words(agent), width)
    if len(spec.agent_configs) > _MOST_AGENTS:
        more = plural(len(spec.agent_configs) - _MOST_AGENTS, "agent")
        yield from labelled("", f"and {more} more", width, tone="muted")
    yield from _agent_settings(spec.agent_configs, width)


def _agent_settings(agents: "Sequence[AgentConfig]", width: int) -> Iterator[Line]:
    """Yield the agents' arguments and environment; values are masked, since they may be secrets."""
    arguments: dict[str, str] = {}
    environment: dict[str, str] = {}
    secrets: dict[str, str] = {}
    for agent in agents:
        arguments.update(dict.fromkeys(agent.keyword_arguments, MASK))
        if agent.agent_environment is not None:
            environment.update(agent.agent_environment.environment_variables)
            secrets.update(agent.agent_environment.secrets)
    yield from labelled_pairs("arguments", arguments, width)
    yield from labelled_environment(environment, secrets, width)


def _agent_words(agent: "AgentConfig") -> str:
    words = [
        f"{safe(agent.name or agent.agent_id or agent.type)}  {safe(agent.model_name)}".rstrip()
    ]
    if agent.type == "external_api":
        words.append("driven from outside")
    if agent.timeout_seconds is not None:
        words.append(f"time-out {duration(round(agent.timeout_seconds * SECOND))}")
    return ", ".join(words)


def _counted(number: int | None, noun: str, nouns: str = "") -> str:
    if number is None:
        return ""
    return f"{number} {nouns or noun + 's'}" if number != 1 else f"1 {noun}"


def _factor(factor: float | None) -> str:
    return "" if factor is None else f"× {factor:g} at each further attempt"
