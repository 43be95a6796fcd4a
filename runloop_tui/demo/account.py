"""The default account: what the demo shows, and what tests and screenshots use.

Four runs are live when the world is created: in the largest, two scenarios are stuck and one is
merely slow; one collapses for some minutes; one has been run on each of the nights before. Others
have ended in every possible way, and new ones keep starting. Some of the runs belong to the jobs
below: one live, one queued, one completed, one failed.
"""

from dataclasses import replace

from runloop_tui.demo import names
from runloop_tui.demo.plans import (
    DAY,
    HOUR,
    MINUTE,
    BenchmarkPlan,
    JobPlan,
    OutcomeMix,
    RunPlan,
    Series,
)

SWE_VERIFIED = BenchmarkPlan(
    "SWE-bench Verified",
    names.swe_bench_verified(),
    description="500 human-checked GitHub issues to resolve in twelve Python repositories.",
    attribution="SWE-bench team",
    is_public=True,
    metadata={"family": "swe-bench", "version": "verified"},
)
SWE_LITE = BenchmarkPlan(
    "SWE-bench Lite",
    names.swe_bench_lite(),
    description="300 smaller issues of SWE-bench, for quicker evaluation.",
    attribution="SWE-bench team",
    is_public=True,
    metadata={"family": "swe-bench", "version": "lite"},
)
TERMINAL_BENCH = BenchmarkPlan(
    "Terminal-Bench 2.0",
    names.TERMINAL_BENCH_2,
    description="89 hard tasks to be done in a terminal.",
    attribution="Terminal-Bench team",
    is_public=True,
    metadata={"family": "terminal-bench", "version": "2.0"},
)
TERMINAL_MINI = BenchmarkPlan(
    "tb2-mini",
    names.TERMINAL_BENCH_2[4:84:2],
    description="40 tasks of Terminal-Bench 2.0 that run quickly.",
    metadata={"owner": "evals"},
    required_secret_names=("MODEL_API_KEY",),
)
SMOKE = BenchmarkPlan(
    "smoke",
    names.TERMINAL_BENCH_2[:8],
    description="A handful of tasks to see that everything works.",
    metadata={"owner": "evals"},
)
BILLING = BenchmarkPlan(
    "billing-regressions",
    names.BILLING_TASKS,
    description="Twelve bugs that were once shipped, to be found and mended again.",
    metadata={"owner": "payments"},
    required_environment_variables=("LEDGER_URL", "CURRENCY"),
    required_secret_names=("MODEL_API_KEY", "LEDGER_TOKEN"),
)
BENCHMARKS = (SWE_VERIFIED, SWE_LITE, TERMINAL_BENCH, BILLING)
"""The benchmarks that exist without a run; the last was never run."""

_SWE = RunPlan(
    "swe-verified-claude-code",
    SWE_VERIFIED,
    concurrency=32,
    typical_ms=15 * MINUTE,
    mix=OutcomeMix(passed=0.62, partial=0.02, failed=0.025, timeout=0.015),
    metadata={"git_sha": "4f1c9e2", "trigger": "manual"},
    purpose="Weekly full evaluation",
)
_NIGHTLY = RunPlan(
    "tb2-nightly-codex",
    TERMINAL_BENCH,
    agent="codex",
    model=names.MODELS["codex"],
    concurrency=16,
    typical_ms=7 * MINUTE + 30_000,
    agent_timeout_s=840.0,
    mix=OutcomeMix(passed=0.46, partial=0.08, failed=0.02, timeout=0.05),
    metadata={"git_sha": "b7720d1", "trigger": "nightly"},
)
_MINI = RunPlan(
    "tb2-mini-goose",
    TERMINAL_MINI,
    agent="goose",
    model=names.MODELS["goose"],
    concurrency=8,
    typical_ms=3 * MINUTE + 45_000,
    agent_timeout_s=390.0,
    mix=OutcomeMix(passed=0.5, partial=0.15, failed=0.03, timeout=0.05),
    metadata={"git_sha": "b7720d1", "trigger": "pull_request"},
)
_SMOKE = RunPlan(
    "smoke-goose",
    SMOKE,
    agent="goose",
    model=names.MODELS["goose"],
    concurrency=4,
    typical_ms=112_000,
    mix=OutcomeMix(passed=0.7, partial=0.1, failed=0.05, timeout=0.0),
    metadata={"git_sha": "b7720d1", "trigger": "push"},
    purpose="smoke",
)


