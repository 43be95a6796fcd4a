"""Lines of name=value, as people type them."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")
_CONTROL = re.compile("[\x00-\x08\x0a-\x1f\x7f-\x9f]")


@dataclass(frozen=True, slots=True)
class NameValues:
    """What the lines say, and what is wrong with them."""

    values: dict[str, str] = field(repr=False)
    problems: tuple[str, ...] = ()
    """A sentence for each line that cannot be read. It holds nothing of the line: a secret may stand there."""


def read_pairs(text: str) -> NameValues:
    """Read name=value from each line that is not blank; blanks around both are dropped."""
    return _read(text, lambda name, value: _pair_problem(name + value))


def read_variables(text: str) -> NameValues:
    """Read variables and their values, which are taken as they stand, blanks and all."""
    return _read(text, _variable_problem, as_it_stands=True)


def read_secrets(text: str) -> NameValues:
    """Read variables and the names of the secrets that they get."""
    return _read(text, _secret_problem)


def _read(
    text: str, problem_of: Callable[[str, str], str], *, as_it_stands: bool = False
) -> NameValues:
    values: dict[str, str] = {}
    problems: list[str] = []
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        name, equals, value = line.partition("=")
        name, value = name.strip(), value if as_it_stands else value.strip()
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
        return "what stands before the = cannot be the name of a variable"
    return _pair_problem(value)


def _secret_problem(name: str, value: str) -> str:
    if not value:
        return "there is no name of a secret behind the ="
    return _variable_problem(name, value)
