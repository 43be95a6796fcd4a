"""What was typed into the form that starts a run, and what of it can be sent."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from runloop_tui.monitor.start_run import StartRequest
from runloop_tui.present.name_values import NameValues, read_pairs, read_secrets, read_variables
from runloop_tui.present.text import cut, safe

if TYPE_CHECKING:
    from runloop_tui.api.models import Benchmark

_LONGEST_NAME = 40

Place = Literal["benchmark", "metadata", "environment", "secrets", "required"]
"""A part of the form."""


@dataclass(frozen=True, slots=True)
class StartDraft:
    """What was typed, as it was typed; the environment may hold secrets and is in no repr."""

    benchmark: "Benchmark | None" = field(default=None, repr=False)
    run_name: str = ""
    purpose: str = ""
    metadata: str = field(default="", repr=False)
    environment: str = field(default="", repr=False)
    secrets: str = field(default="", repr=False)
    required_variables: Mapping[str, str] = field(default_factory=dict, repr=False)
    """Values for the variables that the benchmark requires, by their names."""
    required_secrets: Mapping[str, str] = field(default_factory=dict, repr=False)
    """Names of secrets for those that it requires, by the names that it gives them."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a draft cannot be sent as it is."""

    place: Place
    words: str
    """A safe text."""


def read_draft(draft: StartDraft) -> StartRequest | tuple[Problem, ...]:
    """Make a request of what was typed, or tell everything that is in its way."""
    metadata = read_pairs(draft.metadata)
    environment, secrets = read_variables(draft.environment), read_secrets(draft.secrets)
    variables = _with_required(environment.values, draft.required_variables)
    all_secrets = _with_required(secrets.values, draft.required_secrets)
    problems = (
        *_line_problems("metadata", metadata),
        *_line_problems("environment", environment),
        *_line_problems("secrets", secrets),
        *(
            Problem("secrets", f"secrets: {_named(name)} is an environment variable as well")
            for name in all_secrets
            if name in variables
        ),
    )
    if draft.benchmark is None:
        return (Problem("benchmark", "a benchmark has to be chosen"), *problems)
    problems = (
        *_missing(draft, variables, all_secrets),
        *_twice(draft, environment, secrets),
        *problems,
    )
    if problems:
        return problems
    return StartRequest(
        benchmark_id=draft.benchmark.id,
        run_name=draft.run_name.strip(),
        metadata=metadata.values,
        purpose=draft.purpose.strip(),
        environment_variables=variables,
        secrets=all_secrets,
    )


def _with_required(typed: Mapping[str, str], required: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in required.items() if value} | dict(typed)


def _line_problems(place: Place, read: NameValues) -> Iterator[Problem]:
    for problem in read.problems:
        yield Problem(place, f"{place}, {problem}")


def _missing(
    draft: StartDraft, variables: Mapping[str, str], secrets: Mapping[str, str]
) -> Iterator[Problem]:
    if draft.benchmark is None:
        return
    for name in draft.benchmark.required_environment_variables:
        if not variables.get(name):
            yield Problem("required", f"the benchmark requires the variable {_named(name)}")
    for name in draft.benchmark.required_secret_names:
        if not secrets.get(name):
            yield Problem("required", f"the benchmark requires the secret {_named(name)}")


def _twice(draft: StartDraft, environment: NameValues, secrets: NameValues) -> Iterator[Problem]:
    """What was typed in a field of its own and in a line too: one of the two would be lost."""
    for name in environment.values:
        if draft.required_variables.get(name):
            yield Problem(
                "environment", f"environment: {_named(name)} has a field of its own above"
            )
    for name in secrets.values:
        if draft.required_secrets.get(name):
            yield Problem("secrets", f"secrets: {_named(name)} has a field of its own above")


def _named(name: str) -> str:
    return cut(safe(name), _LONGEST_NAME)
