"""A benchmark job in full: its accounting over all runs, what does not fit together, where it comes from, its spec."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from runloop_tui.monitor.job_runs import sum_of
from runloop_tui.monitor.states import NOT_STARTED
from runloop_tui.present.accounting import accounting, cut_off, done_line
from runloop_tui.present.cells import Line, Piece, Tone
from runloop_tui.present.detail import MASK, heading
from runloop_tui.present.flow import cut_line, labelled, labelled_pairs
from runloop_tui.present.job_runs import job_run_name
from runloop_tui.present.jobs import job_name
from runloop_tui.present.numbers import plural, size
from runloop_tui.present.states import job_sign
from runloop_tui.present.text import cut, safe
from runloop_tui.present.times import SECOND, Times, ago, duration, full_moment

if TYPE_CHECKING:
    from runloop_tui.api.models import AgentConfig, BenchmarkJob, JobSource, JobSpec
    from runloop_tui.monitor.job_runs import JobRun, JobSum

_LONGEST_NAME = 40
_MOST_AGENTS = 30
_MOST_REMARKS = 30


def job_detail(
    job: "BenchmarkJob",
    runs: "Sequence[JobRun]",
    now_ms: int,
    times: Times,
    width: int,
    *,
    gone: bool,
) -> list[Line]:
    """The lines of a job, none wider than `width`."""
    together = sum_of(runs)
    return [
        heading(job_name(job), job_sign(job, gone=gone), width),
        *_progress(job, runs, together, width),
        *_failure(job, width),
        *_remarks(runs, width, gone=gone),
        *_created(job, now_ms, times, width),
        *_source(job.job_source, width),
        *_spec(job.job_spec, width),
        *labelled("id", safe(job.id), width),
    ]


def job_accounting(together: "JobSum", width: int) -> list[Line]:
    """The sum over all runs that are read: it adds up to the total, or says that the total is unknown."""
    rest = "not read or not started" if together.not_read else "not started"
    return accounting(together.counts, together.total, width, rest=rest)


def _progress(
    job: "BenchmarkJob", runs: "Sequence[JobRun]", together: "JobSum", width: int
) -> Iterator[Line]:
    if not runs:
        words = "It has no runs." if job.is_settled else "It has no runs yet."
        yield cut_line((Piece(words, "muted"),), width)
        return
    counts, total = together.counts, together.total
    over = f" in {plural(len(runs), 'run')}"
    if total is None:
        unknown = Piece(f"{cut_off(counts)}, total unknown", "warn")
        yield cut_line((Piece(f"{counts.finished} done{over}", "strong"), unknown), width)
    else:
        tone: Tone = "muted" if job.is_settled else "live"
        yield done_line(counts, total, width, over=over, tone=tone)
    yield from job_accounting(together, width)


def _failure(job: "BenchmarkJob", width: int) -> Iterator[Line]:
    if job.failure_reason:
        yield from labelled("failed", safe(job.failure_reason), width, tone="bad")


def _remarks(runs: "Sequence[JobRun]", width: int, *, gone: bool) -> Iterator[Line]:
    """What of the numbers does not fit together, each in a line."""
    if gone:
        words = "The server no longer knows this job; below is what it last said."
        yield cut_line((Piece(words, "bad"),), width)
    remarks = [
        f"{cut(job_run_name(run), _LONGEST_NAME)}: {remark}"
        for run in runs
        for remark in doubts(run)
    ]
    for remark in remarks[:_MOST_REMARKS]:
        yield from labelled("note", remark, width, tone="warn")
    if len(remarks) > _MOST_REMARKS:
        more = f"and {plural(len(remarks) - _MOST_REMARKS, 'note')} more"
        yield from labelled("", more, width, tone="muted")


def doubts(run: "JobRun") -> list[str]:
    """What a person should know before believing the numbers of a run."""
    said: list[str] = []
    if run.is_gone:
        said.append("the server no longer knows this run")
    elif run.counts is None:
        said.append("its scenario runs are not read yet, the sum is without them")
    if not run.run_id and run.state != NOT_STARTED:
        said.append("the server does not name this run")
    if run.without_run:
        outcomes = plural(run.without_run, "outcome")
        said.append(f"{outcomes} without a scenario run: ended before there was one")
    if run.is_told_otherwise:
        said.append("the server's counts differ from its list of outcomes, the larger are shown")
    if run.beyond_total:
        said.append(f"{run.beyond_total} more have started than the job names")
    if run.is_terminal and run.not_started:
        said.append(f"{plural(run.not_started, 'scenario')} without an outcome")
    return said


def _created(job: "BenchmarkJob", now_ms: int, times: Times, width: int) -> Iterator[Line]:
    at = job.create_time_ms
    when = "not said" if at is None else f"{ago(now_ms - at)}, {full_moment(at, times.zone)}"
    yield from labelled("created", when, width)


def _source(source: "JobSource | None", width: int) -> Iterator[Line]:
    yield from labelled("source", _source_words(source), width)


def _source_words(source: "JobSource | None") -> str:
    """The kind of source; a YAML only by its size, for it may hold secrets."""
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
            ("at once", _said(config.n_concurrent_trials, "trial")),
            ("attempts", _said(config.n_attempts, "retry", "retries")),
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
    yield from _given(spec.agent_configs, width)


def _given(agents: "Sequence[AgentConfig]", width: int) -> Iterator[Line]:
    """What the agents are given, by name: values may be secrets."""
    arguments: dict[str, str] = {}
    environment: dict[str, str] = {}
    secrets: dict[str, str] = {}
    for agent in agents:
        arguments.update(dict.fromkeys(agent.keyword_arguments, MASK))
        if agent.agent_environment is not None:
            environment.update(dict.fromkeys(agent.agent_environment.environment_variables, MASK))
            given = agent.agent_environment.secrets
            secrets.update({name: f"← {secret}" for name, secret in given.items()})
    yield from labelled_pairs("arguments", arguments, width)
    yield from labelled_pairs("environment", environment, width)
    yield from labelled_pairs("secrets", secrets, width)


def _agent_words(agent: "AgentConfig") -> str:
    words = [
        f"{safe(agent.name or agent.agent_id or agent.type)}  {safe(agent.model_name)}".rstrip()
    ]
    if agent.type == "external_api":
        words.append("driven from outside")
    if agent.timeout_seconds is not None:
        words.append(f"time-out {duration(round(agent.timeout_seconds * SECOND))}")
    return ", ".join(words)


def _said(number: int | None, noun: str, nouns: str = "") -> str:
    if number is None:
        return ""
    return f"{number} {nouns or noun + 's'}" if number != 1 else f"1 {noun}"


def _factor(factor: float | None) -> str:
    return "" if factor is None else f"× {factor:g} at each further attempt"