def _with(plan: RunPlan, prefix: str, agent: str) -> RunPlan:
    return replace(plan, name=f"{prefix}-{agent}", agent=agent, model=names.MODELS[agent])


_MINI_NIGHTLY = replace(_MINI, metadata={"git_sha": "b7720d1", "trigger": "nightly"})

# The last run waited for hours, because the large run used all devboxes.
MINI_NIGHTLY_JOB = (
    # Failed in set-up: its devboxes never started.
    replace(
        _with(_MINI_NIGHTLY, "tb2-mini", "opencode"),
        starts_at_ms=-5 * HOUR,
        fate="failed",
        cut_off_ms=90_000,
        typical_ms=40 * MINUTE,
        mix=OutcomeMix(passed=0.0, partial=0.0, failed=1.0, timeout=0.0),
    ),
    replace(
        _with(_MINI_NIGHTLY, "tb2-mini", "mini-swe-agent"),
        starts_at_ms=-5 * HOUR + 3 * MINUTE,
        mix=OutcomeMix(passed=0.42, partial=0.2, failed=0.05, timeout=0.05),
    ),
    replace(_MINI_NIGHTLY, done_initially=4),
)
"""The runs of one job, one agent after the other: failed in set-up, completed, running."""

NIGHTLY_JOB = (
    replace(_NIGHTLY, starts_at_ms=-26 * HOUR, resembles=1),
    replace(
        _with(_NIGHTLY, "tb2-nightly", "claude-code"),
        starts_at_ms=-25 * HOUR - 16 * MINUTE,
        mix=OutcomeMix(passed=0.55, partial=0.07, failed=0.0, timeout=0.03),
    ),
    replace(
        _with(_NIGHTLY, "tb2-nightly", "gemini-cli"),
        starts_at_ms=-24 * HOUR - 32 * MINUTE,
        mix=OutcomeMix(passed=0.34, partial=0.06, failed=0.13, timeout=0.1),
    ),
)
"""The runs of a completed job."""

EARLIER_NIGHTS = tuple(
    replace(
        _NIGHTLY,
        starts_at_ms=-nights * DAY - 2 * HOUR,
        resembles=1,
        metadata={"git_sha": git_sha, "trigger": "nightly"},
    )
    for nights, git_sha in ((2, "b1e04c7"), (3, "90c55fa"), (4, "90c55fa"))
)
"""The nightly runs before those of the completed job, with the agent of the live one."""

RELEASE_JOB = tuple(
    replace(
        _with(_SMOKE, "smoke-release", agent),
        is_linked=False,
        starts_at_ms=(18 + 5 * place) * MINUTE,
        metadata={"git_sha": "c1d90aa", "trigger": "release"},
    )
    for place, agent in enumerate(("claude-code", "codex", "gemini-cli"))
)
"""The runs of a queued job: of scenarios, not of a benchmark."""

