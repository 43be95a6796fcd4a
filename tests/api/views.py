"""JSON responses that several tests use."""

from tests.api.scripted import NOW_MS

JOB = {
    "id": "bmj_1",
    "name": "tb2-three-agents",
    "state": "running",
    "create_time_ms": NOW_MS - 3_600_000,
    "job_source": {"type": "benchmark", "benchmark_id": "bmd_1", "benchmark_name": "tb2"},
    "job_spec": {
        "scenario_ids": ["scn_1", "scn_2"],
        "orchestrator_config": {
            "n_concurrent_trials": 16,
            "n_attempts": 2,
            "timeout_multiplier": 1.5,
            "quiet": True,
        },
        "agent_configs": [
            {
                "type": "job_agent",
                "agent_id": "agt_1",
                "name": "codex",
                "model_name": "gpt-5",
                "timeout_seconds": 1800.0,
                "kwargs": {"api_key": "hunter2"},
                "agent_environment": {
                    "environment_variables": {"TOKEN": "hunter2"},
                    "secrets": {"KEY": "account_key"},
                },
            }
        ],
    },
    "failure_reason": None,
    "benchmark_outcomes": [
        {
            "benchmark_run_id": "bmr_1",
            "agent_name": "codex",
            "model_name": "gpt-5",
            "n_completed": 1,
            "n_failed": 1,
            "n_timeout": 0,
            "average_score": 0.5,
            "duration_ms": 600_000,
            "scenario_outcomes": [
                {
                    "scenario_run_id": "scr_1",
                    "scenario_definition_id": "scn_1",
                    "scenario_name": "fix-git",
                    "state": "COMPLETED",
                    "score": 0.5,
                    "duration_ms": 300_000,
                },
                {
                    "scenario_definition_id": "scn_2",
                    "scenario_name": "build-pmars",
                    "state": "CANCELLED",
                    "failure_reason": {
                        "exception_type": "EnvironmentStartTimeoutError",
                        "exception_message": "no devbox within 600 s",
                    },
                },
            ],
        }
    ],
    "in_progress_runs": [
        {
            "benchmark_run_id": "bmr_2",
            "agent_config": {"type": "external_api"},
            "state": "running",
            "start_time_ms": NOW_MS - 60_000,
            "duration_ms": 60_000,
        }
    ],
}

OLDER_RUN = {
    "id": "bmr_old",
    "benchmark_id": "bmd_1",
    "state": "running",
    "pending_scenarios": ["scn_3", "scn_4"],
    "scenario_runs": [
        {
            "scenario_id": "scn_1",
            "scenarioRunId": "scr_1",
            "scoringResult": {
                "score": 0.5,
                "scoringFunctionResults": [
                    {"scoringFunctionName": "tests", "score": 0.5, "output": "1 of 2"}
                ],
            },
        },
        {
            "scenario_id": "scn_2",
            "scenario_run_id": "scr_2",
            "scoring_result": {
                "score": 1,
                "scoring_function_results": [
                    {"scoring_function_name": "tests", "score": 1, "output": "2 of 2"}
                ],
            },
        },
    ],
}
