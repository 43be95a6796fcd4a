"""What is sent to start a benchmark run, so that it can be shown before it is sent."""

from collections.abc import Mapping


def start_run_body(
    benchmark_id: str,
    *,
    run_name: str = "",
    metadata: Mapping[str, str] | None = None,
    purpose: str = "",
    environment_variables: Mapping[str, str] | None = None,
    secrets: Mapping[str, str] | None = None,
) -> dict[str, object]:
    """The body (StartBenchmarkRunParameters, with a RunProfile in it); only what is set is in it.

    `environment_variables` are names and values, which may be secret: mask them to show them.
    `secrets` maps names of variables to the names of the account's secrets.
    """
    profile = _set_ones(
        purpose=purpose, envVars=dict(environment_variables or {}), secrets=dict(secrets or {})
    )
    return {"benchmark_id": benchmark_id} | _set_ones(
        run_name=run_name, metadata=dict(metadata or {}), runProfile=profile
    )


def _set_ones(**fields: object) -> dict[str, object]:
    return {name: value for name, value in fields.items() if value}
