"""The default account's jobs: one live, one queued, one completed, one failed."""

from runloop_tui.demo.account import MINI_NIGHTLY_JOB, NIGHTLY_JOB, RELEASE_JOB
from runloop_tui.demo.job_plans import JobPlan
from runloop_tui.demo.plans import HOUR, MINUTE

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
"""Their runs are among the account's."""
