"""Runloop's views as frozen, tolerant pydantic models.

Only ids are required. `view` has the base class and the types of fields; `runloop_tui.api.parsing`
drops values that do not fit.
"""

from runloop_tui.api.models.benchmark import Benchmark
from runloop_tui.api.models.devbox import DevboxLog
from runloop_tui.api.models.job import (
    AgentConfig,
    AgentEnvironment,
    BenchmarkJob,
    BenchmarkOutcome,
    FailureReason,
    InProgressRun,
    JobSource,
    JobSpec,
    OrchestratorConfig,
    ScenarioOutcome,
)
from runloop_tui.api.models.run import BenchmarkRun
from runloop_tui.api.models.scenario import (
    ScenarioDefinition,
    ScenarioRun,
    ScoringFunctionResult,
    ScoringResult,
)
from runloop_tui.api.models.view import View

__all__ = [
    "AgentConfig",
    "AgentEnvironment",
    "Benchmark",
    "BenchmarkJob",
    "BenchmarkOutcome",
    "BenchmarkRun",
    "DevboxLog",
    "FailureReason",
    "InProgressRun",
    "JobSource",
    "JobSpec",
    "OrchestratorConfig",
    "ScenarioDefinition",
    "ScenarioOutcome",
    "ScenarioRun",
    "ScoringFunctionResult",
    "ScoringResult",
    "View",
]
