"""The measuring stick: programs are measured as on a user's machine, and in the worlds that the README names."""

import sys
from pathlib import Path

import pytest

from runloop_tui.demo.run import Run
from runloop_tui.demo.world import World
from tests.benchmarks.__main__ import about
from tests.benchmarks.driven import Driven
from tests.benchmarks.figures import HEAD, Figure
from tests.benchmarks.watching import ages_of_others
from tests.benchmarks.worlds import ACCOUNTS, LIVE_NAME, plans
from tests.demo.clock import Clock
from tests.terminal import Terminal, environment

README = (Path(__file__).parents[2] / "README.md").read_text("utf-8")
MINUTE_MS = 60_000


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A program of two files, started by a tester who wants no bytecode."""
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    (tmp_path / "other.py").write_text("WORD = 'imported'", "utf-8")
    (tmp_path / "program.py").write_text("import other\nprint(other.WORD, flush=True)", "utf-8")
    return [sys.executable, str(tmp_path / "program.py")]


def test_a_program_in_a_terminal_writes_its_bytecode(program: list[str], tmp_path: Path) -> None:
    with Terminal(program) as terminal:
        terminal.wait_for("imported")
        terminal.wait_for_end()
    assert list((tmp_path / "__pycache__").glob("other.*.pyc"))


def test_a_measured_program_writes_its_bytecode(program: list[str], tmp_path: Path) -> None:
    with Driven(program) as driven:
        driven.wait_for("imported")
    assert list((tmp_path / "__pycache__").glob("other.*.pyc"))


def test_what_the_tester_sets_for_python_is_not_passed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONDEVMODE", "1")
    monkeypatch.setenv("PYTHONUNBUFFERED", "1")
    assert not {"PYTHONDEVMODE", "PYTHONUNBUFFERED"} & environment().keys()


@pytest.mark.parametrize(
    ("name", "live", "size", "active", "end_a_minute"),
    [
        ("quiet", 1, 500, (27, 30), (0.5, 1.5)),
        ("live 500", 1, 500, (25, 30), (12, 18)),
        ("live 5,000", 1, 5000, (25, 30), (12, 18)),
        ("four live", 4, 500, (45, 50), (4, 6)),
        ("busy", 1, 5000, (840, 860), (90, 110)),
        ("four frozen", 4, 40, (40, 40), (0, 0)),
        ("frozen", 8, 40, (40, 40), (0, 0)),
    ],
)
def test_a_world_is_as_it_is_described(
    name: str, live: int, size: int, active: tuple[int, int], end_a_minute: tuple[float, float]
) -> None:
    clock = Clock()
    world = World(clock, plans=plans(name))
    clock.advance(minutes=1)
    running = [run for run in world.runs() if run.state_at(clock()) == "running"]
    assert len(running) == live
    assert running[0].plan.name == LIVE_NAME
    for run in running:
        assert len(run.timelines) == size
        for minute in range(4):
            at_ms = clock() + minute * MINUTE_MS
            assert active[0] <= active_in(run, at_ms) <= active[1]
        ends = [
            at
            for timeline in run.timelines
            if clock() < (at := timeline.ended_ms) <= clock() + 4 * MINUTE_MS
        ]
        assert end_a_minute[0] <= len(ends) / 4 <= end_a_minute[1]


def active_in(run: Run, at_ms: int) -> int:
    return sum(timeline.started_ms <= at_ms < timeline.ended_ms for timeline in run.timelines)


def test_the_age_of_counts_is_the_longest_time_without_a_read_of_a_run_that_is_not_watched() -> (
    None
):
    read_at_s = {"watched": [11.0, 16.0, 21.0, 26.0], "other": [12.0, 24.0], "terminal": [3.0]}
    assert ages_of_others(read_at_s, 10.0, 30.0) == [12.0]


def test_a_figure_is_a_row_of_the_readmes_table() -> None:
    figure = Figure("CPU", "busy", 2.0, "%", [5.0, 6.5, 7.0], "a share")
    assert figure.row == "| CPU | busy | ≤ 2 % | 6.5 % (3) | 5 to 7 | a share | no |"
    assert HEAD.splitlines()[0].count("|") == figure.row.count("|")


def test_the_readme_has_the_table_as_it_is_printed_and_describes_each_world_in_it() -> None:
    assert f"\n{HEAD}\n" in README
    rows = README.partition(f"\n{HEAD}\n")[2].partition("\n\n")[0].splitlines()
    assert len(rows) > 30
    for row in rows:
        assert row.count("|") == HEAD.splitlines()[0].count("|")
        world = row.split("|")[2].strip()
        assert world in ACCOUNTS
        assert f"\n- *{world}*: {about(world)}.\n" in README
