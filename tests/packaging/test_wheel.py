"""What people install: a wheel made as a release is made, in a venv of its own, started in a terminal."""

import subprocess
import sys
import tarfile
import venv
import zipfile
from pathlib import Path

import pytest

from tests.terminal import Terminal

pytestmark = pytest.mark.xdist_group("wheel")  # built once, by one worker

ROOT = Path(__file__).parents[2]
STYLES = {path.name for path in (ROOT / "styles").glob("*.tcss")}


@pytest.fixture(scope="module")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with the sdist and the wheel made from it, without any network access."""
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    subprocess.run(command, check=True, capture_output=True)
    return folder


@pytest.fixture(scope="module")
def wheel(dist: Path) -> Path:
    [path] = dist.glob("*.whl")
    return path


@pytest.fixture(scope="module")
def programs(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of programs of a fresh venv with the wheel in it."""
    folder = tmp_path_factory.mktemp("venv")
    venv.create(folder, with_pip=True)
    [python] = folder.glob("bin/python")
    pip = [str(python), "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", str(wheel)]
    subprocess.run(pip, check=True, capture_output=True)
    [packages] = folder.glob("lib/python*/site-packages")
    # What we depend on comes from the tests' own environment; a folder named in a .pth file is put
    # behind the venv's own, and the .pth files in it (an editable install of ours) are not read.
    ours = [path for path in sys.path if Path(path).name == "site-packages"]
    (packages / "dependencies.pth").write_text("\n".join(ours))
    return python.parent


def test_the_wheel_holds_the_code_the_styles_and_the_mark_of_types(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    packaged = {Path(name).name for name in names if name.startswith("runloop_tui/styles/")}
    assert STYLES
    assert packaged == STYLES
    assert "runloop_tui/__main__.py" in names
    assert "runloop_tui/py.typed" in names


def test_the_wheel_holds_nothing_else(wheel: Path) -> None:
    tops = {name.partition("/")[0] for name in zipfile.ZipFile(wheel).namelist()}
    version = wheel.name.split("-")[1]
    assert tops == {"runloop_tui", f"runloop_tui-{version}.dist-info"}


def test_the_sdist_holds_what_a_wheel_is_made_of(dist: Path) -> None:
    [path] = dist.glob("*.tar.gz")
    with tarfile.open(path) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {"pyproject.toml", "README.md", "LICENSE", "runloop_tui/__main__.py"} <= names
    assert {f"styles/{name}" for name in STYLES} <= names


def test_the_installed_program_shows_the_demo_and_gives_the_terminal_back(
    programs: Path, tmp_path: Path
) -> None:
    with Terminal([str(programs / "runloop-tui"), "--demo"], cwd=tmp_path) as terminal:
        terminal.wait_for("swe-verified-claude-code")
        terminal.wait_for("4 running")
        assert "DEMO" in terminal.text
        assert 1049 in terminal.modes_left_on
        terminal.press("q")
        assert terminal.wait_for_end() == 0
    assert terminal.modes_left_on == set()
    assert "4 runs go on" in terminal.text


def test_the_installed_program_is_the_one_of_the_wheel(programs: Path, tmp_path: Path) -> None:
    code = "import runloop_tui; print(runloop_tui.__file__)"
    command = [str(programs / "python"), "-c", code]
    run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert Path(run.stdout).is_relative_to(programs.parent)


def test_python_m_starts_it_as_well(programs: Path, tmp_path: Path) -> None:
    command = [str(programs / "python"), "-m", "runloop_tui", "--version"]
    run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert run.stdout.startswith("runloop-tui ")
