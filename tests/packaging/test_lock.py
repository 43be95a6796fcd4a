"""requirements.lock says exactly what is installed, in step with pyproject.toml and for everybody."""

import re
import tomllib
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]


def pins() -> dict[str, Requirement]:
    """The lines of the lock by the name of what they pin."""
    text = (ROOT / "requirements.lock").read_text()
    lines = [line for line in text.splitlines() if not line.lstrip().startswith("#")]
    found = [Requirement(line) for line in lines]
    return {canonicalize_name(pin.name): pin for pin in found}


def wanted() -> list[Requirement]:
    """The requirements of pyproject.toml, to run and to develop."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    lines = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    return [Requirement(line) for line in lines]


def test_every_line_is_an_exact_version_from_wherever_people_get_theirs() -> None:
    for pin in pins().values():
        assert re.fullmatch(r"==[0-9][0-9a-z.]*", str(pin.specifier)), pin
        assert pin.url is None


def test_the_lock_names_no_place() -> None:
    text = (ROOT / "requirements.lock").read_text()
    assert "://" not in text
    assert "--index" not in text
    assert "file:" not in text


def test_each_requirement_of_pyproject_is_pinned_to_a_version_it_allows() -> None:
    pinned = pins()
    for requirement in wanted():
        pin = pinned[canonicalize_name(requirement.name)]
        [version] = [specifier.version for specifier in pin.specifier]
        assert requirement.specifier.contains(version), requirement