# A run's index in the tuple is part of its seed: an insertion changes all runs after it.
RUNS: tuple[RunPlan, ...] = (
    replace(_SWE, done_initially=398, hung=(171, 263), slow=(214,)),
    replace(
        _NIGHTLY,
        done_initially=37,
        environment_variables={
            "AGENT_MAX_TURNS": "120",
            "LOG_LEVEL": "info",
            "ARTIFACTS_URL": "https://artifacts.example.com/upload?signature=not-a-real-one",
        },
        secrets_provided={"OPENAI_API_KEY": "EVALS_OPENAI_KEY", "HF_TOKEN": "EVALS_HF_TOKEN"},
    ),
    MINI_NIGHTLY_JOB[2],
    replace(
        _with(_SWE, "swe-lite", "mini-swe-agent"),
        benchmark=SWE_LITE,
        starts_at_ms=-22 * HOUR,
        typical_ms=20 * MINUTE,
        mix=OutcomeMix(passed=0.56, partial=0.01, failed=0.01, timeout=0.02),
        metadata={"git_sha": "09ab3fe", "trigger": "manual", "ablation": "no-planner"},
        purpose="Ablation: no planner",
    ),
    NIGHTLY_JOB[0],
    NIGHTLY_JOB[1],
    NIGHTLY_JOB[2],
    MINI_NIGHTLY_JOB[0],
    replace(
        _with(_SWE, "swe-verified", "opencode"),
        starts_at_ms=-1 * DAY - 20 * HOUR,
        fate="canceled",
        cut_off_ms=95 * MINUTE,
        mix=OutcomeMix(passed=0.2, partial=0.01, failed=0.2, timeout=0.06),
        metadata={"git_sha": "1e88a40", "trigger": "manual"},
    ),
    # Started from a notebook: no name, no benchmark, and agents with long logs.
    replace(
        _SMOKE,
        name=None,
        is_linked=False,
        starts_at_ms=-8 * HOUR,
        metadata={"trigger": "notebook"},
        purpose=None,
        agent_log_bytes={1: 2_400_000, 4: 5_200_000, 6: 700_000},
    ),
    replace(_with(_SMOKE, "smoke", "codex"), starts_at_ms=-47 * MINUTE, is_older_shape=True),
    MINI_NIGHTLY_JOB[1],
    # Collapses: the model provider refuses its requests from just before the demo starts.
    replace(
        _with(_SWE, "swe-lite", "codex"),
        benchmark=SWE_LITE,
        starts_at_ms=-75 * MINUTE,
        concurrency=24,
        typical_ms=10 * MINUTE,
        mix=OutcomeMix(passed=0.53, partial=0.02, failed=0.015, timeout=0.015),
        outage=(75 * MINUTE - 30_000, 82 * MINUTE),
        metadata={"git_sha": "4f1c9e2", "trigger": "manual"},
        purpose="Before the weekly full evaluation",
    ),
    *EARLIER_NIGHTS,
)
"""The runs that exist when the world is created, four of them live."""

SERIES: tuple[Series, ...] = (
    Series(
        3 * MINUTE,
        10 * MINUTE,
        tuple(
            _with(_SMOKE, "smoke", agent)
            for agent in ("claude-code", "gemini-cli", "goose", "codex")
        ),
    ),
    Series(
        16 * MINUTE,
        22 * MINUTE,
        tuple(_with(_MINI, "tb2-mini", agent) for agent in ("gemini-cli", "claude-code", "goose")),
    ),
    Series(
        27 * MINUTE,
        48 * MINUTE,
        tuple(_with(_NIGHTLY, "tb2-nightly", agent) for agent in ("goose", "opencode", "codex")),
    ),
    Series(
        40 * MINUTE,
        4 * HOUR,
        tuple(_with(_SWE, "swe-verified", agent) for agent in ("codex", "gemini-cli")),
    ),
)
"""The runs that start later, for as long as the demo runs."""


_HARBOR_YAML = """\
jobs_dir: jobs
n_attempts: 1
orchestrator:
  type: local
  n_concurrent_trials: 8
agents:
  - name: codex
    model_name: gpt-5-codex
  - name: goose
    model_name: claude-haiku-4-5
datasets:
  - name: terminal-bench-extra
    version: "2.1"
"""

JOBS: tuple[JobPlan, ...] = (
    JobPlan(
        "tb2-mini-nightly",
        created_ms=-5 * HOUR - MINUTE,
        runs=MINI_NIGHTLY_JOB,
        attempts=1,
        timeout_multiplier=1.5,
        agent_kwargs={"max_turns": "80"},
        environment_variables={"LOG_LEVEL": "info"},
        secrets={"MODEL_API_KEY": "EVALS_MODEL_KEY"},
    ),
    JobPlan(
        "smoke-release",
        created_ms=-4 * MINUTE,
        runs=RELEASE_JOB,
        source="scenarios",
        quiet=True,
    ),
    JobPlan(
        "tb2-nightly",
        created_ms=-26 * HOUR - MINUTE,
        runs=NIGHTLY_JOB,
        attempts=2,
        environment_variables={"AGENT_MAX_TURNS": "120"},
        secrets={"MODEL_API_KEY": "EVALS_MODEL_KEY"},
    ),
    JobPlan(
        "tb-extra-trial",
        created_ms=-3 * HOUR,
        source="harbor",
        inline_yaml=_HARBOR_YAML,
        failure_reason="Harbor: dataset terminal-bench-extra@2.1 was not found in the registry",
    ),
)
"""The jobs; their runs are in `RUNS`, except those of the queued one."""
