"""Runloop's views as frozen models, forgiving towards what the wire may bring.

Only the ids of things that are asked for by id are required. `view` tells what holds for all of
them; what is made of a wrong value, `runloop_tui.api.reading`.
"""

from runloop_tui.api.models.benchmark import Benchmark, ScenarioDefinition
from runloop_tui.api.models.benchmark_job import (
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
from runloop_tui.api.models.benchmark_run import BenchmarkRun
from runloop_tui.api.models.devbox_log import DevboxLog
from runloop_tui.api.models.scenario_run import ScenarioRun, ScoringFunctionResult, ScoringResult
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
