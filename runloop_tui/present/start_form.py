"""The form that starts a run: parsing of what was typed, into a request or a list of problems."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from runloop_tui.monitor.start_run import StartRequest
from runloop_tui.present.text import cut, safe

if TYPE_CHECKING:
    from runloop_tui.api.models import Benchmark

_LONGEST_NAME = 40
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")
_CONTROL = re.compile("[\x00-\x08\x0a-\x1f\x7f-\x9f]")


@dataclass(frozen=True, slots=True)
class NameValues:
    """The pairs of lines of name=value, and the problems found."""

    values: dict[str, str] = field(repr=False)
    problems: tuple[str, ...] = ()
    """A sentence for each invalid line. It quotes nothing of the line, which may hold a secret."""


def parse_pairs(text: str) -> NameValues:
    """Parse name=value from each line that is not blank; blanks around both are dropped."""
    return _parse(text, lambda name, value: _pair_problem(name + value))


def parse_variables(text: str) -> NameValues:
    """Parse environment variables; blanks around a value are kept."""
    return _parse(text, _variable_problem, keeps_blanks=True)


def parse_secrets(text: str) -> NameValues:
    """Parse environment variables and the names of their secrets."""
    return _parse(text, _secret_problem)


def _parse(
    text: str, problem_of: Callable[[str, str], str], *, keeps_blanks: bool = False
) -> NameValues:
    values: dict[str, str] = {}
    problems: list[str] = []
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        name, equals, value = line.partition("=")
        name, value = name.strip(), value if keeps_blanks else value.strip()
        problem = _shape_problem(name, equals) or problem_of(name, value)
        if not problem and name in values:
            problem = "this name was given before"
        if problem:
            problems.append(f"line {number}: {problem}")
        else:
            values[name] = value
    return NameValues(values, tuple(problems))


def _shape_problem(name: str, equals: str) -> str:
    if not equals:
        return "there is no = in it"
    return "" if name else "there is no name before the ="


def _pair_problem(text: str) -> str:
    return "there is a control character in it" if _CONTROL.search(text) else ""


def _variable_problem(name: str, value: str) -> str:
    if not _VARIABLE.fullmatch(name):
        return "the part before the = cannot be the name of a variable"
    return _pair_problem(value)


def _secret_problem(name: str, value: str) -> str:
    if not value:
        return "there is no name of a secret behind the ="
    return _variable_problem(name, value)


Section = Literal["benchmark", "metadata", "environment", "secrets", "required"]
"""A part of the form."""


@dataclass(frozen=True, slots=True)
class StartDraft:
    """The raw values of the form's fields. Those that may hold secrets are left out of the repr."""

    benchmark: "Benchmark | None" = field(default=None, repr=False)
    run_name: str = ""
    purpose: str = ""
    metadata: str = field(default="", repr=False)
    environment: str = field(default="", repr=False)
    secrets: str = field(default="", repr=False)
    required_variables: Mapping[str, str] = field(default_factory=dict, repr=False)
    """Values of the variables that the benchmark requires, by name."""
    required_secrets: Mapping[str, str] = field(default_factory=dict, repr=False)
    """Names of the account's secrets for those that the benchmark requires, by the benchmark's names."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One reason why a draft cannot be sent."""

    place: Section
    words: str
    """A safe text."""


def parse_draft(draft: StartDraft) -> StartRequest | tuple[Problem, ...]:
    """Return the request for a draft, or all problems that prevent one."""
    metadata = parse_pairs(draft.metadata)
    environment, secrets = parse_variables(draft.environment), parse_secrets(draft.secrets)
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
        *_set_twice(draft, environment, secrets),
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


def _line_problems(place: Section, read: NameValues) -> Iterator[Problem]:
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


def _set_twice(
    draft: StartDraft, environment: NameValues, secrets: NameValues
) -> Iterator[Problem]:
    """Yield a problem for each name set both in its own field and in a line: one of the two would be lost."""
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
